//! Plans as scripts, run against an emulator of AWS: what they change, and that it can be taken back.
//!
//! The programs are those that a user would run, the one by the real AWS CLI and the other with the
//! real boto3. Both end in the same state, and taking either back ends in the state before. To be fast,
//! most are run in forks of a process that has imported both; one case is run as users do.
//!
//! The emulator is not part of the repository. `cargo xtask test` installs it, with the AWS CLI, and
//! names its Python in `TRAILWARDEN_TEST_EMULATOR`; without it, the tests say that they were skipped.

#![expect(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "tests, and helpers of tests, which the lints do not take for tests"
)]

mod host;
mod once;
mod world;

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Mutex;

use host::{Emulator, SECRET, Start, found};
use serde_json::{Value, json};
use trailwarden_model::Timestamp;
use trailwarden_remedy::subject::{Policy, Principal};
use trailwarden_remedy::{Known, Plan, Subject, calls, remedies, remedy, render};
use world::{made, world};

/// How many emulators share the cases.
const EMULATORS: usize = 2;

/// A plan in both languages, in a folder of its own.
struct Case {
    name: &'static str,
    subject: Subject,
    plan: Plan,
    programs: [PathBuf; 2],
}

impl Case {
    fn new(test: &str, name: &'static str, id: &str, subject: Subject) -> Self {
        let plan = plan(id, &subject);
        let texts = [("py", render::boto3(&plan)), ("sh", render::cli(&plan))];
        let programs = texts.map(|(ending, text)| {
            let folder = folder(test, &format!("{name}-{ending}"));
            let program = folder.join(format!("plan.{ending}"));
            fs::write(&program, text).unwrap();
            program
        });
        Self { name, subject, plan, programs }
    }

    /// The case of a remedy's own example.
    fn of(test: &str, id: &'static str) -> Self {
        Self::new(test, id, id, remedy::find(id).unwrap().example().unwrap())
    }
}

/// The plan of a subject, not too old to be run for a while.
fn plan(id: &str, subject: &Subject) -> Plan {
    let mut subject = subject.clone();
    // The year 2999: this plan is run whenever the test is.
    subject.cutoff = Timestamp::from_seconds(32_472_144_000);
    let draft = remedy::find(id).unwrap().draft(&subject).unwrap();
    Plan::from_drafts(subject.account, subject.time, subject.time, vec![draft])
}

/// A folder of a test for one program.
fn folder(test: &str, name: &str) -> PathBuf {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("remedy").join(test).join(name);
    let _ = fs::remove_dir_all(&folder);
    fs::create_dir_all(&folder).unwrap();
    folder
}

/// The argument with which a program makes its calls.
fn to_apply(program: &Path) -> Option<&'static str> {
    program.extension().is_some_and(|ending| ending == "py").then_some("--apply")
}

/// Applies and takes back by one program, each twice; returns the state in between.
fn there_and_back(emulator: &mut Emulator, case: &Case, program: &Path) -> Value {
    let (plan, place) = (&case.plan, program.display());
    emulator.ask(&made(&case.subject));
    let before = emulator.state();
    let makes_secret = plan
        .steps
        .iter()
        .any(|step| !calls::find(&step.service, &step.operation).unwrap().reveals().is_empty());
    let apply = match (to_apply(program), makes_secret) {
        (Some(_), true) => Some("--apply --show-secrets"),
        (apply, _) => apply,
    };
    if apply.is_some() {
        emulator.run(program, None, "").is_well("nothing was changed");
        assert_eq!(emulator.state(), before, "{place}: a dry run changes nothing");
    }
    emulator.run_with_secret(program, apply).is_well(": done");
    let between = emulator.state();
    // A reset password does not show.
    let is_seen = plan.steps.iter().any(|step| step.operation != "UpdateLoginProfile");
    assert!(!is_seen || between != before, "{place}: nothing changed");
    let again = emulator.run(program, apply, "");
    for step in &plan.steps {
        again.is_well(&format!("step {}: done before", step.id));
    }
    assert_eq!(emulator.state(), between, "{place}: a second run changes nothing");
    let back = emulator.run_with_secret(program, Some("--undo"));
    if plan.is_irreversible() {
        back.is_stopped("stays as it is");
        return between;
    }
    back.is_well("taken back");
    assert_eq!(emulator.state(), before, "{place}: not as before");
    emulator.run(program, Some("--undo"), "").is_well("");
    assert_eq!(emulator.state(), before, "{place}: a second undo changes nothing");
    between
}

