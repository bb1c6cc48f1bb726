//! Roles through what carries them: handed to something new, or held by something that is there.

use std::sync::{Arc, LazyLock};

use trailwarden_policy::evaluate::{Caller, Context, Input, Request, evaluate};
use trailwarden_policy::reach;
use trailwarden_policy::trust::Who;

use super::access::Cx;
use super::answer::{Proof, better};
use super::digest::Mask;
use super::source::Source;
use super::target::{Target, Trust};
use crate::techniques::carriers::{COGNITO, thing_of};
use crate::techniques::{self, Pattern, Technique};

/// A technique with all of its actions allowed but for the role.
#[derive(Debug)]
pub(super) struct Way {
    technique: &'static Technique,
    proof: Proof,
}

/// All carriers, with the actions that they need.
static CARRIERS: LazyLock<Vec<(&'static Technique, Mask)>> = LazyLock::new(|| {
    let is_one =
        |row: &&Technique| matches!(row.pattern, Pattern::NewCarrier | Pattern::ExistingCarrier);
    techniques::all().iter().filter(is_one).map(|row| (row, Mask::of(row.actions))).collect()
});

impl PartialEq for Way {
    fn eq(&self, other: &Self) -> bool {
        self.technique.id == other.technique.id && self.proof == other.proof
    }
}

impl Way {
    /// Whether it depends on another role than the one that it leads to.
    pub(super) fn needs_companion(&self) -> bool {
        self.technique.companion.is_some()
    }
}

impl Source {
    /// The carriers that he can make or use.
    pub(super) fn carriers(&self) -> &[Way] {
        self.ways.get_or_init(|| {
            let rows = CARRIERS.iter().filter(|(_, needed)| self.mask.covers(*needed));
            reach::apart(|| {
                reach::together(|| rows.filter_map(|(row, _)| way(self, row)).collect())
            })
        })
    }
}

fn way(source: &Source, technique: &'static Technique) -> Option<Way> {
    let mut proof = Proof::default();
    for action in technique.actions.iter().filter(|action| **action != "iam:PassRole") {
        proof = proof.and(source.ask_anywhere(action, &[])?);
    }
    for doubt in technique.doubts {
        let settled = doubt.settled_by.iter().find_map(|actions| {
            let all = actions.iter().map(|action| source.ask_anywhere(action, &[]));
            let all: Option<Vec<Proof>> = all.collect();
            all.filter(|all| all.iter().all(Proof::is_certain))
        });
        proof = match settled {
            Some(more) => more.into_iter().fold(proof, Proof::and),
            None => proof.provided(doubt.what),
        };
    }
    if technique.id == "x-iam-17" {
        proof = proof.provided("an instance in reach has an instance profile");
    }
    Some(Way { technique, proof })
}

/// Edges to a role by carriers.
pub(super) fn draw(
    cx: &Cx<'_>,
    source: &Source,
    target: &Target,
    put: &mut impl FnMut(&'static str, Option<Proof>),
) {
    if !target.may_trust_services() || source.carriers().is_empty() {
        return;
    }
    let mut best: Option<Held<'_>> = None;
    let mut passed: Vec<(&'static str, Option<Proof>)> = Vec::new();
    for way in source.carriers() {
        let technique = way.technique;
        if technique.pattern == Pattern::ExistingCarrier {
            let held = technique.services.iter().filter_map(|service| held(target, service, way));
            best = best.into_iter().chain(held).min_by_key(|held| held.doubts_len);
            continue;
        }
        let companion = match technique.companion.map(|service| companion(cx, source, service)) {
            None => Proof::default(),
            Some(Some(proof)) => proof,
            Some(None) => continue,
        };
        let mut found = None;
        for service in technique.services {
            let known =
                passed.iter().find(|(known, _)| known == service).map(|(_, one)| one.clone());
            let pass = known.unwrap_or_else(|| {
                let one = pass(source, target, service);
                passed.push((service, one.clone()));
                one
            });
            let pass = pass.map(|pass| {
                let needs_profile = *service == "ec2.amazonaws.com"
                    && target.profiles.is_empty()
                    && !matches!(technique.id, "x-ec2-02" | "x-iam-17");
                let whole = pass.and(companion.clone()).and(way.proof.clone());
                match needs_profile {
                    true => whole.provided(format!("an instance profile holds {}", target.label)),
                    false => whole,
                }
            });
            found = better(found, || pass);
        }
        put(technique.id, found);
    }
    // Whoever may change what runs code may often do so in ten ways; each depends on the same.
    if let Some(held) = best {
        put(held.way.technique.id, Some(held.proof(target)));
    }
}

/// A role that something of a service may have.
struct Held<'a> {
    way: &'a Way,
    service: &'static str,
    doubts: &'a [String],
    doubts_len: usize,
}

impl Held<'_> {
    fn proof(&self, target: &Target) -> Proof {
        let mut proof = self.way.proof.clone();
        proof.doubts.extend(self.doubts.iter().cloned());
        proof.provided(format!("{} has {}", thing_of(self.service), target.label))
    }
}

