//! What must stay of a principal's permissions: what it used, and what no log can tell.

use std::collections::{BTreeMap, BTreeSet};

use super::Kept;
use super::beside;
use super::recorded::services_with_data_events;
use super::unseen::never_seen;
use crate::facts::events::{action_of, service_of};
use crate::facts::{Action, ActionSet, Level, facts};

/// What the logs of an account can show, and what AWS says of a principal besides.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Sight {
    /// Whether management events that only read are recorded.
    pub reads: bool,
    /// Whether management events that change something are recorded.
    pub writes: bool,
    /// The services of which all data events are recorded, by prefix.
    pub recorded: BTreeSet<String>,
    /// The services of which trails may leave out events, and the logs hold none, by prefix.
    pub left_out: BTreeSet<String>,
    /// The services of which AWS says that the principal used them of late.
    pub used: BTreeSet<String>,
    /// The services of which AWS says that the principal did not.
    pub idle: BTreeSet<String>,
}

/// A call that was not refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Called<'a> {
    /// `eventSource` of its records.
    pub event_source: &'a str,
    /// `eventName` of its records.
    pub event_name: &'a str,
}

/// Why all of a service stays.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Reason {
    /// These events map to no action that is known; a stranger's text.
    Unmapped(BTreeSet<String>),
    /// The logs do not hold all of its data events, or nobody knows whether they do.
    DataEvents,
    /// Trails may leave out its events, and the logs hold none at all.
    LeftOut,
    /// It has no public API, so its use may show nowhere.
    NeverSeen,
    /// AWS says that it was used of late, and the logs hold no call.
    UsedElsewhere,
}

/// What must stay.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Needs {
    /// All of it.
    pub kept: Kept,
    /// The actions that were used.
    pub used: ActionSet,
    /// The actions that stay beside them, since calls take them without an event of theirs.
    pub beside: ActionSet,
    /// Why a service stays whole, by prefix.
    pub reasons: BTreeMap<String, BTreeSet<Reason>>,
    /// Why nothing can be told at all, and so everything stays.
    pub blind: Option<&'static str>,
}

/// Events that no policy allows.
const WITHOUT_POLICY: &[&str] = &["signin.amazonaws.com"];

impl Needs {
    /// From the calls of one principal.
    #[must_use]
    pub fn of<'a>(calls: impl IntoIterator<Item = Called<'a>>, sight: &Sight) -> Self {
        let mut needs = Self::default();
        let mut called = BTreeSet::new();
        for call in calls {
            if WITHOUT_POLICY.iter().any(|source| source.eq_ignore_ascii_case(call.event_source)) {
                continue;
            }
            let service = service_of(call.event_source).map(|service| service.prefix());
            called.extend(service.map(str::to_owned));
            needs.beside.extend(beside::of_event(service, call.event_name));
            match action_of(call.event_source, call.event_name) {
                Some(action) => {
                    needs.used.insert(action);
                }
                None => needs.unmapped(service, call),
            }
        }
        if facts().action("sts:GetFederationToken").is_some_and(|it| needs.used.contains(it.id())) {
            needs.blind = Some("calls of its federation tokens are not told apart from others'");
        }
        let taken = needs.used.union(&needs.beside);
        needs.beside.union_with(&beside::of_actions(&taken));
        needs.beside.difference_with(&needs.used);
        let mut kept = needs.used.union(&needs.beside);
        if !sight.reads {
            kept.union_with(&of_level(|level| !level.is_mutating()));
        }
        if !sight.writes {
            kept.union_with(&of_level(Level::is_mutating));
        }
        needs.unrecorded(&called, sight);
        let if_named = beside::if_named(&needs.used, &called);
        needs.kept = Kept::new(kept, needs.reasons.keys().cloned()).or_named(if_named);
        needs
    }

    fn unmapped(&mut self, service: Option<&'static str>, call: Called<'_>) {
        let host = call.event_source.to_ascii_lowercase();
        let prefixes = service.map_or_else(|| labels(&host), |prefix| vec![prefix]);
        let is_name = |it: &&str| !it.is_empty() && !it.contains(['*', '?', ':']);
        if prefixes.is_empty() || !prefixes.iter().all(is_name) {
            self.blind = Some("a call was made to a service whose name nobody can tell");
            return;
        }
        for prefix in prefixes {
            let reasons = self.reasons.entry(prefix.to_owned()).or_default();
            let mut events = BTreeSet::from([call.event_name.to_owned()]);
            reasons.retain(|reason| match reason {
                Reason::Unmapped(others) => {
                    events.extend(others.iter().cloned());
                    false
                }
                _ => true,
            });
            reasons.insert(Reason::Unmapped(events));
        }
    }

    /// Services that stay because their use would not show.
    fn unrecorded(&mut self, called: &BTreeSet<String>, sight: &Sight) {
        let mut keep = |prefix: &str, reason: Reason| {
            self.reasons.entry(prefix.to_owned()).or_default().insert(reason);
        };
        let is_idle = |prefix: &str| sight.idle.contains(prefix) && !called.contains(prefix);
        for prefix in services_with_data_events() {
            if !sight.recorded.contains(prefix) && !is_idle(prefix) {
                keep(prefix, Reason::DataEvents);
            }
        }
        for prefix in sight.left_out.iter().filter(|prefix| !is_idle(prefix)) {
            keep(prefix, Reason::LeftOut);
        }
        for prefix in never_seen() {
            if !sight.recorded.contains(prefix) && !is_idle(prefix) {
                keep(prefix, Reason::NeverSeen);
            }
        }
        for prefix in sight.used.difference(called) {
            keep(prefix, Reason::UsedElsewhere);
        }
    }

    /// What several need together.
    #[must_use]
    pub fn union(mut self, other: &Self) -> Self {
        self.kept = self.kept.union(&other.kept);
        self.used.union_with(&other.used);
        self.beside.union_with(&other.beside);
        self.beside.difference_with(&self.used);
        for (prefix, reasons) in &other.reasons {
            self.reasons.entry(prefix.clone()).or_default().extend(reasons.iter().cloned());
        }
        self.blind = self.blind.or(other.blind);
        self
    }
}

/// The parts of a host that may be its service's prefix: one is most likely called like its service, and that
/// part stands anywhere, as in `runtime.sagemaker.amazonaws.com`.
fn labels(host: &str) -> Vec<&str> {
    let names = host.strip_suffix(".cn").unwrap_or(host);
    names.strip_suffix(".amazonaws.com").unwrap_or(names).split('.').collect()
}

fn of_level(is_meant: impl Fn(Level) -> bool) -> ActionSet {
    facts().actions().iter().filter(|it| is_meant(it.level())).map(Action::id).collect()
}
