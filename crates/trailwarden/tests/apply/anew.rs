//! Plans whose preview is held to the account before anything is done: forged ones, old ones, honest ones.

use std::path::Path;

use serde_json::{Value, json};
use trailwarden_remedy::Plan;
use trailwarden_remedy::plan::Foreseen;

use crate::emulator::Emulator;
use crate::examples::{MOTO, SERVE};
use crate::support::{Ran, folder, put, run};

const READERS: &str = "readers";

/// An account in which a group gives two members more than it should, and a plan for that, made honestly.
pub(crate) struct Case<'a> {
    pub(crate) emulator: &'a mut Emulator,
    folder: tempfile::TempDir,
}

fn allow(actions: &[&str]) -> String {
    json!({"Version": "2012-10-17", "Statement": [
        {"Effect": "Allow", "Action": actions, "Resource": "*"}]})
    .to_string()
}

impl<'a> Case<'a> {
    pub(crate) fn of(emulator: &'a mut Emulator) -> Self {
        emulator.ask(&json!({ "make": {} }));
        let mut call = |method: &str, arguments: Value| {
            emulator.ask(&json!({ "call": ["iam", method, arguments] }));
        };
        let administrator = "arn:aws:iam::aws:policy/AdministratorAccess";
        call("create_user", json!({"UserName": "keeper"}));
        call("attach_user_policy", json!({"UserName": "keeper", "PolicyArn": administrator}));
        call(
            "create_login_profile",
            json!({"UserName": "keeper", "Password": "Example-0-password"}),
        );
        call("create_group", json!({"GroupName": READERS}));
        let input =
            json!({"GroupName": READERS, "PolicyName": "all", "PolicyDocument": allow(&["*"])});
        call("put_group_policy", input);
        for name in ["alice", "bob", "carol"] {
            call("create_user", json!({ "UserName": name }));
        }
        for name in ["alice", "bob"] {
            call("add_user_to_group", json!({"GroupName": READERS, "UserName": name}));
        }
        let case = Self { emulator, folder: folder() };
        let ran = case.run("baseline --output account.tw");
        assert_eq!(ran.code, 0, "{ran:?}");
        let ran = run(case.path(), "assess --baseline account.tw --json");
        std::fs::write(case.path().join("findings.json"), &ran.out).unwrap();
        let findings = ran.json()["findings"].as_array().unwrap().clone();
        let is_it = |one: &&Value| {
            one["target"].to_string().contains("readers") && one["verdict"] == "fail"
        };
        let narrowed = |one: &&Value| one["remediation"].to_string().contains("narrow-policy");
        let it = findings.iter().filter(is_it).find(narrowed).unwrap();
        let id = it["id"].as_str().unwrap();
        let line = format!(
            "remediate plan --findings findings.json --id {id} --remediation narrow-policy --baseline account.tw --output plan.json"
        );
        let ran = run(case.path(), &line);
        assert_eq!(ran.code, 0, "{ran:?}");
        case
    }

    pub(crate) fn path(&self) -> &Path {
        self.folder.path()
    }

    pub(crate) fn run(&self, line: &str) -> Ran {
        run(self.path(), &format!("{line} --endpoint-url {}", self.emulator.url))
    }

    pub(crate) fn plan(&self) -> Plan {
        Plan::read(&std::fs::read(self.path().join("plan.json")).unwrap()).unwrap()
    }

    pub(crate) fn apply(&self, plan: &Plan, flags: &str) -> Ran {
        put(self.path(), "applied.json", plan);
        let digest = &plan.digest;
        self.run(&format!("remediate apply applied.json --approve {digest} --json {flags}"))
    }

    /// What the journal tells of a run.
    fn told_of(&self, ran: &Ran) -> String {
        let ran = ran.run();
        run(self.path(), &format!("remediate history {}", ran["run"].as_str().unwrap())).out
    }

    /// Why it was refused; nothing is changed or journaled then.
    fn refused(&mut self, plan: &Plan, flags: &str) -> String {
        let before = self.emulator.state();
        let ran = self.apply(plan, flags);
        assert_eq!(ran.code, 2, "{ran:?}");
        assert_eq!(self.emulator.state(), before);
        assert!(!self.path().join(".local").exists(), "nothing is journaled");
        ran.run()["refused"].as_str().unwrap().to_owned()
    }
}

