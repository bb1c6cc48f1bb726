//! What somebody may do, in one line: the first of all lines, and what was there instead.

use crate::effect::Exceptions;

/// What begins the condition of a line.
const WHERE: &str = ", where ";
const UNLESS: &str = ", unless ";

/// The first line behind "may", and how many more there are that it does not cover.
pub(super) fn some(lines: &[String], without: &str) -> String {
    match lines {
        [] => without.to_owned(),
        [first, rest @ ..] => format!("{}{}", verb(first), more(first, rest)),
    }
}

/// The same behind "may no longer": of everything nothing is left, of nearly everything nothing but what
/// it leaves out.
pub(super) fn lost(lines: &[String]) -> String {
    let text = some(lines, "do as much");
    let (bare, condition) = text.split_at(text.find(WHERE).unwrap_or(text.len()));
    match bare {
        "do everything" => format!("do anything{condition}"),
        "do nearly everything" => format!("do most things{condition}"),
        _ => outside(&text).or_else(|| within(&text)).unwrap_or(text),
    }
}

/// `do anything in IAM except iam:GetUser` for `have full control of IAM except iam:GetUser`.
fn within(text: &str) -> Option<String> {
    let place = text.strip_prefix("have full control of ")?;
    place.contains(" except ").then(|| format!("do anything in {place}"))
}

/// `do anything outside S3` for `do everything but S3`.
fn outside(text: &str) -> Option<String> {
    let start = EXCEPTIONS.iter().find(|start| text.starts_with(**start))?;
    let left = text.get(start.len()..)?;
    let anything = if start.contains("nearly") { "do nearly anything" } else { "do anything" };
    let left = match left.strip_prefix("not all of ") {
        Some(partly) => format!("parts of {partly}"),
        None => left.replacen(", and not all of ", " and parts of ", 1),
    };
    Some(format!("{anything} outside {left}"))
}

/// A line behind "may".
fn verb(line: &str) -> String {
    match line.starts_with("full control") {
        true => format!("have {line}"),
        false if line.starts_with("actions that") => format!("call {line}"),
        false => line.to_owned(),
    }
}

/// How many more there are: ` and 3 more`; behind a condition, to which they do not belong, as things.
fn more(line: &str, rest: &[String]) -> String {
    let is_conditional = [WHERE, UNLESS].iter().any(|start| line.contains(start));
    match rest.len() {
        0 => String::new(),
        _ if covers_all(line, rest) => String::new(),
        1 if is_conditional => ", and one thing more".to_owned(),
        more if is_conditional => format!(", and {more} things more"),
        more => format!(" and {more} more"),
    }
}

/// What was gained behind "may now", and what was lost instead of it, in the words that differ.
pub(super) fn instead((gained, lost): (&[String], &[String]), exceptions: Exceptions) -> String {
    let what = before_only(gained, exceptions).unwrap_or_else(|| some(gained, "do more"));
    let (Some(first), Some(other)) = (gained.first(), lost.first()) else { return what };
    if let Some((action, [now, before])) = other_conditions(first, other) {
        let rest = more(first, gained.get(1..).unwrap_or_default());
        return format!("{}, {now}, no longer {before}{rest}", verb(action));
    }
    if let Some(left) = only_where(lost, exceptions) {
        return format!("{what}, and {left}");
    }
    let less = differing(first, other).or_else(|| everything_else(other));
    let less = less.unwrap_or_else(|| some(lost, "do as much"));
    format!("{what}, no longer {less}")
}

/// The first of what was gained, where it was allowed under a condition before: that is told as such,
/// for that it holds "unless" that one does is no condition of it.
fn before_only(gained: &[String], exceptions: Exceptions) -> Option<String> {
    let (first, rest) = gained.split_first().filter(|_| exceptions.of_before)?;
    let (now, before) = first.split_once(UNLESS).filter(|(_, before)| !before.contains(UNLESS))?;
    Some(format!("{}, before only where {before}{}", verb(now), more(first, rest)))
}

