//! What a detection is: metadata, logic and proof in one static value.
//!
//! A unit is one file under `detections/`. Its trails (`fires_on`, `quiet_on`) are tests and
//! documentation at once; see [`crate::trail`] for their language.

use trailwarden_model::{Confidence, Outcome, Severity};
use trailwarden_record::row::Flags;

use crate::by_effect::Class;
use crate::context::Cx;
use crate::matches::{Match, Story};
use crate::watch::Watch;

/// A built-in detection.
pub struct Detection {
    /// Kebab-case, stable for ever, equal to the file's name; reads after "this happened:".
    pub id: &'static str,
    /// The same in plain words.
    pub title: &'static str,
    /// Harm if true; a match may raise or lower it.
    pub severity: Severity,
    /// Likelihood that it is true; a match may change it.
    pub confidence: Confidence,
    /// The version that brought it.
    pub since: &'static str,
    /// The rows of the coverage list that this unit answers.
    pub covers: &'static [&'static str],
    /// Which records it sees.
    pub select: Select,
    /// ATT&CK techniques.
    pub attack: &'static [&'static str],
    /// Why it matters: what somebody can do with it, in a sentence or two.
    pub risk: &'static str,
    /// Known harmless causes, and what to do about each.
    pub false_positives: &'static [&'static str],
    /// Ids of the remediations that fit.
    pub remedies: &'static [&'static str],
    /// What must be given for it to run.
    pub needs: Needs,
    /// Trails on which it fires.
    pub fires_on: &'static [&'static str],
    /// Trails on which it does not; at least one has an event of a selected name.
    pub quiet_on: &'static [&'static str],
    /// How it judges.
    pub logic: Logic,
}

impl Detection {
    /// Whether the configuration can say how many values it takes.
    pub fn has_threshold(&self) -> bool {
        match &self.logic {
            Logic::Distinct(_) | Logic::Sequence(_) => true,
            Logic::Watch(build) => build().has_threshold(),
            Logic::Each(_)
            | Logic::Effect(_)
            | Logic::Text(_)
            | Logic::Absence(_)
            | Logic::First(_) => false,
        }
    }

    /// Whether the configuration can say how long its window is.
    pub fn has_window(&self) -> bool {
        match &self.logic {
            Logic::Distinct(_) | Logic::Sequence(_) | Logic::Absence(_) => true,
            Logic::Each(_)
            | Logic::Effect(_)
            | Logic::Text(_)
            | Logic::First(_)
            | Logic::Watch(_) => false,
        }
    }
}

/// Which records a detection sees.
pub struct Select {
    /// `service:Event` patterns. `*` at the end of either part matches the rest; `<reads>` and
    /// `<writes>` as event stand for calls that read or change, by their names.
    pub events: &'static [&'static str],
    /// Outcomes; empty for all.
    pub outcomes: &'static [Outcome],
    /// Facts that must all hold; [`Flags::default`] for none.
    pub flags: Flags,
    /// Whether the detection reads the record itself ([`Cx::event`]) or only its row.
    pub reads: Reads,
}

/// How much of a record a detection reads.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Reads {
    /// The whole record: only for names that are rare in ordinary traffic.
    Record,
    /// Only the row: fit for every record.
    Row,
    /// The row of every record, and the whole record for calls of these patterns, which must be rare
    /// in ordinary traffic.
    RecordOf(&'static [&'static str]),
    /// The whole record, but only where its user agent holds one of these words, in any case: the
    /// detection says nothing of any other. Words are ASCII letters, digits, blanks and hyphens.
    RecordNaming(&'static [&'static str]),
}

impl Reads {
    /// Whether the detection cannot judge by the row alone.
    pub fn is_record(self) -> bool {
        matches!(self, Self::Record | Self::RecordNaming(_))
    }
}

/// What must be given for a detection to run.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Needs {
    /// Nothing.
    Nothing,
    /// A GeoIP database (`--geoip FILE`).
    GeoIp,
    /// Fourteen days of logs before it speaks.
    History,
    /// Decoys named in the configuration.
    Decoys,
    /// Break-glass principals named in the configuration.
    BreakGlass,
}

/// How a detection judges.
pub enum Logic {
    /// Record by record.
    Each(fn(&Cx<'_>) -> Option<Match>),
    /// Change by change, by what each does to permissions ([`Cx::effect`]), where the change is of this
    /// class. Such a detection judges a record before all others do.
    Effect(Class),
    /// Record by record, by the text of a policy alone: silent where a detection by effect has
    /// spoken of the same record, because it would tell the same harm again.
    Text(fn(&Cx<'_>) -> Option<Match>),
    /// Many distinct values within a window.
    Distinct(Distinct),
    /// Several steps within a window.
    Sequence(Sequence),
    /// Something that is not followed by something else in time.
    Absence(Absence),
    /// Something for the first time.
    First(First),
    /// A state machine of its own.
    Watch(fn() -> Box<dyn Watch>),
}

/// Fires when a group shows at least `at_least` distinct values within the window.
pub struct Distinct {
    /// The group and the value a record counts for; `None` when it does not count.
    pub count: fn(&Cx<'_>) -> Option<(u64, u64)>,
    /// How many distinct values make a finding; the configuration may change it.
    pub at_least: usize,
    /// Length of the window in seconds; the configuration may change it.
    pub within_seconds: i64,
    /// Puts the finding in words, from the records themselves.
    pub tell: fn(&Story<'_>) -> Option<Match>,
}

/// Fires when every step has been seen within the window, in order unless `any_order`.
///
/// Records of the same second are concurrent: they satisfy the steps in either order.
pub struct Sequence {
    /// The steps.
    pub steps: &'static [Step],
    /// Whether the steps may come in any order.
    pub any_order: bool,
    /// Length of the window in seconds; the configuration may change it.
    pub within_seconds: i64,
    /// Puts the finding in words, from the records themselves.
    pub tell: fn(&Story<'_>) -> Option<Match>,
}

/// One step of a sequence.
pub struct Step {
    /// The group (what joins the steps: an actor, a target, a key) and the value that counts
    /// towards `at_least`; `None` when the record is not this step.
    pub joins: fn(&Cx<'_>) -> Option<(u64, u64)>,
    /// How many distinct values the step takes.
    pub at_least: usize,
}

/// Fires when `begins` was seen and `ends` was not within the window, once event time has passed it.
pub struct Absence {
    /// The group of a record that begins the wait.
    pub begins: fn(&Cx<'_>) -> Option<u64>,
    /// The group of a record that ends the wait.
    pub ends: fn(&Cx<'_>) -> Option<u64>,
    /// How long the wait lasts, in seconds.
    pub within_seconds: i64,
    /// Puts the finding in words, from the records themselves.
    pub tell: fn(&Story<'_>) -> Option<Match>,
}

/// Fires when a scope shows a value that it has not shown for `memory_days`.
///
/// It is off until the logs have reached `learn_days` back, and for a scope that is itself younger
/// than that.
pub struct First {
    /// The scope (usually the principal) and the value.
    pub of: fn(&Cx<'_>) -> Option<(u64, u64)>,
    /// How many days of logs, and of the scope, it needs before it speaks.
    pub learn_days: i64,
    /// How many days it remembers.
    pub memory_days: i64,
    /// Puts the finding in words, from the records themselves.
    pub tell: fn(&Story<'_>) -> Option<Match>,
}
