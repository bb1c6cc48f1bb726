//! Every fact of the schema: it matches with its value, not with another, and not when unknown.

use std::collections::{BTreeMap, BTreeSet};

use trailwarden_authorize::{Asked, Behind, EffectFacts, Grade, KnownEffect, Policies};
use trailwarden_model::finding::Verdict;
use trailwarden_model::{Outcome, Severity, Timestamp};

use super::{DEPLOY, MONDAY, asked, faults, verdict, when};

/// A fact: a guard where it may be unknown, a test of it, and changes that make it be so, be
/// otherwise and be unknown.
struct Fact {
    guard: &'static str,
    test: &'static str,
    yes: fn(&mut Asked),
    no: fn(&mut Asked),
    unknown: Option<fn(&mut Asked)>,
}

/// A fact that is always known.
fn known(test: &'static str, yes: fn(&mut Asked), no: fn(&mut Asked)) -> Fact {
    Fact { guard: "", test, yes, no, unknown: None }
}

fn optional(
    guard: &'static str,
    test: &'static str,
    yes: fn(&mut Asked),
    no: fn(&mut Asked),
    unknown: fn(&mut Asked),
) -> Fact {
    Fact { guard, test, yes, no, unknown: Some(unknown) }
}

fn some(text: &str) -> Option<String> {
    Some(text.to_owned())
}

fn tags(value: &str) -> Option<BTreeMap<String, String>> {
    Some([("stage".to_owned(), value.to_owned())].into())
}

fn behind(asked: &mut Asked, change: impl FnOnce(&mut Behind)) {
    let mut behind = Behind {
        kind: "federated".to_owned(),
        arn: some("arn:aws:iam::111122223333:user/alice"),
        name: some("alice"),
        account: some("111122223333"),
        provider: some("token.actions.githubusercontent.com"),
        subject: some("repo:org/app:ref:refs/heads/main"),
    };
    change(&mut behind);
    asked.actor.behind = Some(behind);
}

fn effect(asked: &mut Asked, change: impl FnOnce(&mut KnownEffect)) {
    if let EffectFacts::Known(effect) = &mut asked.effect {
        change(effect);
    }
}

fn unknown_effect(asked: &mut Asked) {
    asked.effect = EffectFacts::Unknown { why: Vec::new() };
}

fn of_the_call() -> Vec<Fact> {
    vec![
        known("context.event_id == \"e1\"", |_| (), |a| a.event_id = "e2".to_owned()),
        known(
            "context.time < datetime(\"2026-01-06\")",
            |_| (),
            |a| a.time = Timestamp::from_seconds(MONDAY + 86_400),
        ),
        known("context.hour == 9", |_| (), |a| a.time = Timestamp::from_seconds(MONDAY + 3600)),
        known(
            "context.weekday == 1",
            |_| (),
            |a| a.time = Timestamp::from_seconds(MONDAY + 6 * 86_400),
        ),
        known("context.outcome == \"failed\"", |a| a.outcome = Outcome::Failed, |_| ()),
        known("context.denied", |a| a.outcome = Outcome::Denied, |a| a.outcome = Outcome::Failed),
        known("context.from_console", |a| a.from_console = true, |_| ()),
        optional(
            "context has account",
            "context.account == \"111122223333\"",
            |_| (),
            |a| a.account = some("444455556666"),
            |a| a.account = None,
        ),
        optional(
            "context has region",
            "context.region like \"us-*\"",
            |_| (),
            |a| a.region = some("eu-west-1"),
            |a| a.region = None,
        ),
        optional(
            "context has source",
            "context.source == \"192.0.2.7\"",
            |_| (),
            |a| a.source = some("cloudformation.amazonaws.com"),
            |a| a.source = None,
        ),
        optional(
            "context has source_ip",
            "context.source_ip.isInRange(ip(\"192.0.2.0/24\"))",
            |a| a.source = some("::ffff:192.0.2.9"),
            |a| a.source = some("2001:db8::192.0.2.7"),
            |a| a.source = some("cloudformation.amazonaws.com"),
        ),
        optional(
            "context has via",
            "context.via == \"cloudformation.amazonaws.com\"",
            |a| a.via = some("cloudformation.amazonaws.com"),
            |a| a.via = some("lambda.amazonaws.com"),
            |a| a.via = None,
        ),
        optional(
            "context has request_tags",
            "!context.request_tags.hasTag(\"stage\")",
            |_| (),
            |a| a.request_tags = tags("prod"),
            |a| a.request_tags = None,
        ),
        optional(
            "context has mfa",
            "context.mfa",
            |a| a.actor.mfa = Some(true),
            |a| a.actor.mfa = Some(false),
            |a| a.actor.mfa = None,
        ),
        optional(
            "context has session",
            "context.session like \"arn:aws:sts::*/run-7\"",
            |_| (),
            |a| a.actor.session = some("arn:aws:sts::111122223333:assumed-role/deploy/x"),
            |a| a.actor.session = None,
        ),
        optional(
            "context has session_name",
            "context.session_name like \"run-*\"",
            |_| (),
            |a| a.actor.session = some("arn:aws:sts::111122223333:assumed-role/deploy/x"),
            |a| a.actor.session = None,
        ),
        optional(
            "context has source_identity",
            "context.source_identity == \"ann\"",
            |a| a.actor.source_identity = some("ann"),
            |a| a.actor.source_identity = some("bob"),
            |a| a.actor.source_identity = None,
        ),
        optional(
            "context has issuer",
            "context.issuer like \"*:role/ci/deploy\"",
            |a| a.actor.issuer = some(DEPLOY),
            |a| a.actor.issuer = some("arn:aws:iam::111122223333:role/other"),
            |a| a.actor.issuer = None,
        ),
    ]
}

