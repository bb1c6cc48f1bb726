//! Plans that nobody should approve, by what they would do.

use serde_json::{Value, json};
use trailwarden_account::Models;
use trailwarden_remedy::subject::{Known, Policy};
use trailwarden_remedy::{Draft, NoPlan, Stop, Subject, find};

use super::account::{Account, allow, arn, now, plan};
use crate::previews::stops::Guard;

const ADMIN: &str = "arn:aws:iam::aws:policy/AdministratorAccess";

/// A managed policy that is taken off somebody.
fn detached(who: &str, policy: &str) -> Draft {
    let mut subject = Subject::of(&arn(who), now()).unwrap();
    subject.policy = Some(Policy::Managed {
        arn: policy.to_owned(),
        default: None,
        versions: Vec::new(),
        version_before: None,
    });
    subject.attached = Some([policy.to_owned()].into());
    find("detach-policy").unwrap().draft(&subject).unwrap()
}

/// A shared policy that says something else.
fn changed(policy: &str, before: &str, document: &str) -> Draft {
    let mut subject = Subject::new(now_account(), now());
    subject.policy = Some(Policy::Managed {
        arn: policy.to_owned(),
        default: Some("v2".to_owned()),
        versions: vec![
            ("v1".to_owned(), Some(allow("ec2:Describe*"))),
            ("v2".to_owned(), Some(before.to_owned())),
        ],
        version_before: None,
    });
    subject.before = Known::Is(document.to_owned());
    find("narrow-policy").unwrap().draft(&subject).unwrap()
}

fn now_account() -> trailwarden_model::AccountId {
    trailwarden_model::AccountId::parse("111122223333").unwrap()
}

fn stop(account: &Account, drafts: &[Draft]) -> Option<Stop> {
    match Guard::new(account.known()).admit(drafts) {
        Ok(_) => None,
        Err(NoPlan::Stopped(stop)) => Some(stop),
        Err(other) => panic!("{other}"),
    }
}

#[test]
fn the_last_administrator_stays_one() {
    let account = Account::new();
    let (alice, erin) = (detached("user/alice", ADMIN), detached("user/erin", ADMIN));
    assert_eq!(stop(&account, std::slice::from_ref(&alice)), None, "erin is left");
    assert_eq!(stop(&account, &[alice, erin]), Some(Stop::LastAdministrator));
}

/// A denial that its holder lifts with a second factor locks nobody out.
#[test]
fn who_can_meet_a_condition_stays_an_administrator() {
    let account = Account::new();
    let mut subject = Subject::of(&arn("user/alice"), now()).unwrap();
    subject.keys = Some([].into());
    subject.inline = Some([].into());
    let draft = find("enable-mfa").unwrap().draft(&subject).unwrap();
    assert_eq!(stop(&account, &[draft]), None);
    let draft = find("revoke-sessions").unwrap().draft(&subject).unwrap();
    assert_eq!(stop(&account, &[draft]), None);
}

/// By a policy that others share a break-glass identity is hit all the same, whatever its name.
#[test]
fn a_break_glass_identity_is_hit_by_what_it_shares() {
    let mut account = Account::new();
    let drafts = [changed(&arn("policy/shared"), &allow("s3:GetObject"), &allow("sqs:*"))];
    assert_eq!(stop(&account, &drafts), None);
    account.break_glass.insert("carol".to_owned());
    assert_eq!(stop(&account, &drafts), None, "carol's boundary leaves nothing of it");
    account.break_glass.insert(arn("role/app"));
    assert_eq!(stop(&account, &drafts), Some(Stop::BreakGlass));
}

/// What was admitted counts for the next; what was not does not.
#[test]
fn what_was_admitted_adds_up() {
    let account = Account::new();
    let mut guard = Guard::new(account.known());
    let (alice, erin) = (detached("user/alice", ADMIN), detached("user/erin", ADMIN));
    assert!(guard.admit(std::slice::from_ref(&alice)).is_ok());
    assert!(guard.admit(std::slice::from_ref(&erin)).is_ok(), "alice was not committed");
    let admitted = guard.admit(&[alice]).unwrap_or_else(|why| panic!("{why}"));
    guard.commit(admitted);
    let stopped = guard.admit(&[erin]).err();
    assert_eq!(stopped, Some(NoPlan::Stopped(Stop::LastAdministrator)));
}

fn inline(action: &str) -> Value {
    json!([{"PolicyName": "own",
        "PolicyDocument": serde_json::from_str::<Value>(&allow(action)).unwrap()}])
}

fn root() -> Value {
    json!({"AWS": "arn:aws:iam::111122223333:root"})
}

/// All users who are administrators lose it.
fn all_users() -> [Draft; 2] {
    [detached("user/alice", ADMIN), detached("user/erin", ADMIN)]
}

