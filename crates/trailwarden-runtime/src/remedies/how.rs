//! What a person does where there is no plan, step by step, with the names of the finding and of its records.
//!
//! # Invariants
//! - Every answer without a plan has steps, but one that says that there is nothing to do: of a deed somebody is
//!   asked all the same. Of a call that AWS refused they are
//!   about who made it.
//! - A command that a person is to type holds each name as one word of a shell.

use sonic_rs::{JsonContainerTrait, JsonValueTrait};
use trailwarden_model::Finding;
use trailwarden_record::Event;
use trailwarden_remedy::NoPlan;
use trailwarden_remedy::people::{self, ByHand};

use super::Known;
use super::answers::Answer;
use super::evidence::fields_of;
use super::parts::by_kind;

/// Steps for a finding, and the same for any such finding.
pub(super) struct How {
    pub(super) own: Vec<String>,
    pub(super) of_all: Vec<String>,
}

const PLAN_AGAIN: &str =
    "Make the plan again with it: `trailwarden remediate plan`, with the same findings.";

/// Remediations of which the finding says enough for a person, whatever was there before.
const OF_TRUST: [&str; 2] = ["narrow-trust", "remove-trust"];

/// The remediation that is about what the caller may do.
const OF_CALLER: &str = "review-permissions";

/// The remediation that says how to read a policy, which depends on its kind.
const OF_POLICY: &str = "read-the-policy";

/// What is asked for so that a plan can be made; other questions a person settles at once.
const IS_GIVEN: [&str; 2] = ["give ", "name it with "];

