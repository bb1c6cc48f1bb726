//! Entrances in sentences: who may enter, on what, and what was asked before. What was shut:
//! [`super::shut`].

use super::named::{Named, condition, named};
use super::shut::only;
use super::{Entrance, Entrant};
use crate::effect::words::{graded, graded_or_unknown, people, plain};
use crate::graph::is_unseen;
use crate::trust::{asked, is_audience};
use trailwarden_model::AccountId;
use trailwarden_policy::trust::Grant;

impl Entrance {
    /// Who may enter, in plain words.
    #[must_use]
    pub fn plain_name(&self) -> String {
        self.named().noun
    }

    /// The same, and that it is the one who did it where that is so.
    fn told_name(&self) -> String {
        match self.is_actor && self.is_gain() {
            true => format!("{} (who did it)", self.plain_name()),
            false => self.plain_name(),
        }
    }

    /// Such as `bob may enter role app if MFA is present`.
    #[must_use]
    pub fn in_words(&self) -> String {
        let Named { noun, asked } = self.named();
        format!("{noun} may enter {}{}", plain(&self.label), condition(&asked))
    }

    /// All that must be so for it, each as it stands after "if".
    #[must_use]
    pub fn conditions(&self) -> Vec<String> {
        // Of what the policies ask, some may be known of him.
        if let Entrant::Principal { .. } = self.who {
            return self.doubts.clone();
        }
        // What is part of the name in a sentence is a condition where only `*` stands for it.
        let conditions = self.grant.conditions.iter();
        let told = conditions.filter(|condition| !is_audience(&self.grant, condition));
        let mut all: Vec<String> = told.map(|one| asked(one, &self.grant)).collect();
        if !self.grant.but.is_empty() {
            all.push(format!("it is {}", self.plain_name()));
        }
        all.extend(self.doubts.iter().cloned());
        all
    }

    pub(super) fn named(&self) -> Named {
        let named = named(&self.who, &self.grant, self.account, false);
        match self.who {
            // Of what the policies ask, some may be known of him.
            Entrant::Principal { .. } => Named { asked: self.doubts.clone(), ..named },
            // What is in doubt of strangers is told beside the sentence.
            Entrant::Named(Some(account), _) if account == self.account => {
                let asked = named.asked.into_iter().chain(self.doubts.clone()).collect();
                Named { asked, noun: named.noun }
            }
            _ => named,
        }
    }

    /// This one and what was there instead, each told apart from the other; none where that takes
    /// more than words.
    pub(super) fn others(&self) -> Option<(Named, Vec<Named>)> {
        let of = |grant: &Grant, in_full: bool| {
            let who = match grant.who == self.grant.who {
                true => self.who.clone(),
                false => Entrant::as_written(&grant.who)?,
            };
            Some(named(&who, grant, self.account, in_full))
        };
        [false, true].into_iter().find_map(|in_full| {
            let others = self.instead_of.iter().map(|grant| of(grant, in_full));
            let others: Vec<Named> = others.collect::<Option<_>>()?;
            let now = of(&self.grant, in_full)?;
            (!others.is_empty() && !others.contains(&now)).then_some((now, others))
        })
    }

    /// How many strangers it lets in: of ways that are as grave, the widest is told.
    fn breadth(&self) -> u8 {
        match self.who {
            Entrant::Anyone => 3,
            Entrant::Federated(_) => 2,
            _ => u8::from(self.is_from_outside()),
        }
    }

    /// Whether a Deny makes all the difference.
    pub(super) fn is_by_deny(&self) -> bool {
        self.instead_of.iter().any(|other| other.conditions == self.grant.conditions)
    }

    /// `, before only if it gives the external id`, of so many as are told of together.
    fn before(&self, count: usize) -> String {
        let Some((now, before)) = self.others() else {
            return match (self.instead_of.is_empty(), self.is_by_deny()) {
                (true, _) => String::new(),
                (_, true) => ", where a Deny stood before".to_owned(),
                (_, false) => ", on more conditions before".to_owned(),
            };
        };
        let alike = before.iter().all(|one| one.noun == now.noun);
        match before.as_slice() {
            [one] if alike => format!(", before only{}", of_all(count, &one.asked)),
            _ => format!(", before {}", only(&before)),
        }
    }
}

