//! Whom a run contained, how, and since when AWS showed it: from the run's entries alone.

use std::collections::BTreeMap;

use trailwarden_model::{AccountId, Timestamp};
use trailwarden_record::caller::CallerKind;
use trailwarden_remedy::plan::Argument;
use trailwarden_remedy::{Step, documents};

use crate::executor::{Direction, Event, Journal, Run, StepState};

/// The remediations that contain somebody.
const REMEDIES: [&str; 5] = [
    "attach-quarantine-policy",
    "deactivate-access-key",
    "delete-credential",
    "delete-login-profile",
    "revoke-sessions",
];

/// What a run did to contain somebody, as far as it is in force.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Containment {
    /// The account.
    pub account: AccountId,
    /// Id of the run.
    pub run: String,
    /// Whom, in the order of the plan.
    pub contained: Vec<Contained>,
    /// What the steps are for that would contain somebody, and of which it is not known whether they are
    /// in force.
    pub doubtful: Vec<String>,
}

/// Somebody contained, and since when by what.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Contained {
    /// A user or a role.
    pub kind: CallerKind,
    /// The name.
    pub name: String,
    /// Access keys that were switched off or deleted.
    pub keys: Vec<(String, Timestamp)>,
    /// Since when everything is denied.
    pub denied: Option<Timestamp>,
    /// Since when sessions are denied, and before which time these began.
    pub sessions: Option<(Timestamp, Timestamp)>,
    /// Since when there is no password.
    pub password: Option<Timestamp>,
}

/// A run cannot be watched.
#[derive(Debug, thiserror::Error)]
pub enum NotContained {
    /// It has no step that contains somebody.
    #[error(
        "the run `{0}` contains nobody: no step of it switches a key off, ends sessions, takes a password away or \
         denies everything"
    )]
    Nobody(String),
    /// It has, and none is in force.
    #[error(
        "no containment of the run `{0}` is in force: its steps were taken back, or AWS did not show them; see \
         `trailwarden remediate history {0}`"
    )]
    NotInForce(String),
    /// The plan's account is none.
    #[error("the plan of the run `{0}` is for `{1}`, which is no account")]
    Account(String, String),
}

/// What a step does to contain somebody.
enum Measure {
    Key(String),
    Denied,
    Sessions { before: Timestamp },
    Password,
}

/// Whom a run of the journal contained.
///
/// # Errors
/// Nobody, or not any more.
pub fn contained(journal: &Journal, run: &Run) -> Result<Containment, NotContained> {
    let account = AccountId::parse(&run.plan.account)
        .ok_or_else(|| NotContained::Account(run.id.clone(), run.plan.account.clone()))?;
    let mut shown: BTreeMap<&str, Timestamp> = BTreeMap::new();
    for entry in journal.entries(&run.id) {
        if let Event::Held { direction: Direction::Apply, step, .. } = &entry.event {
            shown.insert(step, entry.time);
        }
    }
    let of_remedies = |id: &String| {
        let summaries = run.plan.preview.remedies.iter();
        summaries
            .filter(|summary| REMEDIES.contains(&summary.remedy.as_str()))
            .any(|summary| summary.steps.contains(id))
    };
    let mut all: Vec<Contained> = Vec::new();
    let mut doubtful = Vec::new();
    let mut is_any = false;
    for (step, report) in run.plan.steps.iter().zip(run.steps()) {
        if !of_remedies(&step.id) {
            continue;
        }
        let (Some(measure), Some((kind, name))) = (Measure::of(step), principal(step)) else {
            continue;
        };
        is_any = true;
        let since = shown.get(step.id.as_str());
        match (report.state, since) {
            (StepState::New | StepState::Undone, _) => {}
            (StepState::Done | StepState::Kept, Some(since)) => {
                let place = all.iter().position(|one| one.kind == kind && one.name == name);
                let place = place.unwrap_or_else(|| {
                    all.push(Contained::new(kind, name));
                    all.len() - 1
                });
                if let Some(one) = all.get_mut(place) {
                    one.add(measure, *since);
                }
            }
            _ => doubtful.push(step.purpose.clone()),
        }
    }
    match (is_any, all.is_empty()) {
        (false, _) => Err(NotContained::Nobody(run.id.clone())),
        (true, true) => Err(NotContained::NotInForce(run.id.clone())),
        (true, false) => Ok(Containment { account, run: run.id.clone(), contained: all, doubtful }),
    }
}

