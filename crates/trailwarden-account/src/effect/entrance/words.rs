//! Entrances in sentences: who may enter, on what, and what was asked before.

use super::named::{Named, condition, named, names};
use super::{Entrance, Entrant};
use crate::effect::words::{graded, graded_or_unknown, people, plain};
use crate::trust::{asked, is_audience};
use trailwarden_policy::trust::Grant;

impl Entrance {
    /// Who may enter, in plain words.
    #[must_use]
    pub fn plain_name(&self) -> String {
        self.named().noun
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

    fn named(&self) -> Named {
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
    fn others(&self) -> Option<(Named, Vec<Named>)> {
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

    /// Of everybody but some who were let in: who is left out besides now, where that is all.
    fn excepted(&self) -> Option<String> {
        let [left] = self.instead_of.as_slice() else { return None };
        let was = &self.grant;
        let is_all = left.who == was.who && left.conditions == was.conditions;
        let new = left.but.iter().filter(|who| !was.but.contains(who));
        let new = names(new, self.account);
        (is_all && !new.is_empty()).then(|| people(new))
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
    fn is_by_deny(&self) -> bool {
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
    let (asked, before) = (first.named().asked, first.before(1));
    let is_same = |other: &&Entrance| {
        other.role == first.role
            && other.is_gain() == first.is_gain()
            && other.named().asked == asked
            && other.before(1) == before
    };
    let same: Vec<&Entrance> = entries.iter().filter(is_same).collect();
    let who = people(same.iter().map(|one| one.plain_name()).collect());
    let of = match first.is_gain() {
        true => graded_or_unknown(first.grade),
        false => graded(first.grade),
    };
    let role = plain(&first.label);
    let (asked, before) = (of_all(same.len(), &asked), first.before(same.len()));
    let mut text = format!("{who} may now enter {role}{of}{asked}{before}");
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

/// Who may no longer enter, or not always.
pub(in crate::effect) fn shut(shut: &[&Entrance]) -> Option<String> {
    let first = *shut.first()?;
    let role = plain(&first.label);
    if let Some(who) = first.excepted() {
        return Some(format!(
            "{who} may no longer enter {role}{}",
            condition(&first.named().asked)
        ));
    }
    if let Some((was, left)) = first.others() {
        return Some(match left.as_slice() {
            [one] if one.noun == was.noun => {
                format!("{} may enter {role} now only{}", was.noun, condition(&one.asked))
            }
            _ => format!("{} may still enter {role}, before {}", only(&left), was.in_words()),
        });
    }
    if !first.instead_of.is_empty() {
        let who = first.plain_name();
        return Some(match first.is_by_deny() {
            true => format!("a new Deny keeps {who} out of {role} at times"),
            false => format!("{who} may enter {role} on more conditions now"),
        });
    }
    let is_same =
        |other: &&&Entrance| other.role == first.role && other.named().asked == first.named().asked;
    let same: Vec<String> = shut.iter().filter(is_same).map(|one| one.plain_name()).collect();
    let asked = of_all(same.len(), &first.named().asked);
    Some(format!("{} may no longer enter {role}{asked}", people(same)))
}

/// What stands behind "if" of so many: ` if they give the external id`.
fn of_all(count: usize, asked: &[String]) -> String {
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

/// `only account 444455556666`; of everybody but some there is no "only".
fn only(named: &[Named]) -> String {
    let all = people(named.iter().map(Named::in_words).collect());
    if named.iter().any(Named::is_everybody) { all } else { format!("only {all}") }
}
