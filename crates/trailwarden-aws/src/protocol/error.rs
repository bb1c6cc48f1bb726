//! What an error means for whoever asked.
//!
//! Sources: "Common Errors" of the services' API references; Smithy, "AWS JSON 1.1 protocol" and
//! "AWS restJson1 protocol" for where the code stands.

use serde_json::Value;

use super::{Reply, xml};
use crate::endpoint::is_region;

/// What an error means.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Meaning {
    /// There is no such thing.
    Absent,
    /// The caller lacks the permission.
    Denied,
    /// Too fast; later it may be answered.
    Throttled,
    /// A fault of the server; later it may be answered.
    Passing,
    /// Nobody answers this question there.
    Unsupported,
    /// The credentials are not accepted.
    Credentials,
    /// Anything else.
    Other,
}

/// An error that AWS, or what stands in its place, answered.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) struct Fault {
    pub(crate) code: String,
    pub(crate) message: String,
    pub(crate) meaning: Meaning,
}

impl Fault {
    /// Whether the reply named an error, as AWS does; a page of a proxy has but a status.
    pub(crate) fn is_named(&self) -> bool {
        !self.code.starts_with(STATUS)
    }

    /// Code and message, one line.
    pub(crate) fn text(&self) -> String {
        match (self.code.as_str(), self.message.as_str()) {
            (code, "") => code.to_owned(),
            ("", message) => message.to_owned(),
            (code, message) => format!("{code}: {message}"),
        }
    }
}

/// How the code begins of a reply that names none; no code of AWS's has a blank.
const STATUS: &str = "HTTP ";
/// No message is kept longer.
const MESSAGE_MAX: usize = 500;

const THROTTLED: &[&str] = &[
    "BandwidthLimitExceeded",
    "PriorRequestNotComplete",
    "RequestLimitExceeded",
    "RequestThrottled",
    "RequestThrottledException",
    "SlowDown",
    "Throttled",
    "ThrottledException",
    "Throttling",
    "ThrottlingException",
    "TooManyRequestsException",
];
const DENIED: &[&str] = &[
    "AccessDenied",
    "AccessDeniedException",
    "AllAccessDisabled",
    "AuthorizationError",
    "ForbiddenException",
    "NotAuthorized",
    "UnauthorizedOperation",
];
const CREDENTIALS: &[&str] = &[
    "AuthFailure",
    "ExpiredToken",
    "ExpiredTokenException",
    "IncompleteSignature",
    "InvalidAccessKeyId",
    "InvalidClientTokenId",
    "InvalidSignatureException",
    "MissingAuthenticationToken",
    "RequestExpired",
    "RequestTimeTooSkewed",
    "SignatureDoesNotMatch",
    "UnrecognizedClientException",
];
const UNSUPPORTED: &[&str] = &[
    "InvalidAction",
    "NotImplemented",
    "OptInRequired",
    "UnknownEndpoint",
    "UnknownOperationException",
    "UnsupportedOperation",
    "UnsupportedOperationException",
];

/// What a reply that is no success says; `absent` are the errors that mean that there is no such thing.
pub(crate) fn fault(absent: &[&str], reply: &Reply) -> Fault {
    let is_html = reply.head.header("content-type").is_some_and(|kind| kind.contains("text/html"));
    let found = match is_html {
        true => None,
        false => json(reply).or_else(|| xml::error(&reply.body)),
    };
    let (code, message) = found.unwrap_or_default();
    let has = |codes: &[&str]| codes.contains(&code.as_str());
    let is_absent = absent.iter().any(|one| match one.split_once(": ") {
        Some((known, words)) => code == known && message.contains(words),
        None => code == *one,
    });
    let meaning = if is_absent {
        Meaning::Absent
    } else if has(THROTTLED) || reply.head.status == 429 {
        Meaning::Throttled
    } else if has(DENIED) {
        Meaning::Denied
    } else if has(CREDENTIALS) {
        Meaning::Credentials
    } else if has(UNSUPPORTED) || reply.head.status == 501 || (is_html && reply.head.status != 503)
    {
        // Emulators answer with a page what they do not have; no page of AWS's is an answer either.
        Meaning::Unsupported
    } else {
        match (reply.head.status, code.as_str()) {
            (403, _) => Meaning::Denied,
            (404, "") => Meaning::Unsupported,
            (500.., _) => Meaning::Passing,
            _ => Meaning::Other,
        }
    };
    let code = if code.is_empty() { format!("{STATUS}{}", reply.head.status) } else { code };
    Fault { code, message: message.chars().take(MESSAGE_MAX).collect(), meaning }
}

/// The region in which a bucket is, when S3 was asked elsewhere and says so.
///
/// Source: S3 User Guide, "Making requests using the REST API" and API Reference, "Error responses":
/// in a header, and where a signature names the wrong region, in the body.
pub(crate) fn region(reply: &Reply) -> Option<String> {
    let is_elsewhere = [301, 307, 400].contains(&reply.head.status);
    let told = reply.head.header("x-amz-bucket-region").map(str::to_owned);
    let told = told.or_else(|| xml::member(&reply.body, "Region")).filter(|_| is_elsewhere);
    told.filter(|region| is_region(region))
}

fn json(reply: &Reply) -> Option<(String, String)> {
    let body: Value = serde_json::from_slice(&reply.body).unwrap_or_default();
    let member = |name: &str| body.get(name).and_then(Value::as_str);
    let code = reply
        .head
        .header("x-amzn-errortype")
        .or_else(|| member("__type"))
        .or_else(|| member("code"))
        .or_else(|| member("Code"))?;
    // `com.amazonaws.service#Code:http://...`
    let code = code.rsplit('#').next()?.split(':').next()?;
    let message = member("message").or_else(|| member("Message")).unwrap_or_default();
    Some((code.to_owned(), message.to_owned()))
}
