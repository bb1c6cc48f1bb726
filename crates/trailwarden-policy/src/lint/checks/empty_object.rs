//! A `Condition` or `Principal` without anything in it.

use crate::lint::prelude::*;

/// See the fields.
pub static CHECK: Check = Check {
    id: "empty-object",
    title: "Empty object",
    severity: Severity::Low,
    confidence: Confidence::High,
    kinds: EVERY_KIND,
    about: "An empty condition limits nothing, and an empty principal is nobody: the statement does not say what somebody once meant it to.",
    source: "IAM User Guide, \"Access Analyzer policy check reference\"",
    cross: &[
        (Tool::AccessAnalyzer, "EMPTY_OBJECT_CONDITION"),
        (Tool::AccessAnalyzer, "EMPTY_OBJECT_PRINCIPAL"),
    ],
    run: Run::Statement(run),
    fires_on: &[
        Example::identity(
            r#""Effect":"Allow","Action":"s3:GetObject","Resource":"*","Condition":{ }"#,
        )
        .at(r#"{ }"#),
        Example::identity(
            r#""Effect":"Allow","Action":"s3:GetObject","Resource":"*","Condition":{"Bool":{}}"#,
        )
        .at(r#"{}"#),
        Example::resource(r#""Effect":"Allow","Principal":{},"Action":"s3:*","Resource":"*""#)
            .at(r#"{}"#),
    ],
    quiet_on: &[
        Example::identity(
            r#""Effect":"Allow","Action":"s3:GetObject","Resource":"*","Condition":{"Bool":{"aws:SecureTransport":"true"}}"#,
        ),
        Example::resource(
            r#""Effect":"Allow","Principal":{"AWS":[]},"Action":"s3:*","Resource":"*""#,
        ),
    ],
};

fn run(input: &Input<'_>, view: &StatementView<'_>, found: &mut Found<'_>) {
    let is_empty =
        |span: Span| input.text_at(span).chars().filter(|c| !c.is_whitespace()).eq("{}".chars());
    for place in view.places.elements.iter().filter(|place| is_empty(place.value)) {
        let message = format!("`{}` is empty", place.element);
        found.at(place.value, view.index, message, "write what is meant, or remove it");
    }
    for (operator, keys) in view.places.operators.iter().filter(|(_, keys)| is_empty(*keys)) {
        let message = format!("the condition operator {} has no key", input.text_at(*operator));
        found.at(*keys, view.index, message, "write the key that is meant, or remove the operator");
    }
}
