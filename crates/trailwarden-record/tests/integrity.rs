//! What is proven of digest chains, on signed fixtures (`cargo xtask corpus digests`).
//!
//! The rules are those of the CloudTrail User Guide, "CloudTrail digest file structure" and "Custom
//! implementations of CloudTrail log file integrity validation".

#![expect(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "tests, and helpers of tests, which the lints do not take for tests"
)]

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use flate2::read::GzDecoder;
use proptest::prelude::*;
use serde_json::{Value, json};
use trailwarden_model::Timestamp;
use trailwarden_record::integrity::chain::{covered, judge};
use trailwarden_record::integrity::place::is_copy;
use trailwarden_record::integrity::{
    Break, Digest, DigestName, Doubt, Fault, Held, Judged, LogName, Proof, PublicKeys, Sha256,
    Stamp, Unread, Verdict, Window,
};

fn fixtures() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../fixtures/integrity")
}

fn keys(file: &str) -> PublicKeys {
    let mut keys = PublicKeys::default();
    let json = std::fs::read(fixtures().join(file)).unwrap();
    assert_eq!(keys.add(&json).unwrap(), 1);
    keys
}

fn inflated(path: &Path) -> Vec<u8> {
    let mut content = Vec::new();
    let packed = std::fs::read(path).unwrap();
    std::io::Read::read_to_end(&mut GzDecoder::new(&packed[..]), &mut content).unwrap();
    content
}

fn read(content: &[u8]) -> (Digest, Sha256) {
    (Digest::parse(content).unwrap(), Sha256::of(content))
}

fn files(folder: &Path, found: &mut Vec<PathBuf>) {
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            files(&path, found);
        } else {
            found.push(path);
        }
    }
}

/// The digests of a fixture, by path, with their signatures.
fn held(folder: &str) -> Vec<Held> {
    let mut paths = Vec::new();
    files(&fixtures().join(folder), &mut paths);
    paths.sort();
    let is_digest = |path: &&PathBuf| {
        path.to_str().unwrap().contains("_CloudTrail-Digest_") && ends(path, ".gz")
    };
    paths
        .iter()
        .filter(is_digest)
        .map(|path| {
            let path = path.to_str().unwrap().to_owned();
            let head = std::fs::read(format!("{path}.head.json")).unwrap();
            Held {
                content: Ok(read(&inflated(Path::new(&path)))),
                is_in_place: true,
                stamp: Some(Stamp::parse(&head).unwrap()),
                path,
            }
        })
        .collect()
}

fn ends(path: &Path, with: &str) -> bool {
    path.to_str().unwrap().ends_with(with)
}

/// Those of one region whose covered time ends so; else the part of a path that tells.
fn at(held: &[Held], part: &str) -> usize {
    held.iter().position(|one| one.path.contains(part)).unwrap()
}

fn unstamped(mut held: Vec<Held>) -> Vec<Held> {
    held.iter_mut().for_each(|one| one.stamp = None);
    held
}

fn judged(held: &[Held]) -> Judged {
    judge(held, &keys("public-keys.json"), Window::default())
}

fn breaks(judged: &Judged) -> Vec<Break> {
    judged.chains.iter().flat_map(|chain| chain.breaks.clone()).collect()
}

fn time(text: &str) -> Timestamp {
    text.parse().unwrap()
}

/// The digest's content with one field changed, and no new signature.
fn changed(one: &mut Held, change: impl FnOnce(&mut Value)) {
    let mut value: Value = serde_json::from_slice(&inflated(Path::new(&one.path))).unwrap();
    change(&mut value);
    one.content = Ok(read(value.to_string().as_bytes()));
}

const EAST: &str = "us-east-1_main_trail_us-east-1_20260301T";

fn east(end: &str) -> String {
    format!("{EAST}{end}00Z.json.gz")
}

#[test]
fn what_is_signed_is_valid_and_the_pause_is_a_gap() {
    let held = held("valid");
    assert_eq!(held.len(), 14);
    for keys in ["public-keys.json", "public-keys-spki.json"].map(keys) {
        let judged = judge(&held, &keys, Window::default());
        for verdict in &judged.verdicts {
            assert_eq!(*verdict, Verdict::Valid(Proof::OwnSignature));
        }
        let gap = Break::Gap {
            from: time("2026-03-01T03:40:00Z"),
            until: time("2026-03-01T06:00:00Z"),
            after: at(&held, &east("0700")),
        };
        assert_eq!(breaks(&judged), [gap]);
        assert_eq!(judged.chains.len(), 4, "two regions, late logs, an organization");
    }
}

