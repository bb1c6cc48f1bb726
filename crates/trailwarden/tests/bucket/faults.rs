//! What a bucket does not give costs only itself, and is told.

use crate::s3::S3;
use crate::support::{ROOT, folder, incident, place, run, run_on, trailwarden};

/// Two accounts; the second may not be read.
#[test]
fn what_is_denied_or_broken_costs_only_itself() {
    let mut rules = incident();
    let logs: Vec<String> =
        rules.objects.keys().filter(|key| key.contains("/CloudTrail/")).cloned().collect();
    let other = format!("{ROOT}/444455556666/CloudTrail/us-east-1/2026/03/01/x.json.gz");
    rules.objects.insert(other, b"x".to_vec());
    rules.denied = vec![format!("{ROOT}/444455556666/")];
    let whole = run_on(&S3::new(rules.clone()), &["scan", &place("archive/"), "--json"]);
    assert_eq!(whole.code, 3, "{}", whole.said);
    let denied = whole.rejects();
    assert_eq!(denied.len(), 1, "{denied:?}");
    assert_eq!(denied[0].0, place(&format!("{ROOT}/444455556666/")));
    assert!(denied[0].1.contains("AccessDenied") && denied[0].1.contains("s3:ListBucket"));
    assert!(whole.rules().contains("access-key-for-another-user"));

    // One is replaced while the others are read, one is archived, one is gone.
    rules.replaced = vec![logs[0].clone()];
    rules.errors = [
        (logs[1].clone(), (403, "InvalidObjectState".to_owned())),
        (logs[2].clone(), (404, "NoSuchKey".to_owned())),
    ]
    .into();
    let ran = run_on(&S3::new(rules), &["scan", &place("archive/"), "--json"]);
    assert_eq!(ran.code, 3, "{}", ran.said);
    let rejects = ran.rejects();
    assert_eq!(rejects.len(), 4, "{rejects:?}");
    for (key, word) in logs.iter().zip(["replaced", "restore-object", "deleted"]) {
        let name = place(key);
        let told = rejects.iter().find(|(file, _)| *file == name).unwrap();
        assert!(told.1.contains(word), "{told:?}");
    }
    assert_eq!(ran.report().summary.records, logs.len() as u64 - 3);
}

#[test]
fn nothing_at_all_is_told_with_what_to_do() {
    let s3 = S3::new(incident());
    let ran = run_on(&s3, &["scan", "s3://another-bucket/AWSLogs/", "--json"]);
    let rejects = ran.rejects();
    assert_eq!((ran.code, rejects.len()), (2, 1));
    assert!(
        rejects[0].1.contains("NoSuchBucket") && rejects[0].1.contains("check the bucket's name")
    );
    let ran = run_on(&s3, &["scan", "s3://", "--json"]);
    assert!(ran.code == 2 && ran.said.contains("s3://BUCKET/PREFIX"), "{}", ran.said);
    let mut command = trailwarden(&["scan", &place(""), "--region", "us-east-1"]);
    let home = folder();
    for name in ["AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_SESSION_TOKEN"] {
        command.env_remove(name);
    }
    let output = command.env("HOME", home.path()).output().unwrap();
    let said = String::from_utf8(output.stderr).unwrap();
    assert!(output.status.code() == Some(2) && said.contains("no AWS credentials"), "{said}");
    let ran = run(&["scan", &place("")]);
    assert!(ran.code == 2 && ran.said.contains("--region"), "{}", ran.said);
}

/// Flags of fetching, where nothing is fetched, are a mistake of whoever wrote them.
#[test]
fn flags_without_a_bucket_are_refused() {
    let folder = folder();
    let path = folder.path().to_str().unwrap();
    for flags in [
        &["--dry-run"][..],
        &["--cache", "x"],
        &["--fetch-since", "7d"],
        &["--trail-region", "us-east-1"],
    ] {
        let ran = run(&[&["scan", path], flags].concat());
        assert!(ran.code == 2 && ran.said.contains("s3://BUCKET"), "{flags:?}: {}", ran.said);
    }
}

/// A key is a stranger's text.
#[test]
fn a_key_cannot_act_on_a_terminal() {
    let mut rules = incident();
    rules.objects.insert("archive/\u{1b}[2Jx/\u{202e}evil.json".to_owned(), b"no log".to_vec());
    let s3 = S3::new(rules);
    for format in ["table", "json", "html", "markdown"] {
        let ran =
            run_on(&s3, &["scan", &place("archive/"), "--format", format, "--color", "always"]);
        assert_eq!(ran.code, 3, "{}", ran.said);
        assert!(ran.out.contains("evil.json"), "{format}");
        let whole = format!("{}{}", ran.out, ran.said);
        assert!(!whole.contains("\u{1b}[2J") && !whole.contains('\u{202e}'), "{format}");
    }
}

/// A list that was not waited for tells too little, and must not pass for the whole.
#[cfg(target_os = "linux")]
#[test]
fn ctrl_c_ends_a_dry_run() {
    use std::process::{Command, Stdio};
    let mut rules = incident();
    rules.stalled = vec![format!("prefix={ROOT}/111122223333/CloudTrail/")];
    let s3 = S3::new(rules);
    let args = ["scan", &place("archive/"), "--dry-run", "--region", "us-east-1"];
    let child = trailwarden(&[&args[..], &["--endpoint-url", &s3.url]].concat())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    s3.wait_for_stalled();
    let kill = format!("kill -INT {}", child.id());
    assert!(Command::new("sh").args(["-c", &kill]).status().unwrap().success());
    let ran = crate::support::Ran::of(child.wait_with_output().unwrap());
    assert_eq!(ran.code, 130, "{}", ran.said);
    assert!(!ran.said.contains("interrupted"), "{}", ran.said);
}

/// Ctrl-C while S3 keeps somebody waiting: what was read is judged.
#[cfg(target_os = "linux")]
#[test]
fn ctrl_c_ends_while_s3_is_silent() {
    use std::process::{Command, Stdio};
    let mut rules = incident();
    let last = rules.objects.keys().rfind(|key| key.contains("/CloudTrail/")).unwrap().clone();
    rules.stalled = vec![last.clone()];
    let s3 = S3::new(rules);
    let args = ["scan", &place("archive/"), "--json", "--region", "us-east-1", "--threads", "1"];
    let child = trailwarden(&[&args[..], &["--endpoint-url", &s3.url]].concat())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    s3.wait_for_stalled();
    let kill = format!("kill -INT {}", child.id());
    assert!(Command::new("sh").args(["-c", &kill]).status().unwrap().success());
    let ran = crate::support::Ran::of(child.wait_with_output().unwrap());
    assert_eq!(ran.code, 130, "{}", ran.said);
    assert!(ran.report().summary.interrupted);
    assert_eq!(ran.rejects(), vec![], "an interruption is no damage");
}
