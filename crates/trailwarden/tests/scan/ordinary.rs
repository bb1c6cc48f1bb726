//! Ordinary infrastructure as code, whose calls have the names of an attack, alarms nobody.

use trailwarden_model::Severity;

use crate::support::run;

/// `cargo xtask corpus infrastructure` made it; see `docs/concepts/noise.md`.
#[test]
fn ordinary_work_yields_nothing_above_low() {
    let trail =
        format!("{}/../../fixtures/trails/infrastructure.ndjson.zst", env!("CARGO_MANIFEST_DIR"));
    let ran = run(&["scan", &trail, "--json", "--changes"]);
    let report = ran.report();
    assert_eq!((report.summary.records, report.summary.rejects), (1_000, 0));
    for finding in &report.findings {
        assert!(finding.severity <= Severity::Low, "{}: {}", finding.rule, finding.explanation);
    }
    // The trail is not simply overlooked: every change is judged, and those that give something
    // to somebody are told.
    let whole: serde_json::Value = serde_json::from_str(&ran.out).unwrap();
    let changes = whole["changes"].as_array().unwrap();
    assert!(changes.len() > 300, "{}", changes.len());
    let is_unknown = changes.iter().any(|change| change["moved"] == "unknown");
    assert_eq!(ran.code, if is_unknown { 3 } else { 0 }, "{}", ran.said);
    // The trail begins with its own account, so nothing in it is beyond knowing.
    for change in changes {
        assert_ne!(change["moved"], "unknown", "{change}");
    }
    let gained = changes.iter().filter(|change| change["moved"] == "gained").count();
    assert!(gained > 50 && !report.findings.is_empty(), "{gained}");
    // A scan without any grade would be as quiet.
    assert!(report.findings.iter().any(|finding| finding.effect.is_some()));
}
