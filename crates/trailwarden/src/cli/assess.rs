//! `trailwarden assess`: what is weak in accounts, by what AWS says now or said in a baseline.

mod logs;
mod report;

use std::io;
use std::path::PathBuf;

use anyhow::Context;
use clap::Args as ClapArgs;
use trailwarden_account::Snapshot;
use trailwarden_model::posture::Verdict;
use trailwarden_model::{AccountId, Reject, Timestamp};
use trailwarden_posture::check::Check;
use trailwarden_posture::exceptions::Exceptions;
use trailwarden_posture::frameworks::{self, Framework};
use trailwarden_record::limits::Limits;
use trailwarden_runtime::baselines;

use self::report::Judged;
use super::baseline::{AskArgs, Asked, How, Told};
use super::output::{FormatArgs, OutputArgs, SeverityArgs};
use super::{Colour, Exit, terminal, time, to_stdout};
use crate::formats::posture;
use crate::formats::{Format, Style};

const EXAMPLES: &str = "\
Examples:
  trailwarden assess                                  asks AWS, with your usual credentials
  trailwarden assess --profile audit --save today.tw --format html > posture.html
  trailwarden assess --organization --role SecurityAudit
  trailwarden assess --baseline account.tw            a file of `trailwarden baseline`: asks nobody
  trailwarden assess --baseline details.json summary.json report.csv
  trailwarden assess --baseline account.tw --framework cis-7.0.0 --format html > posture.html
  trailwarden assess --baseline account.tw --exceptions accepted.toml --fail-on high
  trailwarden assess --baseline today.tw --since last-week.tw    what is new, open and fixed
  trailwarden assess --list                           every check, and what it answers

Asking needs the permissions that `trailwarden permissions assess` prints; it changes nothing. How
many calls it took is told on standard error.

What the AWS CLI printed serves as well as a file of `trailwarden baseline`:
  aws iam get-account-authorization-details > details.json
  aws iam get-account-summary > summary.json

Exceptions are TOML, each with a reason and an end:
  [[exception]]
  check = \"role-is-administrator\"
  resource = \"role/break-glass\"
  reason = \"for emergencies; its use sets off an alarm\"
  expires = \"2027-01-31\"

Exit codes: 0 done; 1 flaws at or above --fail-on that no exception accepts; 2 usage, or nothing
could be read or asked; 3 done, but something is not known: it was not asked, denied, or not
understood, or an account could not be asked.";

/// What is weak in accounts: posture checks, mapped to frameworks with their versions
///
/// Judges permissions by the policy engine and the graph of escalations, with conditions, boundaries
/// and the organization. Asks AWS, or takes what it said from --baseline. What nobody asked AWS, or AWS
/// denied, is not known and never passes.
#[derive(ClapArgs, Debug)]
#[command(after_help = EXAMPLES)]
pub(crate) struct Args {
    /// Ask nobody: what AWS said of an account, in a file of `trailwarden baseline`, or what the AWS CLI printed
    ///
    /// ACCOUNT= is for files that do not say of which account they are, such as a password policy.
    #[arg(long, value_name = "[ACCOUNT=]FILE", num_args = 1.., conflicts_with_all = ASKING)]
    baseline: Vec<String>,

    /// When files of the AWS CLI were saved; else the time at which each was written to disk
    #[arg(long, value_name = "TIME", requires = "baseline")]
    baseline_time: Option<String>,

    /// How much to ask AWS; with less, more is not known
    #[arg(long, value_enum, value_name = "DEPTH", default_value = "full", help_heading = "AWS")]
    depth: How,

    /// Keep what AWS said in this file, for --baseline and --since of another day
    #[arg(long, value_name = "FILE", help_heading = "AWS")]
    save: Option<PathBuf>,

    #[command(flatten)]
    ask: AskArgs,

