//! Where it stops, and how it goes on: refused midway, changed by somebody else, carried out already.

use serde_json::{Value, json};
use trailwarden_remedy::plan::Foreseen;
use trailwarden_remedy::remedy;

use crate::emulator::Emulator;
use crate::examples::{Case, MOTO, SERVE};
use crate::support::{Ran, example, plan, put, run};

/// A quarantine: a key, a denial, and the end of sessions.
const QUARANTINE: &str = "attach-quarantine-policy";

fn states(ran: &Ran) -> Vec<Value> {
    ran.run()["steps"].as_array().unwrap().iter().map(|step| step["state"].clone()).collect()
}

#[test]
fn refused_midway_it_stops_and_can_be_gone_on_with() {
    let test = "refused_midway_it_stops_and_can_be_gone_on_with";
    let Some(mut emulator) = Emulator::start(MOTO, SERVE, test) else { return };
    let case = Case::of(&mut emulator, QUARANTINE);
    let before = case.emulator.state();
    case.emulator.ask(&json!({ "refuse": "PutUserPolicy" }));
    let ran = case.apply();
    assert_eq!(ran.code, 1, "{ran:?}");
    let told = ran.run();
    assert_eq!((&told["status"], &told["stop"]["why"]), (&json!("stopped"), &json!("refused")));
    assert_eq!(told["stop"]["call"], "iam:PutUserPolicy");
    let sentence = told["stop"]["sentence"].as_str().unwrap();
    assert!(sentence.contains("AccessDenied"), "{sentence}");
    let run = told["run"].as_str().unwrap().to_owned();
    assert!(told["stop"]["next"].as_str().unwrap().contains(&format!("--resume {run}")));
    assert_eq!(states(&ran)[..2], [json!("done"), json!("new")]);
    // The same plan is not begun a second time beside it.
    let again = case.apply();
    assert_eq!(again.code, 2, "{again:?}");
    assert!(again.run()["refused"].is_string(), "{again:?}");

    case.emulator.ask(&json!({ "refuse": null }));
    let ran = case.run(&format!("apply --resume {run}"));
    assert_eq!(ran.code, 0, "{ran:?}");
    assert!(states(&ran).iter().all(|state| state == "done"), "{ran:?}");
    assert_eq!(case.undo(&run).code, 0);
    assert_eq!(case.emulator.state(), before, "not as before");
    let listed = crate::support::run(case.path(), "remediate history --json").json();
    assert_eq!((listed.as_array().unwrap().len(), &listed[0]["status"]), (1, &json!("undone")));
}

#[test]
fn a_plan_behind_one_that_stopped_is_told_and_not_begun() {
    let test = "a_plan_behind_one_that_stopped_is_told_and_not_begun";
    let Some(mut emulator) = Emulator::start(MOTO, SERVE, test) else { return };
    let case = Case::of(&mut emulator, QUARANTINE);
    let mut subject = remedy::find(QUARANTINE).unwrap().example().unwrap();
    subject.access_key = case.plan.steps[0].input["AccessKeyId"].as_str().map(str::to_owned);
    let behind = plan("deactivate-access-key", &subject);
    put(case.path(), "behind.json", &behind);
    case.emulator.ask(&json!({ "refuse": "PutUserPolicy" }));
    let line = format!(
        "remediate apply plan.json behind.json --trust-preview --yes --json --endpoint-url {}",
        case.emulator.url
    );
    let ran = run(case.path(), &line);
    assert_eq!(ran.code, 1, "{ran:?}");
    let runs = ran.json()["runs"].clone();
    assert_eq!(
        (&runs[0]["status"], &runs[1]["digest"]),
        (&json!("stopped"), &json!(behind.digest))
    );
    assert_eq!((&runs[1]["run"], &runs[2]), (&Value::Null, &Value::Null));
    let why = runs[1]["refused"].as_str().unwrap();
    assert!(why.contains("did not come to its end"), "{why}");
}

#[test]
fn without_a_journal_nothing_is_done() {
    let test = "without_a_journal_nothing_is_done";
    let Some(mut emulator) = Emulator::start(MOTO, SERVE, test) else { return };
    let case = Case::of(&mut emulator, QUARANTINE);
    let before = case.emulator.state();
    // A file is no folder.
    let ran = case.run("apply plan.json --state plan.json");
    assert_eq!((ran.code, ran.out.as_str()), (2, ""), "{ran:?}");
    assert!(ran.said.contains("name a folder that you can write to with --state"), "{}", ran.said);
    assert_eq!(case.emulator.state(), before);
}

