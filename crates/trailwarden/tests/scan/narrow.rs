//! What narrows a scan: times, accounts, severities, earlier findings, the configuration.

use trailwarden_model::Severity;
use trailwarden_model::finding::Status;

use crate::support::{INCIDENT, folder, put, records, s3, scan, text};

const TWO_DAYS: &str = "mallory iam:CreateAccessKey user/alice
    +1d mallory iam:CreateAccessKey user/bob
    +1d mallory iam:CreateAccessKey user/carol account=444455556666";

fn targets(ran: &crate::support::Ran) -> Vec<String> {
    let findings = ran.findings().into_iter();
    let keys = findings.filter(|finding| finding.rule == "access-key-for-another-user");
    let mut names: Vec<String> = keys.filter_map(|finding| finding.target.name).collect();
    names.sort();
    names
}

#[test]
fn times_and_accounts_choose_records_and_findings() {
    let folder = folder();
    let log = put(folder.path(), "log.json", s3(&records(TWO_DAYS)));
    let of = |flags: &[&str]| targets(&scan(&[&log], &[&["--format", "ndjson"], flags].concat()));
    assert_eq!(of(&[]), ["alice", "bob", "carol"]);
    assert_eq!(of(&["--since", "2026-03-02T00:00:00Z"]), ["bob", "carol"]);
    assert_eq!(of(&["--until", "2026-03-02T00:00:00Z"]), ["alice"]);
    assert_eq!(of(&["--until", "2026-03-02T12:00:00Z"]), ["alice", "bob"], "a bound counts in");
    assert_eq!(of(&["--since", "2026-03-02", "--until", "2026-03-03"]), ["bob"]);
    // Noon UTC of the second day is after midnight of the third in Kiribati.
    let kiribati = ["--timezone", "Pacific/Kiritimati", "--since", "2026-03-03"];
    assert_eq!(of(&kiribati), ["bob", "carol"]);
    assert_eq!(of(&["--account", "444455556666"]), ["carol"]);
    let both = ["--account", "444455556666", "--account", "111122223333"];
    assert_eq!(of(&both), ["alice", "bob", "carol"]);
    let summary = scan(&[&log], &["--json", "--account", "444455556666"]).report().summary;
    assert_eq!((summary.records, summary.filtered), (3, 2));
}

/// What was before `--since` still explains what is after it.
#[test]
fn since_keeps_the_past_as_context() {
    let folder = folder();
    let trail = "mallory sts:AssumeRole role/app issues=ASIAAPP
        +1h role/app/build iam:CreateAccessKey user/alice key=ASIAAPP";
    let log = put(folder.path(), "log.json", s3(&records(trail)));
    let ran = scan(&[&log], &["--format", "ndjson", "--since", "2026-03-01T12:30:00Z"]);
    let finding = &ran.findings()[0];
    assert_eq!(finding.actor.name.as_deref(), Some("mallory"), "{}", finding.explanation);
}

#[test]
fn min_severity_hides_and_the_summary_follows() {
    let folder = folder();
    let log = put(folder.path(), "log.json", s3(&records(INCIDENT)));
    let report = scan(&[&log], &["--json", "--min-severity", "high"]).report();
    assert!(!report.findings.is_empty());
    assert!(report.findings.iter().all(|finding| finding.severity >= Severity::High));
    assert_eq!(report.summary.by_severity.values().sum::<u64>(), report.findings.len() as u64);
    assert!(scan(&[&log], &["--json"]).report().findings.len() > report.findings.len());
}

#[test]
fn previous_findings_are_not_told_again() {
    let folder = folder();
    let all = records(
        "mallory iam:CreateAccessKey user/alice
         +1h mallory iam:CreateAccessKey user/alice
         +1h mallory iam:CreateAccessKey user/bob",
    );
    let log = put(folder.path(), "first.json", s3(&all[1..]));
    for format in ["ndjson", "json"] {
        let old = folder.path().join(format!("old.{format}"));
        assert_eq!(scan(&[&log], &["--format", format, "--output", text(&old)]).code, 0);
        let again = ["--format", "ndjson", "--previous", text(&old), "--fail-on", "info"];
        let ran = scan(&[&log], &again);
        assert_eq!((ran.code, ran.out.as_str()), (0, ""), "{format}");
        // A record that comes late moves the beginning, and so makes a new finding that replaces
        // the old one. The finding about bob stays as it is.
        let late = put(folder.path(), "late.json", s3(&all[..1]));
        let ran = scan(&[&log, &late], &again);
        let findings = ran.findings();
        assert_eq!((ran.code, findings.len()), (1, 1), "{}", ran.out);
        let before = scan(&[&log], &["--format", "ndjson"]).findings();
        let alice = before.iter().find(|old| old.target.name.as_deref() == Some("alice")).unwrap();
        assert_eq!(findings[0].supersedes, [alice.id.as_str()]);
        assert_ne!(findings[0].id, alice.id);
    }
    let wrong = put(folder.path(), "wrong.ndjson", "{}\n");
    let ran = scan(&[&log], &["--previous", &wrong]);
    assert_eq!(ran.code, 2);
    assert!(ran.said.contains("line 1"), "{}", ran.said);
}

