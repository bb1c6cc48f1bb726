//! From replies to what the AWS CLI prints: the members of the result, all pages in one, without the
//! marks of pages.

use serde_json::{Map, Value};

use super::{Reply, json, xml};
use crate::reads::{Place, Protocol, Read};

/// What a reply says; `Err` tells why it cannot be read.
pub(crate) fn body(read: &Read, reply: &Reply) -> Result<Value, String> {
    match read.service.protocol {
        Protocol::Query { .. } => xml::result(&reply.body),
        Protocol::Ec2 { .. } => xml::ec2(&reply.body),
        Protocol::S3 if read.place == Place::Bucket("policy") => {
            // The policy itself; the AWS CLI prints it as text in a member.
            let text = String::from_utf8_lossy(&reply.body).into_owned();
            Ok(Value::Object(Map::from_iter([("Policy".to_owned(), text.into())])))
        }
        Protocol::S3 => xml::s3(read.operation(), &reply.body),
        Protocol::Json { .. } | Protocol::RestJson => json::result(read.service, &reply.body),
    }
}

/// The token of the next page, if there is one.
pub(crate) fn next(read: &Read, page: &Value) -> Option<String> {
    let pages = read.pages?;
    // IAM tells a marker only where more follows; others leave an empty one behind.
    let is_last = page.get("IsTruncated").and_then(Value::as_bool) == Some(false);
    let token = page.get(pages.told)?.as_str().filter(|token| !token.is_empty() && !is_last)?;
    Some(token.to_owned())
}

/// Adds a page to those before it, without the marks of pages.
pub(crate) fn merge(read: &Read, whole: &mut Value, page: Value) {
    let (Value::Object(whole), Value::Object(page)) = (whole, page) else { return };
    for (name, value) in page {
        let is_mark = read.pages.is_some_and(|pages| name == pages.told)
            || ["IsTruncated", "Truncated"].contains(&name.as_str());
        if is_mark {
            continue;
        }
        match (whole.get_mut(&name), value) {
            (Some(Value::Array(known)), Value::Array(more)) => known.extend(more),
            (Some(_), _) => {}
            (None, value) => {
                whole.insert(name, value);
            }
        }
    }
}