    /// An earlier baseline to compare with: what is new, still open, fixed
    #[arg(long, value_name = "[ACCOUNT=]FILE", num_args = 1..)]
    since: Vec<String>,

    /// CloudTrail logs: when the password policy was made stricter, which no baseline tells
    #[arg(long, value_name = "PATH", num_args = 1..)]
    logs: Vec<String>,

    /// Only what this framework asks for, such as cis-7.0.0 or security-hub; may be repeated
    #[arg(long, value_name = "FRAMEWORK", value_parser = framework)]
    framework: Vec<Framework>,

    /// Only this check; may be repeated
    #[arg(long, value_name = "CHECK")]
    check: Vec<String>,

    /// Only this account of the baselines; may be repeated
    #[arg(long, value_name = "ACCOUNT", requires = "baseline")]
    account: Vec<AccountId>,

    /// Flaws that are accepted, with reasons and ends, in TOML
    #[arg(long, value_name = "FILE")]
    exceptions: Option<PathBuf>,

    /// Print the checks instead
    #[arg(long)]
    list: bool,

    /// Time zone for times, given and shown: UTC, local, or a name such as Europe/Berlin
    #[arg(long, value_name = "ZONE", default_value = "UTC")]
    timezone: String,

    #[command(flatten)]
    format: FormatArgs<Format>,

    #[command(flatten)]
    severity: SeverityArgs,

    #[command(flatten)]
    output: OutputArgs,
}

/// The flags of asking, which a baseline makes needless.
const ASKING: &[&str] = &[
    "depth",
    "save",
    "accounts",
    "organization",
    "role",
    "profile",
    "region",
    "endpoint_url",
    "assume_role",
    "external_id",
    "session_name",
];

/// What is judged.
struct Known {
    snapshots: Vec<Snapshot>,
    /// What could not be asked.
    rejects: Vec<Reject>,
}

fn framework(text: &str) -> Result<Framework, String> {
    let all: Vec<&str> = frameworks::ALL.iter().map(|one| one.id).collect();
    Framework::find(text)
        .ok_or_else(|| format!("there is no such framework; say one of {}", all.join(", ")))
}

/// Runs the command.
pub(crate) fn run(args: &Args, colour: Colour) -> anyhow::Result<Exit> {
    let checks = args.checks()?;
    if args.list {
        to_stdout(|out| report::list(&checks, out))?;
        return Ok(Exit::Done);
    }
    // What is wrong with files is said before AWS is asked for minutes.
    let exceptions = args.exceptions()?;
    let earlier = match args.since.is_empty() {
        true => None,
        false => Some(args.read(&args.since, None)?),
    };
    let known = args.known()?;
    args.assess(&checks, &exceptions, &known, earlier.as_deref(), colour)
}

