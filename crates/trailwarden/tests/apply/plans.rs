//! The permissions that plans need.

use std::collections::BTreeSet;
use std::sync::{Arc, Mutex};

use serde_json::Value;
use trailwarden_remedy::plan::Permission;
use trailwarden_remedy::remedies;
use trailwarden_runtime::executor;

use crate::emulator::{Emulator, forwarded};
use crate::examples::{Case, MOTO, SERVE};
use crate::fake::Fake;
use crate::support::{example, folder, put, run};

/// Every permission of every step and of the executor's own questions is granted, and nothing else is.
#[test]
fn the_policy_of_plans_grants_what_their_steps_need_and_no_more() {
    let folder = folder();
    let mut line = "permissions remediate".to_owned();
    let mut needed = BTreeSet::new();
    for remedy in remedies::ALL {
        let (plan, name) = (example(remedy.id), format!("{}.json", remedy.id));
        put(folder.path(), &name, &plan);
        line.push_str(&format!(" --plan {name}"));
        let pair = |one: &Permission| (one.action.clone(), one.resource.clone());
        let of_executor: BTreeSet<_> = executor::permissions(&plan).iter().map(pair).collect();
        let of_steps = plan.steps.iter().flat_map(|step| &step.permissions).map(pair);
        assert!(of_executor.is_superset(&of_steps.collect()), "{remedy:?}");
        needed.extend(of_executor);
    }
    let ran = run(folder.path(), &line);
    assert_eq!(ran.code, 0, "{ran:?}");
    let policy = ran.json();
    let mut granted = BTreeSet::new();
    let texts = |value: &Value| -> Vec<String> {
        value.as_array().unwrap().iter().map(|it| it.as_str().unwrap().to_owned()).collect()
    };
    for statement in policy["Statement"].as_array().unwrap() {
        assert_eq!(statement["Effect"], "Allow");
        for action in texts(&statement["Action"]) {
            for resource in texts(&statement["Resource"]) {
                granted.insert((action.clone(), resource));
            }
        }
    }
    assert_eq!(granted, needed);
    let ran = run(folder.path(), "permissions remediate");
    assert_eq!(ran.code, 2);
    assert!(ran.said.contains("--plan FILE"), "{}", ran.said);
    let line =
        "permissions remediate --plan deactivate-access-key.json --role R --accounts 111122223333";
    let ran = run(folder.path(), line);
    assert_eq!(ran.code, 2, "what would count for nothing is refused: {ran:?}");
    let ran = run(folder.path(), "permissions assess --plan deactivate-access-key.json");
    assert_eq!(ran.code, 2);
}

/// Whatever is called while a plan is carried out and taken back, the policy for it allows.
#[test]
fn nothing_is_called_that_the_policy_does_not_allow() {
    let test = "nothing_is_called_that_the_policy_does_not_allow";
    let Some(mut emulator) = Emulator::start(MOTO, SERVE, test) else { return };
    let address = emulator.url.trim_start_matches("http://").to_owned();
    let called: Arc<Mutex<BTreeSet<String>>> = Arc::default();
    let noted = Arc::clone(&called);
    let fake = Fake::new(move |request, _| {
        noted.lock().unwrap().insert(format!("iam:{}", request.operation));
        Some(forwarded(&address, request))
    });
    emulator.url.clone_from(&fake.url);
    // What stands between passes calls of IAM alone.
    let is_of_iam = |id: &str| example(id).steps.iter().all(|step| step.service == "iam");
    for remedy in remedies::ALL.iter().filter(|remedy| is_of_iam(remedy.id)) {
        let case = Case::of(&mut emulator, remedy.id);
        let id = case.applied();
        assert!([0, 3].contains(&case.undo(&id).code), "{remedy:?}");
        let policy = run(case.path(), "permissions remediate --plan plan.json").json().to_string();
        for action in std::mem::take(&mut *called.lock().unwrap()) {
            // Nobody needs a permission to ask who he is ("GetCallerIdentity", STS API Reference).
            let is_allowed =
                action == "iam:GetCallerIdentity" || policy.contains(&format!("\"{action}\""));
            assert!(is_allowed, "{remedy:?}: {action} is not in {policy}");
        }
    }
}
