//! One thing that is looked for, whatever looks for it.

use serde::Serialize;
use trailwarden_detect::conclude::unauthorized;
use trailwarden_detect::detection::{Detection, Needs};
use trailwarden_detect::sigma;
use trailwarden_model::Severity;
use trailwarden_runtime::aftermath;
use trailwarden_runtime::verify::Rule;

#[derive(Serialize)]
pub(super) struct Listed {
    pub(super) id: String,
    pub(super) kind: &'static str,
    pub(super) title: String,
    pub(super) severity: Severity,
    pub(super) attack: Vec<String>,
    pub(super) events: Vec<String>,
    pub(super) risk: String,
    pub(super) false_positives: Vec<String>,
    pub(super) needs: Option<&'static str>,
    pub(super) file: Option<String>,
}

impl Listed {
    pub(super) fn detection(detection: &Detection) -> Self {
        let owned = |texts: &[&str]| texts.iter().map(|text| (*text).to_owned()).collect();
        Self {
            id: detection.id.to_owned(),
            kind: "detection",
            title: detection.title.to_owned(),
            severity: detection.severity,
            attack: owned(detection.attack),
            events: owned(detection.select.events),
            risk: detection.risk.to_owned(),
            false_positives: owned(detection.false_positives),
            needs: match detection.needs {
                Needs::Nothing => None,
                Needs::GeoIp => Some("--geoip FILE"),
                Needs::History => Some("14 days of logs"),
                Needs::Decoys => Some("decoys in the configuration"),
                Needs::BreakGlass => Some("break-glass principals in the configuration"),
            },
            file: None,
        }
    }

    /// What change policies forbid.
    pub(super) fn unauthorized() -> Self {
        let meta = unauthorized::meta();
        Self {
            id: meta.id,
            kind: meta.kind.as_str(),
            title: meta.title,
            severity: meta.severity,
            attack: meta.attack,
            events: Vec::new(),
            risk: meta.risk,
            false_positives: meta.false_positives,
            needs: Some("--change-policies DIR"),
            file: None,
        }
    }

    /// What somebody contained does all the same.
    pub(super) fn aftermath() -> Self {
        Self {
            kind: "aftermath",
            needs: Some("a run, with `trailwarden remediate watch`"),
            ..Self::verify(&aftermath::ABOUT)
        }
    }

    pub(super) fn verify(rule: &Rule) -> Self {
        let owned = |texts: &[&str]| texts.iter().map(|text| (*text).to_owned()).collect();
        Self {
            id: rule.id.to_owned(),
            kind: "verify",
            title: rule.title.to_owned(),
            severity: rule.severity,
            attack: owned(rule.attack),
            events: Vec::new(),
            risk: rule.risk.to_owned(),
            false_positives: owned(rule.false_positives),
            needs: Some("digest files, with `trailwarden verify`"),
            file: None,
        }
    }

    pub(super) fn sigma(info: &sigma::RuleInfo) -> Self {
        Self {
            id: info.id.clone(),
            kind: "sigma",
            title: info.title.clone(),
            severity: info.severity,
            attack: info.attack.iter().map(|attack| attack.technique.clone()).collect(),
            events: info.event_names.clone(),
            risk: info.risk.clone(),
            false_positives: info.false_positives.clone(),
            needs: None,
            file: Some(info.file.clone()),
        }
    }
}
