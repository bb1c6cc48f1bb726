//! What is fetched once need not be fetched again; and what it takes is told before.

use crate::s3::S3;
use crate::support::{folder, gzip, incident, place, run, run_on, text};

#[test]
fn what_is_kept_is_not_fetched_again() {
    let s3 = S3::new(incident());
    let kept = folder();
    let cache = kept.path().join("deep/er");
    let there = place("archive/");
    let scan = || run_on(&s3, &["scan", &there, "--json", "--cache", text(&cache)]);
    let first = scan();
    let fetched = s3.fetched();
    // Each once, also those whose records are read again for their words.
    assert_eq!(fetched, s3.rules.lock().unwrap().objects.len() - 1);
    let second = scan();
    assert_eq!((first.code, second.code, s3.fetched()), (0, 0, fetched), "{}", first.said);
    assert_eq!(second.findings(), first.findings());
    assert!(second.said.contains("are in the cache"), "{}", second.said);
    // The folder is a copy like any other.
    let offline = run(&["scan", text(&cache), "--json"]);
    assert_eq!((offline.code, offline.findings()), (0, first.findings()), "{}", offline.said);
    // What changed, what was cut and what is gone is fetched again; nothing else.
    let keys: Vec<String> = {
        let mut rules = s3.rules.lock().unwrap();
        let keys: Vec<String> =
            rules.objects.keys().filter(|key| key.contains("/CloudTrail/")).cloned().collect();
        rules.objects.insert(keys[0].clone(), gzip(b"{\"Records\":[]}"));
        keys
    };
    let path = |key: &String| cache.join("trail-logs").join(key);
    std::fs::write(path(&keys[1]), b"cut").unwrap();
    std::fs::remove_file(path(&keys[2])).unwrap();
    assert_eq!(scan().code, 0);
    assert_eq!(s3.fetched(), fetched + 3);
}

#[test]
fn a_dry_run_fetches_nothing_and_tells_what_it_takes() {
    let s3 = S3::new(incident());
    let logs = s3.rules.lock().unwrap().objects.len() - 1;
    for command in [&["scan"][..], &["changes"], &["investigate", "--principal", "mallory"]] {
        let there = place("archive/AWSLogs/");
        let ran = run_on(&s3, &[command, &[&there, "--dry-run"]].concat());
        assert_eq!(ran.code, 0, "{}", ran.said);
        let first = ran.out.lines().next().unwrap();
        assert!(first.starts_with(&format!("objects    {logs}, ")), "{}", ran.out);
        for word in ["requests", "cost", "time", "Assumed:"] {
            assert!(ran.out.contains(word), "{}", ran.out);
        }
    }
    assert_eq!(s3.fetched(), 0);
    let ran = run_on(&s3, &["scan", &place("nothing/"), "--dry-run"]);
    assert!(ran.code == 2 && ran.said.contains("holds no log files"), "{}", ran.said);
}

/// What is about to be spent is told before it is, and not to whoever asked for quiet.
#[test]
fn what_it_takes_is_told_before_it_begins() {
    let s3 = S3::new(incident());
    let there = place("archive/");
    let ran = run_on(&s3, &["scan", &there, "--json"]);
    assert!(ran.said.contains(" objects, ") && ran.said.contains("for requests"), "{}", ran.said);
    let ran = run_on(&s3, &["scan", &there, "--json", "--quiet"]);
    assert_eq!(ran.said, "");
}

#[test]
fn a_folder_that_cannot_keep_anything_is_told() {
    let s3 = S3::new(incident());
    let own = folder();
    let file = own.path().join("file");
    std::fs::write(&file, "x").unwrap();
    let ran = run_on(&s3, &["scan", &place("archive/"), "--cache", text(&file)]);
    assert!(ran.code == 2 && ran.said.contains("cannot keep anything in"), "{}", ran.said);
    assert!(s3.seen().is_empty());
}
