//! The timeline: a lane for each identity, a mark for what it did at about one time.
//!
//! Marks stand at percentages of the width, so the chart fits any screen. Marks of one kind that
//! would overlap become one, whose area follows the number of calls.

use std::collections::BTreeMap;

use trailwarden_model::{Timestamp, time};
use trailwarden_runtime::investigate::Investigation;
use trailwarden_runtime::investigate::story::{Step, StepKind};

use super::super::words;
use super::view::tone;
use crate::formats::{Style, text};

/// Lanes at most; the list names everybody.
const LANES_MAX: usize = 24;
/// Marks per lane and kind at most.
const SLOTS: f64 = 90.0;
const LANE_HEIGHT: usize = 34;
/// Share of the width kept free at both ends, in percent.
const MARGIN: f64 = 2.0;
const TICKS_MAX: i64 = 6;
const NAME_CHARS_MAX: usize = 26;

/// Everything that the template draws.
pub(super) struct Lanes {
    pub(super) height: usize,
    pub(super) axis: usize,
    pub(super) label: usize,
    pub(super) lanes: Vec<Lane>,
    pub(super) ticks: Vec<Tick>,
    pub(super) caption: String,
    pub(super) more: Option<String>,
}

/// One identity.
pub(super) struct Lane {
    pub(super) number: u32,
    pub(super) name: String,
    pub(super) full: String,
    pub(super) tone: &'static str,
    pub(super) y: usize,
    /// From its first call to its last.
    pub(super) from: String,
    pub(super) to: String,
    pub(super) marks: Vec<Mark>,
}

/// Calls of one kind at about one time.
pub(super) struct Mark {
    pub(super) x: String,
    pub(super) y: usize,
    pub(super) radius: String,
    pub(super) kind: &'static str,
    pub(super) title: String,
    /// The first step of them.
    pub(super) step: usize,
}

/// A label on the axis.
pub(super) struct Tick {
    pub(super) x: String,
    pub(super) label: String,
    /// Every other label makes room on a narrow screen.
    pub(super) is_minor: bool,
}

