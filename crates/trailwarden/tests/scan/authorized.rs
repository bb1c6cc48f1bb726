//! `--change-policies`: what is permitted is hidden and not counted, what is forbidden is told.

use std::path::Path;

use trailwarden_model::finding::Status;

use crate::support::{folder, put, records, run, s3, scan, text};

/// An administrator makes somebody else administrator, and somebody stops a trail.
const TRAIL: &str = "
    root iam:CreateUser user/alice
    root iam:CreateUser user/joe
    joe iam:PutUserPolicy user/alice allow=*
    joe cloudtrail:StopLogging trail/main";

/// A folder of policies that lets joe do anything with users, for a reason, and nobody stop a trail.
fn policies(folder: &Path) -> String {
    let path = folder.join("policies");
    std::fs::create_dir(&path).unwrap();
    let text = r#"
@id("joe-onboards") @unbounded("joe is the administrator of users")
permit (principal, action == Action::"iam:PutUserPolicy", resource)
when { principal has name && principal.name == "joe" };

@id("nobody-stops-logging")
forbid (principal, action == Action::"cloudtrail:StopLogging", resource);
"#;
    std::fs::write(path.join("all.cedar"), text).unwrap();
    path.to_str().unwrap().to_owned()
}

#[test]
fn what_is_permitted_is_hidden_until_asked_for_and_never_counted() {
    let folder = folder();
    let log = put(folder.path(), "log.json", s3(&records(TRAIL)));
    let policies = policies(folder.path());
    let with = |flags: &[&str]| {
        let all: Vec<&str> =
            ["--change-policies", &policies].iter().chain(flags).copied().collect();
        scan(&[&log], &all)
    };
    let without_stop = TRAIL.rsplit_once('\n').unwrap().0;
    let grant = put(folder.path(), "grant.json", s3(&records(without_stop)));
    let fails = ["--fail-on", "critical"];
    assert_eq!(scan(&[&grant], &fails).code, 1);
    let permitted = [&["--change-policies", &policies], &fails[..]].concat();
    assert_eq!(scan(&[&grant], &permitted).code, 0, "what is permitted is not counted");
    assert_eq!(with(&fails).code, 1, "a trail was stopped");
    let shown = with(&["--json"]).report();
    let all = with(&["--json", "--authorized"]).report();
    assert!(shown.findings.iter().all(|finding| finding.status != Status::Authorized));
    let hidden: Vec<_> =
        all.findings.iter().filter(|finding| finding.status == Status::Authorized).collect();
    assert!(!hidden.is_empty());
    assert!(hidden.iter().all(|finding| finding.authorized.by == ["joe-onboards"]));
    let used = shown.summary.change_policies.unwrap();
    assert_eq!(used.hidden_findings as usize, hidden.len());
    assert_eq!((used.policies, used.permitted, used.forbidden), (2, 1, 1));
    assert_eq!(all.summary.change_policies.unwrap().hidden_findings, 0);
    let table = with(&[]).out;
    assert!(table.contains("not shown because a policy permits"), "{table}");
    assert!(table.contains("--authorized"), "{table}");
    assert!(table.contains("forbidden by change policy nobody-stops-logging"), "{table}");
    // Whoever is handed a report must see that something is left out of it.
    for format in ["markdown", "html"] {
        let out = with(&["--format", format]).out;
        assert!(out.contains("not shown because a policy permits"), "{format}: {out}");
    }
    let html = with(&["--format", "html", "--authorized"]).out;
    assert!(html.contains("data-status=\"authorized\"") && html.contains("name=\"status\""));
}

