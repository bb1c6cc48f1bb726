//! JSON, or a text too long or garbled to read, that is no policy document.

use crate::lint::prelude::*;

/// See the fields.
pub static CHECK: Check = Check {
    id: "not-a-policy-document",
    title: "Not a policy document",
    severity: Severity::High,
    confidence: Confidence::High,
    kinds: EVERY_KIND,
    about: "A policy is a JSON object with statements; AWS refuses anything else, and no check can look inside it.",
    source: "IAM User Guide, \"Grammar of the IAM JSON policy language\"",
    cross: &[(Tool::Parliament, "MALFORMED")],
    run: Run::Unread(run),
    fires_on: &[
        Example::document(PolicyKind::Identity, r#"[{"Effect":"Allow"}]"#),
        Example::document(PolicyKind::Identity, "7"),
        Example::document(PolicyKind::Identity, "%ff%fe"),
    ],
    quiet_on: &[
        Example::document(PolicyKind::Identity, r#"{"Statement":[]}"#),
        Example::document(PolicyKind::Identity, "{"),
    ],
};

fn run(error: &Unread, found: &mut Found<'_>) {
    match error {
        Unread::Policy(
            error @ (Error::NotAnObject | Error::TooLong { .. } | Error::Encoding(_)),
        ) => found.on_document(error.to_string(), error.help()),
        Unread::TooLong { .. } => {
            let fix = "check that this is a policy, and split it; nothing in it was checked";
            found.on_document(error.to_string(), fix);
        }
        Unread::Policy(Error::Json(_)) | Unread::Unknown(_) => {}
    }
}