impl Args {
    fn checks(&self) -> anyhow::Result<Vec<&'static Check>> {
        let mut checks = trailwarden_posture::assess::all();
        if let Some(unknown) = self.check.iter().find(|id| !checks.iter().any(|one| one.id == **id))
        {
            anyhow::bail!("there is no check `{unknown}`; `trailwarden assess --list` names all");
        }
        checks.retain(|check| self.check.is_empty() || self.check.iter().any(|id| id == check.id));
        let is_of = |check: &Check, framework: &Framework| {
            let references = trailwarden_posture::assess::references(check);
            references.iter().any(|one| framework.has(one))
        };
        checks.retain(|check| {
            self.framework.is_empty() || self.framework.iter().any(|one| is_of(check, one))
        });
        Ok(checks)
    }

    /// What AWS says, or said.
    fn known(&self) -> anyhow::Result<Known> {
        if self.baseline.is_empty() {
            return self.asked();
        }
        let saved = self.baseline_time.as_deref();
        let saved = saved.map(|text| time::parse(text, &time::zone(&self.timezone)?, time::now()));
        let snapshots = self.read(&self.baseline, saved.transpose()?)?;
        Ok(Known { snapshots, rejects: Vec::new() })
    }

    fn asked(&self) -> anyhow::Result<Known> {
        let asked = self.ask.ask(self.depth, false, self.output.quiet)?;
        if let Some(path) = &self.save {
            baselines::write(path, &asked.snapshots)?;
        }
        if !self.output.quiet {
            // Nobody may be listening.
            let _ = Told::of(None, &asked).write_calls(&mut io::stderr().lock());
        }
        let rejects = rejects(&asked);
        Ok(Known { snapshots: asked.snapshots, rejects })
    }

    fn read(&self, files: &[String], saved: Option<Timestamp>) -> anyhow::Result<Vec<Snapshot>> {
        let mut all = baselines::snapshots(files, Limits::default(), saved)?;
        all.retain(|one| self.account.is_empty() || self.account.contains(&one.account));
        anyhow::ensure!(!all.is_empty(), "no baseline is of the account that --account names");
        Ok(all)
    }

    fn exceptions(&self) -> anyhow::Result<Exceptions> {
        let Some(path) = &self.exceptions else { return Ok(Exceptions::default()) };
        let shown = path.display();
        let text =
            std::fs::read_to_string(path).with_context(|| format!("cannot read `{shown}`"))?;
        let read: Exceptions =
            toml::from_str(&text).with_context(|| format!("cannot understand `{shown}`"))?;
        read.validate().with_context(|| format!("cannot use `{shown}`"))?;
        Ok(read)
    }

    /// Judges snapshots, and writes what comes of it.
    fn assess(
        &self,
        checks: &[&'static Check],
        exceptions: &Exceptions,
        known: &Known,
        earlier: Option<&[Snapshot]>,
        colour: Colour,
    ) -> anyhow::Result<Exit> {
        let snapshots = known.snapshots.as_slice();
        let chosen = match self.framework.as_slice() {
            [] => frameworks::ALL.to_vec(),
            chosen => chosen.to_vec(),
        };
        let accounts = snapshots.iter().map(|one| one.account);
        let tightened = logs::tightened(&self.logs, accounts)?;
        let judged =
            Judged { tightened, checks, frameworks: &chosen, exceptions, now: time::now() };
        let mut assessment = judged.assess(snapshots, earlier);
        assessment.rejects.clone_from(&known.rejects);
        let fails = self.severity.fail_on.is_some_and(|least| assessment.gravest() >= Some(least));
        let is_partial =
            assessment.of_verdict(Verdict::Unknown) > 0 || !assessment.rejects.is_empty();
        let exit = match (fails, is_partial) {
            (true, _) => Exit::Found,
            (false, true) => Exit::Partial,
            (false, false) => Exit::Done,
        };
        if let Some(least) = self.severity.min_severity {
            assessment.findings.retain(|row| row.finding.severity >= least);
            assessment.count();
        }
        let zone = time::zone(&self.timezone)?;
        let style: Style = self.output.style(colour, &zone, &self.timezone);
        let format = self.format.chosen();
        self.output.write(|out| posture::write(&assessment, format, &style, out))?;
        if !self.output.quiet {
            for idle in &assessment.summary.exceptions_idle {
                terminal::warn(&format!("the exception for {idle} covers nothing; take it out"));
            }
            for expired in &assessment.summary.exceptions_expired {
                terminal::warn(&format!("the exception for {expired} and has no effect any more"));
            }
        }
        Ok(exit)
    }
}

/// Accounts of which nothing is known, as what could not be read.
fn rejects(asked: &Asked) -> Vec<Reject> {
    let reject = |file: String, cause: &str| Reject {
        file,
        offset: None,
        record: None,
        cause: cause.to_owned(),
    };
    let failed =
        asked.failed.iter().map(|one| reject(format!("account {}", one.account), &one.why));
    let missing = asked.missing.iter().map(|why| reject("the organization".to_owned(), why));
    failed.chain(missing).collect()
}
