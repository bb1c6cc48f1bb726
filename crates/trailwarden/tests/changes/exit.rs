//! Exit codes, and what goes to which stream.

use crate::support::{Changes as _, TRAIL, changes, folder, log, put, records, run};

#[test]
fn exit_codes_tell_how_it_ended() {
    let folder = folder();
    let log = log(folder.path(), &records(TRAIL));
    let bad = put(folder.path(), "bad.json", "no log");
    let code = |args: &[&str]| {
        let args: Vec<&str> = ["changes"].iter().chain(args).copied().collect();
        run(&args).code
    };
    assert_eq!(code(&[&log]), 0);
    assert_eq!(code(&[&log, "--fail-on", "critical"]), 1);
    assert_eq!(code(&[&log, &bad, "--fail-on", "critical"]), 1, "found counts before unread");
    assert_eq!(code(&[&log, &bad]), 3);
    assert_eq!(code(&["missing.json"]), 2);
    assert_eq!(code(&[]), 2);
    assert_eq!(code(&[&log, "--min-severity", "urgent"]), 2);
    assert_eq!(code(&[&log, "--format", "sarif"]), 2);
    let quiet =
        put(folder.path(), "quiet.json", records("root iam:CreateUser user/alice")[0].to_string());
    assert_eq!(code(&[&quiet, "--fail-on", "info"]), 0);
    assert_eq!(code(&[&log, "--until", "2026-03-01", "--fail-on", "info"]), 0);
}

/// Nobody has seen what the managed policy says.
#[test]
fn an_effect_that_is_not_known_is_no_quiet_end() {
    let folder = folder();
    let trail = "root iam:CreateUser user/alice
                 root iam:AttachUserPolicy user/alice {\"request\":{\"policyArn\":\"arn:aws:iam::111122223333:policy/unseen\"}}";
    let log = log(folder.path(), &records(trail));
    let ran = changes(&log, &["--json"]);
    assert_eq!(ran.changes()[1]["moved"], "unknown", "{}", ran.out);
    assert_eq!(ran.code, 3);
    assert_eq!(
        changes(&log, &["--min-severity", "critical"]).code,
        3,
        "hidden is not known either"
    );
    assert_eq!(run(&["scan", &log, "--changes"]).code, 3);
    assert_eq!(changes(&log, &["--until", "2026-03-01T12:00:00Z"]).code, 0);
}

#[test]
fn data_is_on_standard_output_and_notes_are_not() {
    let folder = folder();
    let log = log(folder.path(), &records(TRAIL));
    let bad = put(folder.path(), "bad.json", "no log");
    let ran = run(&["changes", &log, &bad, "--format", "ndjson"]);
    assert_eq!(ran.out.lines().count(), 6);
    assert!(ran.said.contains("1 inputs or records could not be read"), "{}", ran.said);
    let quiet = run(&["changes", &log, &bad, "--format", "ndjson", "--quiet"]);
    assert_eq!((quiet.out, quiet.said), (ran.out, String::new()));
    let file = folder.path().join("out.csv");
    let flags = ["--format", "csv", "--output", file.to_str().unwrap()];
    let written = changes(&log, &flags);
    assert_eq!(written.out, "");
    let plain = changes(&log, &["--format", "csv"]).out;
    assert_eq!(std::fs::read_to_string(&file).unwrap(), plain);
}

#[test]
fn help_shows_examples_and_shells_complete_it() {
    let help = run(&["changes", "--help"]).out;
    for part in ["Examples:", "--baseline", "Exit codes", "--full"] {
        assert!(help.contains(part), "{part}");
    }
    assert!(
        run(&["generate", "completions", "bash"]).out.contains("trailwarden__subcmd__changes")
            || run(&["generate", "completions", "bash"]).out.contains("trailwarden__changes")
    );
}
