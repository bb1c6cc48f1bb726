//! What the AWS CLI saved becomes a file of answers, and that file is a baseline.

use serde_json::{Value, json};
use tempfile::TempDir;
use trailwarden_account::{Kind, Model};

use super::*;

const ACCOUNT: &str = "111122223333";
const TRAIL: &str = "arn:aws:cloudtrail:eu-west-1:111122223333:trail/main";

struct Folder(TempDir);

impl Folder {
    fn new() -> Self {
        Self(tempfile::tempdir().unwrap())
    }

    fn put(&self, name: &str, content: &Value) -> String {
        let path = self.0.path().join(name);
        std::fs::write(&path, content.to_string()).unwrap();
        path.to_str().unwrap().to_owned()
    }

    fn path(&self, name: &str) -> std::path::PathBuf {
        self.0.path().join(name)
    }
}

fn details(account: &str, name: &str) -> Value {
    json!({"UserDetailList": [{
        "UserName": name, "UserId": format!("AIDA{name}"), "Path": "/", "CreateDate": "2025-01-01T00:00:00Z",
        "Arn": format!("arn:aws:iam::{account}:user/{name}"), "GroupList": [],
    }], "GroupDetailList": [], "RoleDetailList": [], "Policies": []})
}

fn trails(names: &[&str]) -> Value {
    let trails = names.iter().map(|name| {
        json!({"Name": name, "TrailARN": TRAIL.replace("main", name), "HomeRegion": "eu-west-1"})
    });
    json!({"trailList": trails.collect::<Vec<_>>()})
}

fn packed(arguments: &[String]) -> Vec<Snapshot> {
    snapshots(arguments, Limits::default(), Timestamp::parse("2026-03-01T12:00:00Z")).unwrap()
}

fn error(arguments: &[String]) -> String {
    snapshots(arguments, Limits::default(), None).unwrap_err().to_string()
}

#[test]
fn a_packed_file_is_a_baseline() {
    let folder = Folder::new();
    let files = [
        folder.put("details.json", &details(ACCOUNT, "alice")),
        folder.put("summary.json", &json!({"SummaryMap": {"Users": 1, "Roles": 0}})),
        folder.put("trails.json", &trails(&["main"])),
        folder.put(
            "status.json",
            &json!({"IsLogging": true, "LatestDeliveryTime": "2026-03-01T11:00:00Z"}),
        ),
    ];
    let all = packed(&files);
    let [one] = all.as_slice() else { panic!("{all:?}") };
    assert_eq!((one.account.to_string().as_str(), one.depth), (ACCOUNT, Depth::Packed));
    assert!(one.about("cloudtrail:GetTrailStatus", "Name", TRAIL).is_some());
    let path = folder.path("account.twb");
    write(&path, &all).unwrap();
    assert_eq!(std::fs::read(&path).unwrap().get(..4), Some(&[0x28, 0xb5, 0x2f, 0xfd][..]));
    let file = path.to_str().unwrap().to_owned();
    assert_eq!(packed(std::slice::from_ref(&file)), all);
    let baselines = super::super::read(&[file], Limits::default()).unwrap();
    let model = Model::from_baseline(&baselines[0]);
    assert!(model.find(Kind::User, "alice").is_some() && model.listed().users.is_known());
    assert!(baselines[0].is_dated());
}

#[cfg(unix)]
#[test]
fn only_its_owner_may_read_what_is_written() {
    use std::os::unix::fs::PermissionsExt as _;
    let folder = Folder::new();
    let path = folder.path("account.twb");
    write(&path, &packed(&[folder.put("d.json", &details(ACCOUNT, "alice"))])).unwrap();
    assert_eq!(std::fs::metadata(path).unwrap().permissions().mode() & 0o777, 0o600);
}

#[test]
fn a_file_of_several_accounts_holds_them_all() {
    let folder = Folder::new();
    let files = [
        folder.put("one.json", &details(ACCOUNT, "alice")),
        folder.put("two.json", &details("000000000002", "bob")),
    ];
    let path = folder.path("all.twb");
    write(&path, &packed(&files)).unwrap();
    let baselines = super::super::read(&[path.to_str().unwrap().to_owned()], Limits::default());
    let accounts: Vec<String> =
        baselines.unwrap().iter().map(|one| one.account().to_string()).collect();
    assert_eq!(accounts, ["000000000002", ACCOUNT]);
}

#[test]
fn whose_a_part_is_must_be_known() {
    let folder = Folder::new();
    let rules = folder.put("rules.json", &json!({"PasswordPolicy": {"MinimumPasswordLength": 14}}));
    assert!(error(std::slice::from_ref(&rules)).contains("does not say of which account"));
    let told = packed(&[format!("{ACCOUNT}={rules}")]);
    assert_eq!(told[0].account.to_string(), ACCOUNT);
    let other = folder.put("details.json", &details("000000000002", "bob"));
    assert!(error(&[format!("{ACCOUNT}={other}")]).contains("is of account 000000000002"));
}

#[test]
fn a_status_without_a_trail_is_of_the_only_one_or_of_none() {
    let folder = Folder::new();
    let status = folder.put("status.json", &json!({"IsLogging": true}));
    let several = folder.put("trails.json", &trails(&["main", "other"]));
    let details = folder.put("details.json", &details(ACCOUNT, "alice"));
    assert!(error(&[details.clone(), several, status.clone()]).contains("does not say of which"));
    assert!(error(&[details, status]).contains("does not say of which"));
}

#[test]
fn pages_are_one_answer_and_the_last_must_be_there() {
    let folder = Folder::new();
    let mut first = details(ACCOUNT, "alice");
    first["IsTruncated"] = true.into();
    first["Marker"] = "m".into();
    let mut last = details(ACCOUNT, "bob");
    last["IsTruncated"] = false.into();
    let (first, last) = (folder.put("1.json", &first), folder.put("2.json", &last));
    let api = "iam:GetAccountAuthorizationDetails";
    let whole = packed(&[first.clone(), last]);
    let body = whole[0].answer(api).unwrap().body().unwrap();
    assert_eq!(body["UserDetailList"].as_array().unwrap().len(), 2);
    assert_eq!(body.get("Marker"), None);
    let half = packed(&[first]);
    assert!(matches!(half[0].answer(api).unwrap().outcome, Outcome::Partial { .. }));
    let model = Model::from_baseline(&half[0].baseline().unwrap());
    assert!(!model.listed().users.is_known());
}

#[test]
fn what_is_not_recognised_is_an_error() {
    let folder = Folder::new();
    let other = folder.put("other.json", &json!({"Buckets": []}));
    assert!(error(&[other]).contains("is no part of a baseline"));
    let half = folder.path("half.json");
    let text = details(ACCOUNT, "alice").to_string();
    std::fs::write(&half, &text[..text.len() - 2]).unwrap();
    assert!(error(&[half.to_str().unwrap().to_owned()]).contains("is no part of a baseline"));
}

#[test]
fn a_damaged_baseline_file_is_told() {
    let folder = Folder::new();
    let path = folder.path("account.twb");
    write(&path, &packed(&[folder.put("d.json", &details(ACCOUNT, "alice"))])).unwrap();
    let bytes = std::fs::read(&path).unwrap();
    std::fs::write(&path, &bytes[..bytes.len() / 2]).unwrap();
    let file = path.to_str().unwrap().to_owned();
    assert!(super::super::read(std::slice::from_ref(&file), Limits::default()).is_err());
    assert!(snapshots(&[file], Limits::default(), None).is_err());
}
