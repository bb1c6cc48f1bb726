//! `bench`: speed and memory, always beside the floor that nobody can beat.

mod meter;
mod scan;

use anyhow::Result;
use clap::Subcommand;

/// Arguments of `bench`.
#[derive(Debug, clap::Args)]
pub(crate) struct Arguments {
    #[command(subcommand)]
    what: What,
}

#[derive(Debug, Subcommand)]
enum What {
    /// `trailwarden scan` on our own corpora, against inflating them.
    Scan(scan::Arguments),
}

/// The command.
pub(crate) fn run(arguments: &Arguments) -> Result<()> {
    match &arguments.what {
        What::Scan(arguments) => scan::run(arguments),
    }
}