impl Known<'_> {
    /// Steps with the parts of a finding and of its records.
    pub(super) fn filled(&self, finding: &Finding, steps: &[&str]) -> How {
        let part = |name: &str| self.part(finding, name);
        How { own: self.told_steps(finding, steps, &part), of_all: people::of_any(steps) }
    }

    fn part(&self, finding: &Finding, name: &str) -> Option<String> {
        let events = finding.evidence.iter();
        let mut events = events.filter_map(|one| self.history?.record(&one.event_id));
        part(finding, &mut events, name).or_else(|| self.part_of_account(finding, name))
    }

    /// The answer for a remediation that no plan does.
    pub(super) fn by_hand(&self, finding: &Finding, by_hand: &ByHand) -> Answer {
        let by_hand = meant(finding).unwrap_or(by_hand);
        let is_left = || self.is_caller_left(finding, by_hand.id);
        match self.has_happened(finding, by_hand.id).and_then(|()| is_left()) {
            Ok(()) => Answer::by_hand(finding, by_hand).with(self.how_by_hand(finding, by_hand)),
            Err(no_plan) => Answer::refused(finding, by_hand.id, &no_plan)
                .with(self.how_instead(finding, by_hand.id, &no_plan)),
        }
    }

    /// Refuses what is about a caller who was deleted since.
    fn is_caller_left(&self, finding: &Finding, remediation: &str) -> Result<(), NoPlan> {
        let caller = finding.actor.name.as_deref().filter(|_| {
            finding.actor.kind.as_deref() == Some("user") && finding.actor.session.is_none()
        });
        match caller {
            Some(user) if remediation == OF_CALLER && self.is_deleted(user) => {
                Err(NoPlan::Already(format!("`user/{user}` is gone")))
            }
            _ => Ok(()),
        }
    }

    /// What a person does for a remediation that no plan does: about the call of the finding, where somebody wrote
    /// that down; else what takes back what its records changed; else what is said of the remediation.
    fn how_by_hand(&self, finding: &Finding, by_hand: &ByHand) -> How {
        if let Some(how) = self.of_refused_call(finding, by_hand) {
            return how;
        }
        if let Some(how) = self.of_calls(finding, is_undoing(by_hand.id)) {
            return how;
        }
        let undone = self.undone_for(finding, by_hand.id);
        match undone.is_empty() {
            true => self.filled(finding, by_hand.how),
            false => self.taken_back(finding, undone),
        }
    }

    /// Steps that take back what was done, and then what to do about who did it.
    fn taken_back(&self, finding: &Finding, steps: Vec<String>) -> How {
        one(self.and_the_caller(finding, &[], one(steps)).own)
    }

    /// What takes back what a finding's records changed, where that is what a remediation does.
    fn undone_for(&self, finding: &Finding, remediation: &str) -> Vec<String> {
        match is_undoing(remediation) {
            true => self.undone_by_hand(finding),
            false => Vec::new(),
        }
    }

    /// What a person does where a remediation has no steps of a plan.
    pub(super) fn how_instead(&self, finding: &Finding, remedy: &str, no_plan: &NoPlan) -> How {
        match no_plan {
            NoPlan::Already(_) => self.afterwards(finding, remedy),
            NoPlan::Refused => self.how_refused(finding),
            NoPlan::Stopped(stop) => self.how_stopped(finding, *stop),
            NoPlan::TooEarly { due, meanwhile, .. } => {
                let last = format!("Make the plan again on {due} or later.");
                one(meanwhile.iter().cloned().chain([last]).collect())
            }
            NoPlan::Unknown { ask, .. } => {
                let mut steps = vec![format!("{}.", sentence(ask))];
                if IS_GIVEN.iter().any(|given| ask.contains(given)) {
                    steps.push(PLAN_AGAIN.to_owned());
                }
                let undone = self.undone_for(finding, remedy);
                let by_hand = people::for_remedy(remedy).filter(|it| OF_TRUST.contains(&it.id));
                let instead = match by_hand.filter(|_| undone.is_empty()) {
                    Some(by_hand) => self.filled(finding, by_hand.how).own,
                    None if undone.is_empty() => self.meanwhile(finding, remedy),
                    None => undone,
                };
                let instead = instead.into_iter().enumerate().map(|(at, step)| match at {
                    0 => format!("Or by hand, instead of what stands above. {step}"),
                    _ => step,
                });
                steps.extend(instead);
                one(steps)
            }
            NoPlan::Person(_) | NoPlan::Missing(_) | NoPlan::Call(_) => {
                if let Some(how) = self.of_calls(finding, is_undoing(remedy)) {
                    return how;
                }
                let undone = self.undone_for(finding, remedy);
                if !undone.is_empty() {
                    return self.taken_back(finding, undone);
                }
                let told = people::for_check(&finding.rule)
                    .or_else(|| by_kind(finding, remedy))
                    .or_else(|| people::for_remedy(remedy));
                match told {
                    Some(by_hand) => self.filled(finding, by_hand.how),
                    None => one(look(finding)),
                }
            }
        }
    }

    /// The answer where no remediation fits: what takes back what its records changed, where that is known.
    pub(super) fn of_none(&self, finding: &Finding, misfit: Answer) -> Answer {
        let is_undoable = finding.remediation.iter().any(|id| is_undoing(id));
        let undone = if is_undoable { self.undone_by_hand(finding) } else { Vec::new() };
        if undone.is_empty() {
            let of_remedy = misfit.remediation.as_deref().and_then(people::for_remedy);
            let told = self
                .of_calls(finding, false)
                .or_else(|| Some(self.filled(finding, of_remedy?.how)));
            return match told {
                Some(how) => Answer::person(finding, BY_HAND).with(how),
                None => misfit.of_none().with(one(look(finding))),
            };
        }
        Answer::person(finding, NO_PLAN_FOR_IT).with(self.taken_back(finding, undone))
    }

    /// The answer where a finding offers nothing that was asked for.
    pub(super) fn of_nothing(&self, finding: &Finding, why: &str) -> Answer {
        Answer::without(finding, why).with(one(look(finding)))
    }

    /// The answer where this version does not know the remediation.
    pub(super) fn unheard(&self, finding: &Finding, id: &str) -> Answer {
        Answer::unheard(finding, id).with(one(look(finding)))
    }

    /// What a check says, where nobody wrote down the steps.
    pub(super) fn advised(&self, finding: &Finding, advice: &str) -> Answer {
        match people::for_check(&finding.rule) {
            Some(by_hand) => {
                let reason = format!("{}: {}", by_hand.title, by_hand.why);
                Answer::person(finding, &reason).with(self.filled(finding, by_hand.how))
            }
            None => Answer::person(finding, "no plan is made for it: a person does it")
                .with(one(vec![advice.to_owned()])),
        }
    }
}

