//! Whom a plan hits, also where the lists end before all are told.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{Becomes, Credential, Foreseen};

/// What the lists of a preview do not show.
#[derive(Clone, PartialEq, Eq, Debug, Default, Serialize, Deserialize, JsonSchema)]
#[serde(default)]
pub struct Unlisted {
    /// How many more credentials end, change or are given out.
    pub credentials: u64,
    /// How many more users and roles have sessions that end.
    pub sessions: u64,
    /// How many more ways into roles open.
    pub doors_opened: u64,
    /// How many more ways into roles shut, whole or in part.
    pub doors_shut: u64,
    /// How many more ways to more permissions close.
    pub paths_closed: u64,
    /// How many more such ways open.
    pub paths_opened: u64,
    /// How many more policies and groups are changed.
    pub shared: u64,
    /// ARNs of those beyond the lists who lose something, sorted and in small letters.
    pub losing: Vec<String>,
    /// How many more lose something than even these.
    pub more_losing: u64,
}

/// Whether a plan hits somebody.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Strike {
    /// It does.
    Hits,
    /// It does not: all that it does is known.
    Spares,
    /// It may, for these reasons, each as it stands behind a colon.
    Unknown(Vec<String>),
}

impl Unlisted {
    /// Whether the lists show all.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        *self == Self::default()
    }
}

impl Foreseen {
    /// Whether a user or role loses something by the plan as far as is known: permissions, a credential,
    /// sessions, a way into a role, or whoever may enter it. `false` is no promise where something is
    /// unknown: see [`Foreseen::strikes`].
    #[must_use]
    pub fn hits(&self, arn: &str) -> bool {
        let is_it = |one: &str| one.eq_ignore_ascii_case(arn);
        let is_ended = |one: &&Credential| one.becomes != Becomes::Given;
        self.principals.iter().any(|one| !one.lost.is_empty() && is_it(&one.arn))
            || self.credentials.iter().filter(is_ended).any(|one| is_it(&one.owner))
            || self.sessions.iter().any(|one| is_it(&one.arn))
            || self.doors.iter().any(|one| !one.is_opened && (is_it(&one.who) || is_it(&one.role)))
            || self.paths_closed.iter().any(|one| is_it(&one.from))
            || self.is_unlisted(arn)
    }

    /// What is not known and may hide that somebody loses something.
    pub(super) fn doubts(&self) -> &[String] {
        self.unknown_losses.as_ref().unwrap_or(&self.unknowns)
    }

    fn is_unlisted(&self, arn: &str) -> bool {
        // A plan's file may have been written by hand: nothing says that it is sorted.
        self.unlisted.losing.iter().any(|one| one.eq_ignore_ascii_case(arn))
    }

    /// Whether the plan hits a user or role, where what is not known counts as "may be".
    #[must_use]
    pub fn strikes(&self, arn: &str) -> Strike {
        if self.hits(arn) {
            return Strike::Hits;
        }
        let steps = self.not_foreseen.iter();
        let mut doubts: Vec<String> =
            steps.map(|one| format!("what step {} ({}) does", one.step, one.call)).collect();
        doubts.extend(self.doubts().iter().cloned());
        // A plan of an older version counted those beyond the list and named none of them.
        let unnamed = self.unlisted.more_losing;
        let named = u64::try_from(self.unlisted.losing.len()).unwrap_or(u64::MAX);
        let untold = if named == 0 { unnamed.max(self.more_principals) } else { unnamed };
        if untold > 0 {
            doubts.push(format!("who {untold} more are whose access moves"));
        }
        if doubts.is_empty() { Strike::Spares } else { Strike::Unknown(doubts) }
    }

    /// Whether nobody gains or loses anything, and nothing is in doubt.
    #[must_use]
    pub fn is_nothing(&self) -> bool {
        let moves = [
            self.principals.len(),
            self.credentials.len(),
            self.sessions.len(),
            self.doors.len(),
            self.paths_opened.len(),
            self.paths_closed.len(),
            self.not_foreseen.len(),
            self.unknowns.len(),
        ];
        // That a policy is shared moves nothing by itself.
        let untold = Unlisted { shared: 0, ..self.unlisted.clone() };
        moves.into_iter().all(|count| count == 0) && self.more_principals == 0 && untold.is_empty()
    }
}
