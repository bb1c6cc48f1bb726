//! Goes through all policies once and notes, for each layer, what it says.

use super::caller::Caller;
use super::compile::{Compiled, Rule};
use super::decision::Layer;
use super::request::Input;
use super::truth::Truth;
use super::who::Grades;
use crate::document::Effect;
use crate::facts::facts;

/// What one layer says.
#[derive(Debug, Clone, Copy)]
pub(super) struct Tally {
    pub(super) allow: Grades,
    pub(super) deny: Truth,
}

/// A statement that says something, or may.
#[derive(Debug, Clone, Copy)]
pub(super) struct Hit<'a> {
    pub(super) layer: Layer,
    pub(super) level: Option<usize>,
    pub(super) policy: &'a Compiled,
    pub(super) index: usize,
    pub(super) rule: &'a Rule,
    pub(super) truth: Truth,
}

/// Who listens to the statements. The same walk serves those who want an outcome and those who
/// want its proof, so the two cannot disagree.
pub(super) trait Sink<'a> {
    /// Whether every statement is asked, or only as many as decide.
    const WANTS_ALL: bool;
    fn hit(&mut self, hit: Hit<'a>);
}

/// For an outcome alone.
pub(super) struct Nobody;

impl Sink<'_> for Nobody {
    const WANTS_ALL: bool = false;
    fn hit(&mut self, _: Hit<'_>) {}
}

impl<'a> Sink<'a> for Vec<Hit<'a>> {
    const WANTS_ALL: bool = true;
    fn hit(&mut self, hit: Hit<'a>) {
        self.push(hit);
    }
}

/// What every layer says.
#[derive(Debug, Clone, Copy)]
pub(super) struct Survey {
    pub(super) identity: Tally,
    pub(super) resource: Tally,
    pub(super) boundary: Tally,
    pub(super) session: Tally,
    pub(super) scp: Tally,
    /// The first level of SCPs that does not allow.
    pub(super) scp_level: Option<usize>,
    pub(super) rcp: Tally,
    pub(super) endpoint: Tally,
}

impl Tally {
    /// Nothing is said.
    const SILENT: Self = Self { allow: Grades::NONE, deny: Truth::False };
    /// A cap that is not there.
    const OPEN: Self = Self { allow: Grades::DIRECT, deny: Truth::False };

    /// There may be more that allows, and more that denies.
    fn and_more(self) -> Self {
        let unknown = Grades::DIRECT.and(Truth::Unknown);
        Self { allow: self.allow.or(unknown), deny: self.deny.or(Truth::Unknown) }
    }

    /// There may be a cap that does not allow, or one that denies.
    fn and_more_caps(self) -> Self {
        Self { allow: self.allow.and(Truth::Unknown), deny: self.deny.or(Truth::Unknown) }
    }
}

/// Asks every policy that has a say.
pub(super) fn survey<'a, S: Sink<'a>>(input: &Input<'a>, sink: &mut S) -> Survey {
    let in_account = input.request.caller.entity().is_some();
    let own = |layer, policies: &'a [Compiled], sink: &mut S| {
        if in_account { tally(input, layer, None, policies, sink) } else { Tally::SILENT }
    };
    let cap = |layer, policies: &'a [Compiled], applies: bool, sink: &mut S| {
        if !applies {
            return Tally::OPEN;
        }
        let given = match policies {
            [] => Tally::OPEN,
            policies => tally(input, layer, None, policies, sink),
        };
        if input.is_unknown(layer) { given.and_more_caps() } else { given }
    };
    let more = |layer, given: Tally| {
        if input.is_unknown(layer) { given.and_more() } else { given }
    };
    let identity = own(Layer::Identity, input.identity, sink);
    let resource = match input.resource {
        Some(policy) => tally(input, Layer::Resource, None, std::slice::from_ref(policy), sink),
        None => Tally::SILENT,
    };
    let (scp, scp_level) = scps(input, sink);
    Survey {
        identity: if in_account { more(Layer::Identity, identity) } else { identity },
        resource: more(Layer::Resource, resource),
        boundary: cap(Layer::Boundary, input.boundary, in_account, sink),
        session: cap(Layer::Session, input.session, in_account, sink),
        scp,
        scp_level,
        rcp: rcps(input, sink),
        endpoint: cap(Layer::Endpoint, input.endpoint, true, sink),
    }
}

