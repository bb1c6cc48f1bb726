//! `trailwarden assess`: what is weak in accounts, by their baselines.

mod logs;
mod report;

use std::path::PathBuf;

use anyhow::Context;
use clap::Args as ClapArgs;
use trailwarden_account::Snapshot;
use trailwarden_model::{AccountId, Timestamp};
use trailwarden_posture::check::Check;
use trailwarden_posture::exceptions::Exceptions;
use trailwarden_posture::frameworks::{self, Framework};
use trailwarden_record::limits::Limits;
use trailwarden_runtime::baselines;

use self::report::Asked;
use super::output::{FormatArgs, OutputArgs, SeverityArgs};
use super::{Colour, Exit, terminal, time, to_stdout};
use crate::formats::posture;
use crate::formats::{Format, Style};

const EXAMPLES: &str = "\
Examples:
  trailwarden assess --baseline account.tw            a file of `trailwarden baseline`
  trailwarden assess --baseline details.json summary.json report.csv
  trailwarden assess --baseline account.tw --framework cis-7.0.0 --format html > posture.html
  trailwarden assess --baseline account.tw --exceptions accepted.toml --fail-on high
  trailwarden assess --baseline today.tw --since last-week.tw    what is new, open and fixed
  trailwarden assess --list                           every check, and what it answers

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
could be read; 3 done, but something is not known: it was not asked, denied, or not understood.";

/// What is weak in accounts: posture checks, mapped to frameworks with their versions
///
/// Judges permissions by the policy engine and the graph of escalations, with conditions, boundaries
/// and the organization. What nobody asked AWS, or AWS denied, is not known and never passes.
#[derive(ClapArgs, Debug)]
#[command(after_help = EXAMPLES)]
pub(crate) struct Args {
    /// What AWS said of an account: a file of `trailwarden baseline`, or what the AWS CLI printed
    ///
    /// ACCOUNT= is for files that do not say of which account they are, such as a password policy.
    #[arg(long, value_name = "[ACCOUNT=]FILE", num_args = 1.., required_unless_present = "list")]
    baseline: Vec<String>,

    /// When files of the AWS CLI were saved; else the time at which each was written to disk
    #[arg(long, value_name = "TIME", requires = "baseline")]
    baseline_time: Option<String>,

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

    /// Only this account; may be repeated
    #[arg(long, value_name = "ACCOUNT")]
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
    let saved = args.baseline_time.as_deref();
    let saved = saved.map(|text| time::parse(text, &time::zone(&args.timezone)?, time::now()));
    let snapshots = args.read(&args.baseline, saved.transpose()?)?;
    let earlier = match args.since.is_empty() {
        true => None,
        false => Some(args.read(&args.since, None)?),
    };
    args.assess(&checks, &snapshots, earlier.as_deref(), colour)
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
    pub(crate) fn assess(
        &self,
        checks: &[&'static Check],
        snapshots: &[Snapshot],
        earlier: Option<&[Snapshot]>,
        colour: Colour,
    ) -> anyhow::Result<Exit> {
        let exceptions = self.exceptions()?;
        let chosen = match self.framework.as_slice() {
            [] => frameworks::ALL.to_vec(),
            chosen => chosen.to_vec(),
        };
        let accounts = snapshots.iter().map(|one| one.account);
        let tightened = logs::tightened(&self.logs, accounts)?;
        let asked = Asked {
            tightened,
            checks,
            frameworks: &chosen,
            exceptions: &exceptions,
            now: time::now(),
        };
        let mut assessment = asked.assess(snapshots, earlier);
        let fails = self.severity.fail_on.is_some_and(|least| assessment.gravest() >= Some(least));
        let exit =
            match (fails, assessment.of_verdict(trailwarden_model::posture::Verdict::Unknown)) {
                (true, _) => Exit::Found,
                (false, 1..) => Exit::Partial,
                (false, 0) => Exit::Done,
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
