//! A document that somebody wrote anew after what was found: what the found record gave is gone, or goes by itself.
//!
//! # Invariants
//! - Nobody loses what somebody else wrote since: only what the found record gave is taken out. Nor is anybody given
//!   again what somebody else took out since.
//! - Called mended is only what gives less than the found record gave, and is not by the same hand. Where it still
//!   lets somebody become more, its owner is asked.
//! - A document that is still the record's own is left to the remediation.

mod by_whom;
mod left;

use std::collections::BTreeSet;

use serde_json::Value;
use trailwarden_account::{Change, Field, Id, Kind, Model, Presence, Subject as Thing, Touched};
use trailwarden_model::Finding;
use trailwarden_policy::Document;
use trailwarden_policy::reach::{Grade, Grant, Reach, compare, describe, grade};
use trailwarden_remedy::documents::{is_same_policy, parse, statements, with_statements};
use trailwarden_remedy::subject::{Known as State, Policy};
use trailwarden_remedy::{Draft, NoPlan, Subject};

use super::Known;
pub(super) use left::{contains, left_of};

/// Remediations that bring a document back.
const OF_DOCUMENTS: [&str; 2] = ["narrow-policy", "restore-policy-version"];

/// So many lines tell what a document gives beyond the one before.
const LINES_MAX: usize = 3;

impl Known<'_> {
    /// The subject with what is left to be taken out of its policy, where somebody wrote another document since.
    pub(super) fn as_mended(
        &self,
        finding: &Finding,
        remedy: &str,
        mut subject: Subject,
    ) -> Result<Subject, NoPlan> {
        if !OF_DOCUMENTS.contains(&remedy) || !self.is_after(finding) {
            return Ok(subject);
        }
        let (Some(written), Some(now)) = (self.written(finding, &subject), present(&subject))
        else {
            return Ok(subject);
        };
        // Whatever the same hand wrote since goes with it.
        let is_by_the_same = thing_of(&subject)
            .is_some_and(|thing| self.is_last_by(finding, &thing, &now) == Some(true));
        if is_same(&written, &now) || is_by_the_same {
            return Ok(subject);
        }
        let before = match &subject.before {
            State::Is(before) => Some(before.as_str()),
            State::Absent => Some(NOTHING),
            State::Unknown => None,
        };
        if before.is_some_and(|before| is_same(before, &now)) {
            return Err(NoPlan::Already("the document is as it was before".to_owned()));
        }
        if let Some(left) = without_what_was_added(before.unwrap_or(NOTHING), &written, &now) {
            // Of a version that was there before nothing is taken out.
            if remedy == "restore-policy-version" {
                return Err(NoPlan::Missing("a version that holds what was written since"));
            }
            if before.is_some() {
                subject.before = left.map_or(State::Absent, State::Is);
            }
            return Ok(subject);
        }
        match less(before, &written, &now) {
            Some(beyond) if grade(&beyond).grade >= Grade::Privesc => Err(NoPlan::Person(format!(
                "{}; what of that is needed is for its owner to say",
                told(&beyond)
            ))),
            Some(beyond) => Err(NoPlan::Already(told(&beyond))),
            None => Ok(subject),
        }
    }

    /// What the last of a finding's records wrote into the subject's policy.
    fn written(&self, finding: &Finding, subject: &Subject) -> Option<String> {
        let changes = self.history?.changes(self.account(), finding);
        changes.into_iter().rev().find_map(|change| written_by(change, subject))
    }
}

