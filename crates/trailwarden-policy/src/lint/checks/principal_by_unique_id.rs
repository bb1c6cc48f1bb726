//! A principal given by its unique id.

use crate::lint::prelude::*;
use crate::trust::Who;

/// See the fields.
pub static CHECK: Check = Check {
    id: "principal-by-unique-id",
    title: "Principal given by its unique id",
    severity: Severity::Medium,
    confidence: Confidence::High,
    kinds: &[PolicyKind::Resource, PolicyKind::Trust, PolicyKind::Endpoint],
    about: "AWS shows the id of a role or user in a stored policy once that principal was deleted: a new one of the same name has another id and is not meant. In a Deny, that is a hole.",
    source: "IAM User Guide, \"AWS JSON policy elements: Principal\"",
    cross: &[
        (Tool::AccessAnalyzer, "INVALID_ROLE_REFERENCE"),
        (Tool::AccessAnalyzer, "INVALID_USER_REFERENCE"),
    ],
    run: Run::Statement(run),
    fires_on: &[
        Example::trust(
            r#""Effect":"Allow","Principal":{"AWS":"AROAEXAMPLEEXAMPLE123"},"Action":"sts:AssumeRole""#,
        )
        .at(r#""AROAEXAMPLEEXAMPLE123""#),
        Example::resource(
            r#""Effect":"Deny","NotPrincipal":{"AWS":["AIDAEXAMPLEEXAMPLE123"]},"Action":"s3:*","Resource":"arn:aws:s3:::b""#,
        )
        .at(r#""AIDAEXAMPLEEXAMPLE123""#),
    ],
    quiet_on: &[
        Example::trust(
            r#""Effect":"Allow","Principal":{"AWS":"arn:aws:iam::111122223333:role/AROAEXAMPLEEXAMPLE123"},"Action":"sts:AssumeRole""#,
        ),
        Example::trust(
            r#""Effect":"Allow","Principal":{"AWS":"*"},"Action":"sts:AssumeRole","Condition":{"StringLike":{"aws:userid":"AROAEXAMPLEEXAMPLE123:*"}}"#,
        ),
    ],
};

fn run(_input: &Input<'_>, view: &StatementView<'_>, found: &mut Found<'_>) {
    for part in view.principals() {
        let Who::UniqueId(id) = Who::of(part.principal) else {
            continue;
        };
        let what = match id.get(..4) {
            Some("AROA") => "role",
            Some("AIDA") => "user",
            _ => "principal",
        };
        let message = format!("{} is the id of a {what}, most likely a deleted one", quoted(&id));
        let fix = format!("remove it, or write the ARN of the {what} that is meant now");
        found.at(part.span, view.index, message, fix);
    }
}
