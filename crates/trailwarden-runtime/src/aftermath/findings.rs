//! Findings about calls of the contained.

use trailwarden_model::attack::Attack;
use trailwarden_model::finding::{
    self, Authorized, Evidence, Finding, Kind, Party, Status, finding_id,
};
use trailwarden_model::{Confidence, Outcome, Severity, Timestamp};
use trailwarden_record::skim::uuid_text;
use trailwarden_record::{Event, Row};

use super::class::Class;
use super::judge::{Shown, Subject, Tally, Watcher};
use super::{ABOUT, RULE, SETTLES};

/// What a class means for its reader.
struct Meaning {
    word: &'static str,
    title: &'static str,
    did: &'static str,
    means: &'static str,
    severity: Severity,
    confidence: Confidence,
    outcome: Outcome,
}

impl Class {
    fn meaning(self) -> Meaning {
        let meaning = |word, title, did, means, severity, confidence, outcome| Meaning {
            word,
            title,
            did,
            means,
            severity,
            confidence,
            outcome,
        };
        match self {
            Self::Late => meaning(
                "late",
                "Somebody contained still acts",
                "went through",
                "The containment does not hold: find out by which credentials, and contain again.",
                Severity::Critical,
                Confidence::High,
                Outcome::Succeeded,
            ),
            Self::Early => meaning(
                "early",
                "Somebody acted right after being contained",
                "went through",
                "The change may not have been everywhere yet, which is what such moments are used for: look at what these calls did.",
                Severity::Medium,
                Confidence::High,
                Outcome::Succeeded,
            ),
            Self::Unclear => meaning(
                "unclear",
                "Somebody contained made calls that may have been let in",
                "did not say whether the containment stopped them",
                "They failed for another reason, or the records do not tell when their session began, or of which key it came.",
                Severity::Medium,
                Confidence::Low,
                Outcome::Failed,
            ),
            Self::Refused => meaning(
                "refused",
                "Somebody contained is refused",
                "were refused",
                "The containment works, and somebody still tries: find out what holds these credentials.",
                Severity::Low,
                Confidence::High,
                Outcome::Denied,
            ),
            Self::Free => meaning(
                "free",
                "Somebody contained makes calls that no policy denies",
                "went through, since they need no permission",
                "They show that somebody is still there, and nothing of the containment.",
                Severity::Low,
                Confidence::High,
                Outcome::Succeeded,
            ),
        }
    }
}

impl Watcher {
    /// One finding for each class of calls of somebody contained.
    pub(super) fn findings(&self, subject: &Subject, files: &[String]) -> Vec<Finding> {
        let tallies = subject.tallies.iter();
        tallies.map(|(class, tally)| self.finding(subject, *class, tally, files)).collect()
    }

    fn finding(&self, subject: &Subject, class: Class, tally: &Tally, files: &[String]) -> Finding {
        let meaning = class.meaning();
        let who = subject.of.who();
        let account = self.account.to_string();
        let evidence: Vec<Evidence> = tally.shown.iter().map(|one| one.evidence(files)).collect();
        let anchor = evidence.first().map_or("", |one| one.event_id.as_str());
        let first_time = evidence.first().map_or(tally.last, |one| one.event_time);
        Finding {
            schema: finding::SCHEMA.to_owned(),
            id: finding_id(RULE, &account, &format!("{who} {}", meaning.word), anchor),
            rule: RULE.to_owned(),
            title: meaning.title.to_owned(),
            risk: ABOUT.risk.to_owned(),
            explanation: self.explanation(subject, &meaning, tally, first_time),
            supersedes: Vec::new(),
            kind: Kind::Detection,
            severity: meaning.severity,
            confidence: meaning.confidence,
            status: Status::Open,
            outcome: Some(meaning.outcome),
            region: (!tally.region.is_empty()).then(|| tally.region.clone()),
            first_time,
            last_time: tally.last,
            actor: tally.actor.clone(),
            target: Party {
                kind: Some(subject.of.kind.as_str().to_owned()),
                name: Some(subject.of.name.clone()),
                account: Some(account.clone()),
                ..Party::default()
            },
            account: Some(account),
            evidence,
            evidence_total: tally.total,
            effect: None,
            authorized: Authorized::default(),
            attack: ABOUT.attack.iter().map(|id| Attack::of(id)).collect(),
            false_positives: ABOUT.false_positives.iter().map(|&text| text.to_owned()).collect(),
            remediation: vec!["attach-quarantine-policy".to_owned()],
        }
    }

    fn explanation(
        &self,
        subject: &Subject,
        meaning: &Meaning,
        tally: &Tally,
        first_time: Timestamp,
    ) -> String {
        let (since, _) = subject.of.span();
        let mut names: Vec<&str> = tally.actions.iter().map(String::as_str).collect();
        if tally.has_more {
            names.push("others");
        }
        let calls = if tally.total == 1 { "call" } else { "calls" };
        let mut text = format!(
            "{} {calls} ({}) of {} {} from {first_time} to {}; the run {} had contained it since {since}.",
            tally.total,
            names.join(", "),
            subject.of.who(),
            meaning.did,
            tally.last,
            self.run,
        );
        if meaning.word == "early" {
            text.push_str(&format!(" All of them were within {SETTLES} seconds of a step of it."));
        }
        if tally.by_sessions {
            text.push_str(
                " Some were made with temporary credentials that came of a key: a key that is switched off does not end those.",
            );
        }
        format!("{text} {}", meaning.means)
    }
}

impl Shown {
    pub(super) fn of(row: &Row, event: &Event) -> Self {
        let id = || uuid_text(row.order.id);
        Self {
            event_id: if event.id.is_empty() { id() } else { event.id.clone() },
            event_name: event.event_name.clone(),
            event_source: event.event_source.clone(),
            time: event.time,
            account: row.account_id(),
            place: row.place,
        }
    }

    fn evidence(&self, files: &[String]) -> Evidence {
        Evidence {
            event_id: self.event_id.clone(),
            event_name: self.event_name.clone(),
            event_source: self.event_source.clone(),
            event_time: self.time,
            account: self.account.map(|account| account.to_string()),
            file: files.get(self.place.file as usize).cloned().unwrap_or_default(),
            record: u64::from(self.place.record),
        }
    }
}