/// More evidence keeps a finding's id.
#[test]
fn more_evidence_is_no_new_finding() {
    let folder = folder();
    let all = records(
        "mallory iam:CreateAccessKey user/alice
         +1h mallory iam:CreateAccessKey user/alice",
    );
    let first = put(folder.path(), "first.json", s3(&all[..1]));
    let second = put(folder.path(), "second.json", s3(&all[1..]));
    let id = |paths: &[&str]| scan(paths, &["--format", "ndjson"]).findings()[0].id.clone();
    assert_eq!(id(&[&first]), id(&[&first, &second]));
}

#[test]
fn a_suppression_hides_until_it_expires() {
    let folder = folder();
    let log = put(folder.path(), "log.json", s3(&records(TWO_DAYS)));
    let config = |expires: &str| {
        let text = format!(
            "[[suppressions]]\nrule = \"access-key-for-another-user\"\nsubject = \"alice\"\n\
             reason = \"joiner, ticket 7\"\nexpires = \"{expires}\"\n"
        );
        put(folder.path(), "trailwarden.toml", text)
    };
    let path = config("2999-01-01T00:00:00Z");
    let flags = ["--format", "ndjson", "--config", &path];
    assert_eq!(targets(&scan(&[&log], &flags)), ["bob", "carol"]);
    let shown = scan(&[&log], &[&flags[..], &["--show-suppressed"]].concat());
    let suppressed: Vec<_> =
        shown.findings().into_iter().filter(|one| one.status == Status::Suppressed).collect();
    assert_eq!(suppressed.len(), 1);
    // A suppressed finding does not fail a run.
    let only_alice = ["--until", "2026-03-01T13:00:00Z", "--fail-on", "low", "--config", &path];
    assert_eq!(scan(&[&log], &only_alice).code, 0);
    let path = config("2026-03-01T00:00:00Z");
    let flags = ["--format", "ndjson", "--config", &path];
    assert_eq!(targets(&scan(&[&log], &flags)), ["alice", "bob", "carol"]);
}

#[test]
fn a_wrong_configuration_is_named_with_its_place() {
    let folder = folder();
    let log = put(folder.path(), "log.json", s3(&records(INCIDENT)));
    for (content, says) in [
        ("organisation = \"o-x\"\n", &["organisation", "organization", "1"][..]),
        ("accounts = [\"123\"]\n", &["accounts", "12-digit"]),
        ("[thresholds]\nmany-calls-deneid = 3\n", &["many-calls-deneid", "rules list"]),
        ("[windows]\nmany-calls-denied = \"soon\"\n", &["soon", "10m"]),
        ("[[suppressions]]\nrule = \"x\"\nsubject = \"*\"\nreason = \"\"\n", &["expires"]),
        ("accounts = ", &["line 1"]),
    ] {
        let path = put(folder.path(), "trailwarden.toml", content);
        let ran = scan(&[&log], &["--config", &path]);
        assert_eq!(ran.code, 2, "{content}");
        for word in says {
            assert!(ran.said.contains(word), "{word} is not in\n{}", ran.said);
        }
    }
}

#[test]
fn own_accounts_and_thresholds_are_heeded() {
    let folder = folder();
    let trust = r#"mallory iam:UpdateAssumeRolePolicy role/app {"request":{"policyDocument":"{\"Version\":\"2012-10-17\",\"Statement\":[{\"Effect\":\"Allow\",\"Principal\":{\"AWS\":\"arn:aws:iam::444455556666:root\"},\"Action\":\"sts:AssumeRole\"}]}"}}"#;
    let log = put(folder.path(), "log.json", s3(&records(trust)));
    let rule = "role-trusts-foreign-account";
    assert!(scan(&[&log], &["--format", "ndjson"]).rules().contains(rule));
    let path =
        put(folder.path(), "trailwarden.toml", "accounts = [\"111122223333\", \"444455556666\"]\n");
    let ran = scan(&[&log], &["--format", "ndjson", "--config", &path]);
    assert!(!ran.rules().contains(rule), "{}", ran.out);
    // The file in the working folder is read without being named.
    let mut command = crate::support::trailwarden(&["scan", &log, "--format", "ndjson"]);
    let output = command.current_dir(folder.path()).output().unwrap();
    assert!(!String::from_utf8(output.stdout).unwrap().contains(rule));
}
