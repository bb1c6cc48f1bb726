//! `dist`: the program as it is released, laid out by what its own runs need most.
//!
//! Built twice: once so that it counts where it goes, while it works on logs of our own making and on the
//! examples; then for good, with those counts (profile-guided optimization). What is never run in training is built for
//! size, so the training uses every command that has work to do for long.

use std::ffi::OsStr;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result, bail};

use crate::{corpus, workspace};

/// Arguments of `dist`.
#[derive(Debug, Clone, Default, clap::Args)]
pub(crate) struct Arguments {
    /// Use every instruction that this machine has. The program may then not start on another one.
    #[arg(long)]
    pub(crate) native: bool,
}

/// The logs of the training: not those that `bench scan` measures.
const SEED: u64 = 7;
const BYTES: u64 = 200_000_000;

/// What the training runs, from the repository's root; `LOGS` and `BASELINE` are files of the training.
const LESSONS: &[&str] = &[
    "scan LOGS --format ndjson",
    "scan LOGS --format ndjson --rules examples/rules",
    "scan examples/incident examples/effect --format html",
    "scan examples/incident --format json --changes",
    "scan examples/change-policies/logs --change-policies examples/change-policies/policies",
    "changes examples/effect",
    "investigate examples/incident --principal ci-publisher",
    "authorize suggest examples/change-policies/logs",
    "lint examples/policies/deploy.json examples/policies/scp.json",
    "baseline pack examples/account/credential-report.csv examples/account/details.json examples/account/password-policy.json \
     examples/account/summary.json --time 2026-04-16T00:00:00Z --output BASELINE",
    "assess --baseline BASELINE",
    "paths --baseline BASELINE",
    "least-privilege --all --logs examples/effect --baseline BASELINE",
];

/// Exit codes of commands that did their work: with findings, or without some bad input.
const FINE: &[i32] = &[0, 1, 3];

/// The command.
pub(crate) fn run(arguments: &Arguments) -> Result<()> {
    let program = build(arguments)?;
    println!("{}", program.display());
    Ok(())
}

/// Builds the program and returns its place.
pub(crate) fn build(arguments: &Arguments) -> Result<PathBuf> {
    let toolchain = Toolchain::here()?;
    let folder = workspace::target_directory()?.join("dist-training");
    let logs = logs(&folder.join("logs"))?;
    let counts = folder.join("counts");
    if counts.exists() {
        std::fs::remove_dir_all(&counts)
            .with_context(|| format!("cannot remove `{}`", counts.display()))?;
    }
    let flags = |profile: String| {
        let native = arguments.native.then(|| "-Ctarget-cpu=native".to_owned());
        std::iter::once(profile).chain(native).collect::<Vec<String>>()
    };

    eprintln!("dist: building what counts");
    let counting = flags(format!("-Cprofile-generate={}", counts.display()));
    let program = toolchain.build(&counting, &folder.join("counting"))?;

    eprintln!("dist: training");
    let baseline = folder.join("account.tw");
    for lesson in LESSONS {
        let words = lesson.split_whitespace().map(|word| match word {
            "LOGS" => logs.as_os_str(),
            "BASELINE" => baseline.as_os_str(),
            _ => OsStr::new(word),
        });
        let mut command = Command::new(&program);
        command.args(words).current_dir(workspace::root());
        let code = workspace::code_in_silence(&mut command)?;
        if !FINE.contains(&code) {
            bail!("`{}` ended with {code} in training", workspace::shown(&command));
        }
    }
    let merged = folder.join("merged.profdata");
    toolchain.merge(&counts, &merged)?;

    eprintln!("dist: building for good");
    let final_flags = flags(format!("-Cprofile-use={}", merged.display()));
    let built = toolchain.build(&final_flags, &folder.join("for-good"))?;
    let out = workspace::target_directory()?.join("dist").join("trailwarden");
    if let Some(parent) = out.parent() {
        std::fs::create_dir_all(parent)
            .with_context(|| format!("cannot make folder `{}`", parent.display()))?;
    }
    std::fs::copy(&built, &out).with_context(|| format!("cannot write `{}`", out.display()))?;
    Ok(out)
}

/// The logs of the training, made when they are missing or stale.
fn logs(folder: &Path) -> Result<PathBuf> {
    let wanted = corpus::Arguments {
        out: folder.to_path_buf(),
        bytes: BYTES,
        seed: SEED,
        accounts: 3,
        regions: 4,
        days: 3,
        incidents: 28,
        layout: corpus::Layout::S3,
    };
    corpus::renew(&wanted)?;
    Ok(folder.join("AWSLogs"))
}

/// The compiler's own tools.
struct Toolchain {
    /// The kind of machine that it runs on, such as `x86_64-unknown-linux-gnu`.
    host: String,
    /// What merges counts: of the compiler's own version, or it would not understand them.
    profdata: PathBuf,
}

impl Toolchain {
    fn here() -> Result<Self> {
        let ask = |words: &[&str]| {
            workspace::output(Command::new("rustc").args(words).current_dir(workspace::root()))
        };
        let host = host(&ask(&["-vV"])?).context("`rustc -vV` names no host")?;
        let sysroot = ask(&["--print", "sysroot"])?;
        let tools = Path::new(sysroot.trim()).join("lib/rustlib").join(&host).join("bin");
        let profdata = tools.join("llvm-profdata");
        if !profdata.exists() {
            let mut install = Command::new("rustup");
            install.args(["component", "add", "llvm-tools"]).current_dir(workspace::root());
            eprintln!("dist: {}", workspace::shown(&install));
            let done = workspace::run(&mut install);
            done.context("the compiler's LLVM tools, which read its counts, are missing")?;
        }
        Ok(Self { host, profdata })
    }

    /// Builds the program with flags for its own code alone, not for what runs while building.
    fn build(&self, flags: &[String], folder: &Path) -> Result<PathBuf> {
        let mut command = workspace::cargo();
        command
            .args(["build", "--profile", "dist", "--locked", "--package", "trailwarden"])
            .args(["--target", &self.host, "--target-dir"])
            .arg(folder)
            .env("CARGO_ENCODED_RUSTFLAGS", flags.join("\u{1f}"));
        workspace::run(&mut command)?;
        Ok(folder.join(&self.host).join("dist").join("trailwarden"))
    }

    fn merge(&self, counts: &Path, merged: &Path) -> Result<()> {
        let mut command = Command::new(&self.profdata);
        workspace::run(command.args(["merge", "--output"]).arg(merged).arg(counts))
    }
}

/// The host that `rustc -vV` tells.
fn host(about: &str) -> Option<String> {
    about.lines().find_map(|line| line.strip_prefix("host: ")).map(|host| host.trim().to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_host_is_what_the_compiler_says() {
        let about =
            "rustc 1.95.0\nbinary: rustc\nhost: x86_64-unknown-linux-gnu\nrelease: 1.95.0\n";
        assert_eq!(host(about).as_deref(), Some("x86_64-unknown-linux-gnu"));
        assert_eq!(host("rustc 1.95.0"), None);
    }

    /// A lesson about a file that is gone would end the training of a release.
    #[test]
    fn every_lesson_is_about_what_is_there() {
        let words = LESSONS.iter().flat_map(|lesson| lesson.split_whitespace());
        let examples: Vec<&str> = words.filter(|word| word.starts_with("examples/")).collect();
        assert!(examples.len() > 10);
        for path in examples {
            assert!(workspace::root().join(path).exists(), "{path}");
        }
    }
}
