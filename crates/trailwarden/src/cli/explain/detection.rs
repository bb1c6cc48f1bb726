//! The page of a detection: the one that `explain` prints, the reference keeps and the site shows.

use trailwarden_detect::detection::{Detection, Logic, Needs};
use trailwarden_model::attack::{self, Attack};

use super::concerns;
use super::events::coded;
use super::page::Page;
use super::units::{fenced, severity};

/// More entries than this say little about a detection.
const ENTRIES_SHOWN: usize = 24;

pub(super) fn page(detection: &Detection) -> Page {
    let mut page = Page::new("detection", detection.id, detection.title);
    severity(&mut page, detection.severity, detection.confidence.as_str());
    page.fact("How", how(detection));
    page.fact("Looks at", coded(detection.select.events));
    let attack = detection.attack.iter().map(|id| format!("`{id}` {}", Attack::of(id).tactic));
    page.fact("ATT&CK", format!("{}: {}", attack::VERSION, attack.collect::<Vec<_>>().join(", ")));
    page.fact("Needs", needs(detection.needs));
    page.fact("Remediations", coded(detection.remedies));
    page.fact("Since", detection.since);
    page.section("Why it matters", detection.risk);
    page.points("Known harmless causes", detection.false_positives);
    page.section("It fires on", trails(detection.fires_on));
    page.section("It stays quiet on", trails(detection.quiet_on));
    let entries = concerns::entries(detection);
    if entries.len() <= ENTRIES_SHOWN {
        let told = entries.iter().map(|one| format!("`{}`: {}", one.name, one.header.title));
        page.points("Events of the catalogue", told);
    }
    page
}

fn trails(trails: &[&str]) -> String {
    let blocks: Vec<String> = trails.iter().map(|trail| fenced(trail)).collect();
    blocks.join("\n\n")
}

fn needs(needs: Needs) -> &'static str {
    match needs {
        Needs::Nothing => "",
        Needs::GeoIp => "a GeoIP database, `--geoip FILE`",
        Needs::History => "14 days of logs before it speaks",
        Needs::Decoys => "decoys named in `trailwarden.toml`",
        Needs::BreakGlass => "break-glass principals named in `trailwarden.toml`",
    }
}

fn how(detection: &Detection) -> String {
    match &detection.logic {
        Logic::Each(_) => "It judges each event by itself.".to_owned(),
        Logic::Effect(_) => "It judges each change by what it does to permissions.".to_owned(),
        Logic::Text(_) => {
            "It judges each policy by its text, unless its effect is told already.".to_owned()
        }
        Logic::Distinct(spec) => format!(
            "It counts at least {} distinct values within {} seconds.",
            spec.at_least, spec.within_seconds
        ),
        Logic::Sequence(spec) => {
            let order = if spec.any_order { "in any order" } else { "in order" };
            let steps = spec.steps.len();
            format!("It joins {steps} steps {order} within {} seconds.", spec.within_seconds)
        }
        Logic::Absence(spec) => {
            format!("It waits {} seconds for what should follow.", spec.within_seconds)
        }
        Logic::First(spec) => {
            format!("It speaks of what was not seen for {} days.", spec.memory_days)
        }
        Logic::Watch(_) => "It follows state across events.".to_owned(),
    }
}
