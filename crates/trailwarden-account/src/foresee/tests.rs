//! What is foreseen of a call is what its record shows afterwards.

use std::fs;
use std::path::Path;
use std::sync::Arc;

use serde_json::{Map, Value, json};
use trailwarden_model::Timestamp;
use trailwarden_record::Event;
use trailwarden_record::events::ALL;
use trailwarden_record::row::Place;

use super::{Call, Foreseeing};
use crate::access::World;
use crate::effect::{Means, judge};
use crate::entry::{is_folded, order_of};
use crate::identity::{KeyStatus, Kind};
use crate::listing::Presence;
use crate::models::Models;
use crate::trail::{Play, START, account, arn};

fn at(second: i64) -> Timestamp {
    Timestamp::from_seconds(START + second)
}

fn map(value: Value) -> Map<String, Value> {
    let Value::Object(members) = value else { panic!("{value}") };
    members
}

/// Members by their API names.
fn as_called(value: &Value) -> Value {
    let great = |name: &String| {
        let mut letters = name.chars();
        let first = letters.next().map(|first| first.to_ascii_uppercase());
        first.into_iter().chain(letters).collect::<String>()
    };
    match value {
        Value::Object(members) => {
            Value::Object(members.iter().map(|(name, it)| (great(name), as_called(it))).collect())
        }
        Value::Array(items) => Value::Array(items.iter().map(as_called).collect()),
        other => other.clone(),
    }
}

/// An account of a few.
fn stage() -> Play {
    let mut play = Play::new();
    play.create_user("bob", "AIDABOB");
    play.create_group("developers", "AGPADEVS");
    play.create_role("report-reader", "AROAREPORT");
    play.create_policy("ReportRead", "ANPAREPORT");
    play
}

/// The record of a call, as nobody's at that second of this account.
fn record_of(name: &str, second: i64) -> Value {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../fixtures/records/iam");
    let text = fs::read(folder.join(format!("{name}.json"))).unwrap();
    let mut record: Value = serde_json::from_slice(&text).unwrap();
    record["eventTime"] = json!(at(second).to_string());
    record["recipientAccountId"] = json!(account().to_string());
    record.as_object_mut().unwrap().remove("userIdentity");
    record
}

fn apply(play: &mut Play, record: &Value) {
    let event = Event::decode(record.to_string().as_bytes()).unwrap();
    play.model.apply(&event, order_of(&event), Place::default());
}

/// Accounts to make a call in: one of a few, one in which all was made that the fixtures' records make, so
/// that there is something to take away, and one of which nothing is known.
fn stages() -> [Play; 3] {
    let mut full = stage();
    let verbs = ["Create", "Put", "Attach", "Add", "Upload", "Enable"];
    let mut second = 100;
    for verb in verbs {
        let made = ALL.iter().filter(|info| info.service == "iam" && info.name.starts_with(verb));
        for info in made.filter(|info| is_folded("iam", info.name)) {
            second += 1;
            apply(&mut full, &record_of(info.name, second));
        }
    }
    [stage(), full, Play::new()]
}

