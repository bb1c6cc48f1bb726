//! The page of an ATT&CK technique: what of ours is about it.

use std::collections::BTreeSet;

use trailwarden_catalogue::{Entry, Risk};
use trailwarden_detect::detection::Detection;
use trailwarden_detect::detections::ALL;
use trailwarden_model::Severity;
use trailwarden_model::attack::{self, Attack};
use trailwarden_runtime::aftermath;
use trailwarden_runtime::verify::{RULES, Rule};

use super::page::Page;

/// The names of ATT&CK Enterprise for what we refer to, and for what that is part of.
const NAMES: &[(&str, &str)] = &[
    ("T1027", "Obfuscated Files or Information"),
    ("T1036", "Masquerading"),
    ("T1036.005", "Match Legitimate Resource Name or Location"),
    ("T1036.010", "Masquerade Account Name"),
    ("T1069", "Permission Groups Discovery"),
    ("T1069.003", "Cloud Groups"),
    ("T1070", "Indicator Removal"),
    ("T1078", "Valid Accounts"),
    ("T1078.004", "Cloud Accounts"),
    ("T1087", "Account Discovery"),
    ("T1087.004", "Cloud Account"),
    ("T1098", "Account Manipulation"),
    ("T1098.001", "Additional Cloud Credentials"),
    ("T1098.003", "Additional Cloud Roles"),
    ("T1098.005", "Device Registration"),
    ("T1110", "Brute Force"),
    ("T1110.001", "Password Guessing"),
    ("T1110.003", "Password Spraying"),
    ("T1136", "Create Account"),
    ("T1136.003", "Cloud Account"),
    ("T1199", "Trusted Relationship"),
    ("T1484", "Domain or Tenant Policy Modification"),
    ("T1484.002", "Trust Modification"),
    ("T1485", "Data Destruction"),
    ("T1486", "Data Encrypted for Impact"),
    ("T1489", "Service Stop"),
    ("T1496", "Resource Hijacking"),
    ("T1496.001", "Compute Hijacking"),
    ("T1496.004", "Cloud Service Hijacking"),
    ("T1528", "Steal Application Access Token"),
    ("T1530", "Data from Cloud Storage"),
    ("T1531", "Account Access Removal"),
    ("T1535", "Unused/Unsupported Cloud Regions"),
    ("T1537", "Transfer Data to Cloud Account"),
    ("T1548", "Abuse Elevation Control Mechanism"),
    ("T1548.005", "Temporary Elevated Cloud Access"),
    ("T1550", "Use Alternate Authentication Material"),
    ("T1550.001", "Application Access Token"),
    ("T1552", "Unsecured Credentials"),
    ("T1552.001", "Credentials In Files"),
    ("T1552.004", "Private Keys"),
    ("T1552.005", "Cloud Instance Metadata API"),
    ("T1556", "Modify Authentication Process"),
    ("T1556.006", "Multi-Factor Authentication"),
    ("T1557", "Adversary-in-the-Middle"),
    ("T1562", "Impair Defenses"),
    ("T1562.001", "Disable or Modify Tools"),
    ("T1562.008", "Disable or Modify Cloud Logs"),
    ("T1565", "Data Manipulation"),
    ("T1565.001", "Stored Data Manipulation"),
    ("T1567", "Exfiltration Over Web Service"),
    ("T1580", "Cloud Infrastructure Discovery"),
    ("T1588", "Obtain Capabilities"),
    ("T1588.002", "Tool"),
    ("T1606", "Forge Web Credentials"),
    ("T1606.002", "SAML Tokens"),
    ("T1621", "Multi-Factor Authentication Request Generation"),
    ("T1666", "Modify Cloud Resource Hierarchy"),
];

/// The name of a technique.
pub(crate) fn name(id: &str) -> &'static str {
    let found = NAMES.iter().find(|(known, _)| *known == id);
    found.map_or("A technique of ATT&CK Enterprise", |(_, name)| name)
}

/// All techniques that something of ours refers to, and those that these are parts of.
pub(crate) fn all() -> Vec<&'static str> {
    let detections = ALL.iter().flat_map(|one| one.attack.iter().copied());
    let rules = rules().flat_map(|one| one.attack.iter().copied());
    let risks = trailwarden_catalogue::all().iter().flat_map(|one| &one.header.risks);
    let risks = risks.flat_map(|risk| risk.attack.iter().map(String::as_str));
    let mut all: BTreeSet<&str> = detections.chain(rules).chain(risks).collect();
    let parents: Vec<&str> = all.iter().filter_map(|id| Some(id.split_once('.')?.0)).collect();
    all.extend(parents);
    all.into_iter().collect()
}

