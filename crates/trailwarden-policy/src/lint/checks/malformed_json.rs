//! A text that is not JSON: nobody can say what the policy means.

use crate::lint::prelude::*;

/// See the fields.
pub static CHECK: Check = Check {
    id: "malformed-json",
    title: "Malformed JSON",
    severity: Severity::High,
    confidence: Confidence::High,
    kinds: EVERY_KIND,
    about: "AWS refuses a policy that is not JSON, and no check can look inside it.",
    source: "IAM User Guide, \"Grammar of the IAM JSON policy language\"",
    cross: &[(Tool::AccessAnalyzer, "JSON_SYNTAX_ERROR"), (Tool::Parliament, "MALFORMED_JSON")],
    run: Run::Unread(run),
    fires_on: &[
        Example::document(PolicyKind::Identity, r#"{"Version":"2012-10-17","Statement":[],}"#)
            .at(","),
        Example::document(PolicyKind::Identity, "{'Version':'2012-10-17'}").at("'"),
        Example::document(PolicyKind::Identity, r#"{"Statement":[{"Effect":"Allow""#),
        Example::document(PolicyKind::Identity, ""),
    ],
    quiet_on: &[
        Example::document(PolicyKind::Identity, r#"{"Version":"2012-10-17","Statement":[]}"#),
        Example::document(PolicyKind::Identity, " %7B%22Statement%22%3A%5B%5D%7D"),
        Example::document(PolicyKind::Identity, "[]"),
    ],
};

fn run(error: &Unread, found: &mut Found<'_>) {
    if let Unread::Policy(Error::Json(error)) = error {
        found.at(error.span, None, error.fault.to_string(), error.help());
    }
}