#[test]
fn programs_change_the_same_and_take_it_back() {
    let test = "programs_change_the_same_and_take_it_back";
    let Some(installed) = found(test) else { return };
    let examples = remedies::ALL.iter().map(|remedy| Case::of(test, remedy.id));
    let cases: Vec<Case> = examples.chain(more(test)).collect();
    let left = Mutex::new(cases.iter());
    std::thread::scope(|scope| {
        for _ in 0..EMULATORS {
            scope.spawn(|| {
                let mut emulator = installed.start(Start::Forked);
                loop {
                    // Not held while a case is run.
                    let next = left.lock().unwrap().next();
                    let Some(case) = next else { break };
                    let [by_boto3, by_cli] =
                        [0, 1].map(|at| there_and_back(&mut emulator, case, &case.programs[at]));
                    assert_eq!(by_cli, by_boto3, "{}: the AWS CLI does something else", case.name);
                }
            });
        }
    });
}

/// Plans that no example makes: a name for the case, the remedy, and the subject.
fn more(test: &str) -> [Case; 2] {
    let statement =
        |sid: &str| json!({ "Sid": sid, "Effect": "Allow", "Action": "s3:*", "Resource": "*" });
    let wide = json!({ "Version": "2012-10-17", "Statement": [statement("a"), statement("b")] });
    let mut managed = remedy::find("restore-policy-version").unwrap().example().unwrap();
    managed.policy = Some(Policy::Managed {
        arn: "arn:aws:iam::111122223333:policy/team/deploy".to_owned(),
        default: Some("v2".to_owned()),
        versions: vec![("v1".to_owned(), None), ("v2".to_owned(), Some(wide.to_string()))],
        version_before: None,
    });
    managed.statements = [1].into();
    let mut full = remedy::find("attach-quarantine-policy").unwrap().example().unwrap();
    full.principal = Principal::of("arn:aws:iam::111122223333:role/app");
    full.inline = None;
    full.boundary = Known::Absent;
    full.trust = remedy::find("remove-trust").unwrap().example().unwrap().trust;
    [
        Case::new(test, "narrow-managed-policy", "narrow-policy", managed),
        Case::new(test, "quarantine-by-boundary", "attach-quarantine-policy", full),
    ]
}

/// What the other tests run in forks is run here as users do.
#[test]
fn programs_run_as_users_run_them() {
    let test = "programs_run_as_users_run_them";
    let Some(installed) = found(test) else { return };
    let mut emulator = installed.start(Start::Plainly);
    let case = Case::of(test, "delete-login-profile");
    for program in &case.programs {
        there_and_back(&mut emulator, &case, program);
    }
}

#[test]
fn a_password_is_set_letter_by_letter() {
    let test = "a_password_is_set_letter_by_letter";
    let Some(installed) = found(test) else { return };
    let mut emulator = installed.start(Start::Forked);
    let case = Case::of(test, "reset-console-password");
    for program in &case.programs {
        emulator.ask(&made(&case.subject));
        emulator.run_with_secret(program, to_apply(program)).is_well(": done");
        assert_eq!(emulator.ask(&json!({ "password": "alice" })), SECRET, "{}", program.display());
    }
}

