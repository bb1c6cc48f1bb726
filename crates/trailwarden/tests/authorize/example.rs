//! The example: a pipeline, and the handful that it did not do.

use std::collections::BTreeSet;

use crate::support::{LOGS, POLICIES, run};

/// The changes that nobody allowed, as its README lists them.
const HANDFUL: [&str; 6] = [
    "639f73c7-acd5-40e1-af81-f43fafef13e5",
    "740395d8-b866-4d95-a8e1-1b1f83ff4e12",
    "771c3f86-3a70-4629-af2a-66b0e5b8e06a",
    "032aeb5c-73a0-4369-a430-98bbf99ead5e",
    "2b23baec-e77e-428e-a085-5449ce27f700",
    "6832230d-20c1-419d-a20e-72da4bb47f90",
];

fn events(flags: &[&str]) -> BTreeSet<String> {
    let args: Vec<&str> = ["scan", LOGS, "--json"].iter().chain(flags).copied().collect();
    let report = run(&args).json();
    let findings = report["findings"].as_array().unwrap().iter();
    let evidence = findings.flat_map(|finding| finding["evidence"].as_array().unwrap());
    evidence.map(|record| record["event_id"].as_str().unwrap().to_owned()).collect()
}

#[test]
fn the_scan_shows_exactly_the_handful() {
    let handful: BTreeSet<String> = HANDFUL.map(str::to_owned).into();
    let all = events(&[]);
    assert!(all.len() > handful.len() && all.is_superset(&handful), "{all:?}");
    assert_eq!(events(&["--change-policies", POLICIES]), handful);
}

#[test]
fn its_cases_pass() {
    let ran = run(&["authorize", "test", POLICIES]);
    assert_eq!(ran.code, 0, "{}{}", ran.out, ran.said);
    assert!(ran.out.ends_with("8 cases: 8 passed, 0 failed\n"), "{}", ran.out);
}
