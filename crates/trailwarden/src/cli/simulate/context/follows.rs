//! The keys whose values follow from who asks and for what.
//!
//! Source: IAM User Guide, "AWS global condition context keys" (properties of the principal, of the
//! resource) and "IAM policy elements: Variables and tags" (values of `aws:userid`).

use trailwarden_model::Arn;
use trailwarden_policy::evaluate::Caller;
use trailwarden_policy::facts::lacks_resource_account;

use super::{Scene, session_role};

/// Keys with their values; `None` for a key that this request never has.
pub(super) fn keys(scene: &Scene<'_>) -> Vec<(&'static str, Option<String>)> {
    let mut keys = Vec::new();
    of_caller(scene, &mut keys);
    of_resource(scene, &mut keys);
    keys
}

fn of_caller(scene: &Scene<'_>, keys: &mut Vec<(&'static str, Option<String>)>) {
    let caller = &scene.caller;
    let mut say = |key, value: &str| keys.push((key, Some(value.to_owned())));
    if let Some(account) = caller.account() {
        say("aws:PrincipalAccount", account);
        say("aws:PrincipalIsAWSService", "false");
    }
    let principal_type = match caller {
        Caller::Root(root) => {
            say("aws:userid", root.account);
            if let Some(arn) = root_arn(root.arn, root.account, scene.resource) {
                say("aws:PrincipalArn", &arn);
            }
            "Account"
        }
        Caller::User(user) => {
            say("aws:PrincipalArn", user.arn);
            say("aws:username", user.name);
            "User"
        }
        Caller::Role(role) => {
            say("aws:PrincipalArn", role.arn);
            "AssumedRole"
        }
        Caller::Session { entity, role } => {
            let role = format!("arn:{}:iam::{}:role/{role}", entity.partition, entity.account);
            if session_role::path_never_matters(scene, &role) {
                say("aws:PrincipalArn", &role);
            }
            "AssumedRole"
        }
        Caller::FederatedUser(user) => {
            say("aws:PrincipalArn", user.arn);
            say("aws:userid", &format!("{}:{}", user.account, user.name));
            "FederatedUser"
        }
        Caller::Anonymous => "Anonymous",
        Caller::Service(name) => {
            say("aws:PrincipalIsAWSService", "true");
            say("aws:PrincipalServiceName", name);
            return;
        }
        Caller::Provider(_) => return,
    };
    say("aws:PrincipalType", principal_type);
    if !matches!(caller, Caller::User(_)) {
        keys.push(("aws:username", None));
    }
}

/// An account id alone leaves the partition open; that of the resource tells it.
fn root_arn(given: &str, account: &str, resource: &str) -> Option<String> {
    if given.starts_with("arn:") {
        return Some(given.to_owned());
    }
    let partition = Arn::parse(resource)?.partition;
    Some(format!("arn:{partition}:iam::{account}:root"))
}

fn of_resource(scene: &Scene<'_>, keys: &mut Vec<(&'static str, Option<String>)>) {
    let Some(owner) = scene.owner else { return };
    let (service, name) = scene.action.split_once(':').unwrap_or_default();
    if !lacks_resource_account(service, name) {
        keys.push(("aws:ResourceAccount", Some(owner.to_owned())));
    }
    if service.eq_ignore_ascii_case("s3") {
        keys.push(("s3:ResourceAccount", Some(owner.to_owned())));
    }
}