/// "Each digest file contains the digital signature of the previous digest file": a copy without
/// metadata proves all digests but those that no other follows.
#[test]
fn without_metadata_the_next_digest_proves() {
    let held = unstamped(held("valid"));
    let judged = judged(&held);
    let unknown: Vec<usize> = (0..held.len())
        .filter(|place| judged.verdicts[*place] == Verdict::Unknown(Doubt::NoSignature))
        .collect();
    let last = [
        at(&held, "eu-west-1_main_trail_us-east-1_20260301T022000Z") + 1,
        at(&held, &east("0340")),
        at(&held, &east("0900")),
        at(&held, "20260301T080000Z_backfill"),
        at(&held, "us-west-2_main_trail_us-east-1_20260301T020000Z"),
    ];
    let mut last = last.to_vec();
    last.sort_unstable();
    assert_eq!(unknown, last);
    let proven = judged.verdicts.iter().filter(|one| **one == Verdict::Valid(Proof::NextSignature));
    assert_eq!(proven.count(), 9);
}

#[test]
fn a_key_that_was_not_given_leaves_everything_unknown() {
    let held = held("valid");
    let judged = judge(&held, &PublicKeys::default(), Window::default());
    assert!(judged.verdicts.iter().all(|one| *one == Verdict::Unknown(Doubt::NoKey)));
}

#[test]
fn another_key_of_that_fingerprint_proves_nothing() {
    let held = held("valid");
    let judged = judge(&held, &keys("other-keys.json"), Window::default());
    assert!(judged.verdicts.iter().all(|one| *one == Verdict::Invalid(Fault::OwnSignature)));
}

/// A key that is valid only for the last digest still proves those before it, by their hashes.
#[test]
fn a_proven_digest_proves_the_one_before_it_by_its_hash() {
    let held = held("valid");
    let text = std::fs::read_to_string(fixtures().join("public-keys.json")).unwrap();
    let mut value: Value = serde_json::from_str(&text).unwrap();
    // As the first version of the AWS CLI prints times.
    value["PublicKeyList"][0]["ValidityStartTime"] =
        json!(time("2026-03-01T10:30:00Z").seconds() as f64);
    let mut keys = PublicKeys::default();
    keys.add(value.to_string().as_bytes()).unwrap();
    let judged = judge(&held, &keys, Window::default());
    let verdict = |end: &str| &judged.verdicts[at(&held, &east(end))];
    assert_eq!(*verdict("0900"), Verdict::Valid(Proof::OwnSignature));
    assert_eq!(*verdict("0800"), Verdict::Valid(Proof::NextHash));
    assert_eq!(*verdict("0700"), Verdict::Valid(Proof::NextHash));
    assert_eq!(*verdict("0340"), Verdict::Unknown(Doubt::KeyNotThen));
    let backfill = &judged.verdicts[at(&held, "20260301T080000Z_backfill")];
    assert!(backfill.is_valid(), "it was signed a day later: {backfill:?}");
}

#[test]
fn a_changed_digest_does_not_fit_its_signature() {
    let mut held = held("valid");
    let place = at(&held, &east("0310"));
    changed(&mut held[place], |value| value["logFiles"] = json!([]));
    let judged = judged(&held);
    assert_eq!(judged.verdicts[place], Verdict::Invalid(Fault::OwnSignature));
    assert_eq!(judged.verdicts.iter().filter(|one| one.is_valid()).count(), held.len() - 1);
    let covered = covered(&held, &judged);
    let east = &covered[&("111122223333".to_owned(), "us-east-1".to_owned())];
    assert_eq!(east[0], (time("2026-03-01T00:10:00Z"), time("2026-03-01T02:10:00Z")));
    assert_eq!(east[1].0, time("2026-03-01T03:10:00Z"));
}

#[test]
fn without_metadata_the_next_digest_tells_of_a_change() {
    let mut held = unstamped(held("valid"));
    let (place, older) = (at(&held, &east("0310")), at(&held, &east("0210")));
    changed(&mut held[place], |value| value["logFiles"] = json!([]));
    // The one after it is not proven either: nobody follows it.
    let first = judged(&held);
    assert_eq!(first.verdicts[place], Verdict::Invalid(Fault::Disagree));
    // What a changed digest carries of another's signature counts, because nobody can forge it.
    assert_eq!(first.verdicts[older], Verdict::Valid(Proof::NextSignature));
    let (place, older) = (at(&held, &east("0800")), at(&held, &east("0700")));
    let newest = at(&held, &east("0900"));
    held[newest].stamp.clone_from(&self::held("valid")[newest].stamp);
    changed(&mut held[place], |value| value["previousDigestSignature"] = json!("00"));
    let second = judged(&held);
    assert_eq!(second.verdicts[place], Verdict::Invalid(Fault::NextDiffers));
    assert_eq!(second.verdicts[older], Verdict::Unknown(Doubt::NextChanged));
}

