//! Taking back: as long as the account is as the run left it, step by step, and only once.

use super::*;

fn policy() -> (String, String) {
    ("UserName alice".to_owned(), "deny".to_owned())
}

#[test]
fn what_somebody_changed_since_is_not_taken_back() {
    let stage = Stage::of(plan(vec![switch_off(), deny_alice()]));
    stage.apply().unwrap();
    stage.fake.now.borrow_mut().inline.insert(policy(), allow("s3:*"));
    let report = stage.undo().unwrap();
    assert_eq!(stopped(&report), (Why::Drift, Some("2")));
    assert_eq!(report.status, Status::UndoStopped);
    assert_eq!(states(&report), [StepState::Done, StepState::Done]);
    assert_eq!(stage.fake.now.borrow().inline[&policy()], allow("s3:*"));
    assert!(report.next().unwrap().contains("undo 20260201-1"));
    // Once it is as it was left, the undo goes on.
    stage.fake.now.borrow_mut().inline.insert(policy(), deny());
    assert_eq!(stage.undo().unwrap().status, Status::Undone);
}

/// AWS writes documents anew, and neither order nor lists of one matter.
#[test]
fn a_document_that_aws_wrote_anew_is_the_same() {
    let stage = Stage::of(plan(vec![deny_alice()]));
    stage.apply().unwrap();
    let anew = json!({
        "Statement": { "Resource": ["*"], "Action": ["*"], "Effect": "Deny" },
        "Version": "2012-10-17",
    });
    stage.fake.now.borrow_mut().inline.insert(policy(), anew.to_string());
    assert_eq!(stage.undo().unwrap().status, Status::Undone);
}

#[test]
fn what_is_back_already_is_not_taken_back_twice() {
    let stage = Stage::of(plan(vec![switch_off(), deny_alice()]));
    stage.apply().unwrap();
    stage.fake.now.borrow_mut().inline.remove(&policy());
    let report = stage.undo().unwrap();
    assert_eq!((report.status, states(&report)), (Status::Undone, vec![StepState::Undone; 2]));
    let calls = ["iam:UpdateAccessKey", "iam:PutUserPolicy", "iam:UpdateAccessKey"];
    assert_eq!(*stage.fake.calls.borrow(), calls);
}

#[test]
fn an_undo_is_not_undone() {
    let stage = Stage::of(plan(vec![switch_off()]));
    stage.apply().unwrap();
    stage.undo().unwrap();
    assert!(matches!(stage.undo(), Err(Refusal::Over { .. })));
    assert!(matches!(stage.resume(), Err(Refusal::Over { .. })));
}

#[test]
fn a_run_that_stopped_midway_is_taken_back() {
    let stage = Stage::of(plan(vec![switch_off(), deny_alice(), new_key()]));
    let initial = stage.fake.now.borrow().clone();
    stage.fake.deny("iam:PutUserPolicy");
    stage.apply().unwrap();
    let report = stage.undo().unwrap();
    let expected = [StepState::Undone, StepState::New, StepState::New];
    assert_eq!((report.status, states(&report)), (Status::Undone, expected.to_vec()));
    assert_eq!(*stage.fake.now.borrow(), initial);
}

#[test]
fn what_cannot_be_taken_back_stays_and_is_told() {
    let gone = json!({ "UserName": "alice", "AccessKeyId": "AKIAOLD" });
    let delete = ("iam:DeleteAccessKey", gone, Before::Implied);
    let stage = Stage::of(plan(vec![deny_alice(), delete, no_console()]));
    stage.apply().unwrap();
    let report = stage.undo().unwrap();
    assert_eq!(report.stop, None);
    assert_eq!(report.status, Status::PartlyUndone);
    assert_eq!(states(&report), [StepState::Undone, StepState::Kept, StepState::Undone]);
    assert!(stage.written().contains("gone for ever"));
    assert!(matches!(stage.undo(), Err(Refusal::Over { .. })));
}

/// The state afterwards is compared with the state before, less what the step says is not brought back.
#[test]
fn what_is_not_as_before_is_told() {
    let stage = Stage::of(plan(vec![switch_off()]));
    stage.apply().unwrap();
    let other = ("alice".to_owned(), "AKIAOTHER".to_owned());
    stage.fake.now.borrow_mut().keys.insert(other, "Active".to_owned());
    let report = stage.undo().unwrap();
    assert_eq!(report.status, Status::Undone);
    assert_eq!(report.differs, ["step 1: iam:ListAccessKeys > AccessKeyMetadata"]);
}

