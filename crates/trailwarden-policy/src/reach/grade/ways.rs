//! How far the actions of a known way to more permissions are granted together.

use super::super::area::Area;
use super::super::clause::Conditions;
use super::super::escalations::{Escalation, Route};
use super::super::glob::{Glob, Token};
use super::super::grant::Grant;
use super::super::home::regions_of_iam;
use super::super::relevance::{is_open, meets};
use super::equals;
use crate::facts::{Action, facts};

/// How a way is held, from least to most.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Held {
    No,
    /// All actions, but on named targets only.
    OnTarget,
    Conditionally,
    Yes,
}

/// How far the actions of a way are granted to the user of that name, if it is one.
pub(super) fn held(grants: &[Grant], escalation: &Escalation, user: Option<&str>) -> Held {
    let each = escalation.actions.iter().map(|action| {
        let is_pass = *action == "iam:PassRole";
        let assumed: Vec<Conditions> = match is_pass {
            true => escalation.passed_to.iter().filter_map(|to| passed_to(to)).collect(),
            false => vec![Conditions::none()],
        };
        let counts = |area: &Area, action: &Action| match escalation.route {
            Route::OwnPolicy | Route::Situational => true,
            Route::Credentials => !is_oneself(area, user),
            Route::NewCarrier => !is_pass || is_open(area, action),
            Route::AssumeRole | Route::ExistingCarrier => is_open(area, action),
        };
        action_held(grants, action, &assumed, counts)
    });
    each.min().unwrap_or(Held::No)
}

/// How far an action is granted on whatever there is.
pub(super) fn control_of(grants: &[Grant], action: &str) -> Held {
    let counts = |area: &Area, action: &Action| area.except().is_empty() && is_open(area, action);
    match action_held(grants, action, &[Conditions::none()], counts) {
        Held::OnTarget => Held::No,
        held => held,
    }
}

/// How far one action is granted, where one of the assumed conditions is given.
fn action_held(
    grants: &[Grant],
    name: &str,
    assumed: &[Conditions],
    counts: impl Fn(&Area, &Action) -> bool,
) -> Held {
    // Every action of the tables here is known; a test says so.
    let Some(action) = facts().action(name) else {
        return Held::No;
    };
    let mut best = Held::No;
    for grant in grants.iter().filter(|grant| grant.actions.known().contains(action.id())) {
        if is_of_iam(action) && !is_where_iam_is(&grant.conditions) {
            continue;
        }
        let fits = |given: &&Conditions| given.and(&grant.conditions).is_some();
        let mut met = grant.resources.iter().filter(|area| meets(area, action)).peekable();
        let held = if met.peek().is_none() || !assumed.iter().any(|given| fits(&given)) {
            Held::No
        } else if !met.any(|area| counts(area, action)) {
            Held::OnTarget
        } else if assumed.iter().any(|given| given.implies(&grant.conditions)) {
            Held::Yes
        } else {
            Held::Conditionally
        };
        best = best.max(held);
        if best == Held::Yes {
            break;
        }
    }
    best
}

/// Whether calls of the action go to IAM itself: to pass a role is asked within the call of another
/// service.
fn is_of_iam(action: &Action) -> bool {
    action.prefix() == "iam" && action.full_name() != "iam:PassRole"
}

/// Whether calls of IAM may meet the conditions: all of them are made to one region, so that a limit to
/// others leaves nothing of IAM. Of which partition the account is, no policy says; where that is known,
/// such conditions are decided before ([`super::super::Reach::in_account`]).
///
/// Source: IAM User Guide, "AWS global condition context keys", `aws:RequestedRegion`.
fn is_where_iam_is(conditions: &Conditions) -> bool {
    const KEY: &str = "aws:requestedregion";
    !conditions.ask_about(KEY)
        || regions_of_iam().any(|region| {
            equals("aws:RequestedRegion", region)
                .is_none_or(|given| given.and(conditions).is_some())
        })
}

/// The condition under which a role goes to this service.
///
/// Source: IAM User Guide, "IAM and AWS STS condition context keys", `iam:PassedToService`.
fn passed_to(service: &str) -> Option<Conditions> {
    equals("iam:PassedToService", service)
}

/// Whether the area is the caller's own user, by the policy variable for it or by name.
fn is_oneself(area: &Area, user: Option<&str>) -> bool {
    let is_named = |glob: &Glob, name: &str| {
        let text = glob.to_string();
        let path = text.split_once(":user/").map(|(_, path)| path);
        path.is_some_and(|path| {
            let own = path.rsplit('/').next().unwrap_or_default();
            !path.contains(['*', '?', '$']) && own.eq_ignore_ascii_case(name)
        })
    };
    area.within().iter().any(|glob| {
        glob.tokens().last() == Some(&Token::Variable("aws:username".to_owned()))
            || user.is_some_and(|name| is_named(glob, name))
    })
}
