//! A person at a terminal: shown the plan, asked, and shown the secrets once.

#![cfg(target_os = "linux")]

use std::io::Write as _;
use std::process::{Command, Stdio};

use crate::emulator::Emulator;
use crate::examples::{Case, MOTO, SERVE};
use crate::support::{BINARY, Ran, settle};

/// Runs a program on a terminal of its own, and types there what comes in.
const TERMINAL: &str =
    "import os, pty, sys; sys.exit(os.waitstatus_to_exitcode(pty.spawn(sys.argv[1:])))";

/// What the terminal shows when a person types an answer.
fn typed(case: &Case<'_>, line: &str, answer: &str) -> Ran {
    let mut command = Command::new(&case.emulator.python);
    command.args(["-c", TERMINAL, BINARY, "remediate"]).args(line.split_whitespace());
    command.args(["--endpoint-url", &case.emulator.url]);
    settle(&mut command, case.path());
    let mut process = command.stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().unwrap();
    let mut keys = process.stdin.take().unwrap();
    keys.write_all(format!("{answer}\n").as_bytes()).unwrap();
    let output = process.wait_with_output().unwrap();
    // Open until the end: a terminal whose keys are gone has hung up.
    drop(keys);
    let out = String::from_utf8(output.stdout).unwrap();
    Ran { code: output.status.code().unwrap(), out, said: String::new() }
}

#[test]
fn a_person_is_shown_the_plan_and_asked() {
    let test = "a_person_is_shown_the_plan_and_asked";
    let Some(mut emulator) = Emulator::start(MOTO, SERVE, test) else { return };
    let case = Case::of(&mut emulator, "reset-console-password");
    let before = case.emulator.state();
    let line = "apply plan.json --trust-preview --accept-irreversible";
    for answer in ["no", "y", ""] {
        let ran = typed(&case, line, answer);
        assert_eq!(ran.code, 2, "{answer}: {ran:?}");
        assert!(ran.out.contains(&case.plan.digest), "{answer}: {ran:?}");
        assert!(ran.out.contains("it was not approved; nothing was changed"), "{ran:?}");
    }
    assert_eq!(case.emulator.state(), before);
    assert!(!case.path().join(".local").exists(), "nothing is journaled");

    let ran = typed(&case, line, "yes");
    assert_eq!(ran.code, 0, "{ran:?}");
    let (asked, done) = ran.out.split_once("Type yes to carry it out").unwrap();
    assert!(
        asked.contains("iam:UpdateLoginProfile PasswordResetRequired=true, UserName=alice"),
        "{asked}"
    );
    assert_eq!(done.matches("shown only now").count(), 1, "{done}");
    assert!(done.contains("applied"), "{done}");
}
