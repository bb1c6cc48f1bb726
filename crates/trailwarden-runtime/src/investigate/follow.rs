//! Whom the story follows: the principal asked for, and whoever it became.
//!
//! An identity is followed by what identifies it in a row: a principal's id, a session, a key. What
//! a followed identity does may hand it another one: a session, a key, a user, a password, a role, a
//! function that runs its code ([`Follow::hand_on`]).
//!
//! # Invariants
//! - Following goes forward in the total order only: a key is followed from the call that gave it.
//! - Who is followed for a reason that leaves room for others is marked as not sure, and the reason
//!   is told.

mod hand;
mod issues;
mod persona;

use foldhash::HashMap;
use trailwarden_account::Identity;
use trailwarden_model::Timestamp;
use trailwarden_record::Row;
use trailwarden_record::hash;
use trailwarden_record::row::{Flags, Place};

use super::extract::{Mark, Subject};
use super::query::Matched;
use super::story::Relation;
use issues::Issues;
pub(super) use persona::{Bond, Persona, Who};

/// How many identities one story tells apart.
const PERSONAS_MAX: usize = 5_000;
/// How many source addresses of an identity are told.
const ADDRESSES_MAX: usize = 8;

/// Which calls of a principal belong to the story.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Scope {
    /// All.
    All,
    /// Sessions of a role that were not handed to a service.
    NotForServices,
    /// Calls from the console, by a password that was set.
    Console,
}

/// Who is followed.
pub(super) struct Follow {
    pub(super) personas: Vec<Persona>,
    keys: HashMap<u64, usize>,
    actors: HashMap<u64, (usize, Scope)>,
    sessions: HashMap<u64, usize>,
    /// Callers from the address asked for, by principal and session.
    asked: HashMap<(u64, u64), usize>,
    /// Functions and instances, by account and session name.
    carriers: HashMap<(u64, u64), usize>,
    /// Roles whose trust was changed, by account and name.
    opened: HashMap<(String, String), usize>,
    /// Sessions that were handed on, so that the same one is one identity.
    handed: HashMap<u64, usize>,
    /// Those who gave something to somebody of the story, and are not followed.
    origins: HashMap<u64, usize>,
    issues: Issues,
    pub(super) is_truncated: bool,
}

impl Follow {
    /// Begins with the callers that match the query.
    pub(super) fn new(subjects: &[Subject]) -> Self {
        let mut follow = Self {
            personas: Vec::new(),
            keys: HashMap::default(),
            actors: HashMap::default(),
            sessions: HashMap::default(),
            asked: HashMap::default(),
            carriers: HashMap::default(),
            opened: HashMap::default(),
            handed: HashMap::default(),
            origins: HashMap::default(),
            issues: Issues::default(),
            is_truncated: false,
        };
        for subject in subjects {
            follow.begin(subject);
        }
        follow
    }

    fn begin(&mut self, subject: &Subject) {
        let Some(at) = self.add(Relation::Subject, subject.who(), true, String::new()) else {
            return;
        };
        match subject.matched {
            Matched::Key => {
                self.keys.insert(subject.key, at);
            }
            Matched::Session | Matched::Event if subject.session != 0 => {
                self.sessions.insert(subject.session, at);
            }
            Matched::Principal | Matched::Event if subject.actor != 0 => {
                self.actors.insert(subject.actor, (at, Scope::All));
            }
            Matched::Principal | Matched::Session => {}
            Matched::Address | Matched::Event => {
                self.asked.insert((subject.actor, subject.session), at);
            }
        }
    }

    /// Somebody asked for who never called, as the account model knows it.
    pub(super) fn silent(&mut self, who: Who) -> Option<usize> {
        self.add(Relation::Subject, who, true, String::new())
    }

    fn add(&mut self, relation: Relation, who: Who, is_sure: bool, why: String) -> Option<usize> {
        if self.personas.len() >= PERSONAS_MAX {
            self.is_truncated = true;
            return None;
        }
        self.personas.push(Persona {
            relation,
            who,
            is_sure,
            why,
            names: Vec::new(),
            bonds: Vec::new(),
            first: None,
            last: None,
            calls: 0,
            denied: 0,
            addresses: Vec::new(),
            sample: None,
        });
        Some(self.personas.len() - 1)
    }

    /// Notes the names that a principal of the story has had.
    pub(super) fn called(&mut self, identity: &Identity, account: &str) {
        let is_it =
            |who: &Who| matches!(who.kind.as_str(), "user" | "role") && who.is(identity, account);
        for persona in self.personas.iter_mut().filter(|persona| is_it(&persona.who)) {
            for name in identity.former_names.iter().chain([&identity.name]) {
                let is_new = !persona.names.iter().any(|known| **known == **name);
                if **name != *persona.who.name && is_new {
                    persona.names.push(name.to_string());
                }
            }
        }
    }

