//! The roles that somebody may enter, where no role is named.

use trailwarden_account::Kind;
use trailwarden_policy::evaluate::{Outcome, Truth};
use trailwarden_policy::pattern::resource_matches;

use super::question::Question;
use crate::cli::state::{Deed, Target};

/// Roles of the models, by ARN.
pub(crate) struct Roles {
    /// That let him in.
    pub(crate) may: Vec<String>,
    /// Of which that is not known.
    pub(crate) perhaps: Vec<String>,
}

impl Roles {
    /// Asks each role of the models that fits.
    pub(super) fn of(question: &Question<'_>, target: &Target) -> Self {
        let mut roles = Self { may: Vec::new(), perhaps: Vec::new() };
        for model in question.world.models() {
            for role in model.of_kind(Kind::Role) {
                let Some(found) = question.world.standing(model.account(), &role.id) else {
                    continue;
                };
                let arn = found.principal.likely_arn();
                let fits = match target {
                    Target::Pattern(pattern) => resource_matches(pattern, &arn),
                    Target::Any | Target::One(_) | Target::NoResource => true,
                };
                if !fits || arn == question.caller {
                    continue;
                }
                let deed = Deed {
                    action: "sts:AssumeRole".to_owned(),
                    known: None,
                    target: Target::One(arn.clone()),
                };
                let (side, context) = (question.side(&deed, None), question.keys(&deed, None));
                let Some(request) = question.request(&deed, None, &context) else { continue };
                let decision = question.decide(request, &side).decision;
                match (decision.outcome, decision.allowed) {
                    (Outcome::Allow, _) => roles.may.push(arn),
                    (_, Truth::False) => {}
                    _ => roles.perhaps.push(arn),
                }
            }
        }
        roles
    }
}
