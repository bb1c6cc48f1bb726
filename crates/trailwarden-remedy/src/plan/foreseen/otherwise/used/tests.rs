//! Words about use: what each claims, and what it does not.

use serde_json::json;

use super::*;

fn at(day: &str) -> Timestamp {
    Timestamp::parse(&format!("{day}T12:00:00Z")).unwrap()
}

fn eva() -> Affected {
    let value = json!({
        "arn": "arn:aws:iam::111122223333:user/eva", "is_latent": false,
        "grade_before": "data", "grade_after": "none", "gained": [], "lost": ["`s3:*`"],
        "capped_by": [], "is_certain": true, "carried_by": [], "last_used": {"state": "unknown"},
        "used": [], "more_used": 0, "unmapped": 0 });
    serde_json::from_value(value).unwrap()
}

fn of(one: Affected) -> Foreseen {
    let (first, last) = (at("2026-05-01"), at("2026-05-31"));
    let observed = Some(Observed { first, last, days: 31, is_complete: true });
    Foreseen { principals: vec![one], observed, ..Foreseen::default() }
}

fn service(day: &str, is_whole: bool) -> ServiceUsed {
    ServiceUsed { service: "s3".to_owned(), last: at(day), is_whole }
}

fn call(first: &str, last: &str, calls: u64) -> Used {
    let (first, last) = (Some(at(first)), Some(at(last)));
    Used { action: "s3:GetObject".to_owned(), by: None, calls, first, last, is_certain: true }
}

#[test]
fn never_is_held_to_what_aws_keeps() {
    let said = |last: LastUsed| of(Affected { last_used: last, ..eva() });
    let on = |day: &str| LastUsed::At { time: at(day), service: None };
    let lines = said(on("2026-05-20")).otherwise(&said(LastUsed::Never));
    assert_eq!(lines.len(), 1);
    assert!(
        lines[0].contains("never used") && lines[0].contains("last used 2026-05-20"),
        "{lines:?}"
    );
    // In use since long is in use: a later call changes nothing that was agreed to.
    assert_eq!(said(on("2026-05-20")).otherwise(&said(on("2026-05-15"))), [] as [&str; 0]);
    assert_eq!(said(on("2026-05-20")).otherwise(&said(on("2025-05-15"))).len(), 1);
    // Less use than was said holds nothing up, and what nobody said or says is no claim.
    for (is, told) in [
        (LastUsed::Never, on("2026-05-20")),
        (LastUsed::Unknown, LastUsed::Never),
        (on("2026-05-20"), LastUsed::Unknown),
    ] {
        assert_eq!(
            said(is.clone()).otherwise(&said(told.clone())),
            [] as [&str; 0],
            "{is:?} {told:?}"
        );
    }
    assert!(said(LastUsed::Unknown).takes_use_on_trust(&said(LastUsed::Never)));
    let lines = said(on("2026-05-20")).use_untold(&said(LastUsed::Unknown));
    assert!(lines[0].contains("last used 2026-05-20"), "{lines:?}");
}

/// "No use of it was seen" is of the logs, and of their days.
#[test]
fn no_use_seen_claims_the_days_of_the_logs_and_no_more() {
    let told = of(eva());
    let known = |one: ServiceUsed| of(Affected { services: vec![one], ..eva() });
    let is = known(service("2026-05-20", true));
    let lines = is.otherwise(&told);
    assert!(
        lines[0].contains("s3 on 2026-05-20") && lines[0].contains("--last-access"),
        "{lines:?}"
    );
    // Before the logs, after them, or of what stays: shown, and no contradiction.
    for one in
        [service("2026-04-20", true), service("2026-06-10", true), service("2026-05-20", false)]
    {
        let is = known(one);
        assert_eq!(is.otherwise(&told), [] as [&str; 0], "{is:?}");
        assert_eq!(is.use_untold(&told).len(), 1, "{is:?}");
    }
    // A plan that has what AWS keeps says it, and holds.
    assert_eq!(is.otherwise(&is), [] as [&str; 0]);
    assert_eq!(is.use_untold(&is), [] as [&str; 0]);
    // Of data events that no trail records nothing was claimed.
    let open = of(Affected { unrecorded: vec!["s3".to_owned()], ..eva() });
    assert_eq!(is.otherwise(&open), [] as [&str; 0]);
}

