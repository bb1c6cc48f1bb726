//! Who holds a policy that says something certain, of all the principals of an account.
//!
//! Each managed policy is asked once, however many hold it.

use std::collections::{BTreeSet, HashMap};
use std::sync::Arc;

use trailwarden_policy::pattern::resource_matches;

use crate::identity::{Id, Identity, Kind};
use crate::model::Model;
use crate::text::PolicyText;

/// The users and roles that hold, by themselves or through a group, a policy that passes the test: it
/// is asked of thousands, so it should look at the digest first.
/// The test gets the holder's name where he is a user and the policy his own.
pub(super) fn holders(
    model: &Model,
    says: impl Fn(&PolicyText, Option<&str>) -> bool,
) -> BTreeSet<Id> {
    let mut asked: HashMap<Arc<str>, bool> = HashMap::new();
    let mut found = BTreeSet::new();
    for identity in model.identities().filter(|one| one.kind != Kind::Root) {
        if !holds(model, identity, &says, &mut asked) {
            continue;
        }
        match identity.kind {
            Kind::Group => found.extend(model.members_of(&identity.id).ids),
            _ => {
                found.insert(identity.id.clone());
            }
        }
    }
    found
}

fn holds(
    model: &Model,
    identity: &Identity,
    says: &impl Fn(&PolicyText, Option<&str>) -> bool,
    asked: &mut HashMap<Arc<str>, bool>,
) -> bool {
    let name = (identity.kind == Kind::User).then_some(&*identity.name);
    let mut inline = identity.inline.iter().filter_map(|(_, fact)| fact.value());
    if inline.any(|text| says(text, name)) {
        return true;
    }
    let mut is_found = false;
    for arn in identity.attached.keys() {
        is_found |= match asked.get(arn) {
            Some(says) => *says,
            None => {
                let text = model.document_of(arn);
                let it_says = text.value().is_some_and(|text| says(text, None));
                asked.insert(arn.clone(), it_says);
                it_says
            }
        };
    }
    is_found
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
