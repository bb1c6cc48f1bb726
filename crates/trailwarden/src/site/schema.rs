//! The page of a JSON Schema: what each part means, in tables, and the schema itself beside it.

use std::fmt::Write as _;

use serde_json::{Map, Value};

use super::markdown::{self, anchor};
use super::names::Names;
use super::shell::Sheet;
use super::topic::FromPage;

/// The page of a file such as `can.schema.json`; none when it cannot be read.
pub(super) fn sheet(name: &str, text: &str, names: &Names) -> Option<Sheet> {
    let schema: Value = serde_json::from_str(text).ok()?;
    let path = format!("reference/{}.html", name.strip_suffix(".json")?);
    let links = FromPage { names, path: &path, source: "docs/reference/x.md" };
    let title = schema.get("title").and_then(Value::as_str).unwrap_or(name);
    let told = markdown::render(&page(name, &schema), &links);
    Some(Sheet {
        title: format!("Schema: {}", name.strip_suffix(".schema.json").unwrap_or(name)),
        kind: "schema",
        lead: title.to_owned(),
        // The file itself lies beside the page.
        html: format!(
            "<p><a href=\"{name}\">The schema itself</a>, as JSON Schema.</p>\n{}",
            told.html
        ),
        headings: told.headings,
        is_found: true,
        path,
        ..Sheet::default()
    })
}

fn page(name: &str, schema: &Value) -> String {
    let mut text = format!("# {name}\n\n");
    about(&mut text, schema);
    members(&mut text, schema);
    let parts = schema.get("$defs").and_then(Value::as_object);
    for (part, schema) in parts.into_iter().flatten() {
        let _ = write!(text, "\n## {part}\n\n");
        about(&mut text, schema);
        members(&mut text, schema);
        choices(&mut text, schema);
    }
    text
}

fn about(text: &mut String, schema: &Value) {
    if let Some(about) = schema.get("description").and_then(Value::as_str) {
        let _ = write!(text, "{}\n\n", safe(about));
    }
}

/// The members of an object, a line each.
fn members(text: &mut String, schema: &Value) {
    let Some(members) = schema.get("properties").and_then(Value::as_object) else { return };
    let required: Vec<&str> = strings(schema.get("required"));
    text.push_str("| member | type | always | what it is |\n|---|---|---|---|\n");
    for (name, member) in members {
        let about = member.get("description").and_then(Value::as_str).unwrap_or_default();
        let always = if required.contains(&name.as_str()) { "yes" } else { "no" };
        let about = safe(about).replace('\n', " ").replace('|', "\\|");
        let _ = writeln!(text, "| `{name}` | {} | {always} | {about} |", kind(member));
    }
    text.push('\n');
}

/// The values or shapes that are allowed.
fn choices(text: &mut String, schema: &Value) {
    let values = strings(schema.get("enum"));
    let shapes = ["oneOf", "anyOf"].into_iter().filter_map(|name| schema.get(name)?.as_array());
    let shapes: Vec<&Value> = shapes.flatten().collect();
    for value in values {
        let _ = writeln!(text, "- `{value}`");
    }
    for shape in shapes {
        let about = shape.get("description").and_then(Value::as_str).map(safe).unwrap_or_default();
        let about = about.replace('\n', " ");
        let colon = if about.is_empty() { "" } else { ": " };
        let _ = writeln!(text, "- {}{colon}{about}", kind(shape));
    }
}

fn strings(value: Option<&Value>) -> Vec<&str> {
    let all = value.and_then(Value::as_array);
    all.into_iter().flatten().filter_map(Value::as_str).collect()
}

/// What a value is, with links to the parts that it is made of.
fn kind(schema: &Value) -> String {
    let Some(schema) = schema.as_object() else { return "anything".to_owned() };
    if let Some(part) = schema.get("$ref").and_then(Value::as_str) {
        let name = part.rsplit('/').next().unwrap_or(part);
        return format!("[{name}](#{})", anchor(name));
    }
    if let Some(value) = schema.get("const") {
        return format!("`{}`", value.to_string().replace('"', ""));
    }
    let values = strings(schema.get("enum"));
    if !values.is_empty() {
        let values: Vec<String> = values.iter().map(|value| format!("`{value}`")).collect();
        return values.join(", ");
    }
    for name in ["anyOf", "oneOf", "allOf"] {
        if let Some(all) = schema.get(name).and_then(Value::as_array) {
            let all: Vec<String> = all.iter().map(kind).collect();
            return all.join(" or ");
        }
    }
    match schema.get("type") {
        Some(Value::String(one)) => typed(one, schema),
        Some(Value::Array(many)) => {
            let many: Vec<String> =
                many.iter().filter_map(Value::as_str).map(|one| typed(one, schema)).collect();
            many.join(" or ")
        }
        _ => "anything".to_owned(),
    }
}

fn typed(name: &str, schema: &Map<String, Value>) -> String {
    match (name, schema.get("items"), schema.get("additionalProperties")) {
        ("array", Some(items), _) => format!("list of {}", kind(items)),
        ("object", _, Some(values @ Value::Object(_))) => format!("object of {}", kind(values)),
        ("object", ..) => match schema.get("properties").and_then(Value::as_object) {
            Some(members) => {
                let members: Vec<String> = members.keys().map(|name| format!("`{name}`")).collect();
                format!("object with {}", members.join(", "))
            }
            None => "object".to_owned(),
        },
        (name, ..) => name.to_owned(),
    }
}

/// A comment of the code, where marks of links to other code are only code.
fn safe(about: &str) -> String {
    about.replace("[`", "`").replace("`]", "`")
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn a_schema_is_told_in_words() {
        let schema = json!({
            "description": "An answer.",
            "properties": {
                "id": {"type": "string", "description": "Its id."},
                "rows": {"type": "array", "items": {"$ref": "#/$defs/Row"}},
                "end": {"type": ["string", "null"]},
            },
            "required": ["id"],
            "$defs": {"Row": {"enum": ["a", "b"]}},
        });
        expect_test::expect![[r#"
            # x

            An answer.

            | member | type | always | what it is |
            |---|---|---|---|
            | `id` | string | yes | Its id. |
            | `rows` | list of [Row](#row) | no |  |
            | `end` | string or null | no |  |


            ## Row

            - `a`
            - `b`
        "#]]
        .assert_eq(&page("x", &schema));
    }
}
