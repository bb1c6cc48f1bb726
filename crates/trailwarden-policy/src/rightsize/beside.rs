//! What calls take besides the action of their own name: such a use shows in no event.
//!
//! Only what a call that was seen can have taken counts. That a service was used says nothing of its other
//! actions: most of those that no event is known for are asked about in calls that were not seen either.
//!
//! Sources: Service Authorization Reference (dependent actions; `aws:RequestTag` and `aws:TagKeys` beside the
//! actions that take tags); IAM User Guide, "Grant a user permissions to pass a role to an AWS service"; Amazon
//! EC2 User Guide, "Grant permission to tag Amazon EC2 resources during creation"; Amazon S3 User Guide,
//! "Required permissions for Amazon S3 API operations"; IAM User Guide, "Monitor and control actions taken with
//! assumed roles" (`sts:SetSourceIdentity`). The table leaves out dependent actions here and there, so the calls that
//! take a role stand in a list of our own, made from the API models of botocore 1.44.5 (Apache-2.0), with those that
//! take it in a list of settings or in a document, where no name tells of it: Elastic Beanstalk, Service Catalog,
//! SNS, AWS Data Pipeline.

use std::collections::BTreeSet;
use std::sync::LazyLock;

use super::table;
use super::unseen::is_unseen;
use crate::facts::{Action, ActionId, ActionSet, Level, facts};
use crate::reach::ESCALATIONS;

/// Calls that take what none of their names tells.
const BESIDE: &[(&str, &str, &[&str])] = &[
    ("s3", "CopyObject", &["s3:GetObject", "s3:GetObjectTagging", "s3:PutObjectTagging"]),
    ("s3", "UploadPartCopy", &["s3:GetObject"]),
    ("sts", "AssumeRole", &["sts:SetContext", "sts:SetSourceIdentity"]),
    // Their actions are named after methods of HTTP, which most calls have that give no role.
    ("apigateway", "CreateAuthorizer", &[PASSING]),
    ("apigateway", "CreateIntegration", &[PASSING]),
    ("apigateway", "ImportApi", &[PASSING]),
    ("apigateway", "ImportRestApi", &[PASSING]),
    ("apigateway", "PutIntegration", &[PASSING]),
    ("apigateway", "PutRestApi", &[PASSING]),
    ("apigateway", "ReimportApi", &[PASSING]),
    ("apigateway", "UpdateAccount", &[PASSING]),
    ("apigateway", "UpdateAuthorizer", &[PASSING]),
    ("apigateway", "UpdateIntegration", &[PASSING]),
];

/// What hands a role to a service; no event is written of it.
const PASSING: &str = "iam:PassRole";

/// Keys of conditions on the tags that come with a call.
const TAGS_OF_REQUESTS: &[&str] = &["aws:RequestTag", "aws:TagKeys", "s3:RequestObjectTag"];

static TAKING_ROLES: LazyLock<ActionSet> = LazyLock::new(|| {
    let rows = table::read(include_str!("passing.txt")).into_iter();
    let ids = rows.flat_map(|(prefix, names)| {
        names.into_iter().filter_map(move |name| Some(facts().action_in(prefix, name)?.id()))
    });
    ids.collect()
});

static PRIVILEGED: LazyLock<ActionSet> = LazyLock::new(|| {
    let names = ESCALATIONS.iter().flat_map(|way| way.actions);
    names.filter_map(|name| Some(facts().action(name)?.id())).collect()
});

/// The actions that are part of a known way to more permissions.
#[must_use]
pub fn privileged() -> &'static ActionSet {
    &PRIVILEGED
}

/// What a call of that name takes besides.
pub(super) fn of_event(service: Option<&str>, event: &str) -> impl Iterator<Item = ActionId> {
    let rows = BESIDE.iter().filter(move |(prefix, name, _)| {
        service == Some(*prefix) && name.eq_ignore_ascii_case(event)
    });
    let names = rows.flat_map(|(_, _, names)| names.iter());
    names.filter_map(|name| Some(facts().action(name)?.id()))
}

