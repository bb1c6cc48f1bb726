//! `lint`: what it reads, what it prints, how it ends.

use expect_test::expect;
use serde_json::Value;

use crate::support::{folder, policy, put, run, run_in, run_on};

const MISSPELT: &str = r#""Effect":"Allow","Action":"s3:GetObjects","Resource":"arn:aws:s3:::a/*""#;
const FINE: &str = r#""Effect":"Allow","Action":"s3:GetObject","Resource":"arn:aws:s3:::a/*""#;

/// The findings of a `json` run as `file:line:column rule`.
fn places(report: &Value) -> Vec<String> {
    let findings = report["findings"].as_array().unwrap();
    findings
        .iter()
        .map(|finding| {
            let at = &finding["location"];
            let (line, column) = (&at["start_line"], &at["start_column"]);
            format!(
                "{}:{line}:{column} {}",
                at["file"].as_str().unwrap(),
                finding["rule"].as_str().unwrap()
            )
        })
        .collect()
}

#[test]
fn text_reads_like_a_compiler() {
    let folder = folder();
    put(folder.path(), "a.json", policy(MISSPELT).replace("\"Action\"", "\n  \"Action\""));
    let ran = run_in(folder.path(), &["lint", "a.json"]);
    assert_eq!((ran.code, ran.said.as_str()), (0, ""));
    expect![[r#"
        a.json:2:12: medium: `s3:GetObjects` is not known as an action of Amazon S3
          2 |   "Action":"s3:GetObjects","Resource":"arn:aws:s3:::a/*"}]}
            |            ^^^^^^^^^^^^^^^
          why: An action that does not exist allows and denies nothing; in a Deny, that
               is a hole. It may also be newer than the table of actions.
          fix: did you mean `s3:GetObject`?
          unknown-action, medium confidence, statement 1 of identity policy

        1 finding: 1 medium; 1 policy in 1 file checked
    "#]]
    .assert_eq(&ran.out);
    assert!(ran.out.lines().all(|line| line.chars().count() <= 80));
}

#[test]
fn a_good_policy_has_no_findings() {
    let ran = run_on(&policy(FINE), &["lint", "-", "--fail-on", "info"]);
    assert_eq!((ran.code, ran.said.as_str()), (0, ""));
    assert_eq!(ran.out, "No findings; 1 policy in 1 file checked\n");
}

#[test]
fn a_terraform_plan_is_searched() {
    let ran = run(&["lint", "shop.tfplan.json", "--json"]);
    // The policy of the bucket is known only after apply.
    assert_eq!(ran.code, 3);
    let report = ran.json();
    let summary = &report["summary"];
    assert_eq!((&summary["policies"], &summary["policies_not_known"]), (&3.into(), &1.into()));
    let unknown = report["findings"].as_array().unwrap().iter();
    let action = unknown.clone().find(|finding| finding["rule"] == "unknown-action").unwrap();
    assert_eq!(action["location"]["policy"], "aws_iam_role_policy.shop: policy");
    assert_eq!(action["location"]["policy_kind"], "identity");
    assert_eq!(action["location"]["start_line"], 26);
    assert_eq!(action["location"]["in_policy"]["start_line"], 1);
    let column = action["location"]["in_policy"]["start_column"].as_u64().unwrap();
    let text = run(&["lint", "shop.tfplan.json"]).out;
    assert!(
        text.contains(&format!("in aws_iam_role_policy.shop: policy, 1:{column} in the policy")),
        "{text}"
    );
    assert!(text.lines().any(|line| line.trim_end().ends_with("^^^^^^^^^^^^^^^^^^^")), "{text}");
    assert!(unknown.clone().any(|finding| finding["rule"] == "policy-not-known"));
}

#[test]
fn a_cloudformation_template_is_searched() {
    let ran = run(&["lint", "queue.template", "--json"]);
    assert_eq!(ran.code, 0, "{}", ran.said);
    let places = places(&ran.json());
    assert!(places.contains(&"queue.template:15:25 unknown-action".to_owned()), "{places:?}");
    assert!(places.contains(&"queue.template:16:27 value-not-known".to_owned()), "{places:?}");
}

