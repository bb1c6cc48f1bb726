//! What lies in a bucket: lists without an element around them, and keys in the encoding of URLs.
//!
//! Source: Amazon S3 API Reference, "ListObjectsV2" (`encoding-type=url`: keys may hold characters that
//! XML cannot).

use percent_encoding::percent_decode_str;
use serde_json::{Map, Value};

use super::{Element, members, number};

/// Members that are told once for each item.
const LISTS: &[&str] = &["Contents", "CommonPrefixes"];
/// Members that are encoded.
const ENCODED: &[&str] = &["Delimiter", "Key", "Prefix", "StartAfter"];

pub(super) fn of(root: Element) -> Value {
    let is_encoded =
        root.children.iter().any(|child| child.name == "EncodingType" && child.text == "url");
    let mut out = Map::new();
    for mut child in root.children {
        if is_encoded {
            decode(&mut child);
        }
        let name = child.name.clone();
        if LISTS.contains(&name.as_str()) {
            let list = out.entry(name).or_insert_with(|| Value::Array(Vec::new()));
            if let Value::Array(items) = list {
                items.push(item(child));
            }
        } else {
            let told = if name == "IsTruncated" {
                (child.text == "true").into()
            } else {
                child.text.into()
            };
            out.insert(name, told);
        }
    }
    Value::Object(out)
}

fn item(element: Element) -> Value {
    let size = element.children.iter().find(|child| child.name == "Size");
    let size = size.map(|size| number(&size.text));
    let mut item = members(element.children);
    if let (Value::Object(item), Some(size)) = (&mut item, size) {
        item.insert("Size".to_owned(), size);
    }
    item
}

/// A blank is a plus, and a plus is written as such are in URLs.
fn decode(element: &mut Element) {
    if ENCODED.contains(&element.name.as_str()) {
        let text = element.text.replace('+', " ");
        element.text = percent_decode_str(&text).decode_utf8_lossy().into_owned();
    }
    element.children.iter_mut().for_each(decode);
}
