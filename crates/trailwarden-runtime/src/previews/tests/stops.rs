//! Plans that nobody should approve, by what they would do.

use trailwarden_remedy::subject::{Known, Policy};
use trailwarden_remedy::{Draft, NoPlan, Stop, Subject, find};

use super::account::{Account, allow, arn, now};
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
