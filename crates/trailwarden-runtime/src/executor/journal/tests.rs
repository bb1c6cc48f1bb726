//! What survives a crash, and what is found when somebody edits the file.

use serde_json::json;
use trailwarden_remedy::Plan;

use super::*;
use crate::executor::{Approval, Direction, How, Status, StepState};

const NOW: Timestamp = Timestamp::from_seconds(1_769_947_200);

fn plan() -> Plan {
    let subject = trailwarden_remedy::find("deactivate-access-key").unwrap();
    let example = subject.example().unwrap();
    let draft = subject.draft(&example).unwrap();
    Plan::from_drafts(example.account, NOW, NOW, vec![draft])
}

fn approval(plan: &Plan) -> Approval {
    Approval { digest: plan.digest.clone(), how: How::Digest, by: "ci".to_owned() }
}

/// What a run of one step writes.
fn events() -> Vec<Event> {
    let plan = plan();
    let (direction, step) = (Direction::Apply, "1".to_owned());
    vec![
        Event::Begun {
            approval: approval(&plan),
            plan: Box::new(plan),
            caller: "arn:aws:iam::111122223333:user/op".to_owned(),
        },
        Event::Calling {
            direction,
            step: step.clone(),
            call: "iam:UpdateAccessKey".to_owned(),
            input: json!({}),
            before: Vec::new(),
        },
        Event::Replied { direction, step: step.clone(), reply: json!({}) },
        Event::Held { direction, step, differs: Vec::new() },
        Event::Ended { direction },
    ]
}

fn written(folder: &Path, count: usize) -> Vec<u8> {
    let mut journal = Journal::open(folder, NOW).unwrap();
    for event in events().into_iter().take(count) {
        journal.append(NOW, Some("r"), event).unwrap();
    }
    std::fs::read(folder.join(FILE)).unwrap()
}

#[test]
fn where_a_run_stands_follows_from_its_entries() {
    let states = [
        (1, Status::Applying, StepState::New),
        (2, Status::Applying, StepState::Unknown),
        (3, Status::Applying, StepState::Made),
        (4, Status::Applying, StepState::Done),
        (5, Status::Applied, StepState::Done),
    ];
    for (count, status, state) in states {
        let folder = tempfile::tempdir().unwrap();
        written(folder.path(), count);
        let journal = Journal::read(folder.path()).unwrap();
        let run = journal.run("r").unwrap();
        assert_eq!((run.status, run.steps()[0].state), (status, state), "{count}");
        assert_eq!(run.plan, plan());
        assert_eq!(journal.entries("r").count(), count);
    }
}

#[test]
fn a_call_that_was_refused_or_never_answered_is_told_apart() {
    let folder = tempfile::tempdir().unwrap();
    written(folder.path(), 2);
    let mut journal = Journal::open(folder.path(), NOW).unwrap();
    let (direction, step) = (Direction::Apply, "1".to_owned());
    let cause = "no answer".to_owned();
    journal
        .append(
            NOW,
            Some("r"),
            Event::Unanswered { direction, step: step.clone(), cause: cause.clone() },
        )
        .unwrap();
    assert_eq!(journal.runs()[0].steps()[0].state, StepState::Unknown);
    journal.append(NOW, Some("r"), Event::NotDone { direction, step, cause }).unwrap();
    journal.append(NOW, Some("r"), Event::Stopped { direction, reason: "x".to_owned() }).unwrap();
    let run = &journal.runs()[0];
    assert_eq!((run.status, run.steps()[0].state), (Status::Stopped, StepState::New));
}

/// Whatever part of the last line a crash leaves, the lines before count and the journal goes on.
#[test]
fn a_torn_last_line_is_cut_off_and_told() {
    let folder = tempfile::tempdir().unwrap();
    let whole = written(folder.path(), 3);
    let path = folder.path().join(FILE);
    let last = whole[..whole.len() - 1].iter().rposition(|byte| *byte == b'\n').unwrap() + 1;
    for cut in [last + 1, last + 20, whole.len() - 1] {
        std::fs::write(&path, &whole[..cut]).unwrap();
        let read = Journal::read(folder.path()).unwrap();
        assert_eq!(read.torn(), Some((cut - last) as u64));
        assert_eq!(std::fs::read(&path).unwrap().len(), cut);
        let mut journal = Journal::open(folder.path(), NOW).unwrap();
        assert_eq!(journal.torn(), Some((cut - last) as u64));
        assert_eq!(journal.runs()[0].steps()[0].state, StepState::Unknown);
        journal.append(NOW, Some("r"), events().remove(2)).unwrap();
        drop(journal);
        let again = Journal::read(folder.path()).unwrap();
        assert_eq!((again.torn(), again.runs()[0].steps()[0].state), (None, StepState::Made));
        let has_mended =
            |entry: &Entry| entry.event == Event::Mended { bytes: (cut - last) as u64 };
        assert!(again.entries.iter().any(has_mended));
    }
}

