//! A page of a list.

use serde_json::Value;

/// An object as it was listed.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Stored {
    /// Its key.
    pub key: String,
    /// Its length in bytes.
    pub size: u64,
    /// What changes when its content does, with the quotation marks around it; empty when nobody told it.
    pub etag: String,
}

/// A page of a list.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Page {
    /// Objects, in the order of their keys' bytes.
    pub objects: Vec<Stored>,
    /// In a folded list, what keys begin with up to and including the first slash behind the prefix.
    pub folders: Vec<String>,
}

impl Page {
    /// Takes what the AWS CLI would print.
    pub(super) fn of(page: &Value) -> Self {
        let list = |name: &str| page.get(name).and_then(Value::as_array).into_iter().flatten();
        let text = |item: &Value, name: &str| Some(item.get(name)?.as_str()?.to_owned());
        let object = |item: &Value| {
            let size = item.get("Size").and_then(Value::as_u64).unwrap_or_default();
            let etag = text(item, "ETag").unwrap_or_default();
            Some(Stored { key: text(item, "Key")?, size, etag })
        };
        Self {
            objects: list("Contents").filter_map(object).collect(),
            folders: list("CommonPrefixes").filter_map(|item| text(item, "Prefix")).collect(),
        }
    }
}
