//! Measuring: CPU time and memory of this thread and of a child.

use std::io::{BufRead, BufReader, Read};
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail};
use libdeflater::{DecompressionError, Decompressor};
use nix::sys::resource::{UsageWho, getrusage};
use nix::sys::time::TimeValLike as _;
use nix::time::{ClockId, clock_gettime};

use crate::workspace;

/// Inflating alone.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Floor {
    pub(crate) cpu_seconds: f64,
    pub(crate) bytes: u64,
}

/// One run of a program.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Run {
    pub(crate) cpu_seconds: f64,
    pub(crate) wall_seconds: f64,
    pub(crate) memory_bytes: u64,
    pub(crate) lines: u64,
}

/// Inflates every file, each thread its share one after the other into one buffer, and counts only
/// the inflating: reading the files is not in it, so the floor is as low as it can be. As many
/// threads as a scan has, because two that share a core, its caches or its clock slow each other.
pub(crate) fn inflate(files: &[PathBuf], threads: usize) -> Result<Floor> {
    let shares: Vec<Result<Floor>> = std::thread::scope(|scope| {
        let share = |number| files.iter().skip(number).step_by(threads);
        let workers: Vec<_> =
            (0..threads).map(|number| scope.spawn(move || inflate_share(share(number)))).collect();
        let ended = |worker: std::thread::ScopedJoinHandle<'_, _>| {
            worker.join().unwrap_or_else(|_| bail!("a thread that inflates panicked"))
        };
        workers.into_iter().map(ended).collect()
    });
    let mut floor = Floor { cpu_seconds: 0.0, bytes: 0 };
    for share in shares {
        let share = share?;
        floor.cpu_seconds += share.cpu_seconds;
        floor.bytes += share.bytes;
    }
    Ok(floor)
}

fn inflate_share<'a>(files: impl Iterator<Item = &'a PathBuf>) -> Result<Floor> {
    let mut decompressor = Decompressor::new();
    let mut plain = Vec::new();
    let mut floor = Floor { cpu_seconds: 0.0, bytes: 0 };
    for path in files {
        let packed =
            std::fs::read(path).with_context(|| format!("cannot read `{}`", path.display()))?;
        // The last four bytes of a gzip member hold the size of what it inflates to.
        let size = packed.last_chunk::<4>().map_or(0, |size| u32::from_le_bytes(*size)) as usize;
        if plain.len() < size {
            plain.resize(size, 0);
        }
        let before = thread_cpu()?;
        let inflated = decompressor.gzip_decompress(&packed, &mut plain);
        floor.cpu_seconds += (thread_cpu()? - before).as_secs_f64();
        match inflated {
            Ok(length) => floor.bytes += length as u64,
            Err(DecompressionError::InsufficientSpace | DecompressionError::BadData) => {
                bail!("`{}` is not one whole gzip member", path.display())
            }
        }
    }
    Ok(floor)
}

fn thread_cpu() -> Result<Duration> {
    let time = clock_gettime(ClockId::CLOCK_THREAD_CPUTIME_ID)?;
    Ok(Duration::from_nanos(u64::try_from(time.num_nanoseconds())?))
}

/// CPU time, user and system, of all children that have ended.
fn children_cpu() -> Result<Duration> {
    let usage = getrusage(UsageWho::RUSAGE_CHILDREN)?;
    let both = usage.user_time().num_microseconds() + usage.system_time().num_microseconds();
    Ok(Duration::from_micros(u64::try_from(both)?))
}

/// Runs a program to its end. Its output is counted by line and thrown away; an exit code that is
/// not in `fine` is an error, with what the program said.
pub(crate) fn run(command: &mut Command, fine: &[i32]) -> Result<Run> {
    let shown = workspace::shown(command);
    let before = children_cpu()?;
    let started = Instant::now();
    let mut child = command
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .with_context(|| format!("cannot start `{shown}`"))?;
    let stdout = child.stdout.take().context("the command has no stdout")?;
    let stderr = child.stderr.take().context("the command has no stderr")?;
    let (lines, said, memory_bytes, status) = std::thread::scope(|scope| {
        let lines = scope.spawn(|| count_lines(stdout));
        let said = scope.spawn(|| all_of(stderr));
        let memory = watch_memory(&mut child);
        let status = child.wait();
        (lines.join().unwrap_or(0), said.join().unwrap_or_default(), memory, status)
    });
    let wall_seconds = started.elapsed().as_secs_f64();
    let code = status?.code();
    if !code.is_some_and(|code| fine.contains(&code)) {
        bail!("`{shown}` ended with {code:?}:\n{said}");
    }
    let cpu_seconds = (children_cpu()? - before).as_secs_f64();
    Ok(Run { cpu_seconds, wall_seconds, memory_bytes, lines })
}

fn count_lines(stream: impl Read) -> u64 {
    BufReader::new(stream).split(b'\n').map_while(Result::ok).count() as u64
}

fn all_of(mut stream: impl Read) -> String {
    let mut bytes = Vec::new();
    // What could not be read is not there to be shown.
    let _ = stream.read_to_end(&mut bytes);
    String::from_utf8_lossy(&bytes).into_owned()
}

/// The most memory that a child ever held. The kernel keeps the peak, so only what happens in the
/// last moment before the end can be missed.
fn watch_memory(child: &mut Child) -> u64 {
    let path = format!("/proc/{}/status", child.id());
    let mut peak = 0;
    while let Ok(None) = child.try_wait() {
        if let Ok(status) = std::fs::read_to_string(&path) {
            peak = peak.max(peak_of(&status));
        }
        std::thread::sleep(Duration::from_millis(5));
    }
    peak
}

fn peak_of(status: &str) -> u64 {
    status
        .lines()
        .find_map(|line| line.strip_prefix("VmHWM:"))
        .and_then(|rest| rest.split_whitespace().next())
        .and_then(|number| number.parse::<u64>().ok())
        .map_or(0, |kibibytes| kibibytes * 1_024)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_child_is_measured() {
        let run = run(Command::new("sh").args(["-c", "echo one; echo two"]), &[0]).unwrap();
        assert_eq!(run.lines, 2);
        assert!(run.cpu_seconds < 5.0 && run.wall_seconds > 0.0);
    }

    #[test]
    fn a_child_that_fails_says_why() {
        let error = run(Command::new("sh").args(["-c", "echo no >&2; exit 9"]), &[0]).unwrap_err();
        assert!(error.to_string().contains("Some(9)") && error.to_string().contains("no"));
    }

    #[test]
    fn the_peak_is_read_from_the_kernel() {
        assert_eq!(peak_of("Name:\tx\nVmHWM:\t    2048 kB\nVmRSS:\t 12 kB\n"), 2_097_152);
        assert_eq!(peak_of(""), 0);
    }

    #[test]
    fn the_floor_counts_inflated_bytes() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("a.gz");
        let text = "trail ".repeat(10_000);
        let mut compressor = libdeflater::Compressor::new(libdeflater::CompressionLvl::default());
        let mut packed = vec![0; compressor.gzip_compress_bound(text.len())];
        let length = compressor.gzip_compress(text.as_bytes(), &mut packed).unwrap();
        std::fs::write(&path, &packed[..length]).unwrap();
        let floor = inflate(&[path.clone(), path.clone()], 2).unwrap();
        assert_eq!(floor.bytes, 2 * text.len() as u64);
        std::fs::write(&path, &packed[..length / 2]).unwrap();
        assert!(inflate(&[path], 1).is_err());
    }
}
