//! Whom a change let into a role, and whether it is closed to them again.

use std::collections::BTreeSet;

use serde_json::Value;
use trailwarden_account::{Field, Kind, Model, Subject as Thing};
use trailwarden_model::{AccountId, Finding};
use trailwarden_policy::Document;
use trailwarden_policy::trust::{Grant, Who, grants};
use trailwarden_remedy::documents::{parse, statements, trust_nobody, with_statements};
use trailwarden_remedy::subject::Known as State;
use trailwarden_remedy::{NoPlan, Subject};

use super::principals::{left_of_statement, without};
use crate::remedies::Known;
use crate::remedies::mended::{contains, left_of, of_trust};

impl Known<'_> {
    /// Whether a role's trust policy lets in nobody any more whom the records of a finding let in.
    ///
    /// Then it stays as it is, also where it is another one than before the change: somebody meant it so.
    pub(in crate::remedies) fn is_shut_since(&self, finding: &Finding, subject: &Subject) -> bool {
        let (Some(role), Some(text)) = (&subject.principal, subject.trust.is()) else {
            return false;
        };
        let let_in = self.let_in(finding, &role.name);
        let now = Document::parse(text).ok().filter(|_| self.is_after(finding));
        let Some(now) = now.filter(|_| !let_in.is_empty()) else { return false };
        let now = grants(&now);
        let last = self.is_last_by(finding, &of_trust(&role.name), text);
        let is_in = |one: &Grant, other: &Grant| {
            may_be_one(&one.who, &other.who) && !(last == Some(false) && is_bound(one, other))
        };
        !let_in.iter().any(|one| now.iter().any(|other| is_in(one, other)))
    }

    /// A role with what is left to be shut of its trust policy.
    pub(in crate::remedies) fn with_trust_left(
        &self,
        finding: &Finding,
        mut subject: Subject,
    ) -> Result<Subject, NoPlan> {
        if self.is_shut_since(finding, &subject) {
            return Err(NoPlan::Already(
                "the trust policy lets in none of those any more".to_owned(),
            ));
        }
        match &subject.before {
            State::Absent => subject.statements = self.faults_of_new(finding, &subject)?,
            State::Unknown => subject.statements = self.trust_at_fault(finding, &subject)?,
            State::Is(before) => {
                let kept = self.with_later_trust(finding, &subject, before);
                let kept = kept.unwrap_or_else(|| before.clone());
                subject.before = State::Is(self.without_outsiders_found(&subject, kept));
            }
        }
        Ok(subject)
    }

    /// The trust policy of before with what was written into it since and lets in none of those, and without what was
    /// taken out of it since.
    fn with_later_trust(
        &self,
        finding: &Finding,
        subject: &Subject,
        before: &str,
    ) -> Option<String> {
        let role = subject.principal.as_ref()?;
        // Whatever the same hand wrote since goes with it.
        let now = subject.trust.is()?;
        if self.is_last_by(finding, &of_trust(&role.name), now) == Some(true) {
            return None;
        }
        let let_in = self.let_in(finding, &role.name);
        let wrote = self.written_trust(finding, &role.name)?;
        let wrote = statements(&parse(&wrote)?);
        let (document, was) = (parse(subject.trust.is()?)?, parse(before)?);
        let (statements_was, is) = (statements(&was), statements(&document));
        let mut all: Vec<Value> = left_of(&statements_was, &wrote, &is).cloned().collect();
        for one in is {
            let alone = with_statements(&document, vec![one.clone()]).to_string();
            let given = Document::parse(&alone).map(|alone| grants(&alone)).ok()?;
            let is_open =
                |one: &Grant| let_in.iter().any(|let_in| may_be_one(&let_in.who, &one.who));
            let is_later = !contains(&wrote, &one) && !contains(&statements_was, &one);
            if is_later && !given.iter().any(is_open) {
                all.push(one);
            } else if is_later {
                // Of whoever is named beside them those who were let in before have a statement already.
                let had = Document::parse(before).map(|before| grants(&before)).unwrap_or_default();
                let goes = |it: &Grant| is_open(it) || had.contains(it);
                all.extend(left_of_statement(&document, &one, &goes));
            }
        }
        (!let_in.is_empty()).then(|| match all.is_empty() {
            true => trust_nobody().to_string(),
            false => with_statements(&was, all).to_string(),
        })
    }

    /// A trust policy without the outsiders whom records that were found let in: the finding about each of them asks
    /// for that, and to go back to what a record left is not to open the role to them again.
    fn without_outsiders_found(&self, subject: &Subject, text: String) -> String {
        let Some(role) = &subject.principal else { return text };
        let is_ours = |it: AccountId| it == self.account() || self.accounts.contains(&it);
        let is_outside = |who: &Who| match who {
            Who::Anyone => true,
            Who::Account(_) | Who::Principal { .. } => !who.account().is_some_and(is_ours),
            _ => false,
        };
        let mut found: Vec<Grant> = Vec::new();
        for change in self.history.into_iter().flat_map(|it| it.all_changes(self.account())) {
            let of = |model: &Model| {
                let one = model.find(Kind::Role, &role.name)?;
                Some(grants(&Document::parse(one.trust.value()?.as_str()).ok()?))
            };
            let is_its = change.touched.iter().any(|one| {
                one.field == Field::Trust && matches!(one.subject, Thing::Identity(Kind::Role, _))
            });
            let Some(after) = of(&change.after).filter(|_| is_its) else { continue };
            let Some(before) = of(&change.before) else { continue };
            let let_in = after.into_iter().filter(|one| !before.contains(one));
            found.extend(let_in.filter(|one| is_outside(&one.who)));
        }
        let goes = |one: &Grant| found.contains(one);
        without(&text, &goes).unwrap_or(text)
    }

    /// The trust policy that the last of a finding's records gave to a role.
    fn written_trust(&self, finding: &Finding, role: &str) -> Option<String> {
        let changes = self.history?.changes(self.account(), finding);
        changes.into_iter().rev().find_map(|change| {
            let touched = change.touched.iter().find(|one| one.field == Field::Trust)?;
            let Thing::Identity(_, id) = &touched.subject else { return None };
            let one =
                change.after.identity(id).filter(|one| one.name.eq_ignore_ascii_case(role))?;
            Some(one.trust.value()?.as_str().to_owned())
        })
    }

    /// The role that a finding's records made: nobody was let into it before.
    pub(in crate::remedies) fn made_role(
        &self,
        finding: &Finding,
    ) -> Option<Result<Subject, NoPlan>> {
        let changes = self.history?.changes(self.account(), finding).into_iter();
        let (change, id) = changes.into_iter().find_map(|change| {
            let made = change.touched.iter().find_map(|touched| match &touched.subject {
                Thing::Identity(Kind::Role, id) if touched.field == Field::Existence => Some(id),
                _ => None,
            });
            made.filter(|id| change.after.identity(id).is_some()).map(|id| (change, id))
        })?;
        let mut subject = self.blank(Some(finding));
        let filled = self
            .present(Kind::Role, id, &change.after)
            .and_then(|role| self.fill_identity(role, &mut subject));
        subject.before = State::Absent;
        Some(filled.map(|()| subject))
    }

    /// The statements of a new role's trust policy that are at fault: where nobody can tell which, all that let in.
    pub(in crate::remedies) fn faults_of_new(
        &self,
        finding: &Finding,
        subject: &Subject,
    ) -> Result<BTreeSet<usize>, NoPlan> {
        match self.trust_at_fault(finding, subject) {
            Err(NoPlan::Unknown { .. }) => Ok(super::alone(subject.trust()?, |_| true)),
            found => found,
        }
    }

    /// Whom the records of a finding let into a role; nobody where not all of it is known.
    pub(in crate::remedies) fn let_in(&self, finding: &Finding, role: &str) -> Vec<Grant> {
        let (mut before, mut after) = (None, Vec::new());
        for change in self.history.into_iter().flat_map(|it| it.changes(self.account(), finding)) {
            let roles = change
                .touched
                .iter()
                .filter(|one| [Field::Existence, Field::Trust].contains(&one.field));
            let roles = roles.filter_map(|one| match &one.subject {
                Thing::Identity(_, id) => change.after.identity(id),
                _ => None,
            });
            for one in roles.filter(|one| one.name.eq_ignore_ascii_case(role)) {
                let was = change.before.identity(&one.id).and_then(|it| it.trust.value());
                before = before.or_else(|| Some(was.map(|text| text.as_str().to_owned())));
                let Some(text) = one.trust.value() else { return Vec::new() };
                let Ok(document) = Document::parse(text.as_str()) else { return Vec::new() };
                after.extend(grants(&document));
            }
        }
        let before = before.flatten().and_then(|text| Document::parse(&text).ok());
        let before = before.map(|document| grants(&document)).unwrap_or_default();
        after.retain(|grant| !before.contains(grant));
        after
    }
}

/// Whether somebody else's grant lets in fewer than the one that was found: one of an account instead of all, by a
/// condition that was not there.
fn is_bound(found: &Grant, now: &Grant) -> bool {
    let is_fewer = matches!((&found.who, &now.who), (Who::Account(_), Who::Principal { .. }))
        || found.who == now.who;
    is_fewer && found.conditions.is_empty() && !now.conditions.is_empty()
}

/// Whether somebody may be meant by both.
fn may_be_one(one: &Who, other: &Who) -> bool {
    let is_within = |who: &Who| matches!(who, Who::Account(_) | Who::Principal { .. });
    let is_session = |arn: &str| arn.contains(":sts:");
    match (one, other) {
        (Who::Anyone | Who::Canonical(_) | Who::Other(_), _)
        | (_, Who::Anyone | Who::Canonical(_) | Who::Other(_)) => true,
        // Of a session the role may be named as well.
        (Who::Principal { arn, .. }, Who::Principal { arn: other_arn, .. }) => {
            arn == other_arn
                || one.account() == other.account() && (is_session(arn) || is_session(other_arn))
        }
        _ if is_within(one) && is_within(other) => one.account() == other.account(),
        _ => one == other,
    }
}
