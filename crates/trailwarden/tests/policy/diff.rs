//! `diff`: what a change gives and takes.

use expect_test::expect;
use serde_json::Value;

use crate::support::{Ran, folder, policy, put, run, run_in};

const READ: &str = r#""Effect":"Allow","Action":"s3:GetObject","Resource":"arn:aws:s3:::a/*""#;

/// Compares two texts.
fn diff(old: &str, new: &str, more: &[&str]) -> Ran {
    let folder = folder();
    put(folder.path(), "old.json", old);
    put(folder.path(), "new.json", new);
    run_in(folder.path(), &[&["diff", "old.json", "new.json"], more].concat())
}

/// The summary of a field, of the first principal of the first policy.
fn summary<'j>(json: &'j Value, field: &str) -> Vec<&'j str> {
    let lines = json["policies"][0]["principals"][0][field]["summary"].as_array().unwrap();
    lines.iter().map(|line| line.as_str().unwrap()).collect()
}

fn json(old: &str, new: &str, more: &[&str]) -> Value {
    diff(old, new, &[&["--json"], more].concat()).json()
}

#[test]
fn a_change_reads_as_what_it_gives_and_takes() {
    let ran = run(&["diff", "deploy.json", "deploy-next.json"]);
    assert_eq!((ran.code, ran.said.as_str()), (0, ""));
    for part in [
        "grade write (conditional) -> privesc",
        "+ pass any role to any service",
        "gained where another policy allows it: no longer denied",
        "+ delete objects in bucket `audit-logs`",
        "- read objects in bucket `artifacts` except below `release/`",
        "! x-lambda-01: iam:PassRole + lambda:CreateFunction",
    ] {
        assert!(ran.out.contains(part), "{part} is not in\n{}", ran.out);
    }
    assert!(ran.out.lines().all(|line| line.chars().count() <= 80));
    assert_eq!(run(&["diff", "deploy.json", "deploy-next.json", "--fail-on-gain"]).code, 1);
    let full = run(&["diff", "deploy.json", "deploy-next.json", "--full"]).out;
    assert!(
        full.contains("lambda:CreateFunction, lambda:InvokeFunction, lambda:UpdateFunctionCode"),
        "{full}"
    );
}

