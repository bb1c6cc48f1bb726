//! The timeline: a lane for each identity, a mark for what it did at about one time.
//!
//! Marks of one kind that would overlap become one, whose area follows the number of calls.

use std::collections::BTreeMap;

use trailwarden_runtime::investigate::Investigation;
use trailwarden_runtime::investigate::story::{Step, StepKind};

use super::super::words;
use super::view::tone;
use crate::formats::html::svg::axis::{Axis, Frame, percent};
use crate::formats::{Style, text};

/// Lanes at most; the list names everybody.
const LANES_MAX: usize = 24;
const LANE_HEIGHT: usize = 34;

/// Everything that the template draws.
pub(super) struct Lanes {
    pub(super) lanes: Vec<Lane>,
    pub(super) frame: Frame,
    pub(super) caption: String,
    pub(super) more: Option<String>,
}

/// One identity.
pub(super) struct Lane {
    pub(super) number: u32,
    pub(super) name: String,
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

impl Lanes {
    /// None when there is nothing to draw.
    pub(super) fn of(story: &Investigation, style: &Style) -> Option<Self> {
        let end = story.timeline.iter().map(|step| step.last_time).max();
        let axis = Axis::of(story.timeline.iter().map(|step| step.time).chain(end))?;
        let mut by: BTreeMap<u32, Vec<(usize, &Step)>> = BTreeMap::new();
        for (place, step) in story.timeline.iter().enumerate() {
            by.entry(step.identity).or_default().push((place, step));
        }
        let more = by.len().saturating_sub(LANES_MAX) as u64;
        let lanes: Vec<Lane> = by
            .iter()
            .take(LANES_MAX)
            .enumerate()
            .filter_map(|(row, (number, steps))| lane(story, row, *number, steps, &axis, style))
            .collect();
        Some(Self {
            frame: axis.frame(lanes.len(), LANE_HEIGHT, style),
            lanes,
            caption: format!("Who did what, when: {}", axis.period(style)),
            more: (more > 0).then(|| text::counted(more, "more identity").replace("ys", "ies")),
        })
    }
}

/// None for somebody who did nothing.
fn lane(
    story: &Investigation,
    row: usize,
    number: u32,
    steps: &[(usize, &Step)],
    axis: &Axis,
    style: &Style,
) -> Option<Lane> {
    let y = row * LANE_HEIGHT + LANE_HEIGHT / 2;
    let first = steps.iter().map(|(_, step)| step.time).min()?;
    let last = steps.iter().map(|(_, step)| step.last_time).max()?;
    let mut slots: BTreeMap<(&'static str, i64), Vec<(usize, &Step)>> = BTreeMap::new();
    for (place, step) in steps {
        let slot = axis.slot(step.time);
        slots.entry((kind(step.kind), slot)).or_default().push((*place, step));
    }
    let marks =
        slots.into_iter().filter_map(|((kind, _), group)| mark(kind, y, &group, axis, style));
    Some(Lane {
        number,
        name: words::label_of(story, number),
        tone: words::identity(story, number).map_or("origin", |who| tone(who.relation)),
        y,
        from: percent(axis.x(first)),
        to: percent(axis.x(last)),
        marks: marks.collect(),
    })
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
    axis: &Axis,
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
        x: percent(axis.x(first.time)),
        y: y.saturating_add_signed(shift),
        radius: format!("{radius:.1}"),
        kind,
        title,
        step: *place,
    })
}
