//! `trailwarden rules`: what is looked for, whether it works, and what it covers.

mod coverage;
mod listed;

use std::path::PathBuf;

use anyhow::Context;
use clap::{Args as ClapArgs, Subcommand};
use serde::Serialize;
use trailwarden_detect::detection::Detection;
use trailwarden_detect::detections::ALL;
use trailwarden_detect::reference;
use trailwarden_detect::sigma::{self, LoadError, Loaded, RuleSet, Source};
use trailwarden_model::escape::visible;
use trailwarden_runtime::rules as files;
use trailwarden_runtime::verify::RULES;

use self::listed::Listed;
use super::{Colour, Exit, terminal, to_stdout};

const EXAMPLES: &str = "\
Examples:
  trailwarden rules list                        everything that is looked for in logs
  trailwarden rules list --rules sigma/ --json  with Sigma rules, for a program
  trailwarden rules test                        every detection against its own trails
  trailwarden rules test --rules sigma/         Sigma rules against the records beside them
  trailwarden rules lint --rules sigma/         what is wrong with Sigma rules
  trailwarden rules coverage                    IAM events and ATT&CK techniques covered";

/// The detections and Sigma rules: what they are, whether they work, what they cover
#[derive(ClapArgs, Debug)]
#[command(after_help = EXAMPLES)]
pub(crate) struct Args {
    #[command(subcommand)]
    command: Command,
}

#[derive(ClapArgs, Debug)]
struct Common {
    /// Folder or file of Sigma rules; may be repeated
    #[arg(long, value_name = "DIR")]
    rules: Vec<PathBuf>,

    /// Print JSON
    #[arg(long)]
    json: bool,
}

#[derive(ClapArgs, Debug)]
struct LintArgs {
    /// Folder or file of Sigma rules; may be repeated
    #[arg(long, value_name = "DIR", required = true)]
    rules: Vec<PathBuf>,

    /// Print JSON
    #[arg(long)]
    json: bool,
}

#[derive(Subcommand, Debug)]
enum Command {
    /// Every detection and rule with its severity
    List(Common),
    /// Run every detection on its own trails, and every Sigma rule on the records beside it
    ///
    /// Beside a Sigma rule `name.yml`, the records in `name.fires.json` must match it and those in
    /// `name.quiet.json` must not; each file holds one record or a list.
    Test(Common),
    /// What is wrong, or looks wrong, with Sigma rules
    Lint(LintArgs),
    /// Which IAM events and ATT&CK techniques the detections and rules cover
    Coverage(Common),
}

/// Runs the command.
pub(crate) fn run(args: &Args, _: Colour) -> anyhow::Result<Exit> {
    match &args.command {
        Command::List(common) => list(common),
        Command::Test(common) => test(common),
        Command::Lint(args) => lint(args),
        Command::Coverage(common) => {
            let (_, set, exit) = load(&common.rules)?;
            coverage::print(&set, common.json)?;
            Ok(exit)
        }
    }
}

/// The rule files, the set they make, and whether all of it could be used.
pub(crate) fn load(paths: &[PathBuf]) -> anyhow::Result<(Vec<Source>, RuleSet, Exit)> {
    let (sources, unread) = files::read(paths).context("cannot read the Sigma rules")?;
    let (set, errors) = RuleSet::load(&sources);
    let mut exit = if unread.is_empty() { Exit::Done } else { Exit::Partial };
    for reject in &unread {
        terminal::warn(&format!("{}: {}", reject.file, reject.cause));
    }
    for error in &errors {
        terminal::warn(&told(error));
        if error.loaded != Loaded::NotForCloudTrail {
            exit = Exit::Partial;
        }
    }
    Ok((sources, set, exit))
}

fn told(error: &LoadError) -> String {
    let rule = error.rule.as_ref().map(|rule| format!(" ({rule})")).unwrap_or_default();
    format!("{error}{rule}")
}

fn list(common: &Common) -> anyhow::Result<Exit> {
    let (_, set, exit) = load(&common.rules)?;
    let mut rules: Vec<Listed> = ALL.iter().map(|detection| Listed::detection(detection)).collect();
    rules.push(Listed::unauthorized());
    rules.extend(RULES.iter().map(|rule| Listed::verify(rule)));
    rules.push(Listed::aftermath());
    rules.extend(set.rules().iter().map(Listed::sigma));
    if common.json {
        print_json(&rules)?;
        return Ok(exit);
    }
    to_stdout(|out| {
        let width = rules.iter().map(|rule| rule.id.chars().count()).max().unwrap_or_default();
        for rule in &rules {
            let severity = rule.severity.as_str();
            writeln!(
                out,
                "{severity:<8}  {:<width$}  {}",
                visible(&rule.id),
                visible(&rule.title)
            )?;
        }
        let waiting: Vec<&Listed> = rules.iter().filter(|rule| rule.needs.is_some()).collect();
        writeln!(out, "\n{} rules; {} of them need something:", rules.len(), waiting.len())?;
        for rule in waiting {
            writeln!(out, "  {:<width$}  {}", visible(&rule.id), rule.needs.unwrap_or_default())?;
        }
        Ok(())
    })?;
    Ok(exit)
}

