//! On how much a principal may do something, where no single resource is named.

use trailwarden_account::Standing;
use trailwarden_account::access::Level;
use trailwarden_policy::document::Effect;
use trailwarden_policy::evaluate::{
    Caller, Compiled, Context, Entity, Input, Outcome, Request, decide,
};
use trailwarden_policy::reach::{
    Actions, Area, Areas, Conditions, Glob, Grant, Precision, Predicate, Reach,
};
use trailwarden_policy::{Document, PolicyKind, Statement};

use crate::cli::state::{Deed, Target, pattern};

/// On how much.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Extent {
    /// On everything that was asked about.
    All,
    /// On some of it.
    Some,
    /// On nothing.
    None,
}

/// What the reach of a principal says about an action.
pub(crate) struct Reached {
    pub(crate) extent: Extent,
    /// What is allowed of it, conditions and all.
    pub(crate) grants: Vec<Grant>,
    /// Whether all of it stands under conditions of which it is not known whether they hold.
    pub(crate) is_conditional: bool,
    /// The keys of these conditions.
    pub(crate) keys: Vec<String>,
    pub(crate) precision: Precision,
    /// Kinds of resource that the call needs besides, on which nothing is allowed.
    pub(crate) lacking: Vec<&'static str>,
    /// Of nothing, what the identity policies would allow but for a cap.
    pub(crate) capped_by: Option<Cap>,
}

/// A layer that lets through nothing of what the identity policies allow.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Cap {
    /// The permissions boundary.
    Boundary,
    /// The SCPs of a level, the root being 0.
    Scp {
        level: usize,
        /// Whether they would allow it but for a Deny of theirs.
        is_denied: bool,
    },
    /// The policies that the session began with.
    Session,
    /// No layer alone.
    Together,
}

impl Extent {
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::All => "all",
            Self::Some => "some",
            Self::None => "none",
        }
    }
}

impl Reached {
    /// Asks the reach of a principal whose requests have these keys.
    pub(crate) fn of(standing: &Standing, deed: &Deed, context: &Context) -> Self {
        let wanted = Actions::of(std::slice::from_ref(&deed.action));
        let asked = asked(standing, deed);
        let reach = standing.reach();
        let forms: Vec<String> = match deed.target {
            Target::Any => deed.forms().into_iter().map(pattern).collect(),
            Target::Pattern(_) | Target::One(_) | Target::NoResource => Vec::new(),
        };
        let is_kind = |area: &Area| forms.iter().any(|form| may_name(area, form));
        let meets = |areas: &Areas| {
            asked.iter().any(|one| one.intersects(areas))
                && (forms.is_empty() || areas.iter().any(is_kind))
        };
        let grants: Vec<(Grant, Option<bool>)> = reach
            .grants()
            .iter()
            .filter(|grant| meets(&grant.resources))
            .filter_map(|grant| {
                let actions = grant.actions.intersect(&wanted);
                let resources = match (&deed.target, asked.as_slice()) {
                    (Target::Pattern(_), [one]) => grant.resources.intersect(one),
                    _ => grant.resources.clone(),
                };
                let is_some = !actions.is_empty() && !resources.is_empty();
                let conditions = grant.conditions.clone();
                is_some.then_some(Grant { actions, resources, conditions })
            })
            .map(|grant| (holds(&grant.conditions, context), grant))
            .filter(|(holds, _)| *holds != Some(false))
            .map(|(holds, grant)| (grant, holds))
            .collect();
        let sure = grants.iter().filter(|(_, holds)| *holds == Some(true));
        let sure = Areas::of(sure.flat_map(|(grant, _)| grant.resources.iter().cloned()));
        let is_conditional = !grants.is_empty() && sure.is_empty();
        let keys = if is_conditional { keys(&grants) } else { Vec::new() };
        let grants: Vec<Grant> = grants.into_iter().map(|(grant, _)| grant).collect();
        let all = Areas::of(grants.iter().flat_map(|grant| grant.resources.iter().cloned()));
        let extent = if grants.is_empty() {
            Extent::None
        } else if asked.iter().all(|one| if is_conditional { &all } else { &sure }.covers(one)) {
            Extent::All
        } else {
            Extent::Some
        };
        let capped_by = match extent {
            Extent::None => cap(standing, &wanted, &asked),
            Extent::All | Extent::Some => None,
        };
        let lacking = match (&deed.target, extent) {
            (Target::Any, Extent::Some) => lacking(deed, &all),
            _ => Vec::new(),
        };
        let precision = reach.precision();
        Self { extent, grants, is_conditional, keys, precision, lacking, capped_by }
    }
}

/// The kinds of resource that a call needs and that none of the areas meets.
fn lacking(deed: &Deed, areas: &Areas) -> Vec<&'static str> {
    let types = deed.known.into_iter().flat_map(|action| action.resource_types());
    let needed = types.filter(|one| one.is_required()).map(|one| one.resource_type());
    let is_met = |form: &str| areas.iter().any(|area| may_name(area, &pattern(form)));
    needed.filter(|one| !one.arn_patterns().any(is_met)).map(|one| one.name()).collect()
}

