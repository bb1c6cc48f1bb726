//! The fast path gives what the slow ones give: the reference, `--no-skip`, any number of workers,
//! any memory, any order of the inputs.
//!
//! The corpus is made of the trails of every detection, each in an account of its own, once with a
//! month of ordinary days before it, so that every detection has something to say.

#![expect(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "tests, and helpers of tests, which the lints do not take for tests"
)]

use std::collections::BTreeSet;
use std::path::Path;

use serde_json::{Value, json};
use trailwarden_detect::detection::Needs;
use trailwarden_detect::detections::ALL;
use trailwarden_detect::sigma::{RuleSet, Source};
use trailwarden_detect::{Settings, reference, trail};
use trailwarden_model::finding::Kind;
use trailwarden_model::{Finding, Report};
use trailwarden_record::limits::Limits;
use trailwarden_runtime::authorization::Authorize;
use trailwarden_runtime::scan::{self, MEMORY_MAX, Options, Progress};
use trailwarden_runtime::sources::Input;

/// Records in files: the trails of all detections, shuffled over the files, some delivered twice.
struct Corpus {
    files: Vec<Vec<Value>>,
}

fn settings() -> Settings {
    let mut settings = Settings::default();
    settings.decoys.insert("decoy".to_owned());
    settings.decoys.insert("AKIADECOYDECOYDECOY1".to_owned());
    settings
}

/// All trails, each in its own account.
fn records() -> Vec<Value> {
    let mut all = Vec::new();
    let trails = ALL.iter().flat_map(|one| one.fires_on.iter().chain(one.quiet_on));
    for (number, text) in trails.enumerate() {
        let account = format!("{:012}", 200_000_000_000_u64 + number as u64);
        for record in trail::records(text).unwrap() {
            let moved = record.to_string().replace(trail::ACCOUNT, &account);
            let mut record: Value = serde_json::from_str(&moved).unwrap();
            own_keys(&mut record, number);
            // No database of addresses here, so nothing may say what one would.
            let members = record.as_object_mut().unwrap();
            members.retain(|name, _| !name.starts_with('_'));
            all.push(record);
        }
    }
    // Odd but legal: an escape in a selecting field, an id that is no UUID, no id, a null, a list.
    for (number, odd) in [
        json!({"eventName": "CreateAccessKey", "requestParameters": {"userName": "zo\u{eb} \"x\""}}),
        json!({"eventID": "not-a-uuid"}),
        json!({"eventID": null}),
        json!({"errorCode": null, "errorMessage": null, "recipientAccountId": null}),
        json!({"resources": [{"ARN": "arn:aws:iam::111122223333:user/\u{1f600}"}]}),
    ]
    .into_iter()
    .enumerate()
    {
        let line = "mallory iam:CreateAccessKey user/alice";
        let mut record = trail::records(line).unwrap().remove(0);
        record["eventID"] = json!(format!("00000000-0000-4000-8000-{number:012}"));
        for (key, value) in odd.as_object().unwrap() {
            record[key] = value.clone();
        }
        all.push(record);
    }
    all
}

/// Keys that no other trail has; decoys keep theirs.
fn own_keys(value: &mut Value, number: usize) {
    match value {
        Value::Object(members) => {
            for (name, value) in members {
                match value {
                    Value::String(key) if name == "accessKeyId" && !key.contains("DECOY") => {
                        key.push_str(&format!("{number:04}"));
                    }
                    _ => own_keys(value, number),
                }
            }
        }
        Value::Array(items) => items.iter_mut().for_each(|item| own_keys(item, number)),
        _ => {}
    }
}

fn corpus() -> Corpus {
    let mut files = vec![Vec::new(); 7];
    for (number, record) in records().into_iter().enumerate() {
        // A fixed scatter that keeps neither order nor neighbours.
        files[(number.wrapping_mul(2_654_435_761) >> 5) % 7].push(record.clone());
        if number % 5 == 0 {
            files[(number / 5) % 7].push(record);
        }
    }
    for file in &mut files {
        file.reverse();
    }
    Corpus { files }
}

fn write(corpus: &Corpus, folder: &Path) -> Vec<String> {
    let mut paths = Vec::new();
    for (number, records) in corpus.files.iter().enumerate() {
        let path = folder.join(format!("{number}.json"));
        let texts: Vec<String> = records.iter().map(spelled).collect();
        std::fs::write(&path, format!("{{\"Records\":[{}]}}", texts.join(","))).unwrap();
        paths.push(path.to_str().unwrap().to_owned());
    }
    paths
}