#[test]
fn an_unproven_digest_that_lies_of_a_proven_one_was_changed() {
    let mut held = held("valid");
    let (newest, older) = (at(&held, &east("0900")), at(&held, &east("0800")));
    held[newest].stamp = None;
    changed(&mut held[newest], |value| {
        value["previousDigestHashValue"] = json!("00".repeat(32));
    });
    let judged = judged(&held);
    assert_eq!(judged.verdicts[older], Verdict::Valid(Proof::OwnSignature));
    assert_eq!(judged.verdicts[newest], Verdict::Invalid(Fault::PreviousDiffers));
}

#[test]
fn a_digest_that_is_named_and_not_there_is_missing() {
    let mut held = held("valid");
    let gone = held.remove(at(&held, &east("0210")));
    let breaks = breaks(&judged(&held));
    let named_by = at(&held, &east("0310"));
    assert!(
        matches!(&breaks[..], [Break::Gap { .. }, Break::Missing { object, named_by: by, .. }]
            if gone.path.ends_with(object) && *by == named_by),
        "{breaks:?}"
    );
    // One that cannot be read is there.
    held.push(Held {
        content: Err(Unread::Damaged("no gzip".to_owned())),
        is_in_place: false,
        stamp: None,
        path: gone.path,
    });
    let judged = judged(&held);
    assert!(!self::breaks(&judged).iter().any(|one| matches!(one, Break::Missing { .. })));
    assert!(matches!(judged.verdicts.last(), Some(Verdict::Invalid(Fault::Damaged(_)))));
}

#[test]
fn what_is_asked_for_decides_what_is_missing_at_the_ends() {
    let mut held = held("valid");
    held.remove(at(&held, &east("0110")));
    held.remove(at(&held, &east("0900")));
    let first = at(&held, &east("0210"));
    let whole = breaks(&judged(&held));
    assert!(whole.contains(&Break::BeginsLate { first }), "{whole:?}");
    let asked = |since: &str, until: &str| {
        let window = Window { since: Some(time(since)), until: Some(time(until)) };
        let mut judged = judge(&held, &keys("public-keys.json"), window);
        judged.chains.retain(|chain| chain.digests.contains(&first) || chain.digests.len() > 4);
        breaks(&judged)
    };
    let early = asked("2026-03-01T00:30:00Z", "2026-03-01T08:00:00Z");
    assert!(early.iter().any(|one| matches!(one, Break::Missing { .. })), "{early:?}");
    assert!(asked("2026-03-01T01:10:00Z", "2026-03-01T03:00:00Z").is_empty());
    let late = asked("2026-03-01T01:10:00Z", "2026-03-01T11:00:00Z");
    assert!(late.iter().any(|one| matches!(one, Break::EndsEarly { .. })), "{late:?}");
}

#[test]
fn times_of_neighbours_must_meet() {
    let held = held("overlap");
    let judged = judged(&held);
    assert!(judged.verdicts.iter().all(Verdict::is_valid));
    let gap = Break::Gap {
        from: time("2026-03-01T01:30:00Z"),
        until: time("2026-03-01T03:00:00Z"),
        after: 2,
    };
    assert_eq!(breaks(&judged), [gap, Break::Overlap { older: 0, newer: 1 }]);
}

/// Late log files have digests of their own, which come when there is something to add.
#[test]
fn backfill_digests_have_no_gaps() {
    let mut held = held("valid");
    held.retain(|one| one.path.contains("_backfill"));
    assert_eq!(held.len(), 2);
    assert_eq!(breaks(&judged(&held)), []);
}

#[test]
fn a_digest_that_nobody_names_is_outside() {
    let digest = |hour: u8, previous: Option<u8>| {
        let key = |hour: u8| {
            format!(
                "AWSLogs/111122223333/CloudTrail-Digest/us-east-1/2026/03/01/\
                111122223333_CloudTrail-Digest_us-east-1_t_us-east-1_20260301T0{hour}0000Z.json.gz"
            )
        };
        let content = json!({
            "digestStartTime": format!("2026-03-01T0{}:00:00Z", hour - 1),
            "digestEndTime": format!("2026-03-01T0{hour}:00:00Z"),
            "digestS3Bucket": "b", "digestS3Object": key(hour), "digestPublicKeyFingerprint": "0",
            "previousDigestS3Bucket": previous.map(|_| "b"),
            "previousDigestS3Object": previous.map(key), "previousDigestSignature": null,
        });
        let content = Ok(read(content.to_string().as_bytes()));
        Held { path: key(hour), content, is_in_place: true, stamp: None }
    };
    let held = [digest(1, None), digest(2, Some(1)), digest(3, Some(1))];
    let breaks = breaks(&judge(&held, &PublicKeys::default(), Window::default()));
    assert!(breaks.contains(&Break::Outside { digest: 1 }), "{breaks:?}");
    // It names itself, or a later one: nobody is proven by that.
    let held = [digest(1, Some(2)), digest(2, Some(2))];
    let judged = judge(&held, &PublicKeys::default(), Window::default());
    assert!(judged.verdicts.iter().all(|one| matches!(one, Verdict::Unknown(_))));
}

