//! `ci`: every check that a commit must pass, in the order of what fails fastest.
//!
//! The same command runs at a desk and on a server. It stops at the first failure and ends with
//! one line that counts the tests: passed, failed, skipped.

use std::collections::BTreeSet;
use std::io::{BufRead, BufReader, Read, Write as _};
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::Instant;

use anyhow::{Context, Result, bail};

use crate::{audit, codegen, emulator, tidy, workspace};

/// The file to which a test appends a line `skipped: NAME: CAUSE` when it lacks what it needs.
const SKIP_LOG: &str = "TRAILWARDEN_SKIP_LOG";

/// From where the property tests draw: the same cases each time, so that a commit that passed once
/// passes again. Whoever looks for new cases sets another number, or more of them (CONTRIBUTING.md).
const PROPERTY_SEED: (&str, &str) = ("PROPTEST_RNG_SEED", "20260101");

/// How many tests ended how.
#[derive(Debug, Default, Clone, Copy, PartialEq, Eq)]
struct Counts {
    passed: u64,
    failed: u64,
    skipped: u64,
}

impl Counts {
    fn add(&mut self, other: Self) {
        self.passed += other.passed;
        self.failed += other.failed;
        self.skipped += other.skipped;
    }
}

/// The command.
pub(crate) fn run() -> Result<()> {
    let started = Instant::now();
    let cargo = |words: &[&str]| {
        let mut command = workspace::cargo();
        command.args(words);
        command
    };
    step("format", || workspace::run(&mut cargo(&["fmt", "--all", "--check"])))?;
    step("clippy", || {
        let lint = ["clippy", "--locked", "--workspace", "--all-targets", "--", "-D", "warnings"];
        workspace::run(&mut cargo(&lint))
    })?;
    let mut counts = Counts::default();
    let tested = step("tests", || tests(&mut counts));
    if tested.is_err() {
        println!("{}", last_line(counts));
    }
    tested?;
    step("documentation", || {
        let mut command = cargo(&["doc", "--locked", "--workspace", "--no-deps"]);
        workspace::run(command.env("RUSTDOCFLAGS", "-D warnings"))
    })?;
    step("audit", audit::run)?;
    step("codegen", || codegen::run(&codegen::Arguments { check: true }))?;
    step("tidy", || tidy::run(&tidy::Arguments::default()))?;
    eprintln!("ci: all passed in {:.0} s", started.elapsed().as_secs_f64());
    println!("{}", last_line(counts));
    Ok(())
}

/// Runs a step and says how long it took.
fn step(name: &str, work: impl FnOnce() -> Result<()>) -> Result<()> {
    eprintln!("ci: {name} ...");
    let started = Instant::now();
    let done = work();
    let seconds = started.elapsed().as_secs_f64();
    match &done {
        Ok(()) => eprintln!("ci: {name} passed in {seconds:.1} s"),
        Err(_) => eprintln!("ci: {name} FAILED after {seconds:.1} s"),
    }
    done.with_context(|| format!("ci stopped at `{name}`"))
}

fn last_line(counts: Counts) -> String {
    let Counts { passed, failed, skipped } = counts;
    format!("tests: {passed} passed, {failed} failed, {skipped} skipped")
}

/// Runs all tests, counts them, and lists what was skipped.
fn tests(counts: &mut Counts) -> Result<()> {
    let log = workspace::target_directory()?.join("xtask/skipped.log");
    workspace::write(&log, "")?;
    let is_nextest = workspace::answers(workspace::cargo().args(["nextest", "--version"]));
    let runs: &[&[&str]] = if is_nextest {
        &[
            &[
                "nextest",
                "run",
                "--locked",
                "--workspace",
                "--no-fail-fast",
                "--status-level",
                "fail",
            ],
            &["test", "--locked", "--workspace", "--doc"],
        ]
    } else {
        &[&["test", "--locked", "--workspace", "--no-fail-fast"]]
    };
    let mut emulators = Vec::new();
    for emulator in emulator::ALL {
        emulators.extend(emulator.environment.python()?.map(|python| (emulator.variable, python)));
    }
    let mut failure = None;
    for words in runs {
        let mut command = workspace::cargo();
        command.args(*words).env(SKIP_LOG, &log);
        if std::env::var_os(PROPERTY_SEED.0).is_none() {
            command.env(PROPERTY_SEED.0, PROPERTY_SEED.1);
        }
        command.envs(emulators.iter().map(|(variable, python)| (variable, python)));
        let (lines, is_success) = watched(&mut command)?;
        for line in &lines {
            counts.add(count(line));
        }
        if !is_success {
            failure.get_or_insert(workspace::shown(&command));
        }
    }
    let skipped = skipped(&log)?;
    for line in &skipped {
        eprintln!("{line}");
    }
    // A test that skips passes in the runner's eyes.
    counts.passed = counts.passed.saturating_sub(skipped.len() as u64);
    counts.skipped += skipped.len() as u64;
    if let Some(command) = failure {
        bail!("`{command}` failed");
    }
    Ok(())
}