impl Known<'_> {
    /// Says where nobody knows whether somebody had already what a record gave, and where its path is not known.
    pub(super) fn note_before(&self, finding: &Finding, subject: &Subject, draft: &mut Draft) {
        let Some(name) = subject.principal.as_ref().map(|one| one.name.as_str()) else { return };
        let arn = subject.principal.as_ref().map(|one| one.arn.as_str()).unwrap_or_default();
        let found = self.model().ok().and_then(|model| model.find_arn(arn));
        let is_told =
            [&finding.actor.arn, &finding.target.arn].iter().any(|it| it.as_deref() == Some(arn));
        if !is_told && found.is_none_or(|one| !one.path.is_known() && one.kind != Kind::Root) {
            draft.note(format!("The path of {name} is not known: its ARN is written without one."));
        }
        let changes = self.history.into_iter().flat_map(|it| it.changes(self.account(), finding));
        let mut touched =
            changes.flat_map(|change| change.touched.iter().map(move |it| (change, it)));
        let is_meant = |touched: &Touched| match (touched.field, &subject.policy) {
            (Field::Groups, None) => subject.group.is_some(),
            (Field::Attached, Some(Policy::Managed { arn, .. })) => {
                touched.item.as_deref() == Some(arn)
            }
            _ => false,
        };
        let is_unknown = |(change, touched): &(&Change, &Touched)| {
            is_meant(touched) && matches!(was(&change.before, touched), Some(State::Unknown) | None)
        };
        if touched.any(|one| is_unknown(&one)) {
            draft.note(format!(
                "Whether {name} had it before the call is not known, and the call succeeds either way: ask its owner, or give an older baseline."
            ));
        }
    }
}

/// Refuses to take back a call that gave what was there before.
pub(super) fn is_change(change: &Change, touched: &Touched) -> Result<(), NoPlan> {
    match (was(&change.before, touched), was(&change.after, touched)) {
        (Some(State::Is(())), Some(State::Is(()))) | (Some(State::Absent), Some(State::Absent)) => {
            Err(NoPlan::Already("it was so before, and the call changed nothing".to_owned()))
        }
        _ => Ok(()),
    }
}

/// Whether a policy was attached, or a user in a group; none for anything else.
fn was(model: &Model, touched: &Touched) -> Option<State<()>> {
    let (Thing::Identity(_, id), Some(item)) = (&touched.subject, &touched.item) else {
        return None;
    };
    let Some(one) = model.identity(id) else { return Some(State::Unknown) };
    let state = |is_there: Option<bool>| match is_there {
        Some(true) => State::Is(()),
        Some(false) => State::Absent,
        None => State::Unknown,
    };
    match touched.field {
        Field::Attached => Some(state(is_present(&one.attached.get(item)))),
        Field::Groups => Some(state(is_present(&one.groups.get(&Id::unique(item))))),
        _ => None,
    }
}

fn is_present<V>(presence: &Presence<'_, V>) -> Option<bool> {
    match presence {
        Presence::Present(_) => Some(true),
        Presence::Absent => Some(false),
        Presence::Unknown(_) => None,
    }
}

const NOTHING: &str = r#"{"Version":"2012-10-17","Statement":[]}"#;

/// The document of the subject's policy as it is.
fn present(subject: &Subject) -> Option<String> {
    match subject.policy.as_ref()? {
        Policy::Inline(name) => subject.inline(name).ok().map(str::to_owned),
        Policy::Managed { default, versions, .. } => {
            let found = versions.iter().find(|(id, _)| Some(id) == default.as_ref());
            found.and_then(|(_, text)| text.clone())
        }
    }
}

fn written_by(change: &Change, subject: &Subject) -> Option<String> {
    let wanted = thing_of(subject)?;
    let is_it = |touched: &&Touched| {
        thing(change, &touched.subject, touched.field, touched.item.as_deref()).as_ref()
            == Some(&wanted)
    };
    let touched = change.touched.iter().find(is_it)?;
    match &touched.subject {
        Thing::Identity(_, id) => {
            let item = touched.item.clone()?;
            match change.after.identity(id)?.inline.get(&item) {
                Presence::Present(text) => Some(text.value()?.as_str().to_owned()),
                Presence::Absent | Presence::Unknown(_) => None,
            }
        }
        Thing::Policy(id) => {
            let policy = change.after.policies().find(|policy| policy.id == *id)?;
            Some(policy.document().value()?.as_str().to_owned())
        }
        _ => None,
    }
}

