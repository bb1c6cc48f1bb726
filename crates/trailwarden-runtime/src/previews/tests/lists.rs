//! Lists that end before all are in them hide nobody.

use serde_json::{Value, json};
use trailwarden_remedy::plan::Foreseen;
use trailwarden_remedy::plan::foreseen::Strike;

use super::account::{Account, SAML, allow, arn, plan};
use crate::previews::LISTED_MAX;

const BEYOND: usize = 3;

fn crowd() -> Account {
    Account::with_crowd(LISTED_MAX + BEYOND)
}

/// The ARNs of all users, or roles, of the crowd.
fn all(kind: &str) -> impl Iterator<Item = String> + '_ {
    (0..LISTED_MAX + BEYOND).map(move |at| arn(&format!("{kind}/{kind}-{at:04}")))
}

fn hits_all(told: &Foreseen, kind: &str) -> bool {
    all(kind).all(|arn| told.strikes(&arn) == Strike::Hits)
}

fn new_version(document: &str) -> (&'static str, serde_json::Value) {
    let input = json!({"PolicyArn": arn("policy/crowd"), "PolicyDocument": document,
        "SetAsDefault": true});
    ("iam:CreatePolicyVersion", input)
}

#[test]
fn whoever_loses_permissions_beyond_the_list_is_known() {
    let told = crowd().foresee(&plan(&[new_version(&allow("s3:GetObject"))]));
    let both = 2 * (LISTED_MAX + BEYOND);
    assert_eq!(
        (told.principals.len(), told.more_principals),
        (LISTED_MAX, (both - LISTED_MAX) as u64)
    );
    assert!(hits_all(&told, "user") && hits_all(&told, "role"));
    assert_eq!(told.strikes(&arn("user/alice")), Strike::Spares);
}

#[test]
fn whoever_has_a_password_that_expires_beyond_the_list_is_known() {
    let rules = json!({"MinimumPasswordLength": 14, "MaxPasswordAge": 90, "HardExpiry": true});
    let told = crowd().foresee(&plan(&[("iam:UpdateAccountPasswordPolicy", rules)]));
    // Alice, bob and erin have old passwords, too.
    assert_eq!(told.credentials.len(), LISTED_MAX);
    assert_eq!(told.unlisted.credentials, (BEYOND + 3) as u64);
    assert!(hits_all(&told, "user"));
    let more = format!("and {} more of this kind", LISTED_MAX + BEYOND + 3 - 5);
    assert!(told.lines().contains(&more), "{:?}", told.lines());
}

#[test]
fn whoever_has_sessions_that_end_beyond_the_list_is_known() {
    let document = json!({"Version": "2012-10-17", "Statement": [
        {"Effect": "Allow", "Action": "s3:*", "Resource": "*"},
        {"Effect": "Deny", "Action": "*", "Resource": "*",
            "Condition": {"DateLessThan": {"aws:TokenIssueTime": "2026-06-01T12:15:00Z"}}}]});
    let told = crowd().foresee(&plan(&[new_version(&document.to_string())]));
    assert_eq!(told.sessions.len(), LISTED_MAX);
    assert_eq!(told.unlisted.sessions, (LISTED_MAX + 2 * BEYOND) as u64);
    assert!(hits_all(&told, "user") && hits_all(&told, "role"));
}

#[test]
fn a_role_that_nobody_may_enter_any_more_is_known_beyond_the_list() {
    let gone = json!({"SAMLProviderArn": SAML});
    let told = crowd().foresee(&plan(&[("iam:DeleteSAMLProvider", gone)]));
    // The role of a person is entered that way, too.
    assert_eq!((told.doors.len(), told.unlisted.doors_shut), (LISTED_MAX, (BEYOND + 1) as u64));
    assert!(hits_all(&told, "role"));
}

/// A step that nobody foresees, and a doubt, leave open whom the plan hits.
#[test]
fn what_is_not_known_may_hit_anybody() {
    let account = Account::new();
    let put = json!({"Bucket": "logs", "Policy": allow("s3:*")});
    let told = account.foresee(&plan(&[("s3:PutBucketPolicy", put)]));
    assert!(matches!(told.strikes(&arn("user/alice")), Strike::Unknown(why) if why.len() == 1));
    let told = Foreseen { unknowns: vec!["who is there".to_owned()], ..Foreseen::default() };
    assert!(matches!(told.strikes(&arn("user/alice")), Strike::Unknown(_)));
    // A plan that counts some and names none of them.
    let told = Foreseen { more_principals: 2, ..Foreseen::default() };
    assert!(matches!(told.strikes(&arn("user/alice")), Strike::Unknown(_)));
    assert_eq!(Foreseen::default().strikes(&arn("user/alice")), Strike::Spares);
}

/// Who gains how much by the rest is another question than who loses.
#[test]
fn the_part_that_takes_away_is_whole_and_nothing_else() {
    let made = json!({"$result": {"step": "2", "path": ["Policy", "Arn"]}});
    let calls = [
        ("iam:CreateAccessKey", json!({"UserName": "bob"})),
        ("iam:CreatePolicy", json!({"PolicyName": "new", "PolicyDocument": allow("sqs:*")})),
        ("iam:DeleteUserPermissionsBoundary", json!({"UserName": "carol"})),
        ("iam:AttachUserPolicy", json!({"UserName": "bob", "PolicyArn": made})),
        ("iam:UpdateUser", json!({"UserName": "bob", "NewUserName": "robert"})),
    ];
    let ids = |calls: &[(&'static str, Value)]| {
        let part = crate::previews::losses::part(&plan(calls))?;
        Some(part.steps.into_iter().map(|step| step.id).collect::<Vec<_>>())
    };
    assert_eq!(ids(&calls).unwrap(), ["2", "4", "5"]);
    assert_eq!(ids(&calls[..3]), Some(Vec::new()));
    assert_eq!(ids(&calls[4..]), None);
}
