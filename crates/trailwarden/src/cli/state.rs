//! What questions about permissions are asked of: logs, baselines, and the instant that is meant.

mod deed;
mod name;
mod wire;

use std::sync::Arc;

use anyhow::bail;
use clap::Args as ClapArgs;
use jiff::tz::TimeZone;
use trailwarden_account::access::World;
use trailwarden_account::fact::Proof;
use trailwarden_account::query::name_of;
use trailwarden_account::{Identity, Kind, Model, Models};
use trailwarden_model::{AccountId, Reject, Timestamp};
use trailwarden_record::limits::Limits;
use trailwarden_runtime::models::{self, Options, Told};
use trailwarden_runtime::scan::{Progress, ScanError};

use super::baseline::{self, BaselineArgs};
use super::progress::Drawn;
use super::sources::{self, Resolved, SourceArgs};
use super::{terminal, time};

pub(crate) use deed::{Asked, Deed, DeedArgs, Target, pattern};
pub(crate) use name::{Named, find};
pub(crate) use wire::{WireProof, WireSources};

/// Rejects that are told one by one.
const REJECTS_SHOWN: usize = 5;

/// Where the accounts are told of
#[derive(ClapArgs, Debug)]
#[command(next_help_heading = "What is known")]
#[group(skip)]
pub(crate) struct Args {
    /// CloudTrail logs: files, folders, globs, - for standard input, s3://BUCKET/PREFIX or cloudtrail:REGION,...; give them behind the question
    #[arg(long, value_name = "PATH", num_args = 1.., required_unless_present = "baseline")]
    pub(crate) logs: Vec<String>,

    #[command(flatten)]
    pub(crate) baseline: BaselineArgs,

    #[command(flatten)]
    pub(crate) sources: SourceArgs,

    /// Only this account; may be repeated
    #[arg(long, value_name = "ACCOUNT")]
    pub(crate) account: Vec<AccountId>,

    /// Time zone for times, given and shown: UTC, local, or a name such as Europe/Berlin
    #[arg(long, value_name = "ZONE", default_value = "UTC")]
    pub(crate) timezone: String,

    /// No progress bar
    #[arg(long, short)]
    pub(crate) quiet: bool,
}

/// Where the accounts are told of, and the instant that is meant
#[derive(ClapArgs, Debug)]
#[group(skip)]
pub(crate) struct AtArgs {
    /// At this time instead of the end: RFC 3339, a day, or a span back from now such as 24h
    #[arg(long, value_name = "TIME")]
    at: Option<String>,

    #[command(flatten)]
    state: Args,
}

/// The accounts at an instant.
pub(crate) struct Instant {
    pub(crate) state: State,
    pub(crate) models: Models,
    pub(crate) at: Option<Timestamp>,
}

impl AtArgs {
    /// Reads logs and baselines.
    pub(crate) fn read(&self) -> anyhow::Result<Instant> {
        self.read_for(None)
    }

    /// The same with how the sessions of a name, an id or a temporary key began.
    pub(crate) fn read_for(&self, session: Option<&str>) -> anyhow::Result<Instant> {
        let at = self.at.as_deref().map(|text| self.state.time(text)).transpose()?;
        let mut state = self.state.read_for(at, session)?;
        let models = state.models(at)?;
        Ok(Instant { state, models, at })
    }
}

impl Instant {
    /// The models, and what time it is: as a request says, else the instant, else the last record.
    pub(crate) fn world(&self, request: Option<Timestamp>) -> World<'_> {
        let world = World::of(&self.models);
        request.or(self.at).map_or(world, |time| world.at(time))
    }

    /// What an answer rests on, in a sentence for people.
    pub(crate) fn sources(&self) -> String {
        self.state.sources(&self.models, self.at)
    }

    /// What an answer rests on, for programs.
    pub(crate) fn wire(&self) -> WireSources {
        self.state.wire(&self.models, self.at)
    }
}

/// Accounts that were read.
pub(crate) struct State {
    pub(crate) told: Told,
    pub(crate) accounts: Vec<AccountId>,
    pub(crate) zone: TimeZone,
    zone_name: String,
}

impl Args {
    /// Reads a time as a person types it.
    pub(crate) fn time(&self, text: &str) -> anyhow::Result<Timestamp> {
        time::parse(text, &time::zone(&self.timezone)?, time::now())
    }

    /// Reads logs and baselines, and says what could not be read.
    pub(crate) fn read(&self, until: Option<Timestamp>) -> anyhow::Result<State> {
        self.read_for(until, None)
    }

    fn read_for(&self, until: Option<Timestamp>, session: Option<&str>) -> anyhow::Result<State> {
        let session = session.map(str::to_owned);
        let read = |options: Options, progress: &Progress| {
            let options = Options { until, session, ..options };
            models::read(options, progress).map(|told| (told, ()))
        };
        Ok(self.read_by(until, read)?.0)
    }

