//! Suggestions against the policies that their text makes.

use expect_test::expect;
use proptest::prelude::*;
use trailwarden_model::finding::Verdict;
use trailwarden_model::{Outcome, Severity};

use super::*;
use crate::{Actor, Behind, EffectFacts, File, Grade, KnownEffect, Policies, Target};

const DEPLOY: &str = "arn:aws:iam::111122223333:role/ci/deploy";
const PROVIDER: &str = "arn:aws:iam::111122223333:oidc-provider/token.ci.example.com";
const MAIN: &str = "repo:example-corp/shop:ref:refs/heads/main";

fn load(suggestion: &Suggestion) -> Policies {
    let text = text::policies(suggestion);
    let file = |name: &str, text: String| File { name: name.to_owned(), text };
    let files =
        [file("suggested.cedar", text.clone()), file("entities.toml", text::entities().to_owned())];
    Policies::load(&files).unwrap_or_else(|faults| panic!("{faults:?}\n{text}"))
}

/// The pipeline writes the inline policy of an application's role.
fn change(number: usize, name: &str) -> Asked {
    Asked {
        event_id: format!("e{number:04}"),
        time: Timestamp::from_seconds(1_780_000_000 + number as i64 * 60),
        account: Some("111122223333".to_owned()),
        region: Some("us-east-1".to_owned()),
        actor: Actor {
            kind: "role".to_owned(),
            arn: Some(DEPLOY.to_owned()),
            name: Some("deploy".to_owned()),
            path: Some("/ci/".to_owned()),
            account: Some("111122223333".to_owned()),
            session: Some("arn:aws:sts::111122223333:assumed-role/deploy/run-1".to_owned()),
            mfa: Some(false),
            behind: Some(Behind {
                kind: "federated".to_owned(),
                name: Some(MAIN.to_owned()),
                provider: Some(PROVIDER.to_owned()),
                subject: Some(MAIN.to_owned()),
                ..Behind::default()
            }),
            ..Actor::default()
        },
        action: "iam:PutRolePolicy".to_owned(),
        target: Target {
            kind: Some("role".to_owned()),
            arn: Some(format!("arn:aws:iam::111122223333:role/app/{name}")),
            name: Some(name.to_owned()),
            path: Some("/app/".to_owned()),
            account: Some("111122223333".to_owned()),
            ..Target::default()
        },
        outcome: Outcome::Succeeded,
        source: Some("198.51.100.20".to_owned()),
        via: None,
        from_console: false,
        request_tags: Some([].into()),
        effect: EffectFacts::Known(KnownEffect {
            moved: true,
            grade_after: Grade::Write,
            gained: vec!["s3:PutObject".to_owned()],
            within_boundary: Some(true),
            severity: Some(Severity::Low),
            ..KnownEffect::default()
        }),
    }
}

fn pipeline() -> Vec<Asked> {
    let names = ["orders", "catalogue", "mailer", "images"];
    (0..12).map(|number| change(number, names[number % names.len()])).collect()
}

fn effect(asked: &mut Asked) -> &mut KnownEffect {
    let EffectFacts::Known(effect) = &mut asked.effect else { panic!("an unknown effect") };
    effect
}

fn left(suggestion: &Suggestion) -> Vec<(Why, u64)> {
    suggestion.left.iter().map(|left| (left.why, left.count)).collect()
}

