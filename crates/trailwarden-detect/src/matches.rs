//! What a detection answers.

use trailwarden_model::finding::{Effect, Party};
use trailwarden_model::{Confidence, Outcome, Severity, Timestamp};
use trailwarden_record::Event;

/// One match: the subject, how grave, and the sentence.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Match {
    /// What the finding is about, by a unique id that lasts: matches of one rule with one subject
    /// are one finding.
    pub subject: String,
    /// What it was done to.
    pub target: Party,
    /// Severity, when it differs from the detection's.
    pub severity: Option<Severity>,
    /// Confidence, when it differs from the detection's.
    pub confidence: Option<Confidence>,
    /// Who did what to whom. `{actor}` stands for the actor, who is known in full only at the end;
    /// `{times}` for nothing or ` (N times)`, with the calls when they differ.
    pub explanation: String,
    /// What came of it, when that of all records together is not it.
    pub outcome: Option<Outcome>,
    /// Whether the explanation's actor should be taken from the last record instead of the first.
    pub actor_from_last: bool,
    /// What the change does to permissions, where that was judged.
    pub effect: Option<Effect>,
    /// Whether the effect decides the severity, and what is left where it is harmless.
    pub weight: Weight,
}

/// How the effect of a change weighs on a match about it.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub enum Weight {
    /// Not at all.
    #[default]
    Own,
    /// It decides; a harmless one leaves nothing to say.
    Effect,
    /// It decides; of a harmless one this is left, and nothing where nothing came of the change.
    AtLeast(Severity),
    /// It can only raise it.
    Raises,
}

impl Match {
    /// A match about the event's own target.
    pub fn on_target(event: &Event, explanation: impl Into<String>) -> Self {
        Self::about(event.target_party(), explanation)
    }

    /// A match about some party.
    pub fn about(target: Party, explanation: impl Into<String>) -> Self {
        let subject = [&target.arn, &target.id, &target.name, &target.access_key, &target.kind]
            .into_iter()
            .find_map(Clone::clone)
            .unwrap_or_else(|| "unknown".to_owned());
        Self {
            subject,
            target,
            severity: None,
            confidence: None,
            outcome: None,
            explanation: explanation.into(),
            actor_from_last: false,
            effect: None,
            weight: Weight::Own,
        }
    }

    /// A match about the caller.
    pub fn on_caller(event: &Event, explanation: impl Into<String>) -> Self {
        let mut matched = Self::about(event.caller.party(""), explanation);
        matched.subject.clone_from(&event.caller.stable);
        matched.target.address = None;
        matched
    }

    /// With another subject.
    #[must_use]
    pub fn subject(mut self, subject: impl Into<String>) -> Self {
        self.subject = subject.into();
        self
    }

    /// With another severity.
    #[must_use]
    pub fn severity(mut self, severity: Severity) -> Self {
        self.severity = Some(severity);
        self
    }

    /// With another severity when the condition holds.
    #[must_use]
    pub fn severity_if(self, holds: bool, severity: Severity) -> Self {
        if holds { self.severity(severity) } else { self }
    }

    /// With another confidence.
    #[must_use]
    pub fn confidence(mut self, confidence: Confidence) -> Self {
        self.confidence = Some(confidence);
        self
    }

    /// With an outcome other than that of all records together.
    #[must_use]
    pub fn outcome(mut self, outcome: Option<Outcome>) -> Self {
        self.outcome = outcome;
        self
    }

    /// With the severity of an attempt (two lower, at least low) when the call did not succeed.
    #[must_use]
    pub fn attempted_if_not(self, outcome: Outcome, severity: Severity) -> Self {
        let severity = self.severity.unwrap_or(severity);
        if outcome == Outcome::Succeeded {
            self.severity(severity)
        } else {
            self.severity(severity.attempted())
        }
    }

    /// Weighed by the effect of the change: as far as that is known in full, it decides the severity;
    /// as far as it is not, it can only raise it.
    #[must_use]
    pub fn weighed(mut self, weight: Weight) -> Self {
        self.weight = weight;
        self
    }

    /// The actor is that of the last record: who used what others made.
    #[must_use]
    pub fn by_last(mut self) -> Self {
        self.actor_from_last = true;
        self
    }
}

/// The first few of some texts, joined for a sentence, and how many more there are.
pub fn listed(texts: &[String]) -> String {
    const SHOWN_MAX: usize = 5;
    let shown = texts.get(..SHOWN_MAX.min(texts.len())).unwrap_or_default().join(", ");
    match texts.len().saturating_sub(SHOWN_MAX) {
        0 => shown,
        more => format!("{shown} and {more} more"),
    }
}

/// The records behind a window's match, read again for their words.
pub struct Story<'a> {
    /// Some of the records, in order: the first ones and the last.
    pub events: &'a [&'a Event],
    /// How many records there are in all.
    pub total: u64,
    /// How many distinct values were counted.
    pub distinct: usize,
    /// What came of all the records together: a success outweighs refusals.
    pub outcome: Outcome,
    /// What came of each record that the finding lists, in order.
    pub outcomes: Vec<Outcome>,
    /// Time of the first record.
    pub first_time: Timestamp,
    /// Time of the last record.
    pub last_time: Timestamp,
}

impl<'a> Story<'a> {
    /// The first record.
    pub fn first(&self) -> Option<&'a Event> {
        self.events.first().copied()
    }

    /// The last record.
    pub fn last(&self) -> Option<&'a Event> {
        self.events.last().copied()
    }

    /// The first record of that name.
    pub fn named(&self, name: &str) -> Option<&'a Event> {
        self.events.iter().find(|event| event.name() == name).copied()
    }

    /// How sure it is that software asked: the console makes many calls for one click of a person.
    pub fn confidence_in_software(&self) -> Confidence {
        let by_console = self.events.iter().all(|event| event.caller.from_console);
        if by_console { Confidence::Low } else { Confidence::Medium }
    }

    /// From the first record to the last, in words.
    pub fn span(&self) -> String {
        let seconds = self.last_time.since(self.first_time);
        match seconds {
            0 => "one second".to_owned(),
            1..120 => format!("{seconds} seconds"),
            120..7_200 => format!("{} minutes", seconds / 60),
            7_200..172_800 => format!("{} hours", seconds / 3_600),
            _ => format!("{} days", seconds / 86_400),
        }
    }

    /// The distinct event names, in order of first appearance, joined for a sentence.
    pub fn names(&self) -> String {
        let mut names: Vec<&str> = Vec::new();
        for event in self.events {
            if !names.contains(&event.name()) {
                names.push(event.name());
            }
        }
        names.join(", ")
    }
}
