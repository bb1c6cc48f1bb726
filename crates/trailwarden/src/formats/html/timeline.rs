//! The timeline: when findings began, one lane per severity.

use std::collections::BTreeMap;

use trailwarden_model::{Finding, Severity, escape};

use super::svg::axis::{Axis, Frame, percent};
use crate::formats::{Style, text};

const LANE_HEIGHT: usize = 30;

/// Everything that the template draws.
pub(super) struct Timeline {
    pub(super) lanes: Vec<Lane>,
    pub(super) frame: Frame,
    pub(super) caption: String,
}

/// One severity.
pub(super) struct Lane {
    pub(super) severity: &'static str,
    pub(super) y: usize,
    pub(super) marks: Vec<Mark>,
}

/// Findings of one severity that began at about the same time.
pub(super) struct Mark {
    pub(super) x: String,
    pub(super) radius: String,
    pub(super) title: String,
    /// The first of them.
    pub(super) id: String,
}

impl Timeline {
    /// None when there is nothing to draw.
    pub(super) fn of(findings: &[Finding], style: &Style) -> Option<Self> {
        let axis = Axis::of(findings.iter().map(|finding| finding.first_time))?;
        let present = |severity: &Severity| findings.iter().any(|f| f.severity == *severity);
        let severities = Severity::ALL.into_iter().rev().filter(present).enumerate();
        let lanes: Vec<Lane> = severities
            .map(|(place, severity)| Lane {
                severity: severity.as_str(),
                y: place * LANE_HEIGHT + LANE_HEIGHT / 2,
                marks: marks(findings, severity, &axis, style),
            })
            .collect();
        Some(Self {
            frame: axis.frame(lanes.len(), LANE_HEIGHT, style),
            lanes,
            caption: format!("When findings began, by severity: {}", axis.period(style)),
        })
    }
}

fn marks(findings: &[Finding], severity: Severity, axis: &Axis, style: &Style) -> Vec<Mark> {
    let mut slots: BTreeMap<i64, Vec<&Finding>> = BTreeMap::new();
    for finding in findings.iter().filter(|finding| finding.severity == severity) {
        slots.entry(axis.slot(finding.first_time)).or_default().push(finding);
    }
    slots.into_values().filter_map(|group| mark(&group, severity, axis, style)).collect()
}

fn mark(group: &[&Finding], severity: Severity, axis: &Axis, style: &Style) -> Option<Mark> {
    let first = group.iter().min_by_key(|finding| (finding.first_time, &finding.id))?;
    let last = group.iter().max_by_key(|finding| finding.first_time)?;
    let period = text::period(first.first_time, last.first_time, style);
    let title = match group {
        [only] => format!("{period}: {} ({})", only.title, severity.as_str()),
        _ => format!("{period}: {} {}", text::count(group.len() as u64), severity.as_str()),
    };
    let radius = (4.0 + (group.len() as f64).sqrt()).min(13.0);
    Some(Mark {
        x: percent((axis.x(first.first_time) + axis.x(last.first_time)) / 2.0),
        radius: format!("{radius:.1}"),
        title: escape::visible(&title).into_owned(),
        id: first.id.clone(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::formats::testkit;

    fn timeline(times: &[&str]) -> Timeline {
        let findings: Vec<Finding> = times
            .iter()
            .map(|time| Finding { first_time: time.parse().unwrap(), ..testkit::plain_finding() })
            .collect();
        Timeline::of(&findings, &Style::default()).unwrap()
    }

    #[test]
    fn near_findings_share_a_mark_and_far_ones_do_not() {
        let chart =
            timeline(&["2026-01-01T00:00:00Z", "2026-01-01T00:00:01Z", "2026-01-02T00:00:00Z"]);
        let [lane] = chart.lanes.as_slice() else { panic!("one severity, one lane") };
        let titles: Vec<&str> = lane.marks.iter().map(|mark| mark.title.as_str()).collect();
        assert_eq!(titles.len(), 2);
        assert!(titles[0].starts_with("2026-01-01 00:00:00 to 00:00:01 UTC: 2 "), "{titles:?}");
    }
}
