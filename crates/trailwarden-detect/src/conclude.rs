//! From drafts to findings: the records that a sentence needs are at hand again, the actor is
//! followed to the person behind, and everything gets its stable id.

use std::collections::{BTreeMap, BTreeSet};
use std::panic::{AssertUnwindSafe, catch_unwind};

use foldhash::HashMap;
use trailwarden_model::attack::Attack;
use trailwarden_model::finding::{self, Authorized, Evidence, Kind, Party, Status, finding_id};
use trailwarden_model::{Confidence, Finding, Severity};
use trailwarden_record::row::{Actions, Flags, Place};
use trailwarden_record::{Event, Row, skim};

use crate::detection::Detection;
use crate::draft::{Draft, FINDINGS_MAX, Key, Rule, Subject};
use crate::engine::{Engine, panic_text};
use crate::matches::{Match, Story};

/// What a finding takes from its rule.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Meta {
    /// Rule id.
    pub id: String,
    /// Title.
    pub title: String,
    /// Why it matters.
    pub risk: String,
    /// What produced the finding.
    pub kind: Kind,
    /// Severity, unless the match says otherwise.
    pub severity: Severity,
    /// Confidence, unless the match says otherwise.
    pub confidence: Confidence,
    /// ATT&CK technique ids.
    pub attack: Vec<String>,
    /// Known harmless causes.
    pub false_positives: Vec<String>,
    /// Remediation ids.
    pub remedies: Vec<String>,
}

impl Meta {
    /// Of a built-in detection.
    pub fn of(detection: &Detection) -> Self {
        let owned = |texts: &[&str]| texts.iter().map(|text| (*text).to_owned()).collect();
        Self {
            id: detection.id.to_owned(),
            title: detection.title.to_owned(),
            risk: detection.risk.to_owned(),
            kind: Kind::Detection,
            severity: detection.severity,
            confidence: detection.confidence,
            attack: owned(detection.attack),
            false_positives: owned(detection.false_positives),
            remedies: owned(detection.remedies),
        }
    }
}

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
                Rule::BuiltIn(_) if draft.matched.is_some() => {
                    places.extend(told.first().map(|row| row.place));
                    places.extend(draft.speaker.map(|row| row.place));
                }
                Rule::BuiltIn(_) => places.extend(told.iter().map(|row| row.place)),
            }
            let hashed = draft.evidence.iter().filter(|row| row.flags.has(Flags::ID_HASHED));
            places.extend(hashed.map(|row| row.place));
            places.extend(&draft.chain_first);
            places.extend(&draft.chain_last);
        }
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
                // A Sigma rule has no code of its own that could panic.
                (Err(panic), Rule::Sigma(_)) => std::panic::resume_unwind(panic),
            }
        }
        findings.extend(self.health(&panics));
        findings.sort_by(|a, b| {
            let rank =
                |finding: &Finding| (std::cmp::Reverse(finding.severity), finding.first_time);
            rank(a).cmp(&rank(b)).then_with(|| a.id.cmp(&b.id))
        });
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
            Rule::Sigma(index) => {
                let meta = sources.sigma.get(index)?.clone();
                let matched = sigma_match(&meta, draft, told.first().copied(), key);
                (meta, matched)
            }
        };
        Some(self.write(key, draft, &meta, matched, &told, sources))
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
            first_time: draft.evidence.first()?.time(),
            last_time: draft.last.time(),
        };
        watch.tell(&story)
    }

    fn write(
        &self,
        key: &Key,
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
            Some(event) => actor(event, chain, sources.records),
            None => (Party::default(), "somebody unknown".to_owned()),
        };
        let first = draft.evidence.first().copied().unwrap_or(draft.last);
        let account = first.account_id().map(|account| account.to_string());
        let evidence: Vec<Evidence> =
            draft.evidence.iter().map(|row| evidence(row, sources)).collect();
        let anchor = evidence.first().map(|first| first.event_id.clone()).unwrap_or_default();
        let times = match (draft.total, draft.actors_differ) {
            (0 | 1, _) => String::new(),
            (total, false) => format!(" ({total} times)"),
            (total, true) => format!(" ({total} times, by more than one principal)"),
        };
        let explanation = matched.explanation.replace("{actor}", &label).replace("{times}", &times);
        let region = sources.records.get(&first.place).map(|event| event.region.clone());
        Finding {
            schema: finding::SCHEMA.to_owned(),
            id: finding_id(
                &meta.id,
                account.as_deref().unwrap_or_default(),
                &matched.subject,
                &anchor,
            ),
            rule: meta.id.clone(),
            title: meta.title.clone(),
            risk: meta.risk.clone(),
            explanation,
            supersedes: Vec::new(),
            kind: meta.kind,
            severity: draft.severity.or(matched.severity).unwrap_or(meta.severity),
            confidence: draft.confidence.or(matched.confidence).unwrap_or(meta.confidence),
            status: Status::Open,
            outcome: Some(key.outcome.unwrap_or_else(|| draft.last.flags.outcome())),
            account,
            region: region.filter(|region| !region.is_empty()),
            first_time: first.time(),
            last_time: draft.last.time(),
            actor,
            target: matched.target,
            evidence,
            evidence_total: draft.total,
            effect: None,
            authorized: Authorized::default(),
            attack: meta.attack.iter().map(|technique| Attack::of(technique)).collect(),
            false_positives: meta.false_positives.clone(),
            remediation: meta.remedies.clone(),
        }
    }

    /// What went wrong in the engine itself.
    fn health(&self, panics: &BTreeMap<usize, String>) -> Vec<Finding> {
        let mut health = Vec::new();
        for (index, text) in panics {
            let Some(detection) = self.detections.get(*index) else { continue };
            let sentence = format!(
                "The detection {} stopped with an error and has not said all that it should: {text}. All others \
                 went on. Please report it.",
                detection.id
            );
            health.push(self.health_finding(
                "detection-panicked",
                detection.id,
                sentence,
                Severity::Medium,
            ));
        }
        for id in self.truncated() {
            let sentence = format!(
                "The detection {id} met more principals or records than it can remember and dropped the oldest, so it \
                 may have missed something. Scan a shorter period at a time."
            );
            health.push(self.health_finding("memory-limit-reached", id, sentence, Severity::Low));
        }
        for what in self.forgotten() {
            let sentence = format!(
                "There was more to remember than {what} can hold, and the oldest was dropped, so something may have \
                 been missed or an actor not followed to the person behind. Scan a shorter period at a time."
            );
            health.push(self.health_finding("memory-limit-reached", what, sentence, Severity::Low));
        }
        for rule in &self.drafts.overflowed {
            let id = match rule {
                Rule::BuiltIn(index) => {
                    self.detections.get(*index).map_or("", |detection| detection.id).to_owned()
                }
                Rule::Sigma(index) => format!("sigma rule number {index}"),
            };
            let sentence = format!(
                "{id} made more than {FINDINGS_MAX} findings; those beyond are not listed."
            );
            health.push(self.health_finding("finding-limit-reached", &id, sentence, Severity::Low));
        }
        health
    }

    fn health_finding(
        &self,
        rule: &str,
        subject: &str,
        explanation: String,
        severity: Severity,
    ) -> Finding {
        Finding {
            schema: finding::SCHEMA.to_owned(),
            id: finding_id(rule, "", subject, ""),
            rule: rule.to_owned(),
            title: rule.replace('-', " "),
            risk: "What this detection would have found is not among the findings.".to_owned(),
            explanation,
            supersedes: Vec::new(),
            kind: Kind::Health,
            severity,
            confidence: Confidence::High,
            status: Status::Open,
            outcome: None,
            account: None,
            region: None,
            first_time: self.now(),
            last_time: self.now(),
            actor: Party::default(),
            target: Party {
                kind: Some("detection".into()),
                name: Some(subject.into()),
                ..Party::default()
            },
            evidence: Vec::new(),
            evidence_total: 0,
            effect: None,
            authorized: Authorized::default(),
            attack: Vec::new(),
            false_positives: Vec::new(),
            remediation: Vec::new(),
        }
    }
}

