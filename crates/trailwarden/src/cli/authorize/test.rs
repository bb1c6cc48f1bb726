//! `authorize test`: policies against their own cases, each by the way that a record goes in a scan.

use std::collections::BTreeSet;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use anyhow::{anyhow, bail, ensure};
use clap::{Args as ClapArgs, ValueEnum};
use quick_junit::{NonSuccessKind, TestCase, TestCaseStatus, TestSuite};
use schemars::JsonSchema;
use serde::Serialize;
use serde_json::Value;
use trailwarden_authorize::{Asked, Decision, Policies};
use trailwarden_model::finding::Verdict;
use trailwarden_record::limits::Limits;
use trailwarden_runtime::baselines;
use trailwarden_runtime::config::Config;
use trailwarden_runtime::scan::Progress;
use trailwarden_runtime::sources::Input;

use super::cases::{self, Case};
use super::facts::{print, print_decision, safe, verdict, word};
use super::gather::{Wanted, in_memory};
use crate::cli::output::{FormatArgs, OutputArgs};
use crate::cli::policy::page::{BOLD, DIM, PLAIN, Page};
use crate::cli::{Colour, Exit, change_policies, terminal};
use crate::formats::{answer_schema, write_pretty};

pub(super) const EXAMPLES: &str = "\
Examples:
  trailwarden authorize test policies/
  trailwarden authorize test policies/ --cases more.cases.toml
  trailwarden authorize test policies/ --format junit > cases.xml

A case, in policies/deploy.cases.toml:
  [[case]]
  name = \"the pipeline gives an application a policy\"
  file = \"deployment.json\"
  expect = \"permitted\"

In place of `file`, `record` holds one record or several (a text in JSON, too), and `asked` what the policies are
asked. Of several records the last change is meant, or the one that `event` names; those before it
tell what was there. `by` lists the policies that must have decided, `baseline` names what AWS said, and
`effect` replaces the effect that is found.

Exit codes: 0 all cases passed; 1 a case failed; 2 usage, no case, or a fault in policies or cases.";
const SCHEMA: &str = "trailwarden.authorize-test/1";

/// What to test.
#[derive(ClapArgs, Debug)]
pub(crate) struct Args {
    /// Folder of change policies
    #[arg(value_name = "DIR")]
    folder: PathBuf,

    /// Files of cases, in place of those in the folder; may be repeated
    #[arg(long, value_name = "FILE", num_args = 1..)]
    cases: Vec<PathBuf>,

    #[command(flatten)]
    format: FormatArgs<Format>,

    #[command(flatten)]
    output: OutputArgs,
}

#[derive(Clone, Copy, PartialEq, Eq, Debug, ValueEnum)]
enum Format {
    /// For a person at a terminal
    Table,
    /// All cases as one JSON object
    Json,
    /// JUnit XML, for CI
    Junit,
}

/// What came of the cases (`authorize test --json`).
#[derive(Serialize, JsonSchema)]
pub(crate) struct Wire {
    /// Always `trailwarden.authorize-test/1`.
    schema: &'static str,
    /// The cases, in the order of files.
    cases: Vec<Tested>,
    /// How many passed.
    passed: usize,
    /// How many failed.
    failed: usize,
    /// Policies that decided no case.
    untested: Vec<String>,
}

/// What came of one case.
#[derive(Serialize, JsonSchema)]
struct Tested {
    /// The file it stands in.
    file: String,
    /// Its name.
    name: String,
    /// Whether it came as expected.
    passed: bool,
    /// The verdict that was expected.
    expect: Verdict,
    /// The policies that were to decide; null when it does not matter.
    expect_by: Option<Vec<String>>,
    /// Why it could not be asked; null when it could.
    fault: Option<String>,
    /// What was asked; null when it could not be.
    asked: Option<Asked>,
    /// What the policies said; null when they could not be asked.
    decision: Option<Decision>,
}

impl Wire {
    /// The JSON Schema of it.
    pub(crate) fn schema() -> Value {
        answer_schema::<Self>(SCHEMA)
    }
}

/// Runs the command.
pub(super) fn run(args: &Args, colour: Colour) -> anyhow::Result<Exit> {
    let policies = change_policies::load(&args.folder)?;
    let files =
        if args.cases.is_empty() { cases::files(&args.folder)? } else { args.cases.clone() };
    let mut all = Vec::new();
    for file in &files {
        let read = cases::read(file)?;
        all.extend(read.into_iter().map(|case| (file, case)));
    }
    ensure!(
        !all.is_empty(),
        "`{}` has no cases; write them into a file `*.cases.toml`, as `trailwarden authorize test --help` shows",
        args.folder.display()
    );
    let config = Config::default();
    let tested = all.into_iter().map(|(file, case)| test(&policies, file, case, &config));
    let wire = Wire::of(tested.collect(), &policies);
    let failed = wire.failed;
    let format = args.format.chosen();
    args.output.write(|out| match format {
        Format::Table => wire.print(&mut Page::new(out, colour)),
        Format::Json => write_pretty(&wire, out).and_then(|()| out.write_all(b"\n")),
        Format::Junit => wire.junit(out),
    })?;
    if format != Format::Table && !args.output.quiet && !wire.untested.is_empty() {
        terminal::warn(&format!("no case is decided by {}", wire.untested.join(", ")));
    }
    Ok(if failed > 0 { Exit::Found } else { Exit::Done })
}

