//! Who holds a policy that says something certain, of all the principals of an account.
//!
//! Each document is asked once, however many hold it.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use trailwarden_policy::Document;
use trailwarden_policy::pattern::resource_matches;

use crate::identity::{Id, Identity, Kind};
use crate::model::Model;

/// The users and roles that hold, by themselves or through a group, a document that passes the test.
/// The test gets the holder's name where he is a user and the policy his own.
pub(super) fn holders(
    model: &Model,
    says: impl Fn(&Document, Option<&str>) -> bool,
) -> BTreeSet<Id> {
    let mut asked: BTreeMap<Arc<str>, bool> = BTreeMap::new();
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
    says: &impl Fn(&Document, Option<&str>) -> bool,
    asked: &mut BTreeMap<Arc<str>, bool>,
) -> bool {
    let name = (identity.kind == Kind::User).then_some(&*identity.name);
    let mut inline = identity.inline.iter().filter_map(|(_, fact)| fact.value()?.document().ok());
    if inline.any(|document| says(document, name)) {
        return true;
    }
    let mut is_found = false;
    for arn in identity.attached.keys() {
        is_found |= *asked.entry(arn.clone()).or_insert_with(|| {
            let text = model.document_of(arn);
            let document = text.value().and_then(|text| text.document().ok());
            document.is_some_and(|document| says(document, None))
        });
    }
    is_found
}

/// Whether a resource of a policy may cover an ARN, whatever stands for its variables.
pub(super) fn may_cover(text: &str, arn: &str) -> bool {
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
