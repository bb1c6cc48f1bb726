//! Which keys nobody gave may be in the request all the same.
//!
//! What belongs to the principal, to its session, to the resource or to the way that the request
//! takes is there whether or not anybody says so: it is unknown. What a caller may or may not put
//! into a request is absent unless it is given.
//!
//! Source: IAM User Guide, "AWS global condition context keys" (the availability of each).

use trailwarden_policy::evaluate::Caller;
use trailwarden_policy::pattern::action_matches;

use super::Scene;

/// Keys of temporary credentials. A role has them; so has a federated user, and a user only with
/// `sts:GetSessionToken`.
const OF_SESSIONS: &[&str] = &[
    "aws:tokenissuetime",
    "aws:multifactorauthpresent",
    "aws:multifactorauthage",
    "aws:federatedprovider",
    "aws:sourceidentity",
];

/// Keys that tell where the session of a role came from.
const OF_ROLES: &[&str] = &[
    "aws:chatbotsourcearn",
    "aws:ec2instancesourcevpc",
    "aws:ec2instancesourceprivateipv4",
    "ec2:roledelivery",
    "ec2:sourceinstancearn",
    "glue:roleassumedby",
    "glue:credentialissuingservice",
    "lambda:sourcefunctionarn",
    "ssm:sourceinstancearn",
    "identitystore:userid",
];

/// Keys of a request through a VPC endpoint.
const OF_ENDPOINTS: &[&str] = &[
    "aws:sourcevpc",
    "aws:sourcevpcarn",
    "aws:sourcevpce",
    "aws:vpceaccount",
    "aws:vpceorgid",
    "aws:vpceorgpaths",
    "aws:vpcsourceip",
];

/// Keys that a service sends of the resource it acts for.
const OF_SERVICES: &[&str] = &[
    "aws:sourcearn",
    "aws:sourceaccount",
    "aws:sourceowner",
    "aws:sourceorgid",
    "aws:sourceorgpaths",
    "aws:principalservicenameslist",
];

/// Keys that requests for an action always have, or nearly.
///
/// Sources: Amazon DynamoDB Developer Guide, "Using IAM policy conditions for fine-grained access
/// control"; IAM User Guide, "Available keys for IAM" and "Available keys for AWS STS"; Amazon S3
/// User Guide, "Amazon S3 condition key examples" and "Authentication-specific policy keys".
const OF_ACTIONS: &[(&str, &str)] = &[
    ("dynamodb:*item", "dynamodb:leadingkeys"),
    ("dynamodb:*items", "dynamodb:leadingkeys"),
    ("dynamodb:query", "dynamodb:leadingkeys"),
    ("dynamodb:partiql*", "dynamodb:leadingkeys"),
    ("iam:passrole", "iam:passedtoservice"),
    ("iam:attach*policy", "iam:policyarn"),
    ("iam:detach*policy", "iam:policyarn"),
    ("iam:createservicelinkedrole", "iam:awsservicename"),
    ("sts:assumerole*", "sts:rolesessionname"),
    ("s3:*", "s3:authtype"),
    ("s3:*", "s3:signatureversion"),
    ("s3:*", "s3:signatureage"),
    ("s3:*", "s3:tlsversion"),
    ("s3:*", "s3:resourceaccount"),
    ("ec2:*", "ec2:region"),
];

/// Whether AWS may send a key that was not given.
pub(super) fn may_be_there(key: &str, scene: &Scene<'_>) -> bool {
    let key = key.to_ascii_lowercase();
    let is_one_of = |keys: &[&str]| keys.contains(&key.as_str());
    let caller = &scene.caller;
    let in_account = caller.entity().is_some();
    let is_role = matches!(caller, Caller::Role(_) | Caller::Session { .. });
    let is_temporary = is_role || matches!(caller, Caller::FederatedUser(_));
    let of_principal = in_account
        && (key.starts_with("aws:principaltag/")
            || is_one_of(&["aws:principalorgid", "aws:principalorgpaths"]));
    let of_way = match scene.passes_endpoint {
        true => is_one_of(OF_ENDPOINTS),
        false => key == "aws:sourceip",
    };
    let of_action = OF_ACTIONS
        .iter()
        .any(|(action, sent)| *sent == key && action_matches(action, scene.action));
    of_principal
        || of_way
        || of_action
        || (is_temporary && is_one_of(OF_SESSIONS))
        || (is_role && is_one_of(OF_ROLES))
        || (matches!(caller, Caller::Service(_)) && is_one_of(OF_SERVICES))
        || is_of_provider(&key, caller)
        || is_of_resource(&key, scene)
}

/// Claims of a token: `saml:aud`, `token.actions.githubusercontent.com:sub`.
fn is_of_provider(key: &str, caller: &Caller<'_>) -> bool {
    let Caller::Provider(provider) = caller else { return false };
    let prefix = key.split(':').next().unwrap_or_default();
    let name = provider.split_once("oidc-provider/").map_or(*provider, |(_, name)| name);
    match provider.contains(":saml-provider/") {
        true => prefix == "saml",
        false => name.to_ascii_lowercase().starts_with(prefix) || is_login(prefix),
    }
}

/// Amazon's and Facebook's keys have another name than their provider.
fn is_login(prefix: &str) -> bool {
    ["www.amazon.com", "graph.facebook.com", "accounts.google.com"].contains(&prefix)
}

/// What tells resources apart: owner, tags, and the keys of their type.
fn is_of_resource(key: &str, scene: &Scene<'_>) -> bool {
    let of_owner = ["aws:resourceaccount", "aws:resourceorgid", "aws:resourceorgpaths"];
    if of_owner.contains(&key) {
        return true;
    }
    // Pages list these with a type because its resources get tags when they are made.
    if key.starts_with("aws:requesttag/") || key == "aws:tagkeys" {
        return false;
    }
    let Some(action) = scene.known_action.filter(|action| !action.is_wildcard_only()) else {
        return false;
    };
    key.starts_with("aws:resourcetag/")
        || action
            .resource_types()
            .flat_map(|used| used.resource_type().condition_keys())
            .any(|own| own.is_named(key))
}
