//! What a grant works on, and when, in few words.

use super::super::area::Area;
use super::super::areas::Areas;
use super::super::clause::Conditions;
use super::super::condition::Predicate;
use super::super::glob::{Glob, Token};
use super::super::relevance::{is_inside_a_bucket, is_open, meets, type_prefix};
use super::super::text::visible;
use super::View;
use super::phrases::service_name;
use super::written;
use crate::facts::Action;

/// Names written out; the rest is counted.
pub(super) const NAMES_MAX: usize = 2;

/// The areas that hold something the action works on; all when none does, to say what is written.
pub(super) fn met<'a>(areas: &'a Areas, action: &Action) -> Vec<&'a Area> {
    let met: Vec<&Area> = areas.iter().filter(|area| meets(area, action)).collect();
    if met.is_empty() { areas.iter().collect() } else { met }
}

/// `any role`, `role `x``, `roles `x` and `y``, `5 roles (`x`, `y`, ...)`; of a resource where `*` stands
/// for the one thing that carries the policy: `this role`.
pub(super) fn things(areas: &Areas, action: &Action, noun: &str, view: View<'_>) -> String {
    let met = met(areas, action);
    if let Some(open) = met.iter().find(|area| is_open(area, action)) {
        if view.is_of_resource && open.within().iter().all(Glob::is_any) {
            return format!("this {noun}{}", except(open, action));
        }
        return format!("any {noun}{}{}", account(open), except(open, action));
    }
    let named = |area: &&Area| {
        format!("{}{}{}", name(area, action), abroad(area, view.home), except(area, action))
    };
    let mut names: Vec<String> = met.iter().map(named).collect();
    names.sort();
    names.dedup();
    let names: Vec<&str> = names.iter().map(String::as_str).collect();
    counted(noun_of(&met, action).unwrap_or(noun), &names)
}

/// What an action of several kinds of resource is done to, where it is none of the usual kind: commands
/// are run on instances, by a document, and leave what they say in a bucket.
///
/// Source: Service Authorization Reference, "AWS Systems Manager".
fn noun_of(met: &[&Area], action: &Action) -> Option<&'static str> {
    if !["ssm:SendCommand", "ssm:StartSession"].contains(&action.full_name()) {
        return None;
    }
    let is_bucket = |area: &&&Area| {
        area.within().iter().any(|glob| glob.arn_service().as_deref() == Some("s3"))
    };
    let is_document = |area: &&&Area| type_prefix(area, action) == "document/";
    match met.len() {
        0 => None,
        all if met.iter().filter(is_document).count() == all => Some("document"),
        all if met.iter().filter(is_bucket).count() == all => Some("bucket"),
        _ => None,
    }
}

/// `role `x``, `roles `x` and `y``, `5 roles (`x`, `y`, ...)`.
pub(super) fn counted(noun: &str, names: &[&str]) -> String {
    match names {
        [one] if one.starts_with(BELOW) => format!("{} {one}", plural(noun)),
        [one] => format!("{noun} {one}"),
        [one, two] => format!("{} {one} and {two}", plural(noun)),
        many => {
            let shown = many.iter().take(NAMES_MAX).copied().collect::<Vec<_>>().join(", ");
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
pub(super) fn account(area: &Area) -> String {
    let mut accounts = area.within().iter().filter_map(|glob| glob.arn_part(4)?.as_literal());
    accounts
        .find(|account| !account.is_empty())
        .map_or_else(String::new, |account| format!(" of account `{}`", visible(&account)))
}

/// ` of account `1``, of what is not of the account from which it is told.
fn abroad(area: &Area, home: Option<&str>) -> String {
    match home.is_some_and(|home| area.names_another(home)) {
        true => account(area),
        false => String::new(),
    }
}

/// In front of a path that stands for all below it.
const BELOW: &str = "below ";

/// The name within its type: `app` for `arn:aws:iam::1:role/app`, `b` for `arn:aws:s3:::b/*`,
/// ``below `a/``` for `arn:aws:iam::1:role/a/*`.
fn name(area: &Area, action: &Action) -> String {
    let prefix = type_prefix(area, action);
    let longest = area.within().iter().max_by_key(|glob| glob.tokens().len());
    let Some(glob) = longest else {
        return String::new();
    };
    let Some(resource) = glob.arn_part(5) else {
        return written::quoted(glob);
    };
    let mut tokens = resource.tokens();
    let is_prefixed = resource.start().starts_with(&prefix);
    tokens = match is_prefixed {
        true => tokens.get(prefix.chars().count()..).unwrap_or_default(),
        false => tokens,
    };
    if let [start @ .., Token::Char('/'), Token::Many] = tokens {
        // What lies below a table is part of it; below a path are others.
        let is_path = !["", "table/"].contains(&prefix.as_str()) && prefix.ends_with('/');
        if is_path && is_prefixed && !start.is_empty() {
            let below = tokens.get(..tokens.len() - 1).unwrap_or_default();
            return format!("{BELOW}{}", written::quote(below));
        }
        tokens = start;
    }
    if tokens.is_empty() { written::quoted(glob) } else { written::quote(tokens) }
}

fn except(area: &Area, action: &Action) -> String {
    let excluded: Vec<String> = area
        .except()
        .iter()
        .filter_map(|glob| Area::of(glob.clone(), Vec::new()))
        .filter(|area| meets(area, action) && !is_inside_a_bucket(area, action))
        .map(|area| name(&area, action))
        .collect();
    excepted(&excluded)
}

/// ` except `x``, counted where there are many; empty without any.
pub(super) fn excepted(excluded: &[String]) -> String {
    match excluded {
        [] => String::new(),
        [one] => format!(" except {one}"),
        [one, two] => format!(" except {one} and {two}"),
        [one, ..] => format!(" except {one} and {} more", excluded.len() - 1),
    }
}

/// ` on ...`, for a group of actions of one service or several; empty for everything.
pub(super) fn places(areas: &Areas, is_own: bool) -> String {
    if areas.is_any() {
        return if is_own { " on this resource".to_owned() } else { String::new() };
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
    written::area(area, NAMES_MAX)
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
