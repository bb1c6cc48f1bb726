//! Any text as a rule file: loading and linting never panic, and what loads can be asked.
#![no_main]

use libfuzzer_sys::fuzz_target;
use trailwarden_detect::sigma::{RuleSet, Source, lint};

const RECORD: &str = r#"{"eventVersion":"1.11","eventTime":"2026-03-01T12:00:00Z","eventSource":"iam.amazonaws.com","eventName":"CreateUser","userIdentity":{"type":"IAMUser","userName":"alice"},"requestParameters":{"userName":"bob","tags":[{"key":"a","value":"b"}]},"responseElements":null}"#;

fuzz_target!(|data: &[u8]| {
    let Ok(text) = std::str::from_utf8(data) else { return };
    let sources = [Source { name: "fuzzed.yml".to_owned(), text: text.to_owned() }];
    let _ = lint(&sources);
    let (rules, _) = RuleSet::load(&sources);
    if let Ok(record) = sonic_rs::from_str(RECORD) {
        let _ = rules.evaluate(&record);
    }
});