/// A document that can be written, by whose it is and its name.
pub(super) fn thing(
    change: &Change,
    subject: &Thing,
    field: Field,
    item: Option<&str>,
) -> Option<String> {
    match (subject, field) {
        (Thing::Identity(kind, id), Field::Inline) => {
            let holder = change.after.identity(id).or_else(|| change.before.identity(id))?;
            Some(of_inline(*kind, &holder.name, item?))
        }
        (Thing::Identity(Kind::Role, id), Field::Trust) => {
            let role = change.after.identity(id)?;
            Some(of_trust(&role.name))
        }
        (Thing::Policy(id), Field::Version | Field::Default) => {
            let found = change.after.policies().find(|policy| policy.id == *id)?;
            Some(found.arn.to_string())
        }
        _ => None,
    }
}

fn of_inline(kind: Kind, holder: &str, name: &str) -> String {
    format!("{}/{}/{name}", kind.as_str(), holder.to_lowercase())
}

/// The trust policy of a role.
pub(super) fn of_trust(role: &str) -> String {
    format!("role/{}/", role.to_lowercase())
}

fn thing_of(subject: &Subject) -> Option<String> {
    match subject.policy.as_ref()? {
        Policy::Managed { arn, .. } => Some(arn.clone()),
        Policy::Inline(name) => {
            let holder = subject.principal.as_ref()?;
            let kind = match holder.kind.parameter() {
                "GroupName" => Kind::Group,
                "RoleName" => Kind::Role,
                _ => Kind::User,
            };
            Some(of_inline(kind, &holder.name, name))
        }
    }
}

fn is_same(one: &str, other: &str) -> bool {
    is_same_policy(&one.into(), &other.into())
}

/// What is there without the statements that a record added, and with those that it took out; none of it where it
/// added none that is there still, and inside where nothing would be left.
#[expect(clippy::option_option, reason = "whether something is left to do, and what is left then")]
fn without_what_was_added(before: &str, written: &str, now: &str) -> Option<Option<String>> {
    let (was, wrote, document) = (parse(before)?, parse(written)?, parse(now)?);
    let (was, wrote, is) = (statements(&was), statements(&wrote), statements(&document));
    let is_added = |one: &Value| contains(&wrote, one) && !contains(&was, one);
    if !is.iter().any(is_added) {
        return None;
    }
    let later = is.iter().filter(|one| !is_added(one) && !contains(&was, one));
    let left: Vec<Value> = left_of(&was, &wrote, &is).chain(later).cloned().collect();
    Some((!left.is_empty()).then(|| with_statements(&document, left).to_string()))
}

/// What a document gives beyond the one before, where that is less than what a record gave.
fn less(before: Option<&str>, written: &str, now: &str) -> Option<Vec<Grant>> {
    let reach = |text: &str| Some(Reach::of([&Document::parse(text).ok()?]));
    let was = reach(before.unwrap_or(NOTHING))?;
    let (gave, gives) = (compare(&was, &reach(written)?), compare(&was, &reach(now)?));
    if gave.is_too_complex || gives.is_too_complex || !gives.gained_in_future.is_empty() {
        return None;
    }
    let graded = |grants: &[Grant]| grade(grants).grade;
    let is_less = graded(&gives.gained) < graded(&gave.gained);
    (gives.gained.is_empty() || is_less).then_some(gives.gained)
}

fn told(beyond: &[Grant]) -> String {
    if beyond.is_empty() {
        return "another document was written since, which gives no more than the one before"
            .to_owned();
    }
    let mut lines: Vec<String> = describe(beyond);
    let unique: BTreeSet<String> = lines.drain(..).collect();
    let more = unique.len().saturating_sub(LINES_MAX);
    let mut lines: Vec<String> = unique.into_iter().take(LINES_MAX).collect();
    if more > 0 {
        lines.push(format!("{more} more"));
    }
    format!(
        "another document was written since, without what was found; beyond the one before it lets: {}",
        lines.join("; ")
    )
}
