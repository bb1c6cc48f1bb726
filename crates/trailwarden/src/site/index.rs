//! The pages that lead to others: the first one, one for each kind of name, the guides, the reference, all names.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use askama::Template;
use trailwarden_catalogue::Depth;

use super::kinds::{self, KINDS};
use super::markdown;
use super::names::{self, Names, page_of, relative};
use super::shell::Sheet;
use super::topic::FromPage;
use super::written;
use crate::cli::explain::topics::Topic;

/// The page of a file of Markdown.
pub(super) fn written(source: &str, text: &str, names: &Names) -> Sheet {
    let path = page_of(source).unwrap_or_default();
    let told = markdown::render(text, &FromPage { names, path: &path, source });
    let first =
        text.lines().skip(1).find(|line| !line.trim().is_empty() && !line.starts_with("<!--"));
    let kind = match path.split_once('/') {
        Some(("concepts", _)) => "concept",
        Some(("decisions", _)) => "decision",
        Some(("reference" | "attack", _)) => "reference",
        _ => "guide",
    };
    let headings = told.headings.iter().map(|(_, heading)| heading.as_str());
    let words: Vec<&str> = first.into_iter().chain(headings).collect();
    let words = words.join(" ");
    Sheet {
        title: told.title.unwrap_or_else(|| source.to_owned()),
        kind,
        html: told.html,
        headings: told.headings,
        words: words.replace(['`', '*', '#'], ""),
        is_found: true,
        path,
        ..Sheet::default()
    }
}

/// All of these pages.
pub(super) fn sheets(topics: &[Topic], others: &[Sheet], names: &Names) -> Vec<Sheet> {
    let mut sheets: Vec<Sheet> =
        KINDS.iter().map(|kind| kinds::sheet(kind, topics, names)).collect();
    sheets.push(guides(names));
    sheets.push(reference(others));
    sheets.push(all_names(topics));
    sheets.push(home(topics, others));
    sheets
}

/// The list of what people wrote, in the order in which a newcomer reads.
fn guides(names: &Names) -> Sheet {
    let mut text = String::from("# Guides\n");
    for (folder, title) in [
        ("docs/guides/", "How to"),
        ("docs/", "Commands in depth"),
        ("docs/concepts/", "Concepts"),
        ("docs/decisions/", "Decisions"),
    ] {
        let _ = write!(text, "\n## {title}\n\n");
        for (path, page) in written::ALL {
            let Some(name) = path.strip_prefix(folder).filter(|name| !name.contains('/')) else {
                continue;
            };
            let title = page.lines().next().unwrap_or_default().trim_start_matches("# ");
            let _ = writeln!(text, "- [{title}](../{}{name})", folder.trim_start_matches("docs/"));
        }
    }
    let path = "guides/index.html".to_owned();
    let told =
        markdown::render(&text, &FromPage { names, path: &path, source: "docs/guides/x.md" });
    Sheet {
        title: "Guides".to_owned(),
        kind: "list",
        html: told.html,
        headings: told.headings,
        is_found: true,
        path,
        ..Sheet::default()
    }
}

/// A list of links.
fn links<'a>(from: &str, pages: impl Iterator<Item = (&'a str, &'a str, &'a str)>) -> String {
    let mut html = String::from("<ul>\n");
    for (path, name, about) in pages {
        let href = markdown::escape(&relative(from, path));
        let (name, about) = (markdown::escape(name), markdown::escape(about));
        let about =
            if about.is_empty() { String::new() } else { format!(" <small>{about}</small>") };
        let _ = writeln!(html, "<li><a href=\"{href}\">{name}</a>{about}</li>");
    }
    html + "</ul>\n"
}

fn reference(others: &[Sheet]) -> Sheet {
    let path = "reference/index.html".to_owned();
    let of = |kind: &'static str| {
        let sheets = others.iter().filter(move |sheet| sheet.kind == kind);
        sheets.map(move |sheet| {
            let about = if kind == "schema" { sheet.lead.as_str() } else { "" };
            (sheet.path.as_str(), sheet.title.as_str(), about)
        })
    };
    let html = format!(
        "<p>What the program says of itself.</p>\n{}<h2 id=\"schemas\">Schemas</h2>\n<p>Of what programs read and write.</p>\n{}",
        links(&path, of("reference")),
        links(&path, of("schema"))
    );
    let headings = vec![("schemas".to_owned(), "Schemas".to_owned())];
    Sheet {
        title: "Reference".to_owned(),
        kind: "list",
        html,
        headings,
        is_found: true,
        path,
        ..Sheet::default()
    }
}

