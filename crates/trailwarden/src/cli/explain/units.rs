//! The pages of what is built in: checks, ways, remediations and condition keys.

use trailwarden_account::techniques::{Pattern, Technique};
use trailwarden_catalogue::Entry;
use trailwarden_model::Severity;
use trailwarden_policy::facts::{KnownKey, Presence};
use trailwarden_policy::lint;
use trailwarden_posture::assess::references;
use trailwarden_posture::check::{Check, Logic};
use trailwarden_remedy::Remedy;
use trailwarden_remedy::people::{self, ByHand};

use super::events::coded;
use super::page::Page;
use super::responses::Response;

pub(super) fn check(check: &Check) -> Page {
    let mut page = Page::new("check", check.id, check.title);
    severity(&mut page, check.severity, check.confidence.as_str());
    page.fact("Needs", coded(check.needs));
    let controls = references(check)
        .iter()
        .map(|one| format!("{} {} {}", one.name, one.version, one.control))
        .collect::<Vec<_>>();
    page.fact("Answers", controls.join("; "));
    page.fact("Remediations", coded(check.remedies));
    page.section("Why it matters", check.risk);
    page.section("What to do", check.fix);
    if let Some(by_hand) = people::for_check(check.id) {
        page.section("Step by step", steps(by_hand));
    }
    // Those of alarms differ in their patterns alone.
    if !matches!(check.logic, Logic::Alarm(_)) {
        let example =
            |examples: &[&str]| examples.first().map(|one| fenced(one)).unwrap_or_default();
        page.section("It fails for", example(check.fails_on));
        page.section("It passes for", example(check.passes_on));
    }
    page
}

/// What a person does where no plan does it, as a list with numbers. What stands in capitals is for the person to fill in.
fn steps(by_hand: &ByHand) -> String {
    let steps = people::of_any(by_hand.how);
    let steps: Vec<String> =
        steps.iter().zip(1..).map(|(step, number)| format!("{number}. {step}")).collect();
    format!(
        "No plan does it: {}. Words in capitals are for you to fill in.\n\n{}",
        by_hand.why,
        steps.join("\n")
    )
}

pub(super) fn lint(check: &lint::Check) -> Page {
    let mut page = Page::new("lint check", check.id, check.title);
    severity(&mut page, check.severity, check.confidence.as_str());
    let others = check.cross.iter().map(|(tool, name)| format!("{} `{name}`", tool.name()));
    page.fact("Elsewhere", others.collect::<Vec<_>>().join(", "));
    page.fact("Source", check.source);
    page.section("Why it matters", check.about);
    page
}

pub(super) fn technique(technique: &Technique) -> Page {
    let mut page = Page::new("technique", technique.id, told(technique.pattern));
    page.fact("Takes", coded(technique.actions));
    page.fact("Passes a role to", coded(technique.services));
    let takes = |entry: &&&Entry| {
        entry.header.permissions.iter().any(|one| technique.actions.contains(&one.as_str()))
    };
    let entries: Vec<&Entry> = trailwarden_catalogue::all().iter().collect();
    let told =
        entries.iter().filter(takes).map(|one| format!("`{}`: {}", one.name, one.header.title));
    page.points("Events that it leaves", told);
    page.section(
        "Who can go this way",
        "`trailwarden paths --logs logs/` draws every way that is open, each proven against the target, its trust \
         and its limits.",
    );
    page
}

/// What a way does, in a few words.
pub(super) fn told(pattern: Pattern) -> &'static str {
    match pattern {
        Pattern::Own => "A principal changes what it may do itself",
        Pattern::OtherThenEnter => {
            "A principal changes what another may do, and becomes that other"
        }
        Pattern::Access => "A principal becomes another user or role",
        Pattern::NewCarrier => "A role is passed to something new that runs code",
        Pattern::ExistingCarrier => "Something that has a role already is made to use it",
        Pattern::Provider => "An identity provider that roles trust is turned",
        Pattern::Above => {
            "What stands above the account is used: its organization, or Identity Center"
        }
    }
}

pub(super) fn remedy(remedy: &'static Remedy) -> Page {
    let mut page = Page::new("remediation", remedy.id, remedy.title);
    page.fact("Other names", coded(remedy.aliases));
    page.points("What to know", remedy.notes);
    page.responses.push(Response::of(remedy));
    page.section(
        "For a finding of yours",
        "`trailwarden remediate plan --findings FILE --id ID --baseline FILE --output plan.json` makes the plan, and \
         `trailwarden remediate show plan.json --as cli` (or `boto3`, `terraform`, `console`) writes it with your names.",
    );
    page
}

pub(super) fn by_hand(by_hand: &'static ByHand) -> Page {
    let mut page = Page::new("remediation", by_hand.id, by_hand.title);
    page.responses.push(Response::by_hand(by_hand));
    page
}

/// What a key is in a few words.
pub(super) fn key_title(key: &KnownKey) -> &'static str {
    match key.is_global {
        true => "A condition key that every service may know",
        false => "A condition key of single services",
    }
}

pub(super) fn key(key: &KnownKey) -> Page {
    let mut page = Page::new("condition key", key.name, key_title(key));
    let many = if key.key_type.is_multivalued { ", several in one request" } else { "" };
    page.fact("Values", format!("{:?}{many}", key.key_type.value).to_lowercase());
    page.section(
        "When a request has it",
        match key.presence {
            Presence::Always => "Always.",
            Presence::Signed => "When somebody signed it; anonymous requests lack it.",
            Presence::Sometimes => {
                "In some requests only. Where it is absent, an operator without `IfExists` does not match, and a negated one does."
            }
        },
    );
    page
}

pub(super) fn severity(page: &mut Page, severity: Severity, confidence: &str) {
    page.fact("Severity", format!("{}, confidence {confidence}", severity.as_str()));
}

/// Text as it stands, without what all of its lines are indented by.
pub(super) fn fenced(text: &str) -> String {
    let lines: Vec<&str> = text.trim_matches('\n').lines().collect();
    let indent = |line: &&str| line.len() - line.trim_start().len();
    let least = lines.iter().filter(|line| !line.trim().is_empty()).map(indent).min().unwrap_or(0);
    let lines: Vec<&str> = lines.iter().map(|line| line.get(least..).unwrap_or("")).collect();
    format!("```text\n{}\n```", lines.join("\n").trim_end())
}
