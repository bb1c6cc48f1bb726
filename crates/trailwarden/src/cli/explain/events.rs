//! The page of an event: what the catalogue says, and which units concern it.

use trailwarden_catalogue::{Entry, Heading, Risk};
use trailwarden_model::attack::{self, Attack};

use super::page::Page;
use super::{concerns, responses};

/// The page.
pub(super) fn page(entry: &'static Entry) -> Page {
    let header = &entry.header;
    let mut page = Page::new("event", entry.name, &header.title);
    page.fact("Event source", format!("`{}`", header.source));
    page.fact("What it is", header.kind.as_str());
    page.fact("Needs", coded(header.permissions.iter()));
    for section in &entry.sections {
        if section.heading > Heading::Changes && !page.sections.iter().any(is_of_risks) {
            parameters_and_risks(entry, &mut page);
        }
        match (section.heading, page.sections.iter_mut().find(|one| is_of_risks(one))) {
            (Heading::Wrong, Some(risks)) => {
                risks.markdown = format!("{}\n\n{}", risks.markdown, section.markdown);
            }
            (heading, _) => page.section(heading.as_str(), section.markdown),
        }
    }
    if !page.sections.iter().any(is_of_risks) {
        parameters_and_risks(entry, &mut page);
    }
    page.points("What trailwarden does about it", concerned(entry));
    page.responses = responses::to_event(entry);
    page.fact("Related", coded(header.related.iter()));
    page.fact("AWS documentation", header.pages.join("; "));
    page.sample = entry.sample.and_then(|text| serde_json::from_str(text).ok());
    page
}

fn is_of_risks(section: &super::page::Section) -> bool {
    section.heading == Heading::Wrong.as_str()
}

fn parameters_and_risks(entry: &Entry, page: &mut Page) {
    let header = &entry.header;
    page.points(
        "Parameters that matter",
        header.parameters.iter().map(|one| format!("`{}`: {}", one.name, one.meaning)),
    );
    page.points(Heading::Wrong.as_str(), header.risks.iter().map(risk));
}

fn risk(risk: &Risk) -> String {
    let attack: Vec<String> =
        risk.attack.iter().map(|id| format!("`{id}` {}", Attack::of(id).tactic)).collect();
    let attack = match attack.as_slice() {
        [] => String::new(),
        all => format!(" (ATT&CK {}: {})", attack::VERSION, all.join(", ")),
    };
    format!("**{}**: {}{attack}", risk.severity.as_str(), risk.text)
}

/// Detections, checks, ways and remediations that concern the event.
fn concerned(entry: &Entry) -> Vec<String> {
    let detections = concerns::detections(entry);
    let remedies = concerns::remedies(entry);
    let ways = concerns::ways(entry).map(|way| way.id);
    let told = [
        ("Detections that look at it", coded(detections.iter().map(|one| one.id))),
        ("Posture checks of what it changes", coded(entry.header.checks.iter())),
        ("Ways to more permissions that use it", coded(ways)),
        ("Remediations", coded(remedies.iter())),
    ];
    told.into_iter()
        .filter(|(_, names)| !names.is_empty())
        .map(|(what, names)| format!("{what}: {names}"))
        .collect()
}

/// Names as code, one after the other.
pub(crate) fn coded<T: AsRef<str>>(names: impl IntoIterator<Item = T>) -> String {
    let names: Vec<String> = names.into_iter().map(|name| format!("`{}`", name.as_ref())).collect();
    names.join(", ")
}
