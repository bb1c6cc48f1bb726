//! Who may enter a role, one step away.
//!
//! A trust policy names some; where it names an account of the models, the principals of that account
//! are asked who may assume the role.

use trailwarden_account::access::{Principal, World};
use trailwarden_account::{Kind, Model};
use trailwarden_model::AccountId;
use trailwarden_policy::document::Effect;
use trailwarden_policy::evaluate::Truth;
use trailwarden_policy::trust::{self, Gained, Who};

use crate::cli::can::question::Question;
use crate::cli::state::{Deed, Target};

/// Who are asked whether they may enter, over all roles. Beyond it, the account alone is named.
const ASKED_MAX: usize = 100_000;
/// Principals of one account that are named for a role.
const NAMED_MAX: usize = 12;

/// The doors of roles.
pub(super) struct Doors<'d> {
    world: World<'d>,
    /// Principals of an account with a statement that lets them assume some role.
    movers: Vec<(AccountId, Vec<Question<'d>>)>,
    asked: usize,
}

impl<'d> Doors<'d> {
    pub(super) fn of(world: World<'d>) -> Self {
        Self { world, movers: Vec::new(), asked: 0 }
    }

    /// Who may enter a role, in words.
    pub(super) fn of_role(&mut self, model: &Model, role: &Principal) -> Vec<String> {
        let Some(found) = model.identity(&role.id) else { return Vec::new() };
        let Some(document) = self.world.trust(model, found) else {
            return vec!["not known, since its trust policy has not been seen".to_owned()];
        };
        let mut names = Vec::new();
        for Gained { grant, .. } in trust::gained(None, &document, Some(role.account)) {
            let mark = if grant.conditions.is_empty() { "" } else { " (conditional)" };
            match &grant.who {
                Who::Account(account) if self.world.model(*account).is_some() => {
                    names.extend(self.of_account(*account, role, mark));
                }
                who => names.push(format!("{}{mark}", self.in_words(who))),
            }
        }
        if names.is_empty() {
            names.push("nobody".to_owned());
        }
        names.sort();
        names.dedup();
        names
    }

    fn of_account(&mut self, account: AccountId, role: &Principal, mark: &str) -> Vec<String> {
        let whole = || vec![format!("account {account}{mark}")];
        if !self.movers.iter().any(|(known, _)| *known == account) {
            let movers = movers(self.world, account);
            self.movers.push((account, movers));
        }
        let Some((_, movers)) = self.movers.iter().find(|(known, _)| *known == account) else {
            return whole();
        };
        self.asked += movers.len();
        if self.asked > ASKED_MAX {
            return whole();
        }
        let deed = Deed {
            action: "sts:AssumeRole".to_owned(),
            known: None,
            target: Target::One(role.likely_arn()),
        };
        let able = movers.iter().filter(|mover| {
            let side = mover.side(&deed, None);
            let context = mover.keys(&deed, None);
            let request = mover.request(&deed, None, &context);
            let decided = request.map(|request| mover.decide(request, &side).decision.allowed);
            decided.is_some_and(|allowed| allowed != Truth::False)
        });
        let mut names: Vec<String> = able
            .map(|mover| format!("{}{mark}", self.label(&mover.standing.principal, role)))
            .collect();
        if names.len() > NAMED_MAX {
            let more = names.len() - NAMED_MAX;
            names.truncate(NAMED_MAX);
            names.push(format!("{more} more of account {account}"));
        }
        if names.is_empty() {
            vec![format!("account {account}, where nobody seen may{mark}")]
        } else {
            names
        }
    }

    fn label(&self, mover: &Principal, role: &Principal) -> String {
        match mover.account == role.account {
            true => mover.label.clone(),
            false => format!("{} of {}", mover.label, mover.account),
        }
    }

    fn in_words(&self, who: &Who) -> String {
        match who {
            Who::Anyone => "anyone".to_owned(),
            Who::Account(account) => format!("account {account}"),
            Who::Principal { account, arn } => {
                let model = account.and_then(|account| self.world.model(account));
                let found = model.and_then(|model| model.find_arn(arn));
                match found {
                    Some(_) => arn.clone(),
                    None => format!("{arn}, which is not known"),
                }
            }
            Who::UniqueId(id) => format!("{id}, which was deleted"),
            Who::Service(name) | Who::Saml(name) | Who::Oidc(name) => name.clone(),
            Who::Canonical(name) | Who::Other(name) => name.clone(),
        }
    }
}

/// Principals with a statement about assuming roles.
fn movers<'d>(world: World<'d>, account: AccountId) -> Vec<Question<'d>> {
    let Some(model) = world.model(account) else { return Vec::new() };
    let movers = model.principals().filter(|one| one.kind != Kind::Root).filter_map(|identity| {
        let question = Question::about(world, account, &identity.id)?;
        let may = question.standing.held.policies.iter().any(|policy| {
            let document = policy.document.value().and_then(|text| text.document().ok());
            document.is_some_and(|document| {
                document.statements.iter().any(|statement| {
                    statement.effect == Effect::Allow && statement.covers_action("sts:AssumeRole")
                })
            })
        });
        may.then_some(question)
    });
    movers.collect()
}
