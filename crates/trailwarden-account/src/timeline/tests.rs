//! The order of arrival does not show.

use proptest::collection::vec;
use proptest::prelude::*;
use serde_json::{Value, json};
use trailwarden_model::Timestamp;
use trailwarden_record::row::{Order, Place};

use super::{Arrival, Limits, Timeline};
use crate::baseline::authorization_details;
use crate::change::{Change, Subject};
use crate::entry::{Entry, order_of};
use crate::model::Model;
use crate::trail::{START, account, arn, by_role, by_user, omitted, record};

/// What a generated call is made of.
type Draw = (u8, u8, u8, i64);

/// Any call on a few names, whether AWS would have let it succeed or not.
fn call((what, who, which, second): Draw, number: usize) -> Entry {
    let user = ["ann", "bob"][usize::from(who % 2)];
    let group = ["devs", "ops"][usize::from(which % 2)];
    let new_name = ["ann", "bob", "eve"][usize::from(which % 3)];
    let role = ["app", "web"][usize::from(who % 2)];
    let policy = arn(&format!("policy/{}", ["p", "q"][usize::from(which % 2)]));
    let of_user = |rest: Value| with(json!({"userName": user}), rest);
    let of_role = |rest: Value| with(json!({"roleName": role}), rest);
    let document = format!("{{\"v\":{which}}}");
    let null = || Value::Null;
    let (name, request, reply) = match what % 28 {
        0 => (
            "CreateUser",
            of_user(json!({})),
            json!({"user": {"userId": format!("AIDA{user}{number}")}}),
        ),
        1 => ("DeleteUser", of_user(json!({})), null()),
        2 => ("UpdateUser", of_user(json!({"newUserName": new_name})), null()),
        3 => (
            "CreateGroup",
            json!({"groupName": group}),
            json!({"group": {"groupId": format!("AGPA{number}")}}),
        ),
        4 => ("DeleteGroup", json!({"groupName": group}), null()),
        5 => ("AddUserToGroup", of_user(json!({"groupName": group})), null()),
        6 => ("RemoveUserFromGroup", of_user(json!({"groupName": group})), null()),
        7 => (
            "CreateRole",
            of_role(json!({"assumeRolePolicyDocument": document})),
            json!({"role": {"roleId": format!("AROA{number}")}}),
        ),
        8 => ("DeleteRole", of_role(json!({})), null()),
        9 => ("UpdateAssumeRolePolicy", of_role(json!({"policyDocument": document})), null()),
        10 => (
            "CreatePolicy",
            json!({"policyName": policy.rsplit('/').next(), "policyDocument": document}),
            json!({"policy": {"arn": policy, "policyId": format!("ANPA{number}"), "defaultVersionId": "v1"}}),
        ),
        11 => ("DeletePolicy", json!({"policyArn": policy}), null()),
        12 => (
            "CreatePolicyVersion",
            json!({"policyArn": policy, "policyDocument": document, "setAsDefault": who % 2 == 0}),
            json!({"policyVersion": {"versionId": format!("v{}", which % 5)}}),
        ),
        13 => (
            "SetDefaultPolicyVersion",
            json!({"policyArn": policy, "versionId": format!("v{}", which % 5)}),
            null(),
        ),
        14 => ("AttachUserPolicy", of_user(json!({"policyArn": policy})), null()),
        15 => ("DetachUserPolicy", of_user(json!({"policyArn": policy})), null()),
        16 => ("AttachRolePolicy", of_role(json!({"policyArn": policy})), null()),
        17 => (
            "PutGroupPolicy",
            json!({"groupName": group, "policyName": "x", "policyDocument": document}),
            null(),
        ),
        18 => ("DeleteGroupPolicy", json!({"groupName": group, "policyName": "x"}), null()),
        19 => {
            ("PutUserPermissionsBoundary", of_user(json!({"permissionsBoundary": policy})), null())
        }
        20 => (
            "CreateAccessKey",
            of_user(json!({})),
            json!({"accessKey": {"accessKeyId": format!("AKIA{which}"), "status": "Active"}}),
        ),
        21 => ("DeleteAccessKey", json!({"accessKeyId": format!("AKIA{which}")}), null()),
        22 => ("CreateLoginProfile", of_user(json!({})), null()),
        23 => ("AddRoleToInstanceProfile", of_role(json!({"instanceProfileName": "ip"})), null()),
        24 => ("PutUserPolicy", omitted(), null()),
        25 => ("CreatePolicyVersion", omitted(), json!({"policyVersion": {"versionId": "v2"}})),
        26 => ("EnableMFADevice", of_user(json!({"serialNumber": "mfa"})), null()),
        _ => ("TagUser", of_user(json!({"tags": [{"key": "k", "value": document}]})), null()),
    };
    let caller = match which % 4 {
        0 => by_user(user, &format!("AIDA{user}{}", which % 3)),
        1 => by_role(role, &format!("AROA{}", which % 3)),
        _ => Value::Null,
    };
    let event = record(second, number, "iam", name, request, reply, caller);
    Entry::of(&event, order_of(&event), Place { file: 0, record: number as u32 }).unwrap()
}

