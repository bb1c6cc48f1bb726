//! Plans in the languages of those who carry them out.

use std::process::Command;

use crate::account::assess;
use crate::support::{check_schema, folder, run};

fn made() -> tempfile::TempDir {
    let folder = folder();
    assess(folder.path());
    let line = format!(
        "remediate plan --findings findings.json --all --min-severity medium {} --output plan.json",
        crate::account::BASELINE
    );
    assert_eq!(run(folder.path(), &line).code, 3);
    folder
}

#[test]
fn a_plan_is_shown_in_each_language() {
    let folder = made();
    for (language, has) in [
        ("console", "To take it back:"),
        ("cli", "#!/usr/bin/env bash"),
        ("boto3", "--apply"),
        ("terraform", "resource \""),
        ("review", "## Permissions that it takes"),
        ("json", "trailwarden.plan/1"),
    ] {
        let ran = run(folder.path(), &format!("remediate show plan.json --as {language}"));
        assert_eq!(ran.code, 0, "{}", ran.said);
        assert!(ran.out.contains(has), "{language}: {}", ran.out);
    }
    let plan = run(folder.path(), "remediate show plan.json --as json");
    check_schema("plan", &plan.json());
    let console = run(folder.path(), "remediate show plan.json");
    let named = run(folder.path(), "remediate show plan.json --as console");
    assert_eq!(console.out, named.out, "the console is the default");
    assert!(console.words().contains("Users > bob > Security credentials"), "{}", console.out);
}

#[test]
fn a_script_is_bash_though_names_look_like_commands() {
    let folder = made();
    let ran = run(folder.path(), "remediate show plan.json --as cli --output fix.sh");
    assert_eq!((ran.code, ran.out.as_str()), (0, ""));
    let bash = Command::new("bash").arg("-n").arg(folder.path().join("fix.sh")).output().unwrap();
    assert!(bash.status.success(), "{}", String::from_utf8_lossy(&bash.stderr));
    let script = std::fs::read_to_string(folder.path().join("fix.sh")).unwrap();
    assert!(script.contains("'too much; rm -rf $HOME'"), "the name is quoted");
}

#[test]
fn a_changed_plan_is_refused() {
    let folder = made();
    let plan = std::fs::read_to_string(folder.path().join("plan.json")).unwrap();
    std::fs::write(folder.path().join("plan.json"), plan.replace("\"bob\"", "\"eve\"")).unwrap();
    let ran = run(folder.path(), "remediate show plan.json --as cli");
    assert_eq!((ran.code, ran.out.as_str()), (2, ""));
    assert!(ran.said.contains("was changed after it was made"), "{}", ran.said);
}

/// What somebody signs off has every step, its undo, and what it is for.
#[test]
fn a_review_holds_all_that_the_plan_does() {
    let folder = made();
    let plan = run(folder.path(), "remediate show plan.json --as json").json();
    let review = run(folder.path(), "remediate show plan.json --as review").out;
    assert!(review.contains(plan["digest"].as_str().unwrap()));
    for step in plan["steps"].as_array().unwrap() {
        let (id, operation) = (step["id"].as_str().unwrap(), step["operation"].as_str().unwrap());
        assert!(review.contains(&format!("### Step {id}: ")), "{id}");
        assert!(review.contains(&format!("- Call: `iam:{operation}`")), "{operation}");
        let finding = step["finding"].as_str().unwrap();
        assert!(review.contains(&format!("Finding: `{finding}`")), "{finding}");
        for permission in step["permissions"].as_array().unwrap() {
            assert!(review.contains(permission["action"].as_str().unwrap()));
        }
    }
    assert!(
        review.contains("Why, by the plan: Access key older than 90 days (medium): "),
        "{review}"
    );
}

/// Only the user can set a second factor up: so each whom the plan asks for one gets a script.
#[test]
fn whoever_is_asked_for_a_second_factor_gets_a_script() {
    let folder = made();
    let show = |more: &str| run(folder.path(), &format!("remediate show plan.json {more}"));
    let ran = show("--as enrolment --user bob");
    assert_eq!(ran.code, 0, "{}", ran.said);
    assert!(ran.out.contains("user='bob'") || ran.out.contains("user=bob"), "{}", ran.out);
    assert!(ran.out.contains("aws iam enable-mfa-device"), "{}", ran.out);
    let other = show("--as enrolment --user nobody");
    assert_eq!((other.code, other.out.as_str()), (2, ""));
    assert!(other.said.contains("`nobody`") && other.said.contains("bob"), "{}", other.said);
    assert_eq!(show("--as cli --user bob").code, 2, "a script of the plan is of no one user");
}
