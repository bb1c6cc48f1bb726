//! Which statements of a document a finding is about: those that would be at fault standing alone.

mod principals;
mod services;
mod shut;
#[cfg(test)]
mod tests;

use std::collections::BTreeSet;

use serde_json::Value;
use trailwarden_model::finding::Kind;
use trailwarden_model::{AccountId, Arn, Finding};
use trailwarden_policy::Document;
use trailwarden_policy::reach::{Grade, Reach, grade};
use trailwarden_policy::trust::{Grant, Who, grants};
use trailwarden_remedy::documents::{parse, statements, with_statements};
use trailwarden_remedy::subject::{Known as State, Policy};
use trailwarden_remedy::{NoPlan, Subject};

use self::services::is_unbound_service;
use super::Known;

const BY_HAND: &str = "which of what the policy gives is needed is for its owner to say: `trailwarden lint` on the document shows what each statement gives; take out or narrow the one that is needed least";

/// Whether a document gives full control, without any condition.
pub(super) fn is_full_control(text: &str) -> bool {
    graded(text).is_some_and(|(_, unconditional)| unconditional == Grade::Admin)
}

/// What a document gives standing alone, with and without conditions.
pub(super) fn graded(text: &str) -> Option<(Grade, Grade)> {
    let document = Document::parse(text).ok()?;
    let grading = grade(Reach::of([&document]).grants());
    Some((grading.grade, grading.unconditional))
}

impl Known<'_> {
    /// The subject with the statements of its policy that are at fault.
    pub(super) fn with_statements(
        &self,
        finding: &Finding,
        mut subject: Subject,
    ) -> Result<Subject, NoPlan> {
        let text = match &subject.policy {
            Some(Policy::Inline(name)) => Some(subject.inline(name)?.to_owned()),
            Some(Policy::Managed { default, versions, .. }) => {
                let found = versions.iter().find(|(id, _)| Some(id) == default.as_ref());
                found.and_then(|(_, text)| text.clone())
            }
            None => None,
        };
        // The remedy says what is missing, and what it never touches.
        let Some(text) = text else { return Ok(subject) };
        let by_hand = || NoPlan::Person(BY_HAND.to_owned());
        let is_at_fault = |document: &str| match finding.kind {
            // Of a change nobody knows what was before: what lets somebody become more is at fault.
            Kind::Detection => graded(document).is_some_and(|(grade, _)| grade >= Grade::Privesc),
            _ => (self.finds_in)(&finding.rule, document),
        };
        subject.statements = alone(&text, is_at_fault);
        if subject.statements.is_empty() {
            return Err(by_hand());
        }
        if let Some(document) = split(&text, &subject.statements, is_at_fault) {
            subject.before = State::Is(document);
        }
        Ok(subject)
    }

    /// The statements of a trust policy that are at fault.
    pub(super) fn trust_at_fault(
        &self,
        finding: &Finding,
        subject: &Subject,
    ) -> Result<BTreeSet<usize>, NoPlan> {
        subject.role()?;
        let is_ours = |who: &Who| {
            let account = who.account();
            account.is_none_or(|it| it == subject.account || self.accounts.contains(&it))
        };
        let arn = subject.principal.as_ref().map(|principal| principal.arn.as_str());
        let ways = finding.effect.iter().flat_map(|effect| &effect.paths_opened);
        let ways = ways.filter(|way| Some(way.to.as_str()) == arn);
        let named: BTreeSet<&str> = ways.clone().map(|way| way.from.as_str()).collect();
        let entered: BTreeSet<AccountId> =
            ways.filter_map(|way| Arn::parse(&way.from)?.account_id()).collect();
        let has_entered =
            |who: &Who| !is_ours(who) && who.account().is_some_and(|it| entered.contains(&it));
        // Of our own whoever is named by the ARN; an account as a whole may have been let in before.
        let is_named = |who: &Who| match who {
            Who::Principal { arn, .. } => named.contains(arn.as_str()),
            _ => has_entered(who),
        };
        let is_at_fault = |grants: &[Grant]| match finding.rule.as_str() {
            "role-trusts-anyone" | "role-trusts-everybody" => {
                grants.iter().any(|one| one.who == Who::Anyone)
            }
            "role-opened-to-more-principals" => {
                !grants.is_empty() && grants.iter().all(|one| is_named(&one.who))
            }
            "role-trusts-account-without-condition" => {
                !grants.is_empty() && grants.iter().all(|one| !is_ours(&one.who))
            }
            // A partner may have been trusted before: only whom this change let in is at fault.
            "role-trusts-foreign-account" => {
                !grants.is_empty() && grants.iter().all(|one| has_entered(&one.who))
            }
            "role-trusts-any-token-of-issuer" | "role-trusts-strangers-tokens" => {
                let is_token = |one: &Grant| matches!(one.who, Who::Oidc(_) | Who::Saml(_));
                !grants.is_empty() && grants.iter().all(is_token)
            }
            "role-trusts-service-of-any-account" | "role-trusts-service-without-source" => {
                let is_unbound = |one: &Grant| is_unbound_service(one, &finding.rule);
                !grants.is_empty() && grants.iter().all(is_unbound)
            }
            _ => false,
        };
        let found = alone(subject.trust()?, |document| {
            Document::parse(document).is_ok_and(|document| is_at_fault(&grants(&document)))
        });
        match (found.is_empty(), finding.kind) {
            (false, _) => Ok(found),
            (true, Kind::Detection) if self.lets_in_none(finding, subject.trust()?) => {
                Err(NoPlan::Already("the trust policy lets in none of those any more".to_owned()))
            }
            (true, Kind::Posture) => Err(NoPlan::Person(format!(
                "who of those whom it names must enter is for the role's owner to say: {ASK_TRUST}"
            ))),
            (true, _) => Err(NoPlan::Unknown {
                what: "which statement of the trust policy is at fault".to_owned(),
                ask: ASK_BEFORE,
            }),
        }
    }
}