/// Who may newly enter, of all the gravest; others are counted. What is no gain is no news where
/// others may enter no more.
pub(in crate::effect) fn opened(entries: &[Entrance], shut: &[Entrance]) -> Option<String> {
    let first = entries.iter().max_by_key(|one| (one.severity(), one.is_gain(), one.breadth()))?;
    if !first.is_gain() && !shut.is_empty() {
        return None;
    }
    let before = first.before(1);
    let is_like = |other: &&Entrance| {
        other.role == first.role
            && other.is_gain() == first.is_gain()
            && other.severity().is_some() == first.severity().is_some()
            && other.before(1) == before
    };
    let same = together(first, entries.iter().filter(is_like), asked_now);
    let who = people(same.iter().map(|one| one.told_name()).collect());
    let of = match first.is_gain() {
        true => graded_or_unknown(first.grade),
        false => graded(first.grade),
    };
    let role = plain(&first.label);
    let (asked, before) = (asked_of(&same, asked_now), first.before(same.len()));
    let mut text = format!("{who} may now enter {role}{of}{asked}{before}");
    if same.iter().any(|one| one.named().asked.iter().any(|line| is_unseen(line))) {
        text.push_str(", as far as is known");
    }
    let is_gain = |one: &&Entrance| one.is_gain() || !first.is_gain();
    let others = entries.iter().filter(is_gain).count() - same.len();
    if others > 0 {
        text.push_str(&match others {
            1 => "; one more way in opens".to_owned(),
            many => format!("; {many} more ways in open"),
        });
    }
    Some(text)
}

/// What an entrance asks for.
type Asks = fn(&Entrance) -> Vec<String>;

/// Without what was not seen: that a policy which nobody saw may deny it is no condition to meet.
fn asked_now(one: &Entrance) -> Vec<String> {
    let mut asked = one.named().asked;
    asked.retain(|line| !is_unseen(line));
    asked
}

/// All that are told in one breath with the first: its other sessions, or else whoever is asked for the
/// same.
pub(super) fn together<'e>(
    first: &'e Entrance,
    all: impl Iterator<Item = &'e Entrance> + Clone,
    asks: Asks,
) -> Vec<&'e Entrance> {
    let asked = asks(first);
    let besides = |one: &Entrance| {
        let mut asked = asks(one);
        asked.retain(|one| !one.starts_with(SESSION));
        asked
    };
    let is_session = asked.iter().any(|one| one.starts_with(SESSION));
    let is_its = |one: &&Entrance| one.who == first.who && besides(one) == besides(first);
    let sessions: Vec<&Entrance> = all.clone().filter(|one| is_session && is_its(one)).collect();
    match sessions.len() {
        0 | 1 => all.filter(|other| asks(other) == asked).collect(),
        _ => sessions,
    }
}

/// What ways that are told together ask for: of sessions of one role, with all their names.
pub(super) fn asked_of(same: &[&Entrance], asks: Asks) -> String {
    let Some(first) = same.first() else { return String::new() };
    let mut asked = asks(first);
    let is_of_one = same.len() > 1 && same.iter().all(|one| one.who == first.who);
    if !is_of_one {
        return of_all(same.len(), &asked);
    }
    let all = same.iter().flat_map(|one| asks(one));
    let names: Vec<String> =
        all.filter_map(|one| one.strip_prefix(SESSION).map(str::to_owned)).collect();
    let told = match names.as_slice() {
        [one, two] => format!("{one} or {two}"),
        [one, rest @ ..] => format!("{one} or one of {} other names", rest.len()),
        [] => String::new(),
    };
    for one in asked.iter_mut().filter(|one| one.starts_with(SESSION)) {
        *one = format!("{SESSION}{told}");
    }
    condition(&asked)
}

/// What begins that a session has a name.
const SESSION: &str = "its session is named ";

/// What stands behind "if" of so many: ` if they give the external id`.
pub(super) fn of_all(count: usize, asked: &[String]) -> String {
    const MANY: [(&str, &str); 4] = [
        ("it is ", "they are "),
        ("it gives ", "they give "),
        ("its external id fits", "their external ids fit"),
        ("its session is ", "their sessions are "),
    ];
    if count < 2 {
        return condition(asked);
    }
    let many = |text: &String| {
        let found = MANY.iter().find_map(|(one, many)| Some((many, text.strip_prefix(one)?)));
        found.map_or_else(|| text.clone(), |(many, rest)| format!("{many}{rest}"))
    };
    condition(&asked.iter().map(many).collect::<Vec<String>>())
}

/// What a principal needs besides that his account does not allow him today.
pub(super) fn leave_to_come(account: AccountId) -> String {
    format!("policies of account {account} come to allow it")
}
