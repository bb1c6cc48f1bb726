//! Whatever AWS answers, or does not, the run stops with a clear report and nothing half known.

use super::*;

fn two() -> Stage {
    Stage::of(plan(vec![switch_off(), deny_alice()]))
}

#[test]
fn a_run_says_what_it_did() {
    let stage = two();
    let report = stage.apply().unwrap();
    assert_eq!((report.status, report.stop.clone()), (Status::Applied, None));
    assert_eq!((report.run.as_str(), report.next()), ("20260201-1", None));
    assert_eq!(states(&report), [StepState::Done, StepState::Done]);
    assert_eq!(*stage.fake.calls.borrow(), ["iam:UpdateAccessKey", "iam:PutUserPolicy"]);
    assert_eq!(report.head, stage.journal().head());
    // It is over: neither gone on with nor carried out again.
    assert!(matches!(stage.resume(), Err(Refusal::Over { .. })));
    assert!(matches!(stage.apply(), Err(Refusal::Applied { .. })));
}

#[test]
fn access_denied_midway_stops_and_the_run_goes_on_later() {
    let stage = two();
    stage.fake.deny("iam:PutUserPolicy");
    let report = stage.apply().unwrap();
    assert_eq!(stopped(&report), (Why::Refused, Some("2")));
    assert_eq!((report.status, report.is_unknown()), (Status::Stopped, false));
    assert_eq!(states(&report), [StepState::Done, StepState::New]);
    let told = report.stop.as_ref().unwrap().to_string();
    assert!(told.contains("AccessDenied") && told.contains("iam:PutUserPolicy"), "{told}");
    let next = report.next().unwrap();
    assert!(next.contains("--resume 20260201-1") && next.contains("undo 20260201-1"), "{next}");
    assert!(matches!(stage.apply(), Err(Refusal::Begun { .. })));

    stage.fake.denied.borrow_mut().clear();
    let report = stage.resume().unwrap();
    assert_eq!((report.status, report.stop), (Status::Applied, None));
    // What was done was not done again.
    let calls = ["iam:UpdateAccessKey", "iam:PutUserPolicy", "iam:PutUserPolicy"];
    assert_eq!(*stage.fake.calls.borrow(), calls);
}

/// "IAM and STS quotas" (IAM User Guide): two access keys for a user, five versions of a policy.
#[test]
fn a_full_quota_stops() {
    let stage = Stage::of(plan(vec![switch_off(), new_key()]));
    for id in ["AKIAONE", "AKIATWO"] {
        let key = ("bob".to_owned(), id.to_owned());
        stage.fake.now.borrow_mut().keys.insert(key, "Active".to_owned());
    }
    let report = stage.apply().unwrap();
    assert_eq!(stopped(&report), (Why::Refused, Some("2")));
    assert!(report.stop.unwrap().cause.contains("LimitExceeded"));
    assert_eq!(stage.undo().unwrap().status, Status::Undone);
}

/// Somebody changes the account while the plan is carried out.
#[test]
fn drift_midway_stops_before_the_call() {
    let stage = two();
    stage.fake.deny("iam:PutUserPolicy");
    stage.apply().unwrap();
    stage.fake.denied.borrow_mut().clear();
    let policy = ("UserName alice".to_owned(), "deny".to_owned());
    stage.fake.now.borrow_mut().inline.insert(policy, allow("s3:*"));
    let report = stage.resume().unwrap();
    assert_eq!(stopped(&report), (Why::Drift, Some("2")));
    assert_eq!(stage.fake.calls.borrow().len(), 2);
    assert_eq!(states(&report), [StepState::Done, StepState::New]);
}

#[test]
fn a_question_that_is_denied_midway_stops_before_the_call() {
    let stage = Stage::of(plan(narrowed(1)));
    stage.fake.deny("iam:ListPolicyVersions");
    let report = stage.apply().unwrap();
    assert_eq!(stopped(&report), (Why::Unasked, Some("1")));
    assert!(stage.fake.calls.borrow().is_empty());
}

