//! Any text as a policy and as a file with policies: reading and lint end, findings stand in the
//! text, and a document never differs from itself.
#![no_main]

use libfuzzer_sys::fuzz_target;
use trailwarden_policy::lint::lint_located;
use trailwarden_policy::locate::locate;
use trailwarden_policy::{Document, is_admin_like, minified_len, removed_denies, trust};

fuzz_target!(|text: &str| {
    let minified = minified_len(text);
    assert!(minified.is_none_or(|length| length <= text.len()));
    for located in locate(text) {
        for finding in lint_located(&located, text, None) {
            assert!(text.get(finding.span.start..finding.span.end).is_some());
        }
    }
    let Ok(document) = Document::parse(text) else {
        return;
    };
    is_admin_like(&document);
    for grant in trust::grants(&document) {
        trust::narrowing(&grant);
        trust::oidc_weakness(&grant, grant.who.issuer().unwrap_or(text));
    }
    assert_eq!(trust::compare_trust(Some(&document), &document), []);
    assert!(removed_denies(&document, &document).is_empty());
});
