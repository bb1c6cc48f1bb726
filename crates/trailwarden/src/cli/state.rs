//! What questions about permissions are asked of: logs, baselines, and the instant that is meant.

mod deed;
mod name;

use std::sync::Arc;

use anyhow::bail;
use clap::Args as ClapArgs;
use jiff::tz::TimeZone;
use schemars::JsonSchema;
use serde::Serialize;
use trailwarden_account::fact::Proof;
use trailwarden_account::query::name_of;
use trailwarden_account::{Identity, Kind, Model, Models};
use trailwarden_model::{AccountId, Reject, Timestamp};
use trailwarden_record::limits::Limits;
use trailwarden_runtime::baselines;
use trailwarden_runtime::models::{self, Options, Told};
use trailwarden_runtime::scan::Progress;

use super::progress::Drawn;
use super::{terminal, time};

pub(crate) use deed::{Deed, Target, pattern};
pub(crate) use name::{Named, find};

/// Rejects that are told one by one.
const REJECTS_SHOWN: usize = 5;

/// Where the accounts are told of
#[derive(ClapArgs, Debug)]
#[command(next_help_heading = "What is known")]
#[group(skip)]
pub(crate) struct Args {
    /// CloudTrail logs: files, folders, globs, or - for standard input; give them behind the question
    #[arg(long, value_name = "PATH", num_args = 1.., required_unless_present = "baseline")]
    pub(crate) logs: Vec<String>,

    /// What the AWS CLI printed of an account: get-account-authorization-details and the like
    #[arg(long, value_name = "[ACCOUNT=]FILE", num_args = 1..)]
    pub(crate) baseline: Vec<String>,

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

/// Accounts that were read.
pub(crate) struct State {
    pub(crate) told: Told,
    pub(crate) accounts: Vec<AccountId>,
    pub(crate) zone: TimeZone,
    zone_name: String,
}

/// What an answer rests on.
#[derive(Serialize, JsonSchema, Debug)]
pub(crate) struct WireSources {
    /// The instant that is meant; null for the end of what was read.
    pub(crate) at: Option<Timestamp>,
    /// Time of the first record.
    first_record: Option<Timestamp>,
    /// Time of the last record that counts.
    last_record: Option<Timestamp>,
    accounts: Vec<WireAccount>,
    /// What could not be read.
    rejects: Vec<Reject>,
}

#[derive(Serialize, JsonSchema, Debug)]
struct WireAccount {
    account: String,
    /// When the baseline was taken with which the account begins; null without one.
    baseline: Option<Timestamp>,
}

impl Args {
    /// Reads a time as a person types it.
    pub(crate) fn time(&self, text: &str) -> anyhow::Result<Timestamp> {
        time::parse(text, &time::zone(&self.timezone)?, time::now())
    }

    /// Reads logs and baselines, and says what could not be read.
    pub(crate) fn read(&self, until: Option<Timestamp>) -> anyhow::Result<State> {
        let zone = time::zone(&self.timezone)?;
        let baselines = baselines::read(&self.baseline, Limits::default())?;
        let has_baseline = !baselines.is_empty();
        let options = Options { until, ..Options::new(self.logs.clone(), baselines) };
        let progress = Arc::new(Progress::default());
        let drawn = Drawn::begin(Arc::clone(&progress), self.quiet);
        let told = models::read(options, &progress);
        drop(drawn);
        let told = told?;
        tell_rejects(&told);
        if told.summary.records == 0 && !has_baseline {
            match told.summary.rejects {
                0 => bail!("the logs hold no records; name files or folders of CloudTrail logs"),
                _ => bail!("nothing could be read; see the warnings"),
            }
        }
        let (accounts, zone_name) = (self.account.clone(), self.timezone.clone());
        Ok(State { told, accounts, zone, zone_name })
    }
}

fn tell_rejects(told: &Told) {
    for reject in told.rejects.iter().take(REJECTS_SHOWN) {
        let place = match (reject.file.as_str(), reject.record) {
            ("-", _) => "standard input".to_owned(),
            (file, Some(record)) => format!("{file}, record {record}"),
            (file, None) => file.to_owned(),
        };
        terminal::warn(&format!("{place}: {}", reject.cause));
    }
    let more = told.summary.rejects.saturating_sub(REJECTS_SHOWN as u64);
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

    /// What an answer rests on, for programs.
    pub(crate) fn wire(&self, models: &Models, at: Option<Timestamp>) -> WireSources {
        let accounts = self.asked(models).map(|model| WireAccount {
            account: model.account().to_string(),
            baseline: model.baseline_time(),
        });
        WireSources {
            at,
            first_record: self.told.summary.first_time,
            last_record: self.told.summary.last_time,
            accounts: accounts.collect(),
            rejects: self.told.rejects.clone(),
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

/// A proof for programs.
#[derive(Serialize, JsonSchema, Debug)]
pub(crate) struct WireProof {
    /// What it proves, such as `attached`, `document` or `membership`.
    pub(crate) of: &'static str,
    /// `record`, `baseline` or `published`.
    by: &'static str,
    event_id: Option<String>,
    event_name: Option<String>,
    time: Option<Timestamp>,
    /// The file and the number of the record in it.
    file: Option<String>,
    record: Option<u32>,
}

impl WireProof {
    /// A proof of something.
    pub(crate) fn of(of: &'static str, proof: &Proof, state: &State) -> Self {
        let bare = |by| Self {
            of,
            by,
            event_id: None,
            event_name: None,
            time: proof.time(),
            file: None,
            record: None,
        };
        match proof {
            Proof::Record(record) => Self {
                event_id: Some(record.event_id.clone()),
                event_name: Some(record.event_name.clone()),
                file: state.told.files.get(record.place.file as usize).cloned(),
                record: Some(record.place.record),
                ..bare("record")
            },
            Proof::Baseline { .. } => bare("baseline"),
            Proof::Published { .. } => bare("published"),
        }
    }
}
