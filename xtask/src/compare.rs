//! `compare prowler`: our assessment beside Prowler's, of one account in an emulator.
//!
//! It is no test: what it installs is large, and what it measures depends on the machine. The work is
//! done by `compare/prowler.py`; this builds, installs and starts.

use std::process::Command;

use anyhow::{Context as _, Result, bail};

use crate::emulator::MOTO;
use crate::environment::Environment;
use crate::workspace;

/// Arguments of `compare`.
#[derive(Debug, clap::Args)]
pub(crate) struct Arguments {
    #[command(subcommand)]
    with: With,
}

#[derive(Debug, clap::Subcommand)]
enum With {
    /// Prowler, in the version of xtask/src/compare/requirements.txt (installs 2 GB of packages).
    Prowler {
        /// Only this variant of the account.
        #[arg(long, value_parser = ["loose", "tight"])]
        only: Option<String>,
    },
}

const PROWLER: Environment =
    Environment { folder: "prowler", requirements: "xtask/src/compare/requirements.txt" };

/// The command. A difference without a known reason is an error.
pub(crate) fn run(arguments: &Arguments) -> Result<()> {
    let With::Prowler { only } = &arguments.with;
    for environment in [MOTO.environment, PROWLER] {
        if let Err(cause) = environment.install(false)? {
            bail!("cannot install {}: {cause}", environment.requirements);
        }
    }
    let python = MOTO.environment.python()?.context("the emulator is not installed")?;
    workspace::run(workspace::cargo().args(["build", "--release", "--package", "trailwarden"]))?;
    let target = workspace::target_directory()?;
    let mut command = Command::new(python);
    // Leaves no byte code beside the script.
    command.arg("-B").arg(workspace::root().join("xtask/src/compare/prowler.py"));
    command.arg("--trailwarden").arg(target.join("release/trailwarden"));
    command.arg("--prowler").arg(PROWLER.program("prowler")?);
    command.arg("--folder").arg(target.join("compare"));
    if let Some(variant) = only {
        command.args(["--only", variant]);
    }
    workspace::run(&mut command)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_requirement_has_an_exact_version() {
        assert!(PROWLER.requirements().contains("prowler=="));
        assert_eq!(PROWLER.loose(), Vec::<String>::new());
    }
}