fn with(mut base: Value, rest: Value) -> Value {
    if let (Some(base), Value::Object(rest)) = (base.as_object_mut(), rest) {
        base.extend(rest);
    }
    base
}

fn calls() -> impl Strategy<Value = Vec<Entry>> {
    vec((any::<u8>(), any::<u8>(), any::<u8>(), 0..40_i64), 1..60)
        .prop_map(|draws| draws.into_iter().enumerate().map(|(n, draw)| call(draw, n)).collect())
}

/// The slow, obvious way: all of them, in order, from the beginning.
fn replay(start: &Model, entries: &[Entry], until: i64) -> Model {
    let mut sorted: Vec<&Entry> = entries.iter().collect();
    sorted.sort_by_key(|entry| entry.order);
    let mut model = start.clone();
    for entry in sorted {
        if entry.order.time <= Timestamp::from_seconds(START + until) {
            model.fold(entry);
        }
    }
    model
}

fn limits(checkpoint_every: usize) -> Limits {
    Limits { checkpoint_every, ..Limits::default() }
}

/// What always holds between the parts of a model.
fn is_consistent(model: &Model) {
    let kinds = [crate::Kind::User, crate::Kind::Group, crate::Kind::Role, crate::Kind::Root];
    let by_name: usize = kinds.into_iter().map(|kind| model.of_kind(kind).count()).sum();
    assert_eq!(by_name, model.identities().count(), "each has one name, and no old one");
    for identity in model.identities() {
        assert_eq!(
            model.find(identity.kind, &identity.name).map(|found| &found.id),
            Some(&identity.id)
        );
        assert!(model.tombstone(&identity.id).is_none(), "{} lives", identity.id);
        for group in identity.groups.keys() {
            let group = model.identity(group).unwrap();
            assert!(group.members.keys().any(|member| *member == identity.id));
        }
        for member in identity.members.keys() {
            let member = model.identity(member).unwrap();
            assert!(member.groups.keys().any(|group| *group == identity.id));
        }
    }
    for profile in model.instance_profiles() {
        if let Some(Some(role)) = profile.role.value() {
            assert!(model.identity(role).is_some(), "{role} of {}", profile.name);
        }
    }
    for policy in model.policies() {
        assert_eq!(model.policy(&policy.arn).map(|found| &found.id), Some(&policy.id));
    }
}

/// All that differs before and after is named by the change.
fn names_all_that_differs(change: &Change) {
    let names =
        |subject: &Subject| change.touched.iter().any(|touched| touched.subject == *subject);
    let (before, after) = (&change.before, &change.after);
    for identity in before.identities().chain(after.identities()) {
        let (kind, id) = (identity.kind, &identity.id);
        let is_named =
            names(&Subject::Identity(kind, id.clone())) || names(&Subject::AnyIdentity(kind));
        let is_joined =
            change.touched.iter().any(|touched| touched.item.as_deref() == Some(id.as_str()));
        let is_same = before.identity(id) == after.identity(id);
        assert!(is_same || is_named || is_joined, "{id} is not in {:?}", change.touched);
    }
    for policy in before.policies().chain(after.policies()) {
        let is_same = before.policy(&policy.arn) == after.policy(&policy.arn);
        let is_named = names(&Subject::Policy(policy.id.clone())) || names(&Subject::AnyPolicy);
        assert!(is_same || is_named, "{} is not in {:?}", policy.arn, change.touched);
    }
    for profile in before.instance_profiles().chain(after.instance_profiles()) {
        let name = &profile.name;
        let is_same = before.instance_profile(name) == after.instance_profile(name);
        assert!(is_same || names(&Subject::InstanceProfile(name.clone())), "{name}");
    }
}

/// A small account: one user in one group.
const BASELINE: &str = r#"{
  "UserDetailList": [{"Path": "/", "UserName": "ann", "UserId": "AIDAann0",
    "Arn": "arn:aws:iam::111122223333:user/ann", "CreateDate": "2025-01-01T00:00:00Z",
    "GroupList": ["devs"]}],
  "GroupDetailList": [{"Path": "/", "GroupName": "devs", "GroupId": "AGPADEVS",
    "Arn": "arn:aws:iam::111122223333:group/devs", "CreateDate": "2025-01-01T00:00:00Z"}]}"#;

