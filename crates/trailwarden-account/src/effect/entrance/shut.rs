//! What was shut, in sentences: who may no longer enter a role, or not always.

use super::named::{Named, condition, names};
use super::words::{asked_of, of_all, together};
use super::{Entrance, Entrant};
use crate::effect::words::{people, plain};
use crate::graph::is_unseen;

/// What begins that nothing that was seen lets somebody in any more.
const NO_LEAVE: &str = "no policy of ";

impl Entrance {
    /// Of everybody but some who were let in: who is left out besides now, where that is all.
    fn excepted(&self) -> Option<String> {
        let [left] = self.instead_of.as_slice() else { return None };
        let was = &self.grant;
        let is_all = left.who == was.who && left.conditions == was.conditions;
        let new = left.but.iter().filter(|who| !was.but.contains(who));
        let new = names(new, self.account);
        (is_all && !new.is_empty()).then(|| people(new))
    }
}

/// Who may no longer enter, or not always, and who that is no gain for came in instead: the widest of all
/// that are shut wholly, before what is shut at times. Others are counted.
pub(in crate::effect) fn shut(shut: &[&Entrance], came: Vec<String>) -> Option<String> {
    let rank =
        |one: &&&Entrance| (!one.instead_of.is_empty(), !one.is_gain(), asked_before(one).len());
    let first = *shut.iter().min_by_key(rank)?;
    let is_like = |other: &&Entrance| {
        other.role == first.role && other.instead_of.is_empty() == first.instead_of.is_empty()
    };
    let same = match first.instead_of.is_empty() {
        true => together(first, shut.iter().copied().filter(is_like), asked_before),
        false => shut.iter().copied().filter(|one| is_narrowed_alike(first, one)).collect(),
    };
    let mut text = closed(first, &same);
    if !came.is_empty() {
        text.push_str(&format!("; {} may now", people(came)));
    }
    let is_told = |one: &&Entrance| same.iter().any(|told| std::ptr::eq(*told, *one));
    let others: Vec<&Entrance> = shut.iter().copied().filter(|one| !is_told(one)).collect();
    let narrowed = others.iter().filter(|one| !one.instead_of.is_empty()).count();
    let (closes, close) = match narrowed {
        0 => ("closes", "close"),
        some if some == others.len() => ("narrows", "narrow"),
        _ => ("", "close or narrow"),
    };
    match others.len() {
        0 => {}
        1 => text.push_str(&format!("; one more way in {closes}")),
        many => text.push_str(&format!("; {many} more ways in {close}")),
    }
    Some(text)
}

/// What is shut to the first of these, and wholly to all of them.
fn closed(first: &Entrance, same: &[&Entrance]) -> String {
    let role = plain(&first.label);
    if let Some(who) = first.excepted() {
        return format!("{who} may no longer enter {role}{}", condition(&first.named().asked));
    }
    if let Some((was, left)) = first.others() {
        return match left.as_slice() {
            [one] if one.noun == was.noun => {
                let who = people(same.iter().map(|one| one.plain_name()).collect());
                format!("{who} may enter {role} now only{}", of_all(same.len(), &one.asked))
            }
            _ => format!("{} may still enter {role}, before {}", only(&left), was.in_words()),
        };
    }
    if !first.instead_of.is_empty() {
        let who = first.plain_name();
        return match first.is_by_deny() {
            true => format!("a new Deny keeps {who} out of {role} at times"),
            false => format!("{who} may enter {role} on more conditions now"),
        };
    }
    let who = people(same.iter().map(|one| one.plain_name()).collect());
    let (mut text, doubts) = (
        format!("{who} may no longer enter {role}{}", asked_of(same, asked_before)),
        &first.doubts,
    );
    if let Some(leave) = doubts.iter().find_map(|doubt| doubt.strip_prefix(NO_LEAVE)) {
        text.push_str(&format!(" unless a policy of {leave}"));
    } else if doubts.iter().any(|doubt| is_unseen(doubt)) {
        text.push_str(", as far as it could before");
    }
    text
}

/// Whether two may enter on the same conditions now, each with what he was before.
fn is_narrowed_alike(first: &Entrance, other: &Entrance) -> bool {
    let asked_now = |one: &Entrance| {
        let (was, left) = one.others()?;
        let [now] = left.as_slice() else { return None };
        (now.noun == was.noun && one.excepted().is_none()).then(|| now.asked.clone())
    };
    std::ptr::eq(first, other)
        || first.role == other.role
            && asked_now(first).is_some_and(|asked| asked_now(other) == Some(asked))
}

/// What was asked, without what was not seen then: whether somebody could enter for certain matters less
/// than that he cannot now.
fn asked_before(one: &Entrance) -> Vec<String> {
    let mut asked = one.named().asked;
    asked.retain(|line| !is_unseen(line) && !line.starts_with(NO_LEAVE));
    asked
}

/// `only account 444455556666`; of everybody but some there is no "only".
pub(super) fn only(named: &[Named]) -> String {
    let all = people(named.iter().map(Named::in_words).collect());
    if named.iter().any(Named::is_everybody) { all } else { format!("only {all}") }
}

/// What keeps out somebody of the account whose own policies, as far as they were seen, say nothing.
pub(super) fn no_leave_of_its_own(who: &Entrant) -> String {
    let name = match who {
        Entrant::Principal { label, .. } => plain(label),
        who => who.name().to_owned(),
    };
    format!("{NO_LEAVE}{name} that was not seen allows it")
}
