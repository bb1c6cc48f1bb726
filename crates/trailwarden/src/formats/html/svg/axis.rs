//! An axis of time, below lanes of marks.
//!
//! Positions are percentages of the width, so a chart fits any screen and its text keeps its size.
//! Marks that would overlap become one; with ten thousand of them a chart is still a few hundred
//! elements.
//!
//! Logs are long and incidents short: drawn to one scale, everything that matters would stand in
//! one dot. So the longest gaps between marks are cut out, each where the page says so and for how
//! long.

use jiff::tz::TimeZone;
use trailwarden_model::{Timestamp, time};

use crate::formats::{Style, text};

/// Share of the width kept free at both ends, in percent.
const MARGIN: f64 = 2.0;
/// Width of a gap that was cut out, in percent.
const BREAK: f64 = 3.5;
const BREAKS_MAX: usize = 5;
/// Width of a stretch however short, in percent.
const STRETCH_MIN: f64 = 6.0;
/// A shorter gap is worth seeing.
const GAP_MIN: i64 = time::HOUR;
/// A label on the axis for so much of the width, in percent.
const TICK_WIDTH: f64 = 15.0;
/// Marks of one kind in one lane at most.
const SLOTS: f64 = 100.0;
const LINE_HEIGHT: usize = 15;

/// The times of a chart, and where each of them stands.
pub(in crate::formats) struct Axis {
    /// At least one, in the order of time.
    stretches: Vec<Stretch>,
}

/// A part of the time that is drawn to scale.
struct Stretch {
    first: Timestamp,
    last: Timestamp,
    /// Where it begins and how wide it is, in percent.
    from: f64,
    width: f64,
}

impl Stretch {
    fn seconds(&self) -> i64 {
        self.last.since(self.first)
    }

    fn x(&self, time: Timestamp) -> f64 {
        let seconds = self.seconds();
        if seconds <= 0 {
            return self.from + self.width / 2.0;
        }
        let within = time.since(self.first).clamp(0, seconds);
        // Both are far below 2^52 for any time that a log can hold.
        self.from + within as f64 / seconds as f64 * self.width
    }
}

/// What the template draws around the lanes.
pub(in crate::formats) struct Frame {
    pub(in crate::formats) height: usize,
    /// Where the lanes end.
    pub(in crate::formats) bottom: usize,
    pub(in crate::formats) ticks: Vec<Tick>,
    pub(in crate::formats) breaks: Vec<Break>,
}

/// A label on the axis.
pub(in crate::formats) struct Tick {
    pub(in crate::formats) x: String,
    pub(in crate::formats) y: usize,
    pub(in crate::formats) label: String,
    /// The day, below the first label that is of it.
    pub(in crate::formats) day: Option<(usize, String)>,
    /// Every other label makes room on a narrow screen.
    pub(in crate::formats) is_minor: bool,
}

/// A gap that was cut out.
pub(in crate::formats) struct Break {
    pub(in crate::formats) x: String,
    pub(in crate::formats) width: String,
    pub(in crate::formats) middle: String,
    pub(in crate::formats) label: String,
    pub(in crate::formats) title: String,
}

impl Axis {
    /// The axis for marks at these times; none without any.
    pub(in crate::formats) fn of(times: impl Iterator<Item = Timestamp>) -> Option<Self> {
        let mut times: Vec<Timestamp> = times.collect();
        times.sort_unstable();
        times.dedup();
        let mut cuts = gaps_to_cut(&times);
        cuts.push(times.len());
        let mut stretches = Vec::with_capacity(cuts.len());
        let mut begin = 0;
        for end in cuts {
            let part = times.get(begin..end)?;
            let (first, last) = (*part.first()?, *part.last()?);
            stretches.push(Stretch { first, last, from: 0.0, width: 0.0 });
            begin = end;
        }
        share(&mut stretches);
        Some(Self { stretches })
    }

    /// Where a time stands, in percent of the width.
    pub(in crate::formats) fn x(&self, time: Timestamp) -> f64 {
        let here = self.stretches.iter().rev().find(|stretch| stretch.first <= time);
        here.or(self.stretches.first()).map_or(50.0, |stretch| stretch.x(time))
    }

    /// Times in one slot share a mark.
    pub(in crate::formats) fn slot(&self, time: Timestamp) -> i64 {
        // Between 0 and SLOTS, so the cast cannot overflow.
        (self.x(time) / 100.0 * SLOTS) as i64
    }

    /// From the first time to the last.
    pub(in crate::formats) fn period(&self, style: &Style) -> String {
        let ends = self.stretches.first().zip(self.stretches.last());
        let period = ends.map(|(first, last)| text::period(first.first, last.last, style));
        let period = period.unwrap_or_default();
        match self.stretches.len() {
            0 | 1 => period,
            _ => format!("{period}, without the gaps in which nothing began"),
        }
    }

