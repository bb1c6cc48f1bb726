//! What is not known is never safe: neither does it hide a change from a forbid nor permit it.

#![expect(clippy::panic, reason = "a helper of tests, which the lints do not take for one")]

use expect_test::expect;
use proptest::prelude::*;
use trailwarden_authorize::{
    Actor, Asked, Behind, Decision, EffectFacts, Grade, KnownEffect, Target,
};
use trailwarden_model::Outcome;
use trailwarden_model::finding::Verdict;

use super::{asked, effect, load, unknown_effect, when};

const PERMIT: &str = "@id(\"p\") @unbounded(\"test\") permit(principal, action, resource);";

fn decided(policies: &str, asked: &Asked) -> Decision {
    load(policies).unwrap_or_else(|faults| panic!("{}", super::shown(&faults))).decide(asked)
}

fn told(decision: &Decision) -> String {
    let doubts: Vec<String> = decision.doubts.iter().map(ToString::to_string).collect();
    format!("{:?} by {:?}; {}", decision.verdict, decision.by, doubts.join("; "))
}

fn forbid(condition: &str) -> String {
    format!("{PERMIT} @id(\"f\") forbid(principal, action, resource) when {{ {condition} }};")
}

#[test]
fn a_forbid_that_asks_for_what_is_not_known_takes_a_permit_back() {
    let policies = forbid("resource has tags && resource.tags.hasTag(\"guarded\")");
    let mut change = asked();
    expect!["Unknown by []; forbid `f` may match: `resource.tags` is not known"]
        .assert_eq(&told(&decided(&policies, &change)));
    change.target.tags = Some([("guarded".to_owned(), String::new())].into());
    expect![[r#"Forbidden by ["f"]; "#]].assert_eq(&told(&decided(&policies, &change)));
    change.target.tags = Some([].into());
    expect![[r#"Permitted by ["p"]; "#]].assert_eq(&told(&decided(&policies, &change)));
}

#[test]
fn a_forbid_on_the_tags_that_a_call_gives_stops_it_or_leaves_it_in_doubt() {
    let policies = forbid("context has request_tags && context.request_tags.hasTag(\"guarded\")");
    let mut change = Asked { action: "iam:CreateRole".to_owned(), ..asked() };
    assert_eq!(decided(&policies, &change).verdict, Verdict::Permitted);
    change.request_tags = Some([("guarded".to_owned(), String::new())].into());
    expect![[r#"Forbidden by ["f"]; "#]].assert_eq(&told(&decided(&policies, &change)));
    // They are not those of what was there before.
    let before = forbid("resource has tags && resource.tags.hasTag(\"guarded\")");
    assert_eq!(decided(&before, &change).verdict, Verdict::Permitted);
    change.request_tags = None;
    expect!["Unknown by []; forbid `f` may match: `context.request_tags` is not known"]
        .assert_eq(&told(&decided(&policies, &change)));
}

#[test]
fn a_forbid_that_cannot_match_for_what_is_known_takes_nothing_back() {
    for known in [
        "context.denied && resource has tags && resource.tags.hasTag(\"x\")",
        "!(context.hour == 9) && !(resource has tags)",
        "if context.denied then resource has tags else false",
        "resource has tags && resource.tags.hasTag(\"x\") && resource has path && resource.path like \"/db/*\"",
    ] {
        assert_eq!(decided(&forbid(known), &asked()).verdict, Verdict::Permitted, "{known}");
    }
    let other = forbid("resource has tags && resource.tags.hasTag(\"x\")").replace(
        "forbid(principal, action, resource)",
        "forbid(principal is User, action, resource)",
    );
    assert_eq!(decided(&other, &asked()).verdict, Verdict::Permitted);
}

#[test]
fn what_a_change_cannot_have_is_no_doubt() {
    let user = Asked {
        actor: Actor {
            kind: "user".to_owned(),
            arn: Some("arn:aws:iam::111122223333:user/ann".to_owned()),
            mfa: Some(false),
            ..Actor::default()
        },
        ..asked()
    };
    for absent in [
        "context has via",
        "context has source_identity",
        "context has issuer",
        "context has session_name && context.session_name like \"x*\"",
        "context has behind && context.behind.kind == \"user\"",
        "resource has owner && principal in resource.owner",
        "context has effect && context.effect has severity && context.effect.severity == \"high\"",
    ] {
        assert_eq!(decided(&forbid(absent), &user).verdict, Verdict::Permitted, "{absent}");
    }
    // The deploy role was entered by somebody.
    let entered = forbid("context has behind && context.behind.kind == \"user\"");
    expect!["Unknown by []; forbid `f` may match: `context.behind` is not known"]
        .assert_eq(&told(&decided(&entered, &asked())));
    let mut group = asked();
    group.action = "iam:PutGroupPolicy".to_owned();
    group.target.kind = Some("group".to_owned());
    let tagged = forbid("resource has tags && resource.tags.hasTag(\"x\")");
    assert_eq!(decided(&tagged, &group).verdict, Verdict::Permitted);
    // Before it was made it had none.
    let made = Asked { action: "iam:CreateRole".to_owned(), ..asked() };
    assert_eq!(decided(&tagged, &made).verdict, Verdict::Permitted);
    let refused = Asked { outcome: Outcome::Failed, ..made };
    assert_eq!(decided(&tagged, &refused).verdict, Verdict::Unknown);
    let mut logs = unknown_effect();
    logs.action = "cloudtrail:StopLogging".to_owned();
    logs.target.kind = Some("trail".to_owned());
    let public = forbid("context has effect && context.effect.public");
    assert_eq!(decided(&public, &logs).verdict, Verdict::Permitted);
    assert_eq!(decided(&public, &unknown_effect()).verdict, Verdict::Unknown);
}

#[test]
fn who_is_not_known_may_be_whom_a_forbid_names() {
    let mut nobody = asked();
    nobody.actor.arn = None;
    for scope in
        ["principal == Role::\"arn:aws:iam::111122223333:role/x\"", "principal in Team::\"web\""]
    {
        let policies = format!("{PERMIT} @id(\"f\") forbid({scope}, action, resource);");
        expect!["Unknown by []; forbid `f` may match: `principal` is not known"]
            .assert_eq(&told(&decided(&policies, &nobody)));
        assert_eq!(decided(&policies, &asked()).verdict, Verdict::Permitted, "{scope}");
    }
    let mut stranger = nobody;
    stranger.actor.kind = "unknown".to_owned();
    let roles = format!("{PERMIT} @id(\"f\") forbid(principal is Role, action, resource);");
    expect!["Unknown by []; forbid `f` may match: `principal is` is not known"]
        .assert_eq(&told(&decided(&roles, &stranger)));
}

/// Who entered a role that stands at the beginning of a chain is in no record: enough to permit that role, and
/// not to say that no user is behind it.
#[test]
fn a_role_in_between_does_not_rule_out_whom_a_forbid_names() {
    let mut change = asked();
    let arn = "arn:aws:iam::444455556666:role/tools".to_owned();
    let behind = Behind { kind: "role".to_owned(), arn: Some(arn.clone()), ..Behind::default() };
    change.actor.behind = Some(behind);
    let by_tools =
        format!("context has behind && context.behind has arn && context.behind.arn == \"{arn}\"");
    assert_eq!(decided(&when(&by_tools), &change).verdict, Verdict::Permitted);
    let people = forbid("context has behind && context.behind.kind == \"user\"");
    expect!["Unknown by []; forbid `f` may match: `context.behind.kind` is not known"]
        .assert_eq(&told(&decided(&people, &change)));
    let nobody = forbid("!(context has behind)");
    assert_eq!(decided(&nobody, &change).verdict, Verdict::Permitted);
}

#[test]
fn one_unique_id_is_one_principal_though_only_one_part_has_its_arn() {
    let mut change = asked();
    change.actor.id = Some("AROAX".to_owned());
    change.target.id.clone_from(&change.actor.id);
    change.target.kind = Some("role".to_owned());
    change.actor.arn = None;
    let itself = forbid("principal == resource");
    assert_eq!(decided(&itself, &change).verdict, Verdict::Forbidden);
    change.target.id = Some("AROAY".to_owned());
    assert_ne!(decided(&itself, &change).verdict, Verdict::Forbidden);
}

#[test]
fn a_permit_that_matches_because_nothing_is_known_does_not_permit() {
    for negation in
        ["!(context has behind)", "!(resource has tags && resource.tags.hasTag(\"prod\"))"]
    {
        let decision = decided(&when(negation), &asked());
        assert_eq!(decision.verdict, Verdict::Unknown, "{negation}");
        assert_eq!(decision.doubts.len(), 1, "{negation}");
    }
    let contractors = "@id(\"p\") @unbounded(\"test\") permit(principal, action, resource) \
        unless { principal in Team::\"web\" };";
    let mut nobody = asked();
    nobody.actor.arn = None;
    expect!["Unknown by []; permit `p` may not match: `principal` is not known"]
        .assert_eq(&told(&decided(contractors, &nobody)));
    // Another permit that holds is enough.
    let two = format!("{contractors} {}", PERMIT.replace("\"p\"", "\"q\""));
    expect![[r#"Permitted by ["q"]; "#]].assert_eq(&told(&decided(&two, &nobody)));
}

#[test]
fn explain_tells_of_a_forbid_that_may_match_also_where_nothing_is_permitted() {
    let policies = forbid("resource has tags && resource.tags.hasTag(\"x\")").replace(PERMIT, "");
    let policies = load(&policies).unwrap();
    assert_eq!(policies.decide(&asked()).doubts, []);
    let explained = policies.explain(&asked());
    expect!["Unknown by []; forbid `f` may match: `resource.tags` is not known"]
        .assert_eq(&told(&explained));
    assert_eq!(explained.near, []);
}

/// Conditions that read what may be unknown, and some that do not.
fn atom() -> impl Strategy<Value = &'static str> {
    prop::sample::select(vec![
        "true",
        "context.denied",
        "context has behind",
        "context has behind && context.behind.kind == \"user\"",
        "context has behind && context.behind has arn && context.behind.arn like \"*alice\"",
        "context has behind && context.behind has teams && context.behind.teams.contains(Team::\"web\")",
        "context has behind && context.behind has subject && context.behind.subject == \"s\"",
        "context has behind.provider && context.behind.provider == \"p\"",
        "context has mfa && context.mfa",
        "context has region && context.region == \"us-east-1\"",
        "context has source && context.source like \"192.*\"",
        "context has source_ip && context.source_ip.isInRange(ip(\"192.0.2.0/24\"))",
        "context has session_name && context.session_name == \"run-7\"",
        "context has issuer",
        "context has request_tags && context.request_tags.hasTag(\"stage\")",
        "context has effect",
        "context has effect && context.effect.grade_after_rank <= 3",
        "context has effect && context.effect.gained.contains(\"s3:*\")",
        "context has effect && context.effect has within_boundary && context.effect.within_boundary",
        "context has effect.severity && context.effect.severity == \"high\"",
        "principal == resource",
        "principal in Team::\"platform\"",
        "principal == Role::\"arn:aws:iam::111122223333:role/ci/deploy\"",
        "principal is Role && principal has id && principal.id == \"AROAX\"",
        "principal has tags && principal.tags.hasTag(\"stage\")",
        "principal has arn && resource has arn && principal.arn == resource.arn",
        "[Role::\"arn:aws:iam::111122223333:role/app/web\"].contains(resource)",
        "resource in Team::\"platform\"",
        "resource has owner && principal in resource.owner",
        "resource has protected && resource.protected",
        "resource has protected && !resource.protected",
        "resource has tags && resource.tags.hasTag(\"stage\") && resource.tags.getTag(\"stage\") == \"prod\"",
        "resource has path && resource.path like \"/app/*\"",
        "resource has name && resource.name == \"web\"",
        "resource has id",
    ])
}

fn condition() -> impl Strategy<Value = String> {
    let atom = atom().prop_map(|atom| format!("({atom})"));
    atom.prop_recursive(3, 12, 3, |inner| {
        prop_oneof![
            (inner.clone(), inner.clone()).prop_map(|(a, b)| format!("({a} && {b})")),
            (inner.clone(), inner.clone()).prop_map(|(a, b)| format!("({a} || {b})")),
            inner.clone().prop_map(|a| format!("(!{a})")),
            (inner.clone(), inner.clone(), inner)
                .prop_map(|(a, b, c)| format!("(if {a} then {b} else {c})")),
        ]
    })
}

fn scope() -> impl Strategy<Value = &'static str> {
    prop::sample::select(vec![
        "principal, action, resource",
        "principal is Role, action, resource",
        "principal == Role::\"arn:aws:iam::111122223333:role/ci/deploy\", action, resource",
        "principal in Team::\"platform\", action, resource",
        "principal, action, resource is Role in Team::\"platform\"",
        "principal, action, resource == Role::\"arn:aws:iam::111122223333:role/app/web\"",
    ])
}

fn policies() -> impl Strategy<Value = String> {
    let one = |head: &'static str| {
        (scope(), condition(), any::<bool>()).prop_map(move |(scope, condition, is_when)| {
            let word = if is_when { "when" } else { "unless" };
            format!("{head}({scope}) {word} {{ {condition} }};")
        })
    };
    let permit = prop_oneof![
        2 => Just(PERMIT.to_owned()),
        3 => one("@id(\"p\") @unbounded(\"test\") permit"),
    ];
    let forbid = prop_oneof![4 => one("@id(\"f\") forbid"), 1 => Just(String::new())];
    (permit, forbid).prop_map(|(permit, forbid)| format!("{permit} {forbid}"))
}

fn some<T: Clone + std::fmt::Debug + 'static>(values: Vec<T>) -> impl Strategy<Value = Option<T>> {
    prop::option::of(prop::sample::select(values))
}

fn texts(words: &[&str]) -> impl Strategy<Value = Option<String>> + use<> {
    some(words.iter().map(|word| (*word).to_owned()).collect())
}

fn behind() -> impl Strategy<Value = Option<Behind>> {
    let kinds = prop::sample::select(vec!["user", "federated", "role", "unknown"]);
    let arns =
        texts(&["arn:aws:iam::111122223333:user/alice", "arn:aws:iam::111122223333:user/bob"]);
    let one = (kinds, arns, texts(&["p", "q"]), texts(&["s", "t"]));
    prop::option::of(one.prop_map(|(kind, arn, provider, subject)| Behind {
        kind: kind.to_owned(),
        arn,
        provider,
        subject,
        ..Behind::default()
    }))
}

fn facts() -> impl Strategy<Value = EffectFacts> {
    let grade = prop::sample::select(Grade::ALL.to_vec());
    let known = (grade, prop::option::of(any::<bool>()), any::<bool>());
    prop::option::of(known).prop_map(|known| match known {
        None => EffectFacts::Unknown { why: Vec::new() },
        Some((grade_after, within_boundary, is_all)) => EffectFacts::Known(KnownEffect {
            grade_after,
            within_boundary,
            gained: vec![if is_all { "s3:*" } else { "s3:PutObject" }.to_owned()],
            ..effect()
        }),
    })
}

/// A change by a role on a role, anything of which may be unknown.
fn change() -> impl Strategy<Value = Asked> {
    let tags = || some(vec![vec![], vec![("stage", "prod")], vec![("stage", "test")]]);
    let roles =
        || texts(&[super::DEPLOY, super::APP, "arn:aws:iam::111122223333:role/break-glass"]);
    let kind = prop::sample::select(vec!["role", "role", "role", "unknown"]);
    let actor = (kind, roles(), texts(&["AROAX", "AROAY"]), tags(), behind());
    let session = (prop::option::of(any::<bool>()), texts(&["s/run-7", "s/x"]), texts(&["i"]));
    let target = (roles(), texts(&["web", "x"]), texts(&["/app/", "/"]), tags());
    let myself = prop::bool::weighted(0.1);
    let call = (
        texts(&["us-east-1", "x"]),
        texts(&["192.0.2.1", "203.0.113.1", "x.amazonaws.com"]),
        tags(),
    );
    let parts = (actor, session, target, call, facts(), myself);
    parts.prop_map(|(actor, session, target, call, effect, is_myself)| {
        let tags = |tags: Option<Vec<(&str, &str)>>| {
            let owned = |(key, value): (&str, &str)| (key.to_owned(), value.to_owned());
            tags.map(|tags| tags.into_iter().map(owned).collect())
        };
        let all = asked();
        let mut asked = Asked {
            actor: Actor {
                kind: actor.0.to_owned(),
                arn: actor.1,
                id: actor.2,
                tags: tags(actor.3),
                behind: actor.4,
                mfa: session.0,
                session: session.1,
                issuer: session.2,
                ..all.actor
            },
            target: Target {
                arn: target.0,
                name: target.1,
                path: target.2,
                tags: tags(target.3),
                ..all.target
            },
            region: call.0,
            source: call.1,
            request_tags: tags(call.2),
            effect,
            ..all
        };
        if is_myself {
            let Actor { arn, name, path, id, tags, .. } = asked.actor.clone();
            asked.target = Target { arn, name, path, id, tags, ..asked.target };
        }
        asked
    })
}

/// The change with what it lacks taken from another one; `None` where it could not be so, because one
/// principal would differ from itself.
fn completed(asked: &Asked, other: &Asked) -> Option<Asked> {
    let mut full = asked.clone();
    let (actor, from) = (&mut full.actor, other.actor.clone());
    if actor.kind == "unknown" {
        actor.kind = from.kind;
    }
    actor.arn = actor.arn.take().or(from.arn);
    actor.id = actor.id.take().or(from.id);
    actor.tags = actor.tags.take().or(from.tags);
    actor.mfa = actor.mfa.or(from.mfa);
    actor.session = actor.session.take().or(from.session);
    actor.issuer = actor.issuer.take().or(from.issuer);
    match (&mut actor.behind, from.behind) {
        (Some(behind), Some(from)) => {
            if behind.kind == "unknown" {
                behind.kind = from.kind;
            }
            // A federated identity has no ARN; one that is none has no provider.
            if !matches!(behind.kind.as_str(), "federated") {
                behind.arn = behind.arn.take().or(from.arn);
            }
            if !matches!(behind.kind.as_str(), "user" | "role") || behind.provider.is_some() {
                behind.provider = behind.provider.take().or(from.provider);
                behind.subject = behind.subject.take().or(from.subject);
            }
        }
        (behind @ None, from) => *behind = from,
        (Some(_), None) => {}
    }
    let (target, from) = (&mut full.target, other.target.clone());
    target.arn = target.arn.take().or(from.arn);
    target.name = target.name.take().or(from.name);
    target.path = target.path.take().or(from.path);
    target.tags = target.tags.take().or(from.tags);
    full.region = full.region.take().or(other.region.clone());
    full.source = full.source.take().or(other.source.clone());
    full.request_tags = full.request_tags.take().or(other.request_tags.clone());
    match (&mut full.effect, &other.effect) {
        (EffectFacts::Known(mine), EffectFacts::Known(from)) => {
            mine.within_boundary = mine.within_boundary.or(from.within_boundary);
        }
        (mine @ EffectFacts::Unknown { .. }, from) => *mine = from.clone(),
        _ => {}
    }
    let (actor, target) = (&full.actor, &full.target);
    let has_one_id = actor.id.is_some() && actor.id == target.id;
    let is_one = has_one_id || actor.arn.is_some() && actor.arn == target.arn;
    let has_two_arns = actor.arn.is_some() && target.arn.is_some() && actor.arn != target.arn;
    let is_same = !has_two_arns
        && (&actor.name, &actor.path, &actor.id, &actor.tags)
            == (&target.name, &target.path, &target.id, &target.tags);
    (!is_one || is_same).then_some(full)
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 600, ..ProptestConfig::default() })]

    /// The oracle evaluates the change as it may have been, and knows nothing of how doubts are found.
    #[test]
    fn what_is_permitted_is_permitted_whatever_the_unknown_facts_are(
        policies in policies(),
        change in change(),
        others in prop::collection::vec(change(), 1..24),
    ) {
        let Ok(policies) = load(&policies) else { return Ok(()) };
        if policies.decide(&change).verdict != Verdict::Permitted {
            return Ok(());
        }
        // One completion may leave much unknown, which a further one fills in.
        let mut full = change.clone();
        for other in &others {
            let completions = [completed(&change, other), completed(&full, other)];
            for completion in completions.into_iter().flatten() {
                let decision = policies.explain(&completion);
                // Where Cedar itself finds that it matches, doubts about the rest do not matter.
                let is_forbidden = decision.verdict == Verdict::Forbidden;
                prop_assert!(!is_forbidden, "{completion:?} is forbidden");
                let is_doubted = decision.verdict != Verdict::Permitted;
                prop_assert!(!is_doubted, "{completion:?}: {}", told(&decision));
                full = completion;
            }
        }
    }
}

/// Without this the property would prove nothing.
#[test]
fn random_changes_are_permitted_forbidden_and_in_doubt() {
    use proptest::strategy::ValueTree;
    use proptest::test_runner::TestRunner;
    let mut runner = TestRunner::deterministic();
    let (mut permitted, mut forbidden, mut doubted, mut of_forbids) = (0, 0, 0, 0);
    for _ in 0..600 {
        let text = policies().new_tree(&mut runner).unwrap().current();
        let Ok(policies) = load(&text) else { continue };
        let decision = policies.decide(&change().new_tree(&mut runner).unwrap().current());
        permitted += usize::from(decision.verdict == Verdict::Permitted);
        forbidden += usize::from(decision.verdict == Verdict::Forbidden);
        doubted += usize::from(!decision.doubts.is_empty());
        of_forbids += usize::from(decision.doubts.iter().any(|doubt| doubt.policy == "f"));
    }
    let all = [permitted, forbidden, doubted, of_forbids];
    assert!(all.iter().all(|count| *count > 20), "{all:?}");
}
