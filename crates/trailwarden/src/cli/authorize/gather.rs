//! What is asked about each change of some logs: a scan whose answers are questions.

use std::io::Cursor;
use std::sync::Arc;

use trailwarden_account::Baseline;
use trailwarden_authorize::Asked;
use trailwarden_detect::detections::ALL;
use trailwarden_detect::sigma::RuleSet;
use trailwarden_model::{AccountId, Report, Timestamp};
use trailwarden_record::limits::Limits;
use trailwarden_runtime::authorization::Authorize;
use trailwarden_runtime::config::Config;
use trailwarden_runtime::scan::{self, MEMORY_MAX, Options, Progress};
use trailwarden_runtime::sources::{Input, Item};

/// What is read, and how much of it counts.
pub(super) struct Wanted<'a> {
    pub(super) input: Input,
    pub(super) baselines: Vec<Baseline>,
    pub(super) config: &'a Config,
    pub(super) since: Option<Timestamp>,
    pub(super) until: Option<Timestamp>,
    pub(super) accounts: Vec<AccountId>,
    pub(super) limits: Limits,
    pub(super) threads: usize,
}

/// What came of it.
pub(super) struct Gathered {
    /// One question for each change, in the order of events.
    pub(super) asked: Vec<Asked>,
    /// What was read, and what could not be.
    pub(super) report: Report,
}

impl<'a> Wanted<'a> {
    /// All of an input.
    pub(super) fn of(input: Input, baselines: Vec<Baseline>, config: &'a Config) -> Self {
        Self {
            input,
            baselines,
            config,
            since: None,
            until: None,
            accounts: Vec::new(),
            limits: Limits::default(),
            threads: 0,
        }
    }

    /// Reads it.
    pub(super) fn gather(self, progress: &Arc<Progress>) -> anyhow::Result<Gathered> {
        let (rules, _) = RuleSet::load(&[]);
        let options = Options {
            input: self.input,
            detections: ALL.to_vec(),
            settings: self.config.settings(false)?,
            rules,
            geoip: None,
            since: self.since,
            until: self.until,
            accounts: self.accounts,
            limits: self.limits,
            memory_max: MEMORY_MAX,
            spill_dir: None,
            threads: self.threads,
            no_skip: false,
            baselines: self.baselines,
            changes: false,
            authorize: Authorize { policies: None, keeps_asked: true },
        };
        let scanned = scan::run_whole(&options, progress)?;
        Ok(Gathered { asked: scanned.asked, report: scanned.report })
    }
}

/// Records in memory as an input.
pub(super) fn in_memory(name: &str, records: String) -> Input {
    let mut input = Input::default();
    let item = Item::stream(name.to_owned(), || Ok(Box::new(Cursor::new(records.into_bytes()))));
    input.add(vec![item], Vec::new());
    input
}
