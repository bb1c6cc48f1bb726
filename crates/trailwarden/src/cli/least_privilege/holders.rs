//! Whose use counts for a policy: all who would lose something with it.

use std::collections::BTreeSet;

use trailwarden_account::query::{Found, PolicySource, name_of};
use trailwarden_account::{Id, Identity, Kind, Model};

/// The users and roles whose use counts for a policy of a holder, or for one that changes for all who hold
/// it; else why they are not known, or why it is not to be changed.
pub(super) fn counted(
    model: &Model,
    policy: &PolicySource,
    holder: &Id,
    is_shared: bool,
) -> Result<BTreeSet<Id>, String> {
    if !is_shared {
        model.identity(holder).map_or(Ok(()), refuse)?;
        return with_members(model, BTreeSet::from([holder.clone()]));
    }
    let arn = policy.name();
    let bounded = model.bounded_by(arn);
    if !bounded.ids.is_empty() {
        return Err("it is a permissions boundary too, which would be narrowed with it".to_owned());
    }
    whole(bounded, "whom it bounds")?;
    with_members(model, whole(model.attached_to(arn), "who else holds it")?)
}

/// The users and roles among these, with the members of groups among them.
fn with_members(model: &Model, ids: BTreeSet<Id>) -> Result<BTreeSet<Id>, String> {
    let mut all = BTreeSet::new();
    for id in ids {
        match model.identity(&id).filter(|identity| identity.kind == Kind::Group) {
            Some(group) => {
                let what = format!("who else is in {}", name_of(group));
                all.extend(whole(model.members_of(&id), &what)?);
            }
            None => {
                all.insert(id);
            }
        }
    }
    Ok(all)
}

fn whole(found: Found, what: &str) -> Result<BTreeSet<Id>, String> {
    match found.unknowns.first() {
        None => Ok(found.ids.into_iter().collect()),
        Some(unknown) => {
            Err(format!("{what} is not known: {}: {}", unknown.what, unknown.why.as_str()))
        }
    }
}

/// Roles whose policies only AWS changes.
fn refuse(owner: &Identity) -> Result<(), String> {
    let is_of_identity_center = owner.name.starts_with("AWSReservedSSO_");
    match () {
        () if owner.is_service_linked() => {
            Err("it is of a service-linked role, which only its service changes".to_owned())
        }
        () if is_of_identity_center => Err(
            "it is of a role of IAM Identity Center, which puts it back; change the permission set"
                .to_owned(),
        ),
        () => Ok(()),
    }
}
