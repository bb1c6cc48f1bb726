//! What is refused before anything is done, and who must agree.

use std::path::Path;

use crate::fake::Fake;
use crate::support::{Ran, example, folder, put, run};

/// A folder with a plan, and a server that nobody may ask.
fn refused(line: &str, make: impl Fn(&Path)) -> Ran {
    let folder = folder();
    put(folder.path(), "plan.json", &example("deactivate-access-key"));
    make(folder.path());
    let fake = Fake::new(|request, _| panic!("asked for {}", request.operation));
    let ran = run(folder.path(), &format!("{line} --endpoint-url {}", fake.url));
    assert_eq!(ran.code, 2, "{ran:?}");
    assert_eq!(ran.out, "", "{ran:?}");
    let state = folder.path().join(".local/share/trailwarden");
    assert!(!state.exists(), "nothing was done, and nothing is journaled");
    ran
}

#[test]
fn nobody_agreed_so_nothing_is_done() {
    let digest = example("deactivate-access-key").digest;
    let ran = refused("remediate apply plan.json", |_| {});
    assert!(ran.said.contains("no terminal to ask on"), "{}", ran.said);
    assert!(ran.said.contains(&format!("--approve {digest}")), "{}", ran.said);
    let other = example("revoke-sessions").digest;
    let ran = refused("remediate apply plan.json other.json", |folder| {
        put(folder, "other.json", &example("revoke-sessions"));
    });
    let flags = format!("`--approve {digest} --approve {other}`");
    assert!(ran.said.contains(&flags), "both are needed: {}", ran.said);
    let ran = refused(&format!("remediate apply plan.json --approve {other}"), |_| {});
    assert!(ran.said.contains("--approve does not name"), "{}", ran.said);
    // An approval that is for nothing here is a mistake.
    let line = format!("remediate apply plan.json --approve {digest} --approve {other}");
    let ran = refused(&line, |_| {});
    assert!(ran.said.contains("no plan here has the approved digest"), "{}", ran.said);
    let ran = refused("remediate apply plan.json --approve 123", |_| {});
    assert!(ran.said.contains("sixty-four hexadecimal digits"), "{}", ran.said);
}

#[test]
fn a_plan_that_was_changed_is_refused() {
    let ran = refused("remediate apply plan.json --yes", |folder| {
        let path = folder.join("plan.json");
        let text = std::fs::read_to_string(&path).unwrap();
        std::fs::write(&path, text.replacen("Inactive", "Active", 1)).unwrap();
    });
    assert!(ran.said.contains("was changed after it was made"), "{}", ran.said);
}

#[test]
fn a_secret_that_nobody_would_take_is_not_made() {
    let plan = |folder: &Path| put(folder, "plan.json", &example("reset-console-password"));
    let line = "remediate apply plan.json --yes --accept-irreversible";
    let ran = refused(line, plan);
    assert!(ran.said.contains("--secrets-to"), "{}", ran.said);
    let ran = refused(&format!("{line} --secrets-to there"), |folder| {
        plan(folder);
        std::fs::write(folder.join("there"), "mine").unwrap();
    });
    assert!(ran.said.contains("`there` is there already"), "{}", ran.said);
}

#[test]
fn a_run_that_is_not_there_cannot_be_taken_back() {
    for line in ["remediate undo 20260601-1 --yes", "remediate apply --resume 20260601-1 --yes"] {
        let ran = refused(line, |_| {});
        assert!(ran.said.contains("has no run `20260601-1`"), "{}", ran.said);
        assert!(ran.said.contains(".local/share/trailwarden`"), "it says where: {}", ran.said);
        assert!(ran.said.contains("--state"), "{}", ran.said);
    }
}

#[test]
fn one_plan_is_named_once() {
    let ran = refused("remediate apply plan.json plans --yes", |folder| {
        std::fs::create_dir(folder.join("plans")).unwrap();
        put(folder, "plans/again.json", &example("deactivate-access-key"));
    });
    assert!(ran.said.contains("was named already"), "{}", ran.said);
}