const BY_HAND: &str = "no plan does it: a person does";
const NO_PLAN_FOR_IT: &str =
    "no plan takes it back, but its records show what was before: a person does it";

/// A part of a finding, or of the first of some records that has it.
pub(super) fn part<'e>(
    finding: &Finding,
    mut events: impl Iterator<Item = &'e Event>,
    name: &str,
) -> Option<String> {
    match name.split_once('.') {
        Some(("request", path)) => events.find_map(|event| Some(event.request(path)?.to_owned())),
        Some(("response", path)) => events.find_map(|event| Some(event.response(path)?.to_owned())),
        _ => people::part(finding, name).or_else(|| match name {
            "instance" => events.find_map(instance),
            "policy" => events.find_map(|event| Some(event.request("policyName")?.to_owned())),
            _ => None,
        }),
    }
}

/// The first instance that a record names.
fn instance(event: &Event) -> Option<String> {
    let made = event.value("responseElements.instancesSet.items").and_then(|all| all.as_array());
    let made = made.into_iter().flatten().filter_map(|one| one.get("instanceId")?.as_str());
    let named = ["target", "AssociateIamInstanceProfileRequest.InstanceId"];
    let named = named.iter().filter_map(|path| event.request(path)).chain(made);
    let mut all = named.map(str::to_owned).chain(event.request_texts("instanceIds"));
    all.find(|it| it.starts_with("i-") || it.starts_with("mi-"))
}

/// The remediation of a finding's call, where its rule names that of another call first.
fn meant(finding: &Finding) -> Option<&'static ByHand> {
    if finding.remediation.first().is_some_and(|id| id == OF_POLICY) {
        return people::for_policy(finding.target.kind.as_deref());
    }
    let is_meant = |id: &&String| {
        let calls = OF_CALLS.iter().filter(|(_, of)| of == id);
        let mut calls = calls.map(|(call, _)| *call);
        calls.any(|call| finding.evidence.iter().any(|one| one.event_name == call))
    };
    people::find(finding.remediation.iter().find(is_meant)?)
}

const OF_CALLS: &[(&str, &str)] = &[
    ("EnableOutboundWebIdentityFederation", "disable-outbound-federation"),
    ("SetSecurityTokenServicePreferences", "disable-outbound-federation"),
];

/// Whether a remediation takes back what records changed. Of the others what was changed may be as it should be:
/// nobody takes a quarantine off because a key is to be switched off.
fn is_undoing(remediation: &str) -> bool {
    fields_of(remediation).is_some() || remediation == "remove-mfa-device"
}

/// What to do about anything: look, ask, contain.
fn look(finding: &Finding) -> Vec<String> {
    let mut steps = Vec::new();
    let explained = format!("`trailwarden explain {}`", people::word(&finding.rule));
    let Some(first) = finding.evidence.first() else {
        steps.push(format!("Read what it is about, and why it counts: {explained}."));
        steps.push("Ask whose it is, and put it right there.".to_owned());
        return steps;
    };
    let region = finding.region.as_deref().unwrap_or("us-east-1");
    let id = people::word(&first.event_id);
    steps.push(format!(
        "Read its record, {} of {}: `aws cloudtrail lookup-events --lookup-attributes AttributeKey=EventId,AttributeValue={id} --region {}` shows it for 90 days, your logs longer.",
        people::word(&first.event_name),
        first.event_time,
        people::word(region),
    ));
    let who = finding.actor.name.as_deref();
    let named = who.map_or_else(|| "ACTOR".to_owned(), people::word);
    let who = who
        .map_or_else(|| "--principal ACTOR".to_owned(), |who| people::option("--principal", who));
    steps.push(format!(
        "Ask whoever did it, {named}, what for. Who does not know of it has lost credentials: deactivate the key, and end the sessions (revoke-sessions)."
    ));
    steps.push(format!(
        "What else was done: `trailwarden investigate {who} LOGS`. What the finding means: {explained}."
    ));
    steps
}

pub(super) fn one(steps: Vec<String>) -> How {
    How { of_all: steps.clone(), own: steps }
}

/// With a capital.
fn sentence(text: &str) -> String {
    let mut letters = text.chars();
    letters.next().into_iter().flat_map(char::to_uppercase).chain(letters).collect()
}
