//! A list without values, so that the statement or condition matches nothing that is meant.

use crate::lint::prelude::*;

/// See the fields.
pub static CHECK: Check = Check {
    id: "empty-list",
    title: "Empty list",
    severity: Severity::Low,
    confidence: Confidence::High,
    kinds: EVERY_KIND,
    about: "A list without values matches nothing: an Allow gives nothing, a Deny denies nothing, and a condition on it is decided before any request is seen.",
    source: "IAM User Guide, \"Access Analyzer policy check reference\"",
    cross: &[(Tool::AccessAnalyzer, "EMPTY_ARRAY_ACTION"), (Tool::AccessAnalyzer, "EMPTY_ARRAY_RESOURCE"), (Tool::AccessAnalyzer, "EMPTY_ARRAY_PRINCIPAL"), (Tool::AccessAnalyzer, "EMPTY_ARRAY_CONDITION"), (Tool::AccessAnalyzer, "EMPTY_ARRAY_CONDITION_FORALLVALUES"), (Tool::AccessAnalyzer, "EMPTY_ARRAY_CONDITION_FORANYVALUE"), (Tool::AccessAnalyzer, "EMPTY_ARRAY_CONDITION_IFEXISTS")],
    run: Run::Statement(run),
    fires_on: &[
Example::identity(r#""Effect":"Allow","Action":[],"Resource":"*""#).at(r#"[]"#),
Example::identity(r#""Effect":"Deny","Action":"*","NotResource":[ ]"#).at(r#"[ ]"#),
Example::resource(r#""Effect":"Allow","Principal":{"AWS":[]},"Action":"s3:*","Resource":"*""#).at(r#"{"AWS":[]}"#),
Example::identity(r#""Effect":"Deny","Action":"*","Resource":"*","Condition":{"StringEquals":{"aws:PrincipalTag/a":[]}}"#).at(r#"[]"#),

    ],
    quiet_on: &[
Example::identity(r#""Effect":"Deny","Action":["*"],"Resource":"*","Condition":{"StringEquals":{"aws:PrincipalTag/a":[""]}}"#),
Example::resource(r#""Effect":"Allow","Principal":{},"Action":"s3:*","Resource":"*""#),

    ],
};

fn run(input: &Input<'_>, view: &StatementView<'_>, found: &mut Found<'_>) {
    let fix = "add the values that are meant, or remove it";
    for place in &view.places.elements {
        // An empty object, and the elements whose texts are counted elsewhere, are other matters.
        let is_list = input.text_at(place.value).contains('[');
        let has_texts = !matches!(place.element, Element::Condition | Element::Statement);
        if has_texts && is_list && place.values.is_empty() {
            let message = format!("`{}` has an empty list", place.element);
            found.at(place.value, view.index, message, fix);
        }
    }
    for condition in view.conditions() {
        if condition.condition.values.is_empty() {
            let key = quoted(&condition.condition.key);
            let message = format!("the condition on {key} has an empty list");
            found.graded(Severity::Medium, condition.places.value, view.index, message, fix);
        }
    }
}