fn test(policies: &Policies, file: &Path, case: Case, config: &Config) -> Tested {
    let (asked, fault) = match ask(file, &case, config) {
        Ok(asked) => (Some(asked), None),
        Err(error) => (None, Some(format!("{error:#}"))),
    };
    let decision = asked.as_ref().map(|asked| policies.explain(asked));
    let passed = decision.as_ref().is_some_and(|decision| {
        let by: BTreeSet<&String> = decision.by.iter().collect();
        let is_by = case.by.as_ref().is_none_or(|ids| ids.iter().collect::<BTreeSet<_>>() == by);
        decision.verdict == case.expect && is_by
    });
    let file = file.display().to_string();
    let (name, expect, expect_by) = (case.name, case.expect, case.by);
    Tested { file, name, passed, expect, expect_by, fault, asked, decision }
}

/// What a case asks.
fn ask(path: &Path, case: &Case, config: &Config) -> anyhow::Result<Asked> {
    let mut asked = match &case.asked {
        Some(asked) => asked.clone(),
        None => of_records(path, case, config)?,
    };
    if let Some(effect) = &case.effect {
        asked.effect = effect.clone();
    }
    Ok(asked)
}

fn of_records(path: &Path, case: &Case, config: &Config) -> anyhow::Result<Asked> {
    let folder = path.parent().unwrap_or(Path::new(""));
    let beside = |name: &String| folder.join(name).display().to_string();
    let input = match (&case.record, &case.file) {
        (Some(Value::String(text)), _) => in_memory("record", text.clone()),
        (Some(record), _) => in_memory("record", record.to_string()),
        (None, Some(file)) => Input::local(&[beside(file)]),
        (None, None) => bail!("it has no record"),
    };
    let baselines = match &case.baseline {
        Some(file) => baselines::read(&[beside(file)], Limits::default())?,
        None => Vec::new(),
    };
    let gathered = Wanted::of(input, baselines, config).gather(&Arc::new(Progress::default()))?;
    if let Some(reject) = gathered.report.rejects.first() {
        bail!("{}: {}", reject.file, reject.cause);
    }
    let mut found = gathered.asked.into_iter();
    match &case.event {
        Some(id) => found
            .find(|asked| asked.event_id == *id)
            .ok_or_else(|| anyhow!("no change has the event id `{id}`")),
        None => found
            .next_back()
            .ok_or_else(|| anyhow!("no record is a change that policies are asked about")),
    }
}

impl Wire {
    fn of(cases: Vec<Tested>, policies: &Policies) -> Self {
        let passed = cases.iter().filter(|case| case.passed).count();
        let failed = cases.len() - passed;
        let decisions = cases.iter().filter_map(|case| case.decision.as_ref());
        let decided: BTreeSet<&String> = decisions.flat_map(|decision| &decision.by).collect();
        let all = policies.listed().into_iter().map(|policy| policy.id);
        let untested = all.filter(|id| !decided.contains(id)).collect();
        Self { schema: SCHEMA, cases, passed, failed, untested }
    }

    fn print(&self, page: &mut Page<'_>) -> io::Result<()> {
        for case in &self.cases {
            let (paint, head) = if case.passed { (DIM, "ok      ") } else { (BOLD, "FAILED  ") };
            page.hanging(paint, head, 8, &safe(&case.name))?;
            if case.passed {
                continue;
            }
            page.hanging(PLAIN, "        ", 8, &safe(&case.told()))?;
            if let (Some(asked), Some(decision)) = (&case.asked, &case.decision) {
                print(page, 8, asked)?;
                print_decision(page, 8, decision)?;
            }
        }
        let (count, s) = (self.cases.len(), if self.cases.len() == 1 { "" } else { "s" });
        let line = format!("{count} case{s}: {} passed, {} failed", self.passed, self.failed);
        page.hanging(BOLD, "", 0, &line)?;
        if !self.untested.is_empty() {
            let ids = safe(&self.untested.join(", "));
            page.hanging(PLAIN, "", 2, &format!("No case is decided by {ids}."))?;
        }
        Ok(())
    }

    fn junit(&self, out: &mut dyn io::Write) -> io::Result<()> {
        let mut junit = quick_junit::Report::new("trailwarden authorize");
        let files: BTreeSet<&String> = self.cases.iter().map(|case| &case.file).collect();
        for file in files {
            let mut suite = TestSuite::new(safe(file));
            for case in self.cases.iter().filter(|case| case.file == *file) {
                suite.add_test_case(case.junit());
            }
            junit.add_test_suite(suite);
        }
        let xml = junit.to_string().map_err(io::Error::other)?;
        out.write_all(xml.as_bytes())
    }
}

impl Tested {
    /// What went wrong, in a sentence.
    fn told(&self) -> String {
        let by = self.expect_by.as_ref().map(|by| format!(" by {}", by.join(", ")));
        let expected = format!("{}{}", word(self.expect), by.unwrap_or_default());
        match (&self.fault, &self.decision) {
            (Some(fault), _) => format!("could not be asked: {fault}"),
            (None, Some(decision)) => format!("{}; expected {expected}", verdict(decision)),
            (None, None) => format!("expected {expected}"),
        }
    }

    fn junit(&self) -> TestCase {
        let status = if self.passed {
            TestCaseStatus::success()
        } else {
            let kind = match &self.fault {
                Some(_) => NonSuccessKind::Error,
                None => NonSuccessKind::Failure,
            };
            let mut status = TestCaseStatus::non_success(kind);
            status.set_message(safe(&self.told()));
            let rows = self.asked.iter().flat_map(super::facts::rows);
            let rows: Vec<String> =
                rows.map(|(label, text)| format!("{label}: {}", safe(&text))).collect();
            status.set_description(rows.join("\n"));
            status
        };
        let mut case = TestCase::new(safe(&self.name), status);
        case.set_classname("authorize");
        case
    }
}
