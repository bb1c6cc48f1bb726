//! From a question to a request.

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use serde_json::Value;

use super::{Outgoing, Parameters};
use crate::reads::{Place, Protocol, Read, Service};

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
        (Protocol::Query { .. } | Protocol::Ec2 { .. } | Protocol::Json { .. }, _) => {
            named(read.service, read.operation(), endpoint, &parameters)
        }
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

/// The request of a protocol in which the operation is named beside its parameters.
pub(super) fn named(
    service: &Service,
    operation: &str,
    endpoint: &str,
    parameters: &Parameters,
) -> Outgoing {
    let version = match service.protocol {
        Protocol::Json { target, version } => {
            return Outgoing {
                method: "POST",
                url: format!("{endpoint}/"),
                headers: vec![
                    ("content-type", format!("application/x-amz-json-{version}")),
                    ("x-amz-target", format!("{target}.{operation}")),
                ],
                body: Value::Object(parameters.clone()).to_string(),
            };
        }
        Protocol::Query { version } | Protocol::Ec2 { version } => version,
        Protocol::RestJson | Protocol::S3 => "",
    };
    let mut body = format!("Action={operation}&Version={version}");
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

/// `name=value` for each, lists as `name.member.1=value`, structures as `name.member=value`.
fn pairs(parameters: &Parameters) -> String {
    let mut pairs = Vec::new();
    for (name, value) in parameters {
        flatten(name, value, &mut pairs);
    }
    pairs.join("&")
}

fn flatten(name: &str, value: &Value, pairs: &mut Vec<String>) {
    match value {
        Value::Array(items) => {
            for (at, item) in items.iter().enumerate() {
                flatten(&format!("{name}.member.{}", at + 1), item, pairs);
            }
        }
        Value::Object(members) => {
            for (member, value) in members {
                flatten(&format!("{name}.{member}"), value, pairs);
            }
        }
        value => pairs.push(format!("{name}={}", encoded(&text(value)))),
    }
}

pub(super) fn text(value: &Value) -> String {
    match value {
        Value::String(text) => text.clone(),
        other => other.to_string(),
    }
}

pub(super) fn encoded(text: &str) -> String {
    utf8_percent_encode(text, RESERVED).to_string()
}
