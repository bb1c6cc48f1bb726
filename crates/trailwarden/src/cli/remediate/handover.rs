//! Secrets that a plan makes, such as a password: shown once on the terminal, or written to a file.
//!
//! # Invariants
//! - Whether they can be taken is known before the first call.
//! - The file is new and only its owner can read it; a secret is on the disk before its step counts as done.

use std::fs::{File, OpenOptions};
use std::io::{self, Write as _};
use std::path::PathBuf;

use anyhow::{Context as _, ensure};
use clap::Args as ClapArgs;
use console::Term;
use serde_json::json;
use trailwarden_model::escape::visible;
use trailwarden_runtime::executor::Secret;

/// Where secrets go.
#[derive(ClapArgs, Debug)]
#[group(skip)]
pub(super) struct HandoverArgs {
    /// Write secrets that the plan makes, such as passwords, to this new file, which only you can read;
    /// else they are shown once on the terminal
    #[arg(long, value_name = "FILE")]
    secrets_to: Option<PathBuf>,
}

/// Takes secrets.
pub(super) enum Handover {
    /// A line of JSON for each.
    File(Kept),
    /// Shown once.
    Terminal(Term),
    /// There are none to take.
    Nowhere,
}

/// A new file for secrets. One that no secret came to is taken away again, so that its name serves the next
/// time.
pub(super) struct Kept {
    file: File,
    path: PathBuf,
    is_used: bool,
}

impl Drop for Kept {
    fn drop(&mut self) {
        if !self.is_used {
            // Left behind it is empty, and does no harm.
            let _ = std::fs::remove_file(&self.path);
        }
    }
}

impl HandoverArgs {
    /// Whether secrets could be taken, if plans make some; makes nothing yet.
    pub(super) fn foresee(&self, makes_secrets: bool) -> anyhow::Result<()> {
        match &self.secrets_to {
            _ if !makes_secrets => {}
            Some(path) => ensure!(
                !path.try_exists().unwrap_or_default(),
                "`{}` is there already; name a new file with --secrets-to",
                path.display()
            ),
            None => ensure!(
                Term::stderr().is_term(),
                "the plan makes secrets, and standard error is no terminal to show them on; name a new file with --secrets-to"
            ),
        }
        Ok(())
    }

    /// Makes ready for secrets, if plans make some.
    pub(super) fn open(&self, makes_secrets: bool) -> anyhow::Result<Handover> {
        self.foresee(makes_secrets)?;
        if !makes_secrets {
            return Ok(Handover::Nowhere);
        }
        let Some(path) = &self.secrets_to else {
            return Ok(Handover::Terminal(Term::stderr()));
        };
        let mut options = OpenOptions::new();
        options.write(true).create_new(true);
        #[cfg(unix)]
        std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
        let file = options.open(path).with_context(|| {
            format!(
                "cannot make `{}` for secrets, so nothing was changed; name a new file in a folder that is there",
                path.display()
            )
        })?;
        Ok(Handover::File(Kept { file, path: path.clone(), is_used: false }))
    }
}

impl Handover {
    /// Takes one.
    pub(super) fn take(&mut self, account: &str, secret: &Secret<'_>) -> io::Result<()> {
        match self {
            Self::File(kept) => {
                kept.is_used = true;
                let line = json!({ "account": account, "step": secret.step, "what": secret.what, "about": secret.about,
                    "secret": secret.value() });
                writeln!(kept.file, "{line}")?;
                kept.file.sync_all()
            }
            Self::Terminal(term) => {
                let about: Vec<&str> = secret.about.values().map(String::as_str).collect();
                let about = about.join(", ");
                term.write_line(&format!(
                    "\n  {} of {}, shown only now:\n\n      {}\n",
                    visible(secret.what),
                    visible(&about),
                    secret.value()
                ))
            }
            Self::Nowhere => Err(io::Error::other("nobody is there to take it")),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_that_no_secret_came_to_is_taken_away() {
        let folder = tempfile::tempdir().unwrap();
        let args = HandoverArgs { secrets_to: Some(folder.path().join("new")) };
        let handover = args.open(true).unwrap();
        assert!(args.foresee(true).is_err(), "it is there");
        drop(handover);
        assert!(args.foresee(true).is_ok(), "its name serves again");
    }
}
