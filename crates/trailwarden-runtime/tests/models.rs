//! The models and the changes of a scan: equal to a plain replay, whatever was skipped, whatever the
//! workers, the memory and the order of the input; and a baseline before them counts.

#![expect(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "tests, and helpers of tests, which the lints do not take for tests"
)]

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use serde_json::{Value, json};
use trailwarden_account::identity::Kind;
use trailwarden_account::state::State;
use trailwarden_account::timeline::Limits as Memory;
use trailwarden_account::{Baseline, Models, Timelines, entry};
use trailwarden_detect::sigma::RuleSet;
use trailwarden_detect::{Settings, trail};
use trailwarden_model::{AccountId, Outcome, Timestamp};
use trailwarden_record::Event;
use trailwarden_record::limits::Limits;
use trailwarden_record::row::Place;
use trailwarden_runtime::authorization::Authorize;
use trailwarden_runtime::scan::{self, MEMORY_MAX, Options, Progress, Scanned};
use trailwarden_runtime::sources::Input;

const READ: &str = r#"{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"s3:Get*","Resource":"*"}]}"#;

/// IAM at work in two accounts, with reads, refusals, failures and odd spellings between.
fn records() -> Vec<Value> {
    let document = json!({ "request": { "policyName": "read", "policyDocument": READ } });
    let lines = format!(
        "admin iam:CreateUser user/bob
         admin iam:CreateGroup group/devs
         admin iam:AddUserToGroup user/bob {{\"request\":{{\"groupName\":\"devs\"}}}}
         admin iam:PutGroupPolicy group/devs {document}
         alice iam:ListUsers
         bob iam:PutUserPolicy user/bob denied
         bob iam:AttachUserPolicy user/bob failed=NoSuchEntityException {{\"request\":{{\"policyArn\":\"arn:aws:iam::aws:policy/None\"}}}}
         +0s admin iam:CreateAccessKey user/bob
         +0s admin iam:UpdateUser user/bob {{\"request\":{{\"newUserName\":\"robert\"}}}}
         admin iam:UploadServerCertificate {{\"request\":{{\"serverCertificateName\":\"x\"}}}}
         robert s3:GetObject bucket/logs
         admin iam:CreateRole role/app {{\"request\":{{\"assumeRolePolicyDocument\":\"{{}}\"}}}}
         admin iam:AttachRolePolicy role/app {{\"request\":{{\"policyArn\":\"arn:aws:iam::aws:policy/ReadOnlyAccess\"}}}}
         admin iam:DeleteRole role/app failed=DeleteConflict"
    );
    let mut records = trail::records(&lines).unwrap();
    for record in records.clone() {
        let moved = record.to_string().replace(trail::ACCOUNT, "444455556666");
        records.push(serde_json::from_str(&moved).unwrap());
    }
    records
}

/// Files that keep neither order nor neighbours, some records twice, some names as escapes.
fn write(folder: &Path) -> Vec<String> {
    let mut files = vec![Vec::new(); 4];
    for (number, record) in records().into_iter().enumerate() {
        let text = record.to_string();
        let text = match number % 3 {
            0 => text.replace("\"eventName\":\"Put", r#""eventName":"P\u0075t"#),
            _ => text,
        };
        files[(number * 7 + 3) % 4].push(text.clone());
        if number % 4 == 0 {
            files[number % 3].push(text);
        }
    }
    let mut paths = Vec::new();
    for (number, texts) in files.iter_mut().enumerate() {
        texts.reverse();
        let path = folder.join(format!("{number}.json"));
        std::fs::write(&path, format!("{{\"Records\":[{}]}}", texts.join(","))).unwrap();
        paths.push(path.to_str().unwrap().to_owned());
    }
    paths
}

fn options(paths: &[String]) -> Options {
    Options {
        input: Input::local(paths),
        detections: Vec::new(),
        settings: Settings { draws_graph: true, ..Settings::default() },
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
        changes: true,
        authorize: Authorize::default(),
    }
}

fn scan(options: &Options) -> Scanned {
    let scanned = scan::run_whole(options, &Progress::default()).unwrap();
    assert_eq!(scanned.report.rejects, []);
    scanned
}

fn states(models: &Models) -> BTreeMap<AccountId, State> {
    models.iter().map(|model| (model.account(), model.state())).collect()
}

/// What a plain replay of the records gives.
fn replayed(baselines: &[Baseline]) -> BTreeMap<AccountId, State> {
    let mut timelines = Timelines::new(baselines, Memory::default());
    let mut last = Timestamp::default();
    for record in records() {
        let event = Event::decode(record.to_string().as_bytes()).unwrap();
        last = last.max(event.time);
        timelines.push(&event, entry::order_of(&event), Place::default());
    }
    states(&timelines.at(last))
}

fn account() -> AccountId {
    AccountId::parse(trail::ACCOUNT).unwrap()
}

#[test]
fn the_models_of_a_scan_equal_a_replay_however_it_was_read() {
    let folder = tempfile::tempdir().unwrap();
    let paths = write(folder.path());
    let expected = replayed(&[]);
    let first = scan(&options(&paths));
    let robert = first.models.get(account()).and_then(|model| model.find(Kind::User, "robert"));
    assert_eq!(robert.unwrap().keys.keys().count(), 1, "the trail came through");
    let reversed: Vec<String> = paths.iter().rev().cloned().collect();
    let variants = [
        options(&paths),
        options(&reversed),
        Options { no_skip: true, ..options(&paths) },
        Options { threads: 3, ..options(&paths) },
        Options { memory_max: 1, threads: 2, ..options(&paths) },
        Options { changes: false, ..options(&paths) },
        Options { changes: false, no_skip: true, ..options(&paths) },
    ];
    for (number, variant) in variants.iter().enumerate() {
        let scanned = scan(variant);
        assert_eq!(states(&scanned.models), expected, "variant {number}");
        let changes = if variant.changes { first.changes.as_slice() } else { &[] };
        assert_eq!(scanned.changes, changes, "variant {number}");
    }
}

#[test]
fn every_change_is_a_row_and_nothing_else_is() {
    let folder = tempfile::tempdir().unwrap();
    let scanned = scan(&options(&write(folder.path())));
    let rows: Vec<(String, Outcome)> = scanned
        .changes
        .iter()
        .filter(|row| row.account == Some(account()))
        .map(|row| (row.event.clone(), row.outcome))
        .collect();
    let called: Vec<(String, Outcome)> = records()
        .iter()
        .map(|record| Event::decode(record.to_string().as_bytes()).unwrap())
        .filter(|event| event.account == Some(account()))
        .filter(|event| event.service() == "iam" && event.name() != "ListUsers")
        .map(|event| (event.action(), event.outcome))
        .collect();
    let sorted = |mut rows: Vec<(String, Outcome)>| {
        rows.sort();
        rows
    };
    assert_eq!(sorted(rows), sorted(called));
    let own = scanned.changes.iter().find(|row| row.outcome == Outcome::Denied).unwrap();
    assert_eq!((own.actor.label(), own.target.label()), ("bob", "bob"));
}

/// A baseline with one user of whom no record tells.
fn carol(folder: &Path) -> Vec<Baseline> {
    let details = json!({
        "UserDetailList": [{
            "UserName": "carol", "UserId": "AIDACAROL", "Path": "/",
            "Arn": "arn:aws:iam::111122223333:user/carol", "CreateDate": "2025-01-01T00:00:00Z",
            "GroupList": [], "UserPolicyList": [], "AttachedManagedPolicies": [], "Tags": [],
        }],
        "GroupDetailList": [], "RoleDetailList": [], "Policies": [],
    });
    let file = folder.join("account.txt");
    std::fs::write(&file, details.to_string()).unwrap();
    let file = file.to_str().unwrap().to_owned();
    trailwarden_runtime::baselines::read(&[file], Limits::default()).unwrap()
}

#[test]
fn a_baseline_is_where_the_logs_begin() {
    let folder = tempfile::tempdir().unwrap();
    let baselines = carol(folder.path());
    let scanned = scan(&Options { baselines: baselines.clone(), ..options(&write(folder.path())) });
    let model = scanned.models.get(account()).unwrap();
    assert!(
        model.find(Kind::User, "carol").is_some() && model.find(Kind::User, "robert").is_some()
    );
    assert_eq!(states(&scanned.models), replayed(&baselines));
    assert_ne!(replayed(&baselines), replayed(&[]));
}

/// A responder takes the baseline after the incident: records from before it are judged as the logs
/// alone tell them, and the baseline counts from its time on.
#[test]
fn records_from_before_a_baseline_are_judged_without_it() {
    let folder = tempfile::tempdir().unwrap();
    let paths = write(folder.path());
    let without = scan(&options(&paths));
    let times: BTreeSet<Timestamp> = without.changes.iter().map(|row| row.time).collect();
    let middle = *times.iter().nth(times.len() / 2).unwrap();
    let last = *times.last().unwrap();
    for taken in [middle, last, last.plus(86_400)] {
        let baselines: Vec<Baseline> =
            carol(folder.path()).into_iter().map(|one| one.taken_at(taken)).collect();
        let scanned = scan(&Options { baselines: baselines.clone(), ..options(&paths) });
        assert_eq!(scanned.changes.len(), without.changes.len());
        for (row, alone) in scanned.changes.iter().zip(&without.changes) {
            if row.time <= taken || row.account != Some(account()) {
                assert_eq!(row, alone, "{taken}");
            }
        }
        // At the end of its own second the baseline counts; a record of that second is before it.
        if taken != last {
            assert_eq!(states(&scanned.models), replayed(&baselines), "{taken}");
        }
    }
    let has_carol = |taken: Timestamp| {
        let baselines: Vec<Baseline> =
            carol(folder.path()).into_iter().map(|one| one.taken_at(taken)).collect();
        let scanned = scan(&Options { baselines, ..options(&paths) });
        scanned.models.get(account()).unwrap().find(Kind::User, "carol").is_some()
    };
    assert!(has_carol(middle) && !has_carol(last), "it counts from its time on, and not before");
}

#[test]
fn a_row_tells_its_effect_and_names_its_findings() {
    let folder = tempfile::tempdir().unwrap();
    let lines = "admin iam:CreateUser user/bob
                 admin iam:PutUserPolicy user/bob allow=s3:Get*,s3:List*
                 admin iam:PutUserPolicy user/bob allow=s3:Get*
                 mallory iam:PutUserPolicy user/bob allow=iam:*
                 mallory iam:DeleteUserPolicy user/bob named=inline denied";
    let texts: Vec<String> =
        trail::records(lines).unwrap().iter().map(ToString::to_string).collect();
    let path = folder.path().join("a.json");
    std::fs::write(&path, texts.join("\n")).unwrap();
    let paths = [path.to_str().unwrap().to_owned()];
    let detections = trailwarden_detect::detections::ALL.to_vec();
    let scanned = scan(&Options { detections, ..options(&paths) });
    let [made, wrote, narrowed, gave, refused] = scanned.changes.as_slice() else {
        panic!("{:?}", scanned.changes);
    };
    assert_eq!((&made.effect, &made.findings), (&None, &Vec::new()));
    let grades = |row: &trailwarden_detect::changes::ChangeRow| {
        let effect = row.effect.as_ref().unwrap();
        let bob = &effect.principals[0];
        (bob.grade_before.clone(), bob.grade_after.clone(), bob.gained.len(), bob.lost.len())
    };
    assert_eq!((grades(wrote).2 > 0, wrote.severity), (true, None));
    assert_eq!((grades(narrowed).2, grades(narrowed).3 > 0, narrowed.severity), (0, true, None));
    assert!(narrowed.findings.is_empty());
    assert_eq!(grades(gave).1, "admin");
    assert_eq!(gave.actor.label(), "mallory");
    let finding = scanned.report.findings.iter().find(|found| found.rule == "permissions-widened");
    assert_eq!(gave.findings, [finding.unwrap().id.clone()]);
    assert_eq!((refused.outcome, &refused.effect), (Outcome::Denied, &None));
}
