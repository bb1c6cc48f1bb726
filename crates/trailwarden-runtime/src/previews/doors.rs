//! Who may enter a role newly, or no longer.

use trailwarden_account::effect::{Entrance, Entrant, ShutOut, shut_out};
use trailwarden_remedy::plan::Foreseen;
use trailwarden_remedy::plan::foreseen::Door;

use super::activity::last_used;
use super::unlisted::{counted, listed};
use super::used::entering;
use super::{LISTED_MAX, Telling, arn_of, closing};

impl Telling<'_> {
    pub(super) fn tell_doors(
        &self,
        entries: Vec<Entrance>,
        shut: Vec<Entrance>,
        out: &mut Foreseen,
    ) {
        let (by_policy, more_by_policy) = listed(self.shut_out(&shut), LISTED_MAX);
        // The gravest is first here as there.
        let (entries, more_opened) = listed(entries, LISTED_MAX);
        let (shut, more_shut) = listed(shut, LISTED_MAX);
        out.unlisted.doors_opened = counted(more_opened.len());
        out.unlisted.doors_shut = counted(more_shut.len() + more_by_policy.len());
        let hit = more_by_policy.into_iter().flat_map(|door| [door.who, door.role]);
        self.note_losing(hit);
        let losing = more_shut.iter().map(|one| [self.who(one), one.role_arn.clone()]);
        self.note_losing(losing.flatten());
        let opened = entries.iter().map(|one| self.door(one, true));
        out.doors.extend(opened.chain(shut.iter().map(|one| self.door(one, false))));
        out.doors.extend(by_policy);
    }

    /// Who may no longer enter a role of an administrator since policies of the account allow it no more: of such
    /// a role the trust policy alone does not tell who can put things right.
    fn shut_out(&self, by_trust: &[Entrance]) -> Vec<Door> {
        let (before, after) = (&self.change.before, &self.change.after);
        let world = closing::world(self.known);
        let all = shut_out((world.with(before), before), (world.with(after), after));
        let is_told = |one: &ShutOut| {
            by_trust.iter().any(|it| it.role == one.role && it.who.id() == Some(&one.who))
        };
        let doors = all.iter().filter(|one| !is_told(one)).filter_map(|one| {
            let (who, role) = (before.identity(&one.who)?, before.identity(&one.role)?);
            Some(Door {
                role: arn_of(before, role),
                who: arn_of(before, who),
                account: Some(before.account().to_string()),
                is_opened: false,
                is_partly: false,
                conditions: Vec::new(),
                left: Vec::new(),
                is_certain: one.is_certain,
                last_used: last_used(self.known, role),
                used: entering(self.known, before, who),
            })
        });
        doors.collect()
    }

    /// Who enters: an ARN, an account's, a service, or `*` for everybody.
    fn who(&self, entrance: &Entrance) -> String {
        match &entrance.who {
            Entrant::Principal { arn, .. } => arn.clone(),
            Entrant::Account(account) => {
                format!("arn:{}:iam::{account}:root", self.change.before.partition())
            }
            other => other.name().to_owned(),
        }
    }

    fn door(&self, entrance: &Entrance, is_opened: bool) -> Door {
        let model = &self.change.before;
        let role = model.identity(&entrance.role);
        let who = self.who(entrance);
        let own = entrance.who.id().filter(|_| entrance.who.account() == Some(model.account()));
        let own = own.and_then(|id| model.identity(id));
        Door {
            role: entrance.role_arn.clone(),
            who,
            account: entrance.who.account().map(|account| account.to_string()),
            is_opened,
            is_partly: !entrance.instead_of.is_empty(),
            conditions: asked_at(entrance, is_opened),
            left: left_of(entrance),
            is_certain: entrance.is_certain,
            last_used: role.map(|role| last_used(self.known, role)).unwrap_or_default(),
            used: own.and_then(|one| entering(self.known, model, one)),
        }
    }
}

/// What a way in asks for. That policies elsewhere must allow it too says nothing of one that shuts.
fn asked_at(entrance: &Entrance, is_opened: bool) -> Vec<String> {
    if is_opened || matches!(entrance.who, Entrant::Principal { .. }) {
        return entrance.conditions();
    }
    Entrance { doubts: Vec::new(), ..entrance.clone() }.conditions()
}

/// What must be so to enter still by a way that shuts in part; nothing where that is not one thing.
fn left_of(entrance: &Entrance) -> Vec<String> {
    let [left] = entrance.instead_of.as_slice() else { return Vec::new() };
    let (grant, instead_of) = (left.clone(), Vec::new());
    Entrance { grant, instead_of, ..entrance.clone() }.conditions()
}