/// The record as text; the odd one spells its letters as escapes, which no search for bytes finds.
fn spelled(record: &Value) -> String {
    let text = record.to_string();
    if !text.contains('\u{eb}') {
        return text;
    }
    text.replace('\u{eb}', r"\u00eb")
        .replace("\"eventName\":\"Create", r#""event\u004eame":"Cr\u0065ate"#)
}

fn options(paths: &[String]) -> Options {
    Options {
        input: Input::local(paths),
        detections: ALL.to_vec(),
        settings: settings(),
        rules: RuleSet::load(&[]).0,
        geoip: None,
        since: None,
        until: None,
        accounts: Vec::new(),
        limits: Limits::default(),
        memory_max: MEMORY_MAX,
        spill_dir: None,
        threads: 1,
        no_skip: false,
        baselines: Vec::new(),
        changes: false,
        authorize: Authorize::default(),
    }
}

fn scan(options: Options) -> Report {
    let report = scan::run(options, &Progress::default()).unwrap();
    assert_eq!(report.rejects, [], "the corpus is good");
    report
}

/// What must be equal between a scan and the reference, whose records lie in one file.
fn gist(finding: &Finding) -> String {
    let evidence: Vec<&str> =
        finding.evidence.iter().map(|evidence| evidence.event_id.as_str()).collect();
    format!(
        "{} {} {:?} {:?} {:?} {} {}..{} {} {:?} {:?} {evidence:?}",
        finding.id,
        finding.rule,
        finding.severity,
        finding.confidence,
        finding.outcome,
        finding.evidence_total,
        finding.first_time,
        finding.last_time,
        finding.explanation,
        finding.actor,
        finding.target,
    )
}

fn assert_same(left: &[Finding], right: &[Finding], what: &str) {
    let gists = |findings: &[Finding]| findings.iter().map(gist).collect::<Vec<_>>();
    let (left, right) = (gists(left), gists(right));
    for (left, right) in left.iter().zip(&right) {
        assert_eq!(left, right, "{what}");
    }
    assert_eq!(left.len(), right.len(), "{what}");
}

#[test]
fn the_corpus_makes_every_detection_speak_that_is_on() {
    let folder = tempfile::tempdir().unwrap();
    let report = scan(options(&write(&corpus(), folder.path())));
    let spoke: BTreeSet<&str> =
        report.findings.iter().map(|finding| finding.rule.as_str()).collect();
    for detection in ALL {
        // What needs history is in accounts that are too young when all trails share the clock.
        let on = matches!(detection.needs, Needs::Nothing | Needs::Decoys);
        assert!(!on || spoke.contains(detection.id), "{} says nothing", detection.id);
    }
    assert!(report.summary.duplicates > 100, "{:?}", report.summary);
}

#[test]
fn the_fast_path_equals_the_reference() {
    let folder = tempfile::tempdir().unwrap();
    let report = scan(options(&write(&corpus(), folder.path())));
    let reference = reference::judge(&records(), ALL, &settings());
    assert_same(&report.findings, &reference, "fast path against reference");
}

#[test]
fn no_skip_workers_memory_and_order_change_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let paths = write(&corpus(), folder.path());
    let expected = scan(options(&paths)).findings;
    let mut variants: Vec<(&str, Options)> = Vec::new();
    let reversed: Vec<String> = paths.iter().rev().cloned().collect();
    let twice: Vec<String> = paths.iter().chain(&paths).cloned().collect();
    variants.push(("no-skip", Options { no_skip: true, threads: 2, ..options(&paths) }));
    variants.push(("order, little memory", Options { memory_max: 4_000, ..options(&reversed) }));
    variants.push(("threads, no memory", Options { memory_max: 1, threads: 3, ..options(&paths) }));
    let more = Options { memory_max: 100_000, threads: 8, ..options(&twice) };
    variants.push(("the same paths twice, more threads", more));
    variants.push(("a folder", options(&[folder.path().to_str().unwrap().to_owned()])));
    for (what, options) in variants {
        // Whole findings: files and record numbers too.
        assert_eq!(scan(options).findings, expected, "{what}");
    }
}

/// Sigma rules with literals that the index can use, and some that it cannot.
const RULES: &str = r#"title: keys
id: keys
status: test
logsource: {product: aws, service: cloudtrail}
detection:
  selection: {eventSource: iam.amazonaws.com, eventName|startswith: Create}
  condition: selection
level: medium
---
title: never root
id: never-root
logsource: {product: aws, service: cloudtrail}
detection:
  root: {userIdentity.type: Root}
  condition: not root
level: low
---
title: odd name
id: odd-name
logsource: {product: aws, service: cloudtrail}
detection:
  selection: {requestParameters.userName|contains: 'zoë'}
  condition: selection
level: high
---
title: base
id: base
name: base
logsource: {product: aws, service: cloudtrail}
detection:
  selection: {errorCode|contains: Denied}
  condition: selection
---
title: many
id: many
correlation:
  type: event_count
  rules: [base]
  group-by: [recipientAccountId]
  timespan: 1h
  condition: {gte: 3}
level: high
"#;

