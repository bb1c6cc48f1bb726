//! `trailwarden remediate plan`: from findings and a baseline to a plan.

use std::collections::BTreeSet;
use std::path::PathBuf;
use std::sync::Arc;

use anyhow::{Context as _, bail, ensure};
use clap::{ArgGroup, Args as ClapArgs};
use trailwarden_account::snapshot::Depth;
use trailwarden_account::{Baseline, Models, Snapshot};
use trailwarden_model::{AccountId, Arn, Finding, Severity, Timestamp};
use trailwarden_record::limits::Limits;
use trailwarden_remedy::{find, people};
use trailwarden_runtime::baselines;
use trailwarden_runtime::config::Config;
use trailwarden_runtime::models::Options;
use trailwarden_runtime::remedies::{self, Answer, History, Known, Made};
use trailwarden_runtime::scan::Progress;
use trailwarden_runtime::sightings;

use super::findings::{self, Choice};
use super::told::Told;
use super::{show, told};
use crate::cli::output::print_json;
use crate::cli::progress::Drawn;
use crate::cli::scan::user_folder;
use crate::cli::sources::{Asked, Resolved, SourceArgs};
use crate::cli::state::tell_rejects;
use crate::cli::{Exit, terminal, time};

const EXAMPLES: &str = "\
Examples:
  trailwarden remediate plan --findings findings.json --all --min-severity high --baseline account.tw > plan.json
  trailwarden remediate plan --findings findings.json --id tw-0123456789abcdef --baseline account.tw --output plan.json
  trailwarden scan logs/ --json | trailwarden remediate plan --findings - --all --logs logs/ --baseline account.tw --output plan.json
  trailwarden remediate plan --findings f.json --id tw-0123456789abcdef --remediation revoke-sessions --baseline account.tw

Take the baseline after the findings (`trailwarden baseline --output account.tw`), and give the logs of findings of `scan`: what neither tells is not known, and then there is no plan but a reason.

Exit codes: 0 each finding has steps or needs nothing, and where none needs anything there is no plan; 2 usage, or there is no plan though something is to do; 3 there is a plan, and some findings have none.";

/// From findings and a baseline to a plan
///
/// Of the remediations that a finding offers the first that fits is taken; --remediation takes others.
/// The plan goes to standard output or to --output; what it does, what cannot be taken back, and which
/// findings have no plan and why, to standard error. Nothing is changed in AWS.
#[derive(ClapArgs, Debug)]
#[command(after_help = EXAMPLES)]
#[command(group(ArgGroup::new("which").required(true).args(["id", "all"])))]
pub(crate) struct Args {
    /// What `scan` or `assess` printed, as json or ndjson; `-` for standard input
    #[arg(long, value_name = "FILE")]
    findings: PathBuf,

    /// Only this finding; may be repeated
    #[arg(long, value_name = "ID")]
    id: Vec<String>,

    /// All findings that are open
    #[arg(long)]
    all: bool,

    /// Of all only those of this severity or above
    #[arg(long, value_name = "SEVERITY", requires = "all")]
    min_severity: Option<Severity>,

    /// Take this of the remediations that a finding offers; may be repeated
    #[arg(long, value_name = "REMEDIATION", value_parser = remediation)]
    remediation: Vec<String>,

    /// The account as it is: a file of `trailwarden baseline`, or what the AWS CLI printed; an older one
    /// beside it tells what was before
    #[arg(long, value_name = "[ACCOUNT=]FILE", num_args = 1.., required_unless_present = "logs")]
    baseline: Vec<String>,

    /// The logs that the findings are of: what their records changed, and what was before
    #[arg(long, value_name = "PATH", num_args = 1..)]
    logs: Vec<String>,

    #[command(flatten)]
    sources: SourceArgs,

    /// When files of the AWS CLI were saved; else the time at which each was written to disk
    #[arg(long, value_name = "TIME")]
    baseline_time: Option<String>,

    /// The account to plan for, where findings are of several
    #[arg(long, value_name = "ACCOUNT")]
    account: Option<AccountId>,

