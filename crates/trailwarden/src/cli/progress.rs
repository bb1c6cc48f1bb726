//! The progress bar: how much is read, how fast, how long it will take. Only on a terminal.

use std::io::IsTerminal;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread::{self, JoinHandle};
use std::time::Duration;

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};
use trailwarden_runtime::scan::Progress;

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

fn draw(progress: &Progress, ended: &AtomicBool) {
    let bar = ProgressBar::with_draw_target(Some(0), ProgressDrawTarget::stderr());
    let template = "{msg} {wide_bar} {bytes}/{total_bytes} {bytes_per_sec} {eta} left";
    if let Ok(style) = ProgressStyle::with_template(template) {
        bar.set_style(style);
    }
    while !ended.load(Ordering::Relaxed) {
        bar.set_length(progress.bytes_total.load(Ordering::Relaxed));
        bar.set_position(progress.bytes_done.load(Ordering::Relaxed));
        let records = progress.records.load(Ordering::Relaxed);
        bar.set_message(match progress.stage.load(Ordering::Relaxed) {
            0 => format!("reading, {records} records"),
            1 => format!("judging {records} records"),
            Progress::VERIFYING => format!("verifying, {records} files"),
            _ => "writing".to_owned(),
        });
        thread::sleep(Duration::from_millis(100));
    }
    bar.finish_and_clear();
}
