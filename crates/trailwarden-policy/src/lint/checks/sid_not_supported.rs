//! A `Sid` with other characters than letters and digits.

use crate::lint::prelude::*;

/// See the fields.
pub static CHECK: Check = Check {
    id: "sid-not-supported",
    title: "Sid with characters that IAM refuses",
    severity: Severity::High,
    confidence: Confidence::High,
    kinds: &[PolicyKind::Identity, PolicyKind::Boundary, PolicyKind::Session],
    about: "IAM takes only the letters A to Z, small or capital, and digits in a `Sid`; it refuses a policy with any other. Some services allow more in policies of their resources.",
    source: "IAM User Guide, \"IAM JSON policy elements: Sid\"",
    cross: &[(Tool::AccessAnalyzer, "UNSUPPORTED_SID"), (Tool::Parliament, "INVALID_SID")],
    run: Run::Statement(run),
    fires_on: &[
        Example::identity(
            r#""Sid":"Allow reading","Effect":"Allow","Action":"s3:GetObject","Resource":"*""#,
        )
        .at(r#""Allow reading""#),
        Example::identity(r#""Sid":"a-b","Effect":"Allow","Action":"s3:GetObject","Resource":"*""#)
            .at(r#""a-b""#),
    ],
    quiet_on: &[
        Example::identity(
            r#""Sid":"AllowReading1","Effect":"Allow","Action":"s3:GetObject","Resource":"*""#,
        ),
        Example::resource(
            r#""Sid":"Enable IAM User Permissions","Effect":"Allow","Principal":{"AWS":"111122223333"},"Action":"kms:*","Resource":"*""#,
        ),
    ],
};

fn run(_input: &Input<'_>, view: &StatementView<'_>, found: &mut Found<'_>) {
    let Some(sid) = view.statement.sid.as_deref() else {
        return;
    };
    if !sid.chars().all(|c| c.is_ascii_alphanumeric()) {
        let message = format!("{} has other characters than letters and digits", quoted(sid));
        let fix = "write the name in letters and digits only";
        found.at(view.span_of(Element::Sid), view.index, message, fix);
    }
}
