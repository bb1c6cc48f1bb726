//! Who looks on while a plan is carried out or taken back: tells how far it is, takes secrets, and hears
//! Ctrl-C.

use std::io;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use anyhow::Context as _;
use trailwarden_runtime::executor::{Direction, Progress, Secret, Witness};

use crate::cli::remediate::handover::Handover;
use crate::cli::{Exit, terminal};

/// Whether Ctrl-C was pressed.
#[derive(Clone, Debug, Default)]
pub(in crate::cli::remediate) struct Interrupt(Arc<AtomicBool>);

impl Interrupt {
    /// Listens for Ctrl-C: the first one stops between two calls, the second ends the process, after
    /// which the journal still tells what was begun.
    pub(in crate::cli::remediate) fn listen() -> anyhow::Result<Self> {
        let interrupt = Self::default();
        let pressed = Arc::clone(&interrupt.0);
        let handler = move || {
            if pressed.swap(true, Ordering::SeqCst) {
                std::process::exit(i32::from(Exit::Interrupted.code()));
            }
            terminal::note(
                "stopping before the next call; press Ctrl-C again to break off at once",
            );
        };
        ctrlc::set_handler(handler).context("cannot listen for Ctrl-C")?;
        Ok(interrupt)
    }

    fn is_pressed(&self) -> bool {
        self.0.load(Ordering::SeqCst)
    }
}

/// Looks on.
pub(in crate::cli::remediate) struct Onlooker<'a> {
    pub(in crate::cli::remediate) account: &'a str,
    pub(in crate::cli::remediate) handover: &'a mut Handover,
    pub(in crate::cli::remediate) interrupt: &'a Interrupt,
    pub(in crate::cli::remediate) quiet: bool,
}

impl Witness for Onlooker<'_> {
    fn progress(&mut self, progress: &Progress<'_>) {
        if self.quiet {
            return;
        }
        match *progress {
            Progress::Step { direction, id, at, of, purpose } => {
                let verb = match direction {
                    Direction::Apply => "",
                    Direction::Undo => "take back: ",
                };
                terminal::note(&format!("[{at}/{of}] step {id}: {verb}{purpose}"));
            }
            Progress::Waiting { id, wait_ms } => terminal::note(&format!(
                "      step {id}: AWS does not show it yet; asking again in {} s",
                wait_ms.div_ceil(1000)
            )),
            Progress::Held { .. } => {}
            Progress::Kept { id, reason } => {
                terminal::warn(&format!("step {id} stays as it is: {reason}"));
            }
        }
    }

    fn hand_over(&mut self, secret: &Secret<'_>) -> io::Result<()> {
        self.handover.take(self.account, secret)
    }

    fn is_interrupted(&self) -> bool {
        self.interrupt.is_pressed()
    }
}
