//! The paths that a change opens, drawn: principals as boxes, from left to right, and the ways
//! between them as arrows with the calls that it takes.
//!
//! A box stands as far to the right as the longest way to it, so arrows point right except where
//! ways run in a circle. Positions are numbers of ours; every text is escaped by the template.

mod map;

use trailwarden_model::finding::PathOpened;
use trailwarden_model::{Arn, escape};

use super::svg::scene::{Line, Mark, Node, Scene, Text};
use crate::formats::effect::{calls, label, name, named, visible, way};
use crate::formats::text::counted;
use map::{EDGES_MAX, Map};

const BOX_WIDTH: usize = 150;
const BOX_HEIGHT: usize = 46;
const GAP_X: usize = 150;
const GAP_Y: usize = 22;
/// Room for a frame's line.
const MARGIN: usize = 2;
/// What fits into a box and between two of them.
const NAME_CHARS_MAX: usize = 20;
const LABEL_CHARS_MAX: usize = 25;
/// Names of those in one box that a pointer shows.
const NAMES_MAX: usize = 100;
/// Calls that are named on one arrow.
const LABELS_MAX: usize = 4;

/// The scene; none when there is nothing to draw.
pub(super) fn of(paths: &[PathOpened]) -> Option<Scene> {
    if paths.is_empty() {
        return None;
    }
    let map = Map::of(paths);
    let layers = map.layers();
    let tallest = layers.iter().map(Vec::len).max().unwrap_or_default().max(1);
    let column = |count: usize| count * BOX_HEIGHT + count.saturating_sub(1) * GAP_Y;
    let height = column(tallest);
    let mut places = vec![(0, 0); map.boxes.len()];
    for (depth, layer) in layers.iter().enumerate() {
        let top = (height - column(layer.len())) / 2;
        for (row, node) in layer.iter().enumerate() {
            if let Some(place) = places.get_mut(*node) {
                let x = MARGIN + depth * (BOX_WIDTH + GAP_X);
                *place = (x, MARGIN + top + row * (BOX_HEIGHT + GAP_Y));
            }
        }
    }
    let has_way = |node| map.edges.keys().any(|(from, _)| *from == node);
    let nodes = map.boxes.iter().zip(&places).enumerate();
    let width = layers.len() * BOX_WIDTH + layers.len().saturating_sub(1) * GAP_X + 2 * MARGIN;
    Some(Scene {
        width: Some(width),
        height: height + 2 * MARGIN,
        is_small: layers.len() <= 2,
        nodes: nodes.map(|(at, (who, place))| node(who, *place, !has_way(at))).collect(),
        lines: map.edges.iter().filter_map(|edge| line(&map, edge, &places)).collect(),
        words: words(paths),
    })
}

/// A box; it is a goal when no way leads further.
fn node(members: &[&str], (x, y): (usize, usize), is_goal: bool) -> Node {
    let (name, kind) = match members {
        [only] => called(only),
        many => together(many),
    };
    let all: Vec<String> = members.iter().map(|text| visible(text)).collect();
    let middle = x + BOX_WIDTH / 2;
    let name_y = if kind.is_empty() { y + 28 } else { y + 20 };
    let mut texts = vec![Text::one(middle, name_y, "name", short(&name, NAME_CHARS_MAX))];
    if !kind.is_empty() {
        texts.push(Text::one(middle, y + 37, "kind", short(&kind, NAME_CHARS_MAX + 4)));
    }
    Node {
        class: if is_goal { "goal" } else { "" }.to_owned(),
        mark: Mark::Box(x, y, BOX_WIDTH, BOX_HEIGHT),
        link: None,
        texts,
        title: named(&all, NAMES_MAX),
    }
}

/// Name and kind of a principal.
fn called(text: &str) -> (String, String) {
    if let Some(account) = text.strip_prefix("administrator of ") {
        return ("administrator".to_owned(), format!("account {account}"));
    }
    let (name, kind) = match Arn::parse(text) {
        Some(arn) if arn.resource == "root" => ("account", arn.account.to_owned()),
        Some(arn) if !arn.name().is_empty() && arn.account.is_empty() => {
            (arn.name(), arn.kind().to_owned())
        }
        Some(arn) if !arn.name().is_empty() => {
            (arn.name(), format!("{}, {}", arn.kind(), arn.account))
        }
        _ => match label(text) {
            Some((kind, name)) => (name, kind.to_owned()),
            None => (text, String::new()),
        },
    };
    (name.to_owned(), kind)
}

