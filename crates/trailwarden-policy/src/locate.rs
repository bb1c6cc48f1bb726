//! Policies inside other files: what AWS CLI prints, Terraform plans, CloudFormation templates.
//!
//! A file is recognised by its content, never by its name. Every policy that is found says where
//! ([`Located::name`]), what kind it is when the place tells, and where in the file it stands, so
//! that a finding points at the line of the file and not of some extract.
//!
//! # Invariants
//! - Total: any text gives a list. A text that is not JSON is one policy that cannot be read, so
//!   that it is reported and not passed over.
//! - What a template leaves open is [`UNKNOWN`] text and listed in [`Located::unknowns`]; nothing is
//!   filled in by guessing.

mod aws_cli;
mod cloudformation;
mod terraform;
#[cfg(test)]
mod tests;

use std::borrow::Cow;

use crate::document::{self, Document};
use crate::json::{self, Node, Value};
use crate::kind::PolicyKind;
use crate::span::Span;

/// Stands for text that only the service that makes the resources will know.
pub const UNKNOWN: char = '\u{fffc}';

/// The longest file that is searched; a longer one is taken for a policy, and refused as too long.
pub const FILE_BYTES_MAX: usize = 1 << 26;

/// A policy found in a file.
#[derive(Debug, Clone)]
pub struct Located {
    /// Where it was found, such as `aws_iam_role.deploy: assume_role_policy`; empty when the file
    /// itself is the policy.
    pub name: String,
    /// What kind it is, when the place tells.
    pub kind: Option<PolicyKind>,
    /// Where it stands in the file: the object, or the string that holds its text.
    pub span: Span,
    /// Values inside that the file does not tell.
    pub unknowns: Vec<UnknownValue>,
    content: Content,
}

/// A value that a template leaves open.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UnknownValue {
    /// Where it stands in the file.
    pub span: Span,
    /// What stands there, such as `Ref Bucket`.
    pub what: String,
}

/// Why a located policy could not be read.
#[derive(Debug, thiserror::Error)]
pub enum Unread {
    /// The file does not hold it.
    #[error("the policy is not known before it is made: {0}")]
    Unknown(String),
    /// Longer than any that AWS has, so long that checking it would cost time and help nobody.
    #[error(
        "the policy has {bytes} bytes without white space, more than the {} that are checked",
        crate::lint::POLICY_BYTES_MAX
    )]
    TooLong {
        /// Its length without white space.
        bytes: usize,
    },
    /// It is no policy document.
    #[error(transparent)]
    Policy(#[from] document::Error),
}

#[derive(Debug, Clone)]
enum Content {
    /// The whole file, URL-encoded or quoted or plain.
    File { is_encoded: bool },
    /// An object of the file; its places are places of the file.
    Object(Node),
    /// A text of its own, inside a string of the file.
    Text(String),
    /// Not in the file, and why.
    Unknown(String),
}

impl Located {
    /// Reads the document. `file` is the text that was searched.
    pub fn document(&self, file: &str) -> Result<Document, Unread> {
        let (mut document, unknown) = match &self.content {
            Content::File { .. } => (Document::parse(file)?, Vec::new()),
            Content::Object(node) => {
                (Document::from_node(node)?, self.unknowns.iter().map(|u| u.span).collect())
            }
            Content::Text(text) => (Document::parse(text)?, self.unknown_in(text)),
            Content::Unknown(why) => return Err(Unread::Unknown(why.clone())),
        };
        document.places.unknown = unknown;
        Ok(document)
    }

    /// The text that the document's places refer to.
    pub fn text<'a>(&'a self, file: &'a str) -> Cow<'a, str> {
        match &self.content {
            Content::File { .. } => Document::decode(file).unwrap_or(Cow::Borrowed(file)),
            Content::Object(_) | Content::Unknown(_) => Cow::Borrowed(file),
            Content::Text(text) => Document::decode(text).unwrap_or(Cow::Borrowed(text)),
        }
    }

    /// Where a place of the document stands in the file. Inside a string or an encoded file there
    /// is no finer place than the whole.
    pub fn span_in_file(&self, span: Span) -> Span {
        match &self.content {
            Content::Object(_) | Content::File { is_encoded: false } => span,
            Content::File { .. } | Content::Text(_) | Content::Unknown(_) => self.span,
        }
    }

    /// The strings of a text that hold [`UNKNOWN`].
    fn unknown_in(&self, text: &str) -> Vec<Span> {
        let mut spans = Vec::new();
        if self.unknowns.is_empty() {
            return spans;
        }
        let decoded = Document::decode(text).unwrap_or(Cow::Borrowed(text));
        if let Ok(node) = json::parse(&decoded) {
            texts_with_unknown(&node, &mut spans);
        }
        spans
    }
}

fn texts_with_unknown(node: &Node, spans: &mut Vec<Span>) {
    if node.text().is_some_and(|text| text.contains(UNKNOWN)) {
        spans.push(node.span);
    }
    node.items().iter().for_each(|item| texts_with_unknown(item, spans));
    node.members().iter().for_each(|member| texts_with_unknown(&member.value, spans));
}

