//! Calls that make something new each time: they are not repeated, and a secret that they make is told
//! once, to whoever asked for it, and kept by nothing.

use std::fs;
use std::os::unix::fs::PermissionsExt as _;

use serde_json::json;
use trailwarden_remedy::plan::{Argument, Inverse, Reply};
use trailwarden_remedy::{Plan, Subject, remedy, render};

use super::{Case, folder};
use crate::host::{Start, found};
use crate::world::made;

/// A plan that makes a second access key for alice.
fn new_key(case: &Case) -> Plan {
    let mut plan = case.plan.clone();
    let step = &mut plan.steps[0];
    step.operation = "CreateAccessKey".to_owned();
    step.input = [("UserName".to_owned(), "alice".into())].into();
    step.preconditions.clear();
    step.capture.clear();
    let path = vec!["AccessKey".to_owned(), "AccessKeyId".to_owned()];
    let result = Reply { step: "1".to_owned(), path };
    step.inverse = Some(Inverse {
        service: "iam".to_owned(),
        operation: "DeleteAccessKey".to_owned(),
        input: [
            ("UserName".to_owned(), "alice".into()),
            ("AccessKeyId".to_owned(), Argument::Result { result }),
        ]
        .into(),
    });
    plan.digest = plan.computed_digest();
    plan
}

#[test]
fn a_script_leaves_a_new_secret_where_only_its_user_can_read_it() {
    let test = "a_script_leaves_a_new_secret_where_only_its_user_can_read_it";
    let Some(installed) = found(test) else { return };
    let mut emulator = installed.start(Start::Forked);
    let case = Case::of(test, "deactivate-access-key");
    let plan = new_key(&case);
    let folder = folder(test, "new-key");
    let program = folder.join("plan.sh");
    fs::write(&program, render::cli(&plan)).unwrap();
    emulator.ask(&made(&case.subject));
    let before = emulator.state();
    let state = folder.join(format!("trailwarden-{}", &plan.digest[..16]));
    let secret = state.join("1.secret");
    let ended = emulator.run(&program, None, "");
    ended.is_well("step 1: done").is_well("1.secret");
    let kept = fs::read_to_string(&secret).unwrap();
    let (id, told) = kept.trim_end().split_once('\t').unwrap();
    assert!(id.starts_with("AKIA") && told.len() >= 16, "{kept}");
    assert!(!ended.said.contains(told), "{}", ended.said);
    assert_eq!(fs::metadata(&secret).unwrap().permissions().mode() & 0o777, 0o600);
    let others = fs::read_dir(&state).unwrap().map(|entry| entry.unwrap().path());
    for path in others.filter(|path| *path != secret) {
        let text = fs::read_to_string(&path).unwrap();
        assert!(!text.contains(told), "{}", path.display());
    }
    emulator.run(&program, None, "").is_well("step 1: done before");
    assert_ne!(emulator.state(), before);
    emulator.run(&program, Some("--undo"), "").is_well("step 1: taken back");
    assert_eq!(emulator.state(), before);
    assert!(!secret.exists());
    emulator.run(&program, Some("--undo"), "").is_well("nothing is to be taken back");
}

#[test]
fn a_program_tells_a_new_secret_only_when_it_is_asked_to() {
    let test = "a_program_tells_a_new_secret_only_when_it_is_asked_to";
    let Some(installed) = found(test) else { return };
    let mut emulator = installed.start(Start::Forked);
    let case = Case::of(test, "deactivate-access-key");
    let plan = new_key(&case);
    let folder = folder(test, "new-key");
    let program = folder.join("plan.py");
    fs::write(&program, render::boto3(&plan)).unwrap();
    emulator.ask(&made(&case.subject));
    let before = emulator.state();
    emulator.run(&program, Some("--apply"), "").is_stopped("add --show-secrets");
    assert_eq!(emulator.state(), before);
    let ended = emulator.run(&program, Some("--apply --show-secrets"), "");
    ended.is_well("step 1: done");
    let told = ended.said.split("SecretAccessKey, shown only now: ").nth(1).unwrap();
    let told = told.lines().next().unwrap();
    assert!(told.len() >= 16, "{}", ended.said);
    let memory = folder.join(format!("trailwarden-{}.json", &plan.digest[..16]));
    assert!(!fs::read_to_string(&memory).unwrap().contains(told));
    emulator.run(&program, Some("--apply"), "").is_well("step 1: done before");
    emulator.run(&program, Some("--undo"), "").is_well("step 1: taken back");
    assert_eq!(emulator.state(), before);
}