#[derive(Serialize)]
struct Tested {
    rule: String,
    passed: usize,
    failed: Vec<String>,
}

fn test(common: &Common) -> anyhow::Result<Exit> {
    let (sources, set, exit) = load(&common.rules)?;
    let mut results: Vec<Tested> = ALL.iter().map(|detection| test_detection(detection)).collect();
    for source in &sources {
        results.extend(test_sigma(source, &set)?);
    }
    let failed: usize = results.iter().map(|result| result.failed.len()).sum();
    if common.json {
        print_json(&results)?;
    } else {
        to_stdout(|out| {
            for result in results.iter().filter(|result| !result.failed.is_empty()) {
                for failure in &result.failed {
                    writeln!(out, "FAILED  {}  {}", visible(&result.rule), visible(failure))?;
                }
            }
            let passed: usize = results.iter().map(|result| result.passed).sum();
            writeln!(
                out,
                "{} rules tested: {passed} examples passed, {failed} failed",
                results.len()
            )
        })?;
    }
    Ok(if failed > 0 { Exit::Found } else { exit })
}

fn test_detection(detection: &'static Detection) -> Tested {
    let mut result = Tested { rule: detection.id.to_owned(), passed: 0, failed: Vec::new() };
    let fires = detection.fires_on.iter().map(|trail| (*trail, true));
    for (trail, expected) in fires.chain(detection.quiet_on.iter().map(|trail| (*trail, false))) {
        let found = reference::judge_example(detection, trail).map(|found| !found.is_empty());
        if found == Ok(expected) {
            result.passed += 1;
        } else {
            let word = if expected { "stays quiet on" } else { "fires on" };
            result.failed.push(format!("{word}: {trail}"));
        }
    }
    result
}

/// Runs a rule file on the records beside it; nothing when there are none.
fn test_sigma(source: &Source, set: &RuleSet) -> anyhow::Result<Option<Tested>> {
    let mut result = Tested { rule: source.name.clone(), passed: 0, failed: Vec::new() };
    for (suffix, expected) in [("fires", true), ("quiet", false)] {
        let beside = PathBuf::from(&source.name).with_extension(format!("{suffix}.json"));
        if !beside.is_file() {
            continue;
        }
        let text = std::fs::read_to_string(&beside)
            .with_context(|| format!("cannot read `{}`", beside.display()))?;
        let parsed: serde_json::Value = serde_json::from_str(&text)
            .with_context(|| format!("`{}` is not JSON", beside.display()))?;
        let records = match parsed {
            serde_json::Value::Array(records) => records,
            record => vec![record],
        };
        for (number, record) in records.iter().enumerate() {
            let record = sonic_rs::from_str(&record.to_string()).context("a record as JSON")?;
            let matches = set.evaluate(&record);
            let of_file = |hit: &sigma::Hit| {
                set.rules().get(hit.rule()).is_some_and(|info| info.file == source.name)
            };
            if matches.hits().iter().any(of_file) == expected {
                result.passed += 1;
            } else {
                let word = if expected { "does not match" } else { "matches" };
                result.failed.push(format!("{word} record {number} of {}", beside.display()));
            }
        }
    }
    Ok((result.passed + result.failed.len() > 0).then_some(result))
}

fn lint(args: &LintArgs) -> anyhow::Result<Exit> {
    let (sources, unread) = files::read(&args.rules).context("cannot read the Sigma rules")?;
    let messages = sigma::lint(&sources);
    if args.json {
        print_json(&messages)?;
    } else {
        to_stdout(|out| {
            for message in &messages {
                writeln!(out, "{}", visible(&linted(message)))?;
            }
            writeln!(out, "{} files, {} messages", sources.len(), messages.len())
        })?;
    }
    for reject in &unread {
        terminal::warn(&format!("{}: {}", reject.file, reject.cause));
    }
    let is_wrong = messages.iter().any(|message| message.level == sigma::LintLevel::Error);
    Ok(match (is_wrong, unread.is_empty()) {
        (true, _) => Exit::Found,
        (false, false) => Exit::Partial,
        (false, true) => Exit::Done,
    })
}

fn linted(message: &sigma::LintMessage) -> String {
    let line = message.line.map(|line| format!(":{line}")).unwrap_or_default();
    let level = match message.level {
        sigma::LintLevel::Error => "error",
        sigma::LintLevel::Warning => "warning",
        sigma::LintLevel::Info => "info",
    };
    format!("{}{line}: {level}: {} [{}]", message.file, message.message, message.check)
}

fn print_json(value: &impl Serialize) -> anyhow::Result<()> {
    let text = serde_json::to_string_pretty(value)?;
    to_stdout(|out| writeln!(out, "{text}"))?;
    Ok(())
}