#[test]
fn writing_it_otherwise_changes_nothing() {
    let old = policy(
        r#""Effect":"Allow","Action":["s3:GetObject","s3:PutObject"],"Resource":"arn:aws:s3:::a/*""#,
    );
    let new = format!(
        r#"{{"Version":"2012-10-17","Statement":[
            {{"Effect":"Allow","Action":"S3:putobject","Resource":"arn:aws:s3:::a/*"}},{{{READ}}}]}}"#
    );
    let ran = diff(&old, &new, &["--fail-on-gain"]);
    assert_eq!(ran.code, 0);
    expect![[r#"
        old.json -> new.json

        Nothing gained and nothing lost: both allow the same.
    "#]]
    .assert_eq(&ran.out);
}

#[test]
fn a_condition_that_went_away_is_gained() {
    let held = policy(&format!(
        r#"{READ},"Condition":{{"IpAddress":{{"aws:SourceIp":"198.51.100.0/24"}}}}"#
    ));
    let gone = json(&held, &policy(READ), &[]);
    assert_eq!(summary(&gone, "lost"), [""; 0]);
    assert_eq!(summary(&gone, "gained").len(), 1);
    assert_eq!(gone["gained"], true);
    // The other way round it is narrowed, which is no gain.
    let come = json(&policy(READ), &held, &["--fail-on-gain"]);
    assert_eq!(summary(&come, "gained"), [""; 0]);
    assert_eq!(come["gained"], false);
}

#[test]
fn a_deny_that_went_away_is_gained() {
    let deny = r#""Effect":"Deny","Action":"s3:DeleteObject","Resource":"*""#;
    let allow = r#""Effect":"Allow","Action":"s3:*","Resource":"*""#;
    let both = format!(r#"{{"Version":"2012-10-17","Statement":[{{{allow}}},{{{deny}}}]}}"#);
    let own = json(&both, &policy(allow), &[]);
    assert_eq!(summary(&own, "gained"), ["delete objects in any bucket"]);
    assert_eq!(summary(&own, "released"), [""; 0]);
    // Where the document itself allows nothing of it, another may.
    let ran = diff(&policy(deny), &policy(READ), &["--fail-on-gain"]);
    assert_eq!(ran.code, 1);
    assert!(
        ran.out.contains("no longer denied\n    + delete objects in any bucket"),
        "{}",
        ran.out
    );
    // An SCP without an Allow stands beside one that allows everything.
    let other = r#""Effect":"Deny","Action":"s3:DeleteBucket","Resource":"*""#;
    let scp = json(&policy(deny), &policy(other), &["--kind", "scp"]);
    assert_eq!(summary(&scp, "gained"), ["delete objects in any bucket"]);
    assert_eq!(summary(&scp, "lost").len(), 1);
    assert_eq!(summary(&scp, "released"), [""; 0]);
}

#[test]
fn a_resource_policy_is_told_by_principal() {
    let to = |principal: &str| {
        policy(&format!(
            r#""Principal":{principal},"Effect":"Allow","Action":"s3:GetObject","Resource":"arn:aws:s3:::a/*""#
        ))
    };
    let (alice, bob) = (
        r#"{"AWS":"arn:aws:iam::111122223333:user/alice"}"#,
        r#"{"AWS":"arn:aws:iam::111122223333:user/bob"}"#,
    );
    let moved = json(&to(alice), &to(bob), &[]);
    assert_eq!(moved["policies"][0]["kind"], "resource");
    let principals = moved["policies"][0]["principals"].as_array().unwrap();
    let said: Vec<(&str, usize, usize)> = principals
        .iter()
        .map(|one| {
            let count = |field: &str| one[field]["summary"].as_array().unwrap().len();
            (one["principal"].as_str().unwrap(), count("gained"), count("lost"))
        })
        .collect();
    assert_eq!(
        said,
        [
            ("arn:aws:iam::111122223333:user/alice", 0, 1),
            ("arn:aws:iam::111122223333:user/bob", 1, 0)
        ]
    );
    let ran = diff(&to(alice), &to(r#""*""#), &["--fail-on-gain"]);
    assert_eq!(ran.code, 1);
    assert!(ran.out.contains("for everyone\n"), "{}", ran.out);
    assert!(!ran.out.contains("for arn:"), "alice had it before: {}", ran.out);
}

#[test]
fn a_trust_policy_is_about_its_role() {
    let trust = |account: &str| {
        policy(&format!(
            r#""Effect":"Allow","Principal":{{"AWS":"{account}"}},"Action":"sts:AssumeRole""#
        ))
    };
    let ran = diff(&trust("111122223333"), &trust("444455556666"), &[]);
    assert!(ran.out.contains("a trust policy\n"), "{}", ran.out);
    assert!(
        ran.out.contains(
            "for arn:aws:iam::444455556666:root\n  gained: may now\n    + assume this role\n"
        ),
        "{}",
        ran.out
    );
    let full = diff(&trust("111122223333"), &trust("444455556666"), &["--full"]).out;
    assert!(full.contains("    + sts:AssumeRole\n"), "{full}");
    let other = trust("arn:aws:iam::111122223333:root");
    assert!(diff(&trust("111122223333"), &other, &[]).out.contains("Nothing gained"));
    let kept = policy(
        r#""Effect":"Allow","Principal":{"AWS":"111122223333"},"Action":"sts:AssumeRole","Condition":{"StringEquals":{"sts:ExternalId":"x"}}"#,
    );
    let ran = diff(&kept, &trust("111122223333"), &["--fail-on-gain"]);
    assert_eq!(ran.code, 1, "{}", ran.out);
}

#[test]
fn policies_of_two_kinds_are_refused() {
    let key = policy(
        r#""Effect":"Allow","Principal":{"AWS":"111122223333"},"Action":"kms:Decrypt","Resource":"*""#,
    );
    let trust = policy(
        r#""Effect":"Allow","Principal":{"Service":"ec2.amazonaws.com"},"Action":"sts:AssumeRole""#,
    );
    for (old, new, kinds) in [
        (&key, &trust, ["old.json` is a resource policy", "new.json` is a trust policy"]),
        (
            &policy(READ),
            &key,
            ["old.json` is an identity policy", "new.json` is a resource policy"],
        ),
        (&trust, &policy(READ), ["old.json` is a trust policy", "new.json` is an identity policy"]),
    ] {
        let ran = diff(old, new, &[]);
        assert_eq!((ran.code, ran.out.as_str()), (2, ""), "{}", ran.said);
        let said = ran.said.split_whitespace().collect::<Vec<_>>().join(" ");
        assert!(kinds.iter().all(|part| said.contains(part)), "{said}");
        assert!(said.contains("--kind"), "{said}");
    }
    let ran = diff(&key, &trust, &["--kind", "resource"]);
    assert_eq!(ran.code, 0, "{}", ran.said);
    assert!(ran.out.contains("- decrypt with this KMS key\n"), "{}", ran.out);
    // Nothing in it tells the kind, so it is of that of the other.
    let empty = r#"{"Version":"2012-10-17","Statement":[]}"#;
    for (old, new) in [(empty, trust.as_str()), (&trust, empty)] {
        let ran = diff(old, new, &[]);
        assert_eq!(ran.code, 0, "{}", ran.said);
        assert!(ran.out.contains("a trust policy\n"), "{}", ran.out);
    }
    // A kind that the place tells fits what only structure tells of the other.
    let known = "arn:aws:iam::aws:policy/ReadOnlyAccess";
    let folder = folder();
    put(folder.path(), "own.json", policy(READ));
    assert_eq!(run_in(folder.path(), &["diff", "own.json", "p-FullAWSAccess"]).code, 0);
    assert_eq!(run_in(folder.path(), &["diff", "own.json", known]).code, 0);
}

#[test]
fn of_several_only_the_pair_of_two_kinds_is_left_out() {
    let template = |kind: &str, text: &str| {
        let read: Value = serde_json::from_str(&policy(READ)).unwrap();
        let own: Value = serde_json::from_str(text).unwrap();
        serde_json::json!({
            "AWSTemplateFormatVersion": "2010-09-09",
            "Resources": {
                "Same": {
                    "Type": "AWS::IAM::ManagedPolicy", "Properties": { "PolicyDocument": read }
                },
                "Own": { "Type": kind, "Properties": { "PolicyDocument": own } },
            },
        })
        .to_string()
    };
    let queue = policy(
        r#""Effect":"Allow","Principal":"*","Action":"sqs:SendMessage","Resource":"arn:aws:sqs:eu-west-1:111122223333:q""#,
    );
    let old = template("AWS::IAM::ManagedPolicy", &policy(READ));
    let new = template("AWS::SQS::QueuePolicy", &queue);
    let ran = diff(&old, &new, &["--json"]);
    assert_eq!(ran.code, 3, "{}", ran.said);
    assert!(
        ran.said.contains("an identity policy before, a resource policy after"),
        "{}",
        ran.said
    );
    let mut said: Vec<(String, String)> = ran.json()["policies"]
        .as_array()
        .unwrap()
        .iter()
        .map(|one| {
            let field = |name: &str| one[name].as_str().unwrap().to_owned();
            (field("name"), field("status"))
        })
        .collect();
    said.sort();
    assert!(said[0].0.contains("Own") && said[0].1 == "unknown", "{said:?}");
    assert!(said[1].0.contains("Same") && said[1].1 == "unchanged", "{said:?}");
    assert_eq!(said.len(), 2);
}

#[test]
fn policies_of_files_are_matched_by_name() {
    let plan = |policies: &[(&str, Option<&str>)]| {
        let changes: Vec<Value> = policies
            .iter()
            .map(|(name, text)| {
                let (after, unknown) = match text {
                    Some(text) => (serde_json::json!({ "policy": text }), serde_json::json!({})),
                    None => (serde_json::json!({}), serde_json::json!({ "policy": true })),
                };
                serde_json::json!({
                    "address": format!("aws_iam_policy.{name}"), "type": "aws_iam_policy",
                    "change": { "after": after, "after_unknown": unknown },
                })
            })
            .collect();
        serde_json::json!({ "format_version": "1.2", "resource_changes": changes }).to_string()
    };
    let (read, all) = (policy(READ), policy(r#""Effect":"Allow","Action":"*","Resource":"*""#));
    let old = plan(&[("same", Some(&read)), ("raised", Some(&read)), ("gone", Some(&read))]);
    let new = plan(&[("raised", Some(&all)), ("same", Some(&read)), ("new", Some(&read))]);
    let json = json(&old, &new, &[]);
    let said: Vec<(&str, &str)> = json["policies"]
        .as_array()
        .unwrap()
        .iter()
        .map(|one| (one["name"].as_str().unwrap(), one["status"].as_str().unwrap()))
        .collect();
    assert_eq!(
        said,
        [
            ("aws_iam_policy.same: policy", "unchanged"),
            ("aws_iam_policy.raised: policy", "changed"),
            ("aws_iam_policy.gone: policy", "removed"),
            ("aws_iam_policy.new: policy", "added"),
        ]
    );
    assert_eq!(json["policies"][1]["principals"][0]["grade_after"]["grade"], "admin");
    let text = diff(&old, &new, &[]).out;
    assert!(text.contains("aws_iam_policy.gone: policy\nan identity policy, removed\n"), "{text}");
    assert!(text.ends_with("\n1 policy allows the same as before.\n"), "{text}");
    // What is not known after the change is neither removed nor the same.
    let open = plan(&[("same", None), ("raised", Some(&read)), ("gone", Some(&read))]);
    let ran = diff(&old, &open, &["--json", "--fail-on-gain"]);
    assert_eq!(ran.code, 3);
    let names = ran.json();
    let unknown =
        names["policies"].as_array().unwrap().iter().find(|one| one["status"] == "unknown");
    assert_eq!(unknown.unwrap()["name"], "aws_iam_policy.same: policy");
    assert!(ran.said.contains("known after apply"), "{}", ran.said);
}

#[test]
fn what_could_not_be_read_is_said() {
    let half =
        format!(r#"{{"Version":"2012-10-17","Statement":[{{{READ}}},{{"Effect":"Deny"}}]}}"#);
    let ran = diff(&policy(READ), &half, &[]);
    assert_eq!(ran.code, 3);
    assert!(ran.said.contains("new.json:1:"), "{}", ran.said);
    assert!(!ran.out.contains("Nothing gained"), "{}", ran.out);
    let ran = diff(&policy(READ), "{", &[]);
    assert_eq!(ran.code, 2);
    assert!(ran.said.contains("new.json:1:"), "{}", ran.said);
    let ran = run(&["diff", "-", "-"]);
    assert_eq!(ran.code, 2);
    assert!(ran.said.contains("standard input"), "{}", ran.said);
}

#[test]
fn policies_of_aws_are_known_by_name() {
    let all = "arn:aws:iam::aws:policy/AdministratorAccess";
    let read = "arn:aws:iam::aws:policy/ReadOnlyAccess";
    let ran = run(&["diff", read, all, "--json", "--fail-on-gain"]);
    assert_eq!(ran.code, 1);
    let parts = &ran.json()["policies"][0]["principals"][0];
    assert_eq!(parts["grade_after"]["grade"], "admin");
    assert_eq!(run(&["diff", all, all, "--fail-on-gain"]).code, 0);
}

/// What a stranger wrote cannot act on the reader's terminal.
#[test]
fn a_strangers_text_is_escaped() {
    let hostile = policy(
        r#""Effect":"Allow","Action":"s3:GetObject\u001b[2J","Resource":"arn:aws:s3:::\u001b[31m\u202e""#,
    );
    for more in [&[][..], &["--full"], &["--json"]] {
        let ran = diff(&policy(READ), &hostile, more);
        assert!(!ran.out.contains(['\u{1b}', '\u{202e}']), "{}", ran.out);
        assert!(ran.out.contains("[31m"), "{}", ran.out);
    }
}

/// A name that nobody has, given like an ARN: what it gains says nothing of the others.
#[test]
fn somebody_called_everyone_is_not_everyone() {
    let alice = "arn:aws:iam::111122223333:user/alice";
    let allowing = |principals: &str| {
        policy(&format!(
            r#""Effect":"Allow","Principal":{{"AWS":{principals}}},"Action":"s3:GetObject","Resource":"arn:aws:s3:::a/*""#
        ))
    };
    let old = allowing(r#""arn:aws:iam::111122223333:user/bob""#);
    let named = |new: &str| {
        let json = json(&old, new, &[]);
        let parts = json["policies"][0]["principals"].as_array().unwrap().iter();
        let gaining = parts.filter(|part| !part["gained"]["full"].as_array().unwrap().is_empty());
        gaining.map(|part| part["principal"].as_str().unwrap().to_owned()).collect::<Vec<_>>()
    };
    let literal = allowing(&format!(r#"["everyone","{alice}"]"#));
    assert_eq!(named(&literal), ["AWS principal `everyone`", alice]);
    let text = diff(&old, &literal, &[]).out;
    assert!(text.contains(&format!("for {alice}\n")), "{text}");
    // What everyone gains is not told again of each who is named.
    assert_eq!(named(&allowing(&format!(r#"["*","{alice}"]"#))), ["everyone"]);
}

/// Everything but something, on everything but something, again and again: more than anybody works
/// out.
fn too_complex() -> String {
    let statement = |at: usize| {
        let effect = if at.is_multiple_of(2) { "Deny" } else { "Allow" };
        format!(
            r#"{{"Effect":"{effect}","NotAction":"s3:*{at}*","NotResource":"arn:aws:s3:::a*{at}*"}}"#
        )
    };
    let statements: Vec<String> = (0..80).map(statement).collect();
    format!(r#"{{"Version":"2012-10-17","Statement":[{}]}}"#, statements.join(","))
}

#[test]
fn a_policy_too_complex_to_work_out_has_no_grade() {
    let (plain, complex) = (policy(READ), too_complex());
    for (old, new, grade) in [
        (&plain, &complex, "grade data -> not known"),
        (&complex, &plain, "grade not known -> data"),
    ] {
        let ran = diff(old, new, &["--fail-on-gain"]);
        assert_eq!(ran.code, 3, "{}", ran.out);
        assert!(ran.out.contains(grade), "{}", ran.out);
        assert!(ran.out.contains("Not everything could be read or worked out"), "{}", ran.out);
    }
    let part = &json(&plain, &complex, &[])["policies"][0]["principals"][0];
    assert_eq!(part["grade_before"]["grade"], "data");
    assert_eq!(
        (&part["grade_after"]["grade"], &part["precision"]),
        (&"unknown".into(), &"unknown".into())
    );
    let same = diff(&complex, &complex, &["--fail-on-gain"]);
    assert_eq!(same.code, 0, "{}", same.out);
    assert!(same.out.contains("both allow the same"), "{}", same.out);
}
