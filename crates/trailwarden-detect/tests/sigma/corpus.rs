//! All public CloudTrail rules over all logs of real attacks: everything loads, and the matcher,
//! the plan, the memo and the reference agree on every rule and record.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use rsigma_parser::parse_sigma_yaml;
use trailwarden_detect::sigma::{Memo, RuleSet, Source};
use trailwarden_testkit::skip;

use super::assert_planned;
use super::json::{self, Json};
use super::reference;

fn data(test: &str) -> Option<PathBuf> {
    skip::variable(&format!("sigma::corpus::{test}"), "TRAILWARDEN_TEST_DATA").map(PathBuf::from)
}

fn files(folder: &Path, suffix: &str) -> Vec<(String, String)> {
    let mut out: Vec<(String, String)> = std::fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .filter(|path| path.to_string_lossy().ends_with(suffix))
        .map(|path| {
            let name = path.file_name().unwrap().to_string_lossy().into_owned();
            (name, std::fs::read_to_string(path).unwrap())
        })
        .collect();
    out.sort();
    out
}

fn sources(data: &Path) -> Vec<Source> {
    let files = files(&data.join("sigma-cloudtrail"), ".yml");
    files.into_iter().map(|(name, text)| Source { name, text }).collect()
}

#[test]
fn every_public_rule_loads() {
    let Some(data) = data("every_public_rule_loads") else { return };
    let sources = sources(&data);
    let (rules, errors) = RuleSet::load(&sources);
    assert_eq!(errors, []);
    assert_eq!((sources.len(), rules.rules().len()), (57, 57));
    for rule in rules.rules() {
        assert!(!rule.attack.is_empty() || !rule.tactics.is_empty(), "{}", rule.file);
        assert!(rule.attack.iter().all(|attack| attack.tactic != "Unknown"), "{}", rule.file);
        assert!(!rule.fields.is_empty() && !rule.risk.is_empty(), "{}", rule.file);
    }
}

#[test]
fn matcher_index_and_reference_agree_on_real_attacks() {
    let test = "matcher_index_and_reference_agree_on_real_attacks";
    let Some(data) = data(test) else { return };
    let sources = sources(&data);
    let (rules, _) = RuleSet::load(&sources);
    let parsed: Vec<_> =
        sources.iter().map(|s| parse_sigma_yaml(&s.text).unwrap().rules.remove(0)).collect();
    let logs = files(&data.join("stratus-red-team"), ".json");
    assert_eq!(logs.len(), 35);
    let mut records = 0;
    let mut memo = Memo::new(rules.clone());
    let mut plans: BTreeMap<String, usize> = BTreeMap::new();
    let mut hits: BTreeMap<&str, usize> = BTreeMap::new();
    for (log, text) in &logs {
        let Json::List(all) = json::parse(text) else { panic!("{log} is not a list") };
        for record in all {
            records += 1;
            let raw = record.text(true);
            let value: sonic_rs::Value = sonic_rs::from_str(&raw).unwrap();
            let found: Vec<usize> =
                rules.evaluate(&value).hits().iter().map(|hit| hit.rule()).collect();
            let expected: Vec<usize> =
                (0..parsed.len()).filter(|at| reference::matches(&parsed[*at], &record)).collect();
            assert_eq!(found, expected, "{log}: {raw}");
            assert_planned(&mut memo, &raw);
            let (name, source) = (record.top_text("eventName"), record.top_text("eventSource"));
            *plans.entry(format!("{:?}", rules.plan(name, source))).or_default() += 1;
            for rule in expected {
                *hits.entry(rules.rules()[rule].file.as_str()).or_default() += 1;
            }
        }
    }
    println!("{records} records, {plans:?}");
    for (rule, count) in &hits {
        println!("{count:6} {rule}");
    }
    assert!(hits.len() >= 10, "the corpus exercises the rules: {hits:?}");
}