/// "Changes that I make are not always immediately visible" (IAM User Guide).
#[test]
fn what_shows_late_is_waited_for_and_not_done_twice() {
    let stage = Stage::of(everything());
    stage.fake.lag.set(3);
    let report = stage.apply().unwrap();
    assert_eq!(report.stop, None);
    assert_eq!(stage.fake.calls.borrow().len(), stage.plan.steps.len());
    assert_eq!(stage.undo().unwrap().status, Status::Undone);
    assert_eq!(stage.fake.calls.borrow().len(), 2 * stage.plan.steps.len());
}

/// What a step made may be nothing yet to the call of the next one, though AWS shows it already. It is made
/// again a few times; what nobody made is not waited for.
#[test]
fn what_was_just_made_is_waited_for() {
    let refuse = |stage: &Stage, api: &str, times: usize| {
        let refused = (api.to_owned(), "NoSuchEntity");
        stage.fake.refused.borrow_mut().extend(vec![refused; times]);
    };
    let (make, set) = ("iam:CreatePolicyVersion", "iam:SetDefaultPolicyVersion");
    let stage = Stage::of(plan(narrowed(1)));
    refuse(&stage, set, 3);
    let report = stage.apply().unwrap();
    assert_eq!((report.status, report.stop), (Status::Applied, None));
    assert_eq!(*stage.fake.calls.borrow(), [make, set, set, set, set]);
    assert_eq!(stage.undo().unwrap().status, Status::Undone);

    let stage = Stage::of(plan(narrowed(1)));
    refuse(&stage, set, 4);
    let report = stage.apply().unwrap();
    assert_eq!(stopped(&report), (Why::Refused, Some("2")));
    assert_eq!(states(&report), [StepState::Done, StepState::New]);
    assert_eq!(stage.resume().unwrap().status, Status::Applied);

    let stage = Stage::of(plan(narrowed(1)));
    refuse(&stage, make, 1);
    assert_eq!(stopped(&stage.apply().unwrap()), (Why::Refused, Some("1")));
    assert_eq!(*stage.fake.calls.borrow(), [make]);
}

#[test]
fn what_does_not_show_is_said_and_settled_later() {
    let stage = two();
    stage.fake.lag.set(100);
    let report = stage.apply().unwrap();
    assert_eq!(stopped(&report), (Why::NotShown, Some("1")));
    assert_eq!(states(&report), [StepState::Made, StepState::New]);
    stage.fake.lag.set(0);
    while stage
        .fake
        .ask(
            "iam:ListAccessKeys",
            None,
            json!({ "UserName": "alice" }).as_object().unwrap().clone(),
        )
        .body()
        .is_some_and(|body| body["AccessKeyMetadata"][0]["Status"] == "Active")
    {
        stage.fake.pause(0);
    }
    assert_eq!(stage.resume().unwrap().status, Status::Applied);
    assert_eq!(stage.fake.calls.borrow().len(), 2);
}

/// The connection is cut after a call was sent. Whether it came through shows.
#[test]
fn an_answer_that_is_lost_is_found_out() {
    for calls in [
        vec![switch_off()],
        vec![deny_alice()],
        vec![no_console()],
        narrowed(1),
        vec![new_key()],
        vec![console_for_bob()],
    ] {
        let stage = Stage::of(plan(calls));
        let first = format!("iam:{}", stage.plan.steps[0].operation);
        stage.fake.lag.set(2);
        stage.fake.lose(&first, true);
        let report = stage.apply().unwrap();
        assert_eq!(report.stop, None, "{first}");
        let made = stage.fake.calls.borrow().iter().filter(|call| **call == first).count();
        // A key whose secret was lost with the answer is made anew.
        assert_eq!(made, if first == "iam:CreateAccessKey" { 2 } else { 1 }, "{first}");
        assert_eq!(stage.undo().unwrap().status, Status::Undone, "{first}");
    }
}

#[test]
fn a_call_that_was_lost_is_not_known_and_not_repeated_before_somebody_says_so() {
    for calls in [
        vec![switch_off()],
        vec![deny_alice()],
        narrowed(1),
        vec![new_key()],
        vec![console_for_bob()],
        vec![reset_alice()],
    ] {
        let stage = Stage::of(plan(calls));
        let first = format!("iam:{}", stage.plan.steps[0].operation);
        stage.fake.lose(&first, false);
        let report = stage.apply().unwrap();
        assert_eq!(stopped(&report), (Why::Unanswered, Some("1")), "{first}");
        assert!(report.is_unknown() && report.steps[0].state == StepState::Unknown);
        assert_eq!(stage.fake.calls.borrow().len(), 1, "{first}");
        let report = stage.resume().unwrap();
        assert_eq!((report.stop, report.status), (None, Status::Applied), "{first}");
    }
}