fn held<'a>(target: &'a Target, service: &'static str, way: &'a Way) -> Option<Held<'a>> {
    let doubts = serves(target, service)?;
    Some(Held { way, service, doubts, doubts_len: way.proof.doubts.len() + doubts.len() })
}

fn pass(source: &Source, target: &Target, service: &'static str) -> Option<Proof> {
    let doubts = match &target.trust {
        Trust::Unknown => {
            let label = &target.label;
            vec![format!("the trust policy of {label}, which is not known, names {service}")]
        }
        _ => serves(target, service)?.to_vec(),
    };
    let keys = [("iam:PassedToService", Some(service))];
    let mut proof = source.ask("iam:PassRole", target.on(), &keys)?;
    proof.doubts.extend(doubts);
    Some(proof)
}

/// The role that a service takes for itself.
fn companion(cx: &Cx<'_>, source: &Source, service: &'static str) -> Option<Proof> {
    let roles = cx.grounds.get(&source.account)?.companions();
    let passed = |found, role: Arc<Target>| better(found, || pass(source, &role, service));
    roles.into_iter().fold(None, passed)
}

/// Whether the role lets a service of its own account in; with what that depends on.
fn serves<'a>(target: &'a Target, service: &str) -> Option<&'a [String]> {
    let known = target.services.get_or_init(|| services_of(target));
    let found = known.iter().find(|(named, _)| named == service);
    let found = found.or_else(|| known.iter().find(|(named, _)| named == "*"));
    found.map(|(_, doubts)| doubts.as_slice())
}

/// The services that a role's trust lets in from its own account; `*` for any.
fn services_of(target: &Target) -> Vec<(String, Vec<String>)> {
    let Trust::Known { compiled, grants, .. } = &target.trust else { return Vec::new() };
    let account = target.account.to_string();
    let context = Context::incomplete()
        .with("aws:SourceAccount", &account)
        .with("aws:PrincipalIsAWSService", "true");
    let named = grants.iter().filter_map(|grant| match &grant.who {
        Who::Service(named) if named != COGNITO => {
            Some((named.as_str(), Caller::Service(named), "sts:AssumeRole"))
        }
        Who::Oidc(issuer) if issuer == COGNITO => {
            Some((COGNITO, Caller::Provider(COGNITO), "sts:AssumeRoleWithWebIdentity"))
        }
        // Any service will do to ask for all.
        Who::Anyone => Some(("*", Caller::Service("ec2.amazonaws.com"), "sts:AssumeRole")),
        _ => None,
    });
    let mut services = Vec::new();
    for (name, caller, action) in named {
        let request = Request::new(caller, action, &target.arn, &context);
        let decision = evaluate(&Input { resource: Some(compiled), ..Input::new(request) });
        if decision.allowed.is_false() {
            continue;
        }
        let keys = decision.missing_context.iter();
        let doubts = keys.map(|key| super::answer::of_key(key, &target.label)).collect();
        // In China, services also go by names of that partition.
        services.push((name.strip_suffix(".cn").unwrap_or(name).to_owned(), doubts));
    }
    services
}
