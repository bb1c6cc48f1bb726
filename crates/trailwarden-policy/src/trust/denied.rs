//! What the Deny statements of a trust policy leave of its grants.
//!
//! A Deny that asks one thing leaves a grant under the opposite; one that names principals leaves them
//! out, and one with `NotPrincipal` leaves those it names. Where that cannot be said in conditions, the
//! grant stays as it is written, and only the comparison knows that it is less.
//!
//! Sources: IAM User Guide, "IAM JSON policy elements: Condition operators" (missing keys, negated
//! operators, `...IfExists`), "AWS JSON policy elements: NotPrincipal", "AWS global condition context
//! keys" (`aws:PrincipalIsAWSService` tells services that call by themselves from everybody else).

use std::sync::Arc;

use trailwarden_model::Arn;

use crate::condition::Condition;
use crate::document::{Document, Effect, Principals, Statement};
use crate::reach::{Conditions, Predicate};

use super::nobody::{is_for_others, possible};
use super::{Grant, Who, grants};

/// A grant with the conditions under which no Deny takes it back.
pub(super) type Left = (Grant, Conditions);

/// The grants of a trust policy as its Deny statements leave them: without those that are taken back or
/// that nobody can use, and with what a Deny asks among their conditions, where conditions can say it.
pub fn effective_grants(document: &Document) -> Vec<Grant> {
    left(document).into_iter().map(|(grant, _)| grant).collect()
}

/// The grants, each with the conditions under which no Deny takes it back; those that can never hold
/// are left out.
pub(super) fn left(document: &Document) -> Vec<Left> {
    let denies: Vec<Deny<'_>> = document
        .statements
        .iter()
        .filter(|one| one.effect == Effect::Deny)
        .map(|statement| Deny { statement, when: terms(document, statement.conditions.iter()) })
        .collect();
    let mut reached: Vec<Left> = Vec::new();
    // The grants of a statement share their conditions.
    let mut last: Option<(Arc<[Condition]>, Option<Conditions>)> = None;
    for grant in grants(document) {
        let Some(grant) = possible(grant) else { continue };
        let known =
            last.take().filter(|(conditions, _)| Arc::ptr_eq(conditions, &grant.conditions));
        let known = known.unwrap_or_else(|| {
            (Arc::clone(&grant.conditions), terms(document, grant.conditions.iter()))
        });
        let asked = known.1.clone();
        last = Some(known);
        let Some(asked) = asked else { continue };
        let mut pieces = vec![(grant, asked)];
        for deny in &denies {
            pieces = pieces.into_iter().flat_map(|piece| deny.leaves(document, piece)).collect();
        }
        reached.extend(pieces.into_iter().filter(|(grant, _)| !is_for_others(grant)));
    }
    reached
}

/// A Deny, and when it denies; never, where its conditions contradict each other.
struct Deny<'d> {
    statement: &'d Statement,
    when: Option<Conditions>,
}

impl Deny<'_> {
    /// What it leaves of a grant.
    fn leaves(&self, document: &Document, (grant, asked): Left) -> Vec<Left> {
        let Some(when) = &self.when else { return vec![(grant, asked)] };
        if !grant.actions.iter().all(|action| self.statement.covers_action(action)) {
            return vec![(grant, asked)];
        }
        let given = |one: &Condition| asks_for_services(one, &grant.who);
        if self.statement.conditions.iter().any(|one| given(one) == Some(false)) {
            return vec![(grant, asked)];
        }
        let asking: Vec<&Condition> =
            self.statement.conditions.iter().filter(|one| given(one).is_none()).collect();
        let Some(when) = (match asking.len() == self.statement.conditions.len() {
            true => Some(when.clone()),
            false => terms(document, asking.iter().copied()),
        }) else {
            return vec![(grant, asked)];
        };
        let spared = match self.about(&grant) {
            About::Nobody => return vec![(grant, asked)],
            About::These(out) => {
                // One of many under conditions: no words are for that.
                let but = if when.is_none() { out } else { Vec::new() };
                let but = grant.but.iter().cloned().chain(but).collect();
                return vec![(Grant { but, ..grant }, asked)];
            }
            About::All => Vec::new(),
            About::AllBut(spared) => spared,
        };
        let mut left: Vec<Left> = Vec::new();
        for who in spared.into_iter().filter(|who| !grant.but.contains(who)) {
            left.push((Grant { who, but: Arc::default(), ..grant.clone() }, asked.clone()));
        }
        left.extend(unless(document, &asking, &when, grant, &asked));
        left
    }

    fn about(&self, grant: &Grant) -> About {
        let listed =
            |list: &Principals| -> Vec<Who> { list.listed().iter().map(Who::of).collect() };
        let is_named = |list: &[Who]| list.contains(&grant.who) || list.contains(&Who::Anyone);
        if let Some(spared) = &self.statement.not_principals {
            return match spared.is_everyone() {
                true => About::Nobody,
                false => all_but(&grant.who, listed(spared)),
            };
        }
        let principals = &self.statement.principals;
        let listed = listed(principals);
        match principals.is_everyone() || is_named(&listed) {
            true => About::All,
            false if grant.who == Who::Anyone && !listed.is_empty() => About::These(listed),
            false => About::Nobody,
        }
    }
}

