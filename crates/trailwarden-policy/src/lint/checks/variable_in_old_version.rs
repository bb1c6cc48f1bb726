//! A policy variable in a version that does not know variables.

use crate::lint::conditions::texts_with_variables;
use crate::lint::prelude::*;

/// See the fields.
pub static CHECK: Check = Check {
    id: "variable-in-old-version",
    title: "Variable in an old version",
    severity: Severity::High,
    confidence: Confidence::High,
    kinds: EVERY_KIND,
    about: "Variables came with version `2012-10-17`. In an older one, or without `Version`, `${...}` is plain text that matches no resource and no value: an Allow gives nothing, and a Deny denies nothing.",
    source: "IAM User Guide, \"IAM JSON policy elements: Version\"",
    cross: &[(Tool::AccessAnalyzer, "VARIABLE_UNSUPPORTED_IN_VERSION")],
    run: Run::Statement(run),
    fires_on: &[Example::document(PolicyKind::Identity, r#"{"Statement":[{"Effect":"Allow","Action":"s3:GetObject","Resource":"arn:aws:s3:::b/${aws:username}/*"}]}"#).at(r#""arn:aws:s3:::b/${aws:username}/*""#),
Example::document(PolicyKind::Identity, r#"{"Version":"2008-10-17","Statement":[{"Effect":"Deny","Action":"s3:GetObject","Resource":"*","Condition":{"StringNotLike":{"s3:prefix":"${aws:username}/*"}}}]}"#).at(r#""${aws:username}/*""#)],
    quiet_on: &[Example::identity(r#""Effect":"Allow","Action":"s3:GetObject","Resource":"arn:aws:s3:::b/${aws:username}/*""#),
Example::document(PolicyKind::Identity, r#"{"Statement":[{"Effect":"Allow","Action":"s3:GetObject","Resource":"arn:aws:s3:::b/$username/*"}]}"#)],
};

fn run(input: &Input<'_>, view: &StatementView<'_>, found: &mut Found<'_>) {
    if input.knows_variables() {
        return;
    }
    for (text, span) in texts_with_variables(view) {
        let message = format!("{} has a variable that this version does not read", quoted(text));
        found.at(span, view.index, message, "write `\"Version\": \"2012-10-17\"` in the document");
    }
}
