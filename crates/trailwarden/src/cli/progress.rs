//! The progress bar: how much is read, how fast, how long it will take. Only on a terminal.

use std::io::IsTerminal;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread::{self, JoinHandle};
use std::time::Duration;

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};
use trailwarden_runtime::scan::Progress;
use trailwarden_runtime::sources::history::{Course, Lane};

/// Draws a scan's progress until it is dropped.
pub(crate) struct Drawn {
    ended: Arc<AtomicBool>,
    thread: Option<JoinHandle<()>>,
}

impl Drawn {
    /// Begins to draw, if standard error is a terminal and nobody asked for quiet.
    pub(crate) fn begin(progress: Arc<Progress>, quiet: bool) -> Self {
        let ended = Arc::new(AtomicBool::new(false));
        if quiet || !std::io::stderr().is_terminal() {
            return Self { ended, thread: None };
        }
        let until = Arc::clone(&ended);
        let thread = thread::spawn(move || draw(&progress, &until));
        Self { ended, thread: Some(thread) }
    }
}

impl Drop for Drawn {
    fn drop(&mut self) {
        self.ended.store(true, Ordering::Relaxed);
        if let Some(thread) = self.thread.take() {
            // A drawing thread that panicked has nothing more to draw.
            let _ = thread.join();
        }
    }
}

/// What is fetched is measured by the time that it covers, everything else by its bytes.
const OF_TIME: &str = "{msg} {wide_bar} {percent} % of the time, {eta} left";
const OF_BYTES: &str = "{msg} {wide_bar} {bytes}/{total_bytes} {bytes_per_sec} {eta} left";

fn bar(template: &str) -> ProgressBar {
    let bar = ProgressBar::with_draw_target(Some(0), ProgressDrawTarget::stderr());
    if let Ok(style) = ProgressStyle::with_template(template) {
        bar.set_style(style);
    }
    bar
}

fn draw(progress: &Progress, ended: &AtomicBool) {
    let mut fetching: Option<ProgressBar> = None;
    let mut reading: Option<ProgressBar> = None;
    while !ended.load(Ordering::Relaxed) {
        if let Some(course) = progress.fetching() {
            fetched(fetching.get_or_insert_with(|| bar(OF_TIME)), &course);
            thread::sleep(Duration::from_millis(100));
            continue;
        }
        if let Some(bar) = fetching.take() {
            bar.finish_and_clear();
        }
        let bar = reading.get_or_insert_with(|| bar(OF_BYTES));
        bar.set_length(progress.bytes_total.load(Ordering::Relaxed));
        bar.set_position(progress.bytes_done.load(Ordering::Relaxed));
        let records = progress.records.load(Ordering::Relaxed);
        bar.set_message(match progress.stage.load(Ordering::Relaxed) {
            0 => format!("reading, {records} records"),
            1 => format!("judging {records} records"),
            Progress::LISTING => format!("listing, {records} objects"),
            Progress::VERIFYING => format!("verifying, {records} files"),
            _ => "writing".to_owned(),
        });
        thread::sleep(Duration::from_millis(100));
    }
    for bar in fetching.iter().chain(&reading) {
        bar.finish_and_clear();
    }
}

/// So many regions are named.
const REGIONS_SHOWN: usize = 3;

/// How far the event history is fetched.
fn fetched(bar: &ProgressBar, course: &Course) {
    let done = |lane: &Lane| lane.done.load(Ordering::Relaxed).min(lane.seconds);
    bar.set_length(course.lanes.iter().map(|lane| lane.seconds).sum());
    bar.set_position(course.lanes.iter().map(done).sum());
    let percent = |lane: &Lane| done(lane).saturating_mul(100) / lane.seconds.max(1);
    let mut open: Vec<&Lane> = course.lanes.iter().filter(|lane| percent(lane) < 100).collect();
    open.sort_by_key(|lane| percent(lane));
    let shown = open.iter().take(REGIONS_SHOWN);
    let mut texts: Vec<String> =
        shown.map(|lane| format!("{} {} %", lane.region, percent(lane))).collect();
    if open.len() > REGIONS_SHOWN {
        texts.push(format!("and {} more", open.len() - REGIONS_SHOWN));
    }
    let events: u64 = course.lanes.iter().map(|lane| lane.events.load(Ordering::Relaxed)).sum();
    let pages = course.pages.load(Ordering::Relaxed);
    let rate = pages as f64 / bar.elapsed().as_secs_f64().max(0.1);
    bar.set_message(format!("{}: {events} events, {rate:.1} pages/s", texts.join(", ")));
}
