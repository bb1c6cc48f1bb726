//! An action that works on none of the resources beside it.

use std::collections::{BTreeSet, HashSet};

use crate::facts::Action;
use crate::lint::arns;
use crate::lint::prelude::*;

/// See the fields.
pub static CHECK: Check = Check {
    id: "resource-does-not-fit-action",
    title: "No resource fits the action",
    severity: Severity::Medium,
    confidence: Confidence::Medium,
    kinds: arns::KINDS_WITH_RESOURCES,
    about: "An action is only covered by resources of the types that it works on; some work on none that can be named, and only `*` covers those. Here the action is neither allowed nor denied.",
    source: "IAM User Guide, \"IAM JSON policy elements: Resource\"",
    cross: &[
        (Tool::Parliament, "RESOURCE_MISMATCH"),
        (Tool::AccessAnalyzer, "UNSUPPORTED_RESOURCE_ARN_IN_POLICY"),
    ],
    run: Run::Statement(run),
    fires_on: &[
        Example::identity(
            r#""Effect":"Allow","Action":["s3:ListBucket","s3:PutObject"],"Resource":"arn:aws:s3:::bucket""#,
        )
        .at(r#""s3:PutObject""#),
        Example::identity(
            r#""Effect":"Allow","Action":"ec2:DescribeInstances","Resource":"arn:aws:ec2:eu-west-1:111122223333:instance/*""#,
        )
        .at(r#""ec2:DescribeInstances""#),
        Example::resource(
            r#""Effect":"Allow","Principal":{"AWS":"111122223333"},"Action":"s3:GetObject","Resource":"arn:aws:kms:eu-west-1:111122223333:key/x""#,
        )
        .at(r#""s3:GetObject""#),
        Example::scp(
            r#""Effect":"Deny","Action":"iam:*AccessKey","Resource":"arn:aws:iam::*:role/*""#,
        )
        .at(r#""iam:*AccessKey""#),
    ],
    quiet_on: &[
        Example::identity(
            r#""Effect":"Allow","Action":["s3:ListBucket","s3:PutObject"],"Resource":["arn:aws:s3:::bucket","arn:aws:s3:::bucket/*"]"#,
        ),
        Example::identity(
            r#""Effect":"Allow","Action":"s3:Get*","Resource":"arn:aws:s3:::bucket""#,
        ),
        Example::identity(r#""Effect":"Allow","Action":"ec2:DescribeInstances","Resource":"*""#),
        Example::identity(
            r#""Effect":"Allow","Action":"ec2:DescribeInstances","NotResource":"arn:aws:ec2:eu-west-1:111122223333:instance/*""#,
        ),
        // What is wrong in itself is said by other checks.
        Example::identity(r#""Effect":"Allow","Action":"s3:PutObject","Resource":"bucket""#),
    ],
};

/// A pattern for more actions than this is not asked which of them fit.
const ACTIONS_MAX: usize = 300;

fn run(input: &Input<'_>, view: &StatementView<'_>, found: &mut Found<'_>) {
    if view.has(Element::NotAction) || view.has(Element::NotResource) {
        return;
    }
    let Some(types) = types_of_resources(input, view) else {
        return;
    };
    for action in view.actions() {
        let actions = input.actions_matching(action.text);
        if actions.is_empty() || actions.len() > ACTIONS_MAX {
            continue;
        }
        let fits = |action: &Action| {
            let uses = action.resource_types();
            let mut patterns = uses.flat_map(|of| of.resource_type().arn_patterns());
            patterns.any(|pattern| types.contains(pattern))
        };
        if actions.iter().any(|id| fits(id.action())) {
            continue;
        }
        // In a Deny it is a hole; in an Allow, something that does not work and will be noticed.
        let severity = if view.denies() { Severity::Medium } else { Severity::Low };
        let name = quoted(action.text);
        let (message, fix) = if actions.iter().all(|id| id.action().is_wildcard_only()) {
            let fix = "move it to a statement with `\"Resource\": \"*\"`";
            (format!("{name} works on no resource that can be named"), fix.to_owned())
        } else {
            let types = types_named(&actions);
            let fix = format!("add a resource of a type that it works on, such as {types}");
            (format!("{name} works on none of the resources of the statement"), fix)
        };
        found.graded(severity, action.span, view.index, message, fix);
    }
}

/// The ARN patterns of all types that the resources could be of; `None` where that is not known.
fn types_of_resources(
    input: &Input<'_>,
    view: &StatementView<'_>,
) -> Option<HashSet<&'static str>> {
    let mut types = HashSet::new();
    let mut resources = view.resources().peekable();
    resources.peek()?;
    for resource in resources {
        let arn = arns::fields(resource.text)?;
        let is_open = input.document.places.is_unknown(resource.span);
        if is_open || arns::is_open(arn.service) || arns::misfit(&arn).is_some() {
            return None;
        }
        // A service whose types are not known.
        arns::types_of(&arn).next()?;
        types.extend(arns::types_of(&arn));
    }
    Some(types)
}

/// A few of the types that actions work on.
fn types_named(actions: &ActionSet) -> String {
    const NAMED_MAX: usize = 3;
    let uses = actions.iter().flat_map(|id| id.action().resource_types());
    let names: BTreeSet<&str> = uses.map(|of| of.resource_type().name()).collect();
    let names: Vec<String> = names.iter().take(NAMED_MAX).map(|name| format!("`{name}`")).collect();
    names.join(" or ")
}
