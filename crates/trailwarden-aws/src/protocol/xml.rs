//! Replies in XML to what the AWS CLI prints.
//!
//! The CLI knows the type of each member from the service's model; here the few that are no text are
//! listed by name, which is enough for the operations of [`crate::reads`] and proven by
//! `tests/shapes.rs` against what `boto3` makes of the same replies.
//!
//! # Invariants
//! - A member of an unknown name is text, and nothing is lost.
//! - Depth is bounded: nothing that AWS sends is deeper than [`DEPTH_MAX`].

mod acl;
mod ec2;
mod listing;

use std::borrow::Cow;

use percent_encoding::percent_decode_str;
use quick_xml::Reader;
use quick_xml::events::{BytesStart, Event};
use serde_json::{Map, Value};

pub(super) use ec2::result as ec2;

const DEPTH_MAX: usize = 64;

/// Lists whose name does not end with `List`.
const LISTS: &[&str] = &[
    "AccessKeyMetadata",
    "AccountAliases",
    "AlarmActions",
    "AttachedManagedPolicies",
    "AttachedPolicies",
    "Dimensions",
    "EnabledFeatures",
    "Groups",
    "InsufficientDataActions",
    "MFADevices",
    "MetricAlarms",
    "Metrics",
    "OKActions",
    "Policies",
    "Roles",
    "ServicesLastAccessed",
    "Subscriptions",
    "Tags",
    "TrackedActionsLastAccessed",
    "Versions",
    "VirtualMFADevices",
];
const BOOLEANS: &[&str] = &[
    "ActionsEnabled",
    "AllowUsersToChangePassword",
    "BlockPublicAcls",
    "BlockPublicPolicy",
    "ExpirePasswords",
    "HardExpiry",
    "IgnorePublicAcls",
    "IsAttachable",
    "IsDefaultVersion",
    "IsPublic",
    "IsTruncated",
    "PasswordResetRequired",
    "RequireLowercaseCharacters",
    "RequireNumbers",
    "RequireSymbols",
    "RequireUppercaseCharacters",
    "RestrictPublicBuckets",
];
const NUMBERS: &[&str] = &[
    "AttachmentCount",
    "DatapointsToAlarm",
    "EvaluationPeriods",
    "MaxPasswordAge",
    "MaxSessionDuration",
    "MinimumPasswordLength",
    "PasswordReusePrevention",
    "Period",
    "PermissionsBoundaryUsageCount",
    "Threshold",
    "TotalAuthenticatedEntities",
];
/// Percent-encoded JSON.
const DOCUMENTS: &[&str] = &["AssumeRolePolicyDocument", "Document", "PolicyDocument"];
/// Structures that may be empty.
const STRUCTURES: &[&str] = &["RoleLastUsed", "ResponseMetadata"];
/// Maps from text to numbers.
const COUNTS: &[&str] = &["SummaryMap"];

/// An element.
#[derive(Debug, Default)]
struct Element {
    name: String,
    attributes: Vec<(String, String)>,
    text: String,
    children: Vec<Element>,
}

/// The result of an operation of the query protocol: `<XResponse><XResult>...`.
pub(super) fn result(xml: &[u8]) -> Result<Value, String> {
    let response = parse(xml)?;
    if response.name.eq_ignore_ascii_case("html") {
        return Err("a page of HTML in place of an answer".to_owned());
    }
    let is_answer = response.name.ends_with("Response") && response.name != "ErrorResponse";
    let result = response.children.into_iter().find(|child| child.name.ends_with("Result"));
    match result {
        Some(result) => Ok(members(result.children)),
        // Most changes have no result; then the name alone tells an answer from something else.
        None if is_answer => Ok(Value::Object(Map::new())),
        None => Err("XML that is no answer of AWS's".to_owned()),
    }
}

/// What S3 says of a bucket.
pub(super) fn s3(operation: &str, xml: &[u8]) -> Result<Value, String> {
    let root = parse(xml)?;
    Ok(match operation {
        // The AWS CLI prints the whole document under the name of the operation's one member.
        "GetPublicAccessBlock" => wrapped("PublicAccessBlockConfiguration", root),
        "GetBucketPolicyStatus" => wrapped("PolicyStatus", root),
        "GetBucketAcl" => acl::grants(root),
        "ListObjectsV2" => listing::of(root),
        "GetBucketVersioning" => {
            let mut root = root;
            // The one member that the AWS CLI spells in another way than the wire.
            for child in root.children.iter_mut().filter(|child| child.name == "MfaDelete") {
                child.name = "MFADelete".to_owned();
            }
            members(root.children)
        }
        _ => members(root.children),
    })
}

/// The code and the text of an error.
pub(super) fn error(xml: &[u8]) -> Option<(String, String)> {
    let root = parse(xml).ok()?;
    let error = match root.name.as_str() {
        "Error" => root,
        // EC2 puts them into a list.
        _ => root.children.into_iter().find_map(|child| match child.name.as_str() {
            "Error" => Some(child),
            "Errors" => child.children.into_iter().next(),
            _ => None,
        })?,
    };
    let text = |name: &str| {
        error.children.iter().find(|child| child.name == name).map(|child| child.text.clone())
    };
    Some((text("Code")?, text("Message").unwrap_or_default()))
}