#[test]
fn a_moved_digest_is_invalid_however_well_it_is_signed() {
    let mut held = held("valid");
    let place = at(&held, &east("0210"));
    held[place].is_in_place = false;
    assert_eq!(judged(&held).verdicts[place], Verdict::Invalid(Fault::Moved));
}

/// Names that no digest should hold are kept as they are, for comparing and showing.
#[test]
fn hostile_names_are_only_names() {
    let held = held("hostile");
    assert!(judged(&held).verdicts[0].is_valid());
    let (digest, _) = held[0].content.as_ref().unwrap();
    assert!(digest.logs.iter().any(|log| log.object == "../../../../../../etc/passwd"));
}

#[test]
fn order_does_not_show() {
    let mut held = unstamped(held("valid"));
    held.remove(at(&held, &east("0800")));
    let place = at(&held, &east("0310"));
    changed(&mut held[place], |value| value["logFiles"] = json!([]));
    let told = |held: &[Held]| {
        let judged = judged(held);
        let by_path = held.iter().map(|one| one.path.clone()).zip(judged.verdicts.clone());
        let verdicts: BTreeMap<String, Verdict> = by_path.collect();
        let path = |place: usize| held[place].path.clone();
        let chains: Vec<Vec<String>> = judged
            .chains
            .iter()
            .map(|chain| chain.digests.iter().map(|place| path(*place)).collect())
            .collect();
        let breaks: Vec<String> = breaks(&judged)
            .iter()
            .map(|one| match one {
                Break::Missing { object, named_by, .. } => format!("{object} {}", path(*named_by)),
                Break::Gap { after, .. } => format!("gap {}", path(*after)),
                other => format!("{other:?}"),
            })
            .collect();
        (verdicts, chains, breaks)
    };
    let expected = told(&held);
    for turn in 0..held.len() {
        held.rotate_left(turn);
        assert_eq!(told(&held), expected);
    }
    held.reverse();
    assert_eq!(told(&held), expected);
}

/// The body of the fuzz target `digest`.
fn read_as_anything(bytes: &[u8]) {
    let mut keys = PublicKeys::default();
    let _ = keys.add(bytes);
    let stamp = Stamp::parse(bytes).ok();
    let path = String::from_utf8_lossy(bytes).into_owned();
    let _ = (DigestName::parse(&path), LogName::parse(&path), is_copy(&path, &path));
    let Ok(digest) = Digest::parse(bytes) else { return };
    let held = [Held { path, content: Ok((digest, Sha256::of(bytes))), is_in_place: true, stamp }];
    assert!(!judge(&held, &keys, Window::default()).verdicts[0].is_valid());
}

#[test]
fn the_fuzz_corpus_is_read() {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/../../fuzz/corpus/digest");
    let entries: Vec<_> = std::fs::read_dir(folder).unwrap().collect();
    assert!(!entries.is_empty());
    for entry in entries {
        read_as_anything(&std::fs::read(entry.unwrap().path()).unwrap());
    }
}

proptest! {
    #[test]
    fn any_bytes_are_read(bytes in proptest::collection::vec(any::<u8>(), 0..200)) {
        read_as_anything(&bytes);
    }

    /// Keys that are no keys, in DER that is nearly right.
    #[test]
    fn any_key_is_read(der in proptest::collection::vec(prop_oneof![
        Just(0x30_u8), Just(0x02), Just(0x03), Just(0x82), Just(0), any::<u8>()
    ], 0..40)) {
        use base64::Engine;
        let value = base64::engine::general_purpose::STANDARD.encode(der);
        let json = json!({"PublicKeyList": [{"Value": value, "Fingerprint": "0"}]}).to_string();
        let mut keys = PublicKeys::default();
        if keys.add(json.as_bytes()).is_ok() {
            let held = unstamped(held("hostile"));
            prop_assert!(!judge(&held, &keys, Window::default()).verdicts[0].is_valid());
        }
    }
}