/// Whether an area may hold an ARN of a form, by the part that tells the kind: a `*` for the region may
/// be any text, also one with further colons, which real ARNs do not have.
fn may_name(area: &Area, form: &str) -> bool {
    let kind = |text: &str| text.splitn(6, ':').nth(5).map(Glob::with_variables);
    let Some(form) = kind(form) else { return true };
    area.within().iter().all(|glob| kind(&glob.to_string()).is_none_or(|own| own.intersects(&form)))
}

/// What keeps back all that the identity policies allow of it; none when they allow nothing.
fn cap(standing: &Standing, wanted: &Actions, asked: &[Areas]) -> Option<Cap> {
    let lets_through = |reach: &Reach| {
        reach.grants().iter().any(|grant| {
            grant.actions.intersects(wanted)
                && asked.iter().any(|one| one.intersects(&grant.resources))
        })
    };
    if !lets_through(standing.identity_reach()) {
        return None;
    }
    let limits = standing.limits();
    if limits.boundary.as_ref().is_some_and(|boundary| !lets_through(boundary)) {
        return Some(Cap::Boundary);
    }
    if limits.session.as_ref().is_some_and(|session| !lets_through(session)) {
        return Some(Cap::Session);
    }
    let level = limits.scps.iter().position(|level| !lets_through(level));
    Some(level.map_or(Cap::Together, |level| {
        let allowed = standing.scps.levels.get(level).map(allowed_alone);
        Cap::Scp { level, is_denied: allowed.is_some_and(|allowed| lets_through(&allowed)) }
    }))
}

/// What the Allow statements of a level would let through if it denied nothing.
fn allowed_alone(level: &Level) -> Reach {
    let texts = level.policies.iter().filter_map(|(_, text)| text.value());
    let documents: Vec<Document> = texts
        .filter_map(|text| text.document().ok())
        .map(|document| {
            let statements = document.statements.iter().filter(|one| one.effect == Effect::Allow);
            Document { statements: statements.cloned().collect(), ..Document::default() }
        })
        .collect();
    Reach::of(&documents)
}

/// What is asked about: a pattern, or each form that the action's resources take in the account.
fn asked(standing: &Standing, deed: &Deed) -> Vec<Areas> {
    let areas = |text: &str| Areas::of_globs(Glob::resource(text, false));
    if let Target::Pattern(pattern) = &deed.target {
        return vec![areas(pattern)];
    }
    let principal = &standing.principal;
    let account = principal.account.to_string();
    let own = |form: &&str| {
        let form = form.replace("${Partition}", &principal.partition);
        areas(&pattern(&form.replace("${Account}", &account)))
    };
    let forms = deed.forms();
    if forms.is_empty() { vec![Areas::any()] } else { forms.iter().map(own).collect() }
}

/// Whether conditions hold with these keys; none when that is not known.
fn holds(conditions: &Conditions, context: &Context) -> Option<bool> {
    let mut is_sure = true;
    for predicate in conditions.all() {
        match holds_one(predicate, context) {
            Some(true) => {}
            Some(false) => return Some(false),
            None => is_sure = false,
        }
    }
    for group in conditions.unless() {
        let each: Vec<Option<bool>> = group.iter().map(|one| holds_one(one, context)).collect();
        if each.contains(&Some(false)) {
            continue;
        }
        if each.iter().all(|one| *one == Some(true)) {
            return Some(false);
        }
        is_sure = false;
    }
    is_sure.then_some(true)
}

fn holds_one(predicate: &Predicate, context: &Context) -> Option<bool> {
    let statement = Statement {
        conditions: vec![predicate.to_condition()],
        ..Statement::allowing_everything()
    };
    let document = Document {
        version: Some("2012-10-17".to_owned()),
        statements: vec![statement],
        ..Document::default()
    };
    let identity = [Compiled::new("", &document, PolicyKind::Identity)];
    let entity = Entity { arn: "", partition: "", account: "000000000000", name: "" };
    let request = Request::new(Caller::User(entity), "s3:ListAllMyBuckets", "*", context);
    match decide(&Input { identity: &identity, ..Input::new(request) }) {
        Outcome::Allow => Some(true),
        Outcome::ImplicitDeny | Outcome::ExplicitDeny => Some(false),
        Outcome::Unknown => None,
    }
}

fn keys(grants: &[(Grant, Option<bool>)]) -> Vec<String> {
    let mut keys: Vec<String> = Vec::new();
    for (grant, _) in grants {
        let groups = grant.conditions.unless().iter().flatten();
        for predicate in grant.conditions.all().iter().chain(groups) {
            let key = predicate.key();
            if !keys.iter().any(|known| known.eq_ignore_ascii_case(key)) {
                keys.push(key.to_owned());
            }
        }
    }
    keys.sort();
    keys
}
