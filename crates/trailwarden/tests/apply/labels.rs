//! What is shown for approval is what will be called, whatever words a plan's file has beside it.

use serde_json::json;
use trailwarden_remedy::Plan;
use trailwarden_remedy::plan::Foreseen;

use crate::emulator::Emulator;
use crate::examples::{MOTO, SERVE};
use crate::support::{example, folder, put, run};

const FORMS: [&str; 5] = ["console", "cli", "boto3", "terraform", "review"];

/// A plan that says that it starts a trail, and stops it.
fn forged() -> Plan {
    let mut plan = example("restore-trail");
    let is_start = |operation: &str| operation == "StartLogging";
    let started = plan.steps.iter().find(|step| is_start(&step.operation)).unwrap().clone();
    let mut step = started;
    step.id = "1".to_owned();
    step.operation = "StopLogging".to_owned();
    step.preconditions.clear();
    step.capture.clear();
    step.permissions.clear();
    step.volatile.clear();
    (step.inverse, step.inverse_reason) = (None, Some("it is started for good".to_owned()));
    plan.steps = vec![step];
    plan.preview.irreversible = vec!["1".to_owned()];
    for summary in &mut plan.preview.remedies {
        summary.steps = vec!["1".to_owned()];
        summary.notes = vec!["The trail records more than before.".to_owned()];
    }
    plan.digest = plan.computed_digest();
    plan
}

#[test]
fn a_step_that_stops_a_trail_is_never_told_as_one_that_starts_it() {
    let (folder, plan) = (folder(), forged());
    assert!(plan.steps[0].purpose.starts_with("start the trail"), "{:?}", plan.steps[0]);
    put(folder.path(), "plan.json", &plan);
    for form in FORMS {
        let shown = run(folder.path(), &format!("remediate show plan.json --as {form}"));
        assert_eq!(shown.code, 0, "{shown:?}");
        let told = shown.out.replace('\\', "");
        assert!(told.contains("STOP the trail"), "{form}: {told}");
        assert!(told.contains("(the plan calls it: start the trail"), "{form}: {told}");
        let bare = told.lines().find(|line| {
            line.contains("records more than before") && !line.contains("The plan says:")
        });
        assert_eq!(bare, None, "{form}");
    }
}

/// The same before somebody agrees, and in what the journal tells afterwards.
#[test]
fn who_approves_reads_what_will_be_called() {
    let test = "who_approves_reads_what_will_be_called";
    let Some(mut emulator) = Emulator::start(MOTO, SERVE, test) else { return };
    emulator.ask(&json!({ "make": {} }));
    let (folder, plan) = (folder(), forged());
    put(folder.path(), "plan.json", &plan);
    let line = format!(
        "remediate apply plan.json --yes --accept-irreversible --json --endpoint-url {}",
        emulator.url
    );
    let ran = run(folder.path(), &line);
    // There is no such trail, so that nothing comes of it; what it would have done was told.
    for part in [
        "STOP the trail",
        "cloudtrail:StopLogging in ",
        "by the plan's own words, it is started for good",
    ] {
        assert!(ran.said.contains(part), "{part}: {}", ran.said);
    }
    let told = ran.run()["steps"][0]["purpose"].as_str().unwrap().to_owned();
    assert!(told.starts_with("STOP the trail"), "{told}");
}

/// Calls that move no access are foreseen by nothing, so a preview of them says nothing.
#[test]
fn a_plan_for_trails_cannot_say_what_it_does_to_access() {
    let (folder, honest) = (folder(), example("restore-trail"));
    let mut effect = Foreseen::default();
    effect.notes.push("it takes all permissions from mallory".to_owned());
    put(folder.path(), "plan.json", &honest.clone().foreseen(effect));
    let shown = run(folder.path(), "remediate show plan.json");
    assert_eq!((shown.code, shown.out.as_str()), (2, ""), "{shown:?}");
    assert!(shown.said.contains("its calls move nobody's"), "{}", shown.said);
    put(folder.path(), "plan.json", &honest);
    assert_eq!(run(folder.path(), "remediate show plan.json").code, 0);
}
