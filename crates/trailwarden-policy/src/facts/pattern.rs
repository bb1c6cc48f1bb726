//! The actions that a pattern of a policy covers: [`Facts::actions_matching`].
//!
//! Means the same as asking [`action_matches`] of every action, and a test does ask; but names are
//! sorted, so the common patterns (`*`, `s3:*`, `s3:Get*`, `s3:GetObject`) are a run of the table.

use crate::pattern::action_matches;

use super::{Action, ActionSet, Facts, Service, compare};
use crate::fuel;

/// What it takes to hold a name against a pattern, as a rule.
const NAME_STEPS: usize = 8;

impl Facts {
    /// The known actions that an action pattern covers. Some microseconds for a pattern within one
    /// service, about a millisecond for the worst; ask once and keep the answer.
    #[must_use]
    pub fn actions_matching(&self, pattern: &str) -> ActionSet {
        let mut set = ActionSet::with_room_for(self.actions.len());
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
        set.extend(run.filter(|action| action_matches(pattern, action.name())).map(Action::id));
    }
}

fn starts_with(name: &str, start: &str) -> bool {
    name.get(..start.len()).is_some_and(|head| head.eq_ignore_ascii_case(start))
}
