//! `can`: the answer, its reasons, and what would settle it.

use expect_test::expect;
use serde_json::json;

use crate::account::{allow, call, call_in, policy, put_account, put_calls};
use crate::support::{Ran, check_schema, folder, run};

fn ask(line: &str) -> Ran {
    let folder = folder();
    put_account(folder.path());
    run(folder.path(), &format!("can {line} --baseline account.json"))
}

#[test]
fn an_allow_names_its_policy_its_group_and_its_proof() {
    let ran = ask("alice s3:getobject arn:aws:s3:::reports/q1.pdf");
    assert_eq!((ran.code, ran.said.as_str()), (0, ""));
    expect![[r#"
        ALLOWED: s3:GetObject on arn:aws:s3:::reports/q1.pdf by user/alice of account
            111122223333
          allowed by  statement 1 of inline policy reports of group/readers
              {"Effect":"Allow","Action":["s3:GetObject"],"Resource":"arn:aws:s3:::repor
              ts/*"}
            known by  the baseline of 2026-01-01 00:00:00 UTC
          assumed     no policies of an organization were seen, so none are counted
          assumed     the resource belongs to account 111122223333, since its ARN does
                      not tell; say --resource-account
          assumed     no policy of the resource denies it; logs do not show these
                      policies
          By a baseline of 2026-01-01 00:00:00 UTC.
    "#]]
    .assert_eq(&ran.out);
}

#[test]
fn a_boundary_that_blocks_is_named() {
    let ran = ask("user/bob iam:CreateUser");
    assert_eq!(ran.code, 1, "{}", ran.out);
    assert!(ran.words().contains("missing the permissions boundary"), "{}", ran.out);
    assert!(ran.words().contains("not enough statement 1"), "{}", ran.out);
    let ran = ask("user/bob iam:CreateUser arn:aws:iam::111122223333:user/carol");
    assert_eq!((ran.code, ran.said.as_str()), (1, ""));
    expect![[r#"
        DENIED, since nothing allows it: iam:CreateUser on
            arn:aws:iam::111122223333:user/carol by user/bob of account 111122223333
          missing     the permissions boundary arn:aws:iam::111122223333:policy/cap does
                      not reach so far
          not enough  statement 1 of arn:aws:iam::aws:policy/AdministratorAccess,
                      attached to user/bob
              {"Action":"*","Effect":"Allow","Resource":"*"}
            known by  the baseline of 2026-01-01 00:00:00 UTC; AWS's own document, as of
                      2026-09-30
          By a baseline of 2026-01-01 00:00:00 UTC.
    "#]]
    .assert_eq(&ran.out);
}

#[test]
fn a_key_that_nobody_gave_leaves_it_open_and_settles_it() {
    let ran = ask("alice ec2:RunInstances");
    assert_eq!(ran.code, 3);
    expect![[r#"
        NOT KNOWN, perhaps on every resource of its kind: ec2:RunInstances by user/alice
            of account 111122223333
          may         start any EC2 instance, where `aws:MultiFactorAuthPresent` is
                      `true`
          allowed by  statement 1 of inline policy machines of user/alice
              {"Effect":"Allow","Action":"ec2:RunInstances","Resource":"*","Condition":{
              "Bool":{"aws:MultiFactorAuthPresent":"true"}}}
            known by  the baseline of 2026-01-01 00:00:00 UTC
          depends on  aws:MultiFactorAuthPresent; say more with --context KEY=VALUE
          assumed     no policies of an organization were seen, so none are counted
          By a baseline of 2026-01-01 00:00:00 UTC.
    "#]]
    .assert_eq(&ran.out);
    let with = |value: &str| {
        let given = format!("alice ec2:RunInstances --context aws:MultiFactorAuthPresent={value}");
        ask(&given).code
    };
    assert_eq!((with("true"), with("false"), with("perhaps")), (0, 1, 2));
}

#[test]
fn a_pattern_is_answered_for_all_some_or_none() {
    let said = |resource: &str| {
        let ran = ask(&format!("alice s3:GetObject {resource} --resource-policy none"));
        (ran.code, ran.out.lines().next().unwrap().to_owned())
    };
    let all = said("arn:aws:s3:::reports/2026/*");
    assert!(all.0 == 0 && all.1.starts_with("ALLOWED on every"), "{all:?}");
    let some = said("arn:aws:s3:::rep*");
    assert!(some.0 == 0 && some.1.starts_with("ALLOWED on some"), "{some:?}");
    let none = said("arn:aws:s3:::payroll/*");
    assert!(none.0 == 1 && none.1.starts_with("DENIED"), "{none:?}");
}

/// Models show no policy of a bucket, and within an account it may allow by itself.
#[test]
fn what_a_policy_of_the_resource_may_allow_is_not_called_denied() {
    let line = "helper s3:GetObject arn:aws:s3:::reports/q1.pdf";
    let ran = ask(line);
    assert_eq!(ran.code, 3);
    assert!(ran.out.starts_with("NOT KNOWN, but denied by what was seen"), "{}", ran.out);
    assert!(ran.out.contains("--resource-policy"), "{}", ran.out);
    assert_eq!(ask(&format!("{line} --resource-policy none")).code, 1);
    let foreign =
        ask("alice s3:GetObject arn:aws:s3:::reports/q1.pdf --resource-account 444455556666");
    assert_eq!(foreign.code, 3, "{}", foreign.out);
    assert!(foreign.out.starts_with("NOT KNOWN: "), "{}", foreign.out);
    assert!(foreign.words().contains("allowed by statement 1"), "{}", foreign.out);
    assert!(foreign.words().contains("must allow whoever is of another account"));
    assert_eq!(ask("helper iam:CreateUser").code, 1, "users carry no policies of that kind");
}

#[test]
fn a_policy_of_the_resource_can_be_given() {
    let folder = folder();
    put_account(folder.path());
    let bucket = policy(json!({
        "Effect": "Allow", "Principal": {"AWS": "arn:aws:iam::111122223333:user/helper"},
        "Action": "s3:GetObject", "Resource": "arn:aws:s3:::reports/*",
    }));
    std::fs::write(folder.path().join("bucket.json"), bucket.to_string()).unwrap();
    let line = "can helper s3:GetObject arn:aws:s3:::reports/q1.pdf --baseline account.json";
    let ran = run(folder.path(), &format!("{line} --resource-policy bucket.json"));
    assert_eq!(ran.code, 0, "{}{}", ran.out, ran.said);
    assert!(ran.out.contains("the policy bucket.json"), "{}", ran.out);
}

/// A trail that began late has not seen all policies of anybody whom it did not see made.
#[test]
fn what_the_logs_have_not_shown_is_unknown() {
    let folder = folder();
    let put = json!({"userName": "dora", "policyName": "own",
        "policyDocument": allow(&["iam:CreateUser"], "*").to_string()});
    put_calls(folder.path(), &[call("10:00:00", "PutUserPolicy", put)]);
    let ran = run(folder.path(), "can dora iam:CreateUser --logs logs.json");
    assert_eq!((ran.code, ran.said.as_str()), (3, ""));
    expect![[r#"
        NOT KNOWN, but allowed on every resource of its kind by what was seen:
            iam:CreateUser by user/dora of account 111122223333
          may         create any user
          allowed by  statement 1 of inline policy own of user/dora
              {"Effect":"Allow","Action":["iam:CreateUser"],"Resource":"*"}
            known by  PutUserPolicy 00100000-0000-4000-8000-111122223333 at 2026-03-01
                      10:00:00 UTC
          not known   other inline policies of user/dora: no record or baseline has
                      shown it
          not known   other attached policies of user/dora: no record or baseline has
                      shown it
          not known   other groups of user/dora: no record or baseline has shown it
          not known   boundary of user/dora: no record or baseline has shown it
          assumed     no policies of an organization were seen, so none are counted
          By records from 2026-03-01 10:00:00 UTC to 2026-03-01 10:00:00 UTC.
    "#]]
    .assert_eq(&ran.out);
    let ran = run(folder.path(), "can dora iam:DeleteUser --logs logs.json --json");
    assert_eq!(ran.code, 3);
    assert_eq!(ran.json()["answer"], "unknown");
}

#[test]
fn the_answer_is_that_of_the_instant() {
    let folder = folder();
    put_calls(
        folder.path(),
        &[
            call("10:00:00", "CreateUser", json!({"userName": "dora"})),
            call(
                "11:00:00",
                "AttachUserPolicy",
                json!({"userName": "dora",
                    "policyArn": "arn:aws:iam::aws:policy/AdministratorAccess"}),
            ),
        ],
    );
    let at = |time: &str| {
        let line = format!("can dora iam:CreateUser --logs logs.json --at 2026-03-01T{time}Z");
        run(folder.path(), &line)
    };
    assert_eq!(at("10:59:59").code, 1);
    assert_eq!(at("11:00:00").code, 0);
    let early = at("09:00:00");
    assert_eq!(early.code, 2);
    assert!(early.said.contains("nothing is known of that time"), "{}", early.said);
    let known = at("11:00:00").out;
    assert!(known.contains("AttachUserPolicy 00110000-0000-4000-8000-111122223333"), "{known}");
}

#[test]
fn slips_are_pointed_out() {
    for (line, said) in [
        ("alcie s3:GetObject", "did you mean `user/alice`?"),
        ("alice s3:GetObjekt", "did you mean `s3:GetObject`?"),
        ("readers s3:GetObject", "is a group"),
        (
            "arn:aws:iam::999999999999:user/x s3:GetObject",
            "nothing is known of account 999999999999",
        ),
        ("alice s3:GetObject reports", "is no ARN"),
        ("alice s3:GetObject --account 999999999999", "nothing is known of account 999999999999"),
    ] {
        let ran = ask(line);
        assert_eq!(ran.code, 2, "{line}: {}", ran.out);
        assert!(ran.said.contains(said), "{line}: {}", ran.said);
    }
    let folder = folder();
    let ran = run(folder.path(), "can alice s3:GetObject");
    assert_eq!(ran.code, 2);
    assert!(ran.said.contains("--logs"), "{}", ran.said);
}

#[test]
fn principals_have_many_names() {
    for name in [
        "alice",
        "user/alice",
        "ALICE",
        "arn:aws:iam::111122223333:user/alice",
        "AIDAALICEXXXXXXXXXXXX",
    ] {
        let ran = ask(&format!("{name} s3:GetObject arn:aws:s3:::reports/q1.pdf"));
        assert_eq!(ran.code, 0, "{name}: {}", ran.said);
    }
    assert_eq!(ask("111122223333 iam:CreateUser").code, 0);
    assert_eq!(ask("root iam:CreateUser").code, 0);
}

#[test]
fn json_is_what_the_schema_says() {
    for line in [
        "alice s3:GetObject arn:aws:s3:::reports/q1.pdf",
        "alice ec2:RunInstances",
        "bob iam:CreateUser arn:aws:iam::111122223333:user/carol",
    ] {
        check_schema("can", &ask(&format!("{line} --json")).json());
    }
    let json = ask("alice s3:GetObject arn:aws:s3:::reports/q1.pdf --json").json();
    let statement = &json["statements"][0];
    assert_eq!(json["answer"], "allowed");
    assert_eq!(statement["holder"], "group/readers");
    assert_eq!(statement["proofs"][0]["of"], "membership");
    assert_eq!(statement["proofs"][0]["by"], "baseline");
    assert_eq!(json["sources"]["accounts"][0]["account"], "111122223333");
}

/// A `Sid` and a policy's name are a stranger's text.
#[test]
fn a_strangers_text_cannot_act() {
    let folder = folder();
    let hostile = json!({"Version": "2012-10-17", "Statement": [{"Sid": "a\u{1b}[31mb",
        "Effect": "Allow", "Action": "*", "Resource": "*"}]});
    let put = json!({"userName": "dora", "policyName": "p\u{1b}]0;x\u{7}\u{202e}",
        "policyDocument": hostile.to_string()});
    put_calls(
        folder.path(),
        &[
            call("10:00:00", "CreateUser", json!({"userName": "dora"})),
            call("10:00:01", "PutUserPolicy", put),
        ],
    );
    for line in [
        "can dora iam:CreateUser --logs logs.json",
        "can dora iam:CreateUser --logs logs.json --json",
        "who-can iam:CreateUser --logs logs.json",
        "paths --logs logs.json",
        "history diff --since 2026-03-01 --logs logs.json",
    ] {
        let ran = run(folder.path(), line);
        let bad = |c: char| c == '\u{1b}' || c == '\u{7}' || c == '\u{202e}';
        assert!(!ran.out.contains(bad) && !ran.said.contains(bad), "{line}");
    }
    let ran = run(folder.path(), "can dora iam:CreateUser --logs logs.json");
    assert!(ran.out.contains("p\\u{1b}]0;x"), "{}", ran.out);
}

#[test]
fn what_a_call_needs_besides_is_told() {
    let folder = folder();
    let volumes = allow(&["ec2:AttachVolume"], "arn:aws:ec2:*:*:volume/*");
    let put = json!({"userName": "dora", "policyName": "own",
        "policyDocument": volumes.to_string()});
    put_calls(
        folder.path(),
        &[
            call("10:00:00", "CreateUser", json!({"userName": "dora"})),
            call("10:00:01", "PutUserPolicy", put),
        ],
    );
    let ran = run(folder.path(), "can dora ec2:AttachVolume --logs logs.json");
    assert_eq!(ran.code, 3, "{}", ran.out);
    assert!(ran.words().contains("on which nothing is allowed: instance"), "{}", ran.out);
}

/// A name in a record is a stranger's text, on standard error too.
#[test]
fn names_from_records_stay_on_their_line() {
    let folder = folder();
    let name = "bob\nerror: all is well \u{1b}[2J";
    put_calls(folder.path(), &[call("08:00:00", "CreateUser", json!({"userName": name}))]);
    for line in ["can nobody s3:GetObject", "paths --source nobody", "paths --target nobody"] {
        let ran = run(folder.path(), &format!("{line} --logs logs.json"));
        assert_eq!(ran.code, 2, "{line}");
        assert!(ran.said.contains("bob\\u{a}error: all is well \\u{1b}[2J"), "{}", ran.said);
        assert_eq!(ran.said.lines().count(), 1, "{}", ran.said);
    }
}

/// At the end of the very second in which it was taken, the baseline counts.
#[test]
fn the_second_of_the_baseline_is_the_baselines() {
    let folder = folder();
    put_account(folder.path());
    let at = |time: &str| {
        let line = "can alice s3:GetObject arn:aws:s3:::reports/q1.pdf --baseline account.json";
        run(folder.path(), &format!("{line} --baseline-time 2026-03-05T00:00:00Z --at {time}")).code
    };
    assert_eq!(at("2026-03-05T00:00:00Z"), 0);
    assert_eq!(at("2026-03-05T00:00:01Z"), 0);
    assert_eq!(at("2026-03-04T23:59:59Z"), 2, "nobody is known yet");
}

/// AWS Organizations User Guide, "SCP evaluation": every level has a policy. An organization of which a
/// record tells, and not what lies over the account, takes nothing away for certain.
#[test]
fn service_control_policies_that_were_not_seen_deny_nobody() {
    let mut create = call_in(
        "999900001111",
        "10:00:00",
        "CreatePolicy",
        json!({"name": "x", "type": "SERVICE_CONTROL_POLICY", "content": "{}"}),
    );
    create["eventSource"] = "organizations.amazonaws.com".into();
    create["responseElements"] = json!({"policy": {"content": r#"{"Statement":[]}"#,
        "policySummary": {"id": "p-xxxxxxxx", "type": "SERVICE_CONTROL_POLICY"}}});
    let folder = folder();
    put_account(folder.path());
    put_calls(folder.path(), &[create]);
    let run = |line: &str| {
        run(folder.path(), &format!("{line} --baseline account.json --logs logs.json"))
    };
    let what = "iam:CreateUser arn:aws:iam::111122223333:user/x";
    let admin = "arn:aws:iam::111122223333:user/admin";
    let ran = run(&format!("can {admin} {what}"));
    assert_eq!(ran.code, 3, "{}", ran.out);
    assert!(ran.out.starts_with("NOT KNOWN, but allowed by what was seen"), "{}", ran.out);
    let who = run(&format!("who-can {what}"));
    assert!(who.out.contains("user/admin of 111122223333"), "{}", who.out);
    let paths = run("paths");
    assert!(paths.out.contains("user/admin of 111122223333"), "{}", paths.out);
}

/// IAM User Guide, "AWS global condition context keys", `aws:CurrentTime`.
#[test]
fn the_time_that_is_asked_about_decides_about_windows_of_time() {
    let window = policy(json!({"Effect": "Allow", "Action": "*", "Resource": "*",
        "Condition": {"DateLessThan": {"aws:CurrentTime": "2026-03-01T12:00:00Z"}}}));
    let folder = folder();
    put_account(folder.path());
    let helper =
        json!({"userName": "helper", "policyName": "p", "policyDocument": window.to_string()});
    put_calls(folder.path(), &[call("10:00:00", "PutUserPolicy", helper)]);
    let run = |line: &str| {
        run(folder.path(), &format!("{line} --baseline account.json --logs logs.json"))
    };
    let (one, any) = ("iam:CreateUser arn:aws:iam::111122223333:user/x", "iam:CreateUser");
    let (within, after) = ("--at 2026-03-01T11:00:00Z", "--at 2026-03-01T13:00:00Z");
    for what in [one, any] {
        for (when, code) in [
            ("", 0),
            (within, 0),
            (after, 1),
            ("--context aws:CurrentTime=2026-03-01T13:00:00Z", 1),
            ("--at 2026-03-01T13:00:00Z --context aws:CurrentTime=2026-03-01T11:00:00Z", 0),
        ] {
            let ran = run(&format!("can helper {what} {when}"));
            assert_eq!(ran.code, code, "{what} {when}: {}", ran.out);
        }
        let [early, late] = [within, after].map(|when| run(&format!("who-can {what} {when}")).out);
        assert!(early.contains("user/helper") && !late.contains("user/helper"), "{early}{late}");
    }
    let [early, late] = [within, after].map(|when| {
        let out = run(&format!("paths {when}")).out;
        out.lines().find(|line| line.starts_with("Administrators")).unwrap().to_owned()
    });
    assert!(early.contains("user/helper") && !late.contains("user/helper"), "{early}{late}");
}

/// AWS Organizations User Guide, "SCP evaluation": a Deny takes away what every level allows, and a level
/// without an Allow lets nothing through. These are two things.
#[test]
fn an_scp_that_denies_is_told_from_one_that_does_not_allow() {
    let level = |content: serde_json::Value| {
        let scp = |id: &str, name: &str, content: &serde_json::Value, target: &str| {
            json!({"PolicySummary": {"Id": id, "Name": name, "Type": "SERVICE_CONTROL_POLICY"},
                "Content": content.to_string(), "Targets": [{"TargetId": target}]})
        };
        let all = policy(json!({"Effect": "Allow", "Action": "*", "Resource": "*"}));
        json!({"Policies": [scp("p-FullAWSAccess", "FullAWSAccess", &all, "r-ab12"),
                scp("p-aaaaaaaa", "limit", &content, "111122223333")],
            "Parents": [{"Id": "111122223333", "ParentId": "r-ab12"}]})
    };
    let answer = |content: serde_json::Value| {
        let folder = folder();
        put_account(folder.path());
        std::fs::write(folder.path().join("organization.json"), level(content).to_string())
            .unwrap();
        let admin = "arn:aws:iam::111122223333:user/admin";
        run(
            folder.path(),
            &format!(
                "can {admin} iam:CreateUser --baseline account.json \
                 --baseline 999900001111=organization.json"
            ),
        )
    };
    let denying = answer(json!({"Version": "2012-10-17", "Statement": [
        {"Effect": "Allow", "Action": "*", "Resource": "*"},
        {"Effect": "Deny", "Action": "iam:*", "Resource": "*"}]}));
    assert_eq!(denying.code, 1, "{}{}", denying.out, denying.said);
    assert!(denying.out.starts_with("DENIED by a statement"), "{}", denying.out);
    assert!(denying.words().contains("denied by the SCPs at 111122223333"), "{}", denying.out);
    assert!(!denying.out.contains("no SCP"), "{}", denying.out);
    let silent = answer(policy(json!({"Effect": "Allow", "Action": "s3:*", "Resource": "*"})));
    assert_eq!(silent.code, 1, "{}{}", silent.out, silent.said);
    assert!(silent.out.starts_with("DENIED, since nothing allows it"), "{}", silent.out);
    assert!(silent.words().contains("no SCP at 111122223333 allows it"), "{}", silent.out);
    assert!(!silent.out.contains("denied by"), "{}", silent.out);
}