    /// Where a new trail is to write: a bucket that is not there yet; else one named after the account
    #[arg(long, value_name = "BUCKET")]
    trail_bucket: Option<String>,

    /// The group that is to read a trail's logs where nobody can
    #[arg(long, value_name = "GROUP")]
    reader_group: Option<String>,

    /// Folder of the journal of runs: keeps there when keys were seen inactive first, where no log says
    /// since when they are
    #[arg(long, value_name = "DIR")]
    state: Option<PathBuf>,

    /// Configuration; else trailwarden.toml here or in the user's configuration folder
    #[arg(long, value_name = "FILE")]
    config: Option<PathBuf>,

    /// Print what became of each finding, and the plan, as JSON
    #[arg(long)]
    json: bool,

    /// Write the plan here instead of to standard output
    #[arg(long, short, value_name = "FILE")]
    output: Option<PathBuf>,

    /// Say nothing on standard error
    #[arg(long, short)]
    quiet: bool,
}

fn remediation(text: &str) -> Result<String, String> {
    match find(text).is_some() || people::find(text).is_some() {
        true => Ok(text.to_owned()),
        false => Err("there is no such remediation; findings list those that fit".to_owned()),
    }
}

/// Runs the command.
pub(crate) fn run(args: &Args) -> anyhow::Result<Exit> {
    let told = show::bytes(&args.findings)?;
    let rows = findings::read(&told)?;
    let choice = Choice { ids: &args.id, min_severity: args.min_severity };
    let findings = choice.of(&rows)?;
    ensure!(!findings.is_empty(), "there is no open finding to plan for");
    let account = args.account_of(&findings)?;
    let findings: Vec<Finding> = findings.into_iter().filter(|one| is_of(one, account)).collect();
    let saved = args
        .baseline_time
        .as_deref()
        .map(|text| time::parse(text, &jiff::tz::TimeZone::UTC, time::now()));
    let snapshots = baselines::snapshots(&args.baseline, Limits::default(), saved.transpose()?)?;
    let made = args.make(account, &findings, snapshots)?;
    args.write(&made)?;
    let is_whole = made.answers.iter().all(Answer::is_whole);
    Ok(match (&made.plan, is_whole) {
        (_, true) => Exit::Done,
        (None, false) => Exit::Useless,
        (Some(_), false) => Exit::Partial,
    })
}

impl Args {
    /// The one account that a plan is for.
    fn account_of(&self, findings: &[Finding]) -> anyhow::Result<AccountId> {
        if let Some(account) = self.account {
            let has_some = findings.iter().any(|one| is_of(one, account));
            ensure!(has_some, "no finding is of account {account}");
            return Ok(account);
        }
        let all: BTreeSet<&str> =
            findings.iter().filter_map(|one| one.account.as_deref()).collect();
        let all: Vec<&str> = all.into_iter().collect();
        match all.as_slice() {
            [one] => one.parse().context("the findings' account is none"),
            [] => bail!("the findings do not say of which account they are"),
            all => bail!(
                "the findings are of the accounts {}; a plan is for one, so name it with --account",
                all.join(", ")
            ),
        }
    }