#[test]
fn a_forged_preview_that_nobody_loses_anything_is_refused() {
    let test = "a_forged_preview_that_nobody_loses_anything_is_refused";
    let Some(mut emulator) = Emulator::start(MOTO, SERVE, test) else { return };
    let mut case = Case::of(&mut emulator);
    let honest = case.plan();
    let forged = honest.clone().foreseen(Foreseen::default());
    for flags in ["", "--accept-unknown", "--baseline account.tw", "--dry-run"] {
        let why = case.refused(&forged, flags);
        assert!(why.contains("more than its preview says"), "{flags}: {why}");
        assert!(why.contains("user/alice") && why.contains("user/bob"), "{flags}: {why}");
    }
    // By the file alone the same is seen before anybody asks AWS.
    let shown = run(case.path(), "remediate show applied.json --baseline account.tw --as cli");
    assert_eq!((shown.code, shown.out.as_str()), (2, ""), "{shown:?}");
    assert!(shown.said.contains("more than its preview says"), "{}", shown.said);
    let shown = run(case.path(), "remediate show plan.json --baseline account.tw --as cli");
    assert_eq!(shown.code, 0, "{shown:?}");
    // Only who says that he trusts the file gets what the file says, and the journal keeps that.
    let ran = case.apply(&forged, "--trust-preview");
    assert_eq!((ran.code, &ran.run()["held_to"]), (0, &json!("nothing")), "{ran:?}");
    assert!(ran.said.contains("nothing was foreseen anew"), "{}", ran.said);
    assert!(case.told_of(&ran).contains("its preview was believed as the plan's file has it"));
}

#[test]
fn an_honest_plan_goes_through_and_says_that_it_was_foreseen_anew() {
    let test = "an_honest_plan_goes_through_and_says_that_it_was_foreseen_anew";
    let Some(mut emulator) = Emulator::start(MOTO, SERVE, test) else { return };
    let case = Case::of(&mut emulator);
    let (plan, before) = (case.plan(), case.emulator.state());
    let ran = case.apply(&plan, "--dry-run");
    assert_eq!((ran.code, &ran.run()["held_to"]), (0, &json!("account")), "{ran:?}");
    let ran = case.apply(&plan, "");
    assert_eq!((ran.code, &ran.run()["held_to"]), (0, &json!("account")), "{ran:?}");
    assert!(ran.said.contains("Foreseen anew from the account as it is now"), "{}", ran.said);
    assert!(case.told_of(&ran).contains("its preview was held to the account as it was then"));
    let id = ran.run()["run"].as_str().unwrap().to_owned();
    let ran = case.run(&format!("remediate undo {id} --yes"));
    assert_eq!(ran.code, 0, "{ran:?}");
    assert_eq!(case.emulator.state(), before);
}

#[test]
fn a_preview_that_is_older_than_a_change_in_the_account_is_refused() {
    let test = "a_preview_that_is_older_than_a_change_in_the_account_is_refused";
    let Some(mut emulator) = Emulator::start(MOTO, SERVE, test) else { return };
    let mut case = Case::of(&mut emulator);
    let plan = case.plan();
    let joined = json!({"GroupName": READERS, "UserName": "carol"});
    case.emulator.ask(&json!({ "call": ["iam", "add_user_to_group", joined] }));
    let why = case.refused(&plan, "");
    assert!(why.contains("the account has changed since"), "{why}");
    assert!(
        why.contains("user/carol") && !why.contains("user/bob"),
        "only what was not told: {why}"
    );
}

