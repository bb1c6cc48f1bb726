//! `corpus infrastructure`: a long trail of ordinary infrastructure as code, in which nobody gains
//! anything that matters.
//!
//! A build server and CloudFormation make roles for applications, with scoped policies and the
//! trust of one service, change them, tag them and take them away; machines rotate their own keys.
//! The names of these calls are those of an attack, and none of them is one.
//!
//! # Invariants
//! - The same arguments give the same bytes.
//! - What is changed or deleted exists, and what AWS wants emptied first is empty
//!   (`what_is_used_exists`), so that a model that follows the trail finds no gap.
//! - No application may call IAM, STS or a service that runs code, nor pass a role
//!   (`no_document_gives_escalation`).

mod application;
mod baseline;
mod document;
mod machine;
mod trail;

#[cfg(test)]
mod tests;

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail};
use serde_json::json;

use super::layout::{Layout, Writer};
use super::unit::Entry;
use crate::workspace;
use application::Application;
use machine::Machine;
use trail::{Caller, Trail};

/// The account, its region and the identity provider of its build server.
pub(crate) const ACCOUNT: &str = "111122223333";
const REGION: &str = "eu-central-1";
const PROVIDER: &str = "token.ci.example.com";
const DAY: i64 = 86_400;
/// How many applications live at the same time, at least and at most.
const APPLICATIONS: std::ops::RangeInclusive<usize> = 8..=45;

/// Arguments of `corpus infrastructure`.
#[derive(Debug, Clone, clap::Args)]
pub(crate) struct Arguments {
    /// How many records.
    #[arg(long, default_value_t = 5_000)]
    events: usize,
    /// The same seed gives the same trail.
    #[arg(long, default_value_t = 1)]
    seed: u64,
    /// Folder to write to; it must not exist or be empty.
    #[arg(long)]
    output: PathBuf,
}

/// How many records have a name, and whether such a call changes anything.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Name {
    pub(crate) records: usize,
    pub(crate) is_change: bool,
}

/// The command.
pub(crate) fn run(arguments: &Arguments) -> Result<()> {
    let out = &arguments.output;
    if out.read_dir().is_ok_and(|mut entries| entries.next().is_some()) {
        bail!("`{}` is not empty; remove it or name another folder", out.display());
    }
    let names = write(out, arguments.events, arguments.seed)?;
    for (name, count) in &names {
        println!("{:>6} {name}", count.records);
    }
    let records: usize = names.values().map(|name| name.records).sum();
    eprintln!("{records} records in `{}`", out.join("logs").display());
    Ok(())
}

/// Writes `OUT/logs/`, `OUT/baseline.json`, `OUT/credential-report.csv` and `OUT/truth.json`.
pub(crate) fn write(out: &Path, events: usize, seed: u64) -> Result<BTreeMap<String, Name>> {
    let records = make(events, seed);
    let logs = out.join("logs");
    let mut writer = Writer::new(&logs, Layout::S3);
    let names = names(&records)?;
    let changes = names.values().filter(|name| name.is_change);
    let truth = json!({
        "schema": "trailwarden.truth/1",
        "seed": seed,
        "records": records.len(),
        "accounts": [ACCOUNT],
        "incidents": [],
        "changes": changes.map(|name| name.records).sum::<usize>(),
        "by_name": names.iter().map(|(name, count)| (name.clone(), count.records)).collect::<BTreeMap<_, _>>(),
    });
    for (day, records) in by_day(records) {
        writer.write(ACCOUNT, "us-east-1", (day + 1) * DAY - 300, &records)?;
    }
    let pretty =
        |value| Ok::<_, anyhow::Error>(format!("{}\n", serde_json::to_string_pretty(value)?));
    workspace::write(&out.join("truth.json"), &pretty(&truth)?)?;
    workspace::write(&out.join("baseline.json"), &pretty(&baseline::details())?)?;
    workspace::write(&out.join("credential-report.csv"), &baseline::credential_report())?;
    Ok(names)
}

/// The records, in the order of time.
fn make(events: usize, seed: u64) -> Vec<Entry> {
    let mut trail = Trail::new(seed);
    let mut applications: Vec<Application> = Vec::new();
    let mut machines: Vec<Machine> = machine::NAMES.iter().map(|name| Machine::new(name)).collect();
    while trail.records.len() < events {
        if trail.random.below(14) == 0 {
            let at = trail.random.below(machines.len() as u64);
            if let Some(machine) = usize::try_from(at).ok().and_then(|at| machines.get_mut(at)) {
                machine.rotate(&mut trail);
            }
            continue;
        }
        let is_stack = trail.random.below(5) == 0;
        trail.begin(if is_stack { Caller::CloudFormation } else { Caller::Terraform });
        for _ in 0..=trail.random.below(3) {
            step(&mut trail, &mut applications);
        }
    }
    trail.records.truncate(events);
    trail.records
}

/// One application made, changed or taken away.
fn step(trail: &mut Trail, applications: &mut Vec<Application>) {
    let count = applications.len();
    let dice = trail.random.below(10);
    let at = usize::try_from(trail.random.below(count as u64)).unwrap_or(0);
    if count < *APPLICATIONS.start() || (dice < 2 && count < *APPLICATIONS.end()) {
        applications.push(Application::create(trail));
    } else if dice < 4 {
        applications.swap_remove(at).destroy(trail);
    } else if let Some(application) = applications.get_mut(at) {
        application.change(trail);
    }
}

/// The records of each day.
fn by_day(records: Vec<Entry>) -> BTreeMap<i64, Vec<Entry>> {
    let mut days: BTreeMap<i64, Vec<Entry>> = BTreeMap::new();
    for record in records {
        days.entry(record.time.div_euclid(DAY)).or_default().push(record);
    }
    days
}

/// How many records have which name, such as `iam:CreateRole`.
fn names(records: &[Entry]) -> Result<BTreeMap<String, Name>> {
    let mut names: BTreeMap<String, Name> = BTreeMap::new();
    for text in records.iter().flat_map(|record| &record.texts) {
        let record: serde_json::Value = serde_json::from_str(text)?;
        let part = |name: &str| record.get(name).and_then(|text| text.as_str());
        let service = part("eventSource").and_then(|source| source.split('.').next());
        let name = part("eventName").context("a record without a name")?;
        let name = format!("{}:{name}", service.context("a record without a source")?);
        let count = names.entry(name).or_default();
        count.records += 1;
        count.is_change |= record.get("readOnly") == Some(&json!(false));
    }
    Ok(names)
}
