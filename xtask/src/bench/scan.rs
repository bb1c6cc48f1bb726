//! `bench scan`: how fast the whole scan is, how close to inflating alone, and in how much memory.
//!
//! Everything is measured in one run on the same files, because machines differ and drift; the
//! ratio is the figure to trust. Each figure is the best of several runs.

use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result, bail};

use super::meter::{self, Floor, Run};
use crate::{corpus, dist, workspace};

/// Arguments of `bench scan`.
#[derive(Debug, clap::Args)]
pub(crate) struct Arguments {
    /// Measure this corpus instead of our own two.
    #[arg(long)]
    corpus: Option<PathBuf>,
    /// Folder of Sigma rules; by default the public ones of TRAILWARDEN_TEST_DATA, if it is set.
    #[arg(long)]
    rules: Option<PathBuf>,
    /// Measure the program as `cargo build --release` makes it, not as `cargo xtask dist` releases it.
    #[arg(long, conflicts_with_all = ["program", "native"])]
    plain: bool,
    /// Measure a release that uses every instruction that this machine has.
    #[arg(long, conflicts_with = "program")]
    native: bool,
    /// Measure this program instead of building one.
    #[arg(long)]
    program: Option<PathBuf>,
    /// Only the corpus of 20 MB.
    #[arg(long, conflicts_with = "corpus")]
    small: bool,
    /// How often to measure; the best counts.
    #[arg(long, default_value_t = 3)]
    runs: u32,
    /// Threads of the scan and of inflating alone; else one per core.
    #[arg(long)]
    threads: Option<usize>,
}

impl Arguments {
    fn threads(&self) -> usize {
        let cores = || std::thread::available_parallelism().map_or(1, usize::from);
        self.threads.unwrap_or_else(cores).max(1)
    }
}

/// Our corpora: name, bytes and days. The small one is as dense as the large.
const CORPORA: &[(&str, u64, u32)] = &[("2GB", 2_000_000_000, 30), ("20MB", 20_000_000, 1)];

/// Exit codes of a scan that went through: all of it, or all but what could not be read.
const FINE: &[i32] = &[0, 3];

/// A line of the table.
#[derive(Debug, Clone)]
struct Row {
    corpus: String,
    step: String,
    megabytes: f64,
    cpu_seconds: f64,
    floor_seconds: f64,
    run: Option<Run>,
}

/// The command.
pub(crate) fn run(arguments: &Arguments) -> Result<()> {
    let target = workspace::target_directory()?;
    let program = program(arguments, &target)?;
    let mut rows = Vec::new();
    for (name, folder) in corpora(arguments, &target)? {
        eprintln!("bench: {name}");
        rows.extend(measure(arguments, &program, &name, &folder)?);
    }
    let words: Vec<String> = std::env::args().skip(1).collect();
    println!("Command: `cargo xtask {}`\n\n{}", words.join(" "), table(&rows));
    Ok(())
}

/// The program to measure, built unless it is given.
fn program(arguments: &Arguments, target: &Path) -> Result<PathBuf> {
    if let Some(program) = &arguments.program {
        return Ok(program.clone());
    }
    if !arguments.plain {
        return dist::build(&dist::Arguments { native: arguments.native });
    }
    let build = ["build", "--release", "--locked", "--package", "trailwarden"];
    workspace::run(workspace::cargo().args(build))?;
    Ok(target.join("release/trailwarden"))
}

/// The folders to measure, made when they are missing or stale.
fn corpora(arguments: &Arguments, target: &Path) -> Result<Vec<(String, PathBuf)>> {
    if let Some(folder) = &arguments.corpus {
        let name = folder.file_name().unwrap_or_default().to_string_lossy().into_owned();
        return Ok(vec![(name, folder.clone())]);
    }
    let mut found = Vec::new();
    for (name, bytes, days) in
        CORPORA.iter().filter(|corpus| !arguments.small || corpus.0 == "20MB")
    {
        let folder = target.join("corpus").join(name);
        let wanted = corpus::Arguments {
            out: folder.clone(),
            bytes: *bytes,
            seed: 1,
            accounts: 3,
            regions: 4,
            days: *days,
            incidents: 28,
            layout: corpus::Layout::S3,
        };
        corpus::renew(&wanted)?;
        found.push(((*name).to_owned(), folder));
    }
    Ok(found)
}

