//! Values of one condition with and without quotes.

use crate::lint::prelude::*;

/// See the fields.
pub static CHECK: Check = Check {
    id: "mixed-value-types",
    title: "Values of mixed types",
    severity: Severity::Low,
    confidence: Confidence::High,
    kinds: EVERY_KIND,
    about: "Values of one key should have one JSON type; a reader may convert some and drop others.",
    source: "IAM User Guide, \"Access Analyzer policy check reference\"",
    cross: &[(Tool::AccessAnalyzer, "INVALID_CONDITION_DATA_TYPE")],
    run: Run::Statement(run),
    fires_on: &[Example::identity(r#""Effect":"Allow","Action":"s3:GetObject","Resource":"*","Condition":{"NumericEquals":{"aws:MultiFactorAuthAge":["5",6]}}"#).at(r#"["5",6]"#),
Example::identity(r#""Effect":"Allow","Action":"s3:GetObject","Resource":"*","Condition":{"StringEquals":{"aws:username":[5,true]}}"#).at(r#"[5,true]"#)],
    quiet_on: &[Example::identity(r#""Effect":"Allow","Action":"s3:GetObject","Resource":"*","Condition":{"NumericEquals":{"aws:MultiFactorAuthAge":[5,6]},"StringEquals":{"aws:username":["5","true"]}}"#)],
};

fn run(input: &Input<'_>, view: &StatementView<'_>, found: &mut Found<'_>) {
    for condition in view.conditions() {
        // Quoted, number, Boolean.
        let mut has = [false; 3];
        for (place, (value, _)) in condition.places.values.iter().zip(condition.values()) {
            let [quoted, number, boolean] = &mut has;
            match value {
                _ if !place.is_literal => *quoted = true,
                "true" | "false" => *boolean = true,
                _ => *number = true,
            }
        }
        let is_open = input.document.places.is_unknown(condition.places.value);
        if has.into_iter().filter(|has| *has).count() > 1 && !is_open {
            let message = format!(
                "{} is compared with values of several types",
                quoted(&condition.condition.key)
            );
            found.at(
                condition.places.value,
                view.index,
                message,
                "write all values in double quotes",
            );
        }
    }
}
