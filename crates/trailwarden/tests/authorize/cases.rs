//! `authorize test`: records, texts and facts as cases, and every way to fail.

use serde_json::json;

use crate::support::{Ran, assert_schema, folder, put, run};

const POLICY: &str = r#"
@id("tags")
permit (principal == Role::"arn:aws:iam::111122223333:role/ci", action in [Action::"tags"], resource is Role)
when { context has effect && !context.effect.moved };

@id("unused")
forbid (principal, action == Action::"iam:DeleteUser", resource);
"#;

fn records() -> Vec<serde_json::Value> {
    trailwarden_detect::trail::records(
        "root iam:CreateRole role/app trust=lambda.amazonaws.com
         role/ci/run iam:TagRole role/app
         role/ci/run iam:PutRolePolicy role/app allow=s3:GetObject named=x",
    )
    .unwrap()
}

fn test(cases: &str, flags: &[&str]) -> Ran {
    let folder = folder();
    put(folder.path(), "a.cedar", POLICY);
    put(folder.path(), "a.cases.toml", cases);
    put(folder.path(), "log.json", json!({ "Records": records() }).to_string());
    let dir = folder.path().to_str().unwrap();
    let args: Vec<&str> = ["authorize", "test", dir].iter().chain(flags).copied().collect();
    run(&args)
}

fn tag() -> String {
    let all = records();
    let tag = all.iter().find(|record| record["eventName"] == "TagRole").unwrap();
    tag["eventID"].as_str().unwrap().to_owned()
}

#[test]
fn a_case_is_a_file_a_text_or_facts() {
    let text = json!(records()[..2]).to_string();
    let cases = format!(
        "[[case]]\nname = 'file'\nfile = 'log.json'\nevent = '{}'\nexpect = 'permitted'\nby = ['tags']\n\
         [[case]]\nname = 'text'\nrecord = '''{text}'''\nexpect = 'permitted'\n\
         [[case]]\nname = 'the last of a file'\nfile = 'log.json'\nexpect = 'unknown'\n\
         [[case]]\nname = 'another effect'\nfile = 'log.json'\nevent = '{}'\nexpect = 'unknown'\n\
         effect = {{ known = {{ moved = true, grade_before = 'none', grade_after = 'read' }} }}\n",
        tag(),
        tag()
    );
    let ran = test(&cases, &["--json"]);
    assert_eq!(ran.code, 0, "{}{}", ran.out, ran.said);
    let answer = ran.json();
    assert_schema("authorize-test", &answer);
    assert_eq!((&answer["passed"], &answer["failed"]), (&json!(4), &json!(0)));
    assert_eq!(answer["untested"], json!(["unused"]));
    assert!(ran.said.contains("unused"), "{}", ran.said);
}

#[test]
fn a_failing_case_shows_what_was_asked_and_why() {
    let cases = "[[case]]\nname = 'it grants'\nfile = 'log.json'\nexpect = 'permitted'\n";
    let ran = test(cases, &[]);
    assert_eq!(ran.code, 1, "{}", ran.said);
    assert!(
        ran.out.contains("FAILED  it grants") && ran.out.contains("expected permitted"),
        "{}",
        ran.out
    );
    assert!(ran.out.contains("iam:PutRolePolicy, succeeded"), "{}", ran.out);
    let junit = test(cases, &["--format", "junit"]);
    assert_eq!(junit.code, 1);
    assert!(junit.out.contains("<failure") && junit.out.contains("tests=\"1\""), "{}", junit.out);
}

#[test]
fn the_deciding_policy_can_be_asked_for() {
    let case = |by: &str| {
        format!(
            "[[case]]\nname = 'a'\nfile = 'log.json'\nevent = '{}'\nexpect = 'permitted'\nby = [{by}]\n",
            tag()
        )
    };
    assert_eq!(test(&case("'tags'"), &[]).code, 0);
    assert_eq!(test(&case("'other'"), &[]).code, 1);
}

#[test]
fn a_record_that_asks_nothing_fails_its_case() {
    let text =
        json!(trailwarden_detect::trail::records("alice iam:ListUsers").unwrap()).to_string();
    let cases = format!("[[case]]\nname = 'a'\nrecord = '''{text}'''\nexpect = 'unknown'\n");
    let ran = test(&cases, &[]);
    assert_eq!(ran.code, 1);
    assert!(ran.out.contains("could not be asked"), "{}", ran.out);
}

#[test]
fn a_fault_in_a_case_ends_the_command() {
    for (cases, told) in [
        ("", "holds no case"),
        ("[[case]]\nname = 'a'\nexpect = 'permitted'\n", "give one of"),
        ("[[case]]\nname = 'a'\nexpect = 'maybe'\nfile = 'x'\n", "case 1 (a)"),
        ("[[case]]\nname = 'a'\nexpect = 'unknown'\nfile = 'x'\nextra = 1\n", "extra"),
        ("[[cases]]\nname = 'a'\n", "`cases` is not known"),
        ("[[case]\n", "is not TOML"),
    ] {
        let ran = test(cases, &[]);
        assert_eq!(ran.code, 2, "{cases}");
        assert!(ran.said.contains(told), "{cases}: {}", ran.said);
    }
}
