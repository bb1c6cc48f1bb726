//! A plan's preview held to what comes out when the plan is foreseen anew: from a baseline, or from what the
//! account says right now.
//!
//! # Invariants
//! - By default nothing is carried out on the word of a file: where nothing can be foreseen anew, that is an
//!   error, and only a flag says otherwise.

use std::path::PathBuf;

use anyhow::{Context as _, ensure};
use clap::Args as ClapArgs;
use trailwarden_account::baseline::Baseline;
use trailwarden_account::{Models, Snapshot};
use trailwarden_aws::{Connection, collect};
use trailwarden_model::escape::visible;
use trailwarden_model::{AccountId, Timestamp};
use trailwarden_record::limits::Limits;
use trailwarden_remedy::Plan;
use trailwarden_runtime::baselines;
use trailwarden_runtime::config::Config;
use trailwarden_runtime::executor::{Journal, StepState};
use trailwarden_runtime::models::Options;
use trailwarden_runtime::previews::{self, Held};
use trailwarden_runtime::remedies::{History, Known};
use trailwarden_runtime::scan::Progress;
use trailwarden_runtime::sources::Input;
use trailwarden_runtime::sources::bucket::Place;

use crate::cli::scan::user_folder;
use crate::cli::sources::History as EventHistory;
use crate::cli::state::tell_rejects;
use crate::cli::{terminal, time};

/// So many lines about use are told.
const USE_MAX: usize = 12;
/// When somebody last used which service.
const LAST_ACCESSED: &str = "iam:GetServiceLastAccessedDetails";
/// What tells who may do what now.
const DETAILS: &str = "iam:GetAccountAuthorizationDetails";

/// From what a plan is foreseen anew.
#[derive(ClapArgs, Debug)]
#[group(skip)]
pub(super) struct AnewArgs {
    /// Foresee the plan anew from this, a file of `trailwarden baseline` or what the AWS CLI printed, and
    /// refuse it where more comes of it than its preview says; may be repeated
    #[arg(long, value_name = "[ACCOUNT=]FILE")]
    baseline: Vec<String>,

    /// Logs that go on after the baseline, on this machine; may be repeated
    #[arg(long, value_name = "PATH", requires = "baseline")]
    logs: Vec<String>,

    /// When files of the AWS CLI were saved; else the time at which each was written to disk
    #[arg(long, value_name = "TIME", requires = "baseline")]
    baseline_time: Option<String>,

    /// Configuration, for break-glass principals; else trailwarden.toml here or in the user's configuration folder
    #[arg(long, value_name = "FILE")]
    config: Option<PathBuf>,
}

/// What is known of accounts.
pub(super) struct Anew {
    snapshots: Vec<Snapshot>,
    models: Models,
    history: Option<History>,
}

impl AnewArgs {
    /// Whether anything was given.
    pub(super) fn is_given(&self) -> bool {
        !self.baseline.is_empty() || self.config.is_some()
    }

    /// What the baseline and the logs tell; none without a baseline.
    pub(super) fn read(&self) -> anyhow::Result<Option<Anew>> {
        if self.baseline.is_empty() {
            return Ok(None);
        }
        let saved = self.baseline_time.as_deref();
        let saved = saved.map(|text| time::parse(text, &jiff::tz::TimeZone::UTC, time::now()));
        let snapshots =
            baselines::snapshots(&self.baseline, Limits::default(), saved.transpose()?)?;
        if self.logs.is_empty() {
            return Anew::of(snapshots).map(Some);
        }
        for path in &self.logs {
            let is_far = path.starts_with(Place::SCHEME) || EventHistory::parse(path)?.is_some();
            ensure!(
                !is_far,
                "`{path}` is not on this machine; fetch the logs first, as `scan` does with --cache"
            );
        }
        let known: Result<Vec<Baseline>, _> = snapshots.iter().map(Snapshot::baseline).collect();
        let options = Options::new(Input::local(&self.logs), known?);
        let (history, rejects, summary) = History::read(options, &[], &Progress::default())?;
        tell_rejects(&rejects, summary.rejects);
        Ok(Some(Anew { snapshots, models: Models::default(), history: Some(history) }))
    }

    /// Holds a plan's preview to what comes out anew behind earlier plans; says what does not come out any more.
    pub(super) fn hold(
        &self,
        (plan, earlier): (&Plan, &[&Plan]),
        anew: &Anew,
        accepts_unknown: bool,
    ) -> anyhow::Result<Held> {
        let account: AccountId = plan.account.parse().context("the plan's account is none")?;
        let config = Config::find(self.config.as_deref(), user_folder().as_deref())?;
        let settings = config.settings(false)?;
        let known = Known {
            break_glass: &config.break_glass,
            organization: config.organization.as_deref(),
            accounts: &settings.accounts,
            ..anew.known(account)?
        };
        Ok(previews::hold(plan, earlier, known, accepts_unknown)?)
    }
}

