//! What was done to an organization's policies: the target of the record is the policy or account, so
//! where is said here.

use trailwarden_model::AccountId;

use super::Told;
use crate::change::{Change, Field, Subject, Touched};
use crate::model::Model;
use crate::organization::{Organization, RCP};

/// AWS Organizations User Guide, "Service control policies": they do not apply to it.
const MANAGEMENT: &str = "service control policies do not restrict the management account";
/// AWS Organizations User Guide, "Resource control policies": the same.
const MANAGEMENT_OWN: &str =
    "resource control policies do not restrict what the management account owns";

pub(super) fn of(change: &Change, touched: &Touched) -> Option<Told> {
    let [before, after] = [&change.informed, &change.after].map(Model::organization);
    let item = touched.item.as_ref();
    match (&touched.subject, touched.field) {
        (Subject::OrganizationPolicy(id), Field::Existence) => {
            let is_made = after.policies.contains_key(id);
            let sides = if is_made { after } else { before };
            let cause = format!("{} {}", noun(sides, id), if is_made { "made" } else { "deleted" });
            let nothing = if is_made { "it is attached nowhere" } else { "" };
            Some(Told { cause, nothing })
        }
        (Subject::OrganizationPolicy(id), Field::Targets) => {
            let item = item?;
            let is_attached =
                after.policies.get(id).is_some_and(|policy| super::is_put(&policy.targets, item));
            let cause = match is_attached {
                true => format!("{} attached to {item}", noun(after, id)),
                false => format!("{} detached from {item}", noun(after, id)),
            };
            let is_management = AccountId::parse(item) == Some(change.after.account());
            let nothing = match (is_management, is_of_resources(after, id)) {
                (true, true) => MANAGEMENT_OWN,
                (true, false) => MANAGEMENT,
                (false, _) => "",
            };
            Some(Told { cause, nothing })
        }
        (Subject::OrganizationPolicy(id), Field::Content) => {
            Some(Told { cause: format!("{} changed", noun(after, id)), nothing: "" })
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

/// What a policy is called before what was done to it.
fn noun(organization: &Organization, id: &str) -> &'static str {
    match kind_of(organization, id) {
        Some(RCP) => "resource control policy",
        Some("SERVICE_CONTROL_POLICY") => "service control policy",
        _ => "policy",
    }
}

/// Whether a policy caps what may be done to what accounts own.
fn is_of_resources(organization: &Organization, id: &str) -> bool {
    kind_of(organization, id) == Some(RCP)
}

fn kind_of<'o>(organization: &'o Organization, id: &str) -> Option<&'o str> {
    organization.policies.get(id)?.kind.value().map(AsRef::as_ref)
}