impl Known<'_> {
    /// Whether a trust policy from after a finding lets in nobody of the kind that the finding is about.
    fn lets_in_none(&self, finding: &Finding, text: &str) -> bool {
        let is_ours =
            |account: AccountId| account == self.account() || self.accounts.contains(&account);
        let ways = finding.effect.iter().flat_map(|effect| &effect.paths_opened);
        let mut let_in: BTreeSet<&str> = ways.map(|way| way.from.as_str()).collect();
        if finding.rule == "trust-opened-to-self-and-used" {
            let_in.extend(finding.actor.arn.as_deref().filter(|_| finding.actor.session.is_none()));
        }
        let is_shut = |who: &Who| match finding.rule.as_str() {
            "role-trusts-anyone" => *who != Who::Anyone,
            "role-trusts-foreign-account" => match who {
                Who::Account(account) => is_ours(*account),
                Who::Principal { account, .. } => account.is_some_and(is_ours),
                Who::Service(_) | Who::UniqueId(_) => true,
                _ => false,
            },
            "role-trusts-strangers-tokens" => {
                !matches!(who, Who::Anyone | Who::Oidc(_) | Who::Saml(_) | Who::Other(_))
            }
            // What was before is not known, and who was let in is: those whom the finding names.
            "role-opened-to-more-principals" | "trust-opened-to-self-and-used" => match who {
                Who::Service(_) => !let_in.is_empty(),
                Who::Principal { arn, .. } => {
                    !let_in.is_empty() && !arn.contains(":sts:") && !let_in.contains(arn.as_str())
                }
                _ => false,
            },
            _ => false,
        };
        let document = Document::parse(text).ok().filter(|_| self.is_after(finding));
        document.is_some_and(|document| grants(&document).iter().all(|one| is_shut(&one.who)))
    }
}

const ASK_TRUST: &str =
    "read the trust policy, and take out or narrow by hand whom the finding names";

const ASK_BEFORE: &str = "give logs or a baseline from before the change (`--logs PATH`, or `--baseline OLD NEW`): they tell whom the policy let in before";

/// A document without the actions that are at fault, where statements have others besides; none where only
/// whole statements can go, also since what would be left of several is at fault together.
pub(super) fn split(
    text: &str,
    faulty: &BTreeSet<usize>,
    is_at_fault: impl Fn(&str) -> bool,
) -> Option<String> {
    let document = parse(text)?;
    let (mut left, mut is_split) = (Vec::new(), false);
    for (at, statement) in statements(&document).into_iter().enumerate() {
        if !faulty.contains(&at) {
            left.push(statement.clone());
            continue;
        }
        let holds = |actions: Vec<Value>| {
            let mut one = statement.clone();
            one.as_object_mut()?.insert("Action".to_owned(), actions.into());
            let alone = with_statements(&document, vec![one.clone()]).to_string();
            (!is_at_fault(&alone)).then_some(one)
        };
        let actions = statement.get("Action").and_then(Value::as_array);
        let harmless =
            actions.into_iter().flatten().filter(|it| holds(vec![(*it).clone()]).is_some());
        let harmless: Vec<Value> = harmless.cloned().collect();
        // What is at fault only together with others is for its owner to take apart.
        let kept = if harmless.is_empty() { None } else { holds(harmless) };
        is_split |= kept.is_some();
        left.extend(kept);
    }
    let left = is_split.then(|| with_statements(&document, left).to_string());
    left.filter(|left| !is_at_fault(left))
}

/// The numbers of the statements of which something holds, each standing alone.
pub(super) fn alone(text: &str, holds: impl Fn(&str) -> bool) -> BTreeSet<usize> {
    let Some(document) = parse(text) else { return BTreeSet::new() };
    let each = statements(&document).into_iter().enumerate();
    let is_allow = |one: &Value| one.get("Effect").and_then(Value::as_str) == Some("Allow");
    let at_fault = each.filter(|(_, one)| {
        is_allow(one) && holds(&with_statements(&document, vec![one.clone()]).to_string())
    });
    at_fault.map(|(at, _)| at).collect()
}