fn sigma_match(meta: &Meta, draft: &Draft, event: Option<&Event>, key: &Key) -> Match {
    let what = event.map_or_else(|| "calls".to_owned(), Event::action);
    let how = match key.outcome {
        Some(outcome) => format!(" ({})", outcome.as_str()),
        None => String::new(),
    };
    let also = match draft.total {
        0 | 1 => String::new(),
        total => format!(" and {} more records", total - 1),
    };
    let subject = match &key.subject {
        Subject::Named(name) => name.clone(),
        Subject::Group(group) => format!("{group:016x}"),
    };
    let target = event.map(Event::target_party).unwrap_or_default();
    Match::about(
        target,
        format!(
            "{{actor}} called {what}{how}{also}, which the Sigma rule \"{}\" matches.",
            meta.title
        ),
    )
    .subject(subject)
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

/// The principal behind an event, and how a sentence names it.
///
/// The last issuing call that could be read again belongs to whoever began the chain.
fn actor(event: &Event, chain: &[Place], records: &Records) -> (Party, String) {
    let direct = event.caller.party(&event.address);
    let begun = chain.iter().rev().find_map(|place| records.get(place));
    let Some(origin) = begun.filter(|origin| origin.caller.stable != event.caller.stable) else {
        return (direct, label(event));
    };
    let mut party = origin.caller.party(&event.address);
    party.session.clone_from(&direct.session);
    party.access_key.clone_from(&direct.access_key);
    (party, format!("{} (through {})", label(origin), described(event)))
}

fn label(event: &Event) -> String {
    let caller = &event.caller;
    let who = described(event);
    if caller.source_identity.is_empty() {
        who
    } else {
        format!("{who} (source identity {})", caller.source_identity)
    }
}

fn described(event: &Event) -> String {
    use trailwarden_record::caller::CallerKind as Kind;
    let caller = &event.caller;
    match caller.kind {
        Kind::Root => "the root user".to_owned(),
        Kind::User => format!("user {}", caller.name()),
        Kind::Role => match caller.session_name() {
            Some(session) => format!("role {} (session {session})", caller.name()),
            None => format!("role {}", caller.name()),
        },
        Kind::Service => format!("the service {}", caller.name()),
        Kind::FederatedUser => format!("federated user {}", caller.name()),
        Kind::Account => match caller.account {
            Some(account) => format!("a principal of account {account}"),
            None => "a principal of another account".to_owned(),
        },
        Kind::IdentityCenterUser => "an Identity Center user".to_owned(),
        Kind::Federated => format!("federated identity {}", caller.name()),
        Kind::Unknown => "an unknown caller".to_owned(),
    }
}