/// Every level must allow.
///
/// Source: AWS Organizations User Guide, "SCP evaluation" and "Service control policies" (tasks
/// and entities not restricted by SCPs).
fn scps<'a, S: Sink<'a>>(input: &Input<'a>, sink: &mut S) -> (Tally, Option<usize>) {
    if !scps_apply(input) {
        return (Tally::OPEN, None);
    }
    let (levels, closed) = levels(input, Layer::Scp, input.scps, sink);
    let tally = if input.is_unknown(Layer::Scp) { levels.and_more_caps() } else { levels };
    (tally, closed)
}

/// AWS's own RCP allows everything at every level, so only denies count.
fn rcps<'a, S: Sink<'a>>(input: &Input<'a>, sink: &mut S) -> Tally {
    let applies = rcps_apply(input);
    if applies.is_false() || (input.rcps.is_empty() && !input.is_unknown(Layer::Rcp)) {
        return Tally::OPEN;
    }
    let mut deny = levels(input, Layer::Rcp, input.rcps, sink).0.deny;
    if input.is_unknown(Layer::Rcp) {
        deny = deny.or(Truth::Unknown);
    }
    Tally { allow: Grades::DIRECT, deny: deny.and(applies) }
}

/// All levels together, and the first that does not allow.
fn levels<'a, S: Sink<'a>>(
    input: &Input<'a>,
    layer: Layer,
    levels: &'a [Vec<Compiled>],
    sink: &mut S,
) -> (Tally, Option<usize>) {
    let mut all = Tally::OPEN;
    let mut closed = None;
    for (level, policies) in levels.iter().enumerate() {
        let one = tally(input, layer, Some(level), policies, sink);
        let allow = one.allow.any();
        if allow.is_false() {
            closed = closed.or(Some(level));
        }
        all.allow = all.allow.and(allow);
        all.deny = all.deny.or(one.deny);
    }
    (all, closed)
}

/// SCPs bind users and roles of member accounts, their root users among them.
fn scps_apply(input: &Input<'_>) -> bool {
    let circumstances = &input.circumstances;
    input.request.caller.entity().is_some()
        && !circumstances.caller_in_management_account
        && !is_service_linked(input)
}

fn is_service_linked(input: &Input<'_>) -> bool {
    input.circumstances.service_linked_role || input.request.caller.is_service_linked_role()
}

/// Source: AWS Organizations User Guide, "Resource control policies" (services that support them;
/// resources and entities not restricted by RCPs).
fn rcps_apply(input: &Input<'_>) -> Truth {
    let circumstances = &input.circumstances;
    let request = &input.request;
    if circumstances.resource_in_management_account
        || circumstances.aws_managed_key
        || is_service_linked(input)
        || request.is("kms:RetireGrant")
    {
        return Truth::False;
    }
    match facts().service(&request.service().to_ascii_lowercase()) {
        Some(service) => service.supports_rcp().into(),
        None => Truth::Unknown,
    }
}

/// What the statements of some policies say together: one that allows is enough.
fn tally<'a, S: Sink<'a>>(
    input: &Input<'a>,
    layer: Layer,
    level: Option<usize>,
    policies: &'a [Compiled],
    sink: &mut S,
) -> Tally {
    let request = &input.request;
    let bounded = !input.boundary.is_empty()
        && matches!(request.caller, Caller::User(_) | Caller::Role(_) | Caller::Session { .. });
    let mut all = Tally::SILENT;
    for policy in policies {
        if !policy.is_complete() {
            all = all.and_more();
        }
        for (index, rule) in policy.rules().iter().enumerate() {
            if !rule.is_definite {
                continue;
            }
            let truth = match rule.effect {
                Effect::Allow if all.allow.direct.is_true() && !S::WANTS_ALL => continue,
                Effect::Allow => {
                    let grades = rule.allows(request);
                    all.allow = all.allow.or(grades);
                    grades.any()
                }
                Effect::Deny => {
                    let truth = rule.denies(request, bounded);
                    all.deny = all.deny.or(truth);
                    truth
                }
            };
            if !truth.is_false() {
                sink.hit(Hit { layer, level, policy, index, rule, truth });
            }
        }
    }
    all
}
