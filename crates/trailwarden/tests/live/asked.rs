//! An account that answers, and what comes of it.

use std::sync::{Arc, Condvar, Mutex};

use serde_json::json;

use crate::account::{Account, NOTHING, SMALL};
use crate::fake::{Fake, Response, result};
use crate::partial::{SECRET, folder, run};

#[test]
fn from_credentials_alone_comes_a_report_with_what_to_fix_first() {
    let fake = Fake::new(|request, _| Some(SMALL.answer(request)));
    let folder = folder();
    let ran = run(&fake, folder.path(), "assess --depth core");
    assert_eq!(ran.code, 3, "{}", ran.said);
    let words = ran.words();
    assert!(
        words.contains("First to fix 1. The root user has no second factor (critical)"),
        "{words}"
    );
    assert!(words.contains("Why: ") && words.contains("Do: "), "{words}");
    assert!(
        ran.said.contains("calls\n") && ran.said.contains("iam:GetAccountSummary"),
        "{}",
        ran.said
    );
    assert!(!ran.all().contains(SECRET));
    let quiet = run(&fake, folder.path(), "assess --depth core --quiet");
    assert_eq!((quiet.code, quiet.said.as_str()), (3, ""));
}

#[test]
fn what_was_asked_is_kept_and_judged_the_same() {
    let fake = Fake::new(|request, _| Some(SMALL.answer(request)));
    let folder = folder();
    let live = run(&fake, folder.path(), "assess --save today.twb --json");
    let seen = fake.seen();
    let saved = run(&fake, folder.path(), "OFFLINE assess --baseline today.twb --json").json();
    assert_eq!(fake.seen(), seen, "a baseline asks nobody");
    assert_eq!(live.json(), saved);
    for line in
        ["assess --baseline today.twb", "OFFLINE assess --baseline today.twb --session-name x"]
    {
        let both = run(&fake, folder.path(), line);
        assert_eq!(both.code, 2, "{}", both.said);
    }
    let compared = run(&fake, folder.path(), "assess --since today.twb --json").json();
    assert_eq!(compared["summary"]["by_history"].get("new"), None, "{compared}");
}

#[test]
fn the_summary_of_a_baseline_is_as_its_schema_says() {
    let fake = Fake::new(|request, _| Some(SMALL.answer(request)));
    let folder = folder();
    let told = run(&fake, folder.path(), "baseline --output a.twb --depth full --json").json();
    let schema = run(&fake, folder.path(), "OFFLINE generate schema baseline").json();
    let validator = jsonschema::validator_for(&schema).unwrap();
    let errors: Vec<String> = validator.iter_errors(&told).map(|error| error.to_string()).collect();
    assert_eq!(errors, [] as [&str; 0]);
    assert!(!told["accounts"][0]["unanswered"].as_array().unwrap().is_empty());
    assert!(!validator.is_valid(&json!({"schema": "trailwarden.baseline-summary/1"})));
    let packed =
        run(&fake, folder.path(), "OFFLINE baseline pack a.twb --output b.twb --json").json();
    assert!(validator.is_valid(&packed), "{packed}");
}

/// Asking takes minutes; a file that cannot be read is told before.
#[test]
fn nobody_is_asked_for_what_cannot_be_compared_or_accepted() {
    let fake = Fake::new(|request, _| Some(SMALL.answer(request)));
    let folder = folder();
    for line in ["assess --since missing.twb", "assess --exceptions missing.toml"] {
        let ran = run(&fake, folder.path(), line);
        assert!(ran.code == 2 && ran.said.contains("missing."), "{}", ran.said);
    }
    assert_eq!(fake.seen(), 0);
}

/// Nothing in it names the account, but whoever asks is of it.
#[test]
fn an_account_with_nothing_in_it_is_assessed() {
    let fake = Fake::new(|request, _| Some(NOTHING.answer(request)));
    let folder = folder();
    let ran = run(&fake, folder.path(), "assess --depth core --json --check user-is-administrator");
    assert_eq!(ran.code, 0, "{}{}", ran.said, ran.out);
    assert_eq!(ran.json()["findings"][0]["verdict"], "not_applicable");
}

/// The first question about a user waits for the second: asked one after the other, neither would end.
#[test]
fn users_are_asked_about_several_at_a_time_and_stand_in_order() {
    let arrived = Arc::new((Mutex::new(0), Condvar::new()));
    let fake = Fake::new(move |request, _| {
        if request.operation == "ListAccessKeys" {
            let (count, more) = &*arrived;
            let mut count = count.lock().unwrap();
            *count += 1;
            more.notify_all();
            drop(more.wait_while(count, |count| *count < 2).unwrap());
        }
        Some(SMALL.answer(request))
    });
    let folder = folder();
    let told = run(&fake, folder.path(), "baseline --output a.twb --json");
    assert_eq!(told.code, 0, "{}", told.said);
    let file = std::fs::read(folder.path().join("a.twb")).unwrap();
    let text = String::from_utf8(zstd::decode_all(file.as_slice()).unwrap()).unwrap();
    let users: Vec<&str> =
        text.split("\"UserName\":\"").skip(1).filter_map(|rest| rest.split('"').next()).collect();
    assert_eq!(users[users.len() - 3..], ["u0", "u1", "u2"]);
}

/// Each account of a list through its role; one that cannot be taken costs only itself.
#[test]
fn several_accounts_are_assessed_and_one_that_refuses_is_named() {
    const OTHER: Account = Account { id: "444455556666", users: 1, roles: 0 };
    let fake = Fake::new(|request, _| {
        if request.operation == "AssumeRole" {
            return Some(match request.body.contains("444455556666") {
                true => result(
                    "AssumeRole",
                    "<Credentials><AccessKeyId>other</AccessKeyId><SecretAccessKey>s</SecretAccessKey>\
                     <SessionToken>t</SessionToken><Expiration>2999-01-01T00:00:00Z</Expiration></Credentials>",
                ),
                false => Response::error(403, "AccessDenied"),
            });
        }
        Some(if request.key == "other" { OTHER.answer(request) } else { SMALL.answer(request) })
    });
    let folder = folder();
    let line = "--accounts 111122223333,444455556666,777788889999,444455556666 --role audit";
    let ran = run(&fake, folder.path(), &format!("assess --depth core --json {line}"));
    assert_eq!(ran.code, 3, "{}", ran.said);
    let answer = ran.json();
    let accounts: Vec<&str> = answer["accounts"]
        .as_array()
        .unwrap()
        .iter()
        .filter_map(|one| one["account"].as_str())
        .collect();
    assert_eq!(accounts, ["111122223333", "444455556666"]);
    assert_eq!(answer["rejects"][0]["file"], "account 777788889999");
    let table = run(&fake, folder.path(), &format!("assess --depth core {line}"));
    assert!(table.words().contains("account 777788889999 is left out: "), "{}", table.words());
    // Even where every verdict is known, an account is missing.
    let only = "--check root-without-mfa";
    let ran = run(&fake, folder.path(), &format!("assess --depth core {only} {line}"));
    assert_eq!(ran.code, 3, "{}", ran.said);
    let ran = run(&fake, folder.path(), &format!("assess --depth core {only}"));
    assert_eq!(ran.code, 0, "{}", ran.said);
}
