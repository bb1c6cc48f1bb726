//! The same records give the same story.

use trailwarden_runtime::investigate::Investigation;

use crate::support::{Story as _, fixture, folder, put, run};

fn story(args: &[&str]) -> Investigation {
    let all: Vec<&str> =
        ["investigate", "--principal", "pavel", "--json"].iter().chain(args).copied().collect();
    let ran = run(&all);
    assert_eq!(ran.code, 0, "{}", ran.said);
    let mut story = ran.story();
    // Files and bytes are of the input, not of what happened.
    (story.summary.files, story.summary.bytes_stored, story.summary.bytes_inflated) = (0, 0, 0);
    story
}

#[test]
fn workers_memory_and_the_order_of_records_change_nothing() {
    let whole = fixture("trails/leaked-intern-key.ndjson");
    let text = std::fs::read_to_string(&whole).unwrap();
    let lines: Vec<&str> = text.lines().collect();
    let folder = folder();
    let part = |name: &str, step: usize| {
        let some: Vec<&str> = lines.iter().rev().skip(step).step_by(3).copied().collect();
        put(folder.path(), name, some.join("\n"))
    };
    let parts = [part("a.ndjson", 2), part("b.ndjson", 0), part("c.ndjson", 1)];
    let expected = story(&[whole.to_str().unwrap()]);
    assert!(expected.timeline.len() > 20);
    for flags in [["--threads", "1"], ["--threads", "3"], ["--memory-max", "4KB"]] {
        let args: Vec<&str> = parts.iter().map(String::as_str).chain(flags).collect();
        assert_eq!(story(&args), expected, "{flags:?}");
    }
}

#[test]
fn a_record_delivered_twice_counts_once() {
    let whole = fixture("trails/leaked-intern-key.ndjson");
    let expected = story(&[whole.to_str().unwrap()]);
    let folder = folder();
    let copy = put(folder.path(), "copy.ndjson", std::fs::read(&whole).unwrap());
    let mut twice = story(&[whole.to_str().unwrap(), &copy]);
    assert_eq!(twice.summary.records, 2 * expected.summary.records);
    twice.summary.records = expected.summary.records;
    assert_eq!(twice, expected);
}
