//! Nothing is missed of those whom no model shows: people of identity providers and of the directory.

use std::collections::BTreeSet;
use std::sync::Arc;

use proptest::collection::vec;
use proptest::prelude::*;

use super::*;
use crate::change::Change;
use crate::effect::Entrant;
use crate::identity::Id;
use crate::managed::Provider;
use crate::model::Model;

const SET: &str = "arn:aws:sso:::permissionSet/ssoins-1/ps-1";

fn provider() -> String {
    arn("oidc-provider/token.example")
}

/// One call, of what is drawn.
fn call(what: u8, who: u8, which: u8, number: usize) -> Event {
    let client = ["a", "b", "c"][usize::from(which % 3)];
    let (group, person) =
        (["g-1", "g-2"][usize::from(who % 2)], ["u-1", "u-2"][usize::from(which % 2)]);
    let role = ["app", "web"][usize::from(who % 2)];
    let of_provider =
        |key: &str, value: Value| json!({"openIDConnectProviderArn": provider(), key: value});
    let trust = match which % 3 {
        0 => to_lambda(),
        _ => trusting(json!({"Federated": provider()})),
    };
    let member = json!({"groupId": group, "memberId": {"userId": person}});
    let assignment = json!({"permissionSetArn": SET, "principalType": "GROUP",
        "principalId": group, "targetId": "444455556666", "targetType": "AWS_ACCOUNT"});
    let policy = json!({"permissionSetArn": SET,
        "managedPolicyArn": "arn:aws:iam::aws:policy/AmazonS3ReadOnlyAccess"});
    let (service, name, request, reply) = match what % 12 {
        0 => (
            "iam",
            "CreateOpenIDConnectProvider",
            json!({"url": "https://token.example", "clientIDList": [client], "thumbprintList": ["1"]}),
            json!({"openIDConnectProviderArn": provider()}),
        ),
        1 => (
            "iam",
            "AddClientIDToOpenIDConnectProvider",
            of_provider("clientID", json!(client)),
            Value::Null,
        ),
        2 => (
            "iam",
            "RemoveClientIDFromOpenIDConnectProvider",
            of_provider("clientID", json!(client)),
            Value::Null,
        ),
        3 => (
            "iam",
            "UpdateOpenIDConnectProviderThumbprint",
            of_provider("thumbprintList", json!([format!("{}", which % 4)])),
            Value::Null,
        ),
        4 => (
            "iam",
            "DeleteOpenIDConnectProvider",
            json!({"openIDConnectProviderArn": provider()}),
            Value::Null,
        ),
        5 | 6 => (
            "iam",
            "UpdateAssumeRolePolicy",
            json!({"roleName": role, "policyDocument": trust.to_string()}),
            Value::Null,
        ),
        7 => (
            "identitystore",
            "CreateGroupMembership",
            member,
            json!({"membershipId": format!("m-{number}")}),
        ),
        8 => (
            "sso-directory",
            "AddMemberToGroup",
            json!({"groupId": group, "memberId": person}),
            Value::Null,
        ),
        9 => (
            "sso-directory",
            "RemoveMemberFromGroup",
            json!({"groupId": group, "memberId": person}),
            Value::Null,
        ),
        10 => ("sso", "CreateAccountAssignment", assignment, Value::Null),
        _ => ("sso", "AttachManagedPolicyToPermissionSet", policy, Value::Null),
    };
    record(number as i64, number, service, name, request, reply, Value::Null)
}

fn find(model: &Model) -> Option<&Provider> {
    model.providers().find(|one| *one.arn == *provider())
}

/// The roles whose trust policy names the provider.
fn trusting_roles(model: &Model) -> BTreeSet<Id> {
    let names = |text: &str| text.contains(&provider());
    let roles =
        model.identities().filter(|one| one.trust.value().is_some_and(|t| names(t.as_str())));
    roles.map(|role| role.id.clone()).collect()
}

/// The roles that people of the provider may newly enter, told from both models alone.
fn opened(change: &Change) -> BTreeSet<Id> {
    let clients = |one: &Provider| -> BTreeSet<Arc<str>> { one.clients.keys().cloned().collect() };
    let is_wider = match (find(&change.informed), find(&change.after)) {
        (_, None) => false,
        (None, Some(_)) => true,
        (Some(before), Some(after)) => {
            // The same list once more lets nobody else in.
            let was = before.thumbprints.value();
            let is_same = before.thumbprints == after.thumbprints
                || was.is_some() && was == after.thumbprints.value();
            !is_same || !clients(after).is_subset(&clients(before))
        }
    };
    let all = trusting_roles(&change.after);
    let new = all.difference(&trusting_roles(&change.informed)).cloned().collect();
    if is_wider { all } else { new }
}

/// The people who have a group's permissions newly or no longer.
fn members(model: &Model) -> BTreeSet<(Arc<str>, Arc<str>)> {
    model.identity_center().memberships.keys().cloned().collect()
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 60, failure_persistence: None, ..ProptestConfig::default() })]

    /// A client or certificate of a provider opens each role that trusts it; whoever joins or leaves
    /// a group that is assigned something moves.
    #[test]
    fn nobody_outside_is_missed(draws in vec(any::<(u8, u8, u8)>(), 1..40)) {
        let mut models = Models::default();
        for (number, (what, who, which)) in draws.into_iter().enumerate() {
            let event = call(what, who, which, number + 1);
            let Some(change) = models.apply(&event, order_of(&event), Place::default()) else { continue };
            let effect = judge(World::of(&models), &change, Actor::of(&event).as_ref());
            let entered: BTreeSet<Id> = effect
                .entries
                .iter()
                .filter(|entry| matches!(entry.who, Entrant::Federated(_)))
                .map(|entry| entry.role.clone())
                .collect();
            prop_assert!(
                opened(&change).is_subset(&entered) || effect.is_open_ended,
                "{:?} of {} by {}", opened(&change), effect.sentence(), event.json
            );
            let was_there = find(&change.informed).is_some() && find(&change.after).is_none();
            if was_there {
                let shut: BTreeSet<Id> = effect.shut.iter().map(|one| one.role.clone()).collect();
                prop_assert_eq!(shut, trusting_roles(&change.informed));
            }
            let (before, after) = (members(&change.informed), members(&change.after));
            for (group, person) in before.symmetric_difference(&after) {
                let center = change.after.identity_center();
                let is_assigned = center.assignments.keys().any(|one| one.principal == *group)
                    && center.provisioned.iter().any(|((of, _), set)| {
                        &**of == SET && set.managed.keys().next().is_some()
                    });
                let has_moved = effect.moved.iter().any(|moved| moved.id.as_str() == &**person);
                prop_assert!(
                    has_moved || !is_assigned || effect.is_open_ended,
                    "{person} of {group} by {}", event.json
                );
            }
        }
    }
}