/// IAM User Guide, "Policy evaluation logic": a trust policy that names the account leaves it to policies of the
/// account who enters.
#[test]
fn a_role_that_nobody_may_enter_any_more_is_no_administrator_left() {
    let with = |bob: Value| Account::with_roles(&[("rescue", root(), json!([]), &[ADMIN])], &bob);
    let last = Some(Stop::LastAdministrator);
    assert_eq!(stop(&with(json!([])), &all_users()), last);
    assert_eq!(stop(&with(inline("iam:PassRole")), &all_users()), last);
    let bob = with(inline("sts:AssumeRole"));
    assert_eq!(stop(&bob, &all_users()), None, "bob enters it");
    let [alice, erin] = all_users();
    assert_eq!(stop(&with(json!([])), &[alice]), None, "erin is left");
    assert_eq!(stop(&with(json!([])), &[erin]), None, "alice is left");
}

#[test]
fn roles_that_only_enter_each_other_are_no_administrators_left() {
    let circle = [
        ("rescue", json!({"AWS": arn("role/helper")}), json!([]), &[ADMIN] as &[&str]),
        ("helper", json!({"AWS": arn("role/rescue")}), json!([]), &[]),
    ];
    let last = Some(Stop::LastAdministrator);
    assert_eq!(stop(&Account::with_roles(&circle, &json!([])), &all_users()), last);
    // With a door from outside the same circle is one that somebody enters.
    let outside = |trust: Value| {
        let mut roles = circle.clone();
        roles[1].1 = trust;
        Account::with_roles(&roles, &json!([]))
    };
    let other = json!({"AWS": [arn("role/rescue"), "arn:aws:iam::999988887777:root"]});
    assert_eq!(stop(&outside(other), &all_users()), None);
    let bob = json!({"AWS": [arn("role/rescue"), arn("user/bob")]});
    assert_eq!(stop(&outside(bob), &all_users()), None);
    // Carol has neither password nor key, and a service is nobody.
    let carol = json!({"AWS": arn("user/carol"), "Service": "ec2.amazonaws.com"});
    assert_eq!(stop(&outside(carol), &all_users()), last);
}

/// What a plan takes from the only one who enters the last administrator role is stopped, too.
#[test]
fn who_alone_enters_the_last_administrator_role_keeps_the_way() {
    let roles = [("rescue", root(), json!([]), &[ADMIN] as &[&str])];
    let account = Account::with_roles(&roles, &inline("sts:AssumeRole"));
    let mut guard = Guard::new(account.known());
    let admitted = guard.admit(&all_users()).unwrap_or_else(|why| panic!("{why}"));
    guard.commit(admitted);
    let mut subject = Subject::of(&arn("user/bob"), now()).unwrap();
    subject.inline = Some([].into());
    subject.keys = Some([].into());
    let quarantine = find("attach-quarantine-policy").unwrap().draft(&subject).unwrap();
    let stopped = guard.admit(&[quarantine]).err();
    assert_eq!(stopped, Some(NoPlan::Stopped(Stop::LastAdministrator)));
}

/// A preview of who loses an administrator's policy names the role that he enters by it, too.
#[test]
fn who_may_no_longer_enter_an_administrator_role_is_told() {
    let roles = [("rescue", root(), json!([]), &[ADMIN] as &[&str])];
    let account = Account::with_roles(&roles, &inline("sts:AssumeRole"));
    let detach = json!({"UserName": "alice", "PolicyArn": ADMIN});
    let told = account.foresee(&plan(&[("iam:DetachUserPolicy", detach)]));
    let doors: Vec<_> = told.doors.iter().map(|it| (it.who.as_str(), it.role.as_str())).collect();
    assert_eq!(doors, [(arn("user/alice").as_str(), arn("role/rescue").as_str())]);
    assert!(!told.doors[0].is_opened && told.doors[0].is_certain);
    let lines = told.lines().join("\n");
    assert!(lines.contains("SHUTS role/rescue to user/alice"), "{lines}");
}

/// Without a credential report nobody is known to work, and the last of them may be the one who does.
#[test]
fn the_last_who_may_work_is_not_taken_away() {
    let mut account = Account::new();
    let is_of_credentials = |api: &str| {
        ["iam:GetCredentialReport", "iam:ListAccessKeys", "iam:GetLoginProfile"].contains(&api)
    };
    account.snapshot.answers.retain(|answer| !is_of_credentials(&answer.api));
    account.models = Models::from_baselines(&[account.snapshot.baseline().unwrap()]);
    let [alice, erin] = all_users();
    assert_eq!(stop(&account, std::slice::from_ref(&alice)), None, "erin may be left");
    assert_eq!(stop(&account, &[alice, erin]), Some(Stop::LastAdministrator));
}