    /// The axis below so many lanes.
    pub(in crate::formats) fn frame(
        &self,
        lanes: usize,
        lane_height: usize,
        style: &Style,
    ) -> Frame {
        let bottom = lanes * lane_height;
        let mut ticks = Vec::new();
        let mut today = String::new();
        let is_one_year = self.is_one_year(style);
        for (place, stretch) in self.stretches.iter().enumerate() {
            let is_even = place % 2 == 1;
            let times = stretch.ticks(style).into_iter().enumerate();
            ticks.extend(times.map(|(number, (time, step))| {
                let full = time.display_in(&style.zone);
                let day = full.get(..10).unwrap_or_default();
                let label = match step {
                    time::DAY.. => day,
                    time::MINUTE.. => full.get(11..16).unwrap_or_default(),
                    _ => full.get(11..).unwrap_or_default(),
                };
                let is_new = step < time::DAY && day != today;
                today = day.to_owned();
                let day = if is_one_year { day.get(5..).unwrap_or(day) } else { day };
                Tick {
                    x: percent(stretch.x(time)),
                    y: bottom + LINE_HEIGHT + 3,
                    label: label.to_owned(),
                    day: is_new.then(|| (bottom + 2 * LINE_HEIGHT + 3, day.to_owned())),
                    is_minor: number % 2 == usize::from(!is_even),
                }
            }));
        }
        let is_one_day = ticks.iter().filter(|tick| tick.day.is_some()).count() < 2;
        if is_one_day {
            // The caption says which day it is.
            ticks.iter_mut().for_each(|tick| tick.day = None);
        }
        let lines = if ticks.iter().any(|tick| tick.day.is_some()) { 2 } else { 1 };
        Frame { height: bottom + lines * LINE_HEIGHT + 11, bottom, ticks, breaks: self.breaks() }
    }

    /// Whether the caption tells the year of every label.
    fn is_one_year(&self, style: &Style) -> bool {
        let year = |time: Timestamp| time.display_in(&style.zone).get(..4).map(str::to_owned);
        let ends = self.stretches.first().zip(self.stretches.last());
        ends.is_some_and(|(first, last)| year(first.first) == year(last.last))
    }

    fn breaks(&self) -> Vec<Break> {
        let pairs = self.stretches.iter().zip(self.stretches.iter().skip(1));
        let cut = |(before, after): (&Stretch, &Stretch)| {
            let x = before.from + before.width;
            let gap = after.first.since(before.last);
            let (count, unit) = match gap {
                time::DAY.. => (gap / time::DAY, "day"),
                _ => (gap / time::HOUR, "hour"),
            };
            Break {
                x: percent(x),
                width: percent(after.from - x),
                middle: percent((x + after.from) / 2.0),
                label: format!("{count} {}", unit.get(..1).unwrap_or_default()),
                title: format!("nothing began for {}", text::counted(count.unsigned_abs(), unit)),
            }
        };
        pairs.map(cut).collect()
    }
}

/// A position as the template wants it.
pub(in crate::formats) fn percent(share: f64) -> String {
    format!("{share:.2}")
}

/// After how many of the times there is a gap to cut out, in ascending order: what is a quarter or
/// more of what is left, the longest first.
fn gaps_to_cut(times: &[Timestamp]) -> Vec<usize> {
    let pairs = times.iter().zip(times.iter().skip(1)).enumerate();
    let mut gaps: Vec<(i64, usize)> =
        pairs.map(|(at, (before, after))| (after.since(*before), at + 1)).collect();
    let mut left: i64 = gaps.iter().map(|(seconds, _)| seconds).sum();
    gaps.sort_unstable_by_key(|(seconds, at)| (std::cmp::Reverse(*seconds), *at));
    let mut cuts = Vec::new();
    for (seconds, at) in gaps.into_iter().take(BREAKS_MAX) {
        if seconds < GAP_MIN || seconds < left / 4 {
            break;
        }
        left -= seconds;
        cuts.push(at);
    }
    // A moment needs no room: near marks may stay one.
    if left < time::MINUTE {
        cuts.clear();
    }
    cuts.sort_unstable();
    cuts
}

/// Gives each stretch a little of the width, and of the rest as much as it is long.
fn share(stretches: &mut [Stretch]) {
    let count = stretches.len() as f64;
    let all = 100.0 - 2.0 * MARGIN - (count - 1.0) * BREAK;
    let rest = if stretches.len() == 1 { 0.0 } else { all - count * STRETCH_MIN };
    let seconds: i64 = stretches.iter().map(Stretch::seconds).sum();
    let mut from = MARGIN;
    for stretch in stretches {
        let part = stretch.seconds() as f64 / seconds.max(1) as f64;
        stretch.from = from;
        stretch.width = if rest > 0.0 { STRETCH_MIN + rest * part } else { all };
        from += stretch.width + BREAK;
    }
}

