//! Nothing is missed: what a change does, told by comparing everybody from scratch.

use std::collections::BTreeSet;

use proptest::collection::vec;
use proptest::prelude::*;
use serde_json::{Value, json};
use trailwarden_model::AccountId;
use trailwarden_policy::reach::{Reach, compare};
use trailwarden_record::Event;
use trailwarden_record::row::Place;

use crate::access::World;
use crate::change::{Change, Field, Subject};
use crate::effect::{Actor, Bearer, UNKNOWNS_MAX, judge};
use crate::entry::order_of;
use crate::identity::Id;
use crate::models::Models;
use crate::trail::{arn, by_role, by_user, omitted, record};

/// What a generated call is made of.
type Draw = (u8, u8, u8);

fn document(which: u8) -> String {
    let one = |effect: &str, action: Value, resource: &str| json!({"Effect": effect, "Action": action, "Resource": resource});
    let with = |key: &str, value: &str| json!({"Effect": "Allow", "Action": "s3:*", "Resource": "*", "Condition": {"StringEquals": {key: value}}});
    let statements = match which % 14 {
        0 => vec![one("Allow", json!("*"), "*")],
        1 => vec![one("Allow", json!("s3:GetObject"), "*")],
        2 => vec![one("Allow", json!("s3:*"), "arn:aws:s3:::home/${aws:username}/*")],
        3 => vec![one("Allow", json!("*"), "*"), one("Deny", json!("iam:*"), "*")],
        4 | 12 => vec![with("aws:PrincipalTag/k", "1")],
        5 | 13 => vec![with("aws:username", "eve")],
        6 => vec![with("aws:PrincipalArn", "arn:aws:iam::111122223333:user/bob")],
        7 => {
            vec![one("Allow", json!("iam:CreateAccessKey"), "arn:aws:iam::*:user/${aws:username}")]
        }
        8 => vec![one("Allow", json!(["iam:PassRole", "lambda:*"]), "*")],
        9 => vec![one("Deny", json!("s3:*"), "*")],
        10 => vec![one("Allow", json!("iam:*"), "arn:aws:iam::*:user/e*")],
        _ => vec![with("aws:userid", "AIDAbob1")],
    };
    json!({"Version": "2012-10-17", "Statement": statements}).to_string()
}

/// Policies that read tags and names, and a group, for the calls that follow to act on.
const PRELUDE: [Draw; 6] =
    [(26, 0, 18), (26, 1, 18), (26, 2, 18), (7, 0, 14), (7, 1, 14), (26, 1, 5)];

const MEMBER: &str = "444455556666";

