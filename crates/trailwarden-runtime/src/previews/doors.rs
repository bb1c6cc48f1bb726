//! Who may enter a role newly, or no longer.

use trailwarden_account::effect::{Entrance, Entrant};
use trailwarden_remedy::plan::Foreseen;
use trailwarden_remedy::plan::foreseen::Door;

use super::activity::last_used;
use super::used::entering;
use super::{LISTED_MAX, Telling};

impl Telling<'_> {
    pub(super) fn tell_doors(
        &self,
        entries: Vec<Entrance>,
        shut: Vec<Entrance>,
        out: &mut Foreseen,
    ) {
        // The gravest is first here as there; what is left out is counted.
        let total = entries.len() + shut.len();
        let opened = entries.iter().map(|one| self.door(one, true));
        let all = opened.chain(shut.iter().map(|one| self.door(one, false)));
        out.doors.extend(all.take(LISTED_MAX));
        if let Some(more @ 1..) = total.checked_sub(LISTED_MAX) {
            out.unknowns.push(format!("{more} more ways into roles that open or shut"));
        }
    }

    fn door(&self, entrance: &Entrance, is_opened: bool) -> Door {
        let model = &self.change.before;
        let role = model.identity(&entrance.role);
        let who = match &entrance.who {
            Entrant::Principal { arn, .. } => arn.clone(),
            Entrant::Account(account) => {
                format!("arn:{}:iam::{account}:root", model.partition())
            }
            other => other.name().to_owned(),
        };
        let own = entrance.who.id().filter(|_| entrance.who.account() == Some(model.account()));
        let own = own.and_then(|id| model.identity(id));
        Door {
            role: entrance.role_arn.clone(),
            who,
            account: entrance.who.account().map(|account| account.to_string()),
            is_opened,
            is_partly: !entrance.instead_of.is_empty(),
            conditions: entrance.conditions(),
            is_certain: entrance.is_certain,
            last_used: role.map(|role| last_used(self.known.snapshot, role)).unwrap_or_default(),
            used: own.and_then(|one| entering(self.known, model, one)),
        }
    }
}
