//! What a change does to permissions, in lines: the same words in every format.
//!
//! Everything that comes out of here has been through [`escape::visible`]; what a format must escape
//! on top of that, it does itself.

use std::collections::BTreeMap;

use trailwarden_account::techniques;
use trailwarden_model::finding::{Effect, PathOpened, PrincipalEffect};
use trailwarden_model::{Arn, Outcome, escape};

use super::text::count;

/// How much of an effect is told.
#[derive(Clone, Copy)]
pub(super) struct Bounds {
    /// Principals.
    pub(super) principals: usize,
    /// Things gained, and things lost, of each.
    pub(super) permissions: usize,
    /// Paths.
    pub(super) paths: usize,
    /// Whether principals are called by their whole ARN, each for itself; else those with the same
    /// fate share a line.
    pub(super) whole_names: bool,
}

impl Bounds {
    /// For a screen.
    pub(super) const BRIEF: Self =
        Self { principals: 5, permissions: 4, paths: 4, whole_names: false };
    /// For a program's field or a ticket.
    pub(super) const LONG: Self =
        Self { principals: 100, permissions: 50, paths: 100, whole_names: true };
    /// Everything, for a person.
    pub(super) const FULL: Self = Self {
        principals: usize::MAX,
        permissions: usize::MAX,
        paths: usize::MAX,
        whole_names: false,
    };
}

/// One line of an effect.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(super) enum Line {
    /// `deniz (user): read -> privesc`.
    Principal(String),
    /// What the principal above may do now.
    Gained(String),
    /// What the principal above may no longer do.
    Lost(String),
    /// More of the lines above, which are not shown.
    More(String),
    /// A path.
    Opens(String),
    /// What could not be known.
    Unknown(String),
}

impl Line {
    /// The line as plain text; what belongs to a principal is indented.
    pub(super) fn plain(&self) -> String {
        match self {
            Self::Principal(text) => text.clone(),
            Self::Gained(text) => format!("  + {text}"),
            Self::Lost(text) => format!("  - {text}"),
            Self::More(text) => format!("  {text}"),
            Self::Opens(text) => format!("opens a way: {text}"),
            Self::Unknown(text) => format!("not known: {text}"),
        }
    }
}

/// What the lines of an effect are about: a change, or an attempt at one.
pub(super) fn title(outcome: Option<Outcome>) -> &'static str {
    match outcome {
        Some(Outcome::Denied | Outcome::Failed) => "effect, had it succeeded",
        Some(Outcome::Succeeded) | None => "effect",
    }
}

/// The effect, a line for each principal, thing gained or lost, path and unknown.
pub(super) fn lines(effect: &Effect, bounds: Bounds) -> Vec<Line> {
    let mut lines = Vec::new();
    let groups = match bounds.whole_names {
        true => effect.principals.iter().map(|one| vec![one]).collect(),
        false => alike(&effect.principals),
    };
    for group in groups.iter().take(bounds.principals) {
        let Some(one) = group.first() else { continue };
        let names: Vec<String> = match bounds.whole_names {
            true => vec![visible(&one.arn)],
            false => group.iter().map(|one| name(&one.arn)).collect(),
        };
        let who = named(&names, bounds.principals);
        lines.push(Line::Principal(format!("{who}: {}", grades(one))));
        some(&mut lines, &one.gained, bounds.permissions, Line::Gained);
        some(&mut lines, &one.lost, bounds.permissions, Line::Lost);
    }
    let rest = groups.iter().skip(bounds.principals).map(Vec::len).sum::<usize>();
    more(&mut lines, rest, 0, "and {} more principals");
    let ways = ways(&effect.paths_opened, bounds);
    lines.extend(ways.iter().take(bounds.paths).cloned().map(Line::Opens));
    more(&mut lines, ways.len(), bounds.paths, "and {} more ways");
    lines.extend(effect.unknowns.iter().map(|unknown| Line::Unknown(visible(unknown))));
    lines
}