fn call((what, who, which): Draw, number: usize) -> Event {
    let user = ["ann", "bob", "eve"][usize::from(who % 3)];
    let group = ["devs", "ops"][usize::from(which % 2)];
    let role = ["app", "web"][usize::from(who % 2)];
    let policy = arn(&format!("policy/{}", ["p", "q"][usize::from(which / 3 % 2)]));
    let text = document(which);
    let inline = ["x", "y"][usize::from(who / 3 % 2)];
    let new_name = ["bob", "eve", "zoe"][usize::from(which % 3)];
    let (child, parent) =
        ([MEMBER, "ou-1"][usize::from(who % 2)], ["ou-1", "r-1"][usize::from(which % 2)]);
    let of_user = |rest: Value| with(json!({"userName": user}), rest);
    let of_role = |rest: Value| with(json!({"roleName": role}), rest);
    let null = || Value::Null;
    let put = || json!({"policyName": inline, "policyDocument": text});
    let trust = json!({"Version": "2012-10-17", "Statement": [{"Effect": "Allow",
        "Principal": {"AWS": "*"}, "Action": ["sts:AssumeRole", "sts:TagSession"]}]})
    .to_string();
    let org = (34..40).contains(&(what % 47)) || what % 47 >= 44;
    let target = [MEMBER, "ou-1", "r-1"][usize::from(who % 3)];
    let scp = ["p-1", "p-2", "p-FullAWSAccess"][usize::from(which / 4 % 3)];
    let (name, request, reply) = match what % 47 {
        0 | 1 => (
            "CreateUser",
            of_user(json!({})),
            json!({"user": {"userId": format!("AIDA{user}{}", which % 3)}}),
        ),
        2 => ("DeleteUser", of_user(json!({})), null()),
        3 => ("UpdateUser", of_user(json!({"newUserName": new_name})), null()),
        4 => ("UpdateUser", of_user(json!({"newPath": "/p/"})), null()),
        5 => (
            "CreateGroup",
            json!({"groupName": group}),
            json!({"group": {"groupId": format!("AGPA{number}")}}),
        ),
        6 => ("DeleteGroup", json!({"groupName": group}), null()),
        7 | 8 => ("AddUserToGroup", of_user(json!({"groupName": group})), null()),
        9 => ("RemoveUserFromGroup", of_user(json!({"groupName": group})), null()),
        10 => (
            "CreateRole",
            of_role(json!({"assumeRolePolicyDocument": trust})),
            json!({"role": {"roleId": format!("AROA{}", which % 3)}}),
        ),
        11 => ("DeleteRole", of_role(json!({})), null()),
        12 => ("UpdateAssumeRolePolicy", of_role(json!({"policyDocument": text})), null()),
        13 | 14 => (
            "CreatePolicy",
            json!({"policyName": policy.rsplit('/').next(), "policyDocument": text}),
            json!({"policy": {"arn": policy, "policyId": format!("ANPA{number}"), "defaultVersionId": "v1"}}),
        ),
        15 => ("DeletePolicy", json!({"policyArn": policy}), null()),
        16 => (
            "CreatePolicyVersion",
            json!({"policyArn": policy, "policyDocument": text, "setAsDefault": who % 2 == 0}),
            json!({"policyVersion": {"versionId": format!("v{}", which % 5)}}),
        ),
        17 => (
            "SetDefaultPolicyVersion",
            json!({"policyArn": policy, "versionId": format!("v{}", which % 5)}),
            null(),
        ),
        18 | 19 => ("AttachUserPolicy", of_user(json!({"policyArn": policy})), null()),
        20 => ("DetachUserPolicy", of_user(json!({"policyArn": policy})), null()),
        21 => ("AttachRolePolicy", of_role(json!({"policyArn": policy})), null()),
        22 => ("AttachGroupPolicy", json!({"groupName": group, "policyArn": policy}), null()),
        23 | 24 => ("PutGroupPolicy", with(json!({"groupName": group}), put()), null()),
        25 => ("DeleteGroupPolicy", json!({"groupName": group, "policyName": "x"}), null()),
        26 | 27 => ("PutUserPolicy", of_user(put()), null()),
        28 => ("DeleteUserPolicy", of_user(json!({"policyName": "x"})), null()),
        29 => ("PutRolePolicy", of_role(put()), null()),
        30 => {
            ("PutUserPermissionsBoundary", of_user(json!({"permissionsBoundary": policy})), null())
        }
        31 => ("DeleteUserPermissionsBoundary", of_user(json!({})), null()),
        32 | 40..=43 => (
            "TagUser",
            of_user(json!({"tags": [{"key": "k", "value": format!("{}", which % 3)}]})),
            null(),
        ),
        33 => (
            ["PutUserPolicy", "CreatePolicyVersion", "PutGroupPolicy"][usize::from(which % 3)],
            omitted(),
            null(),
        ),
        34 => (
            "CreatePolicy",
            json!({"type": "SERVICE_CONTROL_POLICY", "name": scp, "content": text}),
            json!({"policy": {"policySummary": {"id": scp, "name": scp, "type": "SERVICE_CONTROL_POLICY"}}}),
        ),
        35 | 36 => ("AttachPolicy", json!({"policyId": scp, "targetId": target}), null()),
        37 => ("DetachPolicy", json!({"policyId": scp, "targetId": target}), null()),
        38 => ("UpdatePolicy", json!({"policyId": scp, "content": text}), null()),
        44 => (
            ["DisablePolicyType", "EnablePolicyType"][usize::from(which % 2)],
            json!({"rootId": "r-1", "policyType": "SERVICE_CONTROL_POLICY"}),
            null(),
        ),
        45 => ("DetachPolicy", json!({"policyId": "p-FullAWSAccess", "targetId": target}), null()),
        _ => ("MoveAccount", json!({"accountId": child, "destinationParentId": parent}), null()),
    };
    let mut extra = match which % 4 {
        0 => by_user(user, &format!("AIDA{user}{}", which % 3)),
        1 => by_role(role, &format!("AROA{}", which % 3)),
        _ => json!({}),
    };
    // Two of three calls of IAM are in a member account, under the organization's policies.
    if !org && !number.is_multiple_of(3) && extra == json!({}) {
        extra = json!({"recipientAccountId": MEMBER});
    }
    let service = if org { "organizations" } else { "iam" };
    record(number as i64, number, service, name, request, reply, extra)
}