#[test]
fn what_was_edited_is_found_with_its_line() {
    let folder = tempfile::tempdir().unwrap();
    let whole = String::from_utf8(written(folder.path(), 5)).unwrap();
    let lines: Vec<&str> = whole.lines().collect();
    let edits: [(Vec<String>, u64); 5] = [
        // A word of it.
        (vec![whole.replace("\"step\":\"1\",\"time\"", "\"step\":\"2\",\"time\"")], 2),
        // A line is missing.
        (vec![lines[0].to_owned(), lines[2].to_owned(), lines[3].to_owned()], 2),
        // The first line is missing.
        (vec![lines[1].to_owned()], 1),
        // Two lines are in another order.
        (
            vec![
                lines[0].to_owned(),
                lines[1].to_owned(),
                lines[3].to_owned(),
                lines[2].to_owned(),
            ],
            3,
        ),
        // A line that is none.
        (vec![lines[0].to_owned(), "{}".to_owned()], 2),
    ];
    for (edited, expected) in edits {
        let mut text = edited.join("\n");
        if !text.ends_with('\n') {
            text.push('\n');
        }
        assert_ne!(text, whole);
        std::fs::write(folder.path().join(FILE), &text).unwrap();
        for error in [
            Journal::read(folder.path()).unwrap_err(),
            Journal::open(folder.path(), NOW).unwrap_err(),
        ] {
            let JournalError::Broken { line, .. } = error else { panic!("{error}") };
            assert_eq!(line, expected, "{text}");
        }
        // What is broken is left as it is.
        assert_eq!(std::fs::read_to_string(folder.path().join(FILE)).unwrap(), text);
    }
}

/// Lines cut off at the end leave a whole chain: only a head that was kept elsewhere tells.
#[test]
fn lines_cut_off_at_the_end_show_in_the_head() {
    let folder = tempfile::tempdir().unwrap();
    let whole = written(folder.path(), 5);
    let head = Journal::read(folder.path()).unwrap().head().to_owned();
    let end = whole[..whole.len() - 1].iter().rposition(|byte| *byte == b'\n').unwrap();
    std::fs::write(folder.path().join(FILE), &whole[..=end]).unwrap();
    assert_ne!(Journal::read(folder.path()).unwrap().head(), head);
}

#[test]
fn two_runs_do_not_mix() {
    let folder = tempfile::tempdir().unwrap();
    let first = Journal::open(folder.path(), NOW).unwrap();
    let second = Journal::open(folder.path(), NOW).unwrap_err();
    assert!(matches!(second, JournalError::Locked(_)), "{second}");
    // The list of runs can be read meanwhile, and not written.
    let mut read = Journal::read(folder.path()).unwrap();
    let refused = read.append(NOW, None, Event::Mended { bytes: 0 }).unwrap_err();
    assert!(matches!(refused, JournalError::ReadOnly(_)), "{refused}");
    drop(first);
    Journal::open(folder.path(), NOW).unwrap();
}

#[cfg(unix)]
#[test]
fn only_its_owner_reads_it() {
    use std::os::unix::fs::PermissionsExt as _;
    let folder = tempfile::tempdir().unwrap();
    let state = folder.path().join("a/b");
    drop(Journal::open(&state, NOW).unwrap());
    let mode = |path: &Path| std::fs::metadata(path).unwrap().permissions().mode() & 0o777;
    assert_eq!((mode(&state), mode(&state.join(FILE))), (0o700, 0o600));
    // A copy that was put back by other means is made private too; reading alone changes nothing.
    let open_to_all = std::fs::Permissions::from_mode(0o644);
    std::fs::set_permissions(state.join(FILE), open_to_all).unwrap();
    drop(Journal::read(&state).unwrap());
    assert_eq!(mode(&state.join(FILE)), 0o644);
    drop(Journal::open(&state, NOW).unwrap());
    assert_eq!(mode(&state.join(FILE)), 0o600);
}

