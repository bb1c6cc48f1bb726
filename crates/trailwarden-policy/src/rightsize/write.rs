//! JSON text of values that were read, in their order.

use crate::json::{Node, Value};

const INDENT: usize = 2;

/// Without white space between the parts.
pub(super) fn compact(node: &Node) -> String {
    let mut out = String::new();
    write(node, None, &mut out);
    out
}

/// On several lines.
pub(super) fn pretty(node: &Node) -> String {
    let mut out = String::new();
    write(node, Some(0), &mut out);
    out.push('\n');
    out
}

/// Depth is bounded by the reader's ([`crate::json`]).
fn write(node: &Node, depth: Option<usize>, out: &mut String) {
    match &node.value {
        Value::Null => out.push_str("null"),
        Value::Literal(text) => out.push_str(text),
        Value::Text(text) => string(text, out),
        Value::List(items) => {
            all(('[', ']'), items.iter(), depth, out, write);
        }
        Value::Members(members) => {
            all(('{', '}'), members.iter(), depth, out, |member, depth, out| {
                string(&member.name, out);
                out.push_str(if depth.is_some() { ": " } else { ":" });
                write(&member.value, depth, out);
            });
        }
    }
}

fn all<T>(
    (open, close): (char, char),
    items: impl ExactSizeIterator<Item = T>,
    depth: Option<usize>,
    out: &mut String,
    one: impl Fn(T, Option<usize>, &mut String),
) {
    let is_empty = items.len() == 0;
    out.push(open);
    let inner = depth.map(|depth| depth + INDENT);
    for (at, item) in items.enumerate() {
        if at > 0 {
            out.push(',');
        }
        line(inner, out);
        one(item, inner, out);
    }
    if !is_empty {
        line(depth, out);
    }
    out.push(close);
}

fn line(depth: Option<usize>, out: &mut String) {
    if let Some(depth) = depth {
        out.push('\n');
        out.extend(std::iter::repeat_n(' ', depth));
    }
}

fn string(text: &str, out: &mut String) {
    out.push_str(&serde_json::Value::from(text).to_string());
}
