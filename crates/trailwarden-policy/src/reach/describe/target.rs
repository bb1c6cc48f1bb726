//! What a grant works on, and when, in few words.

use super::super::area::Area;
use super::super::areas::Areas;
use super::super::clause::Conditions;
use super::super::condition::Predicate;
use super::super::relevance::{is_open, meets, type_prefix};
use super::super::text::visible;
use super::phrases::service_name;
use crate::facts::Action;

/// Names written out; the rest is counted.
const NAMES_MAX: usize = 2;

/// `any role`, `role `x``, `roles `x` and `y``, `5 roles (`x`, `y`, ...)`.
pub(super) fn things(areas: &Areas, action: &Action, noun: &str) -> String {
    let met: Vec<&Area> = areas.iter().filter(|area| meets(area, action)).collect();
    // Nothing that fits: say what is written.
    let met = if met.is_empty() { areas.iter().collect() } else { met };
    if let Some(open) = met.iter().find(|area| is_open(area, action)) {
        return format!("any {noun}{}{}", account(open), except(open, action));
    }
    let mut names: Vec<String> =
        met.iter().map(|area| format!("{}{}", name(area, action), except(area, action))).collect();
    names.sort();
    names.dedup();
    match names.as_slice() {
        [one] => format!("{noun} {one}"),
        [one, two] => format!("{} {one} and {two}", plural(noun)),
        many => {
            let shown = many.iter().take(NAMES_MAX).cloned().collect::<Vec<_>>().join(", ");
            format!("{} {} ({shown}, ...)", many.len(), plural(noun))
        }
    }
}

fn plural(noun: &str) -> String {
    match noun.strip_suffix('y') {
        Some(stem) if !stem.ends_with('e') => format!("{stem}ies"),
        _ => format!("{noun}s"),
    }
}

/// ` of account `1``, when the pattern is open but within one.
fn account(area: &Area) -> String {
    let mut accounts = area.within().iter().filter_map(|glob| glob.arn_part(4)?.as_literal());
    accounts
        .find(|account| !account.is_empty())
        .map_or_else(String::new, |account| format!(" of account `{}`", visible(&account)))
}

/// The name within its type: `app` for `arn:aws:iam::1:role/app`, `b` for `arn:aws:s3:::b/*`.
fn name(area: &Area, action: &Action) -> String {
    let prefix = type_prefix(area, action);
    let longest = area.within().iter().max_by_key(|glob| glob.tokens().len());
    let Some(glob) = longest else {
        return String::new();
    };
    let Some(resource) = glob.arn_part(5) else {
        return format!("`{glob}`");
    };
    let text = resource.to_string();
    let short = text.strip_prefix(prefix.as_str()).unwrap_or(&text);
    let short = short.strip_suffix("/*").unwrap_or(short);
    if short.is_empty() { format!("`{glob}`") } else { format!("`{short}`") }
}

fn except(area: &Area, action: &Action) -> String {
    let excluded: Vec<String> = area
        .except()
        .iter()
        .filter_map(|glob| Area::of(glob.clone(), Vec::new()))
        .filter(|area| meets(area, action))
        .map(|area| name(&area, action))
        .collect();
    match excluded.as_slice() {
        [] => String::new(),
        [one] => format!(" except {one}"),
        [one, two] => format!(" except {one} and {two}"),
        [one, ..] => format!(" except {one} and {} more", excluded.len() - 1),
    }
}

/// ` on ...`, for a group of actions of one service or several; empty for everything.
pub(super) fn places(areas: &Areas) -> String {
    if areas.is_any() {
        return String::new();
    }
    let mut names: Vec<String> = areas.iter().map(brief).collect();
    names.sort();
    let shown = names.iter().take(NAMES_MAX).cloned().collect::<Vec<_>>().join(", ");
    match names.len().checked_sub(NAMES_MAX) {
        Some(more) if more > 0 => format!(" on {shown} and {more} more"),
        _ => format!(" on {shown}"),
    }
}

/// The patterns, of exclusions the first two.
pub(super) fn brief(area: &Area) -> String {
    let within: Vec<String> = area.within().iter().map(|glob| format!("`{glob}`")).collect();
    let except: Vec<String> =
        area.except().iter().take(NAMES_MAX).map(|glob| format!("`{glob}`")).collect();
    let within = within.join(" within ");
    match area.except().len().checked_sub(NAMES_MAX) {
        _ if except.is_empty() => within,
        Some(more) if more > 0 => format!("{within} except {} and {more} more", except.join(", ")),
        _ => format!("{within} except {}", except.join(", ")),
    }
}

/// `, where ...` and `, unless ...`; empty without conditions.
pub(super) fn when(conditions: &Conditions, said: &[&Predicate]) -> String {
    let mut text = String::new();
    let asked: Vec<&Predicate> =
        conditions.all().iter().filter(|one| !said.contains(one)).collect();
    if !asked.is_empty() {
        text.push_str(", where ");
        text.push_str(&joined(asked.into_iter()));
    }
    for (at, group) in conditions.unless().iter().enumerate() {
        if at == CONDITIONS_MAX {
            text.push_str(", with more exceptions");
            break;
        }
        text.push_str(", unless ");
        text.push_str(&joined(group.iter()));
    }
    text
}

const CONDITIONS_MAX: usize = 2;

fn joined<'a>(predicates: impl ExactSizeIterator<Item = &'a Predicate>) -> String {
    let count = predicates.len();
    let mut texts: Vec<String> = predicates.take(CONDITIONS_MAX).map(ToString::to_string).collect();
    match count.checked_sub(CONDITIONS_MAX) {
        Some(1) => texts.push("one more condition holds".to_owned()),
        Some(more) if more > 0 => texts.push(format!("{more} more conditions hold")),
        _ => {}
    }
    texts.join(" and ")
}

/// ` to Lambda`, and the conditions that say so.
pub(super) fn passed_to(conditions: &Conditions) -> (String, Vec<&Predicate>) {
    let limits: Vec<&Predicate> =
        conditions.all().iter().filter(|one| one.key() == "iam:passedtoservice").collect();
    let names = |predicate: &&&Predicate| {
        let values = predicate.values().iter();
        values.map(|value| service_name(value)).collect::<Option<Vec<_>>>()
    };
    match limits.as_slice() {
        [] => (" to any service".to_owned(), Vec::new()),
        [one] if one.is_plain_choice() => match names(&one) {
            Some(names) if names.len() <= 3 => (format!(" to {}", names.join(" or ")), limits),
            _ => (String::new(), Vec::new()),
        },
        _ => (String::new(), Vec::new()),
    }
}
