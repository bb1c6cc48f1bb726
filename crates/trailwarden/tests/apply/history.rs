//! The list of runs, one run, and a journal that somebody edited.

use std::path::Path;

use expect_test::expect;
use serde_json::{Value, json};
use trailwarden_model::Timestamp;
use trailwarden_runtime::executor::{Approval, Direction, Event, How, Journal};

use crate::support::{check_schema, example, folder, run};

const NOON: Timestamp = Timestamp::from_seconds(1_780_315_200);

/// A journal of a run that was carried out and taken back, and of one that stopped; returns its head.
fn journal(folder: &Path) -> String {
    let mut journal = Journal::open(&folder.join("state"), NOON).unwrap();
    let (apply, undo) = (Direction::Apply, Direction::Undo);
    let step = || "1".to_owned();
    let calling = |direction, call: &str| Event::Calling {
        direction,
        step: step(),
        call: call.to_owned(),
        input: json!({}),
        before: Vec::new(),
    };
    let begun = |id: &str, how| {
        let plan = example(id);
        Event::Begun {
            approval: Approval {
                digest: plan.digest.clone(),
                how,
                by: "ann \u{1b}[31m".to_owned(),
            },
            plan: Box::new(plan),
            caller: "arn:aws:iam::111122223333:user/operator".to_owned(),
        }
    };
    let first = begun("deactivate-access-key", How::Interactive);
    let Event::Begun { approval, caller, .. } = first.clone() else { panic!() };
    let events = [
        ("20260601-1", first),
        ("20260601-1", calling(apply, "iam:UpdateAccessKey")),
        ("20260601-1", Event::Replied { direction: apply, step: step(), reply: json!({}) }),
        ("20260601-1", Event::Held { direction: apply, step: step(), differs: Vec::new() }),
        ("20260601-1", Event::Ended { direction: apply }),
        ("20260601-1", Event::Continued { direction: undo, approval, caller }),
        ("20260601-1", calling(undo, "iam:UpdateAccessKey")),
        ("20260601-1", Event::Replied { direction: undo, step: step(), reply: json!({}) }),
        (
            "20260601-1",
            Event::Held { direction: undo, step: step(), differs: vec!["Status".to_owned()] },
        ),
        ("20260601-1", Event::Ended { direction: undo }),
        ("20260601-2", begun("revoke-sessions", How::Digest)),
        ("20260601-2", calling(apply, "iam:PutRolePolicy")),
        (
            "20260601-2",
            Event::NotDone { direction: apply, step: step(), cause: "AccessDenied".to_owned() },
        ),
        ("20260601-2", Event::Stopped { direction: apply, reason: "AWS refused it".to_owned() }),
    ];
    for (at, (run, event)) in events.into_iter().enumerate() {
        journal.append(NOON.plus(i64::try_from(at).unwrap()), Some(run), event).unwrap();
    }
    journal.head().to_owned()
}

#[test]
fn runs_are_listed() {
    let folder = folder();
    let head = journal(folder.path());
    let ran = run(folder.path(), "remediate history --state state");
    assert_eq!((ran.code, ran.said.as_str()), (0, ""));
    expect![[r"
        20260601-1  2026-06-01T12:00:00Z  undone         0 of 1 steps in force  deactivate-access-key in account 111122223333
        20260601-2  2026-06-01T12:00:10Z  stopped        0 of 1 steps in force  revoke-sessions in account 111122223333
        The chain of the journal holds; its head is HEAD
    "]].assert_eq(&ran.out.replace(&head, "HEAD"));
    let ran = run(folder.path(), "remediate history --state state --json");
    let listed = ran.json();
    check_schema("runs", &listed);
    let members: Vec<&str> = listed[0].as_object().unwrap().keys().map(String::as_str).collect();
    assert_eq!(members, ["run", "plan", "digest", "time", "status"]);
    assert_eq!(listed[1]["status"], "stopped");
    assert_eq!(listed[0]["digest"], example("deactivate-access-key").digest);
}

#[test]
fn a_run_is_shown_step_by_step_with_its_proof() {
    let folder = folder();
    let head = journal(folder.path());
    let ran = run(folder.path(), "remediate history 20260601-1 --state state");
    assert_eq!((ran.code, ran.said.as_str()), (0, ""));
    let digest = example("deactivate-access-key").digest;
    expect![[r"
        Run 20260601-1 of 2026-06-01T12:00:00Z: undone
        deactivate-access-key in account 111122223333
        Plan of 2026-02-01T12:00:00Z, digest DIGEST
        Approved by ann \u{1b}[31m (was shown the plan and agreed)
        Carried out by arn:aws:iam::111122223333:user/operator

          1. switch the access key AKIAEXAMPLEOFALICE01 of alice off: taken back

          2026-06-01T12:00:00Z  begun
          2026-06-01T12:00:01Z  step 1: about to call iam:UpdateAccessKey
          2026-06-01T12:00:02Z  step 1: AWS carried it out
          2026-06-01T12:00:03Z  step 1: AWS shows it
          2026-06-01T12:00:04Z  all steps are done
          2026-06-01T12:00:05Z  being taken back, by arn:aws:iam::111122223333:user/operator
          2026-06-01T12:00:06Z  undo of step 1: about to call iam:UpdateAccessKey
          2026-06-01T12:00:07Z  undo of step 1: AWS carried it out
          2026-06-01T12:00:08Z  undo of step 1: AWS shows it
                                not as before: Status
          2026-06-01T12:00:09Z  taken back

        The chain of the journal holds; its head is HEAD
    "]]
    .assert_eq(&ran.out.replace(&head, "HEAD").replace(&digest, "DIGEST"));
    let shown = run(folder.path(), "remediate history 20260601-1 --state state --json").json();
    check_schema("run", &shown);
    assert_eq!(shown["entries"].as_array().unwrap().len(), 10);
    assert_eq!(shown["head"], head);
    assert_eq!(shown["steps"][0]["state"], "undone");
    let ran = run(folder.path(), "remediate history 20260601-9 --state state");
    assert_eq!(ran.code, 2);
    assert!(ran.said.contains("journal in `state` has no run `20260601-9`"), "{}", ran.said);
}

#[test]
fn without_a_journal_there_are_no_runs() {
    let folder = folder();
    let ran = run(folder.path(), "remediate history");
    assert_eq!((ran.code, ran.out.as_str()), (0, "No plan was carried out from here.\n"));
    assert_eq!(run(folder.path(), "remediate history --json").json(), Value::Array(Vec::new()));
    assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 0, "reading makes nothing");
}

/// DESIGN: a broken chain ends with 1.
#[test]
fn an_edited_journal_is_told_with_its_line() {
    let folder = folder();
    journal(folder.path());
    let path = folder.path().join("state/journal.ndjson");
    let text = std::fs::read_to_string(&path).unwrap();
    std::fs::write(&path, text.replacen("user/operator", "user/innocent", 1)).unwrap();
    for line in ["remediate history --state state", "remediate history 20260601-2 --state state"] {
        let ran = run(folder.path(), line);
        assert_eq!((ran.code, ran.out.as_str()), (1, ""), "{}", ran.said);
        assert!(ran.said.contains("line 1 of the journal"), "{}", ran.said);
    }
    // What a crash tore off at the end is told, and hides nothing of what is whole.
    std::fs::write(&path, format!("{text}{{\"torn")).unwrap();
    let ran = run(folder.path(), "remediate history --state state");
    assert_eq!(ran.code, 0);
    assert!(ran.said.contains("6 bytes of an entry that was not finished"), "{}", ran.said);
    assert!(ran.out.contains("20260601-2"), "{}", ran.out);
}