/// Who may carry a plan out need not be allowed to see the account; then the file's word is no substitute.
#[test]
fn where_nothing_can_be_foreseen_anew_the_files_word_must_be_trusted_in_so_many_words() {
    let test = "where_nothing_can_be_foreseen_anew_the_files_word_must_be_trusted_in_so_many_words";
    let Some(mut emulator) = Emulator::start(MOTO, SERVE, test) else { return };
    let case = Case::of(&mut emulator);
    let plan = case.plan();
    case.emulator.ask(&json!({ "refuse": "GetAccountAuthorizationDetails" }));
    let ran = case.apply(&plan, "");
    case.emulator.ask(&json!({ "refuse": null }));
    assert_eq!(ran.code, 2, "{ran:?}");
    let why = ran.run()["refused"].as_str().unwrap().to_owned();
    for part in ["only the word of whoever wrote the file", "--baseline", "--trust-preview"] {
        assert!(why.contains(part), "{part}: {why}");
    }
    assert!(!case.path().join(".local").exists(), "nothing is journaled");
    // A baseline takes the place of what may not be asked.
    case.emulator.ask(&json!({ "refuse": "GetAccountAuthorizationDetails" }));
    let ran = case.apply(&plan, "--baseline account.tw");
    case.emulator.ask(&json!({ "refuse": null }));
    assert_eq!(ran.code, 0, "{ran:?}");
    assert!(ran.said.contains("Foreseen anew from the baseline"), "{}", ran.said);
    assert!(case.told_of(&ran).contains("its preview was held to a baseline that was given"));
    // Of what was done since, the same baseline knows nothing.
    let id = ran.run()["run"].as_str().unwrap().to_owned();
    let mut again = plan.clone();
    again.preview.remedies[0].notes.clear();
    again.digest = again.computed_digest();
    let input = json!({"GroupName": READERS, "PolicyName": "all", "PolicyDocument": allow(&["*"])});
    case.emulator.ask(&json!({ "call": ["iam", "put_group_policy", input] }));
    let ran = case.apply(&again, "--baseline account.tw");
    let why = ran.run()["refused"].as_str().unwrap().to_owned();
    assert!(ran.code == 2 && why.contains("take a new baseline") && why.contains(&id), "{why}");
    assert_eq!(case.apply(&again, "--dry-run").code, 0, "the account itself knows");
}

/// What accepts a doubt about the caller does not help where nothing is said at all.
#[test]
fn a_plan_without_a_preview_is_refused_for_that() {
    let test = "a_plan_without_a_preview_is_refused_for_that";
    let Some(mut emulator) = Emulator::start(MOTO, SERVE, test) else { return };
    let mut case = Case::of(&mut emulator);
    let mut plan = case.plan();
    plan.preview.effect = None;
    plan.digest = plan.computed_digest();
    for flags in ["", "--accept-unknown"] {
        let why = case.refused(&plan, flags);
        assert!(why.contains("does not say what it does to access"), "{flags}: {why}");
        assert!(why.contains("make a plan with a baseline"), "{flags}: {why}");
    }
}

/// Each of two plans leaves an administrator; both leave none. Nothing of either is begun.
#[test]
fn two_plans_are_held_to_what_they_do_together() {
    let test = "two_plans_are_held_to_what_they_do_together";
    let Some(mut emulator) = Emulator::start(MOTO, SERVE, test) else { return };
    let case = Case::of(&mut emulator);
    let mut call = |method: &str, arguments: Value| {
        case.emulator.ask(&json!({ "call": ["iam", method, arguments] }));
    };
    let administrator = "arn:aws:iam::aws:policy/AdministratorAccess";
    call("create_user", json!({"UserName": "deputy"}));
    call("attach_user_policy", json!({"UserName": "deputy", "PolicyArn": administrator}));
    call("create_login_profile", json!({"UserName": "deputy", "Password": "Example-0-password"}));
    assert_eq!(case.run("baseline --output both.tw").code, 0);
    let found = run(case.path(), "assess --baseline both.tw --json");
    std::fs::write(case.path().join("both.json"), &found.out).unwrap();
    let findings = found.json()["findings"].as_array().unwrap().clone();
    for name in ["keeper", "deputy"] {
        let is_it = |one: &&Value| {
            one["rule"] == "user-is-administrator" && one["target"].to_string().contains(name)
        };
        let id = findings.iter().find(is_it).unwrap()["id"].as_str().unwrap();
        let line = format!(
            "remediate plan --findings both.json --id {id} --baseline both.tw --output {name}.json"
        );
        let ran = run(case.path(), &line);
        assert_eq!(ran.code, 0, "{ran:?}");
        let ran = case.run(&format!("remediate apply {name}.json --yes --dry-run"));
        assert_eq!(ran.code, 0, "by itself it holds: {ran:?}");
    }
    let before = case.emulator.state();
    for flags in ["", "--dry-run", "--accept-unknown", "--baseline both.tw"] {
        let line = format!("remediate apply keeper.json deputy.json --yes --json {flags}");
        let ran = case.run(&line);
        assert_eq!(ran.code, 2, "{flags}: {ran:?}");
        let runs = ran.json()["runs"].clone();
        let why = runs[1]["refused"].as_str().unwrap();
        assert!(why.contains("last administrator"), "{flags}: {why}");
        assert_eq!(case.emulator.state(), before, "{flags}");
    }
}