/// `deniz (user) -> nightly (role) by iam:PassRole + lambda:CreateFunction`, a line for each way; for
/// people, those who have the same way to the same place share one.
fn ways(paths: &[PathOpened], bounds: Bounds) -> Vec<String> {
    if bounds.whole_names {
        let told = |path: &PathOpened| {
            let (from, to) = (visible(&path.from), visible(&path.to));
            let (calls, id) = (way(&path.technique), visible(&path.technique));
            format!("{from} -> {to} by {calls} ({id}){}", provided(&path.conditions))
        };
        return paths.iter().map(told).collect();
    }
    let mut groups: Vec<(&PathOpened, Vec<String>)> = Vec::new();
    let mut places = BTreeMap::new();
    for path in paths {
        let kind = (&path.technique, &path.to, &path.conditions);
        let place = *places.entry(kind).or_insert(groups.len());
        match groups.get_mut(place) {
            Some((_, from)) => from.push(name(&path.from)),
            None => groups.push((path, vec![name(&path.from)])),
        }
    }
    let told = |(path, from): (&PathOpened, Vec<String>)| {
        let (from, to) = (named(&from, bounds.principals), name(&path.to));
        format!("{from} -> {to} by {}{}", way(&path.technique), provided(&path.conditions))
    };
    groups.into_iter().map(told).collect()
}

/// `, if …`: what a way depends on.
pub(super) fn provided(conditions: &[String]) -> String {
    match conditions {
        [] => String::new(),
        [one] => format!(", if {}", visible(one)),
        [one, rest @ ..] => format!(", if {} and {} more", visible(one), rest.len()),
    }
}

/// What a technique does: its calls, else its id.
pub(super) fn way(technique: &str) -> String {
    calls(technique).map_or_else(|| visible(technique), |calls| calls.join(" + "))
}

/// The calls of a technique that is known.
pub(super) fn calls(technique: &str) -> Option<&'static [&'static str]> {
    Some(techniques::find(technique)?.actions).filter(|calls| !calls.is_empty())
}

/// Principals that gained and lost the same, from the same grade to the same, in the order of the
/// first of each group.
pub(super) fn alike(principals: &[PrincipalEffect]) -> Vec<Vec<&PrincipalEffect>> {
    let mut groups: Vec<Vec<&PrincipalEffect>> = Vec::new();
    let mut places = BTreeMap::new();
    for one in principals {
        let fate = (&one.grade_before, &one.grade_after, &one.gained, &one.lost);
        let place = *places.entry(fate).or_insert(groups.len());
        match groups.get_mut(place) {
            Some(group) => group.push(one),
            None => groups.push(vec![one]),
        }
    }
    groups
}

/// `deniz (user), emre (user) and 7 others`.
pub(super) fn named(names: &[String], shown_max: usize) -> String {
    let rest = names.len().saturating_sub(shown_max) as u64;
    let shown: Vec<&str> = names.iter().take(shown_max).map(String::as_str).collect();
    match rest {
        0 => shown.join(", "),
        1 => format!("{} and 1 other", shown.join(", ")),
        _ => format!("{} and {} others", shown.join(", "), count(rest)),
    }
}

fn some(lines: &mut Vec<Line>, texts: &[String], shown_max: usize, line: fn(String) -> Line) {
    lines.extend(texts.iter().take(shown_max).map(|text| line(visible(text))));
    more(lines, texts.len(), shown_max, "and {} more");
}

fn more(lines: &mut Vec<Line>, total: usize, shown_max: usize, words: &str) {
    let rest = total.saturating_sub(shown_max) as u64;
    if rest > 0 {
        lines.push(Line::More(words.replace("{}", &count(rest))));
    }
}

/// `read -> privesc`; a grade that stayed is said once.
pub(super) fn grades(principal: &PrincipalEffect) -> String {
    let (before, after) = (visible(&principal.grade_before), visible(&principal.grade_after));
    if before == after { format!("{after}, as before") } else { format!("{before} -> {after}") }
}

/// What a principal is called: `deniz (user)` for an ARN, else the text as it is.
pub(super) fn name(text: &str) -> String {
    match Arn::parse(text) {
        Some(arn) if arn.resource == "root" => format!("account {}", visible(arn.account)),
        Some(arn) if !arn.name().is_empty() && arn.name() != arn.kind() => {
            format!("{} ({})", visible(arn.name()), visible(&arn.kind().replace('-', " ")))
        }
        Some(_) => visible(text),
        None => match label(text) {
            Some((kind, name)) => format!("{} ({kind})", visible(name)),
            None => visible(text),
        },
    }
}

