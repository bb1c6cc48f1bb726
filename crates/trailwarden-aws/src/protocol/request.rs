//! From a question to a request.

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use serde_json::Value;

use super::{Outgoing, Parameters};
use crate::reads::{Place, Protocol, Read};

/// What RFC 3986 does not reserve is left as it is; signatures are made of this form.
const RESERVED: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'_').remove(b'.').remove(b'~');

/// The same in keys, whose slashes stay.
const RESERVED_IN_PATH: &AsciiSet = &RESERVED.remove(b'/');

/// The request for one page; `token` asks for that page.
pub(crate) fn outgoing(
    read: &Read,
    endpoint: &str,
    parameters: &Parameters,
    token: Option<&str>,
) -> Outgoing {
    let mut parameters = parameters.clone();
    if let Some(pages) = read.pages {
        if let Some((name, most)) = pages.size {
            parameters.entry(name).or_insert_with(|| most.into());
        }
        if let Some(token) = token {
            parameters.insert(pages.ask.to_owned(), token.into());
        }
    }
    match (read.service.protocol, read.place) {
        (Protocol::Query { version } | Protocol::Ec2 { version }, _) => {
            form(read, endpoint, version, &parameters)
        }
        (Protocol::Json { target, version }, _) => Outgoing {
            method: "POST",
            url: format!("{endpoint}/"),
            headers: vec![
                ("content-type", format!("application/x-amz-json-{version}")),
                ("x-amz-target", format!("{target}.{}", read.operation())),
            ],
            body: Value::Object(parameters).to_string(),
        },
        (_, Place::Post(path)) => Outgoing {
            method: "POST",
            url: format!("{endpoint}{path}"),
            headers: vec![("content-type", "application/json".to_owned())],
            body: Value::Object(parameters).to_string(),
        },
        (_, Place::Account(path)) => {
            let account = parameters.get("AccountId").map(text).unwrap_or_default();
            // An address that is told stays as it is.
            let host = endpoint.replacen(
                "https://s3-control.",
                &format!("https://{account}.s3-control."),
                1,
            );
            Outgoing {
                headers: vec![("x-amz-account-id", account)],
                ..get(format!("{host}{path}"))
            }
        }
        (_, Place::Bucket(part)) => {
            let bucket = parameters.get("Bucket").map(text).unwrap_or_default();
            get(format!("{endpoint}/{}?{part}", encoded(&bucket)))
        }
        (_, Place::Objects) => {
            let bucket = parameters.remove("Bucket").as_ref().map(text).unwrap_or_default();
            get(format!("{endpoint}/{}?{}", encoded(&bucket), pairs(&parameters)))
        }
        (_, Place::Object) => {
            let member = |name: &str| parameters.get(name).map(text).unwrap_or_default();
            let key = utf8_percent_encode(&member("Key"), RESERVED_IN_PATH).to_string();
            get(format!("{endpoint}/{}/{key}", encoded(&member("Bucket"))))
        }
        (_, Place::Get(path)) => get(match pairs(&parameters).as_str() {
            "" => format!("{endpoint}{path}"),
            query => format!("{endpoint}{path}?{query}"),
        }),
        (_, Place::Name) => get(format!("{endpoint}/")),
    }
}

fn get(url: String) -> Outgoing {
    Outgoing { method: "GET", url, headers: Vec::new(), body: String::new() }
}

fn form(read: &Read, endpoint: &str, version: &str, parameters: &Parameters) -> Outgoing {
    let mut body = format!("Action={}&Version={version}", read.operation());
    let more = pairs(parameters);
    if !more.is_empty() {
        body.push('&');
        body.push_str(&more);
    }
    let kind = "application/x-www-form-urlencoded; charset=utf-8".to_owned();
    Outgoing {
        method: "POST",
        url: format!("{endpoint}/"),
        headers: vec![("content-type", kind)],
        body,
    }
}

/// `name=value` for each, lists as `name.member.1=value`.
fn pairs(parameters: &Parameters) -> String {
    let mut pairs = Vec::new();
    for (name, value) in parameters {
        match value {
            Value::Array(items) => {
                for (at, item) in items.iter().enumerate() {
                    pairs.push(format!("{name}.member.{}={}", at + 1, encoded(&text(item))));
                }
            }
            value => pairs.push(format!("{name}={}", encoded(&text(value)))),
        }
    }
    pairs.join("&")
}

fn text(value: &Value) -> String {
    match value {
        Value::String(text) => text.clone(),
        other => other.to_string(),
    }
}

fn encoded(text: &str) -> String {
    utf8_percent_encode(text, RESERVED).to_string()
}