fn of_who_is_behind() -> Vec<Fact> {
    vec![
        optional(
            "context has behind",
            "context.behind.kind == \"federated\"",
            |a| behind(a, |_| ()),
            |a| behind(a, |behind| behind.kind = "user".to_owned()),
            |a| a.actor.behind = None,
        ),
        optional(
            "context has behind && context.behind has teams",
            "context.behind.teams.contains(Team::\"web\")",
            |a| behind(a, |_| ()),
            |a| behind(a, |behind| behind.arn = some("arn:aws:iam::111122223333:user/bob")),
            |a| behind(a, |behind| behind.arn = None),
        ),
        optional(
            "context has behind && context.behind has arn",
            "context.behind.arn == \"arn:aws:iam::111122223333:user/alice\"",
            |a| behind(a, |_| ()),
            |a| behind(a, |behind| behind.arn = some("arn:aws:iam::111122223333:user/bob")),
            |a| behind(a, |behind| behind.arn = None),
        ),
        optional(
            "context has behind && context.behind has name",
            "context.behind.name == \"alice\"",
            |a| behind(a, |_| ()),
            |a| behind(a, |behind| behind.name = some("bob")),
            |a| behind(a, |behind| behind.name = None),
        ),
        optional(
            "context has behind && context.behind has account",
            "context.behind.account == \"111122223333\"",
            |a| behind(a, |_| ()),
            |a| behind(a, |behind| behind.account = some("444455556666")),
            |a| behind(a, |behind| behind.account = None),
        ),
        optional(
            "context has behind && context.behind has provider",
            "context.behind.provider like \"token.actions.*\"",
            |a| behind(a, |_| ()),
            |a| behind(a, |behind| behind.provider = some("gitlab.example.com")),
            |a| behind(a, |behind| behind.provider = None),
        ),
        optional(
            "context has behind && context.behind has subject",
            "context.behind.subject like \"repo:org/app:*\"",
            |a| behind(a, |_| ()),
            |a| behind(a, |behind| behind.subject = some("repo:org/fork:x")),
            |a| behind(a, |behind| behind.subject = None),
        ),
    ]
}

/// A fact of the effect, which is unknown with all of it.
fn of_effect(test: &'static str, yes: fn(&mut Asked), no: fn(&mut Asked)) -> Fact {
    optional("context has effect", test, yes, no, unknown_effect)
}

