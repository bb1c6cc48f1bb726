//! The seeds of the `decode` fuzz target, replayed by the ordinary tests.

use trailwarden_record::{Event, Skim, redact};

#[test]
fn every_seed_decodes_without_a_panic_and_agrees_with_the_tree() {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/../../fuzz/corpus/decode");
    let mut seeds = 0;
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        let data = std::fs::read(&path).unwrap();
        seeds += 1;
        let event = Event::decode(&data);
        let clean = redact::bytes(&data).into_owned();
        assert!(!String::from_utf8_lossy(&clean).contains("not-a-"), "{}", path.display());
        let Ok((skim, end)) = Skim::read(&data, 0, 64) else { continue };
        let Ok(tree) = serde_json::from_slice::<serde_json::Value>(&data[..end]) else { continue };
        assert!(event.is_ok(), "{}", path.display());
        if skim.plain {
            assert_eq!(skim, Skim::of_value(&tree), "{}", path.display());
        }
    }
    assert!(seeds >= 9, "{seeds} seeds");
}
