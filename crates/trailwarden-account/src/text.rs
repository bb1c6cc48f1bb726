//! A policy's text, shared by all that hold it, and read at most once.
//!
//! Most texts of a model are never asked for; what was read of one stays with it, and what was made
//! of it too, so that all models and all holders that share the text share the work. Automation
//! writes the same few texts again and again, so the last short ones are shared too (`recent`).

mod recent;

use std::borrow::Cow;
use std::cmp::Ordering;
use std::collections::BTreeMap;
use std::fmt;
use std::hash::{Hash, Hasher};
use std::sync::{Arc, LazyLock, OnceLock};

use serde_json::Value;
use trailwarden_policy::evaluate::Compiled;
use trailwarden_policy::facts::{self, ManagedPolicy};
use trailwarden_policy::reach::apart;
use trailwarden_policy::trust::{Grant, effective_grants};
use trailwarden_policy::{Document, PolicyKind, document};

use crate::access::Wording;
use crate::digest::Digest;

/// The JSON text of a policy document.
#[derive(Clone)]
pub struct PolicyText(Arc<Text>);

struct Text {
    text: Cow<'static, str>,
    document: OnceLock<Result<Document, document::Error>>,
    made: OnceLock<Box<Made>>,
}

/// What was made of the document, once somebody asked.
#[derive(Default)]
struct Made {
    /// As an identity policy, as another one of those that the model tells.
    compiled: [OnceLock<Compiled>; 2],
    digest: OnceLock<Arc<Digest>>,
    wording: OnceLock<Wording>,
    grants: OnceLock<Arc<[Grant]>>,
}

/// Managed policies that AWS publishes, by name.
static PUBLISHED: LazyLock<BTreeMap<&'static str, PolicyText>> = LazyLock::new(|| {
    let policies = facts::managed_policies().iter();
    policies.map(|policy| (policy.name, PolicyText::of(Cow::Borrowed(policy.document)))).collect()
});

impl PolicyText {
    /// Of JSON text, as it is or percent-encoded as in IAM's replies.
    #[must_use]
    pub fn new(text: &str) -> Self {
        let text = text.trim();
        let decoded = Document::decode(text).unwrap_or(Cow::Borrowed(text));
        recent::or_new(&decoded, || Self::of(Cow::Owned(decoded.to_string())))
    }

    /// Of a managed policy of AWS's own, read once for all accounts.
    #[must_use]
    pub fn published(policy: &'static ManagedPolicy) -> Self {
        PUBLISHED.get(policy.name).cloned().unwrap_or_else(|| Self::of(policy.document.into()))
    }

    fn of(text: Cow<'static, str>) -> Self {
        Self(Arc::new(Text { text, document: OnceLock::new(), made: OnceLock::new() }))
    }

    /// The text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0.text
    }

    /// The document, which is read at the first call.
    pub fn document(&self) -> Result<&Document, &document::Error> {
        self.0.document.get_or_init(|| Document::parse(&self.0.text)).as_ref()
    }

    /// The document ready to decide; none when it cannot be read. The name is for explanations.
    #[must_use]
    pub fn compiled(&self, name: &str, kind: PolicyKind) -> Option<Compiled> {
        let document = self.document().ok()?;
        let [identity, other] = &self.made().compiled;
        let place = if kind == PolicyKind::Identity { identity } else { other };
        let known = place.get_or_init(|| apart(|| Compiled::new(name, document, kind)));
        // Two policies may share a text, but then each explains itself by its own name.
        match known.name() == name && known.kind() == kind {
            true => Some(known.clone()),
            false => Some(Compiled::new(name, document, kind)),
        }
    }

    /// What the document says at a glance; none when it cannot be read.
    pub(crate) fn digest(&self) -> Option<&Arc<Digest>> {
        let document = self.document().ok()?;
        Some(self.made().digest.get_or_init(|| Arc::new(apart(|| Digest::of(document)))))
    }

    /// What the document says to everybody and to each; none when it cannot be read.
    pub(crate) fn wording(&self) -> Option<&Wording> {
        let document = self.document().ok()?;
        Some(self.made().wording.get_or_init(|| apart(|| Wording::of(self.as_str(), document))))
    }

    /// Whom the document lets in, as a trust policy; none when it cannot be read.
    pub(crate) fn grants(&self) -> Option<&Arc<[Grant]>> {
        let document = self.document().ok()?;
        Some(self.made().grants.get_or_init(|| apart(|| effective_grants(document).into())))
    }

    fn made(&self) -> &Made {
        self.0.made.get_or_init(Box::default)
    }

    /// Whether both are one text, and not only alike: quick, and a "no" says nothing.
    pub(crate) fn is_shared_with(&self, other: &Self) -> bool {
        Arc::ptr_eq(&self.0, &other.0)
    }

    /// Where it lies, which two texts share that are one.
    pub(crate) fn place(&self) -> *const () {
        Arc::as_ptr(&self.0).cast()
    }

    /// The text without what carries no meaning: white space and the order of members.
    #[must_use]
    pub fn canonical(&self) -> String {
        match serde_json::from_str::<Value>(self.as_str()) {
            Ok(value) => sorted(value).to_string(),
            Err(_) => self.as_str().to_owned(),
        }
    }
}

impl PartialEq for PolicyText {
    fn eq(&self, other: &Self) -> bool {
        Arc::ptr_eq(&self.0, &other.0) || self.as_str() == other.as_str()
    }
}

impl Eq for PolicyText {}

impl PartialOrd for PolicyText {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for PolicyText {
    fn cmp(&self, other: &Self) -> Ordering {
        self.as_str().cmp(other.as_str())
    }
}

impl Hash for PolicyText {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.as_str().hash(state);
    }
}

/// Members by name, whether or not the parser keeps their order.
fn sorted(value: Value) -> Value {
    match value {
        Value::Object(members) => {
            let members: BTreeMap<String, Value> =
                members.into_iter().map(|(name, value)| (name, sorted(value))).collect();
            Value::Object(members.into_iter().collect())
        }
        Value::Array(items) => Value::Array(items.into_iter().map(sorted).collect()),
        other => other,
    }
}

impl fmt::Debug for PolicyText {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(self.as_str(), f)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn encoded_text_is_the_same_text() {
        let text = PolicyText::new("%7B%22Version%22%3A%20%222012-10-17%22%7D");
        assert_eq!(text.as_str(), r#"{"Version": "2012-10-17"}"#);
        assert_eq!(text.canonical(), r#"{"Version":"2012-10-17"}"#);
        let other = PolicyText::new(r#"{"b": [{"d": 1, "c": 2}], "a": 3}"#);
        assert_eq!(other.canonical(), r#"{"a":3,"b":[{"c":2,"d":1}]}"#);
        assert_eq!(PolicyText::new("no json").canonical(), "no json");
        // Bytes that are no text are kept for whoever asks, and are no document.
        assert!(PolicyText::new("%7B%ff").document().is_err());
    }
}
