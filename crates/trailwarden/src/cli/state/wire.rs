//! What an answer rests on, for programs.

use schemars::JsonSchema;
use serde::Serialize;
use trailwarden_account::Models;
use trailwarden_account::fact::Proof;
use trailwarden_model::{BaselineUse, Reject, Timestamp};

use super::State;

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
    /// The baselines that were given, each with the records around it.
    baselines: Vec<BaselineUse>,
    /// What could not be read.
    rejects: Vec<Reject>,
}

#[derive(Serialize, JsonSchema, Debug)]
struct WireAccount {
    account: String,
    /// When the baseline was taken with which the account begins; null without one.
    baseline: Option<Timestamp>,
}

impl State {
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
            baselines: self.told.summary.baselines.clone(),
            rejects: self.told.rejects.clone(),
        }
    }
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
