//! The corpus is what its truth file says it is.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use super::*;

fn arguments(out: &Path, bytes: u64) -> Arguments {
    Arguments {
        out: out.to_path_buf(),
        bytes,
        seed: 7,
        accounts: 2,
        regions: 3,
        days: 2,
        incidents: 28,
        layout: Layout::S3,
    }
}

fn contents(out: &Path) -> BTreeMap<String, Vec<u8>> {
    workspace::files(out, &[".gz", ".json", ".ndjson"])
        .into_iter()
        .map(|path| {
            let name = path.strip_prefix(out).unwrap().to_string_lossy().into_owned();
            (name, std::fs::read(path).unwrap())
        })
        .collect()
}

fn records(out: &Path) -> Vec<(String, serde_json::Value)> {
    let mut all = Vec::new();
    for (name, packed) in contents(out).into_iter().filter(|(name, _)| name.ends_with(".gz")) {
        let size = u32::from_le_bytes(packed[packed.len() - 4..].try_into().unwrap()) as usize;
        let mut plain = vec![0; size];
        libdeflater::Decompressor::new().gzip_decompress(&packed, &mut plain).unwrap();
        let file: serde_json::Value = serde_json::from_slice(&plain).unwrap();
        let list = file["Records"].as_array().unwrap().clone();
        all.extend(list.into_iter().map(|record| (name.clone(), record)));
    }
    all
}

#[test]
fn same_seed_same_bytes() {
    let folder = tempfile::tempdir().unwrap();
    let (one, two) = (folder.path().join("one"), folder.path().join("two"));
    generate(&arguments(&one, 4_000_000), 1).unwrap();
    generate(&arguments(&two, 4_000_000), 3).unwrap();
    assert_eq!(contents(&one), contents(&two));
    let other = Arguments { seed: 8, ..arguments(&folder.path().join("other"), 4_000_000) };
    generate(&other, 1).unwrap();
    assert_ne!(contents(&one), contents(&other.out));
    assert!(is_current(&one, &arguments(&one, 4_000_000)));
    assert!(!is_current(&one, &arguments(&one, 5_000_000)));
}

#[test]
fn every_record_is_json_with_an_own_id() {
    let folder = tempfile::tempdir().unwrap();
    let written = generate(&arguments(folder.path(), 6_000_000), 2).unwrap();
    let records = records(folder.path());
    assert_eq!(written.records, records.len() as u64);
    let mut seen: BTreeMap<String, Vec<&(String, serde_json::Value)>> = BTreeMap::new();
    for record in &records {
        for name in ["eventVersion", "userIdentity", "eventTime", "requestParameters"] {
            assert!(record.1.get(name).is_some(), "{name} in {}", record.1);
        }
        let id = record.1["eventID"].as_str().unwrap().to_owned();
        seen.entry(id).or_default().push(record);
    }
    let repeated: Vec<_> = seen.values().filter(|same| same.len() > 1).collect();
    let share = repeated.len() as f64 / records.len() as f64;
    assert!((0.003..0.007).contains(&share), "{share} of the records are duplicates");
    for same in repeated {
        assert!(same.windows(2).all(|two| two[0].1 == two[1].1 && two[0].0 != two[1].0));
    }
}

#[test]
fn size_is_as_asked() {
    let folder = tempfile::tempdir().unwrap();
    let written = generate(&arguments(folder.path(), 10_000_000), 2).unwrap();
    let ratio = written.bytes as f64 / 10_000_000.0;
    assert!((0.93..1.07).contains(&ratio), "{} bytes", written.bytes);
    let packed = written.bytes as f64 / written.bytes_on_disk as f64;
    assert!((5.5..8.5).contains(&packed), "gzip 1:{packed}");
}

#[test]
fn temporary_keys_are_issued_before_they_are_used() {
    let folder = tempfile::tempdir().unwrap();
    generate(&arguments(folder.path(), 4_000_000), 2).unwrap();
    let records = records(folder.path());
    let text = |value: &serde_json::Value| value.as_str().unwrap_or_default().to_owned();
    let mut issued: BTreeMap<String, String> = BTreeMap::new();
    for (_, record) in &records {
        let key = text(&record["responseElements"]["credentials"]["accessKeyId"]);
        if !key.is_empty() {
            issued.insert(key, text(&record["eventTime"]));
        }
    }
    let mut used = 0;
    for (_, record) in &records {
        if record["userIdentity"]["type"] == "AssumedRole" {
            let key = text(&record["userIdentity"]["accessKeyId"]);
            let time = text(&record["eventTime"]);
            assert!(issued.get(&key).is_some_and(|issued| *issued <= time), "{record}");
            used += 1;
        }
    }
    assert!(used > 1_000, "only {used} records by sessions");
}

#[test]
fn truth_names_records_that_exist() {
    let folder = tempfile::tempdir().unwrap();
    let arguments = arguments(folder.path(), 4_000_000);
    generate(&arguments, 2).unwrap();
    let truth: serde_json::Value =
        serde_json::from_str(&workspace::read(&folder.path().join("truth.json")).unwrap()).unwrap();
    let incidents = truth["incidents"].as_array().unwrap();
    assert_eq!(incidents.len(), arguments.incidents);
    let kinds: BTreeSet<&str> =
        incidents.iter().map(|incident| incident["kind"].as_str().unwrap()).collect();
    assert!(kinds.len() >= 12, "{kinds:?}");
    let by_id: BTreeMap<String, serde_json::Value> = records(folder.path())
        .into_iter()
        .map(|(_, record)| (record["eventID"].as_str().unwrap().to_owned(), record))
        .collect();
    for incident in incidents {
        let names = incident["event_names"].as_array().unwrap();
        let ids = incident["event_ids"].as_array().unwrap();
        for (name, id) in names.iter().zip(ids) {
            let record = &by_id[id.as_str().unwrap()];
            assert_eq!(&record["eventName"], name);
            assert_eq!(record["recipientAccountId"], incident["account"]);
        }
        assert!(incident["principal"].as_str().unwrap().starts_with("arn:aws:"));
    }
}

#[test]
fn one_incident_lies_backwards_in_its_second() {
    let folder = tempfile::tempdir().unwrap();
    generate(&arguments(folder.path(), 4_000_000), 2).unwrap();
    let records = records(folder.path());
    let backwards = records.windows(3).any(|three| {
        let names: Vec<&str> =
            three.iter().map(|(_, record)| record["eventName"].as_str().unwrap()).collect();
        names == ["CreateAccessKey", "AttachUserPolicy", "CreateUser"]
            && three.windows(2).all(|two| two[0].1["eventTime"] == two[1].1["eventTime"])
    });
    assert!(backwards);
}

#[test]
fn a_misspelt_template_is_refused_with_its_line() {
    let refused = |text: &str| {
        let error = script::Library::default().read("x.txt", text).unwrap_err();
        format!("{error:#}")
    };
    assert!(refused("event s3:GetObject\nrequset {}\n").starts_with("x.txt:2"));
    assert!(refused("event s3:GetObject\nrequest \"<bukket>\"\n").contains("unknown slot"));
    assert!(refused("\nweight 3\n").contains("belongs to no event"));
}

#[test]
fn sizes_are_read_with_decimal_units() {
    assert_eq!(parse_bytes("2GB"), Ok(2_000_000_000));
    assert_eq!(parse_bytes("20MB"), Ok(20_000_000));
    assert_eq!(parse_bytes("512"), Ok(512));
    assert!(parse_bytes("2 parsecs").is_err());
    assert!(parse_bytes("99999999999GB").is_err());
}
