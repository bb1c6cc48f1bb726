//! An Allow on every resource but some.

use crate::facts::Level;
use crate::lint::prelude::*;
use crate::lint::scope::{lower, names};

/// See the fields.
pub static CHECK: Check = Check {
    id: "allow-with-not-resource",
    title: "Allow with NotResource",
    severity: Severity::Medium,
    confidence: Confidence::High,
    kinds: &[PolicyKind::Identity, PolicyKind::Resource],
    about: "`NotResource` with Allow gives every other resource, of all kinds, also those that will be made. Where the actions reach IAM, that includes its users, roles and policies.",
    source: "IAM User Guide, \"IAM JSON policy elements: NotResource\"",
    cross: &[
        (Tool::AccessAnalyzer, "PASS_ROLE_WITH_NOT_RESOURCE"),
        (Tool::AccessAnalyzer, "PASS_ROLE_WITH_STAR_IN_ACTION_AND_NOT_RESOURCE"),
        (Tool::AccessAnalyzer, "PASS_ROLE_WITH_NOT_ACTION_AND_NOT_RESOURCE"),
        (Tool::Parliament, "NOTRESOURCE_WITH_ALLOW"),
    ],
    run: Run::Statement(run),
    fires_on: &[
        Example::identity(
            r#""Effect":"Allow","Action":"s3:GetObject","NotResource":"arn:aws:s3:::secret/*""#,
        )
        .at(r#""arn:aws:s3:::secret/*""#),
        Example::identity(r#""Effect":"Allow","Action":"*","NotResource":["arn:aws:s3:::b"]"#)
            .at(r#"["arn:aws:s3:::b"]"#),
        Example::resource(
            r#""Effect":"Allow","Principal":{"AWS":"111122223333"},"Action":"s3:GetObject","NotResource":"arn:aws:s3:::b/x/*""#,
        ),
    ],
    quiet_on: &[
        Example::identity(
            r#""Effect":"Deny","Action":"s3:GetObject","NotResource":"arn:aws:s3:::b/*""#,
        ),
        Example::identity(
            r#""Effect":"Allow","Action":"s3:GetObject","Resource":"arn:aws:s3:::b/*""#,
        ),
    ],
};

fn run(input: &Input<'_>, view: &StatementView<'_>, found: &mut Found<'_>) {
    if !view.allows() || view.statement.not_resources.is_none() {
        return;
    }
    let mut iam = input.actions_of(view);
    iam.intersect_with(&input.actions_matching("iam:*"));
    let managing: Vec<_> = iam
        .iter()
        .map(|id| id.action())
        .filter(|action| action.our_level() == Level::PermissionsManagement)
        .collect();
    let (severity, message) = match managing.is_empty() {
        true => (CHECK.severity, "every resource but these is allowed".to_owned()),
        false => (
            Severity::High,
            format!("every resource but these is allowed, for {} too", names(&managing)),
        ),
    };
    let is_conditioned = !view.statement.conditions.is_empty();
    let severity = if is_conditioned { lower(severity) } else { severity };
    let fix = "list the resources that are meant in `Resource`, and except others with a Deny";
    found.graded(severity, view.span_of(Element::NotResource), view.index, message, fix);
}