#[test]
fn a_pipeline_gets_one_permit_bounded_by_the_gravest_that_was_seen() {
    let mut log = pipeline();
    let mut grave = change(100, "orders");
    effect(&mut grave).grade_after = Grade::Admin;
    effect(&mut grave).severity = Some(Severity::Critical);
    log.push(grave);
    let suggestion = suggest(&log, &Options::default());
    load(&suggestion);
    expect![[r#"
        // Permits proposed from observed changes. Read each one before you use it: it says what was done,
        // not what should be.
        // Of 13 changes from 2026-05-28T20:26:40Z to 2026-05-28T22:06:40Z, 12 are covered by 1 permit.

        // ----
        // arn:aws:iam::111122223333:role/ci/deploy: 12 of its 13 changes from 2026-05-28T20:26:40Z to
        // 2026-05-28T22:06:40Z are covered below.
        // Still not excused, with the gravest of each:
        // - 1 that gives somebody grade privesc or admin
        //     2026-05-28T22:06:40Z iam:PutRolePolicy on orders, grade admin, critical, event e0100

        // Covers 12 changes on 4 targets, 2026-05-28T20:26:40Z to 2026-05-28T20:37:40Z; for example:
        //     2026-05-28T20:26:40Z iam:PutRolePolicy on orders, grade write, low, event e0000
        @id("deploy-manages-role")
        permit (
            principal == Role::"arn:aws:iam::111122223333:role/ci/deploy",
            action == Action::"iam:PutRolePolicy",
            resource is Role
        )
        when {
            context has behind &&
            context.behind has provider &&
            context.behind.provider == "arn:aws:iam::111122223333:oidc-provider/token.ci.example.com" &&
            context.behind has subject &&
            context.behind.subject == "repo:example-corp/shop:ref:refs/heads/main" &&
            !(context has via) &&
            !context.from_console
        }
        when {
            resource has path &&
            resource.path like "/app/*"
        }
        when {
            !context.denied &&
            context has effect &&
            context.effect.grade_after_rank <= 3 &&
            context.effect.severity_rank <= 2 &&
            context.effect.paths_opened.isEmpty() &&
            !context.effect.self_change &&
            !context.effect.crosses_account &&
            !context.effect.public &&
            context.effect has within_boundary &&
            context.effect.within_boundary
        };
    "#]].assert_eq(&text::policies(&suggestion));
    assert_eq!((suggestion.total, suggestion.covered), (13, 12));
    assert_eq!(left(&suggestion), [(Why::Graver, 1)]);
}

#[test]
fn whoever_enters_the_role_of_a_pipeline_otherwise_is_not_covered() {
    let mut log = pipeline();
    for number in 20..30 {
        let mut by_hand = change(number, "orders");
        by_hand.actor.behind = None;
        log.push(by_hand);
    }
    let mut engineer = change(40, "orders");
    let behind = Behind {
        kind: "user".to_owned(),
        arn: Some("arn:aws:iam::111122223333:user/jonas".to_owned()),
        ..Behind::default()
    };
    engineer.actor.behind = Some(behind);
    log.push(engineer);
    let suggestion = suggest(&log, &Options::default());
    assert_eq!(left(&suggestion), [(Why::Person, 1), (Why::Unentered, 10)]);
    assert_eq!(suggestion.covered, 12);
    let policies = load(&suggestion);
    assert!(log[12..].iter().all(|one| policies.decide(one).verdict == Verdict::Unknown));
}

#[test]
fn whoever_enters_a_role_is_covered_only_when_a_person_asks_for_that() {
    let mut log = pipeline();
    log.iter_mut().for_each(|one| one.actor.behind = None);
    let suggestion = suggest(&log, &Options::default());
    assert_eq!((suggestion.covered, left(&suggestion)), (0, vec![(Why::Unentered, 12)]));
    let suggestion = suggest(&log, &Options { any_entrance: true, ..Options::default() });
    assert_eq!(suggestion.covered, 12);
    assert!(text::policies(&suggestion).contains("whoever can enter it"));
    let policies = load(&suggestion);
    assert_eq!(policies.decide(&log[0]).verdict, Verdict::Permitted);
}

#[test]
fn a_role_of_the_same_name_is_not_covered() {
    let suggestion = suggest(&pipeline(), &Options::default());
    let policies = load(&suggestion);
    assert_eq!(policies.decide(&change(50, "orders")).verdict, Verdict::Permitted);
    for arn in [
        "arn:aws:iam::444455556666:role/ci/deploy",
        "arn:aws:iam::111122223333:role/deploy",
        "arn:aws:iam::111122223333:role/ci/Deploy",
    ] {
        let mut other = change(50, "orders");
        other.actor.arn = Some(arn.to_owned());
        assert_eq!(policies.decide(&other).verdict, Verdict::Unknown, "{arn}");
    }
}

/// Each reason keeps a change out, and is what is said of it.
#[test]
fn every_reason_to_leave_a_change_is_told() {
    type Turn = fn(&mut Asked);
    let cases: [(Why, Turn); 14] = [
        (Why::Graver, |one| effect(one).grade_after = Grade::Privesc),
        (Why::Way, |one| effect(one).paths_opened = vec!["pass-role-lambda".to_owned()]),
        (Why::Severe, |one| effect(one).severity = Some(Severity::High)),
        (Why::SelfChange, |one| effect(one).self_change = true),
        (Why::CrossesAccount, |one| effect(one).crosses_account = true),
        (Why::Public, |one| effect(one).public = true),
        (Why::Root, |one| one.actor.kind = "root".to_owned()),
        (Why::Sensitive, |one| one.action = "cloudtrail:StopLogging".to_owned()),
        (Why::Person, |one| one.from_console = true),
        (Why::Unentered, |one| one.actor.behind = None),
        (Why::Refused, |one| one.outcome = Outcome::Denied),
        (Why::Unknown, |one| one.effect = EffectFacts::Unknown { why: Vec::new() }),
        (Why::Unnamed, |one| one.actor.arn = Some("arn:aws:iam::1:role/a\"b".to_owned())),
        (Why::Rare, |one| effect(one).within_boundary = Some(false)),
    ];
    for (why, turn) in cases {
        let mut log: Vec<Asked> = (0..40).map(|number| change(number, "orders")).collect();
        let mut one = change(50, "orders");
        turn(&mut one);
        log.push(one);
        let suggestion = suggest(&log, &Options::default());
        assert_eq!(left(&suggestion), [(why, 1)], "{why:?}");
        assert_eq!(suggestion.left[0].gravest[0].event_id, "e0050");
    }
}

#[test]
fn what_was_seen_too_seldom_is_left() {
    let mut log = pipeline();
    for number in 20..22 {
        let mut seldom = change(number, "orders");
        seldom.action = "iam:DeleteRole".to_owned();
        log.push(seldom);
    }
    let suggestion = suggest(&log, &Options::default());
    assert_eq!(left(&suggestion), [(Why::Rare, 2)]);
    let suggestion = suggest(&log, &Options { min_events: 2, ..Options::default() });
    assert_eq!(left(&suggestion), []);
}

#[test]
fn nothing_that_moves_permissions_is_covered_where_nothing_moved() {
    let mut log = pipeline();
    for one in &mut log {
        one.action = "iam:TagRole".to_owned();
        one.effect = EffectFacts::Known(KnownEffect {
            grade_after: Grade::Admin,
            within_boundary: Some(false),
            ..KnownEffect::default()
        });
    }
    let suggestion = suggest(&log, &Options::default());
    assert_eq!(suggestion.covered, 12);
    let policies = load(&suggestion);
    let mut moves = log[0].clone();
    effect(&mut moves).moved = true;
    effect(&mut moves).grade_after = Grade::Read;
    assert_eq!(policies.decide(&moves).verdict, Verdict::Unknown);
}

#[test]
fn people_are_proposed_for_only_when_asked_for_and_root_never() {
    let person = |number, kind: &str, arn: &str| {
        let mut one = change(number, "orders");
        one.actor = Actor { kind: kind.to_owned(), arn: Some(arn.to_owned()), ..Actor::default() };
        one
    };
    let mut log: Vec<Asked> = (0..5)
        .map(|number| person(number, "user", "arn:aws:iam::111122223333:user/nina"))
        .collect();
    log.extend((5..10).map(|n| person(n, "root", "arn:aws:iam::111122223333:root")));
    let without = suggest(&log, &Options::default());
    assert_eq!((without.covered, left(&without)), (0, vec![(Why::Root, 5), (Why::Person, 5)]));
    load(&without);
    let with = suggest(&log, &Options { people: true, ..Options::default() });
    assert_eq!((with.covered, left(&with)), (5, vec![(Why::Root, 5)]));
    load(&with);
}

/// A stranger who names things can write neither a policy nor a line of the file.
#[test]
fn a_strangers_name_writes_no_policy() {
    let evil = "x\"); permit (principal, action, resource); //\n@unbounded(\"y\")\npermit (principal, action, resource);";
    let mut log = pipeline();
    for (number, one) in log.iter_mut().enumerate() {
        match number % 4 {
            0 => one.event_id = format!("{number}\n{evil}"),
            1 => one.target.name = Some(evil.to_owned()),
            2 => one.target.path = Some(format!("/{evil}/")),
            _ => one.actor.name = Some(evil.to_owned()),
        }
    }
    let options = Options { min_events: 1, people: true, any_entrance: true };
    let suggestion = suggest(&log, &options);
    let listed = load(&suggestion).listed();
    assert_eq!(listed.len(), suggestion.permits.len());
    assert!(listed.iter().all(|policy| !policy.annotations.contains_key("unbounded")));
}

fn word(words: &'static [&'static str]) -> impl Strategy<Value = String> {
    prop::sample::select(words).prop_map(str::to_owned)
}

fn maybe(words: &'static [&'static str]) -> impl Strategy<Value = Option<String>> {
    prop::option::weighted(0.8, word(words))
}

