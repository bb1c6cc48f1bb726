//! Identity Center: permission sets, what each allows, and who holds it here.

use serde_json::{Value, json};

use crate::collect::several::Question;
use crate::collect::{Asking, items, none};

/// What is asked of each permission set.
const OF_EACH: &[&str] = &[
    "sso:DescribePermissionSet",
    "sso:GetInlinePolicyForPermissionSet",
    "sso:ListManagedPoliciesInPermissionSet",
    "sso:ListCustomerManagedPolicyReferencesInPermissionSet",
    "sso:GetPermissionsBoundaryForPermissionSet",
];

pub(super) fn ask(asking: &mut Asking<'_>) {
    let told = asking.ask("sso:ListInstances", none());
    let instances: Vec<Value> = items(told.as_ref(), "Instances")
        .filter_map(|instance| instance.get("InstanceArn").cloned())
        .collect();
    let account = asking.identity.account.to_string();
    for instance in instances {
        let told = asking.ask("sso:ListPermissionSets", json!({"InstanceArn": instance}));
        let mut questions = Vec::new();
        for set in items(told.as_ref(), "PermissionSets") {
            let about = json!({"InstanceArn": instance, "PermissionSetArn": set});
            questions.extend(OF_EACH.iter().map(|api| Question::new(api, about.clone())));
            let mut about = about;
            if let Value::Object(about) = &mut about {
                about.insert("AccountId".to_owned(), account.clone().into());
            }
            questions.push(Question::new("sso:ListAccountAssignments", about));
        }
        asking.ask_each(questions);
    }
}
