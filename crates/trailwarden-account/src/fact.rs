//! A fact: known, with the record that proves it, or unknown, with the reason.

use std::sync::Arc;

use trailwarden_model::Timestamp;
use trailwarden_record::row::{Order, Place};

/// What a fact rests on.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Proof {
    /// A record of the trail.
    Record(Arc<RecordProof>),
    /// What AWS answered when it was asked.
    Baseline {
        /// When it was asked.
        taken: Timestamp,
        /// Which of its answers.
        part: &'static str,
    },
    /// A document that AWS publishes for all accounts, from the program's own table.
    Published {
        /// The day of the table, as `2026-09-26`.
        date: &'static str,
    },
}

/// The record behind a fact.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct RecordProof {
    /// `eventID`.
    pub event_id: String,
    /// The call's name, such as `PutGroupPolicy`.
    pub event_name: String,
    /// Its place in the total order.
    pub order: Order,
    /// Where it can be read again.
    pub place: Place,
}

impl Proof {
    /// When that was so; the table of published documents has no time of the account's.
    #[must_use]
    pub fn time(&self) -> Option<Timestamp> {
        match self {
            Self::Record(record) => Some(record.order.time),
            Self::Baseline { taken, .. } => Some(*taken),
            Self::Published { .. } => None,
        }
    }

    /// The record's event id.
    #[must_use]
    pub fn event_id(&self) -> Option<&str> {
        match self {
            Self::Record(record) => Some(&record.event_id),
            Self::Baseline { .. } | Self::Published { .. } => None,
        }
    }
}

/// Why two calls of one second that undo each other leave it open what is so.
pub const UNORDERED: &str =
    "a call of the same second did the opposite, and which came last is not known";

/// Why something is not known.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub enum Why {
    /// No record and no baseline has told; the trail may have begun later.
    #[default]
    NeverSeen,
    /// CloudTrail left out this record's parameters because they were too large.
    Omitted(Proof),
    /// This record changed it without saying to what.
    NotSaid(Proof),
    /// This record shows that something happened before it that nobody saw.
    Missed(Proof),
    /// This record took something off in the second in which another put it there.
    Unordered(Proof),
    /// Records such as this one tell it in more than one way, and which counts is not known.
    Several(Proof),
    /// AWS owns the document, and the program's table does not have it.
    NotPublished,
    /// The document is no policy that can be read.
    Unreadable,
}

impl Why {
    /// The reason in words for a sentence that says what is unknown.
    #[must_use]
    pub fn as_str(&self) -> &'static str {
        match self {
            Self::NeverSeen => "no record or baseline has shown it",
            Self::Omitted(_) => "CloudTrail left out the parameters as too large",
            Self::NotSaid(_) => "the record does not say",
            Self::Missed(_) => {
                "a call does not fit the records before it, so a record of some change is missing"
            }
            Self::Unordered(_) => UNORDERED,
            Self::Several(_) => "several records tell of it, and not the same",
            Self::NotPublished => "the document of this AWS managed policy is not known",
            Self::Unreadable => "its text cannot be read",
        }
    }
}

/// A value that is known or not.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Fact<T> {
    /// It is known.
    Known {
        /// What it is.
        value: T,
        /// What says so.
        proof: Proof,
    },
    /// It is not known.
    Unknown {
        /// Why not.
        why: Why,
        /// What it was when it was last known: perhaps still so.
        last: Option<(T, Proof)>,
    },
}

impl<T> Default for Fact<T> {
    fn default() -> Self {
        Self::unknown(Why::NeverSeen)
    }
}

impl<T> Fact<T> {
    /// Known by a proof.
    pub fn known(value: T, proof: &Proof) -> Self {
        Self::Known { value, proof: proof.clone() }
    }

    /// Unknown, and never known before.
    pub fn unknown(why: Why) -> Self {
        Self::Unknown { why, last: None }
    }

    /// The value, when it is known.
    pub fn value(&self) -> Option<&T> {
        match self {
            Self::Known { value, .. } => Some(value),
            Self::Unknown { .. } => None,
        }
    }

    /// What proves the value, when it is known.
    pub fn proof(&self) -> Option<&Proof> {
        match self {
            Self::Known { proof, .. } => Some(proof),
            Self::Unknown { .. } => None,
        }
    }

    /// Why it is unknown, when it is.
    pub fn why(&self) -> Option<&Why> {
        match self {
            Self::Known { .. } => None,
            Self::Unknown { why, .. } => Some(why),
        }
    }

    /// The value, or what it last was: only for showing, never for deciding that all is well.
    pub fn last_value(&self) -> Option<&T> {
        match self {
            Self::Known { value, .. } => Some(value),
            Self::Unknown { last, .. } => last.as_ref().map(|(value, _)| value),
        }
    }

    /// Whether it is known.
    pub fn is_known(&self) -> bool {
        matches!(self, Self::Known { .. })
    }

    /// Makes it unknown and keeps what it last was.
    pub fn doubt(&mut self, why: &Why) {
        let last = match std::mem::take(self) {
            Self::Known { value, proof } => Some((value, proof)),
            Self::Unknown { last, .. } => last,
        };
        *self = Self::Unknown { why: why.clone(), last };
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn doubt_keeps_what_was_last_known() {
        let proof = Proof::Baseline { taken: Timestamp::from_seconds(1), part: "test" };
        let mut fact = Fact::known(7, &proof);
        fact.doubt(&Why::NeverSeen);
        fact.doubt(&Why::NotSaid(proof));
        assert_eq!((fact.value(), fact.last_value(), fact.is_known()), (None, Some(&7), false));
        assert_eq!(fact.why().map(Why::as_str), Some("the record does not say"));
    }
}
