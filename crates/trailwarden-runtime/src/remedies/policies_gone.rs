//! Managed policies and boundaries that are to be put back, and were deleted or set anew since.

use trailwarden_account::{Change, Subject as Thing, Touched};
use trailwarden_model::{Arn, Finding};
use trailwarden_remedy::people::{option, word};
use trailwarden_remedy::subject::Known as State;
use trailwarden_remedy::{NoPlan, Subject};

use super::Known;

impl Known<'_> {
    /// Refuses to put another boundary in the place of one that came after the record.
    pub(super) fn is_boundary_left(
        &self,
        finding: &Finding,
        of: &Touched,
        subject: &Subject,
    ) -> Result<(), NoPlan> {
        let Thing::Identity(_, id) = &of.subject else { return Ok(()) };
        let changes = self.history.map(|it| it.changes(self.account(), finding));
        let changes = changes.unwrap_or_default();
        let is_it = |one: &Touched| (&one.subject, one.field) == (&of.subject, of.field);
        // What the last of them left is no answer to the first.
        let last = changes.iter().rev().find(|change| change.touched.iter().any(is_it));
        let left = last.and_then(|change| change.after.identity(id)?.boundary.value());
        let (Some(left), State::Is(now), true) = (left, &subject.boundary, self.is_after(finding))
        else {
            return Ok(());
        };
        let is_newer = left.as_deref() != Some(now.as_str());
        match &subject.before {
            State::Is(before) if is_newer && before != now => Err(NoPlan::Person(format!(
                "another boundary is in place by now, `{now}`; before the change it was `{before}`: which one is meant is for its owner to say"
            ))),
            State::Unknown if is_newer => Err(NoPlan::Person(format!(
                "a boundary is in place again, `{now}`; which one was there before the change no log shows: its owner knows whether it is the same"
            ))),
            _ => Ok(()),
        }
    }

    /// Refuses to put a policy back that logs or a list from after the finding show to be gone.
    pub(super) fn is_policy_left(
        &self,
        finding: &Finding,
        change: &Change,
        arn: &str,
    ) -> Result<(), NoPlan> {
        let is_ours = Arn::parse(arn).and_then(|it| it.account_id()) == Some(self.account());
        let model = self.model()?;
        if !is_ours || !self.is_after(finding) || model.policy(arn).is_some() {
            return Ok(());
        }
        let is_deleted = [&change.before, &change.after].into_iter().any(|then| {
            then.policy(arn).is_some_and(|policy| model.tombstone(&policy.id).is_some())
        });
        match is_deleted || model.listed().policies.is_known() {
            true => Err(NoPlan::Person(format!(
                "the policy `{arn}` is gone: make it anew first, and then the plan again"
            ))),
            false => Ok(()),
        }
    }
}

/// The step that makes a policy anew, which a change put down or took away, by what was known of it then.
pub(super) fn made_anew(change: &Change, arn: &str) -> Option<String> {
    let resource = Arn::parse(arn)?.resource;
    let (path, name) = resource.strip_prefix("policy")?.rsplit_once('/')?;
    let path = match path {
        "" => String::new(),
        path => format!(" --path {}", word(&format!("{path}/"))),
    };
    let named = option("--policy-name", name);
    let policies = [&change.before, &change.after].into_iter();
    let document = policies
        .filter_map(|then| then.policy(arn))
        .find_map(|policy| policy.document().value().map(|text| word(text.as_str())));
    let make = |document: &str| {
        format!(
            "`aws iam create-policy {named}{path} --policy-document {document}`; `aws iam delete-policy --policy-arn {}` takes it back",
            word(arn)
        )
    };
    Some(match document {
        Some(document) => format!("The policy is gone: make it anew first: {}.", make(&document)),
        None => format!(
            "The policy is gone, and no log shows what it said: ask its owner, then make it anew: {}.",
            make("file://policy.json")
        ),
    })
}