/// The kind and name in `user/bob`.
pub(super) fn label(text: &str) -> Option<(&str, &str)> {
    const KINDS: [&str; 4] = ["group", "policy", "role", "user"];
    text.split_once('/').filter(|(kind, name)| KINDS.contains(kind) && !name.is_empty())
}

pub(super) fn visible(text: &str) -> String {
    escape::visible(text).into_owned()
}

#[cfg(test)]
mod tests {
    use trailwarden_model::finding::Reach;

    use super::*;

    fn effect() -> Effect {
        let principal = |name: &str| PrincipalEffect {
            arn: format!("arn:aws:iam::111122223333:user/team/{name}"),
            grade_before: "read".to_owned(),
            grade_after: "privesc".to_owned(),
            gained: (0..6).map(|number| format!("do thing {number}")).collect(),
            lost: vec!["read\u{1b}[31m".to_owned()],
            capped_by: Vec::new(),
        };
        let path = |technique: &str, name: &str| PathOpened {
            technique: technique.to_owned(),
            from: format!("arn:aws:iam::111122223333:user/team/{name}"),
            to: "an administrator".to_owned(),
            conditions: Vec::new(),
        };
        Effect {
            principals: (0..7).map(|number| principal(&format!("user{number}"))).collect(),
            paths_opened: vec![
                path("x-lambda-01", "user0"),
                path("x-lambda-01", "user1"),
                path("another-way", "user0"),
            ],
            reach: Reach { principals: 7, accounts: 1 },
            unknowns: vec!["whether an SCP denies it".to_owned()],
        }
    }

    #[test]
    fn a_screen_gets_the_beginning_and_the_number_of_the_rest() {
        let mut effect = effect();
        effect.principals[1].grade_after = "admin".to_owned();
        let all: Vec<String> = lines(&effect, Bounds::BRIEF).iter().map(Line::plain).collect();
        assert_eq!(
            all,
            [
                "user0 (user), user2 (user), user3 (user), user4 (user), user5 (user) and 1 other: \
                 read -> privesc",
                "  + do thing 0",
                "  + do thing 1",
                "  + do thing 2",
                "  + do thing 3",
                "  and 2 more",
                "  - read\\u{1b}[31m",
                "user1 (user): read -> admin",
                "  + do thing 0",
                "  + do thing 1",
                "  + do thing 2",
                "  + do thing 3",
                "  and 2 more",
                "  - read\\u{1b}[31m",
                "opens a way: user0 (user), user1 (user) -> an administrator by \
                 iam:PassRole + lambda:CreateFunction",
                "opens a way: user0 (user) -> an administrator by another-way",
                "not known: whether an SCP denies it",
            ]
        );
        assert_eq!(lines(&effect, Bounds::FULL).len(), 2 * 8 + 3);
    }

    #[test]
    fn machines_get_each_principal_by_its_arn() {
        let all = lines(&effect(), Bounds::LONG);
        assert_eq!(all.len(), 7 * 8 + 4);
        let arn = "arn:aws:iam::111122223333:user/team/user6: read -> privesc";
        assert!(all.contains(&Line::Principal(arn.to_owned())));
        let few = Bounds { principals: 2, permissions: 0, ..Bounds::LONG };
        let all: Vec<String> = lines(&effect(), few).iter().map(Line::plain).collect();
        assert_eq!(all[6], "  and 5 more principals", "{all:?}");
    }

    #[test]
    fn a_grade_that_stayed_is_said_once() {
        let mut one = effect().principals.remove(0);
        one.grade_after.clone_from(&one.grade_before);
        assert_eq!(grades(&one), "read, as before");
    }

    #[test]
    fn arns_have_short_names() {
        assert_eq!(name("arn:aws:iam::111122223333:role/ops/deploy"), "deploy (role)");
        assert_eq!(name("arn:aws:iam::111122223333:root"), "account 111122223333");
        assert_eq!(name("anybody"), "anybody");
        assert_eq!(name("user/bob"), "bob (user)");
    }
}
