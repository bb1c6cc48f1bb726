//! From a call that changes something to a request, and from its reply to what the AWS CLI prints.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Map, Value};
use sha2::{Digest as _, Sha256};

use super::request::{encoded, named, text};
use super::{Outgoing, Parameters, Reply, json, xml};
use crate::reads::Protocol;
use crate::writes::{Content, Place, Write};

/// The namespace of what S3 takes.
const NAMESPACE: &str = "http://s3.amazonaws.com/doc/2006-03-01/";

/// The request.
pub(crate) fn changing(write: &Write, endpoint: &str, parameters: &Parameters) -> Outgoing {
    let Place::Bucket { method, part, content } = write.place else {
        return named(write.service, write.operation(), endpoint, parameters);
    };
    let bucket = parameters.get("Bucket").map(text).unwrap_or_default();
    let query = if part.is_empty() { String::new() } else { format!("?{part}") };
    let (kind, body) = match content {
        Content::Nothing => ("", String::new()),
        Content::Text(name) => {
            ("application/json", parameters.get(name).map(text).unwrap_or_default())
        }
        Content::Structure(name) => match parameters.get(name) {
            Some(structure) => ("application/xml", element(name, structure, true)),
            None => ("", String::new()),
        },
    };
    let mut headers = Vec::new();
    if !kind.is_empty() {
        headers.push(("content-type", kind.to_owned()));
        // Amazon S3 User Guide, "Checking object integrity": these operations ask for a checksum.
        let sum = STANDARD.encode(Sha256::digest(body.as_bytes()));
        headers.push(("x-amz-sdk-checksum-algorithm", "SHA256".to_owned()));
        headers.push(("x-amz-checksum-sha256", sum));
    }
    Outgoing { method, url: format!("{endpoint}/{}{query}", encoded(&bucket)), headers, body }
}

/// What a reply says.
pub(crate) fn changed(write: &Write, reply: &Reply) -> Result<Value, String> {
    match write.service.protocol {
        Protocol::Query { .. } => xml::result(&reply.body),
        Protocol::Ec2 { .. } => xml::ec2(&reply.body),
        Protocol::Json { .. } | Protocol::RestJson => json::result(write.service, &reply.body),
        // What S3 replies to these is no body, and never a page.
        Protocol::S3 if is_page(&reply.body) => {
            Err("a page of HTML in place of an answer".to_owned())
        }
        Protocol::S3 => Ok(Value::Object(Map::new())),
    }
}

fn is_page(body: &[u8]) -> bool {
    let begins = |with: &str| {
        let beginning = body.trim_ascii_start().get(..with.len());
        beginning.is_some_and(|it| it.eq_ignore_ascii_case(with.as_bytes()))
    };
    begins("<!doctype html") || begins("<html")
}

/// An element of XML; the outermost one names the namespace.
fn element(name: &str, value: &Value, is_outermost: bool) -> String {
    let namespace = if is_outermost { format!(" xmlns=\"{NAMESPACE}\"") } else { String::new() };
    match value {
        Value::Array(items) => items.iter().map(|item| element(name, item, is_outermost)).collect(),
        Value::Object(members) => {
            let inner: String =
                members.iter().map(|(name, value)| element(name, value, false)).collect();
            format!("<{name}{namespace}>{inner}</{name}>")
        }
        other => {
            let text = text(other);
            let escaped = quick_xml::escape::escape(text.as_str());
            format!("<{name}{namespace}>{escaped}</{name}>")
        }
    }
}