/// What is over is said before anybody is asked to agree.
#[test]
fn a_run_that_is_taken_back_is_over() {
    let test = "a_run_that_is_taken_back_is_over";
    let Some(mut emulator) = Emulator::start(MOTO, SERVE, test) else { return };
    let case = Case::of(&mut emulator, QUARANTINE);
    let id = case.applied();
    assert_eq!(case.undo(&id).code, 0);
    for line in [format!("undo {id}"), format!("apply --resume {id}")] {
        let ran = run(case.path(), &format!("remediate {line}"));
        assert_eq!((ran.code, ran.said.as_str()), (2, ""), "{ran:?}");
        assert!(ran.out.contains("is undone, and cannot be"), "{}", ran.out);
        assert!(ran.out.contains(&format!("remediate history {id}")), "{}", ran.out);
    }
}

#[test]
fn what_was_done_before_a_stop_can_be_taken_back() {
    let test = "what_was_done_before_a_stop_can_be_taken_back";
    let Some(mut emulator) = Emulator::start(MOTO, SERVE, test) else { return };
    let case = Case::of(&mut emulator, QUARANTINE);
    let before = case.emulator.state();
    case.emulator.ask(&json!({ "refuse": "PutUserPolicy" }));
    let run = case.apply().run()["run"].as_str().unwrap().to_owned();
    let ran = case.undo(&run);
    assert_eq!(ran.code, 0, "{ran:?}");
    assert_eq!(states(&ran)[..2], [json!("undone"), json!("new")]);
    assert_eq!(case.emulator.state(), before, "not as before");
}

#[test]
fn what_somebody_changed_since_is_not_overwritten() {
    let test = "what_somebody_changed_since_is_not_overwritten";
    let Some(mut emulator) = Emulator::start(MOTO, SERVE, test) else { return };
    let case = Case::of(&mut emulator, "revoke-sessions");
    let run = case.applied();
    let step = &case.plan.steps[0];
    let (name, policy) = (step.input["RoleName"].as_str(), step.input["PolicyName"].as_str());
    let other = json!({ "Version": "2012-10-17", "Statement": [
        { "Effect": "Deny", "Action": "s3:*", "Resource": "*" },
    ] });
    let changed = json!({ "RoleName": name.unwrap(), "PolicyName": policy.unwrap(),
        "PolicyDocument": other.to_string() });
    case.emulator.ask(&json!({ "call": ["iam", "put_role_policy", changed] }));
    let between = case.emulator.state();
    let ran = case.undo(&run);
    assert_eq!(ran.code, 1, "{ran:?}");
    let told = ran.run();
    assert_eq!((&told["status"], &told["stop"]["why"]), (&json!("undo-stopped"), &json!("drift")));
    assert_eq!(case.emulator.state(), between, "it was overwritten");
}

#[test]
fn an_account_that_is_not_as_planned_is_left_alone() {
    let test = "an_account_that_is_not_as_planned_is_left_alone";
    let Some(mut emulator) = Emulator::start(MOTO, SERVE, test) else { return };
    // Of two plans one does not fit: nothing of the other is begun either.
    let case = Case::of(&mut emulator, "deactivate-access-key");
    let other = example("delete-identity-provider");
    put(case.path(), "other.json", &other);
    let before = case.emulator.state();
    let (url, digest) = (&case.emulator.url, &case.plan.digest);
    let line = format!(
        "remediate apply plan.json other.json --trust-preview --accept-irreversible --json --endpoint-url {url} --approve {digest} --approve {}",
        other.digest
    );
    let ran = run(case.path(), &line);
    assert_eq!(ran.code, 2, "{ran:?}");
    let runs = ran.json()["runs"].as_array().unwrap().clone();
    assert_eq!(runs[0]["digest"], *digest, "they are told in the order in which they were given");
    let refused: Vec<&str> = runs.iter().filter_map(|one| one["refused"].as_str()).collect();
    assert_eq!(refused.len(), 1, "{ran:?}");
    assert!(refused[0].contains("not as the plan takes it to be"), "{refused:?}");
    assert_eq!(case.emulator.state(), before);
    assert!(!case.path().join(".local").exists(), "nothing is journaled");
}