#[test]
fn logs_are_held_to_the_logs_of_the_same_days() {
    let told = of(eva());
    let known = |one: Used| of(Affected { used: Some(vec![one]), ..eva() });
    let lines = known(call("2026-05-02", "2026-05-03", 9)).otherwise(&told);
    assert!(lines[0].contains("s3:GetObject 9 times"), "{lines:?}");
    let later = known(call("2026-06-02", "2026-06-03", 9));
    assert_eq!(later.otherwise(&told), [] as [&str; 0]);
    assert!(later.use_untold(&told)[0].contains("s3:GetObject 9 times"));
    // Once is not nine times, and perhaps is not for certain.
    let often = known(call("2026-05-02", "2026-05-03", 9));
    assert_eq!(often.otherwise(&known(call("2026-05-02", "2026-05-02", 1))).len(), 1);
    let perhaps = Used { is_certain: false, ..call("2026-05-02", "2026-05-03", 9) };
    assert_eq!(often.otherwise(&known(perhaps)).len(), 1);
    assert_eq!(often.otherwise(&often), [] as [&str; 0]);
    // Without logs nobody said anything.
    let silent = of(Affected { used: None, ..eva() });
    assert_eq!(often.otherwise(&silent), [] as [&str; 0]);
}

#[test]
fn milder_words_are_other_words() {
    let mut is = of(eva());
    let told = |change: fn(&mut Affected)| {
        let mut told = of(eva());
        told.principals.iter_mut().for_each(change);
        told
    };
    for (change, part) in [
        ((|one| one.grade_after = "unknown".to_owned()) as fn(&mut Affected), None),
        (|one| one.grade_before = "read".to_owned(), Some("as far as `read`")),
        (|one| one.grade_before = "admin".to_owned(), None),
    ] {
        let lines = is.otherwise(&told(change));
        assert_eq!(lines.is_empty(), part.is_none(), "{lines:?}");
        assert!(part.is_none_or(|part| lines[0].contains(part)), "{lines:?}");
    }
    for one in &mut is.principals {
        one.gained = vec!["`iam:*`".to_owned()];
        one.carried_by = vec!["ec2.amazonaws.com".to_owned()];
    }
    let lines = is.otherwise(&told(|one| one.is_certain = false));
    assert_eq!(lines.len(), 2, "{lines:?}");
    assert!(lines[0].contains("it is certain") && lines[1].contains("ec2.amazonaws.com"));
}

/// Lists end after a few lines: what is not true hides what is.
#[test]
fn false_lines_do_not_bury_a_true_one() {
    let named = |name: &str| Affected {
        arn: format!("arn:aws:iam::111122223333:user/{name}"),
        gained: vec!["`*`".to_owned()],
        ..eva()
    };
    let is = of(named("mallory"));
    let mut told = of(named("a"));
    told.principals.extend(["b", "c", "d", "mallory"].map(named));
    let lines = is.otherwise(&told);
    assert!(lines.iter().any(|line| line.contains("hides what does")), "{lines:?}");
    told.principals.drain(..3);
    assert_eq!(is.otherwise(&told), [] as [&str; 0], "one of two is seen");
}

/// What could be held to nothing is no way around what it is held to.
#[test]
fn words_of_use_that_no_logs_bear_out_are_refused() {
    let is = of(Affected {
        used: Some(vec![call("2026-05-02", "2026-05-03", 9)]),
        services: vec![service("2026-05-20", true)],
        ..eva()
    });
    let told = |change: fn(&mut Foreseen)| {
        let mut told = of(eva());
        change(&mut told);
        is.otherwise(&told)
    };
    let counted = |told: &mut Foreseen| told.principals[0].more_used = 1;
    assert!(told(counted)[0].contains("lists only 0"), "{:?}", told(counted));
    let without = |told: &mut Foreseen| told.observed = None;
    assert!(told(without)[0].contains("not by which logs"), "{:?}", told(without));
    let cut = |told: &mut Foreseen| told.observed.as_mut().unwrap().is_complete = false;
    assert!(told(cut)[0].contains("not all was counted"), "{:?}", told(cut));
    // A list that is full counts the rest.
    let mut full = of(Affected { used: Some(vec![]), more_used: 1, ..eva() });
    let others = (0..CALLS_MAX)
        .map(|at| Used { action: format!("s3:Get{at}"), ..call("2026-05-02", "2026-05-03", 99) });
    full.principals[0].used = Some(others.collect());
    assert_eq!(is.otherwise(&full), [] as [&str; 0]);
}

/// "Look yourself" is not "it harms nobody", and is not to be buried.
#[test]
fn why_a_step_is_not_foreseen_cannot_be_reworded() {
    let step = |step: &str, why: &str| super::super::NotForeseen {
        step: step.to_owned(),
        call: "s3:PutBucketPolicy".to_owned(),
        why: why.to_owned(),
    };
    let of = |all: Vec<super::super::NotForeseen>| Foreseen { not_foreseen: all, ..of(eva()) };
    let is = of(vec![step("1", "look yourself")]);
    assert_eq!(is.otherwise(&is), [] as [&str; 0]);
    let lines = is.otherwise(&of(vec![step("1", "it harms nobody")]));
    assert!(lines[0].contains("harms nobody; it is so: look yourself"), "{lines:?}");
    let others = ["7", "8", "9", "1"].map(|at| step(at, "look yourself"));
    let lines = is.otherwise(&of(others.into()));
    assert!(lines[0].contains("hides what does"), "{lines:?}");
}