fn facts() -> impl Strategy<Value = EffectFacts> {
    let grade = || prop::sample::select(Grade::ALL.as_slice());
    let severity = prop::option::of(prop::sample::select(vec![
        Severity::Info,
        Severity::Low,
        Severity::Medium,
        Severity::High,
    ]));
    let rarely = || prop::bool::weighted(0.05);
    let paths =
        prop_oneof![19 => Just(Vec::new()), 1 => Just(vec!["create-policy-version".into()])];
    let parts = (any::<bool>(), grade(), grade(), severity, paths, (rarely(), rarely(), rarely()));
    let known = (parts, prop::option::of(prop::bool::weighted(0.9)));
    let known = known.prop_map(|((moved, before, after, severity, paths, flags), boundary)| {
        let (self_change, crosses_account, public) = flags;
        EffectFacts::Known(KnownEffect {
            moved,
            grade_before: before,
            grade_after: after,
            paths_opened: paths,
            self_change,
            crosses_account,
            public,
            within_boundary: boundary,
            severity,
            ..KnownEffect::default()
        })
    });
    prop_oneof![9 => known, 1 => Just(EffectFacts::Unknown { why: vec!["a gap".into()] })]
}

fn actor() -> impl Strategy<Value = Actor> {
    let behind = (
        word(&["federated", "user", "service"]),
        maybe(&["arn:aws:iam::111122223333:user/jonas", "lambda.amazonaws.com", "a\nb"]),
        prop::option::of(word(&[PROVIDER, "arn:aws:iam::1:saml-provider/x"])),
        prop::option::of(word(&[MAIN, "repo:example-corp/shop:pull_request", "x*"])),
    );
    let behind = behind.prop_map(|(kind, arn, provider, subject)| Behind {
        kind,
        name: arn.clone(),
        arn: arn.filter(|arn| arn.starts_with("arn:")),
        provider,
        subject,
        ..Behind::default()
    });
    let kinds = &["role", "role", "role", "user", "root", "service"];
    let arns = &[DEPLOY, "arn:aws:iam::111122223333:role/platform", "arn:aws:iam::1:role/\"", "x"];
    let parts = (word(kinds), maybe(arns), prop::option::of(behind), maybe(&["/ci/", "/"]));
    let more = (maybe(&["nina"]), prop::option::of(any::<bool>()));
    (parts, more).prop_map(|((kind, arn, behind, path), (source_identity, mfa))| Actor {
        kind,
        arn,
        path,
        behind,
        source_identity,
        mfa,
        ..Actor::default()
    })
}

