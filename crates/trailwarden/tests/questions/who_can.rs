//! `who-can`: everybody, how sure it is, and by what.

use expect_test::expect;

use crate::account::{allow, call, put_account, put_calls};
use crate::support::{Ran, check_schema, folder, run};
use serde_json::json;

fn ask(line: &str) -> Ran {
    let folder = folder();
    put_account(folder.path());
    run(folder.path(), &format!("who-can {line} --baseline account.json"))
}

#[test]
fn all_are_named_with_the_policy_and_the_way_in() {
    let ran = ask("iam:PassRole");
    assert_eq!((ran.code, ran.said.as_str()), (0, ""));
    expect![[r#"
        3 of 6 users and roles may for certain: iam:PassRole

        For certain
          user/admin   by AdministratorAccess
          role/app     by inline policy pass; on some resources; entered by role/lambda,
                       user/admin, user/alice
          role/lambda  by AdministratorAccess; entered by lambda.amazonaws.com

        The root user of account 111122223333 may, too.

        By a baseline of 2026-01-01 00:00:00 UTC.
    "#]]
    .assert_eq(&ran.out);
}

#[test]
fn conditions_and_policies_of_resources_are_told() {
    let ran = ask("ec2:RunInstances");
    assert_eq!(ran.code, 0);
    expect![[r#"
        2 of 6 users and roles may for certain: ec2:RunInstances

        For certain
          user/admin   by AdministratorAccess
          role/lambda  by AdministratorAccess; entered by lambda.amazonaws.com

        Under conditions
          user/alice  by inline policy machines; depends on aws:MultiFactorAuthPresent

        The root user of account 111122223333 may, too.

        By a baseline of 2026-01-01 00:00:00 UTC.
    "#]]
    .assert_eq(&ran.out);
    let ran = ask("s3:GetObject arn:aws:s3:::reports/q1.pdf");
    assert_eq!(ran.code, 3, "nobody knows the policy of the bucket");
    assert!(ran.out.contains("policies of the resources themselves"), "{}", ran.out);
    assert!(ran.out.contains("inline policy reports through"), "{}", ran.out);
}

#[test]
fn those_who_were_not_seen_in_full_are_named_apart() {
    let folder = folder();
    let put = |user: &str| {
        json!({"userName": user, "policyName": "own",
            "policyDocument": allow(&["iam:CreateUser"], "*").to_string()})
    };
    put_calls(
        folder.path(),
        &[
            call("10:00:00", "CreateUser", json!({"userName": "dora"})),
            call("10:00:01", "PutUserPolicy", put("dora")),
            call("10:00:02", "PutUserPolicy", put("emil")),
        ],
    );
    let ran = run(folder.path(), "who-can iam:CreateUser --logs logs.json");
    assert_eq!(ran.code, 3);
    expect![[r#"
        1 of 3 users and roles may for certain: iam:CreateUser

        For certain
          user/dora  by inline policy own

        By what was seen; something that was not may forbid it
          user/emil  by inline policy own; not known: inline policies of user/emil; not
                     known: attached policies of user/emil; not known: groups of
                     user/emil and 1 more

        The root user of account 111122223333 may, too.
        Not known of 1, whose policies have not all been seen: user/admin
        Not known: users and roles that nothing shows which was read

        By records from 2026-03-01 10:00:00 UTC to 2026-03-01 10:00:02 UTC.
    "#]]
    .assert_eq(&ran.out);
    let json = run(folder.path(), "who-can iam:CreateUser --logs logs.json --json").json();
    check_schema("who-can", &json);
    let holders = json["holders"].as_array().unwrap();
    let found: Vec<(&str, &str)> = holders
        .iter()
        .map(|one| (one["principal"]["name"].as_str().unwrap(), one["certainty"].as_str().unwrap()))
        .collect();
    assert_eq!(found, [("dora", "certain"), ("emil", "seen")]);
    assert_eq!(json["unseen"][0]["name"], "admin");
    assert_eq!(json["roots"][0], "111122223333");
}

#[test]
fn every_answer_agrees_with_can() {
    let folder = folder();
    put_account(folder.path());
    for deed in [
        "iam:PassRole arn:aws:iam::111122223333:role/app",
        "iam:CreateAccessKey arn:aws:iam::111122223333:user/alice",
        "iam:CreateAccessKey arn:aws:iam::111122223333:user/bob",
        "sts:AssumeRole arn:aws:iam::111122223333:role/app",
        "ec2:RunInstances",
        "iam:ListUsers",
        "kms:Decrypt arn:aws:kms:eu-central-1:111122223333:key/1",
        "kms:Decrypt",
        "s3:GetObject arn:aws:s3:::reports/q1.pdf",
    ] {
        let line = format!("who-can {deed} --baseline account.json --json");
        let json = run(folder.path(), &line).json();
        let holders = json["holders"].as_array().unwrap();
        for name in
            ["user/alice", "user/bob", "user/admin", "user/helper", "role/app", "role/lambda"]
        {
            let code =
                run(folder.path(), &format!("can {name} {deed} --baseline account.json")).code;
            let (kind, short) = name.split_once('/').unwrap();
            let found = holders
                .iter()
                .find(|one| one["principal"]["name"] == short && one["principal"]["kind"] == kind);
            let certainty = found.map(|one| one["certainty"].as_str().unwrap());
            match code {
                0 => assert_eq!(certainty, Some("certain"), "{name} {deed}"),
                1 => assert_eq!(certainty, None, "{name} {deed}"),
                _ => assert_ne!(certainty, Some("certain"), "{name} {deed}"),
            }
        }
    }
}

/// The policy of a key decides, and no log shows it: whoever its account's policies let is named all the same.
#[test]
fn an_unseen_policy_hides_nobody() {
    for deed in ["kms:Decrypt", "kms:Decrypt arn:aws:kms:eu-central-1:111122223333:key/1"] {
        let ran = ask(deed);
        assert_eq!(ran.code, 3);
        assert!(ran.out.contains("user/admin   by AdministratorAccess"), "{}", ran.out);
        assert!(!ran.out.contains("user/helper"), "{}", ran.out);
    }
}

/// IAM API Reference, `GetAccountAuthorizationDetails`: `IsTruncated` says that more pages follow.
#[test]
fn a_baseline_that_is_cut_off_does_not_show_everybody() {
    let folder = folder();
    put_account(folder.path());
    let file = folder.path().join("account.json");
    let line = "who-can iam:CreateUser --baseline account.json";
    let whole = run(folder.path(), line);
    assert_eq!(whole.code, 0, "{}", whole.out);
    let text = std::fs::read_to_string(&file).unwrap();
    let mut page: serde_json::Value = serde_json::from_str(&text).unwrap();
    page["IsTruncated"] = true.into();
    page["Marker"] = "next".into();
    std::fs::write(&file, page.to_string()).unwrap();
    let cut = run(folder.path(), line);
    assert_eq!(cut.code, 3, "{}", cut.out);
    assert!(cut.words().contains("Not known: users and roles that nothing shows"), "{}", cut.out);
    assert_eq!(run(folder.path(), &format!("{line} --json")).json()["unlisted"][0], "111122223333");
    assert_eq!(run(folder.path(), "paths --baseline account.json").code, 3);
}