impl Containment {
    /// Since when somebody is contained.
    #[must_use]
    pub fn first(&self) -> Timestamp {
        let firsts = self.contained.iter().map(|one| one.span().0);
        firsts.min().unwrap_or_default()
    }

    /// Since when all of it is in force.
    #[must_use]
    pub fn last(&self) -> Timestamp {
        let lasts = self.contained.iter().map(|one| one.span().1);
        lasts.max().unwrap_or_default()
    }
}

impl Contained {
    fn new(kind: CallerKind, name: String) -> Self {
        Self { kind, name, keys: Vec::new(), denied: None, sessions: None, password: None }
    }

    fn add(&mut self, measure: Measure, since: Timestamp) {
        match measure {
            Measure::Key(id) => self.keys.push((id, since)),
            Measure::Denied => self.denied = Some(since),
            Measure::Sessions { before } => self.sessions = Some((since, before)),
            Measure::Password => self.password = Some(since),
        }
    }

    /// Who it is, such as `user alice`.
    #[must_use]
    pub fn who(&self) -> String {
        format!("{} {}", self.kind.as_str(), self.name)
    }

    /// Since when the first of its measures is in force, and since when all are.
    #[must_use]
    pub fn span(&self) -> (Timestamp, Timestamp) {
        let keys = self.keys.iter().map(|(_, since)| *since);
        let sessions = self.sessions.map(|(since, _)| since);
        let others = [self.denied, sessions, self.password].into_iter().flatten();
        let all: Vec<Timestamp> = keys.chain(others).collect();
        let end = |time: Option<&Timestamp>| time.copied().unwrap_or_default();
        (end(all.iter().min()), end(all.iter().max()))
    }
}

impl Measure {
    fn of(step: &Step) -> Option<Self> {
        let text = |name: &str| step.input.get(name).and_then(Argument::as_str);
        match step.operation.as_str() {
            "UpdateAccessKey" if text("Status") == Some("Inactive") => {
                Some(Self::Key(text("AccessKeyId")?.to_owned()))
            }
            "DeleteAccessKey" => Some(Self::Key(text("AccessKeyId")?.to_owned())),
            "DeleteLoginProfile" => Some(Self::Password),
            "PutUserPermissionsBoundary" | "PutRolePermissionsBoundary" => Some(Self::Denied),
            "PutUserPolicy" | "PutRolePolicy" => match text("PolicyName")? {
                documents::QUARANTINE => Some(Self::Denied),
                documents::REVOKE => {
                    Some(Self::Sessions { before: cutoff(text("PolicyDocument")?)? })
                }
                _ => None,
            },
            _ => None,
        }
    }
}

/// Before which time the sessions began that a document of ours denies everything to.
fn cutoff(document: &str) -> Option<Timestamp> {
    let document = documents::parse(document)?;
    documents::statements(&document).iter().find_map(|statement| {
        let time = statement.pointer("/Condition/DateLessThan/aws:TokenIssueTime")?;
        Timestamp::parse(time.as_str()?)
    })
}

fn principal(step: &Step) -> Option<(CallerKind, String)> {
    let of = |parameter: &str, kind| {
        let name = step.input.get(parameter)?.as_str()?;
        Some((kind, name.to_owned()))
    };
    of("UserName", CallerKind::User).or_else(|| of("RoleName", CallerKind::Role))
}
