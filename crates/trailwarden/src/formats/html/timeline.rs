//! The timeline: when findings began, one lane per severity.
//!
//! Marks stand at percentages of the width, so the chart fits any screen and its text keeps its
//! size. Marks that would overlap become one, whose area follows the count; with ten thousand
//! findings the chart is still a few hundred elements.

use std::collections::BTreeMap;

use jiff::tz::TimeZone;
use trailwarden_model::{Finding, Severity, Timestamp, time};

use crate::formats::{Style, text};

/// Marks per lane at most.
const SLOTS: usize = 100;
const LANE_HEIGHT: usize = 30;
const AXIS_HEIGHT: usize = 26;
/// Share of the width kept free at both ends, in percent.
const MARGIN: f64 = 2.0;
const TICKS_MAX: i64 = 6;

/// Everything that the template draws.
pub(super) struct Timeline {
    pub(super) height: usize,
    pub(super) axis: usize,
    pub(super) label: usize,
    pub(super) lanes: Vec<Lane>,
    pub(super) ticks: Vec<Tick>,
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

/// A label on the axis.
pub(super) struct Tick {
    pub(super) x: String,
    pub(super) label: String,
    /// Every other label makes room on a narrow screen.
    pub(super) is_minor: bool,
}

impl Timeline {
    /// None when there is nothing to draw.
    pub(super) fn of(findings: &[Finding], style: &Style) -> Option<Self> {
        let times = || findings.iter().map(|finding| finding.first_time);
        let range = Range { first: times().min()?, last: times().max()? };
        let present = |severity: &Severity| findings.iter().any(|f| f.severity == *severity);
        let severities: Vec<Severity> = Severity::ALL.into_iter().rev().filter(present).collect();
        let axis = severities.len() * LANE_HEIGHT;
        let lanes = severities
            .iter()
            .enumerate()
            .map(|(place, severity)| Lane {
                severity: severity.as_str(),
                y: place * LANE_HEIGHT + LANE_HEIGHT / 2,
                marks: marks(findings, *severity, &range, style),
            })
            .collect();
        let period = text::period(range.first, range.last, style);
        Some(Self {
            height: axis + AXIS_HEIGHT,
            axis,
            label: axis + 18,
            lanes,
            ticks: ticks(&range, style),
            caption: format!("When findings began, by severity: {period}"),
        })
    }
}

struct Range {
    first: Timestamp,
    last: Timestamp,
}

impl Range {
    /// Where a time stands, in percent of the width.
    fn x(&self, time: Timestamp) -> f64 {
        let seconds = self.last.since(self.first);
        if seconds <= 0 {
            return 50.0;
        }
        // Both are far below 2^52 for any time that a log can hold.
        let share = time.since(self.first) as f64 / seconds as f64;
        MARGIN + share * (100.0 - 2.0 * MARGIN)
    }

    fn slot(&self, time: Timestamp) -> usize {
        (self.x(time) / 100.0 * SLOTS as f64) as usize
    }
}

fn marks(findings: &[Finding], severity: Severity, range: &Range, style: &Style) -> Vec<Mark> {
    let mut slots: BTreeMap<usize, Vec<&Finding>> = BTreeMap::new();
    for finding in findings.iter().filter(|finding| finding.severity == severity) {
        slots.entry(range.slot(finding.first_time)).or_default().push(finding);
    }
    slots.into_values().filter_map(|group| mark(&group, severity, range, style)).collect()
}

fn mark(group: &[&Finding], severity: Severity, range: &Range, style: &Style) -> Option<Mark> {
    let first = group.iter().min_by_key(|finding| (finding.first_time, &finding.id))?;
    let last = group.iter().max_by_key(|finding| finding.first_time)?;
    let period = text::period(first.first_time, last.first_time, style);
    let title = match group {
        [only] => format!("{period}: {} ({})", only.title, severity.as_str()),
        _ => format!("{period}: {} {}", text::count(group.len() as u64), severity.as_str()),
    };
    let x = (range.x(first.first_time) + range.x(last.first_time)) / 2.0;
    let radius = (4.0 + (group.len() as f64).sqrt()).min(13.0);
    Some(Mark {
        x: format!("{x:.2}"),
        radius: format!("{radius:.1}"),
        title: trailwarden_model::escape::visible(&title).into_owned(),
        id: first.id.clone(),
    })
}

/// Round times within the range, in the reader's zone.
fn ticks(range: &Range, style: &Style) -> Vec<Tick> {
    const DAY: i64 = time::DAY;
    const HOUR: i64 = time::HOUR;
    const MINUTE: i64 = time::MINUTE;
    const STEPS: [i64; 22] = [
        1,
        5,
        15,
        30,
        MINUTE,
        2 * MINUTE,
        5 * MINUTE,
        10 * MINUTE,
        20 * MINUTE,
        30 * MINUTE,
        HOUR,
        2 * HOUR,
        3 * HOUR,
        6 * HOUR,
        12 * HOUR,
        DAY,
        2 * DAY,
        7 * DAY,
        14 * DAY,
        30 * DAY,
        90 * DAY,
        365 * DAY,
    ];
    let seconds = range.last.since(range.first);
    if seconds == 0 {
        return vec![Tick {
            x: "50".to_owned(),
            label: text::time(range.first, style),
            is_minor: false,
        }];
    }
    let step = STEPS.into_iter().find(|step| seconds / step <= TICKS_MAX).unwrap_or(seconds);
    let offset = offset(range.first, &style.zone);
    let begin = range.first.seconds() + offset;
    let round = begin + (step - begin.rem_euclid(step)) % step - offset;
    let one_day = range.first.display_in(&style.zone).get(..10)
        == range.last.display_in(&style.zone).get(..10);
    (0..)
        .map(|place| (place, Timestamp::from_seconds(round).plus(place * step)))
        .take_while(|(_, time)| *time <= range.last)
        .map(|(place, time)| Tick {
            x: format!("{:.2}", range.x(time)),
            label: label(time, step, one_day, style),
            is_minor: place % 2 == 1,
        })
        .collect()
}

/// Seconds that the zone is ahead of UTC.
fn offset(time: Timestamp, zone: &TimeZone) -> i64 {
    jiff::Timestamp::from_second(time.seconds())
        .map(|time| i64::from(zone.to_offset(time).seconds()))
        .unwrap_or_default()
}

/// As much of the time as the step needs.
fn label(time: Timestamp, step: i64, one_day: bool, style: &Style) -> String {
    let full = time.display_in(&style.zone);
    let range = match (step, one_day) {
        (time::DAY.., _) => ..10,
        (..time::MINUTE, _) => return full.get(11..).unwrap_or_default().to_owned(),
        (_, true) => return full.get(11..16).unwrap_or_default().to_owned(),
        (_, false) => return full.get(5..16).unwrap_or_default().to_owned(),
    };
    full.get(range).unwrap_or_default().to_owned()
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

    #[test]
    fn ticks_are_round_and_few() {
        let chart = timeline(&["2026-01-01T00:07:00Z", "2026-01-01T05:50:00Z"]);
        let labels: Vec<&str> = chart.ticks.iter().map(|tick| tick.label.as_str()).collect();
        assert_eq!(labels, ["01:00", "02:00", "03:00", "04:00", "05:00"]);
        let chart = timeline(&["2020-01-01T00:00:00Z", "2026-01-01T00:00:00Z"]);
        assert!(chart.ticks.len() <= 7);
        let chart = timeline(&["2026-01-01T00:00:00Z"]);
        assert_eq!(chart.ticks.len(), 1);
    }
}
