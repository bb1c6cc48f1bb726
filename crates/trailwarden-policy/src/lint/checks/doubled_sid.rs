//! Two statements with the same `Sid`.

use crate::lint::prelude::*;

/// See the fields.
pub static CHECK: Check = Check {
    id: "doubled-sid",
    title: "Sid stands twice",
    severity: Severity::Low,
    confidence: Confidence::High,
    kinds: EVERY_KIND,
    about: "A `Sid` names one statement. IAM refuses an identity policy with one name twice; elsewhere, nobody can tell which of the two is meant.",
    source: "IAM User Guide, \"IAM JSON policy elements: Sid\"",
    cross: &[(Tool::AccessAnalyzer, "UNIQUE_SIDS_REQUIRED"), (Tool::AccessAnalyzer, "UNIQUE_SIDS_RECOMMENDED"), (Tool::Parliament, "DUPLICATE_SID")],
    run: Run::Document(run),
    fires_on: &[
Example::document(PolicyKind::Identity, r#"{"Version":"2012-10-17","Statement":[{"Sid":"a","Effect":"Allow","Action":"s3:GetObject","Resource":"*"},{"Sid":"a","Effect":"Allow","Action":"s3:ListBucket","Resource":"*"}]}"#).at(r#""a""#),
Example::document(PolicyKind::Resource, r#"{"Version":"2012-10-17","Statement":[{"Sid":"a","Effect":"Allow","Principal":{"AWS":"111122223333"},"Action":"s3:GetObject","Resource":"*"},{"Sid":"a","Effect":"Allow","Principal":{"AWS":"111122223333"},"Action":"s3:ListBucket","Resource":"*"}]}"#).at(r#""a""#),

    ],
    quiet_on: &[
Example::document(PolicyKind::Identity, r#"{"Version":"2012-10-17","Statement":[{"Sid":"a","Effect":"Allow","Action":"s3:GetObject","Resource":"*"},{"Sid":"A","Effect":"Allow","Action":"s3:ListBucket","Resource":"*"}]}"#),
Example::document(PolicyKind::Identity, r#"{"Version":"2012-10-17","Statement":[{"Sid":"a","Effect":"Allow","Action":"s3:GetObject","Resource":"*"},{"Sid":"b","Effect":"Allow","Action":"s3:ListBucket","Resource":"*"}]}"#),

    ],
};

fn run(input: &Input<'_>, found: &mut Found<'_>) {
    let severity = match input.kind {
        PolicyKind::Identity | PolicyKind::Boundary | PolicyKind::Session | PolicyKind::Scp => {
            Severity::High
        }
        PolicyKind::Resource | PolicyKind::Trust | PolicyKind::Rcp | PolicyKind::Endpoint => {
            CHECK.severity
        }
    };
    let mut seen = std::collections::HashMap::new();
    for view in input.statements() {
        let Some(sid) = view.statement.sid.as_deref().filter(|sid| !sid.is_empty()) else {
            continue;
        };
        let first = *seen.entry(sid).or_insert(view.index);
        if first != view.index {
            let message = format!("{} names statement {} too", quoted(sid), first + 1);
            let fix = "give every statement a name of its own";
            found.graded(severity, view.span_of(Element::Sid), view.index, message, fix);
        }
    }
}