#[test]
fn sigma_rules_find_the_same_with_and_without_the_index() {
    let folder = tempfile::tempdir().unwrap();
    let paths = write(&corpus(), folder.path());
    let (rules, errors) =
        RuleSet::load(&[Source { name: "rules.yml".to_owned(), text: RULES.to_owned() }]);
    assert_eq!(errors, []);
    let with = |options: Options| {
        scan(Options { rules: rules.clone(), detections: Vec::new(), ..options }).findings
    };
    let expected = with(options(&paths));
    let of_rules = expected.iter().filter(|finding| finding.kind == Kind::Sigma);
    let spoke: BTreeSet<&str> = of_rules.map(|finding| finding.rule.as_str()).collect();
    assert_eq!(spoke, BTreeSet::from(["keys", "many", "never-root", "odd-name"]));
    assert_eq!(with(Options { no_skip: true, ..options(&paths) }), expected);
    assert_eq!(with(Options { memory_max: 1, threads: 4, ..options(&paths) }), expected);
}

#[test]
fn every_record_counts_once() {
    let folder = tempfile::tempdir().unwrap();
    let paths = write(&corpus(), folder.path());
    let before = scan(options(&paths));
    assert_eq!(before.summary.files, 7);
    assert_eq!(
        before.summary.records - before.summary.duplicates,
        records().len() as u64,
        "each record once"
    );
}

/// The fast path passes over what nobody reads; a record that a detection wants must not vanish
/// because of what is damaged there.
#[test]
fn damage_in_a_wanted_record_is_told_and_a_good_copy_counts() {
    let good = trail::records("mallory iam:CreateAccessKey user/alice").unwrap().remove(0);
    let good = good.to_string();
    let bad = good.replace(r#""userName":"alice""#, r#""userName":alice"#);
    assert_ne!(good, bad);
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("a.json");
    let paths = [path.to_str().unwrap().to_owned()];
    for (records, rejected) in [([&bad, &good], 0), ([&bad, &bad], 0), ([&good, &bad], 1)] {
        std::fs::write(&path, format!("{}\n{}\n", records[0], records[1])).unwrap();
        let fast = scan::run(options(&paths), &Progress::default()).unwrap();
        let slow = Options { no_skip: true, ..options(&paths) };
        let slow = scan::run(slow, &Progress::default()).unwrap();
        assert_eq!(fast.findings, slow.findings);
        let told = |report: &Report| {
            let numbers: Vec<_> = report.rejects.iter().map(|reject| reject.record).collect();
            (numbers, report.summary.rejects, report.summary.records, report.summary.last_time)
        };
        assert_eq!(told(&fast), told(&slow));
        assert_eq!(fast.rejects[0].record, Some(rejected));
        assert!(fast.rejects[0].cause.starts_with("not valid JSON"), "{:?}", fast.rejects);
    }
}

/// A record that only a Sigma rule asks for must not be passed over when it cannot be read.
#[test]
fn damage_in_a_record_that_only_a_rule_wants_is_told() {
    let rule = "title: t\nlogsource: {product: aws, service: cloudtrail}\n\
                detection: {s: {eventName: ListBuckets}, condition: s}\n";
    let source = trailwarden_detect::sigma::Source { name: "r.yml".into(), text: rule.into() };
    let (rules, errors) = trailwarden_detect::sigma::RuleSet::load(&[source]);
    assert!(errors.is_empty(), "{errors:?}");
    let good = trail::records("alice s3:ListBuckets bucket/logs").unwrap().remove(0).to_string();
    let bad = good.replace(r#""bucketName":"logs""#, r#""bucketName":logs"#);
    assert_ne!(good, bad);
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("a.json");
    std::fs::write(&path, format!("{bad}\n{good}\n")).unwrap();
    let paths = [path.to_str().unwrap().to_owned()];
    for no_skip in [false, true] {
        let options = Options { no_skip, rules: rules.clone(), ..options(&paths) };
        let report = scan::run(options, &Progress::default()).unwrap();
        let numbers: Vec<_> = report.rejects.iter().map(|reject| reject.record).collect();
        assert_eq!((numbers, report.summary.records), (vec![Some(0)], 1), "no_skip {no_skip}");
        assert_eq!(report.findings.iter().filter(|finding| finding.title == "t").count(), 1);
    }
}

/// Half a character in a field that the caller chose must not hide the call.
#[test]
fn text_that_is_no_unicode_hides_nothing() {
    let good =
        trail::records("mallory iam:CreateAccessKey user/alice").unwrap().remove(0).to_string();
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("a.json");
    let paths = [path.to_str().unwrap().to_owned()];
    for agent in [&b"aws-cli \\ud83d"[..], b"aws-cli caf\xe9"] {
        let (head, tail) = good.split_once("aws-cli/2.31.0").unwrap();
        std::fs::write(&path, [head.as_bytes(), agent, tail.as_bytes()].concat()).unwrap();
        for no_skip in [false, true] {
            let options = Options { no_skip, ..options(&paths) };
            let report = scan::run(options, &Progress::default()).unwrap();
            assert_eq!(report.rejects, [], "no_skip {no_skip}");
            let rules: Vec<_> =
                report.findings.iter().map(|finding| finding.rule.as_str()).collect();
            assert!(rules.contains(&"access-key-for-another-user"), "no_skip {no_skip}: {rules:?}");
        }
    }
}
