//! Roles through what carries them: handed to something new, or held by something that is there.

use std::sync::Arc;

use trailwarden_policy::evaluate::{Caller, Context, Input, Request, evaluate};
use trailwarden_policy::facts::{self, Action};
use trailwarden_policy::reach::Reach;
use trailwarden_policy::trust::Who;
use trailwarden_policy::{Document, Statement};

use super::answer::{Proof, better};
use super::digest::Mask;
use super::source::{On, Source};
use super::target::{Target, Trust};
use crate::techniques::carriers::thing_of;
use crate::techniques::{self, Pattern, Technique};

/// A technique with all of its actions allowed but for the role.
#[derive(Debug)]
pub(super) struct Way {
    technique: &'static Technique,
    proof: Proof,
}

/// So many grants are looked at for a place where an action is allowed.
const GRANTS_MAX: usize = 32;

impl Source {
    /// The carriers that he can make or use.
    pub(super) fn carriers(&self) -> &[Way] {
        self.ways.get_or_init(|| {
            let rows = techniques::all().iter().filter(|row| {
                matches!(row.pattern, Pattern::NewCarrier | Pattern::ExistingCarrier)
                    && self.mask.covers(Mask::of(row.actions))
            });
            rows.filter_map(|row| way(self, row)).collect()
        })
    }

    /// Whether an action is allowed on something of its kind, whatever its name.
    pub(super) fn ask_anywhere(
        &self,
        action: &'static str,
        keys: &[(&str, Option<&str>)],
    ) -> Option<Proof> {
        let known = facts::facts().action(action)?;
        if known.is_wildcard_only() {
            return self.ask(action, On::thing(&"*".into(), action), keys);
        }
        let required = known.resource_types().filter(|used| used.is_required());
        let required: Vec<_> = required.map(|used| used.resource_type()).collect();
        if required.is_empty() {
            let all: Vec<String> = known
                .resource_types()
                .flat_map(|used| used.resource_type().arn_patterns())
                .map(|pattern| self.filled(pattern))
                .collect();
            return self.ask_on_one_of(known, action, all, keys);
        }
        let mut whole: Option<Proof> = None;
        for kind in required {
            let patterns = kind.arn_patterns().map(|pattern| self.filled(pattern)).collect();
            let proof = self.ask_on_one_of(known, action, patterns, keys)?;
            whole = Some(match whole {
                None => proof,
                // One call, one step; what else it depends on adds up.
                Some(whole) => Proof {
                    doubts: [whole.doubts, proof.doubts].concat(),
                    steps: whole.steps,
                },
            });
        }
        whole
    }

    fn ask_on_one_of(
        &self,
        known: &Action,
        action: &'static str,
        patterns: Vec<String>,
        keys: &[(&str, Option<&str>)],
    ) -> Option<Proof> {
        let statement = Statement {
            actions: vec![known.full_name().to_owned()],
            resources: patterns,
            ..Statement::allowing_everything()
        };
        let document = Document { statements: vec![statement], ..Document::default() };
        let here = self.standing.reach().intersect(&Reach::of([&document]));
        let places = here.grants().iter().flat_map(|grant| grant.resources.iter());
        let mut found = None;
        for area in places.take(GRANTS_MAX) {
            let Some(text) = area.witness() else { continue };
            let arn: Arc<str> = text.into();
            found = better(found, || self.ask(action, On::thing(&arn, &arn), keys));
        }
        found
    }

    /// The ARN pattern of a type with what is known of it put in.
    fn filled(&self, pattern: &str) -> String {
        let principal = &self.standing.principal;
        let mut out = String::new();
        let mut rest = pattern;
        while let Some((before, after)) = rest.split_once("${") {
            out.push_str(before);
            let (name, behind) = after.split_once('}').unwrap_or((after, ""));
            match name {
                "Partition" => out.push_str(&principal.partition),
                "Account" => out.push_str(&principal.account.to_string()),
                _ => out.push('*'),
            }
            rest = behind;
        }
        out.push_str(rest);
        out
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
    source: &Source,
    target: &Target,
    put: &mut impl FnMut(&'static str, Option<Proof>),
) {
    if !target.may_trust_services() || source.carriers().is_empty() {
        return;
    }
    let mut passed: Vec<(&'static str, Option<Proof>)> = Vec::new();
    for way in source.carriers() {
        let technique = way.technique;
        let mut found = None;
        for service in technique.services {
            if technique.pattern == Pattern::ExistingCarrier {
                found = better(found, || held(target, service, way));
                continue;
            }
            let known = passed.iter().find(|(known, _)| known == service).map(|(_, one)| one.clone());
            let pass = known.unwrap_or_else(|| {
                let one = pass(source, target, service);
                passed.push((service, one.clone()));
                one
            });
            let pass = pass.map(|pass| {
                let needs_profile = *service == "ec2.amazonaws.com"
                    && target.profiles.is_empty()
                    && !matches!(technique.id, "x-ec2-02" | "x-iam-17");
                let whole = pass.and(way.proof.clone());
                match needs_profile {
                    true => {
                        whole.provided(format!("an instance profile holds {}", target.label))
                    }
                    false => whole,
                }
            });
            found = better(found, || pass);
        }
        put(technique.id, found);
    }
}

/// The role, if something of the service that can be used has it.
fn held(target: &Target, service: &'static str, way: &Way) -> Option<Proof> {
    let doubts = serves(target, service)?;
    let mut proof = way.proof.clone();
    proof.doubts.extend(doubts);
    Some(proof.provided(format!("{} has {}", thing_of(service), target.label)))
}

fn pass(source: &Source, target: &Target, service: &'static str) -> Option<Proof> {
    let doubts = match &target.trust {
        Trust::Unknown => {
            let label = &target.label;
            vec![format!("the trust policy of {label}, which is not known, names {service}")]
        }
        _ => serves(target, service)?,
    };
    let keys = [("iam:PassedToService", Some(service))];
    let mut proof = source.ask("iam:PassRole", target.on(), &keys)?;
    proof.doubts.extend(doubts);
    Some(proof)
}

/// Whether the role lets a service of its own account in; with what that depends on.
fn serves(target: &Target, service: &str) -> Option<Vec<String>> {
    let Trust::Known { compiled, grants } = &target.trust else { return None };
    // In China, services also go by names of that partition.
    let is_it = |named: &str| named == service || named.strip_suffix(".cn") == Some(service);
    let names = grants.iter().filter_map(|grant| match &grant.who {
        Who::Service(named) if is_it(named) => Some((named.as_str(), grant.conditions.is_empty())),
        Who::Anyone => Some((service, false)),
        _ => None,
    });
    let account = target.account.to_string();
    let context = Context::incomplete()
        .with("aws:SourceAccount", &account)
        .with("aws:PrincipalIsAWSService", "true");
    for (name, _) in names {
        let request = Request::new(Caller::Service(name), "sts:AssumeRole", &target.arn, &context);
        let decision = evaluate(&Input { resource: Some(compiled), ..Input::new(request) });
        if decision.allowed.is_false() {
            continue;
        }
        let keys = decision.missing_context.iter();
        return Some(keys.map(|key| super::answer::of_key(key, &target.label)).collect());
    }
    None
}
