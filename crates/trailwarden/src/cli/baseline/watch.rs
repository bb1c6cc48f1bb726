//! How far the asking is, on a terminal.

use std::io::IsTerminal as _;

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};
use trailwarden_account::snapshot::Answer;
use trailwarden_model::{AccountId, escape};
use trailwarden_runtime::collect::Watch;

/// A bar of accounts, with the last question beside it.
pub(super) struct Drawn(ProgressBar);

impl Drawn {
    pub(super) fn begin(accounts: usize, quiet: bool) -> Self {
        let is_drawn = !quiet && std::io::stderr().is_terminal();
        let target =
            if is_drawn { ProgressDrawTarget::stderr() } else { ProgressDrawTarget::hidden() };
        let bar = ProgressBar::with_draw_target(Some(accounts as u64), target);
        if let Ok(style) = ProgressStyle::with_template("{pos}/{len} accounts {wide_bar} {msg}") {
            bar.set_style(style);
        }
        Self(bar)
    }

    /// The last question.
    pub(super) fn show(&self, answer: &Answer) {
        let about = answer.about.values().next().map(String::as_str).unwrap_or_default();
        let text = format!("{} {about}", answer.api);
        self.0.set_message(escape::visible(text.trim_end()).into_owned());
        self.0.tick();
    }

    pub(super) fn end(&self) {
        self.0.finish_and_clear();
    }
}

impl Watch for Drawn {
    fn answered(&self, _: AccountId, answer: &Answer) {
        self.show(answer);
    }

    fn done(&self, _: AccountId) {
        self.0.inc(1);
    }
}
