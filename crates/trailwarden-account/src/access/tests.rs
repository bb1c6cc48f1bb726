//! What a principal may do: known in full, in part, capped, by tags.

use serde_json::{Value, json};
use trailwarden_policy::evaluate::Outcome;
use trailwarden_policy::reach::{Grade, Precision, grade};

use super::*;
use crate::Id;
use crate::Models;
use crate::entry::order_of;
use crate::trail::{account, record};
use trailwarden_policy::evaluate::Layer;
use trailwarden_record::row::Place;

/// The models after some calls; each is the name of a call and its request parameters.
fn models(calls: &[(&str, Value)]) -> Models {
    let mut models = Models::default();
    for (at, (name, request)) in (1..).zip(calls) {
        let event = record(at as i64, at, "iam", name, request.clone(), Value::Null, Value::Null);
        models.apply(&event, order_of(&event), Place::default());
    }
    models
}

fn standing(models: &Models, kind: Kind, name: &str) -> Standing {
    let model = models.get(account()).unwrap();
    let id = model.find(kind, name).unwrap().id.clone();
    World::of(models).standing(account(), &id).unwrap()
}

fn allow(action: &str, resource: &str) -> String {
    let statement = json!({"Effect": "Allow", "Action": action, "Resource": resource});
    json!({"Version": "2012-10-17", "Statement": [statement]}).to_string()
}

#[test]
fn a_new_user_is_known_in_full() {
    let models = models(&[
        ("CreateUser", json!({"userName": "bob"})),
        (
            "PutUserPolicy",
            json!({"userName": "bob", "policyName": "own", "policyDocument":
                allow("iam:CreateAccessKey", "arn:aws:iam::*:user/${aws:username}")}),
        ),
    ]);
    let bob = standing(&models, Kind::User, "bob");
    assert!(bob.unknowns().is_empty(), "{:?}", bob.unknowns());
    assert_eq!(bob.reach().precision(), Precision::Exact);
    let own = bob
        .decide("iam:CreateAccessKey", "arn:aws:iam::111122223333:user/bob", &bob.context(), None)
        .unwrap();
    assert_eq!(own.outcome, Outcome::Allow);
    // His own key is no escalation: the variable has become his name.
    assert_eq!(bob.grading().grade, Grade::Write);
}

#[test]
fn a_user_seen_only_in_passing_may_hold_more() {
    let models = models(&[(
        "PutUserPolicy",
        json!({"userName": "bob", "policyName": "own", "policyDocument": allow("s3:*", "*")}),
    )]);
    let bob = standing(&models, Kind::User, "bob");
    assert_eq!(bob.reach().precision(), Precision::Unknown);
    let decision = bob.decide("s3:GetObject", "arn:aws:s3:::b/k", &bob.context(), None).unwrap();
    assert_eq!(decision.outcome, Outcome::Unknown);
    assert!(decision.unknown_layers.contains(&Layer::Identity));
    assert!(bob.unknowns().iter().any(|unknown| unknown.what.contains("user/bob")));
}

#[test]
fn a_boundary_caps_and_tags_decide() {
    let tagged = json!({"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "*",
        "Resource": "*", "Condition": {"StringEquals": {"aws:PrincipalTag/team": "ops"}}}]});
    let calls = |team: &str| {
        models(&[
            (
                "CreatePolicy",
                json!({"policyName": "cap", "policyDocument": allow("s3:GetObject", "*")}),
            ),
            (
                "CreateUser",
                json!({"userName": "bob", "tags": [{"key": "team", "value": team}],
                "permissionsBoundary": "arn:aws:iam::111122223333:policy/cap"}),
            ),
            (
                "PutUserPolicy",
                json!({"userName": "bob", "policyName": "p", "policyDocument": tagged.to_string()}),
            ),
        ])
    };
    let ops = calls("ops");
    let bob = standing(&ops, Kind::User, "bob");
    assert_eq!(grade(bob.identity_reach().grants()).grade, Grade::Admin);
    assert_eq!(grade(bob.reach().grants()).grade, Grade::Data);
    let web = calls("web");
    assert!(standing(&web, Kind::User, "bob").identity_reach().is_nothing());
}

#[test]
fn root_may_do_everything_and_no_organization_is_an_assumption() {
    let models = models(&[("CreateUser", json!({"userName": "bob"}))]);
    let root = World::of(&models).standing(account(), &Id::root()).unwrap();
    assert_eq!(grade(root.reach().grants()).grade, Grade::Admin);
    assert_eq!(root.assumptions().len(), 1);
}

/// AWS Organizations User Guide, "SCP evaluation": each level has a policy, AWS's own if no other. One
/// of which none was seen says nothing.
#[test]
fn a_level_whose_policies_were_not_seen_denies_nobody() {
    let mut models = models(&[
        ("CreateUser", json!({"userName": "bob"})),
        (
            "AttachUserPolicy",
            json!({"userName": "bob", "policyArn": "arn:aws:iam::aws:policy/AdministratorAccess"}),
        ),
    ]);
    let request = json!({"name": "x", "type": "SERVICE_CONTROL_POLICY", "content": "{}"});
    let reply = json!({"policy": {"content": r#"{"Statement": []}"#, "policySummary":
        {"id": "p-xxxxxxxx", "name": "x", "type": "SERVICE_CONTROL_POLICY"}}});
    let extra = json!({"recipientAccountId": "999900001111",
        "userIdentity": {"type": "Root", "accountId": "999900001111"}});
    let event = record(9, 9, "organizations", "CreatePolicy", request, reply, extra);
    models.apply(&event, order_of(&event), Place::default());
    let bob = standing(&models, Kind::User, "bob");
    assert!(!bob.scps.is_assumed_absent && !bob.scps.levels[0].is_whole);
    let decision = bob.decide("iam:CreateUser", "*", &bob.context(), None).unwrap();
    assert_eq!(decision.outcome, Outcome::Unknown);
    assert!(!decision.allowed.is_false() && decision.unknown_layers.contains(&Layer::Scp));
}
