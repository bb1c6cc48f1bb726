//! The whole way by hand: logs are scanned, a plan is made for all that was found, shown in every language,
//! carried out, looked at in the history, and taken back. The accounts are those that the example logs leave.

use std::path::Path;

use serde_json::{Value, json};

use crate::emulator::Emulator;
use crate::examples::{MOTO, SERVE};
use crate::support::{folder, run};

/// Walks through the logs of an example; at least so many steps come of it.
fn walk(test: &str, example: &str, steps_min: usize) {
    let Some(mut emulator) = Emulator::start(MOTO, SERVE, test) else { return };
    let logs = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../examples").join(example);
    let failed = emulator.ask(&json!({ "replay": [logs] }));
    assert_eq!(failed, json!([]), "the account is not the one that the logs leave");
    let folder = folder();
    // Paths are arguments of their own, and this one has no blank.
    let logs = logs.canonicalize().unwrap();
    let logs = logs.to_str().unwrap();
    assert!(!logs.contains(' '), "{logs}");
    let path = folder.path();
    let aws = format!("--endpoint-url {}", emulator.url);
    let ran = run(path, &format!("scan {logs} --json"));
    std::fs::write(path.join("findings.json"), &ran.out).unwrap();
    let ran = run(path, &format!("baseline --output account.tw {aws}"));
    assert_eq!(ran.code, 0, "{ran:?}");
    let made = "remediate plan --findings findings.json --all --account 111122223333";
    let line = format!("{made} --logs {logs} --baseline account.tw --output plan.json --json");
    let ran = run(path, &line);
    assert!([0, 3].contains(&ran.code), "{ran:?}");
    let steps = ran.json()["plan"]["steps"].as_array().unwrap().len();
    assert!(steps >= steps_min, "{steps} steps");
    for language in ["console", "cli", "boto3", "terraform", "review"] {
        let ran = run(path, &format!("remediate show plan.json --as {language}"));
        assert_eq!((ran.code, ran.out.is_empty()), (0, false), "{language}: {ran:?}");
    }

    let before = emulator.state();
    // More than a person should approve at once, and the preview of it all holds.
    let line = format!("remediate apply plan.json --yes --json --max-principals 50 {aws}");
    let ran = run(path, &line);
    assert_eq!(ran.code, 0, "{ran:?}");
    let told = ran.run();
    assert_eq!(told["status"], "applied", "{ran:?}");
    assert_ne!(emulator.state(), before, "nothing was done");
    let id = told["run"].as_str().unwrap();
    let shown = run(path, &format!("remediate history {id} --json")).json();
    let done = |step: &Value| step["state"] == "done";
    assert!(shown["steps"].as_array().unwrap().iter().all(done), "{shown}");
    let ran = run(path, &format!("remediate undo {id} --yes --json --secrets-to new {aws}"));
    assert_eq!(ran.code, 0, "{ran:?}");
    assert_eq!(ran.run()["differs"], json!([]), "{ran:?}");
    assert_eq!(emulator.state(), before, "not as before");
}

#[test]
fn the_incident_is_put_right_and_taken_back() {
    walk("the_incident_is_put_right_and_taken_back", "incident", 3);
}

#[test]
fn the_changes_of_the_pipeline_are_put_right_and_taken_back() {
    let test = "the_changes_of_the_pipeline_are_put_right_and_taken_back";
    walk(test, "change-policies/logs", 6);
}

#[test]
fn the_changes_with_an_effect_are_put_right_and_taken_back() {
    walk("the_changes_with_an_effect_are_put_right_and_taken_back", "effect", 8);
}