#[test]
fn a_refused_undo_stops_and_goes_on_later() {
    let stage = Stage::of(plan(vec![switch_off(), deny_alice()]));
    let initial = stage.fake.now.borrow().clone();
    stage.apply().unwrap();
    stage.fake.deny("iam:UpdateAccessKey");
    let report = stage.undo().unwrap();
    assert_eq!(stopped(&report), (Why::Refused, Some("1")));
    assert_eq!(states(&report), [StepState::Done, StepState::Undone]);
    assert!(matches!(stage.resume(), Err(Refusal::Over { .. })));
    stage.fake.denied.borrow_mut().clear();
    assert_eq!(stage.undo().unwrap().status, Status::Undone);
    assert_eq!(*stage.fake.now.borrow(), initial);
}

#[test]
fn an_undo_whose_answer_is_lost_is_found_out() {
    for happens in [true, false] {
        let stage = Stage::of(plan(vec![deny_alice()]));
        let initial = stage.fake.now.borrow().clone();
        stage.apply().unwrap();
        stage.fake.lose("iam:DeleteUserPolicy", happens);
        let report = stage.undo().unwrap();
        assert_eq!(report.stop.is_none(), happens);
        if !happens {
            assert_eq!(states(&report), [StepState::UndoUnknown]);
            assert_eq!(stage.undo().unwrap().status, Status::Undone);
        }
        assert_eq!(*stage.fake.now.borrow(), initial);
    }
}

/// A newer version may take a call back in another way. What was carried out before it came is not left as it is.
#[test]
fn what_was_begun_by_another_table_of_undos_is_taken_back() {
    let stage = Stage::of(plan(vec![switch_off()]));
    let initial = stage.fake.now.borrow().clone();
    stage.apply().unwrap();
    let mut older = stage.plan.clone();
    older.steps[0].volatile = vec!["LastUsed".to_owned()];
    older.digest = older.computed_digest();
    let entries: Vec<Entry> = stage.journal().entries("20260201-1").cloned().collect();
    let stage = Stage { folder: tempfile::tempdir().unwrap(), plan: older, ..stage };
    for mut entry in entries {
        if let Event::Begun { plan, approval, .. } = &mut entry.event {
            **plan = stage.plan.clone();
            *approval = super::approval(&stage.plan);
        }
        stage.journal().append(entry.time, Some("20260201-1"), entry.event).unwrap();
    }
    assert_eq!(stage.undo().unwrap().status, Status::Undone);
    assert_eq!(*stage.fake.now.borrow(), initial);
    // To begin with it is refused.
    assert!(matches!(stage.apply(), Err(Refusal::Plan(_))));
}

/// Nothing could be done about a step without an undo anyway, so a question that is not answered does not
/// keep the steps before it from being taken back. It is told, with what to do.
#[test]
fn a_step_of_which_nobody_knows_and_that_has_no_undo_holds_nothing_up() {
    let gone = json!({ "UserName": "alice", "AccessKeyId": "AKIAOLD" });
    let delete = ("iam:DeleteAccessKey", gone, Before::Implied);
    for happens in [true, false] {
        let stage = Stage::of(plan(vec![deny_alice(), delete.clone()]));
        stage.fake.lose("iam:DeleteAccessKey", happens);
        stage.fake.deny("iam:ListAccessKeys");
        let report = stage.apply().unwrap();
        assert_eq!(stopped(&report), (Why::Unanswered, Some("2")));
        assert_eq!(states(&report), [StepState::Done, StepState::Unknown], "{happens}");
        let report = stage.undo().unwrap();
        assert_eq!((report.stop.clone(), report.status), (None, Status::PartlyUndone), "{happens}");
        assert_eq!(states(&report), [StepState::Undone, StepState::Kept], "{happens}");
        let reason = report.steps[1].reason.clone().unwrap();
        for word in ["iam:DeleteAccessKey", "not known", "CloudTrail", "gone for ever"] {
            assert!(reason.contains(word), "{word}: {reason}");
        }
    }
}