/// One member of an error.
pub(super) fn member(xml: &[u8], name: &str) -> Option<String> {
    let members = parse(xml).ok()?.children;
    members.into_iter().find(|child| child.name == name).map(|child| child.text)
}

fn wrapped(name: &str, root: Element) -> Value {
    Value::Object(Map::from_iter([(name.to_owned(), members(root.children))]))
}

fn members(children: Vec<Element>) -> Value {
    let members = children.into_iter().map(|child| (child.name.clone(), value(child)));
    Value::Object(members.collect())
}

fn value(element: Element) -> Value {
    let Element { name, text, children, .. } = element;
    let is = |names: &[&str]| names.contains(&name.as_str());
    let is_list = name.ends_with("List") || is(LISTS);
    match children.first() {
        Some(first) if first.name == "member" => children.into_iter().map(value).collect(),
        Some(first) if first.name == "entry" => entries(children, is(COUNTS)),
        Some(_) => members(children),
        None if is_list => Value::Array(Vec::new()),
        None if is(STRUCTURES) || is(COUNTS) => Value::Object(Map::new()),
        None if is(BOOLEANS) => (text == "true").into(),
        None if is(NUMBERS) => number(&text),
        None if is(DOCUMENTS) => document(&text),
        None => text.into(),
    }
}

fn entries(entries: Vec<Element>, are_counts: bool) -> Value {
    let pairs = entries.into_iter().filter_map(|entry| {
        let (mut key, mut told) = (None, None);
        for child in entry.children {
            match child.name.as_str() {
                "key" => key = Some(child.text),
                "value" if are_counts => told = Some(number(&child.text)),
                "value" => told = Some(value(child)),
                _ => {}
            }
        }
        Some((key?, told?))
    });
    Value::Object(pairs.collect())
}

fn number(text: &str) -> Value {
    let whole = text.parse::<i64>().ok().map(Value::from);
    let number = whole.or_else(|| text.parse::<f64>().ok().map(Value::from));
    number.unwrap_or_else(|| text.into())
}

/// As an object, which the AWS CLI prints; what is no JSON stays text.
fn document(text: &str) -> Value {
    let decoded = percent_decode_str(text).decode_utf8_lossy();
    serde_json::from_str(&decoded).unwrap_or_else(|_| decoded.into_owned().into())
}

fn parse(xml: &[u8]) -> Result<Element, String> {
    let text = String::from_utf8_lossy(xml);
    let mut reader = Reader::from_str(&text);
    let mut open = vec![Element::default()];
    loop {
        match reader.read_event().map_err(|error| format!("no XML: {error}"))? {
            Event::Start(start) if open.len() < DEPTH_MAX => open.push(started(&start)),
            Event::Start(_) => return Err("XML that is too deep".to_owned()),
            Event::Empty(start) => {
                let element = started(&start);
                close(&mut open, element);
            }
            Event::End(_) => {
                if let Some(element) = open.pop() {
                    close(&mut open, element);
                }
            }
            Event::Text(text) => {
                add(&mut open, text.decode().map_err(|error| format!("no XML: {error}"))?);
            }
            Event::CData(text) => {
                add(&mut open, text.decode().map_err(|error| format!("no XML: {error}"))?);
            }
            Event::GeneralRef(reference) => add(&mut open, resolved(&reference)?.into()),
            Event::Eof => break,
            _ => {}
        }
    }
    // A text that ends early is no answer: what is missing would look like what is not there.
    match (open.len(), open.pop().and_then(|mut root| root.children.pop())) {
        (1, Some(root)) => Ok(root),
        _ => Err("XML that ends early".to_owned()),
    }
}

fn started(start: &BytesStart<'_>) -> Element {
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    let attributes = start
        .attributes()
        .flatten()
        .map(|attribute| (text(attribute.key.as_ref()), text(&attribute.value)));
    Element {
        attributes: attributes.collect(),
        name: text(start.local_name().as_ref()),
        ..Element::default()
    }
}

fn close(open: &mut [Element], mut element: Element) {
    if !element.children.is_empty() {
        // Blanks between elements are no text.
        element.text.clear();
    }
    if let Some(parent) = open.last_mut() {
        parent.children.push(element);
    }
}

fn add(open: &mut [Element], text: Cow<'_, str>) {
    if let Some(element) = open.last_mut() {
        element.text.push_str(&text);
    }
}

/// `&amp;` and its like, and characters by number.
fn resolved(reference: &quick_xml::events::BytesRef<'_>) -> Result<String, String> {
    let wrong = |error: quick_xml::Error| format!("no XML: {error}");
    if let Some(character) = reference.resolve_char_ref().map_err(wrong)? {
        return Ok(character.to_string());
    }
    Ok(match reference.as_ref() {
        b"amp" => "&",
        b"lt" => "<",
        b"gt" => ">",
        b"quot" => "\"",
        b"apos" => "'",
        _ => return Err("XML with an entity that is none of XML's own".to_owned()),
    }
    .to_owned())
}