fn target() -> impl Strategy<Value = Target> {
    let kinds = &["role", "role", "role", "policy", "user", "trail"];
    let names = &["orders", "app-orders", "app-mails", "db_users", "x", "a\"b\\", "*"];
    let paths = &["/", "/app/", "/app/web/", "/apps/", "\n"];
    let arns = &[DEPLOY, "arn:aws:iam::111122223333:role/app/orders", "y"];
    (maybe(kinds), maybe(names), maybe(paths), maybe(arns))
        .prop_map(|(kind, name, path, arn)| Target { kind, name, path, arn, ..Target::default() })
}

fn asked() -> impl Strategy<Value = Asked> {
    let actions = &[
        "iam:PutRolePolicy",
        "iam:PutRolePolicy",
        "iam:CreateRole",
        "iam:TagRole",
        "iam:CreatePolicy",
        "iam:CreateAccessKey",
        "iam:Unheard",
        "cloudtrail:StopLogging",
    ];
    let outcome = prop_oneof![
        8 => Just(Outcome::Succeeded),
        1 => Just(Outcome::Failed),
        1 => Just(Outcome::Denied),
    ];
    let source = maybe(&["198.51.100.20", "192.0.2.7", "cloudformation.amazonaws.com", "z\""]);
    let via = prop::option::weighted(0.2, word(&["cloudformation.amazonaws.com", "v\""]));
    let parts = (actor(), word(actions), target(), outcome, source, via);
    let more = (prop::bool::weighted(0.1), facts(), 0..500_i64, 0..40_u32);
    (parts, more).prop_map(|((actor, action, target, outcome, source, via), more)| {
        let (from_console, effect, time, number) = more;
        Asked {
            event_id: format!("e{number}\n"),
            time: Timestamp::from_seconds(1_780_000_000 + time),
            account: None,
            region: None,
            actor,
            action,
            target,
            outcome,
            source,
            via,
            from_console,
            request_tags: None,
            effect,
        }
    })
}

