//! What files of baselines may hold, and what is said of those that hold something else.

use std::io::Write as _;

use serde_json::{Value, json};
use tempfile::TempDir;
use trailwarden_account::Model;
use trailwarden_account::identity::Kind;

use super::*;

const ACCOUNT: &str = "111122223333";
const REPORT: &str = "user,arn,user_creation_time,password_enabled,mfa_active,access_key_1_active,access_key_1_last_rotated,access_key_2_active,access_key_2_last_rotated\n\
    bob,arn:aws:iam::111122223333:user/bob,2025-01-01T00:00:00Z,false,false,false,N/A,false,N/A\n";

fn user(account: &str, name: &str) -> Value {
    json!({
        "UserName": name, "UserId": format!("AIDA{}", name.to_uppercase()), "Path": "/",
        "Arn": format!("arn:aws:iam::{account}:user/{name}"), "CreateDate": "2025-01-01T00:00:00Z",
        "GroupList": [], "UserPolicyList": [], "AttachedManagedPolicies": [], "Tags": [],
    })
}

fn details(account: &str, name: &str) -> String {
    json!({
        "UserDetailList": [user(account, name)], "GroupDetailList": [], "RoleDetailList": [],
        "Policies": [],
    })
    .to_string()
}

struct Folder(TempDir);

impl Folder {
    fn new() -> Self {
        Self(tempfile::tempdir().unwrap())
    }

    fn put(&self, name: &str, content: impl AsRef<[u8]>) -> String {
        let path = self.0.path().join(name);
        std::fs::write(&path, content).unwrap();
        path.to_str().unwrap().to_owned()
    }
}

fn read_all(arguments: &[String]) -> Vec<Baseline> {
    read(arguments, Limits::default()).unwrap()
}

fn error(arguments: &[String]) -> String {
    read(arguments, Limits::default()).unwrap_err().to_string()
}

fn has_user(baseline: &Baseline, name: &str) -> bool {
    Model::from_baseline(baseline).find(Kind::User, name).is_some()
}

#[test]
fn files_of_one_account_are_one_baseline_however_they_are_packed() {
    let folder = Folder::new();
    let mut gzip = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
    gzip.write_all(details(ACCOUNT, "alice").as_bytes()).unwrap();
    let zstd = zstd::encode_all(details(ACCOUNT, "carol").as_bytes(), 1).unwrap();
    let two = format!("{}\n{}", details("444455556666", "dave"), details("444455556666", "erin"));
    let utf16: Vec<u8> =
        [0xff, 0xfe].into_iter().chain(two.encode_utf16().flat_map(u16::to_le_bytes)).collect();
    let baselines = read_all(&[
        folder.put("bob.txt", details(ACCOUNT, "bob")),
        folder.put("alice.json", gzip.finish().unwrap()),
        folder.put("carol", zstd),
        folder.put("two", utf16),
        folder.put("report", REPORT),
    ]);
    let accounts: Vec<String> = baselines.iter().map(|one| one.account().to_string()).collect();
    assert_eq!(accounts, [ACCOUNT, "444455556666"]);
    for name in ["alice", "bob", "carol"] {
        assert!(has_user(&baselines[0], name), "{name}");
    }
    assert!(has_user(&baselines[1], "dave") && has_user(&baselines[1], "erin"));
    let model = Model::from_baseline(&baselines[0]);
    let bob = model.find(Kind::User, "bob").unwrap();
    assert_eq!(bob.login.value(), Some(&None), "the report says that there is no password");
}