/// What calls by these actions take besides: what AWS says that they depend on, passing a role where one can be
/// given, tagging what tags can be given with, and what the same call asks about in some cases
/// (`s3:GetObjectVersion`).
pub(super) fn of_actions(used: &ActionSet) -> ActionSet {
    let mut found = ActionSet::empty();
    for action in used.iter().map(ActionId::action) {
        found.extend(action.dependent_actions().map(Action::id));
        if TAKING_ROLES.contains(action.id()) {
            found.extend(facts().action(PASSING).map(Action::id));
        }
        let siblings = action.service().actions().iter();
        let taken = siblings.filter(|other| {
            (sets_tags(other) && takes_tags(action) && share_a_type(action, other))
                || (is_unseen(other) && is_case_of(other, action))
        });
        found.extend(taken.map(Action::id));
    }
    found
}

/// What stays only where a policy names it itself: whoever wrote the name meant it, and no event would show
/// its use. Calls that only read take nothing that changes.
pub(super) fn if_named(used: &ActionSet, called: &BTreeSet<String>) -> ActionSet {
    let mut found = ActionSet::empty();
    for service in called.iter().filter_map(|prefix| facts().service(prefix)) {
        let all = service.actions();
        let reads = all.iter().all(|it| !(used.contains(it.id()) && it.level().is_mutating()));
        let fits = |it: &&Action| is_unseen(it) && !(reads && it.level().is_mutating());
        found.extend(all.iter().filter(fits).map(Action::id));
    }
    found.difference(&PRIVILEGED)
}

fn sets_tags(action: &Action) -> bool {
    let takes_away =
        ["Untag", "Remove", "Delete"].iter().any(|verb| action.name().starts_with(verb));
    action.level() == Level::Tagging && !takes_away
}

fn takes_tags(action: &Action) -> bool {
    let of_types = action.resource_types().flat_map(|kind| kind.condition_keys());
    let mut keys = action.condition_keys().chain(of_types);
    keys.any(|key| TAGS_OF_REQUESTS.iter().any(|known| key.name().starts_with(known)))
}

/// Whether both work on resources of one type, as far as types are told.
fn share_a_type(one: &Action, other: &Action) -> bool {
    if one.is_wildcard_only() || other.is_wildcard_only() {
        return true;
    }
    let of = |action: &Action| -> BTreeSet<&'static str> {
        action.resource_types().map(|kind| kind.resource_type().name()).collect()
    };
    !of(one).is_disjoint(&of(other))
}

/// Whether a name is another one with words put in after the verb: `GetObjectVersion` is asked about in
/// `GetObject`.
fn is_case_of(longer: &Action, shorter: &Action) -> bool {
    let (longer, shorter) = (words(longer.name()), words(shorter.name()));
    let mut left = longer.iter();
    longer.len() > shorter.len()
        && longer.first() == shorter.first()
        && shorter.iter().all(|word| left.any(|other| other == word))
}

fn words(name: &str) -> Vec<&str> {
    let starts = name.char_indices().filter(|(_, c)| c.is_ascii_uppercase()).map(|(at, _)| at);
    let mut bounds: Vec<usize> = starts.filter(|at| *at > 0).collect();
    bounds.push(name.len());
    let mut from = 0;
    let cut = |to: usize| {
        let word = name.get(from..to);
        from = to;
        word
    };
    bounds.into_iter().filter_map(cut).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_call_that_takes_a_role_exists() {
        for (prefix, names) in table::read(include_str!("passing.txt")) {
            for name in names {
                assert!(facts().action_in(prefix, name).is_some(), "{prefix}:{name}");
            }
        }
    }

    #[test]
    fn every_action_of_a_way_to_more_permissions_is_privileged() {
        let is = |name: &str| privileged().contains(facts().action(name).unwrap().id());
        assert!(is("iam:PassRole") && is("iam:CreatePolicyVersion"));
        assert!(!is("ec2:DescribeVpcs") && !is("iam:GetUser") && !is("sqs:SendMessage"));
    }
}