/// Taken back by hand before: what makes something new is known by its reply.
#[test]
fn what_is_gone_already_is_taken_back() {
    let test = "what_is_gone_already_is_taken_back";
    let Some(installed) = found(test) else { return };
    let mut emulator = installed.start(Start::Forked);
    let case = super::more(test).into_iter().next().unwrap();
    assert_eq!(case.plan.steps[0].operation, "CreatePolicyVersion");
    for program in &case.programs {
        emulator.ask(&made(&case.subject));
        let before = emulator.state();
        emulator.run(program, super::to_apply(program), "").is_well("step 1: done");
        let arn = "arn:aws:iam::111122223333:policy/team/deploy";
        let set = json!({ "PolicyArn": arn, "VersionId": "v2" });
        let delete = json!({ "PolicyArn": arn, "VersionId": "v3" });
        emulator.ask(&json!({ "call": ["iam", "set_default_policy_version", set] }));
        emulator.ask(&json!({ "call": ["iam", "delete_policy_version", delete] }));
        let ended = emulator.run(program, Some("--undo"), "");
        ended.is_well("step 1: taken back before");
        assert_eq!(emulator.state(), before, "{}", program.display());
    }
}

/// What AWS refused was not done: a call that must not be made twice is made by the next run.
#[test]
fn what_was_refused_is_made_by_the_next_run() {
    let test = "what_was_refused_is_made_by_the_next_run";
    let Some(installed) = found(test) else { return };
    let mut emulator = installed.start(Start::Forked);
    let case = super::more(test).into_iter().next().unwrap();
    for program in &case.programs {
        let apply = super::to_apply(program);
        emulator.ask(&made(&case.subject));
        let before = emulator.state();
        emulator.ask(&json!({ "refuse": "CreatePolicyVersion" }));
        let ended = emulator.run(program, apply, "");
        ended.is_stopped("step 1: AWS refused the call, and nothing was done by it");
        emulator.ask(&json!({ "refuse": null }));
        emulator.run(program, apply, "").is_well("step 1: done");
        assert_ne!(emulator.state(), before, "{}", program.display());
        emulator.run(program, Some("--undo"), "").is_well("step 1: taken back");
        assert_eq!(emulator.state(), before, "{}", program.display());
    }
}

/// "Changes that I make are not always immediately visible" (IAM User Guide): what a step before made may be
/// nothing yet to a call. What nobody made is asked for once.
#[test]
fn what_was_just_made_is_waited_for() {
    let test = "what_was_just_made_is_waited_for";
    let Some(installed) = found(test) else { return };
    let mut emulator = installed.start(Start::Forked);
    let case = super::more(test).into_iter().next().unwrap();
    let operations: Vec<&str> =
        case.plan.steps.iter().map(|step| step.operation.as_str()).collect();
    assert_eq!(operations, ["CreatePolicyVersion", "SetDefaultPolicyVersion"]);
    for program in &case.programs {
        let apply = super::to_apply(program);
        emulator.ask(&made(&case.subject));
        let before = emulator.state();
        emulator.ask(&json!({ "late": ["CreatePolicyVersion", 1] }));
        let ended = emulator.run(program, apply, "");
        ended.is_stopped("step 1: AWS refused the call, and nothing was done by it");
        emulator.ask(&json!({ "late": ["SetDefaultPolicyVersion", 1] }));
        emulator.run(program, apply, "").is_well("step 2: done");
        emulator.run(program, Some("--undo"), "").is_well("step 1: taken back");
        assert_eq!(emulator.state(), before, "{}", program.display());
    }
}