    /// Remembers which call gave out a temporary key.
    pub(super) fn note(&mut self, row: &Row) {
        self.issues.note(row);
    }

    /// Whose call a row is; none when the story does not follow its caller.
    pub(super) fn who(&self, row: &Row, mark: Mark) -> Option<usize> {
        let of_key = (row.key != 0).then(|| self.keys.get(&row.key)).flatten();
        if let Some(at) = of_key.or_else(|| self.sessions.get(&mark.session(row))) {
            return Some(*at);
        }
        if let Some((at, scope)) = self.actors.get(&row.actor)
            && self.is_within(*scope, row, mark)
        {
            return Some(*at);
        }
        if mark.is_asked_for
            && let Some(at) = self.asked.get(&(row.actor, mark.session(row)))
        {
            return Some(*at);
        }
        if mark.name == 0 || !row.flags.has(Flags::ROLE) {
            return None;
        }
        self.carriers.get(&(row.account, mark.name)).copied()
    }

    fn is_within(&self, scope: Scope, row: &Row, mark: Mark) -> bool {
        let issue = self.issues.get(row.key);
        match scope {
            Scope::All => true,
            Scope::NotForServices => issue.is_none_or(|issue| !issue.for_service),
            // The console signs calls with keys that no STS call in the log has issued; a sign-in
            // itself is signed with none.
            Scope::Console => issue.is_none() && (mark.is_temporary || row.key == 0),
        }
    }

    /// Counts a call of somebody of the story.
    pub(super) fn count(&mut self, at: usize, row: &Row) {
        let issue = self.issues.get(row.key);
        let Some(persona) = self.personas.get_mut(at) else { return };
        persona.first.get_or_insert(row.time());
        persona.last = Some(row.time());
        persona.calls += 1;
        persona.denied += u64::from(row.flags.has(Flags::DENIED));
        if persona.sample.is_none() {
            persona.sample = Some(row.place);
        }
        let known = persona.addresses.iter().any(|(address, _)| *address == row.address);
        if !known && persona.addresses.len() < ADDRESSES_MAX {
            persona.addresses.push((row.address, row.place));
        }
        // The keys of somebody followed by name or id came from somewhere: tell from whom.
        if let Some(issue) = issue
            && issue.actor != row.actor
            && !self.keys.contains_key(&row.key)
        {
            self.origin(at, issue.actor, "assumed", issue.place, issue.time, Some(row.key));
        }
    }

    /// Notes that somebody outside gave something to an identity of the story.
    pub(super) fn origin(
        &mut self,
        to: usize,
        actor: u64,
        how: &'static str,
        place: Place,
        time: Timestamp,
        key: Option<u64>,
    ) -> Option<usize> {
        let origin = match self.origins.get(&actor) {
            Some(origin) => *origin,
            None => {
                let at = self.add(Relation::Origin, Who::default(), true, String::new())?;
                if let Some(persona) = self.personas.get_mut(at) {
                    persona.sample = Some(place);
                }
                self.origins.insert(actor, at);
                at
            }
        };
        // Each key is told once; its calls need no further look.
        if let Some(key) = key {
            self.keys.insert(key, to);
        }
        self.tie(to, Bond { from: origin, how, place, time, count: 1 });
        Some(origin)
    }

    /// Somebody outside whose call gave a session of the story through a role that was opened.
    pub(super) fn intruder(&self, row: &Row) -> Option<usize> {
        let at = (row.issued != 0).then(|| self.keys.get(&row.issued)).flatten()?;
        let is_through = self.personas.get(*at)?.relation == Relation::Backdoor;
        self.origins.get(&row.actor).filter(|_| is_through).copied()
    }

    /// Notes how an identity came from another; of many alike the first is told and counted.
    fn tie(&mut self, to: usize, bond: Bond) {
        let Some(persona) = self.personas.get_mut(to) else { return };
        let alike = |known: &&mut Bond| known.from == bond.from && known.how == bond.how;
        match persona.bonds.iter_mut().find(alike) {
            Some(known) => known.count += 1,
            None => persona.bonds.push(bond),
        }
    }

    /// The identity of the story that a principal is, if it is followed as a whole.
    pub(super) fn whole(&self, actor: u64) -> Option<usize> {
        self.actors.get(&actor).filter(|(_, scope)| *scope == Scope::All).map(|(at, _)| *at)
    }

    /// Whether trust policies were changed, so that sessions of others may matter.
    pub(super) fn watches_roles(&self) -> bool {
        !self.opened.is_empty()
    }
}

/// The hash of a user or role within its account.
fn actor_of(id: &str, account: &str) -> u64 {
    trailwarden_record::row::actor(id.as_bytes(), account.as_bytes())
}

/// The hash of a text, as rows hold it.
fn key_of(text: &str) -> u64 {
    hash::of(text)
}