impl Lanes {
    /// None when there is nothing to draw.
    pub(super) fn of(story: &Investigation, style: &Style) -> Option<Self> {
        let steps = || story.timeline.iter();
        let range = Range {
            first: steps().map(|step| step.time).min()?,
            last: steps().map(|step| step.last_time).max()?,
        };
        let mut by: BTreeMap<u32, Vec<(usize, &Step)>> = BTreeMap::new();
        for (place, step) in story.timeline.iter().enumerate() {
            by.entry(step.identity).or_default().push((place, step));
        }
        let more = by.len().saturating_sub(LANES_MAX) as u64;
        let lanes: Vec<Lane> = by
            .iter()
            .take(LANES_MAX)
            .enumerate()
            .map(|(row, (number, steps))| lane(story, row, *number, steps, &range, style))
            .collect();
        let axis = lanes.len() * LANE_HEIGHT;
        let period = text::period(range.first, range.last, style);
        Some(Self {
            height: axis + 26,
            axis,
            label: axis + 18,
            lanes,
            ticks: ticks(&range, style),
            caption: format!("Who did what, when: {period}"),
            more: (more > 0).then(|| text::counted(more, "more identity").replace("ys", "ies")),
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
}

fn lane(
    story: &Investigation,
    row: usize,
    number: u32,
    steps: &[(usize, &Step)],
    range: &Range,
    style: &Style,
) -> Lane {
    let y = row * LANE_HEIGHT + LANE_HEIGHT / 2;
    let full = words::label_of(story, number);
    let first = steps.iter().map(|(_, step)| step.time).min().unwrap_or(range.first);
    let last = steps.iter().map(|(_, step)| step.last_time).max().unwrap_or(range.last);
    let mut slots: BTreeMap<(&'static str, i64), Vec<(usize, &Step)>> = BTreeMap::new();
    for (place, step) in steps {
        // Between 0 and SLOTS, so the cast cannot overflow.
        let slot = (range.x(step.time) / 100.0 * SLOTS) as i64;
        slots.entry((kind(step.kind), slot)).or_default().push((*place, step));
    }
    let marks =
        slots.into_iter().filter_map(|((kind, _), group)| mark(kind, y, &group, range, style));
    Lane {
        number,
        name: trailwarden_model::escape::shorten(&full, NAME_CHARS_MAX).into_owned(),
        full,
        tone: words::identity(story, number).map_or("origin", |who| tone(who.relation)),
        y,
        from: format!("{:.2}", range.x(first)),
        to: format!("{:.2}", range.x(last)),
        marks: marks.collect(),
    }
}

/// What a mark looks like.
fn kind(kind: StepKind) -> &'static str {
    match kind {
        StepKind::Became => "did-become",
        StepKind::Read => "did-read",
        StepKind::Changed | StepKind::DoneTo => "did-change",
        StepKind::Denied | StepKind::Failed => "did-fail",
    }
}

fn mark(
    kind: &'static str,
    y: usize,
    group: &[(usize, &Step)],
    range: &Range,
    style: &Style,
) -> Option<Mark> {
    let (place, first) = group.first()?;
    let calls: u64 = group.iter().map(|(_, step)| step.count).sum();
    let word = match kind {
        "did-become" => "became",
        "did-read" => "read",
        "did-change" => "changed",
        _ => "refused or failed",
    };
    let title = match group {
        [(_, only)] => {
            format!("{}: {} ({word})", text::time(only.time, style), words::call(only))
        }
        _ => {
            format!("{}: {} ({word})", text::time(first.time, style), text::counted(calls, "call"))
        }
    };
    // Kinds stand beside each other, so that a refusal does not hide behind a read.
    let shift = match kind {
        "did-read" => 8,
        "did-fail" => -8,
        _ => 0,
    };
    let radius = (3.5 + (calls as f64).sqrt() * 0.7).min(9.0);
    Some(Mark {
        x: format!("{:.2}", range.x(first.time)),
        y: y.saturating_add_signed(shift),
        radius: format!("{radius:.1}"),
        kind,
        title,
        step: *place,
    })
}

/// Round times within the range, in the reader's zone.
fn ticks(range: &Range, style: &Style) -> Vec<Tick> {
    const STEPS: [i64; 16] = [
        1,
        10,
        time::MINUTE,
        5 * time::MINUTE,
        10 * time::MINUTE,
        30 * time::MINUTE,
        time::HOUR,
        3 * time::HOUR,
        6 * time::HOUR,
        12 * time::HOUR,
        time::DAY,
        2 * time::DAY,
        7 * time::DAY,
        30 * time::DAY,
        90 * time::DAY,
        365 * time::DAY,
    ];
    let seconds = range.last.since(range.first);
    if seconds <= 0 {
        let label = text::time(range.first, style);
        return vec![Tick { x: "50".to_owned(), label, is_minor: false }];
    }
    let step = STEPS.into_iter().find(|step| seconds / step <= TICKS_MAX).unwrap_or(seconds);
    let offset = jiff::Timestamp::from_second(range.first.seconds())
        .map(|first| i64::from(style.zone.to_offset(first).seconds()))
        .unwrap_or_default();
    let begin = range.first.seconds() + offset;
    let round = begin + (step - begin.rem_euclid(step)) % step - offset;
    let one_day = range.first.display_in(&style.zone).get(..10)
        == range.last.display_in(&style.zone).get(..10);
    (0..)
        .map(|place| (place, Timestamp::from_seconds(round).plus(place * step)))
        .take_while(|(_, time)| *time <= range.last)
        .map(|(place, time)| {
            let full = time.display_in(&style.zone);
            let part = match (step, one_day) {
                (time::DAY.., _) => full.get(..10),
                (..time::MINUTE, _) => full.get(11..),
                (_, true) => full.get(11..16),
                (_, false) => full.get(5..16),
            };
            Tick {
                x: format!("{:.2}", range.x(time)),
                label: part.unwrap_or_default().to_owned(),
                is_minor: place % 2 == 1,
            }
        })
        .collect()
}
