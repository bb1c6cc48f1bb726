//! `setup`: installs what the tests need beside Rust, through the system's own package client.
//!
//! Nothing here is needed to build. What cannot be installed is named, and the tests that need it
//! say that they were skipped.

use std::process::Command;

use anyhow::Result;

use crate::differential::programs as reference;
use crate::{emulator, workspace};

/// Arguments of `setup`.
#[derive(Debug, Default, clap::Args)]
pub(crate) struct Arguments {
    /// Say what would be done, and do nothing.
    #[arg(long)]
    dry_run: bool,
}

/// A program that tests use.
struct Need {
    /// Any of these programs will do.
    programs: &'static [&'static str],
    /// How it is asked whether it is there.
    arguments: &'static [&'static str],
    package: &'static str,
    used_for: &'static str,
}

const NEEDS: &[Need] = &[
    Need {
        programs: &["python3"],
        arguments: VERSION,
        package: "python3",
        used_for: "checking OCSF output against its schema",
    },
    Need {
        programs: &["python3"],
        // Debian keeps what fills a new environment in a package of its own.
        arguments: &["-c", "import ensurepip, venv"],
        package: "python3-venv",
        used_for: emulator::MOTO.used_for,
    },
    Need {
        programs: &["chromium", "chromium-browser", "google-chrome", "google-chrome-stable"],
        arguments: VERSION,
        package: "chromium",
        used_for: "opening the HTML report in a browser",
    },
    Need { programs: &["node"], arguments: VERSION, package: "nodejs", used_for: REFERENCE },
    Need { programs: &["npm"], arguments: VERSION, package: "npm", used_for: REFERENCE },
];

const VERSION: &[&str] = &["--version"];

const REFERENCE: &str = "comparing the policy evaluator with a reference";

/// The command. A need that stays unmet is a warning, not a failure.
pub(crate) fn run(arguments: &Arguments) -> Result<()> {
    programs(arguments)?;
    if let Err(cause) = reference::install(arguments.dry_run)? {
        eprintln!("warning: could not install the reference evaluator ({cause})");
        eprintln!("warning: without it, this is skipped: {REFERENCE}");
    }
    for emulator in emulator::ALL {
        if let Err(cause) = emulator.environment.install(arguments.dry_run)? {
            let requirements = emulator.environment.requirements;
            eprintln!("warning: could not install {requirements} ({cause})");
            eprintln!("warning: without it, this is skipped: {}", emulator.used_for);
        }
    }
    Ok(())
}

fn programs(arguments: &Arguments) -> Result<()> {
    let missing: Vec<&Need> = NEEDS.iter().filter(|need| !is_met(need)).collect();
    if missing.is_empty() {
        eprintln!("setup: every program is here");
        return Ok(());
    }
    let packages: Vec<&str> = missing.iter().map(|need| need.package).collect();
    eprintln!("setup: missing {}", packages.join(", "));
    let Some(prefix) = privilege() else {
        warn(&missing, "neither root nor sudo without a password, or no apt-get");
        return Ok(());
    };
    let mut install = vec!["apt-get", "install", "--yes", "--no-install-recommends"];
    install.extend(&packages);
    for words in [&["apt-get", "update"][..], &install] {
        let line: Vec<&str> = prefix.iter().chain(words).copied().collect();
        eprintln!("setup: {}", line.join(" "));
        if arguments.dry_run {
            continue;
        }
        let Some((program, rest)) = line.split_first() else {
            continue;
        };
        let mut command = Command::new(program);
        command.args(rest).env("DEBIAN_FRONTEND", "noninteractive");
        if let Err(error) = workspace::run(&mut command) {
            warn(&missing, &format!("{error:#}"));
            return Ok(());
        }
    }
    Ok(())
}

fn is_met(need: &Need) -> bool {
    need.programs
        .iter()
        .any(|program| workspace::answers(Command::new(program).args(need.arguments)))
}

/// How to become root: nothing to add, or sudo; `None` when there is no way or no apt-get.
fn privilege() -> Option<&'static [&'static str]> {
    if !workspace::answers(Command::new("apt-get").arg("--version")) {
        return None;
    }
    let id = Command::new("id").arg("-u").output().ok()?;
    if id.stdout.trim_ascii() == b"0" {
        return Some(&[]);
    }
    workspace::answers(Command::new("sudo").args(["-n", "true"])).then_some(&["sudo", "-n"][..])
}

fn warn(missing: &[&Need], cause: &str) {
    eprintln!("warning: could not install what is missing ({cause})");
    for need in missing {
        eprintln!(
            "warning: without `{}`, the tests that need it are skipped: {}",
            need.package, need.used_for
        );
    }
}
