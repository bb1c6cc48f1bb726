//! What every page has: a way to all others, the search, a table of what is on it.

use askama::Template;

use super::markdown;
use super::names::relative;

const CSS: &str = include_str!("../../templates/site.css");
const SCRIPT: &str = include_str!("../../templates/site.js");

/// The files that pages share.
pub(super) const ASSETS: [(&str, &str); 2] = [("site.css", CSS), ("site.js", SCRIPT)];

/// A part of the site: its folder or page, and its name.
pub(super) const PARTS: [(&str, &str); 12] = [
    ("guides/index.html", "Guides"),
    ("events/index.html", "Events"),
    ("detections/index.html", "Detections"),
    ("checks/index.html", "Posture checks"),
    ("lint-checks/index.html", "Policy checks"),
    ("techniques/index.html", "Privilege escalation"),
    ("remediations/index.html", "Remediations"),
    ("condition-keys/index.html", "Condition keys"),
    ("rules/index.html", "Other rules"),
    ("attack/index.html", "ATT&CK"),
    ("reference/event-coverage.html", "Coverage"),
    ("reference/index.html", "Reference"),
];

/// A page before it has its frame. Texts are plain; what is called HTML is HTML.
#[derive(Clone, Debug, Default)]
pub(super) struct Sheet {
    /// Where it lies.
    pub(super) path: String,
    /// Its heading.
    pub(super) title: String,
    /// What kind of thing it is about.
    pub(super) kind: &'static str,
    /// What it is in a few words.
    pub(super) lead: String,
    /// Facts in a line each, as HTML.
    pub(super) facts: Vec<(String, String)>,
    /// What there is to read, as HTML.
    pub(super) html: String,
    /// Headings with their anchors.
    pub(super) headings: Vec<(String, String)>,
    /// Its severity, where it has one.
    pub(super) severity: Option<&'static str>,
    /// Words beyond its own by which it is found.
    pub(super) words: String,
    /// Whether its heading is a name, and not words.
    pub(super) is_name: bool,
    /// Whether the search finds it.
    pub(super) is_found: bool,
}

struct Link {
    href: String,
    name: &'static str,
    is_here: bool,
}

#[derive(Template)]
#[template(path = "site.html")]
struct Page<'a> {
    sheet: &'a Sheet,
    /// Its heading as HTML.
    heading: String,
    root: String,
    parts: Vec<Link>,
    version: &'static str,
}

/// The page in its frame.
pub(super) fn page(sheet: &Sheet) -> String {
    let folder = sheet.path.split_once('/').map_or("", |(folder, _)| folder);
    let is_of = |part: &str| match part.split_once('/') {
        _ if part == sheet.path => true,
        Some((of, "index.html")) => of == folder && sheet.path != "reference/event-coverage.html",
        _ => false,
    };
    let is_guide = ["guides", "concepts", "decisions", ""].contains(&folder)
        && !["index.html", "names.html"].contains(&sheet.path.as_str());
    let parts = PARTS.map(|(part, name)| Link {
        href: relative(&sheet.path, part),
        name,
        is_here: is_of(part) || is_guide && part.starts_with("guides/"),
    });
    let page = Page {
        sheet,
        heading: markdown::breakable(&sheet.title),
        root: relative(&sheet.path, ""),
        parts: parts.into(),
        version: env!("CARGO_PKG_VERSION"),
    };
    // The template is checked at compile time, and writing to a text does not fail.
    page.render().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn assets_fetch_nothing() {
        for (name, text) in ASSETS {
            assert!(!text.contains("http") && !text.contains("@import"), "{name}");
            assert!(!text.contains("url("), "{name}");
        }
    }
}
