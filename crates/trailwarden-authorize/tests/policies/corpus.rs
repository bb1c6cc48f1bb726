//! The seeds of the `change_policies` fuzz target, replayed by the ordinary tests.

use trailwarden_authorize::{File, Policies};

use super::{asked, unknown_effect};

#[test]
fn every_seed_loads_or_is_refused_with_places_in_its_text() {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/../../fuzz/corpus/change_policies");
    let (mut loaded, mut refused) = (0, 0);
    for entry in std::fs::read_dir(folder).unwrap() {
        let text = std::fs::read_to_string(entry.unwrap().path()).unwrap();
        let (policies, entities) = text.split_once("\n---\n").unwrap_or((&text, ""));
        let end = if entities.trim_start().starts_with('{') { "json" } else { "toml" };
        let name = format!("entities.{end}");
        let files = [("a.cedar", policies), (&name, entities)]
            .map(|(name, text)| File { name: name.to_owned(), text: text.to_owned() });
        match Policies::load(&files) {
            Ok(policies) => {
                for asked in [asked(), unknown_effect()] {
                    assert_eq!(policies.decide(&asked).verdict, policies.explain(&asked).verdict);
                }
                loaded += 1;
            }
            Err(faults) => {
                for fault in faults {
                    let text = if fault.file == "a.cedar" { policies } else { entities };
                    assert!(fault.line <= text.matches('\n').count() + 1, "{fault}");
                }
                refused += 1;
            }
        }
    }
    assert!(loaded >= 3 && refused >= 4, "{loaded} loaded, {refused} refused");
}