/// A password that was perhaps set over another stays in doubt, whatever becomes of the next attempt.
#[test]
fn a_password_of_which_nobody_knows_stays_unknown() {
    for is_full in [true, false] {
        let stage = Stage::of(plan(vec![reset_alice()]));
        stage.fake.lose("iam:UpdateLoginProfile", true);
        stage.apply().unwrap();
        stage.fake.is_full.set(is_full);
        stage.fake.deny("iam:UpdateLoginProfile");
        for _ in 0..2 {
            let report = stage.resume().unwrap();
            assert_eq!(stopped(&report), (Why::Unanswered, Some("1")));
            assert_eq!(states(&report), [StepState::Unknown]);
        }
        let report = stage.undo().unwrap();
        assert_eq!((report.status, states(&report)), (Status::PartlyUndone, vec![StepState::Kept]));
        assert!(stage.written().contains("whether it was carried out is not known"));
    }
}

/// The first attempt shows only after the second, which was refused: nothing is called undone.
#[test]
fn a_refusal_of_the_second_attempt_says_nothing_of_the_first() {
    let stage = Stage::of(plan(vec![new_key()]));
    stage.fake.lag.set(100);
    stage.fake.lose("iam:CreateAccessKey", true);
    assert_eq!(stopped(&stage.apply().unwrap()), (Why::Unanswered, Some("1")));
    stage.fake.clock.set(NOW.plus(60));
    stage.fake.refused.borrow_mut().push(("iam:CreateAccessKey".to_owned(), "no"));
    stage.fake.shows_at_call.set(true);
    let report = stage.resume().unwrap();
    assert_eq!(stopped(&report), (Why::Drift, Some("1")));
    assert_eq!(states(&report), [StepState::Unknown]);
    let told = report.stop.unwrap().to_string();
    assert!(told.contains("AKIANEW1") && told.contains("ValidationError"), "{told}");
}

/// A check may compare with what an earlier step replied.
#[test]
fn a_check_of_what_was_made_is_about_that() {
    let made = json!({ "PolicyName": "fresh", "PolicyDocument": allow("s3:List*") });
    let result = json!({ "$result": { "step": "1", "path": ["Policy", "Arn"] } });
    let held = json!({ "UserName": "bob", "PolicyArn": result });
    let mut plan = plan(vec![
        ("iam:CreatePolicy", made, Before::Implied),
        ("iam:AttachUserPolicy", held, Before::Implied),
    ]);
    let detached = plan.steps[1].inverse.clone().unwrap();
    plan.steps[1].preconditions =
        shown(calls::find("iam", "DetachUserPolicy").unwrap(), &detached.input);
    plan.digest = plan.computed_digest();
    let fresh = "arn:aws:iam::111122223333:policy/fresh".to_owned();
    let stage = Stage::of(plan.clone());
    assert_eq!(stage.apply().unwrap().status, Status::Applied);
    assert_eq!(stage.undo().unwrap().status, Status::Undone);
    let stage = Stage::of(plan);
    stage.fake.now.borrow_mut().attached.insert(("UserName bob".to_owned(), fresh));
    let report = stage.apply().unwrap();
    assert_eq!(stopped(&report), (Why::Drift, Some("2")));
}

/// Two versions that nobody saw before, and one of them is ours: nobody can tell which.
#[test]
fn what_cannot_be_told_apart_stops_and_is_named() {
    let stage = Stage::of(plan(narrowed(1)));
    stage.fake.lose("iam:CreatePolicyVersion", false);
    stage.apply().unwrap();
    let same = allow("s3:GetObject");
    {
        let mut account = stage.fake.now.borrow_mut();
        let (_, versions) = account.policies.get_mut(POLICY).unwrap();
        versions.insert("v2".to_owned(), same.clone());
        versions.insert("v3".to_owned(), same);
    }
    let report = stage.resume().unwrap();
    assert_eq!(stopped(&report), (Why::Drift, Some("1")));
    let told = report.stop.unwrap().to_string();
    assert!(told.contains("v2") && told.contains("v3"), "{told}");
    assert_eq!(stage.fake.calls.borrow().len(), 1);
}

