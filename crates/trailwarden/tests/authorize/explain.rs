//! `authorize explain`: what was asked, and what each policy said.

use crate::support::{LOGS, POLICIES, assert_schema, folder, run};

fn explain(event: &str, flags: &[&str]) -> crate::support::Ran {
    let args = ["authorize", "explain", event, "--change-policies", POLICIES];
    let args: Vec<&str> = args.iter().chain(flags).chain(&["--logs", LOGS]).copied().collect();
    run(&args)
}

#[test]
fn it_names_the_part_that_did_not_hold() {
    let ran = explain("639f73c7", &[]);
    assert_eq!(ran.code, 0, "{}", ran.said);
    for told in [
        "arn:aws:iam::111122223333:role/ci/deploy",
        "user, arn:aws:iam::111122223333:user/jonas",
        "iam:PutRolePolicy, succeeded",
        "path /app/",
        "deploy-manages-applications",
    ] {
        assert!(ran.out.contains(told), "{told} is not in\n{}", ran.out);
    }
    assert!(ran.out.contains("context.behind"), "{}", ran.out);
    let answer = explain("639f73c7", &["--json"]).json();
    assert_schema("authorize-explain", &answer);
    assert_eq!(answer["decision"]["verdict"], "unknown");
    assert_eq!(answer["decision"]["near"][0]["policy"], "deploy-manages-applications");
}

#[test]
fn it_names_the_policy_that_decided() {
    let answer = explain("771c3f86-3a70-4629-af2a-66b0e5b8e06a", &["--json"]).json();
    assert_eq!(answer["asked"]["effect"]["known"]["grade_after"], "admin");
    let forbidden = explain("032aeb5c", &["--json"]).json();
    assert_eq!(forbidden["decision"]["by"][0], "nobody-stops-the-logs");
    let permitted = explain("b64e9290", &["--json"]).json();
    assert_eq!(permitted["decision"]["by"][0], "deploy-manages-applications");
}

#[test]
fn an_unknown_or_ambiguous_event_is_an_error() {
    let unknown = explain("no-such-event", &[]);
    assert_eq!(unknown.code, 2);
    assert!(unknown.said.contains("has the event id"), "{}", unknown.said);
    let many = explain("7", &[]);
    assert_eq!(many.code, 2);
    assert!(many.said.contains("begins the ids of"), "{}", many.said);
    let empty = folder();
    let dir = empty.path().to_str().unwrap();
    assert_eq!(
        run(&["authorize", "explain", "x", "--change-policies", POLICIES, "--logs", dir]).code,
        2
    );
}