/// What is left of the first line of what was lost, where it is allowed under a condition still: such
/// as `read any secret only where ...`.
pub(super) fn only_where(lost: &[String], exceptions: Exceptions) -> Option<String> {
    let (first, rest) = lost.split_first().filter(|_| exceptions.of_after)?;
    let (was, left) = first.split_once(UNLESS).filter(|(_, left)| !left.contains(UNLESS))?;
    let is_like = |other: &String| other.split_once(UNLESS).is_some_and(|(_, its)| its == left);
    let less = match rest.len() {
        0 => String::new(),
        _ if covers_all(first, rest) => String::new(),
        more if rest.iter().all(is_like) => {
            return Some(format!("{} and {more} more only where {left}", verb(was)));
        }
        1 => ", and one thing less".to_owned(),
        less => format!(", and {less} things less"),
    };
    Some(format!("{} only where {left}{less}", verb(was)))
}

/// Nearly everything that was lost beside what was gained: what it leaves out is what was gained.
fn everything_else(lost: &str) -> Option<String> {
    let is_it = EXCEPTIONS.iter().any(|start| lost.starts_with(start));
    let condition = lost.find(WHERE).and_then(|at| lost.get(at..)).unwrap_or_default();
    is_it.then(|| format!("do everything else{condition}"))
}

/// Whether a line stands for all that follow: everything, if need be on a condition that all have.
fn covers_all(line: &str, rest: &[String]) -> bool {
    let (bare, condition) = line.split_at(line.find(WHERE).unwrap_or(line.len()));
    let is_all = is_everything(bare) || EXCEPTIONS.iter().any(|start| line.starts_with(start));
    // The last line may count what has no line of its own.
    let is_like = |other: &String| other.ends_with(condition) || other.contains(" more actions: ");
    is_all && rest.iter().all(is_like)
}

/// How lines begin that leave out something of everything.
const EXCEPTIONS: [&str; 4] = [
    "do everything but ",
    "do everything, but ",
    "do nearly everything but ",
    "do nearly everything, but ",
];

pub(super) fn is_everything(line: &str) -> bool {
    line == "do everything" || line == "do nearly everything"
}

/// The same action under two conditions: the action, and both. That one holds "unless" the other does
/// goes without saying, for what is allowed under both was neither gained nor lost.
fn other_conditions<'l>(one: &'l str, other: &'l str) -> Option<(&'l str, [&'l str; 2])> {
    let parts = |line: &'l str| {
        let (action, condition) = line.split_at(line.find(WHERE)?);
        let condition = condition.get(", ".len()..)?;
        Some((action, condition.split_once(UNLESS)?))
    };
    let (action, (now, but)) = parts(one)?;
    let (same, (before, not)) = parts(other)?;
    let is = |condition: &str, text: &str| condition.strip_prefix("where ") == Some(text);
    (action == same && is(before, but) && is(now, not)).then_some((action, [now, before]))
}

/// Where two lines say the same of two places, the second place: `below `b/`` of
/// `write objects below `b/` in bucket `c`` beside one about `a/`.
fn differing(one: &str, other: &str) -> Option<String> {
    let (a, b): (Vec<&str>, Vec<&str>) = (one.split(' ').collect(), other.split(' ').collect());
    if a.len() != b.len() {
        return None;
    }
    let mut at = a.iter().zip(&b).enumerate().filter(|(_, (x, y))| x != y).map(|(at, _)| at);
    let (place, None) = (at.next()?, at.next()) else { return None };
    // A word that leads to the place belongs to it.
    let from = place.checked_sub(1).filter(|from| *from > 0)?;
    Some(b.get(from..=place)?.join(" "))
}

#[cfg(test)]
mod tests {
    use super::lost;

    #[test]
    fn of_everything_but_something_that_is_left() {
        for (line, told) in [
            ("do everything but S3", "do anything outside S3"),
            ("do everything, but not all of S3", "do anything outside parts of S3"),
            ("do everything but IAM, and not all of S3", "do anything outside IAM and parts of S3"),
            (
                "do nearly everything but IAM, S3 and 3 more",
                "do nearly anything outside IAM, S3 and 3 more",
            ),
            (
                "do everything but S3, where MFA is absent",
                "do anything outside S3, where MFA is absent",
            ),
            ("do everything", "do anything"),
            ("do nearly everything", "do most things"),
            ("do everything, where MFA is absent", "do anything, where MFA is absent"),
            ("full control of S3", "have full control of S3"),
            ("full control of S3 except s3:GetObject", "do anything in S3 except s3:GetObject"),
        ] {
            assert_eq!(lost(&[line.to_owned()]), told);
        }
    }
}