/// Two clocks that differ, or somebody else's key: it is named, and neither taken for ours nor deleted.
#[test]
fn a_key_of_another_time_is_left_alone() {
    let stage = Stage::of(plan(vec![new_key()]));
    stage.fake.clock.set(NOW.plus(60));
    stage.fake.lose("iam:CreateAccessKey", true);
    let report = stage.apply().unwrap();
    assert_eq!(stopped(&report), (Why::Drift, Some("1")));
    assert!(report.stop.unwrap().to_string().contains("AKIANEW1"));
    assert!(matches!(stage.undo().unwrap().stop, Some(Stop { why: Why::Drift, .. })));
    assert_eq!(*stage.fake.calls.borrow(), ["iam:CreateAccessKey"]);
}

/// Somebody else's version, made meanwhile, is not taken for ours.
#[test]
fn what_another_made_is_not_taken_for_ours() {
    let stage = Stage::of(plan(narrowed(1)));
    stage.fake.lose("iam:CreatePolicyVersion", false);
    stage.apply().unwrap();
    let policy = |stage: &Stage| stage.fake.now.borrow().policies[POLICY].clone();
    stage.fake.now.borrow_mut().policies.get_mut(POLICY).unwrap().1.insert("v2".to_owned(), deny());
    assert_eq!(stage.resume().unwrap().stop, None);
    assert_eq!(policy(&stage).0, "v3");
    assert_eq!(stage.undo().unwrap().stop, None);
    let (default, versions) = policy(&stage);
    assert_eq!((default.as_str(), versions.len()), ("v1", 2));
}

#[test]
fn somebody_may_interrupt_between_two_calls() {
    let stage = two();
    stage.fake.interrupt_after.set(1);
    let report = stage.apply().unwrap();
    assert_eq!(stopped(&report), (Why::Interrupted, Some("2")));
    assert_eq!(states(&report), [StepState::Done, StepState::New]);
    stage.fake.interrupt_after.set(usize::MAX);
    assert_eq!(stage.resume().unwrap().status, Status::Applied);
}

/// Sessions that began after the plan's time would be left out.
#[test]
fn a_plan_that_grows_old_midway_stops() {
    let mut plan = plan(vec![switch_off(), deny_alice()]);
    plan.preview.apply_before = Some(NOW.plus(60));
    plan.digest = plan.computed_digest();
    let stage = Stage::of(plan);
    stage.fake.interrupt_after.set(1);
    stage.apply().unwrap();
    stage.fake.interrupt_after.set(usize::MAX);
    stage.fake.clock.set(NOW.plus(60));
    let report = stage.resume().unwrap();
    assert_eq!(stopped(&report), (Why::TooOld, Some("2")));
    assert!(report.next().unwrap().contains("undo"));
    // Taking back is never too late.
    assert_eq!(stage.undo().unwrap().status, Status::Undone);
}

#[test]
fn runs_of_a_day_are_numbered_and_unknown_ones_are_named() {
    let stage = two();
    assert!(matches!(stage.undo(), Err(Refusal::NoRun(run)) if run == "20260201-1"));
    stage.apply().unwrap();
    stage.undo().unwrap();
    assert_eq!(stage.apply().unwrap().run, "20260201-2");
}

/// Who reads the guide can look up what runs on an account of our own making.
#[test]
fn the_guide_lists_what_no_emulator_can_do() {
    let guide = include_str!("../../../../../docs/guides/remediation.md");
    let section = guide.split("\n## ").find(|part| part.starts_with("How this is tested")).unwrap();
    let tests = [
        include_str!("admitted.rs"),
        include_str!("crashes.rs"),
        include_str!("faults.rs"),
        include_str!("../../../../trailwarden-aws/tests/asking/changing.rs"),
    ];
    let tests = tests.concat();
    let rows: Vec<&str> = section.lines().filter(|line| line.starts_with("| ")).skip(1).collect();
    assert!(rows.len() >= 8, "{section}");
    for row in rows {
        let names: Vec<&str> = row.split('`').skip(1).step_by(2).collect();
        assert!(!names.is_empty(), "{row}");
        for name in names {
            assert!(tests.contains(&format!("\nfn {name}() {{")), "no test is called `{name}`");
        }
    }
}
