//! The identity graph: who became whom, who made what, and what of it still stands.
//!
//! It is drawn as a tree, a row each and a step to the right for each hand that something went
//! through: chains may be long, and a page is not wide. What came about in more ways than one has a
//! dashed line for each of the others.

use std::collections::{BTreeMap, BTreeSet};

use trailwarden_model::escape;
use trailwarden_runtime::investigate::Investigation;
use trailwarden_runtime::investigate::story::{Identity, Left, Link, Relation, Stands};

use super::super::words;
use super::view::tone;
use crate::formats::html::svg::scene::{Line, Mark, Node, Scene, Text};
use crate::formats::{Style, text};

/// Rows at most; the lists name everybody and everything.
const PEOPLE_MAX: usize = 40;
const THINGS_MAX: usize = 24;

const ROW: usize = 30;
const STEP: usize = 30;
/// Room at the left, where the other lines run.
const LEFT: usize = 34;
const NAME_CHARS_MAX: usize = 56;

/// The tree, and what stands above it.
pub(super) struct Graph {
    pub(super) scene: Scene,
    pub(super) caption: String,
}

/// A place in the drawing.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
enum Key {
    Person(u32),
    Thing(usize),
}

impl Graph {
    /// None when there is only one row.
    pub(super) fn of(story: &Investigation, style: &Style) -> Option<Self> {
        let mut tree = Tree { story, placed: Vec::new(), seen: BTreeSet::new() };
        let shown = || story.identities.iter().take(PEOPLE_MAX);
        for who in shown().filter(|who| who.relation == Relation::Origin) {
            tree.row(Key::Person(who.number), 0, None);
        }
        for who in shown().filter(|who| who.relation == Relation::Subject) {
            tree.person(who.number, 0, None);
        }
        // Those who came of nobody shown still need a place.
        for who in shown() {
            tree.person(who.number, 0, None);
        }
        let placed = tree.placed;
        if placed.len() < 2 {
            return None;
        }
        let places: BTreeMap<Key, (usize, usize)> = placed
            .iter()
            .enumerate()
            .map(|(row, place)| (place.node, (LEFT + place.depth * STEP, row * ROW + ROW / 2)))
            .collect();
        let all = story.identities.len() + things(story).len();
        let hidden = all.saturating_sub(placed.len()) as u64;
        let more = match hidden {
            0 => String::new(),
            _ => format!(" ({} more in the lists below)", text::count(hidden)),
        };
        let caption = format!("Who became whom, and what was left behind{more}");
        let scene = Scene {
            width: None,
            height: placed.len() * ROW,
            is_small: false,
            lines: lines(story, &placed, &places),
            nodes: placed.iter().filter_map(|place| node(story, place, &places, style)).collect(),
            words: caption.clone(),
        };
        Some(Self { scene, caption })
    }
}

/// A row of the tree, and what it hangs from.
struct Placed {
    node: Key,
    depth: usize,
    parent: Option<Key>,
}

struct Tree<'s> {
    story: &'s Investigation,
    placed: Vec<Placed>,
    seen: BTreeSet<Key>,
}

impl Tree<'_> {
    fn row(&mut self, node: Key, depth: usize, parent: Option<Key>) -> bool {
        let fresh = self.seen.insert(node);
        if fresh {
            self.placed.push(Placed { node, depth, parent });
        }
        fresh
    }

    /// Somebody, what they left behind, and whoever came of them. A chain is as long as there are
    /// people shown, so this ends.
    fn person(&mut self, number: u32, depth: usize, parent: Option<Key>) {
        let me = Key::Person(number);
        if !self.row(me, depth, parent) {
            return;
        }
        let own = things(self.story).into_iter().filter(|(_, left)| left.identity == number);
        for (place, _) in own {
            let drawn = self.placed.iter().filter(|row| matches!(row.node, Key::Thing(_)));
            if drawn.count() < THINGS_MAX {
                self.row(Key::Thing(place), depth + 1, Some(me));
            }
        }
        let story = self.story;
        for link in story.links.iter().filter(|link| link.from == number) {
            let is_shown = (link.to as usize) < PEOPLE_MAX;
            let is_origin =
                words::identity(story, link.to).is_some_and(|who| who.relation == Relation::Origin);
            if is_shown && !is_origin {
                self.person(link.to, depth + 1, Some(me));
            }
        }
    }
}

/// What was left behind and is nobody of the story: those have rows of their own.
fn things(story: &Investigation) -> Vec<(usize, &Left)> {
    let is_somebody = |left: &Left| {
        story.identities.iter().any(|who| {
            who.relation != Relation::Subject
                && (who.access_key.as_ref() == Some(&left.name)
                    || who.kind == left.kind && who.name == left.name && left.of.is_none())
        })
    };
    let all = story.left_behind.iter().enumerate();
    let mut things: Vec<(usize, &Left)> = all.filter(|(_, left)| !is_somebody(left)).collect();
    things.sort_by_key(|(_, left)| (left.stands == Stands::No, left.time));
    things
}

