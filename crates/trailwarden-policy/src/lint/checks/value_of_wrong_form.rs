//! An element whose value has a form that AWS does not take there.

use crate::lint::prelude::*;

/// See the fields.
pub static CHECK: Check = Check {
    id: "value-of-wrong-form",
    title: "Value of the wrong form",
    severity: Severity::High,
    confidence: Confidence::High,
    kinds: EVERY_KIND,
    about: "AWS refuses a policy with a number, null, object or nested list where a text belongs; a statement with one was left out of all other checks.",
    source: "IAM User Guide, \"Access Analyzer policy check reference\"",
    cross: &[(Tool::AccessAnalyzer, "DATA_TYPE_MISMATCH"), (Tool::Parliament, "MALFORMED")],
    run: Run::Document(run),
    fires_on: &[
        Example::identity(r#""Effect":"Allow","Action":5,"Resource":"*""#).at("5"),
        Example::identity(r#""Effect":"Allow","Action":[["s3:*"]],"Resource":"*""#)
            .at(r#"["s3:*"]"#),
        Example::identity(r#""Effect":"Allow","Action":"*","Resource":{"AWS":"*"}"#)
            .at(r#"{"AWS":"*"}"#),
        Example::identity(
            r#""Effect":"Allow","Action":"*","Resource":"*","Condition":{"Bool":"yes"}"#,
        )
        .at(r#""yes""#),
        Example::resource(
            r#""Effect":"Allow","Principal":["111122223333"],"Action":"s3:*","Resource":"*""#,
        )
        .at(r#"["111122223333"]"#),
        Example::document(PolicyKind::Identity, r#"{"Version":["2012-10-17"],"Statement":[]}"#)
            .at(r#"["2012-10-17"]"#),
    ],
    quiet_on: &[
        Example::identity(
            r#""Effect":"Allow","Action":["s3:*"],"Resource":["*"],"Condition":{"Bool":{"aws:SecureTransport":[true]}}"#,
        ),
        Example::resource(
            r#""Effect":"Allow","Principal":{"AWS":"111122223333"},"Action":"s3:*","Resource":"*""#,
        ),
    ],
};

fn run(input: &Input<'_>, found: &mut Found<'_>) {
    found.faults(input.document, |fault| matches!(fault, Fault::Form(_)));
    // Numbers and Booleans are read as texts, which only conditions may hold.
    let places = &input.document.places;
    let of_statements = places.statements.iter().enumerate();
    let elements = of_statements
        .flat_map(|(index, statement)| statement.elements.iter().map(move |e| (Some(index), e)))
        .chain(places.elements.iter().map(|element| (None, element)));
    for (statement, element) in elements {
        for value in element.values.iter().filter(|value| value.is_literal) {
            let message = format!("`{}` has a value without quotes", element.element);
            let fix = format!("write {} in double quotes", quoted(input.text_at(value.span)));
            found.at(value.span, statement, message, fix);
        }
    }
}