fn of_the_effect() -> Vec<Fact> {
    vec![
        of_effect("context.effect.moved", |_| (), |a| effect(a, |e| e.moved = false)),
        of_effect(
            "context.effect.grade_before == \"read\" && context.effect.grade_before_rank == 1",
            |_| (),
            |a| effect(a, |e| e.grade_before = Grade::None),
        ),
        of_effect(
            "context.effect.grade_after == \"write\" && context.effect.grade_after_rank == 3",
            |_| (),
            |a| effect(a, |e| e.grade_after = Grade::Admin),
        ),
        of_effect(
            "context.effect.gained.contains(\"s3:PutObject\")",
            |_| (),
            |a| effect(a, |e| e.gained = vec!["s3:*".to_owned()]),
        ),
        of_effect(
            "context.effect.lost.contains(\"s3:*\")",
            |a| effect(a, |e| e.lost = vec!["s3:*".to_owned()]),
            |_| (),
        ),
        of_effect(
            "context.effect.paths_opened.isEmpty()",
            |_| (),
            |a| effect(a, |e| e.paths_opened = vec!["create-policy-version".to_owned()]),
        ),
        of_effect(
            "context.effect.reach_principals < 2",
            |_| (),
            |a| effect(a, |e| e.reach_principals = u64::MAX),
        ),
        of_effect(
            "context.effect.reach_accounts == 1",
            |_| (),
            |a| effect(a, |e| e.reach_accounts = 2),
        ),
        of_effect("context.effect.self_change", |a| effect(a, |e| e.self_change = true), |_| ()),
        of_effect(
            "context.effect.crosses_account",
            |a| effect(a, |e| e.crosses_account = true),
            |_| (),
        ),
        of_effect("context.effect.public", |a| effect(a, |e| e.public = true), |_| ()),
        optional(
            "context has effect && context.effect has within_boundary",
            "context.effect.within_boundary",
            |_| (),
            |a| effect(a, |e| e.within_boundary = Some(false)),
            |a| effect(a, |e| e.within_boundary = None),
        ),
        of_effect(
            "context.effect.severity_rank == 2",
            |_| (),
            |a| effect(a, |e| e.severity = Some(Severity::Critical)),
        ),
        optional(
            "context has effect && context.effect has severity",
            "context.effect.severity == \"low\"",
            |_| (),
            |a| effect(a, |e| e.severity = Some(Severity::High)),
            |a| effect(a, |e| e.severity = None),
        ),
    ]
}

fn of_principals() -> Vec<Fact> {
    vec![
        known("principal is Role", |_| (), |a| a.actor.kind = "user".to_owned()),
        known("principal is Unidentified", |a| a.actor.kind = "new".to_owned(), |_| ()),
        known("principal.kind == \"role\"", |_| (), |a| a.actor.kind = "user".to_owned()),
        optional(
            "true",
            "principal == Role::\"arn:aws:iam::111122223333:role/ci/deploy\"",
            |_| (),
            |a| a.actor.arn = some("arn:aws:iam::111122223333:role/deploy"),
            |a| a.actor.arn = None,
        ),
        optional(
            "true",
            "principal in Team::\"platform\"",
            |_| (),
            |a| a.actor.arn = some("arn:aws:iam::444455556666:role/ci/deploy"),
            |a| a.actor.arn = None,
        ),
        optional(
            "principal has arn",
            "principal.arn like \"*:role/ci/*\"",
            |_| (),
            |a| a.actor.arn = some("arn:aws:iam::111122223333:role/deploy"),
            |a| a.actor.arn = None,
        ),
        optional(
            "principal has name",
            "principal.name == \"deploy\"",
            |_| (),
            |a| a.actor.name = some("other"),
            |a| a.actor.name = None,
        ),
        optional(
            "principal has id",
            "principal.id == \"AROAEXAMPLE\"",
            |_| (),
            |a| a.actor.id = some("AROAOTHER"),
            |a| a.actor.id = None,
        ),
        optional(
            "principal has tags",
            "!(principal.tags.hasTag(\"stage\") && principal.tags.getTag(\"stage\") == \"prod\")",
            |a| a.actor.tags = tags("test"),
            |a| a.actor.tags = tags("prod"),
            |a| a.actor.tags = None,
        ),
    ]
}

