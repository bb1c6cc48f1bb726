//! The same answers as of a copy of the bucket.

use crate::s3::S3;
use crate::support::{ROOT, copy, incident, place, run, run_on, text};

#[test]
fn a_bucket_and_its_copy_give_the_same_findings() {
    let rules = incident();
    let folder = copy(&rules);
    let expected = run(&["scan", text(folder.path()), "--json"]);
    assert!(expected.rules().len() >= 3, "{:?}", expected.rules());
    let s3 = S3::new(rules.clone());
    for prefix in ["", "archive", "archive/AWSLogs/", ROOT] {
        let ran = run_on(&s3, &["scan", &place(prefix), "--json"]);
        assert_eq!((ran.code, ran.rejects()), (0, vec![]), "{prefix}: {}", ran.said);
        assert_eq!(ran.findings(), expected.findings(), "{prefix}");
    }
    for flags in [&["--threads", "1"][..], &["--threads", "7"], &["--no-skip"]] {
        let ran = run_on(&s3, &[&["scan", &place(""), "--json"], flags].concat());
        assert_eq!(ran.findings(), expected.findings(), "{flags:?}");
    }
    // Pages of two keys, in another region than was told.
    let elsewhere = crate::s3::Rules { page: 2, region: "eu-west-1".to_owned(), ..rules };
    let ran = run_on(&S3::new(elsewhere), &["scan", &place(""), "--json"]);
    assert_eq!(ran.findings(), expected.findings(), "{}", ran.said);
}

#[test]
fn every_command_that_reads_logs_reads_a_bucket() {
    let rules = incident();
    let folder = copy(&rules);
    let s3 = S3::new(rules);
    let (local, there) = (text(folder.path()).to_owned(), place("archive/"));
    for (args, flags) in [
        (&["changes"][..], &["--json"][..]),
        (&["investigate"], &["--principal", "mallory", "--json"]),
        (&["can", "mallory", "iam:CreateUser", "--logs"], &["--json"]),
        (&["who-can", "iam:CreateUser", "--logs"], &["--json"]),
        (&["paths", "--logs"], &["--json"]),
        (&["history", "diff", "--since", "2020-01-01", "--logs"], &["--json"]),
    ] {
        let expected = run(&[args, &[&local], flags].concat());
        let ran = run_on(&s3, &[args, &[&there], flags].concat());
        assert_eq!(ran.code, expected.code, "{args:?}: {}", ran.said);
        let plain = |text: &str, root: &str| text.replace(root, "ROOT/");
        assert_eq!(
            plain(&ran.out, &there.replace("archive/", "")),
            plain(&expected.out, &format!("{local}/")),
            "{args:?}"
        );
    }
}

/// One worker does not mean one request: objects are fetched ahead of it.
#[test]
fn objects_are_fetched_together() {
    let s3 = S3::new(crate::s3::Rules { together: 4, ..incident() });
    let ran = run_on(&s3, &["scan", &place("archive/"), "--json", "--threads", "1"]);
    assert_eq!((ran.code, ran.rejects()), (0, vec![]), "{}", ran.said);
}

/// What was given first comes first, wherever it lies, and twice is once.
#[test]
fn local_files_and_buckets_mix() {
    let rules = incident();
    let folder = copy(&rules);
    let s3 = S3::new(rules);
    let (local, there) = (text(folder.path()), place(""));
    let expected = run(&["scan", local, "--json"]);
    for paths in [[local, &there], [&there, local]] {
        let ran = run_on(&s3, &[&["scan", "--json"], &paths[..]].concat());
        assert_eq!(ran.code, 0, "{}", ran.said);
        let summary = ran.report().summary;
        assert_eq!(summary.records, 2 * expected.report().summary.records);
        let rules: Vec<String> = ran.findings().into_iter().map(|finding| finding.id).collect();
        let wanted: Vec<String> =
            expected.findings().into_iter().map(|finding| finding.id).collect();
        assert_eq!(rules, wanted);
    }
    let before = s3.fetched();
    let ran = run_on(&s3, &["scan", &place("archive/"), &there, "--json"]);
    assert_eq!(ran.report().summary.records, expected.report().summary.records);
    assert!(s3.fetched() > before);
}

/// Only what may matter is fetched: days by their folders, and whole accounts and regions.
#[test]
fn time_account_and_region_bound_what_is_fetched() {
    let rules = incident();
    let logs = rules.objects.len() - 1;
    let s3 = S3::new(rules);
    let fetched = |flags: &[&str]| {
        let before = s3.fetched();
        let ran = run_on(&s3, &[&["scan", &place("archive/AWSLogs/"), "--json"], flags].concat());
        (ran.code, s3.fetched() - before, ran.report().summary.records)
    };
    let (code, all, records) = fetched(&["--min-severity", "critical"]);
    assert!(code == 0 && all >= logs && records == logs as u64);
    let first = trailwarden_detect::trail::records("a iam:ListUsers").unwrap();
    let first = first[0]["eventTime"].as_str().unwrap().to_owned();
    let (_, _, early) = fetched(&["--until", &first]);
    assert!(early < records, "{early}");
    let (code, none, _) = fetched(&["--account", "999999999999"]);
    assert_eq!((code, none), (2, 0));
    let (code, none, _) = fetched(&["--trail-region", "ap-south-1"]);
    assert_eq!((code, none), (2, 0));
    let (_, _, late) = fetched(&["--fetch-since", "2099-01-01"]);
    assert_eq!(late, 0);
}