/// The rules that are no detections: those of `verify`, and the one about the contained.
fn rules() -> impl Iterator<Item = &'static Rule> {
    RULES.iter().copied().chain([&aftermath::ABOUT])
}

/// What is about one technique.
pub(crate) struct About {
    /// Detections that refer to it.
    pub(crate) detections: Vec<&'static Detection>,
    /// Events with a risk that refers to it, and their gravest such risk, the gravest first.
    pub(crate) risks: Vec<(&'static Entry, &'static Risk)>,
    /// Other rules that refer to it.
    pub(crate) rules: Vec<&'static Rule>,
}

impl About {
    pub(crate) fn of(id: &str) -> Self {
        let names = |attack: &[&str]| attack.contains(&id);
        let gravest = |entry: &'static Entry| {
            let risks = entry.header.risks.iter();
            let of_it = risks.filter(|risk| risk.attack.iter().any(|one| one == id));
            // The first of those that are equally grave, as the entry puts it first.
            Some((entry, of_it.rev().max_by_key(|risk| risk.severity)?))
        };
        let mut risks: Vec<_> = trailwarden_catalogue::all().iter().filter_map(gravest).collect();
        risks.sort_by_key(|(entry, risk)| (std::cmp::Reverse(risk.severity), entry.name));
        Self {
            detections: ALL.iter().copied().filter(|one| names(one.attack)).collect(),
            risks,
            rules: rules().filter(|one| names(one.attack)).collect(),
        }
    }

    /// The gravest of it.
    pub(crate) fn severity(&self) -> Option<Severity> {
        let detections = self.detections.iter().map(|one| one.severity);
        let risks = self.risks.iter().map(|(_, risk)| risk.severity);
        detections.chain(risks).chain(self.rules.iter().map(|one| one.severity)).max()
    }
}

/// The page of a technique.
pub(super) fn page(id: &'static str) -> Page {
    let mut page = Page::new("ATT&CK technique", id, name(id));
    page.fact("Matrix", format!("Enterprise {}", attack::VERSION));
    page.fact("Tactic here", Attack::of(id).tactic);
    if let Some((parent, _)) = id.split_once('.') {
        page.fact("Part of", format!("`{parent}` {}", name(parent)));
    }
    let about = About::of(id);
    if let Some(severity) = about.severity() {
        page.fact("Gravest here", severity.as_str());
    }
    let parts = all().into_iter().filter(|one| one.split_once('.').is_some_and(|(of, _)| of == id));
    page.points("Its parts", parts.map(|part| format!("`{part}` {}", name(part))));
    let detections = about.detections.iter();
    page.points(
        "Detections",
        detections.map(|one| format!("`{}`, {}: {}", one.id, one.severity.as_str(), one.title)),
    );
    let rules = about.rules.iter();
    page.points(
        "Other rules",
        rules.map(|one| format!("`{}`, {}: {}", one.id, one.severity.as_str(), one.title)),
    );
    let risks = about.risks.iter();
    page.points(
        "Events that serve it",
        risks.map(|(entry, risk)| {
            format!("`{}`, {}: {}", entry.name, risk.severity.as_str(), risk.text)
        }),
    );
    page
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn techniques_that_are_referred_to_and_no_others_have_a_name_and_a_tactic() {
        for id in all() {
            assert!(NAMES.iter().any(|(known, _)| *known == id), "no name for {id}");
            assert_ne!(Attack::of(id).tactic, "Unknown", "{id}");
        }
        for (id, _) in NAMES {
            assert!(all().contains(id), "nothing refers to {id}");
        }
    }

    #[test]
    fn a_technique_is_as_grave_as_the_gravest_of_it() {
        let about = About::of("T1098.003");
        assert!(about.detections.iter().any(|one| one.id == "own-permissions-widened"));
        assert!(about.risks.iter().any(|(entry, _)| entry.name == "iam:PutGroupPolicy"));
        assert_eq!(about.severity(), Some(Severity::Critical));
        let contained = About::of("T1078.004").rules;
        assert!(contained.iter().any(|one| one.id == aftermath::RULE));
    }
}
