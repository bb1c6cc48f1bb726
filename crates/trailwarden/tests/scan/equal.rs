//! The same findings, however the same records come.

use flate2::Compression;
use serde_json::Value;

use crate::support::{INCIDENT, folder, gzip, put, records, s3, scan, text};

/// A few thousand records: ordinary reads of many people around the incident.
fn busy() -> Vec<Value> {
    let mut trail = String::new();
    for hour in 0..60 {
        for person in 0..40 {
            let step = if person == 0 { "+55m" } else { "+3s" };
            trail.push_str(&format!("{step} person-{person} s3:ListBuckets ip=192.0.2.{person}\n"));
        }
        let line = INCIDENT.lines().filter(|line| !line.trim().is_empty()).nth(hour / 8);
        trail.push_str(line.filter(|_| hour % 8 == 0).unwrap_or_default());
        trail.push('\n');
    }
    records(&trail)
}

#[test]
fn threads_order_duplicates_memory_and_no_skip_change_nothing() {
    let folder = folder();
    let all = busy();
    assert!(all.len() > 2_000);
    let mut paths = Vec::new();
    for (number, chunk) in all.chunks(300).enumerate() {
        // Delivered twice in part: the tail of each file is in the next one again.
        let mut chunk = chunk.to_vec();
        let earlier = number.checked_sub(1).map_or(0, |before| before * 300 + 280);
        if number > 0 {
            chunk.extend_from_slice(&all[earlier..earlier + 20]);
        }
        chunk.reverse();
        let stored = gzip(s3(&chunk).as_bytes(), Compression::default());
        paths.push(put(folder.path(), &format!("{number:02}.json.gz"), stored));
    }
    let paths: Vec<&str> = paths.iter().map(String::as_str).collect();
    let ndjson = ["--format", "ndjson"];
    let expected = scan(&paths, &ndjson);
    assert!(expected.rules().len() >= 4, "{:?}", expected.rules());
    let report = scan(&paths, &["--json"]).report();
    assert_eq!(report.summary.records - report.summary.duplicates, all.len() as u64);
    assert_eq!(report.summary.duplicates, 20 * (paths.len() as u64 - 1));

    let spill = folder.path().join("spill");
    std::fs::create_dir(&spill).unwrap();
    for flags in [
        &["--threads", "1"][..],
        &["--threads", "2"],
        &["--threads", "4"],
        &["--no-skip"],
        &["--no-skip", "--threads", "3", "--memory-max", "1KB"],
        &["--memory-max", "1", "--spill-dir", text(&spill)],
        &["--memory-max", "20KB", "--threads", "2"],
    ] {
        assert_eq!(scan(&paths, &[&ndjson, flags].concat()).out, expected.out, "{flags:?}");
    }
    let reversed: Vec<&str> = paths.iter().rev().copied().collect();
    assert_eq!(scan(&reversed, &ndjson).out, expected.out, "reversed");
    let twice: Vec<&str> = paths.iter().chain(&paths).copied().collect();
    assert_eq!(scan(&twice, &ndjson).out, expected.out, "the same paths twice");
    let shuffled: Vec<&str> =
        (0..paths.len()).map(|number| paths[number * 5 % paths.len()]).collect();
    assert_eq!(scan(&shuffled, &["--format", "ndjson", "--threads", "4"]).out, expected.out);
    assert!(spill.read_dir().unwrap().next().is_none(), "spilled files are gone");
}

/// A copy of a file is another file: the evidence names the first by name, whichever came first.
#[test]
fn copies_of_files_count_once() {
    let folder = folder();
    let content = s3(&records(INCIDENT));
    let first = put(folder.path(), "a.json", &content);
    let second = put(folder.path(), "b.json", &content);
    let alone = scan(&[&first], &["--format", "ndjson"]);
    assert_eq!(scan(&[&first, &second], &["--format", "ndjson"]).out, alone.out);
    assert_eq!(scan(&[&second, &first], &["--format", "ndjson"]).out, alone.out);
}

#[test]
fn a_full_spill_folder_is_an_error_that_says_so() {
    let folder = folder();
    let log = put(folder.path(), "log.json", s3(&records(INCIDENT)));
    let nowhere = folder.path().join("nowhere");
    let ran = scan(&[&log], &["--memory-max", "1", "--spill-dir", text(&nowhere)]);
    assert_eq!(ran.code, 2);
    assert!(ran.said.contains("--spill-dir"), "{}", ran.said);
}
