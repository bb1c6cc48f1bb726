//! Passwords that any policy takes, and secrets that go to one place only.

use proptest::prelude::*;
use trailwarden_remedy::passwords::{LENGTH_MAX, broken};

use super::super::secrets::{password, taken_out};
use super::*;

proptest! {
    #[test]
    fn a_password_that_is_made_fits_every_policy(
        length in 6..=LENGTH_MAX,
        asked in proptest::collection::vec(any::<bool>(), 4),
        is_set in any::<bool>(),
    ) {
        let mut rules = account::rules(length, false);
        for (name, asked) in ["Lowercase", "Uppercase"].iter().zip(&asked) {
            rules[format!("Require{name}Characters")] = (*asked).into();
        }
        rules["RequireNumbers"] = asked[2].into();
        rules["RequireSymbols"] = asked[3].into();
        let rules = rules.as_object().filter(|_| is_set);
        let fake = Fake::new();
        let (one, other) = (password(&fake, rules).unwrap(), password(&fake, rules).unwrap());
        prop_assert!(broken(&one, rules).is_empty());
        prop_assert!(one.len() >= 20 && one != other);
    }
}

#[test]
fn secrets_are_taken_out_of_replies_wherever_they_are() {
    let mut reply = json!({ "AccessKey": { "AccessKeyId": "id", "SecretAccessKey": "hidden" },
        "List": [{ "Password": "hidden too" }], "Password": { "$made": "password" } });
    let taken = taken_out(&mut reply);
    assert_eq!(taken.len(), 2);
    assert!(!reply.to_string().contains("hidden") && reply.to_string().contains("$made"));
}

/// Whatever happens, neither the journal nor a report has a secret, and each is handed over once.
#[test]
fn a_secret_is_handed_over_and_written_nowhere() {
    let stage = Stage::of(plan(vec![new_key(), console_for_bob(), no_console()]));
    let applied = stage.apply().unwrap();
    let undone = stage.undo().unwrap();
    let handed = stage.fake.handed.borrow();
    let whose: Vec<(&str, &str)> =
        handed.iter().map(|(of, what, _)| (of.as_str(), what.as_str())).collect();
    let expected = [("AKIANEW1", "SecretAccessKey"), ("bob", "Password"), ("alice", "Password")];
    assert_eq!(whose, expected);
    let shown = format!("{applied:?} {undone:?} {:?} {}", stage.journal(), stage.written());
    assert!(handed.iter().all(|(.., secret)| !shown.contains(secret)));
    let secret = Secret { step: "1", what: "Password", about: [].into(), value: "hidden" };
    assert!(!format!("{secret:?}").contains("hidden"));
}

/// A password that nobody takes is not set; a key that nobody takes is made anew once somebody does.
#[test]
fn what_nobody_takes_is_not_left_behind() {
    let stage = Stage::of(plan(vec![console_for_bob()]));
    stage.fake.is_full.set(true);
    let report = stage.apply().unwrap();
    assert_eq!(stopped(&report), (Why::NotHanded, Some("1")));
    assert_eq!(states(&report), [StepState::New]);
    assert!(stage.fake.calls.borrow().is_empty());

    let stage = Stage::of(plan(vec![new_key()]));
    stage.fake.is_full.set(true);
    let report = stage.apply().unwrap();
    assert_eq!(stopped(&report), (Why::NotHanded, Some("1")));
    assert_eq!(states(&report), [StepState::Made]);
    stage.fake.is_full.set(false);
    assert_eq!(stage.resume().unwrap().status, Status::Applied);
    let calls = ["iam:CreateAccessKey", "iam:DeleteAccessKey", "iam:CreateAccessKey"];
    assert_eq!(*stage.fake.calls.borrow(), calls);
    let keys = stage.fake.now.borrow().keys.clone();
    let new: Vec<&String> = keys.keys().filter(|(of, _)| of == "bob").map(|(_, id)| id).collect();
    assert_eq!(new, [&stage.fake.handed.borrow()[0].0]);
}

/// Something in between that keeps every reply with a secret back would have keys made and deleted for ever.
#[test]
fn a_secret_that_never_arrives_is_not_asked_for_without_end() {
    let stage = Stage::of(plan(vec![new_key()]));
    for _ in 0..3 {
        stage.fake.lose("iam:CreateAccessKey", true);
    }
    let report = stage.apply().unwrap();
    assert_eq!(stopped(&report), (Why::NotHanded, Some("1")));
    assert_eq!(states(&report), [StepState::New]);
    let made =
        stage.fake.calls.borrow().iter().filter(|call| **call == "iam:CreateAccessKey").count();
    assert_eq!(made, 2);
    assert!(stage.fake.now.borrow().keys.keys().all(|(of, _)| of != "bob"));
}

/// Services repeat in their errors what they were given.
#[test]
fn a_password_that_aws_repeats_is_hidden() {
    let stage = Stage::of(plan(vec![console_for_bob()]));
    stage.fake.refused.borrow_mut().push(("iam:CreateLoginProfile".to_owned(), "not this:"));
    let report = stage.apply().unwrap();
    assert_eq!(stopped(&report), (Why::Refused, Some("1")));
    let secret = stage.fake.handed.borrow()[0].2.clone();
    assert!(!format!("{report:?} {}", stage.written()).contains(&secret));
    assert!(stage.written().contains("not this: (hidden)"));
}
