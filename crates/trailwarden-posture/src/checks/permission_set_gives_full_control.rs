//! A permission set of Identity Center makes administrators.

use crate::prelude::*;

/// See the fields.
pub static CHECK: Check = Check {
    id: "permission-set-gives-full-control",
    title: "Permission set makes administrators",
    area: Area::Organization,
    severity: Severity::Medium,
    confidence: Confidence::High,
    risk: "In each account to which it is assigned, whoever has it is administrator.",
    fix: "Assign it to few, for a short time, and give the rest what their work needs.",
    needs: &["sso:ListManagedPoliciesInPermissionSet"],
    controls: &[],
    remedies: &[],
    fails_on: &[
        r#"sso:ListManagedPoliciesInPermissionSet PermissionSetArn=arn:aws:sso:::permissionSet/i/ps-1 {"AttachedManagedPolicies":[{"Name":"AdministratorAccess","Arn":"arn:aws:iam::aws:policy/AdministratorAccess"}]}"#,
    ],
    passes_on: &[
        r#"sso:ListManagedPoliciesInPermissionSet PermissionSetArn=arn:aws:sso:::permissionSet/i/ps-1 {"AttachedManagedPolicies":[{"Name":"ReadOnlyAccess","Arn":"arn:aws:iam::aws:policy/ReadOnlyAccess"}]}"#,
    ],
    logic: Logic::Each(judge),
};

fn judge(state: &State<'_>, verdicts: &mut Verdicts) -> Known<()> {
    const CALL: &str = "sso:ListManagedPoliciesInPermissionSet";
    let answers = match state.everywhere(CALL) {
        Err(_) if has_no_sets(state, verdicts) => return Ok(()),
        answers => answers?,
    };
    for answer in answers {
        let arn = answer.about.get("PermissionSetArn").map_or("", String::as_str);
        let name = arn.rsplit('/').next().unwrap_or(arn);
        let resource = Resource::arn("permission_set", format!("permission set {name}"), arn);
        let label = &resource.label;
        let body = match answers::body(answer) {
            Ok(body) => body,
            Err(missing) => {
                verdicts.missing(&resource, &missing);
                continue;
            }
        };
        let makes = |policy: &&serde_json::Value| {
            let known = trailwarden_policy::facts::managed_policy(text(policy, "Arn"));
            known
                .and_then(|known| trailwarden_policy::Document::parse(known.document).ok())
                .is_some_and(|document| {
                    let reach = trailwarden_policy::reach::Reach::of([&document]);
                    trailwarden_policy::reach::controls_iam(reach.grants())
                })
        };
        match items(CALL, body, "AttachedManagedPolicies")?.iter().find(makes) {
            Some(policy) => {
                let policy = text(policy, "Name");
                verdicts.fail(&resource, format!("The {label} gives full control by {policy}."));
            }
            None => verdicts
                .pass(&resource, format!("No managed policy of the {label} gives full control.")),
        }
    }
    Ok(())
}

/// Whether there is none to ask about, for certain. In an organization, an account may not see the instance
/// of another.
fn has_no_sets(state: &State<'_>, verdicts: &mut Verdicts) -> bool {
    const SETS: &str = "sso:ListPermissionSets";
    let is_empty = |answer: &&trailwarden_account::snapshot::Answer| {
        let body = answers::body(answer);
        body.and_then(|body| items(SETS, body, "PermissionSets")).is_ok_and(<[_]>::is_empty)
    };
    match state.everywhere(SETS) {
        Ok(answers) => answers.iter().all(is_empty),
        Err(_) => {
            let instances = state.items("sso:ListInstances", "Instances");
            instances.is_ok_and(<[_]>::is_empty) && state.is_outside_organization(verdicts)
        }
    }
}