proptest! {
    #![proptest_config(ProptestConfig { cases: 96, failure_persistence: None, ..ProptestConfig::default() })]

    /// Replay from zero equals incremental in any cut, with repeats and any order of arrival.
    #[test]
    fn arrival_does_not_show(
        entries in calls(),
        arrival in vec((any::<prop::sample::Index>(), any::<bool>()), 0..90),
        checkpoint_every in 1..7_usize,
    ) {
        let mut timeline = Timeline::new(account(), limits(checkpoint_every));
        for (index, asks) in &arrival {
            timeline.push(index.get(&entries).clone());
            if *asks {
                timeline.now();
            }
        }
        for entry in entries.iter().rev() {
            timeline.push(entry.clone());
        }
        let start = Model::new(account());
        for second in [0, 7, 20, 33, 40] {
            let at = timeline.at(Timestamp::from_seconds(START + second));
            prop_assert_eq!(at, Some(replay(&start, &entries, second)));
        }
        let now = timeline.now();
        is_consistent(&now);
        prop_assert_eq!(now, replay(&start, &entries, 40));
        prop_assert_eq!(timeline.len(), entries.len());
    }

    /// Around a baseline there are two histories: before it from nothing, and at the end of its own
    /// second and later from itself.
    #[test]
    fn a_baseline_in_the_middle_is_the_start_of_what_follows(
        entries in calls(),
        taken in 0..40_i64,
        checkpoint_every in 1..7_usize,
        asks in any::<bool>(),
    ) {
        let taken_at = Timestamp::from_seconds(START + taken);
        let baseline = authorization_details(BASELINE.as_bytes()).unwrap().taken_at(taken_at);
        let mut timeline = Timeline::with_baseline(&baseline, limits(checkpoint_every));
        for entry in &entries {
            timeline.push(entry.clone());
            if asks {
                timeline.now();
            }
        }
        for second in [0, 13, 27, 40, taken - 1, taken, taken + 1] {
            let start = if second >= taken { Model::from_baseline(&baseline) } else { Model::new(account()) };
            let at = timeline.at(Timestamp::from_seconds(START + second));
            prop_assert_eq!(at, Some(replay(&start, &entries, second)));
        }
        is_consistent(&timeline.now());
    }

    /// The change of an event is the step from the model before to the model after, whenever it is
    /// asked for.
    #[test]
    fn changes_are_the_steps_of_the_replay(entries in calls(), late in any::<prop::sample::Index>()) {
        let mut timeline = Timeline::new(account(), limits(3));
        let late = late.get(&entries);
        for entry in entries.iter().filter(|entry| entry.order != late.order) {
            timeline.push(entry.clone());
            timeline.change(entry.order);
        }
        timeline.push(late.clone());
        let mut changes = Vec::new();
        timeline.changes_from(late.order, |change| changes.push(change));
        let mut sorted = entries.clone();
        sorted.sort_by_key(|entry| entry.order);
        let mut model = Model::new(account());
        let mut expected = Vec::new();
        for entry in &sorted {
            let change = model.apply_entry(entry);
            change.iter().for_each(names_all_that_differs);
            if entry.order >= late.order {
                expected.extend(change);
            }
        }
        prop_assert_eq!(changes, expected);
    }

    /// With little memory the floor stands for what was dropped, and says so.
    #[test]
    fn the_floor_stands_for_what_was_dropped(entries in calls(), entries_max in 1..20_usize) {
        let limits = Limits { entries_max, checkpoint_every: 4, ..Limits::default() };
        let mut timeline = Timeline::new(account(), limits);
        let mut sorted = entries.clone();
        sorted.sort_by_key(|entry| entry.order);
        for entry in &sorted {
            prop_assert_eq!(timeline.push(entry.clone()), Arrival::Last);
        }
        prop_assert!(timeline.len() <= entries_max);
        prop_assert_eq!(timeline.now(), replay(&Model::new(account()), &entries, 40));
        prop_assert_eq!(timeline.truncated_until().is_some(), entries.len() > entries_max);
        if timeline.truncated_until().is_some() {
            prop_assert_eq!(timeline.push(sorted[0].clone()), Arrival::TooLate);
            prop_assert_eq!(timeline.refused(), 1);
            prop_assert_eq!(timeline.at(Timestamp::from_seconds(START - 1)), None);
        }
    }
}

