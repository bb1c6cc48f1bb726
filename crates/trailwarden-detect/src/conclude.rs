//! From drafts to findings: the records that a sentence needs are at hand again, the actor is
//! followed to the person behind, and everything gets its stable id.

pub mod health;
mod meta;
pub(crate) mod people;
pub mod unauthorized;
mod words;

use std::collections::BTreeSet;
use std::panic::{AssertUnwindSafe, catch_unwind};

use foldhash::HashMap;
use trailwarden_model::Finding;
use trailwarden_model::finding::{Evidence, Party};
use trailwarden_policy::lint::checks;
use trailwarden_record::row::{Actions, Flags, Place};
use trailwarden_record::{Event, Row, skim};

use crate::draft::{Draft, Key, Rule};
use crate::engine::{Engine, panic_text};
use crate::lints;
use crate::matches::{Match, Story};

pub use meta::Meta;

/// Records read again, by place.
pub type Records = HashMap<Place, Event>;

/// What the findings are made with.
pub struct Sources<'a> {
    /// The records that [`Engine::wanted`] asked for; a missing one leaves its parts unknown.
    pub records: &'a Records,
    /// Names of the run's files, by index.
    pub files: &'a [String],
    /// The run's calls.
    pub actions: &'a Actions,
    /// Sigma rules by index.
    pub sigma: &'a [Meta],
}

impl Engine {
    /// The places of the records that the findings need for their words.
    pub fn wanted(&self) -> Vec<Place> {
        let mut places = Vec::new();
        for (key, draft) in self.drafts.ordered() {
            let told = draft.told();
            match key.rule {
                Rule::Sigma(_) => places.extend(told.first().map(|row| row.place)),
                Rule::BuiltIn(_) | Rule::Lint(_) if draft.matched.is_some() => {
                    places.extend(told.first().map(|row| row.place));
                    places.extend(draft.speaker.map(|row| row.place));
                }
                Rule::BuiltIn(_) | Rule::Lint(_) => {
                    places.extend(told.iter().map(|row| row.place));
                }
            }
            let hashed = draft.evidence.iter().filter(|row| row.flags.has(Flags::ID_HASHED));
            places.extend(hashed.map(|row| row.place));
            places.extend(&draft.chain_first);
            places.extend(&draft.chain_last);
        }
        places.extend(self.changes.iter().flat_map(|changes| changes.wanted()));
        places.sort_unstable();
        places.dedup();
        places
    }

    /// The findings, most severe first, then oldest, then by id; health findings last among equals.
    pub fn conclude(&self, sources: &Sources<'_>) -> Vec<Finding> {
        let mut findings: Vec<Finding> = Vec::new();
        let mut panics = self.panics.clone();
        for (key, draft) in self.drafts.ordered() {
            let told = catch_unwind(AssertUnwindSafe(|| self.finding(key, draft, sources)));
            match (told, key.rule) {
                (Ok(finding), _) => findings.extend(finding),
                (Err(panic), Rule::BuiltIn(index)) => {
                    panics.entry(index).or_insert_with(|| panic_text(panic.as_ref()));
                }
                // These have no code of their own that could panic here.
                (Err(panic), Rule::Sigma(_) | Rule::Lint(_)) => std::panic::resume_unwind(panic),
            }
        }
        findings.extend(lints::baseline::findings(&self.flawed, &self.drafts));
        findings.extend(self.health(&panics));
        sort(&mut findings);
        // Groups that turn out to have one subject and one first record give one finding, the
        // gravest.
        let mut ids = BTreeSet::new();
        findings.retain(|finding| ids.insert(finding.id.clone()));
        findings
    }

    fn finding(&self, key: &Key, draft: &Draft, sources: &Sources<'_>) -> Option<Finding> {
        let told: Vec<&Event> =
            draft.told().iter().filter_map(|row| sources.records.get(&row.place)).collect();
        let (meta, matched) = match key.rule {
            Rule::BuiltIn(index) => {
                let detection = self.detections.get(index)?;
                (Meta::of(detection), self.told(index, draft, &told)?)
            }
            Rule::Lint(index) => (lints::meta(checks::ALL.get(index)?), draft.matched.clone()?),
            Rule::Sigma(index) => {
                let meta = sources.sigma.get(index)?.clone();
                let matched = words::sigma_match(&meta, draft, told.first().copied(), key, sources);
                (meta, matched)
            }
        };
        Some(self.write(draft, &meta, matched, &told, sources))
    }