#[test]
fn a_user_sets_mfa_up() {
    let test = "a_user_sets_mfa_up";
    let Some(installed) = found(test) else { return };
    let mut emulator = installed.start(Start::Forked);
    let subject = remedy::find("enable-mfa").unwrap().example().unwrap();
    emulator.ask(&made(&subject));
    let program = folder(test, "enrolment").join("enrol.sh");
    let plan = plan("enable-mfa", &subject);
    assert_eq!(render::enrolled(&plan), ["alice"]);
    assert_eq!(render::enrolment_of(&plan, "bob"), None);
    fs::write(&program, render::enrolment_of(&plan, "alice").unwrap()).unwrap();
    // What is no code at all is asked for again, for the same device.
    emulator.run(&program, None, "1\n2\n123456\n654321\n").is_well("MFA is set up");
    let devices = &emulator.state()["devices"]["alice"];
    assert_eq!(devices.as_array().unwrap().len(), 1);
    let serial = devices[0]["SerialNumber"].as_str().unwrap();
    assert!(serial.starts_with("arn:aws:iam::111122223333:mfa/alice-"), "{serial}");
}

#[test]
fn a_program_stops_where_the_account_is_not_as_planned() {
    let test = "a_program_stops_where_the_account_is_not_as_planned";
    let Some(installed) = found(test) else { return };
    let mut emulator = installed.start(Start::Forked);
    let case = Case::of(test, "deactivate-access-key");
    let mut changed = world(&case.subject);
    changed["keys"] = json!({ "AKIAEXAMPLEOFALICE02": true });
    emulator.ask(&json!({ "make": changed }));
    let before = emulator.state();
    for program in &case.programs {
        let ended = emulator.run(program, to_apply(program), "");
        ended.is_stopped("not so: iam ListAccessKeys");
        assert_eq!(emulator.state(), before, "{}", program.display());
    }
}

/// AWS refuses the second step, somebody else changes what it is about, and the first is taken back.
#[test]
fn a_program_that_stops_midway_takes_back_what_it_did() {
    let test = "a_program_that_stops_midway_takes_back_what_it_did";
    let Some(installed) = found(test) else { return };
    let mut emulator = installed.start(Start::Forked);
    let case = Case::of(test, "attach-quarantine-policy");
    let step = |at: usize| case.plan.steps[at].operation.as_str();
    assert_eq!([step(0), step(1)], ["UpdateAccessKey", "PutUserPolicy"]);
    for program in &case.programs {
        let (place, apply) = (program.display(), to_apply(program));
        emulator.ask(&made(&case.subject));
        let before = emulator.state();
        emulator.ask(&json!({ "refuse": "PutUserPolicy" }));
        emulator.run(program, apply, "").is_stopped("AccessDenied");
        emulator.ask(&json!({ "refuse": null }));
        let stopped = emulator.state();
        assert_ne!(stopped, before, "{place}: the first step was not made");
        let theirs = json!({ "Version": "2012-10-17", "Statement": [
            { "Effect": "Deny", "Action": "s3:*", "Resource": "*" },
        ] });
        let about = json!({ "UserName": "alice", "PolicyName": "trailwarden-quarantine" });
        let mut put = about.clone();
        put["PolicyDocument"] = theirs.to_string().into();
        emulator.ask(&json!({ "call": ["iam", "put_user_policy", put] }));
        let changed = emulator.state();
        let ended = emulator.run(program, apply, "");
        ended.is_stopped("step 1: done before");
        ended.is_stopped("step 2: the account is not as the plan takes it to be");
        assert_eq!(emulator.state(), changed, "{place}: it went on");
        emulator.ask(&json!({ "call": ["iam", "delete_user_policy", about] }));
        emulator.run(program, Some("--undo"), "").is_well("step 1: taken back");
        assert_eq!(emulator.state(), before, "{place}: not as before");
    }
}

/// A secret is no longer there when AWS refuses it.
#[test]
fn a_refused_secret_is_not_left_behind() {
    let test = "a_refused_secret_is_not_left_behind";
    let Some(installed) = found(test) else { return };
    let mut emulator = installed.start(Start::Forked);
    let case = Case::of(test, "reset-console-password");
    for program in &case.programs {
        emulator.ask(&made(&case.subject));
        emulator.ask(&json!({ "refuse": "UpdateLoginProfile" }));
        // Looks for the secret by itself.
        emulator.run_with_secret(program, to_apply(program)).is_stopped("AccessDenied");
        emulator.ask(&json!({ "refuse": null }));
    }
}
