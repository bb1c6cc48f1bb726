//! Previews that do not say what comes of their plan.

use serde_json::json;
use trailwarden_account::snapshot::{Answer, Outcome};
use trailwarden_account::{Baseline, Models, Snapshot};
use trailwarden_remedy::plan::Foreseen;
use trailwarden_remedy::plan::foreseen::{LastUsed, Strike};
use trailwarden_remedy::{NoPlan, Plan, Stop};

use super::account::{Account, allow, arn, deny, now, plan};
use crate::previews::{Held, LISTED_MAX, Untrue, hold, moves_access};
use crate::remedies::Known;

const ADMIN: &str = "arn:aws:iam::aws:policy/AdministratorAccess";

/// Held to the account; the plan was made an hour ago.
fn held(account: &Account, plan: &Plan, accepts: bool) -> Result<Held, Untrue> {
    let known = Known {
        break_glass: &account.break_glass,
        ..Known::of(&account.snapshot, &account.models, now().plus(3_600))
    };
    hold(plan, &[], known, accepts)
}

/// The plan as somebody would make it honestly.
fn honest(account: &Account, calls: &[(&str, serde_json::Value)]) -> Plan {
    let plan = plan(calls);
    let effect = account.foresee(&plan);
    plan.foreseen(effect)
}

fn with_other_words(plan: &Plan, change: impl FnOnce(&mut Foreseen)) -> Plan {
    let mut effect = plan.preview.effect.clone().unwrap();
    change(&mut effect);
    plan.clone().foreseen(effect)
}

