//! What was done to an organization's policies: the target of the record is the policy or account, so
//! where is said here.

use trailwarden_model::AccountId;

use super::Told;
use crate::change::{Change, Field, Subject, Touched};
use crate::model::Model;

/// AWS Organizations User Guide, "Service control policies": they do not apply to it.
const MANAGEMENT: &str = "service control policies do not restrict the management account";

pub(super) fn of(change: &Change, touched: &Touched) -> Option<Told> {
    let [before, after] = [&change.informed, &change.after].map(Model::organization);
    let item = touched.item.as_ref();
    match (&touched.subject, touched.field) {
        (Subject::OrganizationPolicy(id), Field::Existence) => {
            let is_made = after.policies.contains_key(id);
            let cause = if is_made { "made" } else { "deleted" };
            let nothing = if is_made { "it is attached nowhere" } else { "" };
            Some(Told { cause: cause.to_owned(), nothing })
        }
        (Subject::OrganizationPolicy(id), Field::Targets) => {
            let item = item?;
            let is_attached =
                after.policies.get(id).is_some_and(|policy| super::is_put(&policy.targets, item));
            let cause = match is_attached {
                true => format!("attached to {item}"),
                false => format!("detached from {item}"),
            };
            let is_management = AccountId::parse(item) == Some(change.after.account());
            Some(Told { cause, nothing: if is_management { MANAGEMENT } else { "" } })
        }
        (Subject::Organization, Field::Parent) => {
            let parent = after.parents.get(item?).and_then(|parent| parent.value());
            let cause = match parent {
                Some(parent) => format!("moved to {parent}"),
                None => "taken out of the organization".to_owned(),
            };
            Some(Told { cause, nothing: "" })
        }
        (Subject::Organization, Field::Targets) => {
            let is_new = |key| before.policy_types.get(key) != after.policy_types.get(key);
            let ((_, kind), is_on) = after.policy_types.iter().find(|(key, _)| is_new(*key))?;
            let how = if is_on.value() == Some(&true) { "on" } else { "off" };
            Some(Told { cause: format!("{kind} switched {how}"), nothing: "" })
        }
        _ => None,
    }
}
