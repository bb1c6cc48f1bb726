//! trailwarden: watches AWS IAM through CloudTrail and says what each change does.
//!
//! The binary is the composition root: only it knows flags, exit codes and wire formats.

mod cli;
mod formats;
mod site;

use std::process::ExitCode;

fn main() -> ExitCode {
    cli::run()
}