fn narrowed() -> [(&'static str, serde_json::Value); 1] {
    let input =
        json!({"GroupName": "ops", "PolicyName": "work", "PolicyDocument": allow("logs:Get*")});
    [("iam:PutGroupPolicy", input)]
}

#[test]
fn an_honest_preview_holds_for_every_call() {
    let account = Account::new();
    for call in super::of_each_row() {
        let plan = honest(&account, std::slice::from_ref(&call));
        assert_eq!(held(&account, &plan, false), Ok(Held::default()), "{call:?}");
    }
}

#[test]
fn a_forged_preview_that_nobody_loses_anything_is_refused() {
    let account = Account::new();
    let honest = honest(&account, &narrowed());
    assert!(honest.preview.effect.as_ref().unwrap().moves());
    let forged = honest.clone().foreseen(Foreseen::default());
    for accepts in [false, true] {
        let Err(Untrue::More(lines)) = held(&account, &forged, accepts) else { panic!() };
        assert!(lines.iter().any(|line| line.contains("user/bob")), "{lines:?}");
    }
    // A plan that says nothing at all is refused as such.
    let mut silent = forged;
    silent.preview.effect = None;
    let Err(untrue) = held(&account, &silent, true) else { panic!() };
    assert!(matches!(untrue, Untrue::Unsaid(_)), "{untrue}");
    // Milder words are other words.
    for change in [
        (|it: &mut Foreseen| it.principals.iter_mut().for_each(|one| one.lost.clear()))
            as fn(&mut Foreseen),
        |it| it.principals.iter_mut().for_each(|one| one.is_latent = true),
        |it| it.principals.clear(),
    ] {
        let forged = with_other_words(&honest, change);
        assert!(matches!(held(&account, &forged, true), Err(Untrue::More(_))));
    }
}

/// What every kind of call does must be told: with any of it left out the plan is refused.
#[test]
fn no_member_of_a_preview_can_be_left_out() {
    let account = Account::new();
    let mut refused = 0;
    for call in super::of_each_row() {
        let honest = honest(&account, std::slice::from_ref(&call));
        let all: [fn(&mut Foreseen); 8] = [
            |it| it.principals.clear(),
            |it| it.credentials.clear(),
            |it| it.sessions.clear(),
            |it| it.doors.clear(),
            |it| it.paths_opened.clear(),
            |it| it.paths_closed.clear(),
            |it| it.not_foreseen.clear(),
            |it| it.notes.clear(),
        ];
        for change in all {
            let forged = with_other_words(&honest, change);
            if forged.preview.effect != honest.preview.effect {
                refused += 1;
                assert!(held(&account, &forged, false).is_err(), "{call:?}");
            }
        }
    }
    assert!(refused > 30, "{refused} were tried");
}

/// A list ends at some length, and names behind it. Whoever forges one may fill it with others.
#[test]
fn a_long_list_that_is_filled_with_others_hides_nobody() {
    let account = Account::with_crowd(LISTED_MAX + 3);
    let input = json!({"PolicyArn": arn("policy/crowd"), "PolicyDocument": allow("s3:GetObject"),
        "SetAsDefault": true});
    let honest = honest(&account, &[("iam:CreatePolicyVersion", input)]);
    assert_eq!(held(&account, &honest, false), Ok(Held::default()));
    let everybody = |it: &Foreseen| {
        let listed = it.principals.iter().map(|one| one.arn.to_ascii_lowercase());
        listed.chain(it.unlisted.losing.iter().cloned()).collect::<Vec<String>>()
    };
    let padded = with_other_words(&honest, |it| {
        it.unlisted.losing = everybody(it);
        for (at, one) in it.principals.iter_mut().enumerate() {
            one.arn = arn(&format!("user/nobody-{at}"));
        }
    });
    let milder = with_other_words(&honest, |it| {
        it.unlisted.losing = everybody(it);
        it.principals[0].lost = vec!["read one object".to_owned()];
    });
    let uncounted = with_other_words(&honest, |it| it.more_principals = 0);
    for forged in [padded, milder, uncounted] {
        let Err(Untrue::More(lines)) = held(&account, &forged, true) else { panic!() };
        assert!(lines.iter().any(|line| line.starts_with("Takes from ")), "{lines:?}");
    }
}

/// Two plans may take away together what neither takes by itself.
#[test]
fn a_plan_is_held_to_what_those_before_it_leave() {
    let account = Account::new();
    let input = |policy: &str| json!({"GroupName": "ops", "PolicyName": policy});
    let again = json!({"UserName": "bob", "PolicyName": "again", "PolicyDocument": allow("s3:*")});
    let group = honest(&account, &[("iam:DeleteGroupPolicy", input("work"))]);
    let twice = honest(&account, &[("iam:PutUserPolicy", again)]);
    let known = || Known {
        break_glass: &account.break_glass,
        ..Known::of(&account.snapshot, &account.models, now().plus(3_600))
    };
    // By itself it gives nothing new; behind the other one it gives back all that was taken.
    assert_eq!(hold(&twice, &[], known(), false), Ok(Held::default()));
    let behind = hold(&twice, &[&group], known(), false);
    let Err(Untrue::More(lines)) = behind else { panic!("{behind:?}") };
    assert!(lines.iter().any(|line| line.starts_with("GIVES user/bob")), "{lines:?}");
    assert_eq!(hold(&group, &[], known(), false), Ok(Held::default()));
    // Of two administrators each may lose it, and not both.
    let detached = |name: &str| {
        let input = json!({"UserName": name, "PolicyArn": ADMIN});
        honest(&account, &[("iam:DetachUserPolicy", input)])
    };
    let (alice, erin) = (detached("alice"), detached("erin"));
    assert_eq!(hold(&erin, &[], known(), false), Ok(Held::default()));
    let behind = hold(&erin, &[&alice], known(), true);
    assert_eq!(behind, Err(Untrue::Stopped(NoPlan::Stopped(Stop::LastAdministrator))));
}

#[test]
fn a_preview_that_is_older_than_a_change_in_the_account_is_refused() {
    let honest = honest(&Account::new(), &narrowed());
    let mut account = Account::new();
    joins_ops(&mut account);
    let Err(Untrue::More(lines)) = held(&account, &honest, false) else { panic!() };
    assert!(lines.iter().any(|line| line.contains("user/carol")), "{lines:?}");
    assert!(!lines.iter().any(|line| line.contains("user/bob")), "that was told: {lines:?}");
}

/// Carol became a member since.
fn joins_ops(account: &mut Account) {
    differs(account, "[\"readers\"]", "[\"ops\",\"readers\"]");
}

/// The same account, but for a text in what AWS says of it.
fn differs(account: &mut Account, was: &str, is: &str) {
    let text = serde_json::to_string(&account.snapshot).unwrap();
    assert!(text.contains(was), "{was}");
    account.snapshot = serde_json::from_str::<Snapshot>(&text.replacen(was, is, 1)).unwrap();
    let baseline: Baseline = account.snapshot.baseline().unwrap();
    account.models = Models::from_baselines(&[baseline]);
}

/// AWS publishes policies that no table has yet. What such a boundary held back nobody knows, and that is a
/// doubt about who gains how much, not about who loses.
#[test]
fn what_only_a_gain_leaves_open_is_no_doubt_about_who_loses() {
    let mut account = Account::new();
    let was = format!("\"PermissionsBoundaryArn\":\"{}\"", arn("policy/limits"));
    differs(
        &mut account,
        &was,
        "\"PermissionsBoundaryArn\":\"arn:aws:iam::aws:policy/NotYetKnown\"",
    );
    let plan = plan(&[
        ("iam:DeleteUserPermissionsBoundary", json!({"UserName": "carol"})),
        ("iam:DeleteGroupPolicy", json!({"GroupName": "ops", "PolicyName": "work"})),
    ]);
    let effect = account.foresee(&plan);
    assert!(!effect.unknowns.is_empty(), "{effect:?}");
    assert_eq!(effect.unknown_losses, Some(Vec::new()));
    assert_eq!(effect.strikes(&arn("user/bob")), Strike::Hits);
    assert_eq!(effect.strikes(&arn("user/erin")), Strike::Spares);
    // As a plan it holds, with its doubt told.
    assert_eq!(held(&account, &plan.foreseen(effect), false), Ok(Held::default()));
}

#[test]
fn less_than_was_agreed_to_is_told_and_holds_nothing_up() {
    let mut account = Account::new();
    joins_ops(&mut account);
    let older = honest(&account, &narrowed());
    let held = held(&Account::new(), &older, false).unwrap();
    assert!(held.less.iter().any(|line| line.contains("user/carol")), "{held:?}");
    assert_eq!(held.unknown, [] as [&str; 0]);
}

#[test]
fn what_is_not_known_and_was_not_told_must_be_accepted() {
    let account = Account::new();
    let honest = honest(
        &account,
        &[("s3:PutBucketPolicy", json!({"Bucket": "logs", "Policy": deny("s3:*")}))],
    );
    let forged = with_other_words(&honest, |it| it.not_foreseen.clear());
    let Err(Untrue::Unknown(lines)) = held(&account, &forged, false) else { panic!() };
    assert!(lines[0].starts_with("NOT FORESEEN"), "{lines:?}");
    assert_eq!(held(&account, &forged, true).unwrap().unknown, lines);
}

#[test]
fn hard_stops_are_looked_for_anew() {
    let mut account = Account::new();
    let honest = honest(&account, &narrowed());
    account.break_glass = ["bob".to_owned()].into();
    let stopped = held(&account, &honest, true);
    assert_eq!(stopped, Err(Untrue::Stopped(NoPlan::Stopped(Stop::BreakGlass))));
}

/// The words of a plan about a trail move nothing, and nothing is asked for them.
#[test]
fn only_calls_that_move_no_access_are_not_foreseen_anew() {
    let start = plan(&[("cloudtrail:StartLogging", json!({"Name": "trail"}))]);
    assert!(!moves_access(&start));
    assert!(moves_access(&plan(&narrowed())));
}

/// With the answer of AWS about one service of a principal.
fn asked(mut account: Account, arn: &str, service: &str, last: &str) -> Account {
    let body = json!({"JobStatus": "COMPLETED", "ServicesLastAccessed": [
        {"ServiceNamespace": service, "LastAuthenticated": last},
        {"ServiceNamespace": "sns", "LastAuthenticated": last},
        {"ServiceNamespace": "logs"}]});
    account.snapshot.push(Answer {
        api: "iam:GetServiceLastAccessedDetails".to_owned(),
        region: None,
        about: [("Arn".to_owned(), arn.to_owned())].into(),
        time: now(),
        outcome: Outcome::Got { body },
    });
    account
}

/// What AWS keeps of use goes beyond any logs: it is told of what is lost, and of nothing else.
#[test]
fn services_that_aws_says_were_used_are_told_of_those_who_lose_them() {
    let account = asked(Account::new(), &arn("user/bob"), "s3", "2026-05-28T10:00:00Z");
    let plan = honest(&account, &narrowed());
    let effect = plan.preview.effect.as_ref().unwrap();
    let bob = effect.principals.iter().find(|one| one.arn == arn("user/bob")).unwrap();
    let told: Vec<_> = bob.services.iter().map(|it| (it.service.as_str(), it.is_whole)).collect();
    assert_eq!(told, [("s3", true)]);
    let lines = effect.lines().join("\n");
    assert!(
        lines.contains("user/bob: by what AWS keeps, it last called s3 on 2026-05-28"),
        "{lines}"
    );
    assert_eq!(held(&account, &plan, false), Ok(Held::default()), "a plan that says it holds");
    // One that was made without logs and without AWS's word claims nothing, and is told what is known.
    let silent = honest(&Account::new(), &narrowed());
    let known = held(&account, &silent, false).unwrap();
    assert!(known.of_use.iter().any(|line| line.contains("s3 on 2026-05-28")), "{known:?}");
}

#[test]
fn a_forged_never_used_is_refused() {
    let account = Account::new();
    let plan = honest(
        &account,
        &[("iam:DeleteRolePolicy", json!({"RoleName": "app", "PolicyName": "own"}))],
    );
    let forged = with_other_words(&plan, |it| {
        it.principals.iter_mut().for_each(|one| one.last_used = LastUsed::Never);
    });
    let Err(Untrue::Otherwise(lines)) = held(&account, &forged, true) else { panic!() };
    assert!(
        lines[0].contains("role/app") && lines[0].contains("last used 2026-05-20"),
        "{lines:?}"
    );
    assert!(held(&account, &plan, false).is_ok());
}
