//! Who holds a policy that says something certain, of all the principals of an account.
//!
//! Each managed policy is asked once, however many hold it, and of inline policies only those that
//! speak of the matter at all.

use std::collections::BTreeSet;

use trailwarden_policy::pattern::resource_matches;

use crate::identity::{Id, Identity, Kind};
use crate::model::Model;
use crate::model::identities::{Ids, Speakers};
use crate::text::PolicyText;

/// The users and roles that hold, by themselves or through a group, a policy that passes the test: it
/// is asked of thousands, so it should look at the digest first. `who` says whose inline policies
/// can pass it.
/// The test gets the holder's name where he is a user and the policy his own.
pub(super) fn holders(
    model: &Model,
    who: impl Fn(&Speakers) -> &Ids,
    says: impl Fn(&PolicyText, Option<&str>) -> bool,
) -> BTreeSet<Id> {
    let mut found = BTreeSet::new();
    let mut note = |identity: &Identity| match identity.kind {
        Kind::Group => found.extend(model.members_of(&identity.id).ids),
        Kind::User | Kind::Role => {
            found.insert(identity.id.clone());
        }
        Kind::Root => {}
    };
    for (arn, ids) in model.identities.attachments() {
        if model.document_of(arn).value().is_some_and(|text| says(text, None)) {
            ids.keys().filter_map(|id| model.identity(id)).for_each(&mut note);
        }
    }
    for identity in who(model.identities.speakers()).keys().filter_map(|id| model.identity(id)) {
        let name = (identity.kind == Kind::User).then_some(&*identity.name);
        let mut inline = identity.inline.iter().filter_map(|(_, fact)| fact.value());
        if inline.any(|text| says(text, name)) {
            note(identity);
        }
    }
    found
}

/// Whether a resource of a policy may cover an ARN, whatever stands for its variables.
pub(super) fn may_cover(text: &str, arn: &str) -> bool {
    if !starts_alike(text, arn) {
        return false;
    }
    let mut pattern = String::new();
    let mut rest = text;
    while let Some((before, after)) = rest.split_once("${") {
        pattern.push_str(before);
        pattern.push('*');
        rest = after.split_once('}').map_or("", |(_, behind)| behind);
    }
    pattern.push_str(rest);
    resource_matches(&pattern, arn)
}

/// Whether a pattern and an ARN are the same up to the first wildcard or variable: a quick "no" to
/// whether it may cover it.
pub(super) fn starts_alike(text: &str, arn: &str) -> bool {
    let plain = text.bytes().position(|byte| matches!(byte, b'*' | b'?' | b'$'));
    let (start, rest) = match plain {
        Some(end) => (text.as_bytes().get(..end), true),
        None => (Some(text.as_bytes()), false),
    };
    let Some(start) = start else { return true };
    let same = arn.as_bytes().get(..start.len());
    same.is_some_and(|same| same.eq_ignore_ascii_case(start)) && (rest || arn.len() == start.len())
}
