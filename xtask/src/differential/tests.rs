//! The generator, and a small run where node and the reference are there.

use std::io::Write as _;

use super::programs::Programs;
use super::*;

#[test]
fn same_seed_same_cases() {
    for number in 0..200 {
        assert_eq!(generate::case(7, number), generate::case(7, number));
    }
    assert_ne!(generate::case(7, 1), generate::case(8, 1));
}

#[test]
fn cases_show_every_policy_kind_principal_and_operator() {
    let cases: Vec<Value> = (0..3_000).map(|number| generate::case(1, number)).collect();
    for kind in count::KINDS {
        assert!(cases.iter().any(|case| case.get(kind).is_some()), "{kind}");
    }
    let text = serde_json::to_string(&cases).unwrap();
    for (name, _) in operator::OPERATORS {
        assert!(text.contains(&format!("\"{name}\"")), "{name}");
    }
    let principals: std::collections::BTreeSet<&str> = cases.iter().map(count::principal).collect();
    assert_eq!(principals.len(), 6, "{principals:?}");
}

/// The whole comparison, on few cases.
#[test]
fn our_evaluator_agrees_with_the_reference() {
    let programs = match Programs::find().unwrap() {
        Ok(programs) => programs,
        Err(missing) => return skip("our_evaluator_agrees_with_the_reference", &missing),
    };
    let run = compare(&programs, 1, SMALL).unwrap();
    let shown = described(&programs, &run.differences, 1).unwrap();
    assert!(run.differences.is_empty(), "{} differences\n{shown}", run.differences.len());
    assert_eq!(report::thin(&run.counts, SMALL), Vec::<String>::new());
}

fn skip(test: &str, cause: &str) {
    let line = format!("skipped: differential::{test}: {cause}");
    println!("{line}");
    if let Some(log) = std::env::var_os("TRAILWARDEN_SKIP_LOG") {
        let mut log = std::fs::OpenOptions::new().create(true).append(true).open(log).unwrap();
        writeln!(log, "{line}").unwrap();
    }
}
