//! Calls and questions as words of a command line.

use serde_json::{Map, Value};

use crate::calls::{self, Kind, flag};
use crate::documents;
use crate::plan::{Argument, Input};
use crate::reads;
use crate::render::quote::{bash, json, json_lines};

/// Where the region of a call stands.
pub(super) type Region = Option<String>;

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

/// How a call is sent.
#[derive(Default)]
pub(super) struct Sent<'a> {
    /// The part of its reply to save.
    pub(super) reply: Option<&'a [String]>,
    /// The secret parts of its reply.
    pub(super) reveals: &'a [&'a [&'a str]],
    /// Whether it makes something new each time, so that the client must not repeat it by itself.
    pub(super) is_once: bool,
    /// What is called when it fails.
    pub(super) otherwise: String,
}

/// The lines that make a call of a step.
pub(super) fn call(
    service: &str,
    operation: &str,
    input: &Input,
    region: &Region,
    sent: &Sent<'_>,
    step: &str,
) -> Vec<String> {
    let mut lines = Vec::new();
    let repeats = if sent.is_once { "AWS_MAX_ATTEMPTS=1 " } else { "" };
    let mut text = format!("{repeats}aws {}", command(service, operation));
    let secret = input.iter().find(|(_, it)| matches!(it, Argument::Made { .. }));
    match (secret, flags(service, operation, input)) {
        (Some((name, _)), _) => {
            lines.push(with_secret(&whole(input, Some(name)), step));
            text.push_str(" --cli-input-json \"file://$private\"");
        }
        (None, Some(flags)) => {
            if let Some(document) = document(service, operation, input) {
                // In a here-document, so that it reads well. `read` ends with an error at its end.
                lines.push("local document".to_owned());
                lines.push(format!(
                    "IFS= read -r -d '' document <<'DOCUMENT' || true\n{document}\nDOCUMENT"
                ));
            }
            text.push_str(&flags);
        }
        (None, None) => {
            text.push_str(&format!(" --cli-input-json {}", bash(&whole(input, None))));
        }
    }
    text.push_str(&in_region(region));
    let (query, file) = saved(sent, step);
    text.push_str(&query);
    lines.push(format!("{text} >{file} 2>\"$scratch\" || {}", sent.otherwise));
    if !sent.reveals.is_empty() {
        lines.push(format!("cut -f1 {file} >\"$state/{step}.result\""));
    }
    if secret.is_some() {
        lines.push(": >\"$private\"".to_owned());
    }
    lines
}

/// What of the reply is saved, and where. What is secret goes behind the part that others need into a file
/// of its own.
fn saved(sent: &Sent<'_>, step: &str) -> (String, String) {
    let Some(path) = sent.reply else { return (String::new(), "/dev/null".to_owned()) };
    let mut query = path.join(".");
    let mut file = format!("\"$state/{step}.result\"");
    if !sent.reveals.is_empty() {
        let revealed = sent.reveals.iter().map(|path| path.join("."));
        let all: Vec<String> = [query].into_iter().chain(revealed).collect();
        query = format!("[{}]", all.join(", "));
        file = format!("\"$state/{step}.secret\"");
    }
    (format!(" --query {} --output text", bash(&query)), file)
}

/// Writes all parameters to a file of the script's own, with the secret that was asked for, since other users can
/// read the words of a command. (Not to standard input, which the CLI reads twice.)
fn with_secret(whole: &str, step: &str) -> String {
    let (before, after) = whole.split_once(SECRET).unwrap_or((whole, ""));
    let (before, after) = (bash(before), bash(after));
    format!("printf '%s' {before}\"${{secrets[{step}]}}\"{after} >\"$private\"")
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
