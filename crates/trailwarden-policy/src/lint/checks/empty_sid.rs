//! A `Sid` without text.

use crate::lint::prelude::*;

/// See the fields.
pub static CHECK: Check = Check {
    id: "empty-sid",
    title: "Empty Sid",
    severity: Severity::Info,
    confidence: Confidence::High,
    kinds: EVERY_KIND,
    about: "An empty name names nothing; some services refuse it.",
    source: "IAM User Guide, \"IAM JSON policy elements: Sid\"",
    cross: &[(Tool::AccessAnalyzer, "EMPTY_SID_VALUE")],
    run: Run::Statement(run),
    fires_on: &[Example::identity(
        r#""Sid":"","Effect":"Allow","Action":"s3:GetObject","Resource":"*""#,
    )
    .at(r#""""#)],
    quiet_on: &[
        Example::identity(r#""Sid":"x","Effect":"Allow","Action":"s3:GetObject","Resource":"*""#),
        Example::identity(r#""Effect":"Allow","Action":"s3:GetObject","Resource":"*""#),
    ],
};

fn run(_input: &Input<'_>, view: &StatementView<'_>, found: &mut Found<'_>) {
    if view.statement.sid.as_deref() == Some("") {
        let fix = "write a name, or remove the `Sid`";
        found.at(view.span_of(Element::Sid), view.index, "`Sid` is empty", fix);
    }
}
