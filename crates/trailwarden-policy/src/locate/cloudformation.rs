//! CloudFormation templates in JSON.
//!
//! Intrinsic functions become [`UNKNOWN`] text and are listed. `Fn::Join` and `Fn::Sub` keep the
//! parts that are written out; `AWS::NoValue` takes its property away, as CloudFormation does.
//!
//! Source: AWS CloudFormation User Guide, "Intrinsic function reference" and "Pseudo parameters
//! reference".

use super::aws_cli::of_organization;
use super::{Located, Path, UNKNOWN, UnknownValue, is_policy, last_name, search, shown};
use crate::json::{Member, Node, Value};
use crate::kind::PolicyKind;
use crate::span::Span;

/// The resources of a template; `None` when the text is no template.
pub(super) fn resources(root: &Node) -> Option<&Node> {
    let resources = root.get("Resources")?;
    let has_type = |member: &Member| {
        let text = member.value.get("Type").and_then(Node::text);
        text.is_some_and(|text| text.contains("::"))
    };
    let is_template =
        root.get("AWSTemplateFormatVersion").is_some() || resources.members().iter().any(has_type);
    is_template.then_some(resources)
}

pub(super) fn policies(resources: &Node) -> Vec<Located> {
    let mut found = Vec::new();
    for resource in resources.members() {
        let Some(properties) = resource.value.get("Properties") else {
            continue;
        };
        let mut unknowns = Vec::new();
        let properties = resolved(properties, &mut unknowns);
        let resource_type = resource.value.get("Type").and_then(Node::text).unwrap_or_default();
        let mut path = vec!["Resources".to_owned(), resource.name.clone()];
        search(&properties, &mut path, &mut Vec::new(), &mut |path, _, node| {
            let kind = kind(resource_type, path, &properties);
            if is_unknown(node) && is_policy_property(last_name(path)) {
                let what = unknowns.iter().find(|unknown| unknown.span == node.span);
                let why =
                    what.map_or_else(String::new, |unknown| format!("it is {}", unknown.what));
                found.push(Located::unknown(name(path), kind, node.span, why));
                return true;
            }
            let is_object = matches!(node.value, Value::Members(_));
            let takes = is_policy(node) || (is_object && is_policy_property(last_name(path)));
            if takes {
                let mut located = Located::at(name(path), kind, node);
                located.unknowns = within(&unknowns, node.span).to_vec();
                found.push(located);
            }
            takes
        });
    }
    found
}

/// The values of a place, of all that stand in order.
fn within(unknowns: &[UnknownValue], span: Span) -> &[UnknownValue] {
    let from = unknowns.partition_point(|unknown| unknown.span.start < span.start);
    let to = unknowns.partition_point(|unknown| unknown.span.start < span.end);
    unknowns.get(from..to).unwrap_or_default()
}

/// The path without the property that every policy stands in.
fn name(path: &Path) -> String {
    match path {
        [before @ .., last] if last == "PolicyDocument" => shown(before),
        _ => shown(path),
    }
}

fn is_policy_property(name: &str) -> bool {
    matches!(name, "PolicyDocument" | "AssumeRolePolicyDocument" | "KeyPolicy")
}

fn is_unknown(node: &Node) -> bool {
    node.text().is_some_and(|text| text.chars().eq([UNKNOWN]))
}

fn kind(resource_type: &str, path: &Path, properties: &Node) -> Option<PolicyKind> {
    if last_name(path) == "AssumeRolePolicyDocument" {
        return Some(PolicyKind::Trust);
    }
    match resource_type {
        "AWS::Organizations::Policy" => of_organization(properties.get("Type")?.text()?),
        "AWS::EC2::VPCEndpoint" => Some(PolicyKind::Endpoint),
        "AWS::SSO::PermissionSet" => Some(PolicyKind::Identity),
        _ if resource_type.starts_with("AWS::IAM::") => Some(PolicyKind::Identity),
        _ if resource_type.starts_with("AWS::Serverless::")
            && path.iter().any(|p| p == "Policies") =>
        {
            Some(PolicyKind::Identity)
        }
        _ if resource_type.starts_with("AWS::") => Some(PolicyKind::Resource),
        _ => None,
    }
}

/// The same value with intrinsic functions as text, places unchanged.
fn resolved(node: &Node, unknowns: &mut Vec<UnknownValue>) -> Node {
    let value = match &node.value {
        Value::Members(members) => match intrinsic(members) {
            Some(function) => {
                let (text, what) = in_text(function);
                unknowns.push(UnknownValue { span: node.span, what });
                Value::Text(text)
            }
            None => Value::Members(
                members
                    .iter()
                    .filter(|member| !is_no_value(&member.value))
                    .map(|member| Member {
                        value: resolved(&member.value, unknowns),
                        ..member.clone()
                    })
                    .collect(),
            ),
        },
        Value::List(items) => {
            let kept = items.iter().filter(|item| !is_no_value(item));
            Value::List(kept.map(|item| resolved(item, unknowns)).collect())
        }
        Value::Null | Value::Literal(_) | Value::Text(_) => node.value.clone(),
    };
    Node { span: node.span, value }
}

fn intrinsic(members: &[Member]) -> Option<&Member> {
    match members {
        [only] if only.name == "Ref" || only.name.starts_with("Fn::") => Some(only),
        _ => None,
    }
}

fn is_no_value(node: &Node) -> bool {
    let reference = intrinsic(node.members()).filter(|function| function.name == "Ref");
    reference.and_then(|function| function.value.text()) == Some("AWS::NoValue")
}

/// The text of a function as far as it is written out, and what it is called in messages.
fn in_text(function: &Member) -> (String, String) {
    let argument = &function.value;
    let unknown = UNKNOWN.to_string();
    let first = || argument.items().first().and_then(Node::text);
    let (text, about) = match (function.name.as_str(), argument.text()) {
        ("Fn::Sub", Some(template)) => (substituted(template), Some(template)),
        ("Fn::Sub", None) => (first().map_or(unknown, substituted), first()),
        ("Fn::Join", None) => (joined(argument).unwrap_or(unknown), None),
        ("Fn::GetAtt", None) => (unknown, first()),
        (_, about) => (unknown, about),
    };
    let what = match about {
        Some(about) => format!("{} {}", function.name, about.chars().take(64).collect::<String>()),
        None => function.name.clone(),
    };
    (text, what)
}

/// A template of `Fn::Sub`: `${Name}` is not known, `${!Name}` is the text `${Name}`.
fn substituted(template: &str) -> String {
    let mut text = String::new();
    let mut rest = template;
    while let Some((before, after)) = rest.split_once("${") {
        text.push_str(before);
        let Some((name, after)) = after.split_once('}') else {
            return text + "${" + after;
        };
        match name.strip_prefix('!') {
            Some(literal) => text.extend(["${", literal, "}"]),
            None => text.push(UNKNOWN),
        }
        rest = after;
    }
    text + rest
}

/// The text of `Fn::Join`; `None` when its list itself is not known.
fn joined(argument: &Node) -> Option<String> {
    let [separator, parts] = argument.items() else {
        return None;
    };
    let Value::List(parts) = &parts.value else {
        return None;
    };
    let text = |part: &Node| match (&part.value, intrinsic(part.members())) {
        (Value::Text(text) | Value::Literal(text), _) => text.clone(),
        (_, Some(function)) => in_text(function).0,
        _ => UNKNOWN.to_string(),
    };
    Some(parts.iter().map(text).collect::<Vec<_>>().join(separator.text()?))
}
