//! Texts as literals of each language, such that nothing in them acts and nothing in them hides.

use std::fmt::Write as _;

use serde_json::Value;
use trailwarden_model::escape::visible;

/// Whether a character shows as what it is.
fn is_plain(c: char) -> bool {
    !matches!(visible(c.encode_utf8(&mut [0; 4])), std::borrow::Cow::Owned(_))
}

/// One line of a comment or of text for people.
#[must_use]
pub fn line(text: &str) -> String {
    visible(text).into_owned()
}

/// A word of bash: in single quotes, or as `$'...'` with hidden characters as bytes.
#[must_use]
pub fn bash(text: &str) -> String {
    word(text, is_plain)
}

/// The same for a command within a text, which a grave accent would end.
#[must_use]
pub fn bash_in_text(text: &str) -> String {
    word(text, |c| is_plain(c) && c != '`')
}

fn word(text: &str, is_plain: impl Fn(char) -> bool) -> String {
    let is_bare = |c: char| {
        c.is_ascii_alphanumeric()
            || matches!(c, '_' | '.' | '/' | ':' | '@' | '%' | '+' | '-' | ',')
    };
    if !text.is_empty() && text.chars().all(is_bare) {
        return text.to_owned();
    }
    if text.chars().all(&is_plain) {
        return format!("'{}'", text.replace('\'', r"'\''"));
    }
    let mut out = String::from("$'");
    for c in text.chars() {
        match c {
            '\'' | '\\' => out.extend(['\\', c]),
            c if is_plain(c) => out.push(c),
            c => c.encode_utf8(&mut [0; 4]).bytes().for_each(|byte| {
                let _ = write!(out, "\\x{byte:02x}");
            }),
        }
    }
    out.push('\'');
    out
}

/// JSON on one line, hidden and other than ASCII characters spelled out.
#[must_use]
pub fn json(value: &Value) -> String {
    ascii(&value.to_string())
}

/// JSON on many lines.
#[must_use]
pub fn json_lines(value: &Value) -> String {
    ascii(&serde_json::to_string_pretty(value).unwrap_or_default())
}

/// JSON text with its hidden and other than ASCII characters spelled out; they stand only in texts.
fn ascii(json: &str) -> String {
    let mut out = String::with_capacity(json.len());
    for c in json.chars() {
        if c.is_ascii() && c != '\u{7f}' {
            out.push(c);
        } else {
            for unit in c.encode_utf16(&mut [0; 2]) {
                let _ = write!(out, "\\u{unit:04x}");
            }
        }
    }
    out
}

/// A literal of JMESPath, the AWS CLI's language of queries.
#[must_use]
pub fn jmespath(value: &Value) -> String {
    // A grave accent would end the literal, and stands only in texts.
    format!("`{}`", json(value).replace('`', "\\u0060"))
}

/// A Python expression.
#[must_use]
pub fn python(value: &Value, indent: usize) -> String {
    match value {
        Value::Null => "None".to_owned(),
        Value::Bool(true) => "True".to_owned(),
        Value::Bool(false) => "False".to_owned(),
        Value::Number(number) => number.to_string(),
        Value::String(text) => python_text(text),
        Value::Array(items) if items.is_empty() => "[]".to_owned(),
        Value::Object(members) if members.is_empty() => "{}".to_owned(),
        Value::Array(items) => {
            let inner = items.iter().map(|item| python(item, indent + 4));
            block('[', ']', inner, indent)
        }
        Value::Object(members) => {
            let inner = members.iter().map(|(name, member)| {
                format!("{}: {}", python_text(name), python(member, indent + 4))
            });
            block('{', '}', inner, indent)
        }
    }
}

/// How long a line may be.
const COLUMNS: usize = 96;

fn block(open: char, close: char, items: impl Iterator<Item = String>, indent: usize) -> String {
    let items: Vec<String> = items.collect();
    let short = format!("{open}{}{close}", items.join(", "));
    if !short.contains('\n') && indent + short.len() <= COLUMNS {
        return short;
    }
    let mut out = String::from(open);
    let (inner, outer) = (" ".repeat(indent + 4), " ".repeat(indent));
    for item in items {
        let _ = write!(out, "\n{inner}{item},");
    }
    let _ = write!(out, "\n{outer}{close}");
    out
}

fn python_text(text: &str) -> String {
    let mut out = String::from("\"");
    for c in text.chars() {
        match c {
            '"' | '\\' => out.extend(['\\', c]),
            '\n' => out.push_str("\\n"),
            c if c.is_ascii() && !c.is_ascii_control() => out.push(c),
            c => {
                let _ = write!(out, "\\U{:08x}", u32::from(c));
            }
        }
    }
    out.push('"');
    out
}

/// A text of HCL: `${` and `%{` begin templates there, and stand in policies as variables.
#[must_use]
pub fn hcl(text: &str) -> String {
    let mut out = String::from("\"");
    let mut rest = text.chars().peekable();
    while let Some(c) = rest.next() {
        match c {
            '"' | '\\' => out.extend(['\\', c]),
            '\n' => out.push_str("\\n"),
            '\t' => out.push_str("\\t"),
            '$' | '%' if rest.peek() == Some(&'{') => out.extend([c, c]),
            c if c.is_ascii() && !c.is_ascii_control() => out.push(c),
            c => {
                let _ = write!(out, "\\U{:08x}", u32::from(c));
            }
        }
    }
    out.push('"');
    out
}

/// An expression of HCL.
#[must_use]
pub fn hcl_value(value: &Value, indent: usize) -> String {
    let (inner, outer) = (" ".repeat(indent + 2), " ".repeat(indent));
    match value {
        Value::String(text) => hcl(text),
        Value::Array(items) if items.iter().all(|item| !item.is_object() && !item.is_array()) => {
            let items: Vec<String> = items.iter().map(|item| hcl_value(item, indent)).collect();
            format!("[{}]", items.join(", "))
        }
        Value::Array(items) => {
            let items =
                items.iter().map(|item| format!("{inner}{},\n", hcl_value(item, indent + 2)));
            format!("[\n{}{outer}]", items.collect::<String>())
        }
        Value::Object(members) => {
            let members = members.iter().map(|(name, member)| {
                format!("{inner}{} = {}\n", hcl(name), hcl_value(member, indent + 2))
            });
            format!("{{\n{}{outer}}}", members.collect::<String>())
        }
        scalar => scalar.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn nothing_in_a_text_acts() {
        assert_eq!(bash("alice"), "alice");
        assert_eq!(bash("$(id) `id` 'x'"), r"'$(id) `id` '\''x'\'''");
        assert_eq!(bash("a\u{1b}\\'"), r"$'a\x1b\\\''");
        assert_eq!(bash(""), "''");
        assert_eq!(bash_in_text("a `id` 'x'"), r"$'a \x60id\x60 \'x\''");
        assert_eq!(bash_in_text("a $(id)"), "'a $(id)'");
        assert_eq!(jmespath(&json!("a`b'é")), "`\"a\\u0060b'\\u00e9\"`");
        assert_eq!(python(&json!("a\"\n\u{202e}"), 0), "\"a\\\"\\n\\U0000202e\"");
        assert_eq!(hcl("${aws:username} %{x} $x \"\\"), "\"$${aws:username} %%{x} $x \\\"\\\\\"");
    }
}