/// A report from which all was left out does not say that nothing matched.
#[test]
fn a_report_without_anything_left_says_what_it_leaves_out() {
    let folder = folder();
    let trail = "
        root iam:CreateUser user/alice
        joe iam:PutUserPolicy user/alice allow=*";
    let log = put(folder.path(), "log.json", s3(&records(trail)));
    let policies = folder.path().join("policies");
    std::fs::create_dir(&policies).unwrap();
    let all = "@id(\"all\") @unbounded(\"a test\") permit (principal, action, resource);";
    std::fs::write(policies.join("all.cedar"), all).unwrap();
    let with = |flags: &[&str]| {
        let all: Vec<&str> = ["--change-policies", text(&policies), "--min-severity", "critical"]
            .iter()
            .chain(flags)
            .copied()
            .collect();
        scan(&[&log], &all)
    };
    assert!(!with(&["--json", "--authorized"]).report().findings.is_empty());
    assert!(with(&["--json"]).report().findings.is_empty());
    for format in ["table", "markdown", "html"] {
        let out = with(&["--format", format]).out;
        assert!(!out.contains("None of the detections"), "{format}: {out}");
        let words = out.split_whitespace().collect::<Vec<_>>().join(" ");
        assert!(words.contains("nothing is left to list"), "{format}: {out}");
    }
}

#[test]
fn what_is_forbidden_is_a_finding_of_its_own() {
    let folder = folder();
    let log = put(folder.path(), "log.json", s3(&records(TRAIL)));
    let policies = policies(folder.path());
    let ran = scan(&[&log], &["--change-policies", &policies, "--format", "ndjson"]);
    assert!(ran.rules().contains("unauthorized-change"), "{}", ran.out);
    let listed = run(&["rules", "list"]);
    assert!(listed.out.contains("unauthorized-change"));
}

#[test]
fn the_configuration_may_name_the_folder() {
    let folder = folder();
    let log = put(folder.path(), "log.json", s3(&records(TRAIL)));
    policies(folder.path());
    let config = put(folder.path(), "trailwarden.toml", "change_policies = \"policies\"\n");
    let ran = scan(&[&log], &["--config", &config, "--format", "ndjson"]);
    assert!(ran.rules().contains("unauthorized-change"), "{}", ran.said);
}

#[test]
fn a_bad_folder_ends_before_any_log_is_read() {
    let folder = folder();
    let bad = folder.path().join("bad");
    std::fs::create_dir(&bad).unwrap();
    std::fs::write(bad.join("all.cedar"), "permit (principal, action, resource);").unwrap();
    let empty = folder.path().join("empty");
    std::fs::create_dir(&empty).unwrap();
    for (command, path) in [("scan", &bad), ("changes", &bad), ("scan", &empty)] {
        let ran = run(&[command, "missing.json", "--change-policies", text(path)]);
        assert_eq!((ran.code, ran.out.as_str()), (2, ""), "{}", ran.said);
        assert!(!ran.said.contains("missing.json"), "{}", ran.said);
    }
    let ran = run(&["scan", "missing.json", "--change-policies", text(&bad)]);
    assert!(ran.said.contains("all.cedar"), "{}", ran.said);
}

#[test]
fn changes_carry_what_policies_say_in_every_format() {
    let folder = folder();
    let log = put(folder.path(), "log.json", s3(&records(TRAIL)));
    let policies = policies(folder.path());
    let changes = |flags: &[&str]| {
        let all: Vec<&str> = ["changes", &log, "--change-policies", &policies]
            .iter()
            .chain(flags)
            .copied()
            .collect();
        run(&all).out
    };
    for format in ["table", "json", "ndjson", "csv", "markdown", "html"] {
        let out = changes(&["--format", format]);
        for word in ["joe-onboards", "nobody-stops-logging", "permitted", "forbidden"] {
            assert!(out.contains(word), "{format}: {word}");
        }
        let left = changes(&["--format", format, "--unauthorized"]);
        assert!(!left.contains("joe-onboards"), "{format}");
        assert!(left.contains("nobody-stops-logging") && left.contains("alice"), "{format}");
    }
    let ran = run(&["changes", &log, "--unauthorized"]);
    assert_eq!(ran.code, 2, "{}", ran.said);
    assert!(ran.said.contains("--change-policies"), "{}", ran.said);
}
