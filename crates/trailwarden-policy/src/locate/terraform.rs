//! Terraform: the JSON of `terraform show -json` for a plan or a state.
//!
//! Source: Terraform documentation, "JSON Output Format". Policies are strings there, so a place in
//! the file is that of the whole string.

use std::collections::HashSet;

use super::aws_cli::of_organization;
use super::{Located, Path, is_policy, last_name, search, shown};
use crate::json::{Node, Value};
use crate::kind::PolicyKind;

pub(super) fn is_plan(root: &Node) -> bool {
    root.get("format_version").is_some()
        && ["resource_changes", "planned_values", "values"]
            .iter()
            .any(|name| root.get(name).is_some())
}

/// The policies after the change. A change that deletes has none, and what is planned without a
/// change is taken from the planned values.
pub(super) fn policies(root: &Node) -> Vec<Located> {
    let mut found = Vec::new();
    let mut seen = HashSet::new();
    for resource in root.get("resource_changes").map_or(&[][..], Node::items) {
        let Some(change) = resource.get("change") else {
            continue;
        };
        seen.insert(address(resource));
        let Some(after) = change.get("after") else {
            continue;
        };
        of_resource(resource, after, &mut found);
        if let Some(unknown) = change.get("after_unknown") {
            unknown_of_resource(resource, after, unknown, &mut found);
        }
    }
    for name in ["planned_values", "values"] {
        let Some(module) = root.get(name).and_then(|values| values.get("root_module")) else {
            continue;
        };
        of_module(module, &mut |resource, values| {
            if seen.insert(address(resource)) {
                of_resource(resource, values, &mut found);
            }
        });
    }
    found
}

fn of_module(module: &Node, visit: &mut dyn FnMut(&Node, &Node)) {
    for resource in module.get("resources").map_or(&[][..], Node::items) {
        if let Some(values) = resource.get("values") {
            visit(resource, values);
        }
    }
    for child in module.get("child_modules").map_or(&[][..], Node::items) {
        of_module(child, visit);
    }
}

fn address(resource: &Node) -> String {
    let text = |name: &str| resource.get(name).and_then(Node::text).unwrap_or_default();
    match resource.get("address").and_then(Node::text) {
        Some(address) => address.to_owned(),
        None => format!("{}.{}", text("type"), text("name")),
    }
}

fn resource_type(resource: &Node) -> &str {
    resource.get("type").and_then(Node::text).unwrap_or_default()
}

fn of_resource(resource: &Node, values: &Node, found: &mut Vec<Located>) {
    search(values, &mut Vec::new(), &mut Vec::new(), &mut |path, _, node| {
        let takes = is_policy(node);
        if takes {
            let name = format!("{}: {}", address(resource), shown(path));
            let kind = kind(resource_type(resource), path, values);
            found.push(Located::at(name, kind, node));
        }
        takes
    });
}

/// Policies that the plan leaves open. Only where a policy must be given: elsewhere an open
/// attribute is what AWS will answer when none was given.
fn unknown_of_resource(resource: &Node, after: &Node, unknown: &Node, found: &mut Vec<Located>) {
    for member in unknown.members() {
        let is_open = matches!(&member.value.value, Value::Literal(text) if text == "true");
        let is_required = match member.name.as_str() {
            "assume_role_policy" => true,
            "policy" => resource_type(resource).ends_with("_policy"),
            "content" => resource_type(resource) == "aws_organizations_policy",
            _ => false,
        };
        if is_open && is_required {
            let path = [member.name.clone()];
            let name = format!("{}: {}", address(resource), member.name);
            let kind = kind(resource_type(resource), &path, after);
            let why = "it is known after apply".to_owned();
            found.push(Located::unknown(name, kind, member.name_span, why));
        }
    }
}

fn kind(resource_type: &str, path: &Path, values: &Node) -> Option<PolicyKind> {
    if last_name(path) == "assume_role_policy" {
        return Some(PolicyKind::Trust);
    }
    match resource_type {
        "aws_organizations_policy" => {
            // The provider's default.
            let written = values.get("type").and_then(Node::text);
            of_organization(written.unwrap_or("SERVICE_CONTROL_POLICY"))
        }
        "aws_vpc_endpoint" | "aws_vpc_endpoint_policy" => Some(PolicyKind::Endpoint),
        "aws_ssoadmin_permission_set_inline_policy" => Some(PolicyKind::Identity),
        // A data source builds policies of any kind.
        "aws_iam_policy_document" => None,
        _ if resource_type.starts_with("aws_iam_") => Some(PolicyKind::Identity),
        _ if resource_type.starts_with("aws_") => Some(PolicyKind::Resource),
        _ => None,
    }
}