/// Says what of a preview does not come out any more, and what is not known that it does not say.
pub(super) fn tell(held: &Held) {
    let less = held.less.iter().map(|line| {
        format!("the preview of the plan says what does not come of it now: {}", visible(line))
    });
    let unknown = held.unknown.iter().map(|line| {
        format!("the preview of the plan does not say that this is not known: {}", visible(line))
    });
    less.chain(unknown).for_each(|line| terminal::warn(&line));
    for line in held.of_use.iter().take(USE_MAX) {
        terminal::warn(&format!("the preview does not say, and it is so: {}", visible(line)));
    }
    if let more @ 1.. = held.of_use.len().saturating_sub(USE_MAX) {
        terminal::warn(&format!("{more} more of this kind are not shown"));
    }
    if held.takes_use_on_trust {
        terminal::warn(
            "what the preview says of use is in part only the word of the plan's file: neither AWS nor logs given here (--baseline with --logs) tell of it",
        );
    }
}

impl Anew {
    fn of(mut snapshots: Vec<Snapshot>) -> anyhow::Result<Self> {
        snapshots.sort_by_key(|one| one.taken);
        let known: Result<Vec<Baseline>, _> = snapshots.iter().map(Snapshot::baseline).collect();
        Ok(Self { models: Models::from_baselines(&known?), snapshots, history: None })
    }

    /// What the account says right now.
    pub(super) fn ask(connection: &Connection) -> anyhow::Result<Self> {
        let snapshot = collect::access(connection)?;
        let why_not =
            snapshot.answer(DETAILS).map_or(Some("it was not asked".to_owned()), |it| it.why_not());
        if let Some(why) = why_not {
            anyhow::bail!(
                "what the plan does to access cannot be foreseen anew, and its preview is only the word of whoever wrote the file: {why}; let the caller ask (`trailwarden permissions remediate --plan FILE`), give a baseline with --baseline, or believe the preview with --trust-preview"
            );
        }
        Self::of(vec![snapshot])
    }

    /// Asks when users and roles last used which service, once of each; why that is not known of all of them.
    pub(super) fn ask_use(&mut self, connection: &Connection, arns: &[String]) -> Option<String> {
        let snapshot = self.snapshots.last_mut()?;
        let is_new = |arn: &&String| snapshot.about(LAST_ACCESSED, "Arn", arn).is_none();
        let wanted: Vec<String> = arns.iter().filter(is_new).cloned().collect();
        collect::last_access(connection, &wanted).into_iter().for_each(|it| snapshot.push(it));
        arns.iter().find_map(|arn| {
            let answer = snapshot.about(LAST_ACCESSED, "Arn", arn);
            match answer {
                Some(answer) => Some(format!("{arn}: {}", answer.why_not()?)),
                None => Some(format!("{arn}: it was not asked")),
            }
        })
    }

    /// Whether AWS told that of any of them.
    pub(super) fn knows_use(&self, arns: &[String]) -> bool {
        let is_known = |arn: &String| {
            let answers =
                self.snapshots.iter().filter_map(|it| it.about(LAST_ACCESSED, "Arn", arn));
            answers.into_iter().any(|answer| answer.body().is_some())
        };
        arns.iter().any(is_known)
    }

    /// Up to when it tells of an account.
    pub(super) fn until(&self, account: &str) -> Option<Timestamp> {
        let of_it = |one: &&Snapshot| one.account.to_string() == account;
        let taken = self.snapshots.iter().filter(of_it).map(|one| one.taken).max()?;
        let until = self.history.as_ref().and_then(History::until);
        Some(until.map_or(taken, |until| until.max(taken)))
    }

    /// Refuses what tells of a time before a run of the journal changed the account.
    pub(super) fn is_of_now(&self, account: &str, journal: &Journal) -> anyhow::Result<()> {
        let Some(until) = self.until(account) else { return Ok(()) };
        for run in journal.runs_since(until).filter(|run| run.plan.account == account) {
            let is_as_before = |state| matches!(state, StepState::New | StepState::Undone);
            let is_back =
                run.time >= until && run.steps().iter().all(|step| is_as_before(step.state));
            ensure!(
                is_back,
                "the baseline tells of the time up to {until}, and the run `{}` changed the account since; take a new baseline, or leave it out",
                run.id
            );
        }
        Ok(())
    }

    fn known(&self, account: AccountId) -> anyhow::Result<Known<'_>> {
        let snapshot = self.snapshots.iter().rev().find(|one| one.account == account);
        let snapshot =
            snapshot.with_context(|| {
                format!(
                    "no baseline is of the plan's account {account}; give one of it too, or leave --baseline out"
                )
            })?;
        ensure!(!snapshot.redacted, "the baseline is redacted; a plan needs the real names");
        let models = self.history.as_ref().map_or(&self.models, History::models);
        Ok(Known {
            history: self.history.as_ref(),
            usage: self.history.as_ref().and_then(History::usage),
            ..Known::of(snapshot, models, time::now())
        })
    }
}
