//! What AWS CLI prints: replies of IAM, STS, Organizations, EC2 and services with policies.
//!
//! Source: AWS CLI Command Reference, `iam get-policy-version`, `iam get-role`,
//! `iam get-account-authorization-details`, `organizations describe-policy`, `s3api
//! get-bucket-policy`, `ec2 describe-vpc-endpoints`.

use super::{Located, Path, is_policy, last_name, search, shown};
use crate::json::{Node, Value};
use crate::kind::PolicyKind;

pub(super) fn policies(root: &Node) -> Vec<Located> {
    let mut found = Vec::new();
    search(root, &mut Vec::new(), &mut Vec::new(), &mut |path, around, node| {
        let takes = is_policy(node) || is_named(path, node);
        if takes {
            found.push(Located::at(shown(path), kind(path, around), node));
        }
        takes
    });
    found
}

/// A value that IAM calls a policy, although it does not look like one.
fn is_named(path: &Path, node: &Node) -> bool {
    matches!(node.value, Value::Members(_))
        && matches!(last_name(path), "PolicyDocument" | "AssumeRolePolicyDocument")
        && path.last().is_some_and(|step| !step.starts_with('['))
}

fn kind(path: &Path, around: &[&Node]) -> Option<PolicyKind> {
    let is_under = |name: &str| path.iter().any(|step| step == name);
    match last_name(path) {
        "AssumeRolePolicyDocument" => Some(PolicyKind::Trust),
        "PolicyDocument" if is_under("VpcEndpoints") || is_under("VpcEndpoint") => {
            Some(PolicyKind::Endpoint)
        }
        "PolicyDocument" => Some(PolicyKind::Identity),
        "Document" if is_under("PolicyVersion") || is_under("PolicyVersionList") => {
            Some(PolicyKind::Identity)
        }
        "Content" => {
            let summary = around.last().and_then(|policy| policy.get("PolicySummary"));
            of_organization(summary.and_then(|summary| summary.get("Type"))?.text()?)
        }
        "Policy" | "ResourcePolicy" | "policy" => Some(PolicyKind::Resource),
        _ => None,
    }
}

/// The kind of a policy of AWS Organizations; `None` for those that are not of the IAM language.
pub(super) fn of_organization(policy_type: &str) -> Option<PolicyKind> {
    match policy_type {
        "SERVICE_CONTROL_POLICY" => Some(PolicyKind::Scp),
        "RESOURCE_CONTROL_POLICY" => Some(PolicyKind::Rcp),
        _ => None,
    }
}
