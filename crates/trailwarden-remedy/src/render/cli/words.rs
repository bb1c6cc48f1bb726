//! Calls and checks as words of a command line.

use serde_json::{Map, Value};

use crate::calls::{self, Kind, flag};
use crate::documents;
use crate::plan::{Argument, Check, Expected, Input, Part};
use crate::reads;
use crate::render::quote::{bash, jmespath, json, json_lines};

/// Where the region of a call stands.
type Region = Option<String>;

/// A read as words, and the errors with which AWS says that there is no such thing.
pub(super) struct Words {
    pub(super) errors: String,
    pub(super) text: String,
}

impl Words {
    pub(super) fn read(service: &str, operation: &str, input: &Input, region: &Region) -> Self {
        let read = reads::find(service, operation);
        let errors = read.map(|read| read.absent.join("|")).unwrap_or_default();
        let mut text = command(service, operation);
        match flags(service, operation, input) {
            Some(flags) => text.push_str(&flags),
            None => text.push_str(&format!(" --cli-input-json {}", bash(&whole(input, None)))),
        }
        text.push_str(&in_region(region));
        Self { errors, text }
    }
}

fn command(service: &str, operation: &str) -> String {
    let service = if service == "s3" { "s3api" } else { service };
    format!("{} {}", bash(service), bash(&flag(operation)))
}

fn in_region(region: &Region) -> String {
    region.as_ref().map(|region| format!(" --region {}", bash(region))).unwrap_or_default()
}

