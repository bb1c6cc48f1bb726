//! What somebody may do, in one line: the first of all lines, and what was there instead.

/// What begins the condition of a line.
const WHERE: &str = ", where ";
const UNLESS: &str = ", unless ";

/// The first line behind "may", and how many more there are that it does not cover.
pub(super) fn some(lines: &[String], without: &str) -> String {
    match lines {
        [] => without.to_owned(),
        [first, rest @ ..] => with_rest(first, rest.len()),
    }
}

fn with_rest(first: &str, rest: usize) -> String {
    let words = match first.starts_with("full control") {
        true => format!("have {first}"),
        false if first.starts_with("actions that") => format!("call {first}"),
        false => first.to_owned(),
    };
    format!("{words}{}", more(first, rest))
}

/// How many more there are: ` and 3 more`; behind a condition, to which they do not belong, as things.
fn more(line: &str, rest: usize) -> String {
    let is_conditional = [WHERE, UNLESS].iter().any(|start| line.contains(start));
    match rest {
        0 => String::new(),
        _ if covers_all(line) => String::new(),
        1 if is_conditional => ", and one thing more".to_owned(),
        more if is_conditional => format!(", and {more} things more"),
        more => format!(" and {more} more"),
    }
}

/// What was gained behind "may now", and what was lost instead of it, in the words that differ.
pub(super) fn instead(gained: &[String], lost: &[String]) -> String {
    let what = some(gained, "do more");
    let (Some(first), Some(other)) = (gained.first(), lost.first()) else { return what };
    if let Some((action, [now, before])) = other_conditions(first, other) {
        let rest = more(first, gained.len().saturating_sub(1));
        return format!("{}, {now}, no longer {before}{rest}", with_rest(action, 0));
    }
    let less = differing(first, other).unwrap_or_else(|| some(lost, "do as much"));
    format!("{what}, no longer {less}")
}

/// Whether a line stands for all that follow.
fn covers_all(line: &str) -> bool {
    let exceptions = [
        "do everything but ",
        "do everything, but ",
        "do nearly everything but ",
        "do nearly everything, but ",
    ];
    is_everything(line) || exceptions.iter().any(|start| line.starts_with(start))
}

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
