//! A noisy account: hundreds of ordinary changes, of which a handful of reasons is left.

use crate::support::{folder, run};

/// `cargo xtask corpus infrastructure` made it; see `docs/concepts/noise.md`.
const TRAIL: &str = "fixtures/trails/infrastructure.ndjson.zst";

#[test]
fn most_of_a_noisy_pipeline_is_covered_by_a_few_permits() {
    let folder = folder();
    let dir = folder.path().join("new");
    let dir = dir.to_str().unwrap();
    // The trail does not show how CloudFormation enters its role.
    let answer = run(&["authorize", "suggest", TRAIL, "--json"]).json();
    let left = answer["left"].as_array().unwrap().iter();
    let unentered: Vec<_> = left.filter(|left| left["why"] == "entrance_unknown").collect();
    assert!(unentered[0]["count"].as_u64().unwrap() > 50, "{answer}");
    let flags = ["--any-entrance", "--output", dir, "--json"];
    let args: Vec<&str> = ["authorize", "suggest", TRAIL].into_iter().chain(flags).collect();
    let answer = run(&args).json();
    let count = |name: &str| answer[name].as_u64().unwrap();
    assert!(count("changes") > 300, "{}", count("changes"));
    assert!(count("covered") * 10 >= count("changes") * 8, "{answer}");
    assert!(answer["permits"].as_array().unwrap().len() <= 12, "{answer}");
    assert!(answer["left"].as_array().unwrap().len() <= 6, "{answer}");
    assert_eq!(run(&["authorize", "test", dir]).code, 0);
    // The findings that were there are authorized, but for those of machines' own keys.
    let before = run(&["scan", TRAIL, "--json"]).json();
    let after = run(&["scan", TRAIL, "--change-policies", dir, "--json"]).json();
    let findings = |report: &serde_json::Value| report["findings"].as_array().unwrap().len();
    assert!(
        findings(&after) * 4 <= findings(&before),
        "{} of {}",
        findings(&after),
        findings(&before)
    );
}