fn of_resources() -> Vec<Fact> {
    vec![
        known("resource is Role", |_| (), |a| a.target.kind = some("instance_profile")),
        optional(
            "resource has path",
            "resource.path like \"/app/*\"",
            |_| (),
            |a| a.target.path = some("/"),
            |a| a.target.path = None,
        ),
        optional(
            "resource has account",
            "resource.account == \"111122223333\"",
            |_| (),
            |a| a.target.account = some("444455556666"),
            |a| a.target.account = None,
        ),
        optional(
            "resource has tags",
            "resource.tags.hasTag(\"stage\") && resource.tags.getTag(\"stage\") == \"test\"",
            |a| a.target.tags = tags("test"),
            |a| a.target.tags = tags("prod"),
            |a| a.target.tags = None,
        ),
        optional(
            "resource has owner",
            "principal in resource.owner",
            |_| (),
            |a| a.actor.arn = some("arn:aws:iam::111122223333:role/other"),
            |a| a.target.arn = None,
        ),
        optional(
            "resource has protected",
            "!resource.protected",
            |_| (),
            |a| a.target.arn = some("arn:aws:iam::111122223333:role/break-glass"),
            |a| a.target.arn = None,
        ),
        known("principal == resource", |a| a.target.arn = some(DEPLOY), |_| ()),
        known(
            "action in [Action::\"permissions\"]",
            |_| (),
            |a| a.action = "iam:CreateAccessKey".to_owned(),
        ),
    ]
}

fn all() -> Vec<Fact> {
    let parts =
        [of_the_call(), of_who_is_behind(), of_the_effect(), of_principals(), of_resources()];
    parts.into_iter().flatten().collect()
}

#[test]
fn a_fact_matches_with_its_value_only_and_never_when_unknown() {
    for fact in all() {
        let condition = if fact.guard.is_empty() {
            fact.test.to_owned()
        } else {
            format!("{} && ({})", fact.guard, fact.test)
        };
        let judge = |change: fn(&mut Asked)| {
            let mut asked = asked();
            change(&mut asked);
            verdict(&when(&condition), &asked)
        };
        assert_eq!(judge(fact.yes), Ok(Verdict::Permitted), "{condition}");
        assert_eq!(judge(fact.no), Ok(Verdict::Unknown), "{condition}");
        if let Some(unknown) = fact.unknown {
            assert_eq!(judge(unknown), Ok(Verdict::Unknown), "unknown: {condition}");
        }
    }
}

#[test]
fn a_fact_that_may_be_unknown_does_not_load_without_its_guard() {
    for fact in all().into_iter().filter(|fact| fact.guard.contains("has")) {
        let found = faults(&when(fact.test));
        assert!(found.contains("unable to guarantee safety of access"), "{}: {found}", fact.test);
        assert!(found.contains(" has "), "{}: {found}", fact.test);
    }
}

#[test]
fn every_attribute_of_the_schema_is_asked_here() {
    let attributes: BTreeSet<&str> = Policies::schema()
        .lines()
        .take_while(|line| !line.starts_with("action"))
        .filter_map(|line| line.strip_prefix("    ")?.split_once(": "))
        .filter(|(name, _)| !name.contains(['/', '`']))
        .map(|(name, _)| name.trim_end_matches('?'))
        .collect();
    assert!(attributes.len() > 40, "{attributes:?}");
    let tests: String = all().iter().map(|fact| format!("{} \n", fact.test)).collect();
    for attribute in attributes {
        assert!(
            tests.contains(&format!(".{attribute} "))
                || tests.contains(&format!(".{attribute}."))
                || tests.contains(&format!(".{attribute})")),
            "no fact asks for `{attribute}`"
        );
    }
}

#[test]
fn a_spoofed_user_agent_changes_nothing_because_nobody_can_ask_for_it() {
    let guarded = faults(&when("context has user_agent && context.user_agent == \"terraform\""));
    assert!(guarded.contains("policy is impossible"), "{guarded}");
    let found = faults(&when("context.user_agent == \"terraform\""));
    assert!(found.contains("user_agent"), "{found}");
    assert!(!Policies::schema().contains("user_agent"));
}

#[test]
fn what_is_asked_goes_through_json_unchanged() {
    let mut full = asked();
    behind(&mut full, |_| ());
    let json = serde_json::to_string(&full).unwrap();
    assert_eq!(serde_json::from_str::<Asked>(&json).unwrap(), full);
    let wrong = json.replacen("\"via\"", "\"vai\"", 1);
    assert!(serde_json::from_str::<Asked>(&wrong).is_err());
}