    /// The match of a draft: kept from its record, or told now.
    fn told(&self, index: usize, draft: &Draft, events: &[&Event]) -> Option<Match> {
        if let Some(matched) = &draft.matched {
            return Some(matched.clone());
        }
        let watch = self.units.get(index)?.watch.as_ref()?;
        let story = Story {
            events,
            total: draft.total,
            distinct: draft.distinct,
            outcome: draft.outcome,
            outcomes: draft.evidence.iter().map(|row| row.flags.outcome()).collect(),
            first_time: draft.evidence.first()?.time(),
            last_time: draft.last.time(),
        };
        watch.tell(&story)
    }

    fn write(
        &self,
        draft: &Draft,
        meta: &Meta,
        matched: Match,
        told: &[&Event],
        sources: &Sources<'_>,
    ) -> Finding {
        let (speaker, chain) = match draft.speaker {
            Some(row) => (sources.records.get(&row.place), &draft.chain_first),
            None if matched.actor_from_last => (told.last().copied(), &draft.chain_last),
            None => (told.first().copied(), &draft.chain_first),
        };
        let (actor, label) = match speaker {
            Some(event) => people::actor(event, chain, sources.records),
            None => (Party::default(), "somebody unknown".to_owned()),
        };
        let first = draft.evidence.first().copied().unwrap_or(draft.last);
        let account = first.account_id().map(|account| account.to_string());
        let evidence: Vec<Evidence> =
            draft.evidence.iter().map(|row| evidence(row, sources)).collect();
        let anchor = evidence.first().map(|first| first.event_id.clone()).unwrap_or_default();
        let times = words::times(draft, sources);
        let explanation = matched.explanation.replace("{times}", &times).replace("{actor}", &label);
        let region = sources.records.get(&first.place).map(|event| event.region.clone());
        let time = first.time();
        Finding {
            severity: draft.severity.or(matched.severity).unwrap_or(meta.severity),
            confidence: draft.confidence.or(matched.confidence).unwrap_or(meta.confidence),
            outcome: Some(matched.outcome.unwrap_or(draft.outcome)),
            region: region.filter(|region| !region.is_empty()),
            last_time: draft.last.time(),
            actor,
            evidence,
            evidence_total: draft.total,
            ..meta.finding(Match { explanation, ..matched }, account, &anchor, time)
        }
    }
}

/// The order of findings: most severe first, then oldest, then by id.
pub fn sort(findings: &mut [Finding]) {
    findings.sort_by(|a, b| {
        let rank = |finding: &Finding| (std::cmp::Reverse(finding.severity), finding.first_time);
        rank(a).cmp(&rank(b)).then_with(|| a.id.cmp(&b.id))
    });
}

fn evidence(row: &Row, sources: &Sources<'_>) -> Evidence {
    let action = sources.actions.get(row.action);
    let record = sources.records.get(&row.place);
    let event_id = match record {
        Some(event) if row.flags.has(Flags::ID_HASHED) && !event.id.is_empty() => event.id.clone(),
        _ => skim::uuid_text(row.order.id),
    };
    let written = |known: &str, read: Option<&str>| match read {
        Some(read) if known.is_empty() => read.to_owned(),
        _ => known.to_owned(),
    };
    Evidence {
        event_id,
        event_name: written(&action.event_name, record.map(|event| event.event_name.as_str())),
        event_source: written(
            &action.event_source,
            record.map(|event| event.event_source.as_str()),
        ),
        event_time: row.time(),
        account: row.account_id().map(|account| account.to_string()),
        file: sources.files.get(row.place.file as usize).cloned().unwrap_or_default(),
        record: u64::from(row.place.record),
    }
}

#[cfg(test)]
mod tests;