#[test]
fn steps_of_no_return_and_large_plans_need_a_word() {
    let test = "steps_of_no_return_and_large_plans_need_a_word";
    let Some(mut emulator) = Emulator::start(MOTO, SERVE, test) else { return };
    let case = Case::of(&mut emulator, "delete-identity-provider");
    let ran = case.run("apply plan.json");
    assert_eq!(ran.code, 2, "{ran:?}");
    let refused = ran.run()["refused"].as_str().unwrap().to_owned();
    assert!(refused.contains("--accept-irreversible"), "{refused}");
    let case = Case::of(&mut emulator, QUARANTINE);
    let ran = case.run("apply plan.json --max-steps 1");
    assert_eq!(ran.code, 2, "{ran:?}");
    // What it does, and by whom, is shown before it is done; the calls too, whatever the file says of them.
    let mut plan = case.plan.clone();
    plan.preview.remedies.clear();
    plan.digest = plan.computed_digest();
    put(case.path(), "plan.json", &plan);
    let ran = run(
        case.path(),
        &format!(
            "remediate apply plan.json --trust-preview --yes --endpoint-url {} --role Repair",
            case.emulator.url
        ),
    );
    assert_eq!(ran.code, 0, "one's own account needs no role: {ran:?}");
    for step in &plan.steps {
        let call = format!("{}. {}:{} ", step.id, step.service, step.operation);
        assert!(ran.said.contains(&call), "it is shown: {}", ran.said);
    }
    assert!(ran.said.contains("UserName=alice"), "{}", ran.said);
    assert!(ran.said.contains("It is carried out by arn:aws:sts::111122223333:"), "{}", ran.said);
    let flags = format!("--role Repair --endpoint-url {}`", case.emulator.url);
    assert!(ran.out.contains("Take it back with `trailwarden remediate undo"), "{}", ran.out);
    assert!(ran.out.contains(&flags), "with the flags that were given: {}", ran.out);
    // A dry run asks the journal too.
    let line = "remediate apply plan.json --trust-preview --dry-run --role Repair --endpoint-url";
    let ran = run(case.path(), &format!("{line} {}", case.emulator.url));
    assert_eq!(ran.code, 2, "{ran:?}");
    assert!(ran.out.contains("was carried out by the run"), "{}", ran.out);
    assert!(ran.out.contains(&flags), "{}", ran.out);
    // What was asked for when the run began is not taken for one that goes on.
    for flag in ["--max-steps 3", "--max-principals 3", "--accept-irreversible"] {
        let ran = run(case.path(), &format!("remediate apply --resume r --yes {flag}"));
        assert_eq!(ran.code, 2, "{ran:?}");
        assert!(ran.said.contains("cannot be used with"), "{}", ran.said);
    }
}

/// A doubt about one's own access stops a run; whoever goes on all the same stands in the journal with it.
#[test]
fn what_is_not_known_must_be_accepted_and_stands_in_the_history() {
    let test = "what_is_not_known_must_be_accepted_and_stands_in_the_history";
    let Some(mut emulator) = Emulator::start(MOTO, SERVE, test) else { return };
    let mut case = Case::of(&mut emulator, "deactivate-access-key");
    let before = case.emulator.state();
    let doubt = "who is in group ops";
    let effect = Foreseen { unknowns: vec![doubt.to_owned()], ..Foreseen::default() };
    case.plan = case.plan.clone().foreseen(effect);
    put(case.path(), "plan.json", &case.plan);
    let ran = case.run("apply plan.json");
    assert_eq!(ran.code, 2, "{ran:?}");
    let refused = ran.run()["refused"].as_str().unwrap().to_owned();
    assert!(refused.contains(doubt) && refused.contains("--accept-unknown"), "{refused}");
    assert_eq!(case.emulator.state(), before);
    assert!(!case.path().join(".local").exists(), "nothing is journaled");

    let ran = case.run("apply plan.json --accept-unknown");
    assert_eq!(ran.code, 0, "{ran:?}");
    let id = ran.run()["run"].as_str().unwrap().to_owned();
    let shown = run(case.path(), &format!("remediate history {id}"));
    let told = shown.out.lines().find(|line| line.contains("was not known, and accepted"));
    assert!(told.is_some_and(|line| line.contains(doubt)), "{shown:?}");
    assert_eq!(case.run(&format!("undo {id}")).code, 0);
    assert_eq!(case.emulator.state(), before);
}

/// The words of a plan's file are those of whoever wrote it: steps that take access away are not taken for
/// harmless.
#[test]
fn a_plan_that_says_less_than_it_does_is_refused() {
    let test = "a_plan_that_says_less_than_it_does_is_refused";
    let Some(mut emulator) = Emulator::start(MOTO, SERVE, test) else { return };
    let mut case = Case::of(&mut emulator, "deactivate-access-key");
    let before = case.emulator.state();
    case.plan.preview.remedies[0].remedy = "create-trail".to_owned();
    case.plan.digest = case.plan.computed_digest();
    put(case.path(), "plan.json", &case.plan);
    let ran = case.run("apply plan.json --accept-unknown");
    assert_eq!(ran.code, 2, "{ran:?}");
    let told = format!("{}{}", ran.said, ran.out);
    assert!(told.contains("takes no access away, by the remediation `create-trail`"), "{told}");
    assert_eq!(case.emulator.state(), before);
}