/// A password that was asked for and not given was not set, though the account looks as if: the user had to
/// change the old one already.
#[test]
fn a_password_that_was_not_given_is_asked_for_again() {
    let test = "a_password_that_was_not_given_is_asked_for_again";
    let Some(installed) = found(test) else { return };
    let mut emulator = installed.start(Start::Forked);
    let case = Case::of(test, "reset-console-password");
    for program in &case.programs {
        let apply = super::to_apply(program);
        emulator.ask(&made(&case.subject));
        let due = json!({ "UserName": "alice", "Password": "The-0ld-0ne", "PasswordResetRequired": true });
        emulator.ask(&json!({ "call": ["iam", "update_login_profile", due] }));
        emulator.ask(&json!({ "refuse": "UpdateLoginProfile" }));
        emulator.run_with_secret(program, apply).is_stopped("nothing was done by it");
        emulator.ask(&json!({ "refuse": null }));
        emulator.run_with_secret(program, apply).is_well("step 1: done\n");
    }
}

/// Half way back the account is neither as it was nor as the plan wants it: so whoever must give passwords is
/// asked before the first call, and told for whom.
#[test]
fn nothing_is_taken_back_where_nobody_gives_the_password() {
    let test = "nothing_is_taken_back_where_nobody_gives_the_password";
    let Some(installed) = found(test) else { return };
    let mut emulator = installed.start(Start::Forked);
    let example = |id: &str| remedy::find(id).unwrap().example().unwrap();
    let subject = Subject {
        login_profile: example("delete-login-profile").login_profile,
        ..example("deactivate-access-key")
    };
    let draft = |id: &str| remedy::find(id).unwrap().draft(&subject).unwrap();
    let drafts = vec![draft("delete-login-profile"), draft("deactivate-access-key")];
    let plan = Plan::from_drafts(subject.account, subject.time, subject.time, drafts);
    for (ending, text) in [("sh", render::cli(&plan)), ("py", render::boto3(&plan))] {
        let program = folder(test, ending).join(format!("plan.{ending}"));
        fs::write(&program, text).unwrap();
        emulator.ask(&made(&subject));
        let before = emulator.state();
        emulator.run(&program, super::to_apply(&program), "").is_well("step 2: done");
        let between = emulator.state();
        let ended = emulator.run(&program, Some("--undo"), "");
        ended.is_stopped("a password for user alice (step 1) is needed, and none was given");
        assert!(!ended.said.contains("taken back"), "{}", ended.said);
        assert_eq!(emulator.state(), between, "{ending}");
        let ended = emulator.run_with_secret(&program, Some("--undo"));
        ended.is_well("step 1: taken back");
        assert_eq!(emulator.state(), before, "{ending}");
    }
}

/// What a folder remembers of one plan says nothing of another.
#[test]
fn a_script_reads_no_folder_of_another_plan() {
    let test = "a_script_reads_no_folder_of_another_plan";
    let Some(installed) = found(test) else { return };
    let mut emulator = installed.start(Start::Forked);
    let case = Case::of(test, "deactivate-access-key");
    let folder = folder(test, "another");
    let program = folder.join("plan.sh");
    fs::write(&program, render::cli(&case.plan)).unwrap();
    emulator.ask(&made(&case.subject));
    let before = emulator.state();
    let state = folder.join(format!("trailwarden-{}", &case.plan.digest[..16]));
    fs::create_dir(&state).unwrap();
    for name in ["plan", "1.started", "1.done"] {
        fs::write(state.join(name), "another\n").unwrap();
    }
    for argument in [None, Some("--undo")] {
        emulator.run(&program, argument, "").is_stopped("is of another plan");
    }
    assert_eq!(emulator.state(), before);
}