/// CloudTrail User Guide, "CloudTrail record contents": the parameters of the call are those of the record.
/// For each record of IAM that the model folds, the same call foreseen leaves the same account behind.
#[test]
fn what_is_foreseen_is_what_the_record_shows() {
    let (mut unforeseen, mut others) = (Vec::new(), Vec::new());
    for info in ALL.iter().filter(|info| info.service == "iam" && is_folded("iam", info.name)) {
        let record = record_of(info.name, 1_000);
        let request = &record["requestParameters"];
        let input = if request.is_null() { Map::new() } else { map(as_called(request)) };
        let mut is_foreseen = false;
        for mut play in stages() {
            let mut foreseeing = Foreseeing::new(&play.model, at(1_000));
            let call = foreseeing.call("iam", info.name, &input);
            assert_ne!(call, Call::Elsewhere, "{}", info.name);
            if call == Call::Unforeseen {
                continue;
            }
            is_foreseen = true;
            apply(&mut play, &record);
            // What AWS makes up, such as ids, is nobody's permission.
            let mut states = [foreseeing.model().state(), play.model.state()];
            states.iter_mut().for_each(|all| all.values.retain(|(_, field, _), _| *field != "id"));
            if states[0] != states[1] {
                others.push(info.name);
            }
        }
        if !is_foreseen {
            unforeseen.push(info.name);
        }
    }
    // Keys get ids that AWS makes up, and versions a number that the fixture's account has used already.
    others.dedup();
    assert_eq!(others, ["CreateAccessKey", "CreatePolicyVersion"]);
    // What these are about stands in the reply alone, or is the caller's own. No plan makes them.
    let expected = [
        "AcquireRole",
        "ChangePassword",
        "CreateOpenIDConnectProvider",
        "CreateSAMLProvider",
        "CreateServiceLinkedRole",
        "CreateServiceSpecificCredential",
        "CreateVirtualMFADevice",
        "UploadSSHPublicKey",
        "UploadSigningCertificate",
    ];
    assert_eq!(unforeseen, expected);
}

/// IAM API Reference, `CreatePolicyVersion`: with `SetAsDefault` the new version is in force at once.
#[test]
fn a_new_version_is_in_force() {
    let play = stage();
    let mut foreseeing = Foreseeing::new(&play.model, at(100));
    let policy = arn("policy/ReportRead");
    let input =
        map(json!({"PolicyArn": policy, "PolicyDocument": "{\"v\":2}", "SetAsDefault": true}));
    let Call::Folded(reply) = foreseeing.call("iam", "CreatePolicyVersion", &input) else {
        panic!("it is known")
    };
    assert_eq!(reply["PolicyVersion"]["VersionId"], "v2");
    let text = foreseeing.model().document_of(&policy);
    assert_eq!(text.value().unwrap().as_str(), "{\"v\":2}");
    assert_eq!(play.model.document_of(&policy).value().unwrap().as_str(), "{\"v\":1}");
}

#[test]
fn a_reply_names_what_later_calls_refer_to() {
    let play = stage();
    let mut foreseeing = Foreseeing::new(&play.model, at(100));
    let input = map(json!({"PolicyName": "deny", "PolicyDocument": "{}", "Path": "/ours/"}));
    let Call::Folded(reply) = foreseeing.call("iam", "CreatePolicy", &input) else { panic!() };
    let made = reply["Policy"]["Arn"].clone();
    assert_eq!(made, arn("policy/ours/deny"));
    let input = map(json!({"UserName": "bob", "PolicyArn": made}));
    assert!(matches!(foreseeing.call("iam", "AttachUserPolicy", &input), Call::Folded(_)));
    let bob = foreseeing.model().find(Kind::User, "bob").unwrap();
    let policy: Arc<str> = arn("policy/ours/deny").into();
    assert!(matches!(bob.attached.get(&policy), Presence::Present(_)));
    let input = map(json!({"UserName": "bob"}));
    let Call::Folded(reply) = foreseeing.call("iam", "CreateAccessKey", &input) else { panic!() };
    let key = reply["AccessKey"]["AccessKeyId"].as_str().unwrap();
    let bob = foreseeing.model().find(Kind::User, "bob").unwrap();
    let is_active = |(id, status): (&Arc<str>, &crate::Fact<KeyStatus>)| {
        **id == *key && status.value() == Some(&KeyStatus::Active)
    };
    assert!(bob.keys.iter().any(is_active));
}

/// A call that does not fit, and one of another service, never look like one that does nothing.
#[test]
fn what_does_not_fit_is_unforeseen() {
    let play = stage();
    let mut foreseeing = Foreseeing::new(&play.model, at(100));
    let before = foreseeing.model().clone();
    let input = map(json!({"UserName": "bob", "PolicyName": "none"}));
    assert_eq!(foreseeing.call("iam", "DeleteUserPolicy", &input), Call::Unforeseen);
    assert_eq!(foreseeing.model(), &before, "it is not taken in by half");
    assert_eq!(foreseeing.call("s3", "PutBucketPolicy", &Map::new()), Call::Elsewhere);
    assert_eq!(foreseeing.call("iam", "TagServerCertificate", &Map::new()), Call::Elsewhere);
    assert!(foreseeing.change().is_none());
}

