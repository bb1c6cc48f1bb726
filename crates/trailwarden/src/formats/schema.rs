//! The JSON Schemas of what is written, made from the types that are written.

use schemars::generate::SchemaSettings;
use schemars::{JsonSchema, SchemaGenerator};
use serde_json::{Value, json};
use trailwarden_model::{Report, finding, report};

use super::changes::{self, Change, Changes};

/// The schema of `--format json`. Its `$defs` hold every part, `Finding` among them.
pub(crate) fn schema() -> Value {
    let mut generator = generator();
    // Beside the report of every run stands what `--changes` adds.
    let rows = generator.subschema_for::<Vec<Change>>().to_value();
    let mut schema = generator.into_root_schema_for::<Report>().to_value();
    if let Some(Value::Object(properties)) = schema.pointer_mut("/properties") {
        let mut changes = json!({ "description": "Every IAM change; only with `--changes`." });
        if let (Value::Object(changes), Value::Object(rows)) = (&mut changes, rows) {
            changes.extend(rows);
        }
        properties.insert("changes".to_owned(), changes);
    }
    // The types know these fields as text; the contract knows the one text that they hold.
    fix(&mut schema, "/properties/schema", report::SCHEMA);
    fix(&mut schema, "/$defs/Finding/properties/schema", finding::SCHEMA);
    schema
}

/// The schema of one line of `--format ndjson`: the same definitions, with `Finding` as the root.
pub(crate) fn finding_schema() -> Value {
    part(schema(), "Finding")
}

/// The schema of `changes --format json`.
pub(crate) fn changes_schema() -> Value {
    let mut schema = root::<Changes>();
    fix(&mut schema, "/properties/schema", changes::SCHEMA);
    schema
}

/// The schema of one line of `changes --format ndjson`.
pub(crate) fn change_schema() -> Value {
    part(changes_schema(), "Change")
}

fn generator() -> SchemaGenerator {
    SchemaSettings::draft2020_12().into_generator()
}

fn root<T: JsonSchema>() -> Value {
    generator().into_root_schema_for::<T>().to_value()
}

/// A definition as the root, with all definitions.
fn part(mut schema: Value, name: &str) -> Value {
    let definitions = schema.get_mut("$defs").map(Value::take).unwrap_or_default();
    json!({
        "$schema": schema.get("$schema"),
        "title": name,
        "$ref": format!("#/$defs/{name}"),
        "$defs": definitions,
    })
}

/// The schema of an answer whose `schema` field is always the same text.
pub(crate) fn answer_schema<T: JsonSchema>(name: &str) -> Value {
    let mut schema = generator().into_root_schema_for::<T>().to_value();
    fix(&mut schema, "/properties/schema", name);
    schema
}

fn fix(schema: &mut Value, pointer: &str, constant: &str) {
    if let Some(Value::Object(property)) = schema.pointer_mut(pointer) {
        property.insert("const".to_owned(), constant.into());
    }
}
