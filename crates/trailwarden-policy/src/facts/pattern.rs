//! The actions that a pattern of a policy covers: [`Facts::actions_matching`].
//!
//! Means the same as asking [`action_matches`] of every action, and a test does ask; but names are
//! sorted, so the common patterns (`*`, `s3:*`, `s3:Get*`, `s3:GetObject`) are a run of the table.

use std::sync::{LazyLock, OnceLock};

use crate::pattern::action_matches;

use super::{Action, ActionSet, Facts, Service, compare, facts};
use crate::fuel;

/// What it takes to hold a name against a pattern, as a rule.
const NAME_STEPS: usize = 8;

impl Facts {
    /// The known actions that an action pattern covers. Some microseconds for a pattern within one
    /// service, about a millisecond for the worst; ask once and keep the answer.
    #[must_use]
    pub fn actions_matching(&self, pattern: &str) -> ActionSet {
        let mut set = ActionSet::empty();
        if crate::pattern::is_match_all(pattern) && !pattern.contains('?') {
            set.insert_range(0, self.actions.len());
            return set;
        }
        // A full name has exactly one colon, so a pattern's only colon can match no other.
        match pattern.split_once(':') {
            Some((prefix, name)) if !name.contains(':') => {
                for service in self.services_matching(prefix) {
                    self.add_matching(service, name, &mut set);
                }
            }
            // Two colons match nothing; none at all may still match through `*` or `?`.
            Some(_) => {}
            None => {
                let actions = self.actions.iter();
                fuel::spend(self.actions.len() * NAME_STEPS);
                set.extend(
                    actions.filter(|a| action_matches(pattern, a.full_name)).map(Action::id),
                );
            }
        }
        set
    }

    fn services_matching(&self, pattern: &str) -> impl Iterator<Item = &Service> {
        let is_literal = !pattern.contains(['*', '?']);
        let one = if is_literal { self.service(pattern) } else { None };
        let many = if is_literal { &[] } else { self.services.as_slice() };
        fuel::spend(many.len() * NAME_STEPS);
        one.into_iter().chain(many.iter().filter(move |s| action_matches(pattern, s.prefix)))
    }

    fn add_matching(&self, service: &Service, pattern: &str, set: &mut ActionSet) {
        let actions = self.actions_of(service);
        let first = service.actions.start as usize;
        // The part before the first wildcard selects a run; what follows is asked within it.
        let literal = pattern.find(['*', '?']).and_then(|at| pattern.split_at_checked(at));
        let Some((start, rest)) = literal else {
            let found = actions.binary_search_by(|action| compare(action.name(), pattern));
            set.extend(found.ok().and_then(|at| actions.get(at)).map(Action::id));
            return;
        };
        let low = actions.partition_point(|action| compare(action.name(), start).is_lt());
        let run = actions.get(low..).unwrap_or_default();
        let len = run.partition_point(|action| starts_with(action.name(), start));
        if rest == "*" {
            set.insert_range(first + low, first + low + len);
            return;
        }
        fuel::spend(len * NAME_STEPS);
        let run = run.iter().take(len);
        let needed = letters(pattern);
        let known = letters_of_names(self, service).iter().skip(low);
        let may_fit = run.zip(known).filter(|(_, has)| needed & !**has == 0);
        let fitting = may_fit.filter(|(action, _)| action_matches(pattern, action.name()));
        set.extend(fitting.map(|(action, _)| action.id()));
    }
}

/// The letters that a text has, whatever their case: a name without one that the pattern asks for
/// does not fit, which leaves few to be held against it.
fn letters(text: &str) -> u32 {
    let letters = text.bytes().filter(u8::is_ascii_alphabetic);
    letters.fold(0, |all, letter| all | 1 << (letter.to_ascii_lowercase() - b'a'))
}

/// The letters of the names of a service's actions, in the order of the table.
fn letters_of_names(all: &Facts, service: &Service) -> &'static [u32] {
    static LETTERS: LazyLock<Vec<OnceLock<Vec<u32>>>> =
        LazyLock::new(|| vec![OnceLock::new(); facts().services().len()]);
    let actions = all.actions_of(service);
    let number = actions.first().map_or(0, |action| usize::from(action.service));
    let of_service = || actions.iter().map(|action| letters(action.name())).collect();
    LETTERS.get(number).map_or(&[], |letters| letters.get_or_init(of_service))
}

fn starts_with(name: &str, start: &str) -> bool {
    name.get(..start.len()).is_some_and(|head| head.eq_ignore_ascii_case(start))
}