/// The journal of a later version is no forgery, and is left alone.
#[test]
fn what_a_later_version_wrote_is_told_as_such() {
    let folder = tempfile::tempdir().unwrap();
    written(folder.path(), 5);
    let path = folder.path().join(FILE);
    let whole = std::fs::read_to_string(&path).unwrap();
    // Another kind of entry, rightly chained.
    let head = Journal::read(folder.path()).unwrap().head().to_owned();
    let mut entry = json!({
        "sequence": 6, "time": NOW, "run": "r", "event": "paused", "for": "a reason", "previous": head,
    });
    entry["hash"] = hash_of(&entry).into();
    // Another version altogether, whose hashes nobody here can tell.
    let first = whole.replacen("trailwarden.journal/1", "trailwarden.journal/2", 1);
    for (text, at) in [(format!("{whole}{entry}\n"), 6), (first, 1)] {
        std::fs::write(&path, &text).unwrap();
        for error in [
            Journal::read(folder.path()).unwrap_err(),
            Journal::open(folder.path(), NOW).unwrap_err(),
        ] {
            assert!(error.to_string().contains("newer version"), "{error}");
            let JournalError::Newer { line, .. } = error else { panic!("{error}") };
            assert_eq!(line, at);
        }
        assert_eq!(std::fs::read_to_string(&path).unwrap(), text);
    }
    // Another kind of entry that is not rightly chained is no entry of anybody's.
    let forged = whole.replacen("\"event\":\"ended\"", "\"event\":\"paused\"", 1);
    assert_ne!(forged, whole);
    std::fs::write(&path, forged).unwrap();
    let error = Journal::read(folder.path()).unwrap_err();
    assert!(matches!(error, JournalError::Broken { line: 5, .. }), "{error}");
}

/// What did not happen after all has no differences, and no reply that others could build on.
#[test]
fn a_call_that_was_not_done_leaves_nothing_to_tell() {
    let folder = tempfile::tempdir().unwrap();
    written(folder.path(), 5);
    let mut journal = Journal::open(folder.path(), NOW).unwrap();
    let (direction, step) = (Direction::Undo, "1".to_owned());
    let differs = vec!["a place".to_owned()];
    let held = Event::Held { direction, step: step.clone(), differs };
    journal.append(NOW, Some("r"), held).unwrap();
    assert_eq!(journal.runs()[0].differs(), ["step 1: a place"]);
    let cause = "refused".to_owned();
    let not_done = Event::NotDone { direction, step: step.clone(), cause: cause.clone() };
    journal.append(NOW, Some("r"), not_done).unwrap();
    assert!(journal.runs()[0].differs().is_empty());
    assert_eq!(journal.runs()[0].steps()[0].state, StepState::Done);
    let not_done = Event::NotDone { direction: Direction::Apply, step, cause };
    journal.append(NOW, Some("r"), not_done).unwrap();
    let run = &journal.runs()[0];
    assert_eq!(run.side(Direction::Apply, "1").unwrap().reply, None);
    assert_eq!(run.steps()[0].state, StepState::New);
}

#[test]
fn a_secret_that_was_left_in_an_entry_is_not_written() {
    let folder = tempfile::tempdir().unwrap();
    written(folder.path(), 1);
    let mut journal = Journal::open(folder.path(), NOW).unwrap();
    let (direction, step) = (Direction::Apply, "1".to_owned());
    let secret = "a-word-that-nobody-may-see";
    let made = json!({ "Password": { "$made": "password" } });
    let input = json!({ "Password": secret, "A": [{ "Password": secret }], "B": made });
    let reply = json!({ "AccessKey": { "SecretAccessKey": secret, "AccessKeyId": "id" } });
    let call = "iam:CreateAccessKey".to_owned();
    let calling = Event::Calling { direction, step: step.clone(), call, input, before: Vec::new() };
    journal.append(NOW, Some("r"), calling).unwrap();
    journal.append(NOW, Some("r"), Event::Replied { direction, step, reply }).unwrap();
    assert!(!format!("{journal:?}").contains(secret));
    drop(journal);
    let text = std::fs::read_to_string(folder.path().join(FILE)).unwrap();
    assert!(!text.contains(secret));
    assert!(text.contains("\"AccessKeyId\":\"id\"") && text.contains("$made"), "{text}");
}
