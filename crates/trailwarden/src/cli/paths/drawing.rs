//! Paths as a picture: Graphviz and Mermaid. Names are a stranger's text, so each language's own
//! signs are spelled out in them.

use std::collections::BTreeMap;
use std::io;

use trailwarden_account::graph::{Edge, Node};
use trailwarden_model::escape;

use super::found::{Found, Names, deed};

/// What is drawn: nodes with their numbers, and edges, each once.
struct Drawing<'d> {
    nodes: BTreeMap<&'d Node, usize>,
    edges: Vec<&'d Edge>,
}

impl<'d> Drawing<'d> {
    fn of(found: &'d Found) -> Self {
        let mut edges: Vec<&Edge> = found.paths.iter().flat_map(|path| &path.edges).collect();
        edges.sort();
        edges.dedup();
        let mut nodes = BTreeMap::new();
        for edge in &edges {
            for node in [&edge.from, &edge.to] {
                nodes.insert(node, 0);
            }
        }
        for (number, at) in nodes.values_mut().enumerate() {
            *at = number;
        }
        Self { nodes, edges }
    }

    fn number(&self, node: &Node) -> usize {
        self.nodes.get(node).copied().unwrap_or_default()
    }
}

/// Writes Graphviz.
pub(super) fn dot(found: &Found, names: &Names<'_>, out: &mut dyn io::Write) -> io::Result<()> {
    let drawing = Drawing::of(found);
    writeln!(out, "digraph paths {{")?;
    writeln!(out, "  rankdir=LR;")?;
    writeln!(out, "  node [shape=box, style=rounded, fontname=\"sans-serif\"];")?;
    writeln!(out, "  edge [fontname=\"sans-serif\", fontsize=10];")?;
    for (node, number) in &drawing.nodes {
        let shape = match node {
            Node::Administrator(_) => ", shape=doubleoctagon",
            Node::External(_) => ", style=\"rounded,dashed\"",
            Node::Identity(..) | Node::Service(_) => "",
        };
        writeln!(out, "  n{number} [label={}{shape}];", dot_text(&names.node(node)))?;
    }
    for edge in &drawing.edges {
        let (from, to) = (drawing.number(&edge.from), drawing.number(&edge.to));
        let style = if edge.certainty.is_yes() { "" } else { ", style=dashed" };
        writeln!(out, "  n{from} -> n{to} [label={}{style}];", dot_text(&deed(edge)))?;
    }
    writeln!(out, "}}")
}

/// A quoted text. In one, the backslash begins Graphviz's own escapes.
fn dot_text(text: &str) -> String {
    let text = escape::visible(text).replace('\\', "\\\\").replace('"', "\\\"");
    format!("\"{text}\"")
}

/// Writes Mermaid.
pub(super) fn mermaid(found: &Found, names: &Names<'_>, out: &mut dyn io::Write) -> io::Result<()> {
    let drawing = Drawing::of(found);
    writeln!(out, "flowchart LR")?;
    for (node, number) in &drawing.nodes {
        let text = mermaid_text(&names.node(node));
        match node {
            Node::Administrator(_) => writeln!(out, "  n{number}{{{{{text}}}}}")?,
            Node::External(_) => writeln!(out, "  n{number}([{text}])")?,
            Node::Identity(..) | Node::Service(_) => writeln!(out, "  n{number}[{text}]")?,
        }
    }
    for edge in &drawing.edges {
        let (from, to) = (drawing.number(&edge.from), drawing.number(&edge.to));
        let arrow = if edge.certainty.is_yes() { "-->" } else { "-.->" };
        writeln!(out, "  n{from} {arrow}|{}| n{to}", mermaid_text(&deed(edge)))?;
    }
    Ok(())
}

/// A quoted text: whatever is neither a letter nor a plain sign is written by its number.
fn mermaid_text(text: &str) -> String {
    let mut out = String::from("\"");
    for c in escape::visible(text).chars() {
        match c {
            ' ' | '/' | '-' | '_' | '.' | ',' | ':' | '+' | '=' | '@' => out.push(c),
            c if c.is_alphanumeric() => out.push(c),
            c => out.push_str(&format!("#{};", u32::from(c))),
        }
    }
    out.push('"');
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_cannot_end_their_text() {
        assert_eq!(dot_text("a\"] ; b\\"), r#""a\"] ; b\\""#);
        assert_eq!(dot_text("a\nb"), r#""a\\u{a}b""#);
        assert_eq!(mermaid_text("role/x\"]|<b>"), "\"role/x#34;#93;#124;#60;b#62;\"");
        assert_eq!(mermaid_text("`a` #1;"), "\"#96;a#96; #35;1#59;\"");
    }
}
