//! Faults planted into a copy of the evaluator, each of which the differential run must find.
//!
//! A comparison that finds nothing proves little unless it would have found something. Each fault
//! is a text of the evaluator's source and what stands there instead; the copy is built, answers
//! generated cases, and must differ from the reference, while the sound one does not.

mod table;

use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail};
use serde_json::json;

use super::programs::{self, Answer, Programs};
use super::{CHUNK, chunk, reference};
use crate::workspace;
use table::FAULTS;

/// One fault.
struct Fault {
    /// What the evaluator gets wrong with it.
    what: &'static str,
    /// Below the folder of the policy crate.
    file: &'static str,
    /// Occurs exactly once in the file.
    text: &'static str,
    instead: &'static str,
}

/// How many cases a fault may hide from.
const CASES: u64 = 20_000;
/// The crates that the evaluator is made of.
const CRATES: [&str; 2] = ["trailwarden-model", "trailwarden-policy"];
const CRATE: &str = "crates/trailwarden-policy";

/// Where a fault was found.
struct Found {
    number: u64,
    faulty: Answer,
    right: Answer,
}

/// Plants every fault in turn.
pub(crate) fn run(programs: &Programs, seed: u64, is_json: bool) -> Result<()> {
    let target = workspace::target_directory()?.join("faults");
    let copy = target.join("source");
    make_copy(&workspace::root(), &copy)?;
    let mut sound = Sound { seed, answers: Vec::new() };
    let mut rows = Vec::new();
    let mut hidden = Vec::new();
    for (number, fault) in (1..).zip(FAULTS) {
        let program = plant(&copy, &target.join("build"), fault)?;
        let found = find(programs, &program, &mut sound)?;
        eprintln!("{}", shown(number, seed, fault, found.as_ref()));
        match &found {
            Some(found) => rows.push(json!({
                "fault": fault.what, "seed": seed, "case": found.number,
                "faulty": found.faulty.to_string(), "reference": found.right.to_string(),
            })),
            None => hidden.push(fault.what),
        }
    }
    if is_json {
        println!(
            "{}",
            json!({ "seed": seed, "cases_max": CASES, "found": rows, "hidden": hidden })
        );
    } else {
        println!("{} of {} faults found", rows.len(), FAULTS.len());
    }
    if !hidden.is_empty() {
        bail!("{} faults were not found: {}", hidden.len(), hidden.join("; "));
    }
    Ok(())
}

fn shown(number: usize, seed: u64, fault: &Fault, found: Option<&Found>) -> String {
    match found {
        Some(found) => format!(
            "{number:>3}. found by seed {seed} case {} ({} instead of {}): {}",
            found.number, found.faulty, found.right, fault.what
        ),
        None => format!("{number:>3}. NOT FOUND in {CASES} cases of seed {seed}: {}", fault.what),
    }
}

/// What the reference says, chunk by chunk; the sound evaluator was seen to say the same.
struct Sound {
    seed: u64,
    answers: Vec<Vec<Answer>>,
}

/// The first case in which a faulty evaluator differs from the reference.
fn find(programs: &Programs, program: &Path, sound: &mut Sound) -> Result<Option<Found>> {
    for (index, from) in (0..CASES).step_by(CHUNK).enumerate() {
        let cases = chunk(sound.seed, from, CASES);
        let faulty = programs.other(program, &cases)?.all;
        if sound.answers.len() <= index {
            let expected = reference::answers(programs, &cases)?;
            let ours = programs.ours(&cases)?.all;
            if let Some(found) = first(from, &expected, &ours) {
                bail!(
                    "the evaluator differs without any fault, in case {} of seed {}",
                    found.number,
                    sound.seed
                );
            }
            sound.answers.push(expected);
        }
        let expected = sound.answers.get(index).map_or(&[][..], Vec::as_slice);
        if let Some(found) = first(from, expected, &faulty) {
            return Ok(Some(found));
        }
    }
    Ok(None)
}

fn first(from: u64, expected: &[Answer], faulty: &[Answer]) -> Option<Found> {
    let mut said = (from..).zip(expected.iter().zip(faulty));
    let (number, (right, faulty)) = said.find(|(_, (right, faulty))| right != faulty)?;
    Some(Found { number, faulty: faulty.clone(), right: right.clone() })
}

/// Copies the crates of the evaluator into a workspace of their own.
fn make_copy(root: &Path, copy: &Path) -> Result<()> {
    if copy.exists() {
        std::fs::remove_dir_all(copy)
            .with_context(|| format!("cannot empty `{}`", copy.display()))?;
    }
    for name in CRATES {
        copy_folder(&root.join("crates").join(name), &copy.join("crates").join(name))?;
    }
    let manifest = workspace::read(&root.join("Cargo.toml"))?;
    let members = "members = [\"crates/*\", \"xtask\"]";
    if !manifest.contains(members) {
        bail!("the root manifest no longer says `{members}`; adapt the copy for the faults");
    }
    let manifest = manifest.replace(members, "members = [\"crates/*\"]");
    workspace::write(&copy.join("Cargo.toml"), &manifest)?;
    let lock = workspace::read(&root.join("Cargo.lock"))?;
    workspace::write(&copy.join("Cargo.lock"), &lock)
}

fn copy_folder(from: &Path, to: &Path) -> Result<()> {
    for path in workspace::files(from, &[""]) {
        let below = path.strip_prefix(from).unwrap_or(&path);
        let place = to.join(below);
        let shown = || format!("cannot copy `{}`", path.display());
        if let Some(parent) = place.parent() {
            std::fs::create_dir_all(parent).with_context(shown)?;
        }
        std::fs::copy(&path, &place).with_context(shown)?;
    }
    Ok(())
}

/// Builds the copy with one fault, and takes the fault out of the source again.
fn plant(copy: &Path, target: &Path, fault: &Fault) -> Result<PathBuf> {
    let place = copy.join(CRATE).join(fault.file);
    let sound = workspace::read(&place)?;
    workspace::write(&place, &planted(&sound, fault)?)?;
    let built = programs::build_offline(copy, target)
        .with_context(|| format!("with the fault planted: {}", fault.what));
    workspace::write(&place, &sound)?;
    built
}

fn planted(sound: &str, fault: &Fault) -> Result<String> {
    match sound.matches(fault.text).count() {
        1 => Ok(sound.replacen(fault.text, fault.instead, 1)),
        count => bail!(
            "the text `{}` of the fault `{}` occurs {count} times in {CRATE}/{}, not once; adapt the table of faults",
            fault.text,
            fault.what,
            fault.file
        ),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_fault_can_be_planted() {
        let mut stale = Vec::new();
        for fault in FAULTS {
            let sound = workspace::read(&workspace::root().join(CRATE).join(fault.file)).unwrap();
            match planted(&sound, fault) {
                Ok(changed) => assert_ne!(changed, sound, "{}", fault.what),
                Err(error) => stale.push(error.to_string()),
            }
        }
        assert!(stale.is_empty(), "{}", stale.join("\n"));
        assert!(FAULTS.len() >= 20, "{} faults", FAULTS.len());
    }

    #[test]
    fn a_text_that_is_gone_or_ambiguous_is_an_error() {
        let fault = Fault { what: "x", file: "src/a.rs", text: "a < b", instead: "a <= b" };
        assert_eq!(planted("if a < b {}", &fault).unwrap(), "if a <= b {}");
        assert!(planted("if b > a {}", &fault).is_err());
        assert!(planted("a < b; a < b", &fault).is_err());
    }
}
