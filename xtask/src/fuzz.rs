//! `fuzz`: runs the fuzz targets where the nightly toolchain and cargo-fuzz are installed.
//!
//! Their corpora are replayed by the ordinary tests; this command looks for new inputs.

use std::path::Path;
use std::process::ExitCode;

use anyhow::{Result, bail};

use crate::workspace;

/// Arguments of `fuzz`.
#[derive(Debug, clap::Args)]
pub(crate) struct Arguments {
    /// The target; all of them, one after the other, when it is not given.
    target: Option<String>,
    /// How long to run each target.
    #[arg(long, default_value_t = 60)]
    seconds: u32,
}

/// The command; 2 when nothing could be run.
pub(crate) fn run(arguments: &Arguments) -> ExitCode {
    let root = workspace::root();
    if let Some(missing) = missing(&root) {
        eprintln!("error: {missing}");
        return ExitCode::from(2);
    }
    match run_targets(&root, arguments) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("error: {error:#}");
            ExitCode::FAILURE
        }
    }
}

/// What stands in the way, and how to remove it.
fn missing(root: &Path) -> Option<String> {
    if !root.join("fuzz/Cargo.toml").exists() {
        return Some("there is no `fuzz` folder in this repository".to_owned());
    }
    if !workspace::answers(workspace::cargo_of_toolchain("nightly").arg("--version")) {
        return Some(
            "fuzzing needs the nightly toolchain: `rustup toolchain install nightly`".to_owned(),
        );
    }
    if !workspace::answers(workspace::cargo_of_toolchain("nightly").args(["fuzz", "--version"])) {
        return Some("fuzzing needs cargo-fuzz: `cargo install --locked cargo-fuzz`".to_owned());
    }
    None
}

fn run_targets(root: &Path, arguments: &Arguments) -> Result<()> {
    let all = targets(root);
    let chosen = match &arguments.target {
        Some(name) if !all.contains(name) => {
            bail!("there is no fuzz target `{name}`; there are {}", all.join(", "));
        }
        Some(name) => vec![name.clone()],
        None => all,
    };
    for target in chosen {
        eprintln!("fuzz: {target} for {} s", arguments.seconds);
        let limit = format!("-max_total_time={}", arguments.seconds);
        let mut command = workspace::cargo_of_toolchain("nightly");
        workspace::run(command.args(["fuzz", "run", &target, "--", &limit]))?;
    }
    Ok(())
}

/// Every target has one file.
fn targets(root: &Path) -> Vec<String> {
    workspace::files(&root.join("fuzz/fuzz_targets"), &[".rs"])
        .iter()
        .filter_map(|path| Some(path.file_stem()?.to_string_lossy().into_owned()))
        .collect()
}
