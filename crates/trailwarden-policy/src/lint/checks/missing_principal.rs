//! A statement of a policy on a resource that names no principal.

use crate::lint::prelude::*;

/// See the fields.
pub static CHECK: Check = Check {
    id: "missing-principal",
    title: "Missing principal",
    severity: Severity::High,
    confidence: Confidence::High,
    kinds: KINDS_WITH_PRINCIPALS,
    about: "A policy on a resource says who; AWS refuses a statement of one without `Principal` or `NotPrincipal`.",
    source: "IAM User Guide, \"AWS JSON policy elements: Principal\"",
    cross: &[(Tool::AccessAnalyzer, "MISSING_PRINCIPAL"), (Tool::Parliament, "MALFORMED")],
    run: Run::Statement(run),
    fires_on: &[
        Example::trust(r#""Effect":"Allow","Action":"sts:AssumeRole""#)
            .at(r#"{"Effect":"Allow","Action":"sts:AssumeRole"}"#),
        Example::resource(r#""Effect":"Deny","Action":"s3:*","Resource":"*""#),
    ],
    quiet_on: &[
        Example::resource(
            r#""Effect":"Deny","NotPrincipal":{"AWS":"111122223333"},"Action":"s3:*","Resource":"*""#,
        ),
        Example::identity(r#""Effect":"Deny","Action":"s3:*","Resource":"*""#),
    ],
};

fn run(_input: &Input<'_>, view: &StatementView<'_>, found: &mut Found<'_>) {
    if !view.has(Element::Principal) && !view.has(Element::NotPrincipal) {
        let message = "the statement has neither `Principal` nor `NotPrincipal`";
        let fix = "add `\"Principal\"` with who is meant";
        found.at(view.places.span, view.index, message, fix);
    }
}