impl Stretch {
    /// Round times in the reader's zone, each with the step between two of them; the beginning when
    /// there is none.
    fn ticks(&self, style: &Style) -> Vec<(Timestamp, i64)> {
        let seconds = self.seconds();
        let wanted = ((self.width / TICK_WIDTH) as i64).max(1);
        let step = STEPS.into_iter().find(|step| seconds / step <= wanted).unwrap_or(seconds);
        let begin = self.first.seconds() + offset(self.first, &style.zone);
        let round = self.first.plus((step - begin.rem_euclid(step)) % step);
        if seconds <= 0 || round > self.last {
            return vec![(self.first, step.clamp(time::MINUTE, time::HOUR))];
        }
        let times = (0..).map(|place| round.plus(place * step));
        times.take_while(|time| *time <= self.last).map(|time| (time, step)).collect()
    }
}

/// Steps that people count in.
const STEPS: [i64; 22] = [
    1,
    5,
    15,
    30,
    time::MINUTE,
    2 * time::MINUTE,
    5 * time::MINUTE,
    10 * time::MINUTE,
    20 * time::MINUTE,
    30 * time::MINUTE,
    time::HOUR,
    2 * time::HOUR,
    3 * time::HOUR,
    6 * time::HOUR,
    12 * time::HOUR,
    time::DAY,
    2 * time::DAY,
    7 * time::DAY,
    14 * time::DAY,
    30 * time::DAY,
    90 * time::DAY,
    365 * time::DAY,
];

/// Seconds that the zone is ahead of UTC.
fn offset(time: Timestamp, zone: &TimeZone) -> i64 {
    jiff::Timestamp::from_second(time.seconds())
        .map(|time| i64::from(zone.to_offset(time).seconds()))
        .unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn points(times: impl Iterator<Item = Timestamp>) -> Axis {
        Axis::of(times).unwrap()
    }

    fn axis(times: &[&str]) -> Axis {
        points(times.iter().map(|time| time.parse().unwrap()))
    }

    fn labels(times: &[&str]) -> Vec<String> {
        let frame = axis(times).frame(1, 30, &Style::default());
        frame.ticks.into_iter().map(|tick| tick.label).collect()
    }

    #[test]
    fn ticks_are_round_and_few() {
        let hours = labels(&["2026-01-01T00:07:00Z", "2026-01-01T05:50:00Z"]);
        assert_eq!(hours.first().map(String::as_str), Some("01:00"));
        assert!(hours.iter().all(|label| label.ends_with(":00")) && hours.len() <= 7, "{hours:?}");
        let years = ["2020-01-01T00:00:00Z", "2022-09-01T00:00:00Z", "2026-01-01T00:00:00Z"];
        let years: Vec<String> = labels(&years);
        assert!(years.len() <= 7, "{years:?}");
        assert_eq!(labels(&["2026-01-01T00:00:00Z"]), ["00:00"]);
        assert!(Axis::of(std::iter::empty()).is_none());
    }

    /// An hour of an incident in two weeks of logs is as wide as it needs.
    #[test]
    fn long_gaps_are_cut_out_and_said() {
        let times = [
            "2026-05-04T09:10:00Z",
            "2026-05-16T22:44:00Z",
            "2026-05-16T23:14:00Z",
            "2026-05-16T23:45:00Z",
            "2026-05-17T07:33:00Z",
        ];
        let axis = axis(&times);
        let x: Vec<f64> = times.iter().map(|time| axis.x(time.parse().unwrap())).collect();
        assert!(x.is_sorted() && x[3] - x[1] > 50.0, "{x:?}");
        let frame = axis.frame(3, 30, &Style::default());
        let told: Vec<&str> = frame.breaks.iter().map(|cut| cut.title.as_str()).collect();
        assert_eq!(told, ["nothing began for 12 days", "nothing began for 7 hours"]);
        let days: Vec<&str> =
            frame.ticks.iter().filter_map(|tick| Some(tick.day.as_ref()?.1.as_str())).collect();
        assert_eq!(days, ["05-04", "05-16", "05-17"]);
        assert!(
            axis.period(&Style::default()).ends_with("without the gaps in which nothing began")
        );
    }

    #[test]
    fn even_traffic_has_no_breaks() {
        let day = |hour: i64| Timestamp::from_seconds(1_770_000_000).plus(hour * time::HOUR);
        let axis = points((0..100).map(day));
        assert!(axis.frame(1, 30, &Style::default()).breaks.is_empty());
        assert!((axis.x(day(99)) - (100.0 - MARGIN)).abs() < 0.01);
        // Nor have two points, however far apart.
        let axis = points([day(0), day(10_000)].into_iter());
        assert!(axis.frame(1, 30, &Style::default()).breaks.is_empty());
    }

    #[test]
    fn many_breaks_leave_room_for_what_is_between() {
        let times = (0..40_i64).map(|number| Timestamp::from_seconds(number * number * 100_000));
        let axis = points(times);
        let frame = axis.frame(1, 30, &Style::default());
        assert!(frame.breaks.len() <= BREAKS_MAX);
        for stretch in &axis.stretches {
            assert!(stretch.width >= STRETCH_MIN && stretch.from + stretch.width <= 98.01);
        }
        for tick in &frame.ticks {
            let x: f64 = tick.x.parse().unwrap();
            assert!((0.0..=100.0).contains(&x), "{x}");
        }
    }
}
