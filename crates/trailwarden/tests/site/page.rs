//! Reads a page: its elements, whether they close, its links and anchors.

use std::collections::BTreeSet;

/// What is on a page.
#[derive(Default)]
pub(crate) struct Page {
    /// What is wrong with it.
    pub(crate) faults: Vec<String>,
    /// Names of its elements.
    pub(crate) elements: BTreeSet<String>,
    /// Element and value of every `href` and `src`.
    pub(crate) references: Vec<(String, String)>,
    /// All ids.
    pub(crate) ids: BTreeSet<String>,
    /// What kind of thing it is about.
    pub(crate) kind: String,
    /// Its first heading.
    pub(crate) heading: String,
}

/// Elements that have no end.
const EMPTY: &[&str] = &["meta", "link", "input", "br", "hr", "wbr"];

/// Reads a page.
pub(crate) fn read(text: &str) -> Page {
    let mut page = Page::default();
    let mut open: Vec<String> = Vec::new();
    let mut rest = text.strip_prefix("<!doctype html>").unwrap_or_else(|| {
        page.faults.push("no doctype".to_owned());
        text
    });
    while let Some(at) = rest.find('<') {
        let words = unescape(&rest[..at]);
        match open.last().map(String::as_str) {
            Some("h1") => page.heading.push_str(&words),
            Some("p.kind") if page.kind.is_empty() => words.trim().clone_into(&mut page.kind),
            _ => {}
        }
        rest = &rest[at + 1..];
        let end = end_of(rest);
        let inner = &rest[..end];
        rest = rest.get(end + 1..).unwrap_or("");
        if let Some(name) = inner.strip_prefix('/') {
            let last = open.pop().unwrap_or_default();
            if last.split('.').next() != Some(name) {
                page.faults.push(format!("</{name}> closes <{last}>"));
            }
            continue;
        }
        let (name, attributes) = inner.split_once([' ', '\n']).unwrap_or((inner, ""));
        if name.is_empty() || !name.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit()) {
            page.faults.push(format!("<{name}"));
            continue;
        }
        page.elements.insert(name.to_owned());
        let mut class = "";
        for (attribute, value) in pairs(attributes, &mut page.faults) {
            match attribute {
                "id" if !page.ids.insert(unescape(value)) => {
                    page.faults.push(format!("twice: {value}"))
                }
                "href" | "src" => page.references.push((name.to_owned(), unescape(value))),
                "class" => class = value,
                attribute if attribute.starts_with("on") || attribute == "style" => {
                    page.faults.push(attribute.to_owned());
                }
                _ => {}
            }
        }
        if !EMPTY.contains(&name) {
            open.push(if class == "kind" { format!("{name}.kind") } else { name.to_owned() });
        }
    }
    if !open.is_empty() {
        page.faults.push(format!("open at the end: {open:?}"));
    }
    page
}

/// Where a tag ends, quotes considered.
fn end_of(tag: &str) -> usize {
    let mut is_quoted = false;
    tag.find(|c| {
        is_quoted ^= c == '"';
        c == '>' && !is_quoted
    })
    .unwrap_or(tag.len())
}

fn pairs<'a>(attributes: &'a str, faults: &mut Vec<String>) -> Vec<(&'a str, &'a str)> {
    let mut found = Vec::new();
    let mut rest = attributes.trim_start();
    while !rest.is_empty() {
        let end = rest.find([' ', '=']).unwrap_or(rest.len());
        let name = &rest[..end];
        rest = &rest[end..];
        let Some(quoted) = rest.strip_prefix("=\"") else {
            if rest.starts_with('=') {
                faults.push(format!("no quotes: {name}"));
                return found;
            }
            found.push((name, ""));
            rest = rest.trim_start();
            continue;
        };
        let end = quoted.find('"').unwrap_or(quoted.len());
        found.push((name, &quoted[..end]));
        rest = quoted.get(end + 1..).unwrap_or("").trim_start();
    }
    found
}

fn unescape(text: &str) -> String {
    let known = [
        ("&lt;", "<"),
        ("&gt;", ">"),
        ("&quot;", "\""),
        ("&#39;", "'"),
        ("&#38;", "&"),
        ("&#34;", "\""),
        ("&#60;", "<"),
        ("&#62;", ">"),
        ("&amp;", "&"),
    ];
    known.into_iter().fold(text.to_owned(), |text, (from, to)| text.replace(from, to))
}

#[test]
fn a_page_that_is_not_well_formed_is_told() {
    let faults = |body: &str| read(&format!("<!doctype html>{body}")).faults.len();
    assert_eq!(faults("<p class=\"a>b\">x<br>y</p>"), 0);
    assert_eq!(faults("<p><b>x</p></b>"), 2);
    assert_eq!(faults("<p>x"), 1);
    assert_eq!(faults("<p id=\"a\">x</p><p id=\"a\">y</p>"), 1);
    assert_eq!(faults("<p onclick=\"x\">x</p>"), 1);
}