/// A log in which things repeat: a few changes, each several times and slightly other.
fn log() -> impl Strategy<Value = Vec<Asked>> {
    let repeated = (asked(), 1..6_usize, prop::collection::vec(facts(), 5));
    let repeated = repeated.prop_map(|(one, times, facts)| {
        let changes = facts.into_iter().take(times).enumerate();
        let changes = changes.map(|(at, effect)| {
            let mut one = one.clone();
            one.time = one.time.plus(at as i64);
            if at > 0 {
                one.effect = effect;
            }
            one
        });
        changes.collect::<Vec<_>>()
    });
    prop::collection::vec(repeated, 0..12).prop_map(|all| all.into_iter().flatten().collect())
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(192))]

    /// The policies permit what the suggestion claims to cover, in the log and beyond it.
    #[test]
    fn what_is_permitted_is_what_is_claimed(
        log in log(),
        beyond in prop::collection::vec(asked(), 0..20),
        least in 1..4_usize,
        people: bool,
        any_entrance: bool,
    ) {
        let options = Options { min_events: least, people, any_entrance };
        let suggestion = suggest(&log, &options);
        let policies = load(&suggestion);
        let mut permitted = 0;
        for (at, one) in log.iter().chain(&beyond).enumerate() {
            let claimed: BTreeSet<&str> = suggestion
                .permits
                .iter()
                .filter(|permit| permit.covers(one))
                .map(|permit| permit.id.as_str())
                .collect();
            let decision = policies.decide(one);
            prop_assert_eq!(&decision.doubts, &[]);
            let by: BTreeSet<&str> = decision.by.iter().map(String::as_str).collect();
            prop_assert_eq!(&by, &claimed);
            prop_assert_eq!(decision.verdict == Verdict::Permitted, !claimed.is_empty());
            permitted += u64::from(at < log.len() && !claimed.is_empty());
        }
        prop_assert_eq!(permitted, suggestion.covered);
        let left: u64 = suggestion.left.iter().map(|left| left.count).sum();
        prop_assert_eq!(left + permitted, log.len() as u64);
    }

    /// Nothing is excused that is grave, unknown, refused or sensitive, whatever the log holds.
    #[test]
    fn no_suggestion_excuses_what_is_grave(log in log(), beyond in prop::collection::vec(asked(), 0..20)) {
        let suggestion = suggest(&log, &Options { min_events: 1, people: false, any_entrance: true });
        let policies = load(&suggestion);
        for one in log.iter().chain(&beyond) {
            if policies.decide(one).verdict != Verdict::Permitted {
                continue;
            }
            let EffectFacts::Known(effect) = &one.effect else {
                return Err(TestCaseError::fail(format!("an unknown effect is permitted: {one:?}")));
            };
            prop_assert!(!effect.moved || effect.grade_after <= Grade::Write);
            prop_assert!(effect.severity <= Some(Severity::Medium) && effect.paths_opened.is_empty());
            prop_assert!(!effect.self_change && !effect.crosses_account && !effect.public);
            prop_assert!(one.outcome != Outcome::Denied && !one.from_console);
            prop_assert!(one.actor.kind == "role" && one.action.starts_with("iam:"));
            prop_assert!(one.action != "iam:CreateAccessKey" && one.action != "iam:Unheard");
        }
    }

    /// The order of the log does not show.
    #[test]
    fn the_order_of_changes_does_not_show(log in log().prop_shuffle()) {
        let options = Options { min_events: 2, people: true, any_entrance: true };
        let mut sorted = log.clone();
        sorted.sort_by_key(|one| format!("{one:?}"));
        let (one, other) = (suggest(&log, &options), suggest(&sorted, &options));
        prop_assert_eq!(text::policies(&one), text::policies(&other));
    }
}
