//! The story as a page in one file that needs nothing else.
//!
//! # Invariants
//! - The page asks the network for nothing and runs no script; its policy forbids both. Its one style
//!   sheet is named by its hash.
//! - Text passes through `escape::visible` on its way into the view, and askama escapes it for HTML
//!   on the way out.

mod graph;
mod lanes;
mod view;

use std::io;

use askama::Template;
use trailwarden_runtime::investigate::Investigation;

use self::graph::Graph;
use self::lanes::Lanes;
use self::view::{Deed, GainView, GroupView, LeftView, Tally, WhoView};
use super::words;
use crate::formats::html::shell::{self, Rejects};
use crate::formats::html::svg::scene::Mark;
use crate::formats::{Style, text};

/// The reports share one look.
const CSS: &str = concat!(
    include_str!("../../../templates/report.css"),
    include_str!("../../../templates/investigation.css")
);

/// The page. Every `String` in it is plain text; askama escapes it.
#[derive(Template)]
#[template(path = "investigation.html")]
struct Page<'a> {
    css: &'a str,
    policy: String,
    version: &'a str,
    title: String,
    lead: String,
    read: String,
    zone: String,
    is_found: bool,
    is_interrupted: bool,
    near: Vec<String>,
    notes: Vec<String>,
    tallies: Vec<Tally>,
    graph: Option<Graph>,
    lanes: Option<Lanes>,
    people: Vec<WhoView>,
    deeds: Vec<Deed>,
    gains: Vec<GainView>,
    left: Vec<LeftView>,
    reads: Vec<GroupView>,
    tries: Vec<GroupView>,
    rejects: Option<Rejects>,
}

/// Writes the page.
pub(super) fn write(
    story: &Investigation,
    style: &Style,
    out: &mut dyn io::Write,
) -> io::Result<()> {
    let page = Page {
        css: CSS,
        policy: shell::policy(CSS, None),
        version: env!("CARGO_PKG_VERSION"),
        title: words::title(story),
        lead: if story.found { words::lead(story) } else { String::new() },
        read: words::read(story, style),
        zone: text::zone(style).into_owned(),
        is_found: story.found,
        is_interrupted: story.summary.interrupted,
        near: story.near.iter().map(|name| words::shown(name)).collect(),
        notes: story.notes.iter().map(|note| words::sentence(note)).collect(),
        tallies: view::tallies(story),
        graph: Graph::of(story, style),
        lanes: Lanes::of(story, style),
        people: view::people(story, style),
        deeds: view::deeds(story, style),
        gains: view::gains(story, style),
        left: view::left(story, style),
        reads: view::groups(story, words::READS, style),
        tries: view::groups(story, words::TRIES, style),
        rejects: Rejects::of(&story.rejects, story.summary.rejects),
    };
    shell::write(&page, out)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_style_sheet_cannot_end_its_element() {
        shell::assert_harmless(CSS);
    }
}
