//! The seeds of the `policy` fuzz target, replayed by the ordinary tests.

use trailwarden_policy::lint::lint_located;
use trailwarden_policy::locate::locate;
use trailwarden_policy::{Document, trust};

#[test]
fn every_seed_is_read_or_refused_without_a_panic() {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/../../fuzz/corpus/policy");
    let (mut read, mut refused) = (0, 0);
    for entry in std::fs::read_dir(folder).unwrap() {
        let text = std::fs::read_to_string(entry.unwrap().path()).unwrap();
        for located in locate(&text) {
            for finding in lint_located(&located, &text, None) {
                assert!(text.get(finding.span.start..finding.span.end).is_some());
            }
        }
        match Document::parse(&text) {
            Ok(document) => {
                let _ = trust::grants(&document);
                read += 1;
            }
            Err(_) => refused += 1,
        }
    }
    assert!(read >= 3 && refused >= 1, "{read} read, {refused} refused");
}