fn measure(arguments: &Arguments, program: &Path, name: &str, folder: &Path) -> Result<Vec<Row>> {
    let files = workspace::files(folder, &[".gz"]);
    if files.is_empty() {
        bail!("`{}` holds no gzip files", folder.display());
    }
    // The truth file beside the logs is not for the scan's eyes.
    let logs = Some(folder.join("AWSLogs")).filter(|logs| logs.is_dir());
    let logs = logs.unwrap_or_else(|| folder.to_path_buf());
    let rules = arguments.rules.clone().or_else(|| {
        let data = PathBuf::from(std::env::var_os("TRAILWARDEN_TEST_DATA")?);
        Some(data.join("sigma-cloudtrail")).filter(|rules| rules.is_dir())
    });
    let scan = |rules: Option<&PathBuf>| {
        let mut command = Command::new(program);
        command.arg("scan").arg(&logs).args(["--format", "ndjson"]);
        command.args(["--threads", &arguments.threads().to_string()]);
        if let Some(rules) = rules {
            command.arg("--rules").arg(rules);
        }
        command
    };
    let mut floors: Vec<Floor> = Vec::new();
    let (mut plain, mut with_rules): (Vec<Run>, Vec<Run>) = (Vec::new(), Vec::new());
    // The steps take turns, so that a slow moment of the machine hits all of them.
    for number in 0..arguments.runs.max(1) {
        eprintln!("bench: run {} of {}", number + 1, arguments.runs.max(1));
        let floor = meter::inflate(&files, arguments.threads())?;
        eprintln!("bench: inflating alone took {:.2} CPU s", floor.cpu_seconds);
        floors.push(floor);
        plain.push(meter::run(&mut scan(None), FINE)?);
        if rules.is_some() {
            with_rules.push(meter::run(&mut scan(rules.as_ref()), FINE)?);
        }
    }
    let floor = floors.iter().min_by(|a, b| a.cpu_seconds.total_cmp(&b.cpu_seconds));
    let floor = floor.context("nothing was measured")?;
    let row = |step: &str, cpu_seconds: f64, run: Option<Run>| Row {
        corpus: name.to_owned(),
        step: step.to_owned(),
        megabytes: floor.bytes as f64 / 1e6,
        cpu_seconds,
        floor_seconds: floor.cpu_seconds,
        run,
    };
    let mut rows = vec![row("inflate alone", floor.cpu_seconds, None)];
    for (step, runs) in [("scan", &plain), ("scan with Sigma rules", &with_rules)] {
        if let Some(run) = best(runs) {
            rows.push(row(step, run.cpu_seconds, Some(run)));
        }
    }
    Ok(rows)
}

/// The run with the least CPU time, with the most memory that any run took.
fn best(runs: &[Run]) -> Option<Run> {
    let mut best = *runs.iter().min_by(|a, b| a.cpu_seconds.total_cmp(&b.cpu_seconds))?;
    best.memory_bytes = runs.iter().map(|run| run.memory_bytes).max()?;
    Some(best)
}

fn table(rows: &[Row]) -> String {
    let mut text = String::from(
        "| corpus | step | MB of JSON | CPU s | MB per CPU s | of inflate | peak MB | wall s | findings |\n\
         |---|---|--:|--:|--:|--:|--:|--:|--:|\n",
    );
    for row in rows {
        let run = row.run.map_or_else(
            || "| | | |".to_owned(),
            |run| {
                let memory = run.memory_bytes as f64 / 1e6;
                format!("| {memory:.0} | {:.1} | {} |", run.wall_seconds, run.lines)
            },
        );
        let Row { corpus, step, megabytes, cpu_seconds, floor_seconds, .. } = row;
        let rate = megabytes / cpu_seconds;
        let ratio = floor_seconds / cpu_seconds;
        text.push_str(&format!(
            "| {corpus} | {step} | {megabytes:.0} | {cpu_seconds:.2} | {rate:.0} | {ratio:.2} {run}\n"
        ));
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_corpus_is_made_and_measured_beside_its_floor() {
        let folder = tempfile::tempdir().unwrap();
        let wanted = corpus::Arguments {
            out: folder.path().to_path_buf(),
            bytes: 1_000_000,
            seed: 1,
            accounts: 1,
            regions: 2,
            days: 1,
            incidents: 1,
            layout: corpus::Layout::S3,
        };
        corpus::run(&wanted).unwrap();
        let arguments = Arguments {
            corpus: Some(folder.path().to_path_buf()),
            rules: Some(PathBuf::from("rules")),
            plain: false,
            native: false,
            program: None,
            small: false,
            runs: 2,
            threads: Some(1),
        };
        // A program that prints its arguments on one line stands in for the scan.
        let rows = measure(&arguments, Path::new("echo"), "tiny", folder.path()).unwrap();
        let steps: Vec<&str> = rows.iter().map(|row| row.step.as_str()).collect();
        assert_eq!(steps, ["inflate alone", "scan", "scan with Sigma rules"]);
        assert!((0.8..1.2).contains(&rows[0].megabytes));
        assert!(rows[0].cpu_seconds > 0.0);
        assert_eq!(rows[1].run.unwrap().lines, 1);
        assert!(measure(&arguments, Path::new("false"), "tiny", folder.path()).is_err());
        let nowhere = folder.path().join("nowhere");
        assert!(measure(&arguments, Path::new("echo"), "tiny", &nowhere).is_err());
    }

    #[test]
    fn the_table_shows_the_ratio_to_the_floor() {
        let run = Run { cpu_seconds: 4.0, wall_seconds: 2.1, memory_bytes: 90_000_000, lines: 17 };
        let row = |step: &str, cpu_seconds, run| Row {
            corpus: "2GB".to_owned(),
            step: step.to_owned(),
            megabytes: 2_000.0,
            cpu_seconds,
            floor_seconds: 2.0,
            run,
        };
        let text = table(&[row("inflate alone", 2.0, None), row("scan", 4.0, Some(run))]);
        let lines: Vec<&str> = text.lines().collect();
        assert_eq!(lines[2], "| 2GB | inflate alone | 2000 | 2.00 | 1000 | 1.00 | | | |");
        assert_eq!(lines[3], "| 2GB | scan | 2000 | 4.00 | 500 | 0.50 | 90 | 2.1 | 17 |");
    }

    #[test]
    fn the_best_run_is_the_quickest_with_the_worst_memory() {
        let run = |cpu_seconds, memory_bytes| Run {
            cpu_seconds,
            wall_seconds: 1.0,
            memory_bytes,
            lines: 1,
        };
        let best = best(&[run(2.0, 10), run(1.0, 5)]).unwrap();
        assert_eq!((best.cpu_seconds, best.memory_bytes), (1.0, 10));
    }
}