fn with(mut base: Value, rest: Value) -> Value {
    if let (Some(base), Value::Object(rest)) = (base.as_object_mut(), rest) {
        base.extend(rest);
    }
    base
}

/// Who differs, by comparing everybody; whoever is new and unseen before counts by what is known.
fn differing(models: &Models, change: &Change) -> BTreeSet<(AccountId, Id)> {
    let (before, after) =
        (World::of(models).with(&change.informed), World::of(models).with(&change.after));
    let all = before.models().chain(after.models());
    let ids: BTreeSet<(AccountId, Id)> = all
        .flat_map(|model| model.principals().map(|one| (model.account(), one.id.clone())))
        .collect();
    let reach = |world: World<'_>, account: AccountId, id: &Id| {
        let standing = world.standing(account, id);
        standing.map_or_else(Reach::nothing, |standing| standing.reach().clone())
    };
    ids.into_iter()
        .filter(|(account, id)| {
            let change = compare(&reach(before, *account, id), &reach(after, *account, id));
            !change.gained.is_empty() || !change.lost.is_empty()
        })
        .collect()
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 40, failure_persistence: None, ..ProptestConfig::default() })]

    /// Incremental equals rebuild: nobody's permissions move who is not listed, and whoever is listed
    /// moved, or is told to be in doubt.
    #[test]
    fn nobody_moves_unlisted(draws in vec(any::<Draw>(), 1..30)) {
        let mut models = Models::default();
        for (number, draw) in PRELUDE.into_iter().chain(draws).enumerate() {
            let event = call(draw, number + 1);
            let Some(change) = models.apply(&event, order_of(&event), Place::default()) else { continue };
            let effect = judge(World::of(&models), &change, Actor::of(&event).as_ref());
            let listed: BTreeSet<(AccountId, Id)> =
                effect.moved.iter().map(|moved| (moved.account, moved.id.clone())).collect();
            // What a call takes off was there, whether or not anybody saw it.
            let differ = differing(&models, &crate::effect::proven::completed(&change, true));
            // What the renamed may do to itself is the same under both names.
            let is_rename = |id: &Id| {
                let names = [Field::Name, Field::Path];
                let renames = |touched: &&crate::Touched| names.contains(&touched.field);
                change.touched.iter().filter(renames).any(|touched| {
                    matches!(&touched.subject, Subject::Identity(_, other) if other == id)
                })
            };
            for one in &differ {
                prop_assert!(
                    listed.contains(one) || effect.is_open_ended || is_rename(&one.1),
                    "{one:?} missed by {} {:?}", event.json, change.touched
                );
            }
            for moved in &effect.moved {
                let one = (moved.account, moved.id.clone());
                let is_real = moved.is_deleted || !moved.capped.is_empty() || moved.grade_before.is_none();
                let is_other = matches!(moved.bearer, Bearer::Group | Bearer::Policy);
                prop_assert!(
                    differ.contains(&one) || is_real || is_other || event.name() == "UpdateUser",
                    "{} did not move by {}", moved.label, event.json
                );
            }
            // What it says is fit to be shown, whatever it is.
            prop_assert!(!effect.sentence().is_empty());
            prop_assert!(effect.unknown_lines().len() <= UNKNOWNS_MAX + 1);
        }
    }
}
