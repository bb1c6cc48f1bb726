//! Who may enter a role and stands in no model: strangers, and whoever of the role's own account its
//! trust policy names and nobody has seen.

use trailwarden_model::Arn;
use trailwarden_policy::trust::{Gained, gained};

use super::Entrant;
use super::named::{Named, named};
use crate::access::{World, as_of};
use crate::fact::Why;
use crate::identity::Identity;
use crate::model::Model;
use crate::trust::{in_force, is_deleted_provider, is_entry, without_namesakes};

/// Somebody who may enter a role and stands in no model.
#[derive(PartialEq, Eq)]
pub(in crate::effect) struct Outsider {
    /// Such as `deploy of account 444455556666 if it gives the external id`.
    pub(in crate::effect) words: String,
    /// What has to be so for it, where it is of the role's own account and nobody saw it there.
    pub(in crate::effect) doubt: Option<String>,
}

/// Whoever may enter a role from outside its account, or from inside it unseen; services are not among
/// them.
pub(in crate::effect) fn outsiders(
    world: World<'_>,
    model: &Model,
    role: &Identity,
) -> Vec<Outsider> {
    let Some(document) = role.trust.value().and_then(|text| text.document().ok()) else {
        return Vec::new();
    };
    let home = model.account();
    let mut found: Vec<Outsider> = Vec::new();
    let document = in_force(document, &world.rcps(home), model, role);
    let document = as_of(without_namesakes(document, &role.trust, world), world.now());
    for Gained { grant, .. } in gained(None, &document, Some(home)) {
        if !is_entry(&grant) || is_deleted_provider(&grant.who, model) {
            continue;
        }
        let Some(who) = Entrant::as_written(&grant.who) else { continue };
        let Named { noun, asked } = named(&who, &grant, home, false);
        let outsider = match &who {
            Entrant::Service(_) => continue,
            Entrant::Named(Some(account), arn) if *account == home => {
                let Some(label) = unseen_at_home(model, arn) else { continue };
                let noun = format!("{noun} (no record shows it)");
                let doubt = format!("whether {label} exists: {}", Why::NeverSeen.as_str());
                Outsider { words: Named { noun, asked }.in_words(), doubt: Some(doubt) }
            }
            who if who.account() == Some(home) => continue,
            _ => Outsider { words: Named { noun, asked }.in_words(), doubt: None },
        };
        if !found.contains(&outsider) {
            found.push(outsider);
        }
    }
    // Whoever is there for certain is named first.
    found.sort_by_key(|one| one.doubt.is_some());
    found
}

/// The label of a user or role of the account that a policy names, by itself or by a session, and that may
/// be there though no model shows it: AWS accepts no name of nobody, and nothing tells that it was deleted
/// since.
///
/// Source: IAM User Guide, "AWS JSON policy elements: Principal".
fn unseen_at_home(model: &Model, arn: &str) -> Option<String> {
    let parsed = Arn::parse(arn)?;
    let (kind, name, listed) = match (parsed.kind(), parsed.session_role()) {
        ("user", _) => ("user", parsed.name(), &model.listed().users),
        ("role", _) => ("role", parsed.name(), &model.listed().roles),
        (_, Some(role)) => ("role", role, &model.listed().roles),
        _ => return None,
    };
    let label = format!("{kind}/{name}");
    let is_gone = || model.has_tombstone_of(&label.to_ascii_lowercase());
    (!listed.is_known() && model.find_arn(arn).is_none() && !is_gone()).then_some(label)
}