/// Different lines that tests left in the log of skips.
fn skipped(log: &Path) -> Result<BTreeSet<String>> {
    let text = workspace::read(log)?;
    Ok(text.lines().filter(|line| line.starts_with("skipped:")).map(str::to_owned).collect())
}

/// Runs a command, shows what it writes, and returns it.
fn watched(command: &mut Command) -> Result<(Vec<String>, bool)> {
    let shown = workspace::shown(command);
    let mut child = command
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .with_context(|| format!("cannot start `{shown}`"))?;
    let stdout = child.stdout.take().context("the command has no stdout")?;
    let stderr = child.stderr.take().context("the command has no stderr")?;
    let lines = std::thread::scope(|scope| {
        let other = scope.spawn(|| follow(stdout));
        let mut lines = follow(stderr);
        lines.extend(other.join().unwrap_or_default());
        lines
    });
    Ok((lines, child.wait()?.success()))
}

/// Shows lines as they come, and keeps them.
fn follow(stream: impl Read) -> Vec<String> {
    let mut lines = Vec::new();
    for line in BufReader::new(stream).split(b'\n').map_while(Result::ok) {
        let line = String::from_utf8_lossy(&line).into_owned();
        let mut terminal = std::io::stderr().lock();
        // A terminal that is gone is no reason to stop testing.
        let _ = writeln!(terminal, "{line}");
        lines.push(line);
    }
    lines
}

/// What a line of a test runner adds: nextest's summary, or the result line of libtest. Nextest
/// also shows, indented, what a failed test's own runner wrote, which must not count twice.
fn count(line: &str) -> Counts {
    let is_summary = line.trim_start().starts_with("Summary [") && line.contains(" run: ");
    if !is_summary && !line.starts_with("test result: ") {
        return Counts::default();
    }
    let mut counts = Counts::default();
    let words: Vec<&str> =
        line.split([' ', ',', ';', '(', ')']).filter(|word| !word.is_empty()).collect();
    for pair in words.windows(2) {
        let [number, word] = pair else {
            continue;
        };
        let Ok(number) = number.parse::<u64>() else {
            continue;
        };
        match *word {
            "passed" => counts.passed += number,
            "failed" | "timed" => counts.failed += number,
            "ignored" => counts.skipped += number,
            // Nextest also counts tests that its filter left out; we use none, so these are
            // ignored tests.
            "skipped" => counts.skipped += number,
            _ => {}
        }
    }
    counts
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_runners_are_understood() {
        let nextest =
            "     Summary [   0.412s] 120 tests run: 118 passed (1 slow), 2 failed, 3 skipped";
        assert_eq!(count(nextest), Counts { passed: 118, failed: 2, skipped: 3 });
        let libtest = "test result: ok. 12 passed; 0 failed; 1 ignored; 0 measured; 4 filtered out; finished in 0.10s";
        assert_eq!(count(libtest), Counts { passed: 12, failed: 0, skipped: 1 });
        assert_eq!(count("test decode::tests::a ... ok"), Counts::default());
        assert_eq!(count("3 passed"), Counts::default());
        assert_eq!(count(&format!("    {libtest}")), Counts::default());
    }

    #[test]
    fn a_skip_counts_once_and_only_with_its_mark() {
        let folder = tempfile::tempdir().unwrap();
        let log = folder.path().join("skipped.log");
        workspace::write(&log, "skipped: a: no data\nskipped: a: no data\nnoise\nskipped: b: x\n")
            .unwrap();
        assert_eq!(skipped(&log).unwrap().len(), 2);
    }

    #[test]
    fn the_last_line_is_plain() {
        let counts = Counts { passed: 3, failed: 0, skipped: 1 };
        assert_eq!(last_line(counts), "tests: 3 passed, 0 failed, 1 skipped");
    }
}
