//! Which detections cannot speak, and why.

use trailwarden_model::report::Off;
use trailwarden_model::time::DAY;

use super::Engine;
use crate::detection::{Detection, Logic, Needs};
use crate::settings::Settings;

impl Engine {
    /// The detections that these settings leave on: no record need be kept for the others.
    pub fn running(
        detections: &[&'static Detection],
        settings: &Settings,
    ) -> Vec<&'static Detection> {
        let is_on = |detection: &&&'static Detection| off_reason(detection, settings).is_none();
        detections.iter().filter(is_on).copied().collect()
    }

    /// The detections that are off, each with its reason.
    pub fn off(&self) -> Vec<Off> {
        let reach = self.history.reach(self.now);
        let mut off = Vec::new();
        for (detection, unit) in self.detections.iter().zip(&self.units) {
            let reason = match (&unit.off, detection.needs) {
                (Some(reason), _) => reason.clone(),
                (None, Needs::History) if reach < learn_days(detection) * DAY => format!(
                    "needs {} days of logs before it speaks; these cover {}",
                    learn_days(detection),
                    days(reach)
                ),
                _ => continue,
            };
            off.push(Off { rule: detection.id.to_owned(), reason });
        }
        off
    }
}

/// Why a detection cannot run at all under these settings.
pub(super) fn off_reason(detection: &Detection, settings: &Settings) -> Option<String> {
    let reason = match detection.needs {
        Needs::GeoIp if !settings.has_geoip => {
            "needs country and network of addresses: give --geoip FILE"
        }
        Needs::Decoys if settings.decoys.is_empty() => {
            "needs decoys: name them under `decoys` in trailwarden.toml"
        }
        Needs::BreakGlass if settings.break_glass.is_empty() => {
            "needs break-glass principals: name them under `break_glass` in trailwarden.toml"
        }
        _ => return None,
    };
    Some(reason.to_owned())
}

fn learn_days(detection: &Detection) -> i64 {
    match &detection.logic {
        Logic::First(first) => first.learn_days,
        _ => 14,
    }
}

fn days(seconds: i64) -> String {
    match seconds / DAY {
        0 => "less than a day".to_owned(),
        1 => "one day".to_owned(),
        days => format!("{days} days"),
    }
}