fn short(text: &str) -> String {
    escape::shorten(text, NAME_CHARS_MAX).into_owned()
}

fn node(
    story: &Investigation,
    place: &Placed,
    places: &BTreeMap<Key, (usize, usize)>,
    style: &Style,
) -> Option<Node> {
    let (x, y) = *places.get(&place.node)?;
    let texts = |name: String, about: String, how: String| {
        let (name, about) = (short(&name), short(&about));
        let parts = vec![("name", name), ("about", about)];
        vec![
            Text { x: (x + 14).to_string(), y: y + 4, class: "", parts },
            Text { x: "100%".to_owned(), y: y + 4, class: "how", parts: vec![("", how)] },
        ]
    };
    match place.node {
        Key::Person(number) => {
            let who = words::identity(story, number)?;
            let name = if who.name.is_empty() { "somebody" } else { &who.name };
            let how = match place.parent {
                Some(Key::Person(parent)) => first_link(story, parent, number),
                _ if who.relation == Relation::Origin => {
                    story.links.iter().find(|link| link.from == number)
                }
                _ => None,
            };
            let how = how.map(|link| said(link, style)).unwrap_or_default();
            Some(Node {
                class: tone(who.relation).to_owned(),
                mark: Mark::Dot(x, y),
                link: Some(format!("#i{number}")),
                texts: texts(words::shown(name), about(who), how),
                title: words::label(who),
            })
        }
        Key::Thing(place) => {
            let left = story.left_behind.get(place)?;
            let tone = match left.stands {
                Stands::Yes => "stands",
                Stands::Unknown => "doubt",
                Stands::No => "gone",
            };
            let stands = left.stands.as_str().to_owned();
            let since = left.time.display_in(&style.zone);
            Some(Node {
                class: format!("{tone} thing"),
                mark: Mark::Square(x, y),
                link: Some("#left".to_owned()),
                texts: texts(words::thing(left), stands, since),
                title: words::left(left),
            })
        }
    }
}

fn about(who: &Identity) -> String {
    match &who.access_key {
        Some(key) => format!("by key {}, {}", words::shown(key), words::calls(who)),
        None => format!("{}, {}", words::shown(&who.kind.replace('_', " ")), words::calls(who)),
    }
}

/// `key for, 2026-03-01 00:05:00`.
fn said(link: &Link, style: &Style) -> String {
    let how = match link.how.as_str() {
        "key for" => "key made",
        "password for" => "password set",
        "code for" => "code replaced",
        "opened" => "role opened",
        other => other,
    };
    let times = match link.count {
        1 => String::new(),
        many => format!(" x{}", text::count(many)),
    };
    format!("{}{times}, {}", words::shown(how), link.time.display_in(&style.zone))
}

fn first_link(story: &Investigation, from: u32, to: u32) -> Option<&Link> {
    story.links.iter().find(|link| link.from == from && link.to == to)
}

fn lines(
    story: &Investigation,
    placed: &[Placed],
    places: &BTreeMap<Key, (usize, usize)>,
) -> Vec<Line> {
    let mut lines = Vec::new();
    let mut drawn: BTreeSet<(u32, u32)> = BTreeSet::new();
    for place in placed {
        let ends = (place.parent.and_then(|parent| places.get(&parent)), places.get(&place.node));
        let (Some((x1, y1)), Some((x2, y2))) = ends else { continue };
        let tone = match place.node {
            Key::Person(number) => {
                if let Some(Key::Person(parent)) = place.parent {
                    drawn.insert((parent, number));
                }
                words::identity(story, number).map_or("origin", |who| tone(who.relation))
            }
            Key::Thing(_) => "thing",
        };
        let (start, end) = (y1 + 8, x2.saturating_sub(8));
        let path = format!("M{x1} {start}V{}Q{x1} {y2} {} {y2}H{end}", y2 - 8, x1 + 8);
        lines.push(line(tone.to_owned(), path));
    }
    for link in &story.links {
        let ends = (places.get(&Key::Person(link.from)), places.get(&Key::Person(link.to)));
        let (Some((x1, y1)), Some((x2, y2))) = ends else { continue };
        if link.from == link.to || !drawn.insert((link.from, link.to)) {
            continue;
        }
        // Around the left side of both.
        let out = x1.min(x2).saturating_sub(26);
        let (a, b) = (x1.saturating_sub(8), x2.saturating_sub(8));
        let tone = words::identity(story, link.from).map_or("origin", |who| tone(who.relation));
        let path = format!("M{a} {y1}C{out} {y1} {out} {y2} {b} {y2}");
        lines.push(line(format!("{tone} else"), path));
    }
    lines
}

fn line(class: String, path: String) -> Line {
    Line { class, path, head: None, texts: Vec::new(), title: None }
}
