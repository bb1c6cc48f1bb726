//! The seeds of the `sigma` fuzz target, replayed by the ordinary tests.

use trailwarden_detect::sigma::{RuleSet, Source, lint};

#[test]
fn every_seed_loads_or_is_reported() {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/../../fuzz/corpus/sigma");
    let mut seeds = 0;
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        let text = std::fs::read_to_string(&path).unwrap();
        let sources = [Source { name: path.display().to_string(), text }];
        let messages = lint(&sources);
        let (rules, errors) = RuleSet::load(&sources);
        seeds += 1;
        let is_silent = rules.rules().is_empty() && errors.is_empty() && messages.is_empty();
        assert!(!is_silent, "{} is dropped in silence", path.display());
    }
    assert!(seeds >= 5, "{seeds} seeds");
}