#[test]
fn parts_without_an_account_belong_to_the_only_one_or_need_to_be_told() {
    let folder = Folder::new();
    let summary = folder.put("summary", r#"{"SummaryMap": {"Users": 1, "MFADevices": 0}}"#);
    let passwords = folder.put("pw", r#"{"PasswordPolicy": {"MinimumPasswordLength": 14}}"#);
    let report = json!({"Content": encoded_report(), "ReportFormat": "text/csv"}).to_string();
    let report = folder.put("report", report);
    let bob = folder.put("bob", details(ACCOUNT, "bob"));
    let dave = folder.put("dave", details("444455556666", "dave"));
    let one = read_all(&[summary.clone(), passwords.clone(), report, bob.clone()]);
    let model = Model::from_baseline(&one[0]);
    assert_eq!(model.settings().summary.value().and_then(|map| map.get("Users")), Some(&1));
    let policy = model.settings().password_policy.value().unwrap().as_ref().unwrap();
    assert_eq!(policy.minimum_length, 14);
    let both = [summary.clone(), bob.clone(), dave.clone()];
    let text = error(&both);
    assert!(text.contains("account summary") && text.contains("ACCOUNT="), "{text}");
    let told = [format!("444455556666={summary}"), bob, dave];
    let models: Vec<Model> = read_all(&told).iter().map(Model::from_baseline).collect();
    assert!(models[0].settings().summary.value().is_none());
    assert!(models[1].settings().summary.value().is_some());
}

fn encoded_report() -> String {
    use base64::Engine as _;
    base64::engine::general_purpose::STANDARD.encode(REPORT)
}

#[test]
fn policies_of_an_organization_are_found_from_its_accounts() {
    let folder = Folder::new();
    let scp = json!({"Policy": {
        "PolicySummary": {"Id": "p-1", "Arn": "arn:aws:organizations::999988887777:policy/o-x/service_control_policy/p-1", "Name": "x", "Type": "SERVICE_CONTROL_POLICY"},
        "Content": "{\"Version\":\"2012-10-17\",\"Statement\":[]}",
    }});
    let listing = json!({
        "Policies": [{"PolicySummary": {"Id": "p-1", "Name": "x", "Type": "SERVICE_CONTROL_POLICY"},
            "Content": "{}", "Targets": [{"TargetId": "r-1"}]}],
        "Parents": [{"Id": ACCOUNT, "ParentId": "r-1"}],
    });
    for content in [scp, listing] {
        let scp = folder.put("scp", content.to_string());
        let bob = folder.put("bob", details(ACCOUNT, "bob"));
        let models = trailwarden_account::Models::from_baselines(&read_all(&[scp, bob]));
        let found = models.organization_of(AccountId::parse(ACCOUNT).unwrap()).unwrap();
        assert_eq!(found.policies.iter().count(), 1);
    }
}

#[test]
fn what_is_wrong_names_the_file_and_what_to_do() {
    let folder = Folder::new();
    let missing = folder.0.path().join("none").to_str().unwrap().to_owned();
    assert!(error(&[missing]).contains("check the path"));
    let text = error(&[folder.put("x", "{\"Records\": []}")]);
    assert!(text.contains("/x`") && text.contains("get-account-authorization-details"), "{text}");
    let text = error(&[folder.put("half", "{\"UserDetailList\": [")]);
    assert!(text.contains("/half`"), "{text}");
    let empty = r#"{"UserDetailList": [], "GroupDetailList": []}"#;
    assert!(error(&[folder.put("empty", empty)]).contains("--filter"));
    let bob = folder.put("bob", details(ACCOUNT, "bob"));
    let text = error(&[format!("444455556666={bob}")]);
    assert!(text.contains("of account 111122223333, not 444455556666"), "{text}");
    let report = folder.put("report", REPORT);
    assert!(error(&[report]).contains("no authorization details are given"));
    let zip = folder.put("zip", b"PK\x03\x04....");
    assert!(error(&[zip]).contains("zip archive"));
    let limits = Limits { inflated_max: 100, ..Limits::default() };
    let text = read(&[bob], limits).unwrap_err().to_string();
    assert!(text.contains("more than 100 bytes"), "{text}");
}

/// Saved from two accounts by mistake, or at two times: in words, and without what stands in them.
#[test]
fn files_that_contradict_each_other_are_told_in_words() {
    let folder = Folder::new();
    let mixed = json!({ "UserDetailList": [user(ACCOUNT, "bob"), user("444455556666", "bob")] });
    let said = error(&[folder.put("mixed.json", mixed.to_string())]);
    assert!(said.ends_with("; give each account its own baseline"), "{said}");
    let later =
        details(ACCOUNT, "bob").replace(r#""Tags":[]"#, r#""Tags":[{"Key":"a","Value":"b"}]"#);
    assert_ne!(later, details(ACCOUNT, "bob"));
    let files = [folder.put("one.json", details(ACCOUNT, "bob")), folder.put("other.json", later)];
    let error = read(&files, Limits::default()).unwrap_err();
    let source = std::error::Error::source(&error).unwrap().to_string();
    assert!(source.starts_with("the user `"), "{source}");
    assert!(source.ends_with("` is there twice, with different `Tags`"), "{source}");
}