/// Names and kind of several.
fn together(members: &[&str]) -> (String, String) {
    let called: Vec<(String, String)> = members.iter().map(|text| called(text)).collect();
    let names: Vec<String> = called.iter().map(|(name, _)| name.clone()).collect();
    let is_user = |(_, kind): &(String, String)| kind.split(',').next() == Some("user");
    let noun = if called.iter().all(is_user) { "user" } else { "principal" };
    let all = names.join(", ");
    let name = if all.chars().count() <= NAME_CHARS_MAX { all } else { named(&names, 1) };
    (name, counted(members.len() as u64, noun))
}

/// An arrow from the right side of one box to the left side of another.
fn line(
    map: &Map<'_>,
    ((from, to), techniques): (&(usize, usize), &Vec<&str>),
    places: &[(usize, usize)],
) -> Option<Line> {
    let (start, end) = (places.get(*from)?, places.get(*to)?);
    let (x1, y1) = (start.0 + BOX_WIDTH, start.1 + BOX_HEIGHT / 2);
    let (x2, y2) = (end.0, end.1 + BOX_HEIGHT / 2);
    let (pull1, pull2) = if x2 > x1 {
        let pull = (x2 - x1) / 2;
        (x1 + pull, x2 - pull)
    } else {
        (x1 + GAP_X / 3, x2.saturating_sub(GAP_X / 3))
    };
    let first = techniques.first().copied().unwrap_or_default();
    let mut shown: Vec<String> = match calls(first) {
        Some(calls) => calls.iter().take(LABELS_MAX).map(|c| short(c, LABEL_CHARS_MAX)).collect(),
        None => vec![short(first, LABEL_CHARS_MAX)],
    };
    match techniques.len() {
        0 | 1 => {}
        2 => shown.push("or another way".to_owned()),
        many => shown.push(format!("or {} other ways", many - 1)),
    }
    let x = if x2 > x1 { (x1 + x2) / 2 } else { x1 };
    let y = ((y1 + y2) / 2).saturating_sub(5);
    let labels = shown.into_iter().rev().enumerate();
    let name_of = |at: usize| {
        let names: Vec<String> = map.boxes.get(at)?.iter().map(|text| name(text)).collect();
        Some(named(&names, NAMES_MAX))
    };
    let title = format!(
        "{} to {}: {}",
        name_of(*from)?,
        name_of(*to)?,
        techniques.iter().map(|one| way(one)).collect::<Vec<_>>().join(", or ")
    );
    Some(Line {
        class: String::new(),
        path: format!("M{x1} {y1}C{pull1} {y1} {pull2} {y2} {} {y2}", x2.saturating_sub(6)),
        head: Some(format!("M{x2} {y2}l-9 -4.5v9z")),
        texts: labels
            .map(|(row, text)| Text::one(x, y.saturating_sub(row * 14), "", text))
            .collect(),
        title: Some(title),
    })
}

fn words(paths: &[PathOpened]) -> String {
    let told = paths.iter().take(EDGES_MAX).map(|path| {
        format!("{} to {} by {}", name(&path.from), name(&path.to), way(&path.technique))
    });
    let rest = paths.len().saturating_sub(EDGES_MAX);
    let more = if rest > 0 { format!("; and {rest} more") } else { String::new() };
    format!("Ways that were opened: {}{more}", told.collect::<Vec<_>>().join("; "))
}