    fn make(
        &self,
        account: AccountId,
        findings: &[Finding],
        mut snapshots: Vec<Snapshot>,
    ) -> anyhow::Result<Made> {
        let known: Result<Vec<Baseline>, _> = snapshots.iter().map(Snapshot::baseline).collect();
        let baselines = known?;
        let history = self.history(&baselines, findings)?;
        // Of two of one account the later tells what is, the earlier what was.
        snapshots.sort_by_key(|one| one.taken);
        if history.is_some() && snapshots.iter().all(|one| one.account != account) {
            let never = Timestamp::from_seconds(0);
            snapshots.push(Snapshot::new(account, partition(findings), never, Depth::Packed));
        }
        let snapshot = snapshots.iter().rev().find(|one| one.account == account);
        let snapshot = snapshot
            .with_context(|| format!("no baseline is of the findings' account {account}"))?;
        ensure!(!snapshot.redacted, "the baseline is redacted; a plan needs the real names");
        let told;
        let models = match &history {
            Some(history) => history.models(),
            None => {
                told = Models::from_baselines(&baselines);
                &told
            }
        };
        let config = Config::find(self.config.as_deref(), user_folder().as_deref())?;
        let settings = config.settings(false)?;
        let until = history.as_ref().and_then(History::until);
        let state_time = until.map_or(snapshot.taken, |until| until.max(snapshot.taken));
        let inactive = self.state.as_deref().map(|folder| {
            sightings::keep(folder, account, models.get(account), state_time.min(time::now()))
        });
        let inactive = inactive.transpose()?;
        let known = Known {
            older: &snapshots,
            history: history.as_ref(),
            inactive: inactive.as_ref(),
            break_glass: &config.break_glass,
            organization: config.organization.as_deref(),
            accounts: &settings.accounts,
            trail_bucket: self.trail_bucket.as_deref(),
            reader_group: self.reader_group.as_deref(),
            advice,
            finds_in: trailwarden_posture::assess::finds_in,
            usage: history.as_ref().and_then(History::usage),
            ..Known::of(snapshot, models, time::now())
        };
        self.tell_age(findings, state_time);
        Ok(remedies::plan(known, findings, &self.remediation))
    }

    /// What the findings' records changed, where logs are given.
    fn history(
        &self,
        baselines: &[Baseline],
        findings: &[Finding],
    ) -> anyhow::Result<Option<History>> {
        if self.logs.is_empty() {
            return Ok(None);
        }
        let progress = Arc::new(Progress::default());
        let drawn = Drawn::begin(Arc::clone(&progress), self.quiet);
        let asked = Asked {
            paths: &self.logs,
            since: None,
            until: None,
            // Other accounts may be trusted by the one that is planned for.
            accounts: &[],
            zone: &jiff::tz::TimeZone::UTC,
            spill_dir: None,
            is_dry_run: false,
            quiet: self.quiet,
        };
        let Resolved::Input(input) = self.sources.resolve(&asked, &progress)? else {
            bail!("nothing was to be read");
        };
        let options = Options::new(input, baselines.to_vec());
        let read = History::read(options, findings, &progress);
        drop(drawn);
        let (history, rejects, summary) = read?;
        tell_rejects(&rejects, summary.rejects);
        Ok(Some(history))
    }

    fn tell_age(&self, findings: &[Finding], taken: Timestamp) {
        let later = findings.iter().filter(|one| one.last_time > taken).count();
        if later > 0 && !self.quiet {
            terminal::warn(&format!(
                "{later} findings are from after the baseline and the logs, which tell of the time up to {taken}: what became of their things is not known; take a new baseline"
            ));
        }
    }

    fn write(&self, made: &Made) -> anyhow::Result<()> {
        if !self.quiet {
            told::tell(made)?;
        }
        if let (Some(path), Some(plan)) = (&self.output, &made.plan) {
            show::write(Some(path), &plan.to_json())?;
        }
        if self.json {
            print_json(&Told::of(made))?;
        } else if let (None, Some(plan)) = (&self.output, &made.plan) {
            show::write(None, &plan.to_json())?;
        }
        Ok(())
    }
}

/// What the check of a finding tells a person to do.
fn advice(rule: &str) -> Option<&'static str> {
    trailwarden_posture::assess::all().into_iter().find(|it| it.id == rule).map(|it| it.fix)
}

/// The partition of the findings' account, as their ARNs have it.
fn partition(findings: &[Finding]) -> &str {
    let parties = findings.iter().flat_map(|one| [&one.target.arn, &one.actor.arn]);
    let named = parties.flatten().find_map(|arn| Arn::parse(arn).map(|arn| arn.partition));
    named.filter(|partition| !partition.is_empty()).unwrap_or("aws")
}

fn is_of(finding: &Finding, account: AccountId) -> bool {
    finding.account.as_deref().and_then(|text| text.parse().ok()) == Some(account)
}
