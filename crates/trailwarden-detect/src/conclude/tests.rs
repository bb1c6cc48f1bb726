//! The words and outcomes of findings.

use trailwarden_model::finding::Kind;
use trailwarden_model::{Outcome, Severity};
use trailwarden_record::{Row, Skim};

use super::*;
use crate::detections::ALL;
use crate::settings::Settings;
use crate::{reference, trail};

/// The finding of a Sigma rule that joins, or gathers one by one, the records of a trail.
fn of_sigma(trail: &str, joins: bool) -> Finding {
    let actions = Actions::default();
    let (mut rows, mut records) = (Vec::new(), Records::default());
    for (number, record) in trail::records(trail).unwrap().iter().enumerate() {
        let text = record.to_string();
        let skim = Skim::of_value(record);
        let call = actions.call(skim.event_source.as_str(), skim.event_name.as_str());
        let place = Place { file: 0, record: u32::try_from(number).unwrap() };
        rows.push(Row::of(&skim, text.as_bytes(), call, place));
        records.insert(place, Event::decode(text.as_bytes()).unwrap());
    }
    let mut engine = Engine::new(&[], Settings::default());
    if joins {
        engine.sigma(0, 7, &rows);
    } else {
        rows.iter().for_each(|row| engine.sigma(0, 7, std::slice::from_ref(row)));
    }
    let meta = Meta { title: "T".to_owned(), kind: Kind::Sigma, ..Meta::of(ALL[0]) };
    let files = ["trail".to_owned()];
    let sources = Sources { records: &records, files: &files, actions: &actions, sigma: &[meta] };
    let mut findings = engine.conclude(&sources);
    assert_eq!(findings.len(), 1, "{findings:#?}");
    findings.remove(0)
}

fn of(rule: &str, trail: &str) -> Vec<Finding> {
    let detection = ALL.iter().find(|detection| detection.id == rule).unwrap();
    let mut settings = Settings::default();
    settings.break_glass.insert("break-glass".to_owned());
    reference::judge_trail(trail, &[detection], &settings).unwrap()
}

#[test]
fn a_correlation_says_what_it_joins_each_with_its_own_outcome() {
    let finding = of_sigma(
        "mallory cloudtrail:StopLogging trail/main denied\nmallory cloudtrail:PutEventSelectors trail/main",
        true,
    );
    assert_eq!(
        finding.explanation,
        "user mallory made 2 calls that the Sigma rule \"T\" joins: cloudtrail:StopLogging (denied), \
         cloudtrail:PutEventSelectors (succeeded)."
    );
    assert_eq!(finding.outcome, Some(Outcome::Succeeded));
    let shared =
        of_sigma("alice iam:CreateUser user/a denied\nbob iam:CreateUser user/b denied", true);
    assert_eq!(
        shared.explanation,
        "user alice and others made 2 calls that the Sigma rule \"T\" joins: iam:CreateUser (denied)."
    );
    assert_eq!(shared.outcome, Some(Outcome::Denied));
}

#[test]
fn a_sigma_rule_counts_what_it_matches_one_by_one() {
    let one = of_sigma("alice iam:CreateUser user/a denied", false);
    assert_eq!(
        one.explanation,
        "user alice called iam:CreateUser (denied), which the Sigma rule \"T\" matches."
    );
    let two = of_sigma("alice iam:CreateUser user/a\nalice iam:DeleteUser user/a", false);
    assert_eq!(
        two.explanation,
        "user alice called iam:CreateUser (succeeded), iam:DeleteUser (succeeded), 2 times in all, which the \
         Sigma rule \"T\" matches."
    );
}

#[test]
fn several_calls_in_one_finding_are_all_named() {
    let trail = "mallory iam:PutUserPolicy user/mallory denied\nmallory iam:AttachUserPolicy user/mallory denied";
    let found = of("self-escalation-denied", trail);
    assert_eq!(found.len(), 1);
    let told = &found[0].explanation;
    assert!(told.contains("(2 times: PutUserPolicy, AttachUserPolicy)"), "{told}");
    let same = of("self-escalation-denied", &trail.replace("Attach", "Put"));
    assert!(same[0].explanation.contains("(2 times)"), "{}", same[0].explanation);
}

/// A session that is refused at last has still worked before.
#[test]
fn a_success_outweighs_what_is_refused_later() {
    let trail = "mallory sts:AssumeRole role/app issues=ASIAROLE key=AKIAOLD\n\
                 +5m role/responder iam:DeleteAccessKey user/mallory {\"request\":{\"accessKeyId\":\"AKIAOLD\"}}\n";
    let used = "+5m role/app s3:ListBuckets key=ASIAROLE\n";
    let refused = "+5m role/app s3:ListBuckets key=ASIAROLE denied\n";
    let outcome = |rest: &str| {
        let found = of("session-outlives-its-key", &format!("{trail}{rest}"));
        assert_eq!(found.len(), 1);
        found[0].outcome
    };
    assert_eq!(outcome(&format!("{used}{refused}")), Some(Outcome::Succeeded));
    assert_eq!(outcome(refused), Some(Outcome::Denied));
}

#[test]
fn every_call_of_a_break_glass_session_is_one_finding() {
    let found = of(
        "break-glass-used",
        "alice sts:AssumeRole role/break-glass issues=ASIABREAK\n\
         +5m role/break-glass/alice s3:ListBuckets key=ASIABREAK\n\
         +5m alice s3:ListBuckets key=AKIAALICE",
    );
    assert_eq!(found.len(), 1, "{found:#?}");
    assert_eq!(found[0].evidence_total, 2);
    let told = &found[0].explanation;
    assert!(
        told.starts_with("user alice used the break-glass role break-glass: sts:AssumeRole"),
        "{told}"
    );
    let own =
        of("break-glass-used", "break-glass signin:ConsoleLogin\nbreak-glass ec2:RunInstances");
    assert_eq!(own[0].evidence_total, 2);
    assert_eq!(own[0].severity, Severity::Medium);
    let tried = of("break-glass-used", "alice sts:AssumeRole role/break-glass denied");
    assert_eq!((tried[0].severity, tried[0].outcome), (Severity::Low, Some(Outcome::Denied)));
}

#[test]
fn a_person_of_identity_center_is_named_before_the_role() {
    let found = of(
        "access-key-for-another-user",
        "role/AWSReservedSSO_Admin_0a1b/alice@example.com iam:CreateAccessKey user/bob",
    );
    let told = &found[0].explanation;
    assert!(
        told.starts_with("alice@example.com (through role AWSReservedSSO_Admin_0a1b)"),
        "{told}"
    );
}
