//! How an answer is printed and where it goes: the arguments that commands share.

use std::io;
use std::path::PathBuf;

use anyhow::Context;
use clap::{Args as ClapArgs, ValueEnum};
use jiff::tz::TimeZone;
use serde::Serialize;
use trailwarden_model::Severity;

use super::{Colour, terminal, to_stdout};
use crate::formats::{Style, write_pretty};

/// How to print.
#[derive(ClapArgs, Debug)]
#[group(skip)]
pub(crate) struct FormatArgs<F: ValueEnum + Send + Sync + 'static> {
    /// How to print it
    #[arg(long, value_enum, value_name = "FORMAT", default_value = "table")]
    format: F,

    /// The same as --format json
    #[arg(long, conflicts_with = "format")]
    json: bool,
}

impl<F: ValueEnum + Send + Sync + 'static> FormatArgs<F> {
    /// The format that was asked for.
    pub(crate) fn chosen(&self) -> F {
        let json = || F::from_str("json", false).ok();
        json().filter(|_| self.json).unwrap_or_else(|| self.format.clone())
    }
}

/// What is grave enough to be shown, and to fail.
#[derive(ClapArgs, Debug)]
#[group(skip)]
pub(crate) struct SeverityArgs {
    /// Only what has this severity or above
    #[arg(long, value_name = "SEVERITY")]
    pub(crate) min_severity: Option<Severity>,

    /// Exit with 1 when something has this severity or above; what a suppression covers does not count
    #[arg(long, value_name = "SEVERITY")]
    pub(crate) fail_on: Option<Severity>,
}

/// Where it goes.
#[derive(ClapArgs, Debug)]
#[group(skip)]
pub(crate) struct OutputArgs {
    /// Write here instead of standard output
    #[arg(long, short, value_name = "FILE")]
    output: Option<PathBuf>,

    /// No progress bar and no notes
    #[arg(long, short)]
    pub(crate) quiet: bool,
}

impl OutputArgs {
    /// Writes to the file that was named, or to standard output.
    pub(crate) fn write(
        &self,
        write: impl FnOnce(&mut dyn io::Write) -> io::Result<()>,
    ) -> anyhow::Result<()> {
        let Some(path) = &self.output else {
            return Ok(to_stdout(write)?);
        };
        let file = std::fs::File::create(path)
            .with_context(|| format!("cannot write `{}`", path.display()))?;
        let mut out = io::BufWriter::new(file);
        write(&mut out)?;
        io::Write::flush(&mut out)?;
        Ok(())
    }

    /// How people see the answer.
    pub(crate) fn style(&self, colour: Colour, zone: &TimeZone, zone_name: &str) -> Style {
        Style {
            colour: self.output.is_none() && terminal::stdout_colour(colour)
                || colour == Colour::Always,
            width: terminal::stdout_width(),
            zone: zone.clone(),
            zone_name: zone_name.to_owned(),
        }
    }

    /// Says that something could not be read, where the format is not one that is read at once.
    pub(crate) fn tell_rejects(&self, rejects: u64, is_read_at_once: bool) {
        if rejects > 0 && !self.quiet && !is_read_at_once {
            terminal::warn(&format!(
                "{rejects} inputs or records could not be read; the output names them"
            ));
        }
    }
}

/// Prints an answer for programs.
pub(crate) fn print_json(answer: &impl Serialize) -> io::Result<()> {
    to_stdout(|out| {
        write_pretty(answer, out)?;
        writeln!(out)
    })
}