/// Finds the policies of a file.
pub fn locate(text: &str) -> Vec<Located> {
    let whole = || {
        let is_encoded = matches!(Document::decode(text), Ok(Cow::Owned(_)));
        vec![Located {
            name: String::new(),
            kind: None,
            span: Span::new(0, text.len()),
            unknowns: Vec::new(),
            content: Content::File { is_encoded },
        }]
    };
    if text.len() > FILE_BYTES_MAX {
        return whole();
    }
    let Ok(root) = json::parse(text.trim_start_matches('\u{feff}')) else {
        return whole();
    };
    if is_meant_as_policy(&root) {
        return whole();
    }
    let mut found = if let Some(resources) = cloudformation::resources(&root) {
        cloudformation::policies(resources)
    } else if terraform::is_plan(&root) {
        terraform::policies(&root)
    } else {
        aws_cli::policies(&root)
    };
    // The search ran over the text without its byte order mark.
    let mark = text.len() - text.trim_start_matches('\u{feff}').len();
    if mark > 0 {
        found.iter_mut().for_each(|located| located.move_by(mark));
    }
    found
}

/// Whether a whole file is meant to be one policy, even when it is not a good one.
fn is_meant_as_policy(root: &Node) -> bool {
    let has = |name: &str| root.members().iter().any(|m| m.name.eq_ignore_ascii_case(name));
    let is_dated = root
        .get("Version")
        .and_then(Node::text)
        .is_some_and(|version| matches!(version, "2012-10-17" | "2008-10-17"));
    root.text().is_some() || has("Statement") || is_dated || (has("Effect") && has("Action"))
}

impl Located {
    /// A policy at a node: an object, or a string that holds one.
    fn at(name: String, kind: Option<PolicyKind>, node: &Node) -> Self {
        let content = match node.text() {
            Some(text) => Content::Text(text.to_owned()),
            None => Content::Object(node.clone()),
        };
        Self { name, kind, span: node.span, unknowns: Vec::new(), content }
    }

    fn unknown(name: String, kind: Option<PolicyKind>, span: Span, why: String) -> Self {
        Self { name, kind, span, unknowns: Vec::new(), content: Content::Unknown(why) }
    }

    fn move_by(&mut self, offset: usize) {
        self.span = self.span.moved_by(offset);
        self.unknowns.iter_mut().for_each(|unknown| unknown.span = unknown.span.moved_by(offset));
        if let Content::Object(node) = &mut self.content {
            node.move_by(offset);
        }
    }
}

/// Whether a value is a policy by its content: an object with `Statement`, or the text of one.
fn is_policy(node: &Node) -> bool {
    match &node.value {
        Value::Members(members) => members.iter().any(|member| {
            is_statement(&member.name)
                && matches!(member.value.value, Value::List(_) | Value::Members(_))
        }),
        Value::Text(text) => is_policy_text(text),
        Value::Null | Value::Literal(_) | Value::List(_) => false,
    }
}

fn is_policy_text(text: &str) -> bool {
    let start = text.trim_start().as_bytes();
    let begins = start.starts_with(b"{")
        || start.get(..3).is_some_and(|head| head.eq_ignore_ascii_case(b"%7b"));
    begins && text.to_ascii_lowercase().contains("statement")
}

fn is_statement(name: &str) -> bool {
    name.eq_ignore_ascii_case("Statement")
}

/// A way down into a JSON text: names, and `[0]` or `[name]` for items of lists.
type Path = [String];

/// A path as people write it.
fn shown(path: &Path) -> String {
    let mut text = String::new();
    for step in path {
        if !text.is_empty() && !step.starts_with('[') {
            text.push('.');
        }
        text.push_str(step);
    }
    text
}

/// The last name of a path, items of lists aside.
fn last_name(path: &Path) -> &str {
    path.iter().rev().find(|step| !step.starts_with('[')).map_or("", String::as_str)
}

/// Shows every value to `takes`, from outside in, with the objects around it; what it takes is not
/// searched further. Depth is that of the JSON text, which is bounded.
fn search<'n>(
    node: &'n Node,
    path: &mut Vec<String>,
    around: &mut Vec<&'n Node>,
    takes: &mut dyn FnMut(&Path, &[&'n Node], &'n Node) -> bool,
) {
    if takes(path, around, node) {
        return;
    }
    around.push(node);
    for member in node.members() {
        path.push(member.name.clone());
        search(&member.value, path, around, takes);
        path.pop();
    }
    for (index, item) in node.items().iter().enumerate() {
        path.push(format!("[{}]", label(item).map_or_else(|| index.to_string(), str::to_owned)));
        search(item, path, around, takes);
        path.pop();
    }
    around.pop();
}

/// What tells an item of a list from its neighbours in the replies of IAM.
fn label(item: &Node) -> Option<&str> {
    ["RoleName", "UserName", "GroupName", "PolicyName", "VersionId", "VpcEndpointId"]
        .iter()
        .find_map(|name| item.get(name)?.text())
        .filter(|label| label.len() <= 128 && !label.contains(UNKNOWN))
}