/// What one call gives and the next takes back is no change of the whole.
#[test]
fn calls_count_together() {
    let mut play = stage();
    let put = |document: &str| {
        map(json!({"UserName": "bob", "PolicyName": "p", "PolicyDocument": document}))
    };
    let all = r#"{"Statement": {"Effect": "Allow", "Action": "*", "Resource": "*"}}"#;
    let some = r#"{"Statement": {"Effect": "Allow", "Action": "s3:GetObject", "Resource": "*"}}"#;
    play.iam(
        "PutUserPolicy",
        json!({"userName": "bob", "policyName": "p", "policyDocument": some}),
    );
    play.iam("CreateAccessKey", json!({"userName": "bob"}));
    let effect = |foreseeing: &Foreseeing| {
        judge(World::of(&Models::default()), &foreseeing.change().unwrap(), None)
    };
    let mut foreseeing = Foreseeing::new(&play.model, at(100));
    foreseeing.call("iam", "PutUserPolicy", &put(all));
    assert_eq!(effect(&foreseeing).moved.len(), 1);
    foreseeing.call("iam", "PutUserPolicy", &put(some));
    assert!(effect(&foreseeing).moved.is_empty());
    // A part of the way is a change of its own.
    foreseeing.settle();
    let delete = map(json!({"UserName": "bob", "PolicyName": "p"}));
    foreseeing.call("iam", "DeleteUserPolicy", &delete);
    let lost = effect(&foreseeing);
    assert!(lost.is_narrowing() && !lost.moved[0].lost.is_empty(), "{}", lost.sentence());
}

/// A key that is switched off is told by its id.
#[test]
fn a_key_that_ends_is_named() {
    let mut play = stage();
    let key = "AKIAFORESEEN";
    let reply = json!({"accessKey": {"userName": "bob", "accessKeyId": key, "status": "Active"}});
    play.reply("CreateAccessKey", json!({"userName": "bob"}), reply);
    let mut foreseeing = Foreseeing::new(&play.model, at(100));
    let input = map(json!({"UserName": "bob", "AccessKeyId": key, "Status": "Inactive"}));
    foreseeing.call("iam", "UpdateAccessKey", &input);
    let effect = judge(World::of(&Models::default()), &foreseeing.change().unwrap(), None);
    let [taken] = effect.taken.as_slice() else { panic!("{:?}", effect.taken) };
    assert_eq!((taken.means, taken.item.as_deref()), (Means::AccessKey, Some(key)));
    assert!(!taken.is_perhaps_off);
}

/// IAM API Reference, `DeleteSAMLProvider`: roles that name it as a principal let nobody in by it any more,
/// also where no record and no baseline showed the provider itself.
#[test]
fn a_provider_that_nobody_saw_shuts_its_roles_when_it_goes() {
    for (operation, parameter, kind) in [
        ("DeleteSAMLProvider", "SAMLProviderArn", "saml-provider/people"),
        ("DeleteOpenIDConnectProvider", "OpenIDConnectProviderArn", "oidc-provider/id.example.com"),
    ] {
        let mut play = stage();
        let trust = json!({"Statement": {"Effect": "Allow", "Principal": {"Federated": arn(kind)},
            "Action": ["sts:AssumeRoleWithSAML", "sts:AssumeRoleWithWebIdentity"]}});
        play.iam(
            "UpdateAssumeRolePolicy",
            json!({"roleName": "report-reader", "policyDocument": trust.to_string()}),
        );
        let mut foreseeing = Foreseeing::new(&play.model, at(100));
        foreseeing.call("iam", operation, &map(json!({parameter: arn(kind)})));
        let effect = judge(World::of(&Models::default()), &foreseeing.change().unwrap(), None);
        assert_eq!(effect.shut.len(), 1, "{operation}: {}", effect.sentence());
    }
}