    /// The same by another reader of logs, which learns more from them.
    pub(crate) fn read_by<T>(
        &self,
        until: Option<Timestamp>,
        read: impl FnOnce(Options, &Progress) -> Result<(Told, T), ScanError>,
    ) -> anyhow::Result<(State, T)> {
        let zone = time::zone(&self.timezone)?;
        let baselines = self.baseline.read(Limits::default(), &zone)?;
        let has_baseline = !baselines.is_empty();
        let progress = Arc::new(Progress::default());
        let drawn = Drawn::begin(Arc::clone(&progress), self.quiet);
        let asked = sources::Asked {
            paths: &self.logs,
            since: None,
            until,
            // Other accounts may be trusted by those that are asked.
            accounts: &[],
            zone: &zone,
            spill_dir: None,
            is_dry_run: false,
            quiet: self.quiet,
        };
        let Resolved::Input(input) = self.sources.resolve(&asked, &progress)? else {
            bail!("nothing was to be read");
        };
        let read = read(Options::new(input, baselines), &progress);
        drop(drawn);
        let (told, more) = read?;
        tell_rejects(&told.rejects, told.summary.rejects);
        if told.summary.records == 0 && !has_baseline {
            match told.summary.rejects {
                0 => bail!("the logs hold no records; name files or folders of CloudTrail logs"),
                _ => bail!("nothing could be read; see the warnings"),
            }
        }
        let (accounts, zone_name) = (self.account.clone(), self.timezone.clone());
        let state = State { told, accounts, zone, zone_name };
        if !self.quiet {
            baseline::tell(&state.told.summary.baselines, |time| state.time(time));
        }
        Ok((state, more))
    }
}

/// Tells what could not be read: the first few, and how many more of all.
pub(crate) fn tell_rejects(rejects: &[Reject], all: u64) {
    for reject in rejects.iter().take(REJECTS_SHOWN) {
        let place = match (reject.file.as_str(), reject.record) {
            ("-", _) => "standard input".to_owned(),
            (file, Some(record)) => format!("{file}, record {record}"),
            (file, None) => file.to_owned(),
        };
        terminal::warn(&format!("{place}: {}", reject.cause));
    }
    let more = all.saturating_sub(REJECTS_SHOWN as u64);
    if more > 0 {
        terminal::warn(&format!("{more} more inputs or records could not be read"));
    }
}

impl State {
    /// The models at an instant, or after all that was read.
    pub(crate) fn models(&mut self, at: Option<Timestamp>) -> anyhow::Result<Models> {
        let models = match at {
            Some(time) => self.told.at(time),
            None => self.told.end(),
        };
        if let Some(time) = at {
            self.warn_of_early(&models, time);
        }
        if let Some(account) = self.accounts.iter().find(|asked| models.get(**asked).is_none()) {
            bail!("nothing is known of account {account}; these are: {}", known(&models));
        }
        Ok(models)
    }

    /// Before the first record and the baseline, everything is unknown: say so, since it looks like
    /// an empty account.
    pub(crate) fn warn_of_early(&self, models: &Models, time: Timestamp) {
        let has_record = self.told.summary.first_time.is_some_and(|first| first <= time);
        let has_baseline = models.iter().any(|model| model.baseline_time().is_some());
        if !has_record && !has_baseline {
            terminal::warn(&format!(
                "nothing that was read is of {} or earlier, so nothing is known of that time",
                self.time(time)
            ));
        }
    }

    /// The models that are asked.
    pub(crate) fn asked<'m>(&self, models: &'m Models) -> impl Iterator<Item = &'m Model> {
        let accounts = self.accounts.clone();
        models
            .iter()
            .filter(move |model| accounts.is_empty() || accounts.contains(&model.account()))
    }

    /// Whether some input could not be read.
    pub(crate) fn is_partial(&self) -> bool {
        self.told.summary.rejects > 0
    }

    /// A time in the reader's zone, with its name.
    pub(crate) fn time(&self, time: Timestamp) -> String {
        format!("{} {}", time.display_in(&self.zone), self.zone_name)
    }

    /// A proof in a few words.
    pub(crate) fn proof(&self, proof: &Proof) -> String {
        match proof {
            Proof::Record(record) => {
                let time = self.time(record.order.time);
                format!("{} {} at {time}", record.event_name, record.event_id)
            }
            Proof::Baseline { taken, .. } => format!("the baseline of {}", self.time(*taken)),
            Proof::Published { date } => format!("AWS's own document, as of {date}"),
        }
    }

    /// What an answer rests on, in a sentence for people.
    pub(crate) fn sources(&self, models: &Models, at: Option<Timestamp>) -> String {
        let mut parts = Vec::new();
        let summary = &self.told.summary;
        if let (Some(first), Some(last)) = (summary.first_time, summary.last_time) {
            parts.push(format!("records from {} to {}", self.time(first), self.time(last)));
        }
        let taken = self.asked(models).filter_map(Model::baseline_time).max();
        if let Some(taken) = taken {
            parts.push(format!("a baseline of {}", self.time(taken)));
        }
        let known = match parts.is_empty() {
            true => "nothing that was read".to_owned(),
            false => parts.join(" and "),
        };
        match at {
            Some(time) => format!("As of {}, by {known}.", self.time(time)),
            None => format!("By {known}."),
        }
    }
}

/// The name of a managed policy, which its ARN ends with; any other name as it is.
pub(crate) fn policy_name(policy: &str) -> &str {
    match policy.starts_with("arn:") {
        true => policy.rsplit('/').next().unwrap_or(policy),
        false => policy,
    }
}

/// A principal as people call it: `role/app`, `root`.
pub(crate) fn label(identity: &Identity) -> String {
    if identity.kind == Kind::Root { "root".to_owned() } else { name_of(identity) }
}

/// The accounts of the models, for messages.
fn known(models: &Models) -> String {
    let all: Vec<String> = models.iter().map(|model| model.account().to_string()).collect();
    if all.is_empty() { "none".to_owned() } else { all.join(", ") }
}