fn short(text: &str, chars_max: usize) -> String {
    escape::shorten(&visible(text), chars_max).into_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn path(from: &str, to: &str, technique: &str) -> PathOpened {
        let arn = |name: &str| format!("arn:aws:iam::111122223333:{name}");
        let conditions = Vec::new();
        PathOpened { technique: technique.to_owned(), from: arn(from), to: arn(to), conditions }
    }

    fn text(node: &Node, at: usize) -> &str {
        node.texts.get(at).map_or("", |text| &text.parts[0].1)
    }

    fn places(drawing: &Scene) -> Vec<(&str, usize, usize)> {
        let place = |node| match node {
            &Node { mark: Mark::Box(x, y, ..), .. } => (x, y),
            _ => panic!("all are boxes"),
        };
        drawing.nodes.iter().map(|node| (text(node, 0), place(node).0, place(node).1)).collect()
    }

    #[test]
    fn ways_run_from_left_to_right() {
        let drawing = super::of(&[
            path("user/deniz", "role/nightly", "pass-role-to-lambda"),
            path("user/emre", "role/nightly", "another-way"),
            path("role/nightly", "role/admin", "assume-role"),
        ])
        .unwrap();
        let right = MARGIN + BOX_WIDTH + GAP_X;
        let middle = MARGIN + (BOX_HEIGHT + GAP_Y) / 2;
        assert_eq!(
            places(&drawing),
            [
                ("deniz", MARGIN, MARGIN),
                ("nightly", right, middle),
                ("emre", MARGIN, MARGIN + BOX_HEIGHT + GAP_Y),
                ("admin", right + BOX_WIDTH + GAP_X, middle),
            ]
        );
        assert_eq!(drawing.width, Some(3 * BOX_WIDTH + 2 * GAP_X + 2 * MARGIN));
        let goals: Vec<bool> = drawing.nodes.iter().map(|node| node.class == "goal").collect();
        assert_eq!(goals, [false, false, false, true]);
        assert!(drawing.words.contains("deniz (user) to nightly (role) by pass-role-to-lambda"));
    }

    #[test]
    fn who_has_the_same_ways_shares_a_box() {
        let way = |from: &str, to: &str| path(from, to, "x-lambda-01");
        let drawing = super::of(&[
            way("user/deniz", "role/a"),
            way("user/deniz", "role/b"),
            way("user/emre", "role/b"),
            way("user/emre", "role/a"),
            way("user/kim", "role/a"),
        ])
        .unwrap();
        let told: Vec<(&str, &str)> =
            drawing.nodes.iter().map(|node| (text(node, 0), text(node, 1))).collect();
        assert_eq!(
            told,
            [
                ("deniz, emre", "2 users"),
                ("a", "role, 111122223333"),
                ("b", "role, 111122223333"),
                ("kim", "user, 111122223333"),
            ]
        );
        assert_eq!(drawing.lines.len(), 3);
    }

    #[test]
    fn several_techniques_share_an_arrow() {
        let ways: Vec<PathOpened> =
            (0..5).map(|number| path("user/a", "role/b", &format!("way-{number}"))).collect();
        let drawing = super::of(&ways).unwrap();
        let [edge] = drawing.lines.as_slice() else { panic!("one arrow") };
        let labels: Vec<&str> = edge.texts.iter().rev().map(|text| &*text.parts[0].1).collect();
        assert_eq!(labels, ["way-0", "or 4 other ways"]);
        let known = super::of(&[path("user/a", "role/b", "x-lambda-01")]).unwrap();
        let labels: Vec<&str> =
            known.lines[0].texts.iter().rev().map(|text| &*text.parts[0].1).collect();
        assert_eq!(labels, ["iam:PassRole", "lambda:CreateFunction"]);
    }

    #[test]
    fn circles_and_thickets_end() {
        let circle = [path("user/a", "user/b", "x"), path("user/b", "user/a", "y")];
        assert_eq!(super::of(&circle).unwrap().lines.len(), 2);
        let own = [path("user/a", "user/a", "x")];
        assert_eq!(super::of(&own).unwrap().nodes.len(), 1);
        let many = |to: fn(usize) -> usize| -> Vec<PathOpened> {
            let way = |at: usize| path(&format!("user/u{at}"), &format!("role/r{}", to(at)), "x");
            (0..500).map(way).collect()
        };
        let drawing = super::of(&many(|at| at)).unwrap();
        assert_eq!((drawing.lines.len(), drawing.nodes.len()), (EDGES_MAX, 2 * EDGES_MAX));
        assert!(drawing.words.ends_with("and 476 more"));
        let drawing = super::of(&many(|_| 0)).unwrap();
        let told = (text(&drawing.nodes[0], 0), text(&drawing.nodes[0], 1));
        assert_eq!((drawing.lines.len(), told), (1, ("u0 and 499 others", "500 users")));
        assert!(super::of(&[]).is_none());
    }
}
