//! The organization, as far as this account may see it: only the management account and delegated
//! administrators see policies.
//!
//! Source: Organizations User Guide, "Managing organization policies with AWS Organizations".

use std::collections::BTreeSet;

use serde_json::{Value, json};

use crate::collect::several::Question;
use crate::collect::{Asking, items, none, text};

/// Kinds of policies that take part in what is allowed.
const KINDS: &[&str] = &["SERVICE_CONTROL_POLICY", "RESOURCE_CONTROL_POLICY"];
/// Organizations nests five units at most, below the root.
const LEVELS_MAX: usize = 8;

pub(super) fn ask(asking: &mut Asking<'_>) {
    let told = asking.ask("organizations:DescribeOrganization", none());
    if told.is_none() && asking.snapshot.answers.last().is_some_and(|answer| answer.is_absent()) {
        return;
    }
    asking.ask("organizations:ListRoots", none());
    asking.ask("organizations:ListDelegatedAdministrators", none());
    asking.ask("organizations:DescribeResourcePolicy", none());
    asking.ask("iam:ListOrganizationsFeatures", none());
    parents(asking);
    let mut ids = BTreeSet::new();
    for kind in KINDS {
        let told = asking.ask("organizations:ListPolicies", json!({"Filter": kind}));
        let told = items(told.as_ref(), "Policies");
        ids.extend(told.filter_map(|policy| Some(text(policy, "Id")?.to_owned())));
    }
    let of_each = ids.into_iter().flat_map(|id| {
        let about = json!({"PolicyId": id});
        [
            Question::new("organizations:DescribePolicy", about.clone()),
            Question::new("organizations:ListTargetsForPolicy", about),
        ]
    });
    asking.ask_each(of_each.collect());
}

/// From the account up to the root.
fn parents(asking: &mut Asking<'_>) {
    let mut child = asking.identity.account.to_string();
    for _ in 0..LEVELS_MAX {
        let told = asking.ask("organizations:ListParents", json!({"ChildId": child}));
        let parent = items(told.as_ref(), "Parents").next();
        let is_unit = |parent: &&Value| text(parent, "Type") == Some("ORGANIZATIONAL_UNIT");
        match parent.filter(is_unit).and_then(|parent| text(parent, "Id")) {
            Some(id) => child = id.to_owned(),
            None => break,
        }
    }
}