/// The lines that make a call; `target` is the part of its reply to save, and where.
pub(super) fn call(
    service: &str,
    operation: &str,
    input: &Input,
    region: &Region,
    target: Option<(&[String], String)>,
) -> Vec<String> {
    let mut lines = Vec::new();
    let mut text = format!("aws {}", command(service, operation));
    let mut behind = " >/dev/null".to_owned();
    if let Some((path, file)) = target {
        text.push_str(&format!(" --query {} --output text", bash(&path.join("."))));
        behind = format!(" >{file}");
    }
    let secret = input.iter().find(|(_, it)| matches!(it, Argument::Made { .. }));
    if let Some((name, _)) = secret {
        // In a file of the script's own, since other users can read the words of a command. (Not on
        // standard input, which the CLI reads twice.)
        lines.push("local secret".to_owned());
        // Without `IFS=`, blanks at its ends would be lost.
        lines.push("IFS= read -rsp 'new password: ' secret".to_owned());
        lines.push(r"printf '\n' >&2".to_owned());
        lines.push(r"secret=${secret//\\/\\\\}".to_owned());
        lines.push(r#"secret=${secret//\"/\\\"}"#.to_owned());
        let whole = whole(input, Some(name));
        let (before, after) = whole.split_once(SECRET).unwrap_or((&whole, ""));
        let (before, after) = (bash(before), bash(after));
        lines.push(format!("printf '%s' {before}\"$secret\"{after} >\"$private\""));
        text.push_str(" --cli-input-json \"file://$private\"");
        text.push_str(&in_region(region));
        text.push_str(&behind);
        lines.push(text);
        lines.push(": >\"$private\"".to_owned());
        return lines;
    }
    match flags(service, operation, input) {
        Some(flags) => {
            if let Some(document) = document(service, operation, input) {
                // In a here-document, so that it reads well. `read` ends with an error at its end.
                lines.push("local document".to_owned());
                lines.push(format!(
                    "IFS= read -r -d '' document <<'DOCUMENT' || true\n{document}\nDOCUMENT"
                ));
            }
            text.push_str(&flags);
        }
        None => text.push_str(&format!(" --cli-input-json {}", bash(&whole(input, None)))),
    }
    text.push_str(&in_region(region));
    text.push_str(&behind);
    lines.push(text);
    lines
}

/// Stands for a secret while the JSON around it is written.
const SECRET: &str = "\u{1}";

/// All parameters as JSON.
fn whole(input: &Input, secret: Option<&str>) -> String {
    let mut members = Map::new();
    for (name, argument) in input {
        let value = match argument {
            Argument::Plain(value) => value.clone(),
            _ if secret == Some(name) => Value::from("SECRET"),
            Argument::Made { .. } | Argument::Result { .. } => continue,
        };
        members.insert(name.clone(), value);
    }
    let text = json(&Value::Object(members));
    match secret {
        Some(name) => {
            let at = format!("{}:\"SECRET\"", Value::from(name));
            text.replacen(&at, &format!("{}:\"{SECRET}\"", Value::from(name)), 1)
        }
        None => text,
    }
}

fn kind_of(service: &str, operation: &str, name: &str) -> Option<Kind> {
    let call = calls::find(service, operation)?;
    call.parameter(name).map(|parameter| parameter.kind)
}

fn document(service: &str, operation: &str, input: &Input) -> Option<String> {
    let is_document = |name: &str| kind_of(service, operation, name) == Some(Kind::Document);
    let (_, argument) = input.iter().find(|(name, _)| is_document(name))?;
    documents::parse(argument.as_str()?).map(|document| json_lines(&document))
}

/// The parameters as flags; `None` when the CLI would take a text for the address of a file.
fn flags(service: &str, operation: &str, input: &Input) -> Option<String> {
    let mut text = String::new();
    for (name, argument) in input {
        let flag = flag(name);
        match argument {
            Argument::Result { result } => {
                text.push_str(&format!(" --{flag} \"$(result {})\"", result.step));
            }
            Argument::Made { .. } => return None,
            Argument::Plain(Value::String(value)) => {
                let is_address = ["file://", "fileb://", "http://", "https://"];
                if is_address.iter().any(|start| value.starts_with(start)) {
                    return None;
                }
                if kind_of(service, operation, name) == Some(Kind::Document) {
                    text.push_str(&format!(" --{flag} \"$document\""));
                } else if value.starts_with('-') {
                    text.push_str(&format!(" --{flag}={}", bash(value)));
                } else {
                    text.push_str(&format!(" --{flag} {}", bash(value)));
                }
            }
            Argument::Plain(Value::Bool(true)) => text.push_str(&format!(" --{flag}")),
            Argument::Plain(Value::Bool(false)) => text.push_str(&format!(" --no-{flag}")),
            Argument::Plain(value) => text.push_str(&format!(" --{flag} {}", bash(&json(value)))),
        }
    }
    Some(text)
}

/// Checks as commands that succeed when they hold: one for those that put the same question.
pub(super) fn all_hold(checks: &[Check], region: &Region) -> Vec<String> {
    let mut commands: Vec<(String, Vec<String>, String)> = Vec::new();
    for check in checks {
        let read = Words::read(&check.service, &check.operation, &check.input, region);
        let errors = bash(&read.errors);
        if let (Expected::Document(document), "s3") = (&check.expected, check.service.as_str()) {
            // S3 tells a policy as text, which a query cannot look into.
            let document = bash(&json(document));
            let command = format!("holds_document {errors} {document}");
            commands.push((command, vec![path(&check.path)], read.text));
            continue;
        }
        let missing = match check.expected {
            Expected::Absent | Expected::Differs(_) => "yes",
            Expected::Equals(_) | Expected::Document(_) | Expected::Present => "no",
        };
        let command = format!("holds {missing} {errors}");
        let query = query(check);
        match commands.iter_mut().find(|it| it.0 == command && it.2 == read.text) {
            Some((_, queries, _)) => queries.push(query),
            None => commands.push((command, vec![query], read.text)),
        }
    }
    let one = |(command, queries, text): (String, Vec<String>, String)| match queries.as_slice() {
        [query] => format!("{command} {} {text}", quoted(query)),
        queries => format!("{command} {} {text}", quoted(&format!("({})", queries.join(") && (")))),
    };
    commands.into_iter().map(one).collect()
}

/// What a check asks, as a query whose answer is `true`; [`RESULT`] stands around the number of a step
/// whose reply is meant.
fn query(check: &Check) -> String {
    let path = path(&check.path);
    match &check.expected {
        Expected::Document(document) => format!("{path} == {}", jmespath(document)),
        Expected::Equals(value) => compared(&path, "==", value),
        Expected::Differs(value) => compared(&path, "!=", value),
        Expected::Present => format!("{path} != `null`"),
        Expected::Absent => format!("{path} == `null`"),
    }
}

/// No text of a query has it: JSON spells it out.
const RESULT: char = '\u{1}';

fn compared(path: &str, operator: &str, value: &Argument) -> String {
    match value {
        Argument::Result { result } => {
            format!("{path} {operator} `\"{RESULT}{}{RESULT}\"`", result.step)
        }
        Argument::Plain(value) => format!("{path} {operator} {}", jmespath(value)),
        // Never compared: no answer of AWS has one.
        Argument::Made { .. } => "`true`".to_owned(),
    }
}

/// A query as a word, replies put in when the script runs.
fn quoted(query: &str) -> String {
    let mut out = String::new();
    for (at, part) in query.split(RESULT).enumerate() {
        match at % 2 {
            0 => out.push_str(&bash(part)),
            _ => out.push_str(&format!("\"$(result {part})\"")),
        }
    }
    out
}

/// A way into an answer, in the CLI's language of queries.
fn path(parts: &[Part]) -> String {
    let mut out = String::new();
    for part in parts {
        match part {
            Part::Member(name) => {
                if !out.is_empty() {
                    out.push('.');
                }
                out.push_str(&json(&Value::from(name.as_str())));
            }
            Part::Where(members) => {
                let members = members.iter().map(|(name, value)| {
                    format!("{} == {}", json(&Value::from(name.as_str())), jmespath(value))
                });
                let members: Vec<String> = members.collect();
                out.push_str(&format!("[?{}] | [0]", members.join(" && ")));
            }
        }
    }
    if out.is_empty() { "@".to_owned() } else { out }
}