#[test]
fn memory_is_bounded_by_bytes_too() {
    let limits = Limits { bytes_max: 20_000, ..Limits::default() };
    let mut timeline = Timeline::new(account(), limits);
    for number in 0..20 {
        let document = "x".repeat(4_000);
        let request = json!({"userName": "b", "policyName": "p", "policyDocument": document});
        let event = record(
            number,
            number as usize,
            "iam",
            "PutUserPolicy",
            request,
            Value::Null,
            Value::Null,
        );
        let entry = Entry::of(&event, order_of(&event), Place::default()).unwrap();
        assert!(entry.weight() > 4_000);
        timeline.push(entry);
    }
    assert!((1..5).contains(&timeline.len()), "{}", timeline.len());
    assert!(timeline.truncated_until().is_some());
}

/// What a stranger can make long is weighed: tags, names and lists too.
#[test]
fn every_text_of_a_call_has_its_weight() {
    let weight = |request: Value, caller: Value| {
        let event = record(1, 1, "iam", "TagUser", request, Value::Null, caller);
        Entry::of(&event, order_of(&event), Place::default()).unwrap().weight()
    };
    let long = "x".repeat(10_000);
    let tags: Vec<Value> =
        (0..50).map(|n| json!({"key": format!("k{n}"), "value": long})).collect();
    let small = weight(json!({"userName": "b"}), Value::Null);
    assert!(weight(json!({"userName": "b", "tags": tags}), Value::Null) > small + 500_000);
    assert!(weight(json!({"userName": long}), Value::Null) > small + 9_990);
    assert!(weight(json!({"userName": "b"}), by_user(&long, "AIDABOB")) > small + 10_000);
}

/// A better placed copy takes the place of the first with its own weight, and may be too much.
#[test]
fn a_copy_that_replaces_another_is_weighed() {
    let put = |second: i64, file: u32, length: usize| {
        let document = "x".repeat(length);
        let request = json!({"userName": "b", "policyName": "p", "policyDocument": document});
        let event = record(second, 1, "iam", "PutUserPolicy", request, Value::Null, Value::Null);
        let order = Order { id: 1, ..order_of(&event) };
        Entry::of(&event, order, Place { file, record: 0 }).unwrap()
    };
    let limits = Limits { bytes_max: 50_000, ..Limits::default() };
    let mut timeline = Timeline::new(account(), limits);
    timeline.push(put(1, 5, 10));
    timeline.push(put(2, 5, 10));
    let small = timeline.bytes;
    assert_eq!(timeline.push(put(2, 4, 10_000)), Arrival::Duplicate);
    assert_eq!(timeline.bytes, small + 9_990);
    assert_eq!(timeline.push(put(2, 3, 10)), Arrival::Duplicate);
    assert_eq!((timeline.bytes, timeline.truncated_until()), (small, None));
    assert_eq!(timeline.push(put(2, 2, 60_000)), Arrival::Duplicate);
    assert_eq!((timeline.len(), timeline.truncated_until().is_some()), (1, true));
}

#[test]
fn a_late_creation_tells_who_it_was() {
    let mut timeline = Timeline::new(account(), Limits::default());
    let create = record(
        1,
        1,
        "iam",
        "CreateUser",
        json!({"userName": "bob"}),
        json!({"user": {"userId": "AIDABOB"}}),
        Value::Null,
    );
    let tag = record(
        2,
        2,
        "iam",
        "TagUser",
        json!({"userName": "bob", "tags": [{"key": "k", "value": "v"}]}),
        Value::Null,
        Value::Null,
    );
    let entry = |event| Entry::of(event, order_of(event), Place::default()).unwrap();
    assert_eq!(timeline.push(entry(&tag)), Arrival::Last);
    assert!(timeline.now().find(crate::Kind::User, "bob").unwrap().id.is_provisional());
    assert_eq!(timeline.push(entry(&create)), Arrival::Late);
    assert_eq!(timeline.push(entry(&create)), Arrival::Duplicate);
    let now = timeline.now();
    let bob = now.find(crate::Kind::User, "bob").unwrap();
    assert!(bob.id.as_str() == "AIDABOB" && bob.inline.is_complete() && now.gaps().is_empty());
}

/// Of two copies of a record the one that stands first is the proof, whichever came first.
#[test]
fn the_proof_does_not_depend_on_which_copy_came_first() {
    let event =
        record(1, 1, "iam", "CreateUser", json!({"userName": "bob"}), Value::Null, Value::Null);
    let copy = |file| Entry::of(&event, order_of(&event), Place { file, record: 0 }).unwrap();
    let model = |files: [u32; 2]| {
        let mut timeline = Timeline::new(account(), Limits::default());
        for file in files {
            timeline.push(copy(file));
            timeline.now();
        }
        timeline.now()
    };
    assert_eq!(model([1, 2]), model([2, 1]));
}
