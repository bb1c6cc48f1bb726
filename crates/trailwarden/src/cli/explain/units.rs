//! The pages of what is built in: detections, checks, ways, remediations and condition keys.

use trailwarden_account::techniques::{Pattern, Technique};
use trailwarden_detect::detection::Detection;
use trailwarden_model::Severity;
use trailwarden_model::attack::{self, Attack};
use trailwarden_policy::facts::{KnownKey, Presence};
use trailwarden_policy::lint;
use trailwarden_posture::assess::references;
use trailwarden_posture::check::Check;
use trailwarden_remedy::people::ByHand;
use trailwarden_remedy::{Plan, Remedy, render};

use super::events::coded;
use super::page::Page;

pub(super) fn detection(detection: &Detection) -> Page {
    let mut page = Page::new("detection", detection.id, detection.title);
    severity(&mut page, detection.severity, detection.confidence.as_str());
    page.fact("Looks at", coded(detection.select.events));
    let attack = detection.attack.iter().map(|id| format!("{id} {}", Attack::of(id).tactic));
    page.fact("ATT&CK", format!("{}: {}", attack::VERSION, attack.collect::<Vec<_>>().join(", ")));
    page.fact("Remediations", coded(detection.remedies));
    page.section("Why it matters", detection.risk);
    page.points("Known harmless causes", detection.false_positives);
    let example = |trails: &[&str]| trails.first().map(|trail| fenced(trail)).unwrap_or_default();
    page.section("It fires on", example(detection.fires_on));
    page.section("It stays quiet on", example(detection.quiet_on));
    page
}

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
    page
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

pub(super) fn remedy(remedy: &Remedy) -> Page {
    let mut page = Page::new("remediation", remedy.id, remedy.title);
    page.fact("Other names", coded(remedy.aliases));
    page.points("What to know", remedy.notes);
    let plan = remedy.example().and_then(|subject| {
        let draft = remedy.draft(&subject).ok()?;
        Some(Plan::from_drafts(subject.account, subject.time, subject.time, vec![draft]))
    });
    if let Some(plan) = plan {
        page.section("An example, in the console", fenced(&render::console(&plan)));
    }
    page.section(
        "For a finding of yours",
        "`trailwarden remediate plan --findings FILE --id ID --baseline FILE --output plan.json` makes the plan, and \
         `trailwarden remediate show plan.json --as cli` (or `boto3`, `terraform`, `console`) writes it with your names.",
    );
    page
}

pub(super) fn by_hand(by_hand: &ByHand) -> Page {
    let mut page = Page::new("remediation", by_hand.id, by_hand.title);
    page.section("Why a person must do it", format!("There is no plan: {}.", by_hand.why));
    page.points("How", by_hand.how);
    page
}

pub(super) fn key(key: &KnownKey) -> Page {
    let mut page =
        Page::new("condition key", key.name, "A condition key that every service may know");
    page.fact("Values", format!("{:?}", key.key_type).to_lowercase());
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

fn severity(page: &mut Page, severity: Severity, confidence: &str) {
    page.fact("Severity", format!("{}, confidence {confidence}", severity.as_str()));
}

/// Text as it stands, without what all of its lines are indented by.
fn fenced(text: &str) -> String {
    let lines: Vec<&str> = text.trim_matches('\n').lines().collect();
    let indent = |line: &&str| line.len() - line.trim_start().len();
    let least = lines.iter().filter(|line| !line.trim().is_empty()).map(indent).min().unwrap_or(0);
    let lines: Vec<&str> = lines.iter().map(|line| line.get(least..).unwrap_or("")).collect();
    format!("```text\n{}\n```", lines.join("\n").trim_end())
}