/// Every name, for those whose browser runs no script.
fn all_names(topics: &[Topic]) -> Sheet {
    let path = "names.html".to_owned();
    let mut by_letter: BTreeMap<char, Vec<(String, &str, &str)>> = BTreeMap::new();
    for topic in topics {
        let short = match topic {
            Topic::Event(entry) => entry.event(),
            _ => topic.name(),
        };
        let letter = short.chars().next().unwrap_or('?').to_ascii_uppercase();
        by_letter.entry(letter).or_default().push((
            names::path(topic),
            topic.name(),
            topic.title(),
        ));
    }
    let mut sheet = Sheet { title: "All names".to_owned(), kind: "list", path, ..Sheet::default() };
    for (letter, mut found) in by_letter {
        found.sort_by_key(|(_, name, _)| {
            name.split_once(':').map_or(*name, |(_, event)| event).to_lowercase()
        });
        let _ = writeln!(sheet.html, "<h2 id=\"{letter}\">{letter}</h2>");
        let rows = found.iter().map(|(path, name, title)| (path.as_str(), *name, *title));
        sheet.html.push_str(&links(&sheet.path, rows));
        sheet.headings.push((letter.to_string(), letter.to_string()));
    }
    sheet
}

struct Door {
    href: &'static str,
    name: &'static str,
    count: usize,
    about: &'static str,
}

#[derive(Template)]
#[template(path = "site-home.html")]
struct Home<'a> {
    doors: Vec<Door>,
    starts: &'a [(&'a str, &'a str, &'a str)],
    entries: Vec<(String, &'static str, &'a str)>,
}

/// Where to begin: page, question, and where the answer is.
const STARTS: &[(&str, &str, &str)] = &[
    (
        "guides/incident-responder.html",
        "Something happened. What now?",
        "From a finding to who, what and how far",
    ),
    ("guides/sources.html", "Where do the logs come from?", "Files, buckets, the event history"),
    ("changes.html", "What changed, and what did it do?", "Every change of IAM with its effect"),
    ("questions.html", "Who may do this, and why?", "One question, all layers that decide"),
    ("guides/remediation.html", "How is it put right?", "Plans, consent, the way back"),
    (
        "guides/explain.html",
        "What does this name mean?",
        "Explanations in the terminal and on this site",
    ),
];

fn home(topics: &[Topic], others: &[Sheet]) -> Sheet {
    let count = |folder: &str| topics.iter().filter(|topic| names::folder(topic) == folder).count();
    let door = |href, name, folder: &str, about| Door { href, name, count: count(folder), about };
    let doors = vec![
        door(
            "events/index.html",
            "Events",
            "events",
            "What a call means, what can go wrong, what the record hides",
        ),
        door(
            "detections/index.html",
            "Detections",
            "detections",
            "What is looked for in logs, with trails that fire",
        ),
        door(
            "checks/index.html",
            "Posture checks",
            "checks",
            "What is weak in an account as it is",
        ),
        door(
            "lint-checks/index.html",
            "Policy checks",
            "lint-checks",
            "What is wrong, dangerous or useless in policies",
        ),
        door(
            "techniques/index.html",
            "Privilege escalation",
            "techniques",
            "How somebody becomes more than he is",
        ),
        door(
            "remediations/index.html",
            "Remediations",
            "remediations",
            "How it is put right, in four forms",
        ),
        door("attack/index.html", "ATT&CK", "attack", "Techniques, and what of ours is about them"),
        Door {
            href: "guides/index.html",
            name: "Guides",
            count: others
                .iter()
                .filter(|sheet| ["guide", "concept", "decision"].contains(&sheet.kind))
                .count(),
            about: "How to, concepts and decisions",
        },
    ];
    let full = topics.iter().filter_map(|topic| match topic {
        Topic::Event(entry) if entry.header.depth == Depth::Full => {
            Some((names::path(topic), entry.event(), entry.header.title.as_str()))
        }
        _ => None,
    });
    // The template is checked at compile time, and writing to a text does not fail.
    let html = Home { doors, starts: STARTS, entries: full.collect() }.render().unwrap_or_default();
    Sheet {
        path: "index.html".to_owned(),
        title: "trailwarden".to_owned(),
        lead: "What each change of AWS IAM means, what it does to who can do what, and how it is put right.".to_owned(),
        html,
        ..Sheet::default()
    }
}