#[test]
fn a_folder_is_read_and_a_bad_file_costs_only_itself() {
    let folder = folder();
    put(folder.path(), "good.json", policy(FINE));
    put(folder.path(), "deeper/misspelt.json", policy(MISSPELT));
    put(folder.path(), "bad.json", "{\n  \"Version\": \"2012-10-17\",\n}");
    put(folder.path(), "latin.json", b"{\"Sid\": \"\xe9\"}");
    put(folder.path(), "package.json", r#"{"name": "no policy"}"#);
    put(folder.path(), "notes.md", "no JSON");
    put(folder.path(), "deeper/stack.yaml", "Resources:\n");
    let ran = run_in(folder.path(), &["lint", ".", "--json"]);
    assert_eq!(ran.code, 3, "{}", ran.said);
    let report = ran.json();
    let places = places(&report);
    assert!(places.contains(&"./bad.json:2:26 malformed-json".to_owned()), "{places:?}");
    assert!(
        places.iter().any(|place| place.ends_with("misspelt.json:1:65 unknown-action")),
        "{places:?}"
    );
    assert_eq!(report["rejects"].as_array().unwrap().len(), 1);
    assert!(ran.said.contains("latin.json: byte 9 is not UTF-8"), "{}", ran.said);
    // What it would be without the bad ones.
    let ran = run_in(folder.path(), &["lint", "good.json", "deeper/"]);
    assert_eq!(ran.code, 0, "{}", ran.said);
    assert!(ran.out.ends_with("2 policies in 2 files checked, 1 file skipped\n"), "{}", ran.out);
    assert!(ran.said.contains("1 file of YAML or Terraform source was not read"), "{}", ran.said);
}

/// What is not read must not look clean.
#[test]
fn yaml_and_terraform_source_are_named() {
    let folder = folder();
    put(folder.path(), "stack/a.yaml", "AWSTemplateFormatVersion: '2010-09-09'\n");
    put(folder.path(), "stack/main.tf", "resource \"aws_iam_policy\" \"p\" {\n}\n");
    put(folder.path(), "stack/b.template", "---\nResources:\n");
    let ran = run_in(folder.path(), &["lint", "stack/a.yaml"]);
    assert_eq!(ran.code, 2);
    assert!(ran.said.contains("stack/a.yaml: is YAML, which is not read"), "{}", ran.said);
    assert!(!ran.out.contains("double quotes"), "{}", ran.out);
    let ran = run_in(folder.path(), &["lint", "stack/main.tf"]);
    assert_eq!(ran.code, 2);
    assert!(ran.said.contains("terraform show -json PLAN"), "{}", ran.said);
    let ran = run_in(folder.path(), &["lint", "stack", "--json"]);
    assert_eq!(ran.code, 2);
    assert_eq!(ran.json()["summary"]["files_skipped"], 3);
    assert!(ran.said.contains("3 files of YAML or Terraform source were not read"), "{}", ran.said);
    // A name that is given is an error of its own, and JSON counts under any name.
    put(folder.path(), "stack/c.yml", policy(FINE));
    let ran = run_in(folder.path(), &["lint", "stack/c.yml", "stack/a.yaml", "stack"]);
    assert_eq!(ran.code, 3, "{}", ran.said);
    assert!(ran.out.contains("1 policy in 1 file checked, 2 files skipped"), "{}", ran.out);
}

/// Text is for what needs a person; programs get all, unless they ask for less.
#[test]
fn text_leaves_out_info_and_says_so() {
    let text = policy(r#""Effect":"Allow","Action":"dynamodb:Describe*","Resource":"*""#);
    let ran = run_on(&text, &["lint", "-"]);
    let expected = "No findings above info; 1 of info hidden (--min-severity info); 1 policy in 1 \
                    file checked";
    assert_eq!(ran.out.split_whitespace().collect::<Vec<_>>().join(" "), expected);
    assert_eq!(run_on(&text, &["lint", "-", "--fail-on", "info"]).code, 1, "hidden, but there");
    let ran = run_on(&text, &["lint", "-", "--min-severity", "info"]);
    assert!(ran.out.contains("info: reads about every resource"), "{}", ran.out);
    assert!(!ran.out.contains("hidden"), "{}", ran.out);
    for format in ["json", "ndjson", "sarif"] {
        let ran = run_on(&text, &["lint", "-", "--format", format]);
        assert!(ran.out.contains("reading-every-resource"), "{format}: {}", ran.out);
    }
}

#[test]
fn exit_codes_are_a_contract() {
    let folder = folder();
    put(folder.path(), "misspelt.json", policy(MISSPELT));
    put(folder.path(), "bad.json", "{");
    put(folder.path(), "none.json", "{}");
    let code = |args: &[&str]| {
        let args: Vec<&str> = ["lint"].iter().chain(args).copied().collect();
        run_in(folder.path(), &args).code
    };
    assert_eq!(code(&["misspelt.json"]), 0);
    assert_eq!(code(&["misspelt.json", "--fail-on", "medium"]), 1);
    assert_eq!(code(&["misspelt.json", "--fail-on", "high"]), 0);
    // What is not shown still counts.
    assert_eq!(code(&["misspelt.json", "--fail-on", "medium", "--min-severity", "critical"]), 1);
    assert_eq!(code(&["misspelt.json", "bad.json"]), 3);
    assert_eq!(code(&["misspelt.json", "bad.json", "--fail-on", "medium"]), 1);
    assert_eq!(code(&["misspelt.json", "absent.json"]), 3);
    assert_eq!(code(&["misspelt.json", "none.json"]), 3, "a named file without a policy");
    assert_eq!(code(&["bad.json"]), 2);
    assert_eq!(code(&["none.json"]), 2);
    assert_eq!(code(&["absent.json"]), 2);
    assert_eq!(code(&[]), 2);
    assert_eq!(code(&["misspelt.json", "--kind", "bucket"]), 2);
    assert_eq!(code(&["*spelt.json", "--fail-on", "medium"]), 1, "a glob");
}

#[test]
fn broken_json_says_where_and_what_to_do() {
    let ran = run_on("{\n  \"Version\": '2012-10-17'\n}\n", &["lint", "-"]);
    assert_eq!(ran.code, 2);
    assert!(
        ran.out.starts_with("standard input:2:14: high: text in single quotes\n"),
        "{}",
        ran.out
    );
    assert!(
        ran.out.contains("  2 |   \"Version\": '2012-10-17'\n    |              ^"),
        "{}",
        ran.out
    );
    assert!(ran.out.contains("fix: "), "{}", ran.out);
}

#[test]
fn the_kind_can_be_told() {
    let text =
        policy(r#""Sid":"only letters","Effect":"Allow","Action":"s3:GetObject","Resource":"*""#);
    let kind = |args: &[&str]| {
        let args: Vec<&str> = ["lint", "-", "--json"].iter().chain(args).copied().collect();
        let report = run_on(&text, &args).json();
        report["findings"][0]["location"]["policy_kind"].as_str().unwrap().to_owned()
    };
    assert_eq!(kind(&[]), "identity");
    assert_eq!(kind(&["--kind", "resource"]), "resource");
}

/// Findings are those of `scan`, with place and fix besides, and what the schema says.
#[test]
fn json_is_what_the_schema_says() {
    let schema = |of: &str| {
        let schema = run(&["generate", "schema", of]).json();
        jsonschema::validator_for(&schema).unwrap()
    };
    let args = ["lint", "deploy.json", "shop.tfplan.json", "queue.template", "absent.json"];
    let report = run(&[&args[..], &["--json"]].concat()).json();
    let errors: Vec<String> =
        schema("report").iter_errors(&report).map(|error| error.to_string()).collect();
    assert!(errors.is_empty(), "{errors:?}");
    let lines = run(&[&args[..], &["--format", "ndjson"]].concat()).out;
    let finding = schema("finding");
    let parsed: Vec<Value> =
        lines.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    assert!(parsed.iter().all(|value| finding.is_valid(value)));
    assert!(parsed.iter().all(|value| value["kind"] == "lint"));
    let without_time = |findings: &[Value]| {
        let mut findings = findings.to_vec();
        for finding in &mut findings {
            for name in ["first_time", "last_time"] {
                finding.as_object_mut().unwrap().remove(name).unwrap();
            }
        }
        findings
    };
    assert_eq!(without_time(&parsed), without_time(report["findings"].as_array().unwrap()));
    let ids: std::collections::BTreeSet<&str> =
        parsed.iter().map(|value| value["id"].as_str().unwrap()).collect();
    assert_eq!(ids.len(), parsed.len(), "an id is given once");
}

/// An id survives an edit elsewhere in the file.
#[test]
fn ids_do_not_depend_on_lines() {
    let id = |text: &str| {
        let report = run_on(text, &["lint", "-", "--json"]).json();
        report["findings"][0]["id"].as_str().unwrap().to_owned()
    };
    let text = policy(MISSPELT);
    assert_eq!(id(&text), id(&format!("\n\n{text}")));
    assert_ne!(id(&text), id(&text.replace("GetObjects", "GetObjekt")));
}

/// What a stranger wrote cannot act on the reader's terminal.
#[test]
fn a_strangers_text_is_escaped() {
    let folder = folder();
    let hostile = "s3:\u{1b}[31mred\u{7}\u{202e}";
    let text = policy(&format!(r#""Effect":"Allow","Action":"{hostile}","Resource":"*""#))
        .replace('\u{1b}', "\\u001b")
        .replace('\u{7}', "\\u0007");
    put(folder.path(), "a.json", &text);
    let plan = serde_json::json!({"format_version": "1.2", "resource_changes": [{
        "address": "aws_iam_policy.\u{1b}[2J", "type": "aws_iam_policy",
        "change": {"after": {"policy": text}},
    }]});
    put(folder.path(), "plan.json", plan.to_string());
    put(folder.path(), "raw.json", "{\"a\": \u{1b}[31m}");
    for format in ["text", "json", "ndjson", "sarif"] {
        let ran = run_in(folder.path(), &["lint", ".", "--format", format]);
        for (what, shown) in [("output", &ran.out), ("message", &ran.said)] {
            let hidden = ['\u{1b}', '\u{7}', '\u{202e}'];
            assert!(!shown.contains(hidden), "{format}: {what} holds control codes");
        }
        assert!(ran.out.contains("red"), "{format}: {}", ran.out);
    }
}

#[test]
fn checks_are_listed_and_explained() {
    let list = run(&["lint", "--list"]);
    assert_eq!(list.code, 0);
    let names: Vec<&str> =
        list.out.lines().filter_map(|line| line.split_whitespace().nth(1)).collect();
    assert!(names.contains(&"malformed-json"), "{names:?}");
    let listed = run(&["lint", "--list", "--json"]).json();
    for check in trailwarden_policy::lint::checks::ALL {
        assert!(names.contains(&check.id), "{} is not listed", check.id);
        assert!(listed.as_array().unwrap().iter().any(|one| one["id"] == check.id));
    }
    let page = run(&["lint", "--explain", "unknown-action"]).out;
    for part in
        ["Unknown action", "access-analyzer/INVALID_ACTION", "Found in", "Not in", "Source:"]
    {
        assert!(page.contains(part), "{part}: {page}");
    }
    let near = run(&["lint", "--explain", "unknwon-action"]);
    assert_eq!(near.code, 2);
    assert!(near.said.contains("did you mean `unknown-action`?"), "{}", near.said);
    let other = run(&["lint", "--explain", "INVALID_ACTION"]);
    assert!(other.out.contains("check      unknown-action\n"), "{}", other.out);
    let left_out = run(&["lint", "--explain", "EXCEPTION"]);
    assert_eq!(left_out.code, 2);
    assert!(left_out.said.contains("is not checked"), "{}", left_out.said);
}
