//! Ctrl-C ends a run between two calls, and the run can be gone on with.
//!
//! There is no waiting for a time here: whoever stands between the binary and the emulator presses Ctrl-C
//! while a call is on its way, and lets the call through once the binary says that it has heard.

#![cfg(target_os = "linux")]

use std::io::{BufRead as _, BufReader, Read as _};
use std::process::{Child, Command, Stdio};
use std::sync::{Arc, Mutex};

use serde_json::json;

use crate::emulator::{Emulator, forwarded};
use crate::examples::{Case, MOTO, SERVE};
use crate::fake::Fake;
use crate::support::command;

/// Presses Ctrl-C, and waits until it was heard.
fn press(child: &mut Child) {
    let line = format!("kill -INT {}", child.id());
    assert!(Command::new("sh").args(["-c", &line]).status().unwrap().success());
    let mut said = BufReader::new(child.stderr.as_mut().unwrap());
    let mut line = String::new();
    while !line.contains("stopping before the next call") {
        line.clear();
        assert!(said.read_line(&mut line).unwrap() > 0, "it ended without a word");
    }
}

#[test]
fn ctrl_c_stops_between_two_calls_and_the_run_can_be_gone_on_with() {
    let test = "ctrl_c_stops_between_two_calls_and_the_run_can_be_gone_on_with";
    let Some(mut emulator) = Emulator::start(MOTO, SERVE, test) else { return };
    let case = Case::of(&mut emulator, "attach-quarantine-policy");
    let before = case.emulator.state();
    let address = case.emulator.url.trim_start_matches("http://").to_owned();
    let child: Arc<Mutex<Option<Child>>> = Arc::default();
    let pressed = Arc::clone(&child);
    let fake = Fake::new(move |request, _| {
        if request.operation == "UpdateAccessKey" {
            press(pressed.lock().unwrap().as_mut().unwrap());
        }
        Some(forwarded(&address, request))
    });
    let line = format!(
        "remediate apply plan.json --trust-preview --yes --json --quiet --endpoint-url {}",
        fake.url
    );
    {
        let mut child = child.lock().unwrap();
        let mut command = command(case.path(), &line);
        command.stdout(Stdio::piped()).stderr(Stdio::piped());
        *child = Some(command.spawn().unwrap());
    }
    let mut out = String::new();
    let mut stdout = child.lock().unwrap().as_mut().unwrap().stdout.take().unwrap();
    stdout.read_to_string(&mut out).unwrap();
    let status = child.lock().unwrap().as_mut().unwrap().wait().unwrap();
    assert_eq!(status.code(), Some(130), "{out}");
    let told: serde_json::Value = serde_json::from_str(&out).unwrap();
    let told = &told["runs"][0];
    assert_eq!(told["stop"]["why"], "interrupted", "{told}");
    let states: Vec<&str> =
        told["steps"].as_array().unwrap().iter().map(|it| it["state"].as_str().unwrap()).collect();
    assert_eq!(states, ["done", "new", "new"]);
    let run = told["run"].as_str().unwrap();
    let ran = case.run(&format!("apply --resume {run}"));
    assert_eq!(ran.code, 0, "{ran:?}");
    assert_eq!(ran.run()["status"], json!("applied"));
    assert_eq!(case.undo(run).code, 0);
    assert_eq!(case.emulator.state(), before, "not as before");
}
