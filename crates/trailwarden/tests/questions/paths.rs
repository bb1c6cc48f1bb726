//! `paths`: who can become whom, in words, as JSON, and as pictures.

use expect_test::expect;
use serde_json::json;

use crate::account::{allow, call, put_account, put_calls};
use crate::support::{Ran, check_schema, folder, run};

fn ask(line: &str) -> Ran {
    let folder = folder();
    put_account(folder.path());
    run(folder.path(), &format!("paths {line} --baseline account.json"))
}

#[test]
fn each_step_says_what_is_done() {
    let ran = ask("");
    assert_eq!((ran.code, ran.said.as_str()), (0, ""));
    expect![[r#"
        1 principal has a way to administrator, 0 for certain
        Administrators already: role/lambda, root, user/admin

        user/helper -> administrator of 111122223333: conditional
          1. CreateAccessKey (iam-002) -> user/admin
             iam:CreateAccessKey on arn:aws:iam::111122223333:user/admin, allowed by
                 keys
             if user/admin has fewer than two access keys
          2. user/admin is an administrator

        By a baseline of 2026-01-01 00:00:00 UTC.
    "#]]
    .assert_eq(&ran.out);
    assert_eq!(ask("--fail-on-path").code, 0, "nobody knows how many keys there are");
    assert!(ask("--certain").out.starts_with("0 principals"));
}

#[test]
fn a_target_is_reached_by_name_too() {
    let ran = ask("--source helper --target alice");
    assert_eq!(ran.code, 0);
    assert!(ran.out.contains("-> user/alice"), "{}", ran.out);
    let none = ask("--source bob --target alice");
    assert!(none.out.starts_with("0 ways lead to user/alice"), "{}", none.out);
    let slip = ask("--source hleper");
    assert_eq!(slip.code, 2);
    assert!(slip.said.contains("did you mean `user/helper`?"), "{}", slip.said);
}

#[test]
fn pictures_are_drawn_in_two_languages() {
    let dot = ask("--format dot");
    assert_eq!(dot.code, 0);
    expect![[r#"
        digraph paths {
          rankdir=LR;
          node [shape=box, style=rounded, fontname="sans-serif"];
          edge [fontname="sans-serif", fontsize=10];
          n0 [label="administrator of 111122223333", shape=doubleoctagon];
          n1 [label="user/admin"];
          n2 [label="user/helper"];
          n1 -> n0 [label="administrator"];
          n2 -> n1 [label="CreateAccessKey (iam-002)", style=dashed];
        }
    "#]]
    .assert_eq(&dot.out);
    let mermaid = ask("--format mermaid");
    expect![[r#"
        flowchart LR
          n0{{"administrator of 111122223333"}}
          n1["user/admin"]
          n2["user/helper"]
          n1 -->|"administrator"| n0
          n2 -.->|"CreateAccessKey #40;iam-002#41;"| n1
    "#]]
    .assert_eq(&mermaid.out);
}

#[test]
fn json_is_what_the_schema_says() {
    let json = ask("--json").json();
    check_schema("paths", &json);
    let path = &json["paths"][0];
    assert_eq!(path["source"]["name"], "helper");
    assert_eq!(path["target"]["kind"], "administrator");
    assert_eq!(path["certain"], false);
    assert_eq!(path["conditions"][0], "user/admin has fewer than two access keys");
    assert_eq!(path["hops"][0]["steps"][0]["action"], "iam:CreateAccessKey");
}

/// Names in records are a stranger's: in a picture they stay text.
#[test]
fn a_name_cannot_draw() {
    let folder = folder();
    let name = "x\"]; evil [label=\"`|<b>";
    put_calls(
        folder.path(),
        &[
            call("10:00:00", "CreateUser", json!({"userName": name})),
            call(
                "10:00:01",
                "PutUserPolicy",
                json!({"userName": name, "policyName": "p", "policyDocument":
                    allow(&["iam:PutUserPolicy"], "*").to_string()}),
            ),
        ],
    );
    let dot = run(folder.path(), "paths --format dot --logs logs.json").out;
    assert!(dot.contains(r#"label="user/x\"]; evil [label=\"`|<b>""#), "{dot}");
    assert_eq!(run(folder.path(), "paths --fail-on-path --logs logs.json").code, 1);
    let mermaid = run(folder.path(), "paths --format mermaid --logs logs.json").out;
    let label = mermaid.lines().find(|line| line.contains("user/x")).unwrap();
    assert_eq!(label.matches('"').count(), 2, "{label}");
    assert!(!label.contains(['|', '<', '`']), "{label}");
}