/// Whether a condition holds that asks whether a service calls by itself; none where it asks something
/// else.
fn asks_for_services(condition: &Condition, who: &Who) -> Option<bool> {
    if !condition.key.eq_ignore_ascii_case("aws:PrincipalIsAWSService") {
        return None;
    }
    let is_service = matches!(who, Who::Service(_));
    match (condition.parsed_operator().base.as_str(), condition.values.as_slice()) {
        ("bool", [one]) if one.eq_ignore_ascii_case("true") => Some(is_service),
        ("bool", [one]) if one.eq_ignore_ascii_case("false") => Some(!is_service),
        _ => None,
    }
}

/// Whom of a grant a Deny is about.
enum About {
    Nobody,
    All,
    These(Vec<Who>),
    AllBut(Vec<Who>),
}

/// Whom of those that a grant names a Deny with `NotPrincipal` hits. It spares, for certain or perhaps,
/// the principals that it lists; an account is listed beside its principals, and spares nobody by itself
/// (its root user enters no role).
fn all_but(who: &Who, listed: Vec<Who>) -> About {
    let is_spared = |one: &&Who| match (who, one) {
        (_, Who::Account(_)) => false,
        (Who::Anyone, _) => true,
        (Who::Account(account), _) => one.account() == Some(*account),
        // AWS might look no further than at the role.
        _ => *one == who || is_session_of(one, who) || is_session_of(who, one),
    };
    let spared: Vec<Who> = listed.iter().filter(is_spared).cloned().collect();
    let is_within = |one: &Who| one == who || is_session_of(who, one);
    match spared.iter().any(is_within) {
        true => About::Nobody,
        false => About::AllBut(spared),
    }
}

/// Whether one principal is a session of the other, whose path a session does not show.
pub(super) fn is_session_of(session: &Who, role: &Who) -> bool {
    let (Who::Principal { arn: session, .. }, Who::Principal { arn: role, .. }) = (session, role)
    else {
        return false;
    };
    let (Some(session), Some(role)) = (Arn::parse(session), Arn::parse(role)) else { return false };
    is_of_role(&session, &role)
}

/// Whether an ARN is that of a session of the role with the other one, whose path a session does not
/// show.
#[must_use]
pub fn is_of_role(session: &Arn<'_>, role: &Arn<'_>) -> bool {
    (session.service, role.service) == ("sts", "iam")
        && (session.partition, session.account) == (role.partition, role.account)
        && role.kind() == "role"
        && session.session_role() == Some(role.name())
}

/// A grant wherever these conditions do not hold together.
fn unless(
    document: &Document,
    denied: &[&Condition],
    when: &Conditions,
    grant: Grant,
    asked: &Conditions,
) -> Option<Left> {
    if let [only] = denied
        && let Some(opposite) = opposite(only)
    {
        let mut all: Vec<Condition> = grant.conditions.to_vec();
        let added: Vec<Condition> = opposite.into_iter().filter(|one| !all.contains(one)).collect();
        all.extend(added);
        // What another Deny left unsaid stays asked.
        let asked = asked.and(&terms(document, all.iter())?)?;
        return Some((Grant { conditions: all.into(), ..grant }, asked));
    }
    // A Deny asks for one group of conditions, so at most one case is left of each.
    Some((grant, asked.and_not(when).pop()?))
}

/// Conditions that hold together exactly where this one does not; none where that takes more.
fn opposite(condition: &Condition) -> Option<Vec<Condition>> {
    let operator = condition.parsed_operator();
    if condition.operator.contains(':') || condition.values.iter().any(|v| v.contains("${")) {
        return None;
    }
    let with = |operator: &str, values: Vec<String>| Condition {
        operator: operator.to_owned(),
        key: condition.key.clone(),
        values,
    };
    let values = || condition.values.clone();
    let flipped = || match condition.values.as_slice() {
        [one] if one.eq_ignore_ascii_case("true") => Some(vec!["false".to_owned()]),
        [one] if one.eq_ignore_ascii_case("false") => Some(vec!["true".to_owned()]),
        _ => None,
    };
    let positive = OPPOSITES.iter().find(|(one, _)| one.eq_ignore_ascii_case(&operator.base));
    let negative = OPPOSITES.iter().find(|(_, other)| other.eq_ignore_ascii_case(&operator.base));
    Some(match (operator.base.as_str(), operator.if_exists) {
        ("null", false) => vec![with("Null", flipped()?)],
        ("bool", false) => vec![with("BoolIfExists", flipped()?)],
        ("bool", true) => vec![with("Bool", flipped()?)],
        (_, if_exists) => match (positive, negative) {
            (Some((_, not)), _) if if_exists => {
                vec![with(not, values()), with("Null", vec!["false".to_owned()])]
            }
            (Some((_, not)), _) => vec![with(not, values())],
            (None, Some((is, _))) => vec![with(is, values())],
            (None, None) => return None,
        },
    })
}

/// Operators that name what may match, and those that name what may not.
const OPPOSITES: [(&str, &str); 6] = [
    ("StringEquals", "StringNotEquals"),
    ("StringEqualsIgnoreCase", "StringNotEqualsIgnoreCase"),
    ("StringLike", "StringNotLike"),
    ("ArnEquals", "ArnNotEquals"),
    ("ArnLike", "ArnNotLike"),
    ("IpAddress", "NotIpAddress"),
];

/// Conditions as they compare; `None` when they contradict each other.
fn terms<'c>(
    document: &Document,
    conditions: impl Iterator<Item = &'c Condition>,
) -> Option<Conditions> {
    // Before this version, `${...}` is plain text (IAM User Guide, "IAM policy elements: Variables
    // and tags").
    let variables = document.version.as_deref() == Some("2012-10-17");
    Conditions::of(conditions.map(|one| Predicate::of(one, variables)).collect())
}
