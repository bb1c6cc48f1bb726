//! The JSON Schema of a report and of a finding, made from the types that are written.

use schemars::generate::SchemaSettings;
use serde_json::{Value, json};
use trailwarden_model::{Report, finding, report};

/// The schema of `--format json`. Its `$defs` hold every part, `Finding` among them.
pub(crate) fn schema() -> Value {
    let generator = SchemaSettings::draft2020_12().into_generator();
    let mut schema = generator.into_root_schema_for::<Report>().to_value();
    // The types know these fields as text; the contract knows the one text that they hold.
    fix(&mut schema, "/properties/schema", report::SCHEMA);
    fix(&mut schema, "/$defs/Finding/properties/schema", finding::SCHEMA);
    schema
}

/// The schema of one line of `--format ndjson`: the same definitions, with `Finding` as the root.
pub(crate) fn finding_schema() -> Value {
    let mut schema = schema();
    let definitions = schema.get_mut("$defs").map(Value::take).unwrap_or_default();
    json!({
        "$schema": schema.get("$schema"),
        "title": "Finding",
        "$ref": "#/$defs/Finding",
        "$defs": definitions,
    })
}

fn fix(schema: &mut Value, pointer: &str, constant: &str) {
    if let Some(Value::Object(property)) = schema.pointer_mut(pointer) {
        property.insert("const".to_owned(), constant.into());
    }
}
