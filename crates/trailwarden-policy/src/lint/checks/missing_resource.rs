//! A statement without `Resource` and without `NotResource` where one must stand.

use crate::lint::prelude::*;

/// See the fields.
pub static CHECK: Check = Check {
    id: "missing-resource",
    title: "Missing resource",
    severity: Severity::High,
    confidence: Confidence::High,
    kinds: &[
        PolicyKind::Identity,
        PolicyKind::Boundary,
        PolicyKind::Session,
        PolicyKind::Scp,
        PolicyKind::Rcp,
        PolicyKind::Endpoint,
    ],
    about: "AWS refuses such a statement, and the whole policy with it. Policies of resources may leave it out, since some services know what they are attached to.",
    source: "IAM User Guide, \"Access Analyzer policy check reference\"",
    cross: &[(Tool::AccessAnalyzer, "MISSING_RESOURCE"), (Tool::Parliament, "MALFORMED")],
    run: Run::Statement(run),
    fires_on: &[
        Example::identity(r#""Effect":"Allow","Action":"s3:GetObject""#)
            .at(r#"{"Effect":"Allow","Action":"s3:GetObject"}"#),
        Example::rcp(r#""Effect":"Deny","Principal":"*","Action":"s3:*""#),
    ],
    quiet_on: &[
        Example::identity(
            r#""Effect":"Allow","Action":"s3:GetObject","NotResource":"arn:aws:s3:::b/*""#,
        ),
        Example::trust(
            r#""Effect":"Allow","Principal":{"AWS":"111122223333"},"Action":"sts:AssumeRole""#,
        ),
    ],
};

fn run(_input: &Input<'_>, view: &StatementView<'_>, found: &mut Found<'_>) {
    if !view.has(Element::Resource) && !view.has(Element::NotResource) {
        let message = "the statement has neither `Resource` nor `NotResource`";
        let fix = "add `\"Resource\"` with the ARNs that are meant";
        found.at(view.places.span, view.index, message, fix);
    }
}
