//! A permit never hides an escalation beyond its bound.

use proptest::prelude::*;
use trailwarden_authorize::{Asked, EffectFacts, Grade, KnownEffect, LoadError};
use trailwarden_model::finding::Verdict;
use trailwarden_model::{Outcome, Severity};

use super::{asked, load};

/// Tests that conditions are made of: of the effect, sound and not, and of other things.
fn atom() -> impl Strategy<Value = String> {
    let ops = prop::sample::select(vec!["<", "<=", ">", ">=", "==", "!="]);
    let ranks =
        prop::sample::select(vec!["grade_after_rank", "severity_rank", "grade_before_rank"]);
    let words = prop::sample::select(vec!["none", "read", "data", "write", "privesc", "admin"]);
    let severities = prop::sample::select(vec!["info", "low", "high", "critical"]);
    let fixed = prop::sample::select(vec![
        "true",
        "false",
        "context has effect",
        "context.denied",
        "context.from_console",
        "context.hour < 24",
        "resource has path && resource.path like \"/app/*\"",
        "context.effect.moved",
        "context.effect.moved == false",
        "context.effect.public",
        "context.effect.grade_after == context.effect.grade_before",
        "context.effect.grade_after_rank <= context.effect.grade_before_rank",
        "context.effect.gained.isEmpty()",
        "context.effect.paths_opened.isEmpty()",
        "context.effect.gained.contains(\"s3:GetObject\")",
        "context.effect.gained.containsAny([\"s3:GetObject\", \"s3:PutObject\"])",
        "[\"s3:GetObject\", \"s3:PutObject\"].containsAll(context.effect.gained)",
        "context.effect.gained == [\"s3:GetObject\"]",
        "context.effect.lost.isEmpty()",
        "context.effect.grade_after like \"*\"",
        "context.effect.reach_principals < 5",
        "context.effect.grade_after_rank * 0 <= 3",
        "context.effect.grade_after_rank - 5 < 1",
        "context.effect.grade_after_rank + 9223372036854775803 > 0",
        "[context.effect.grade_after_rank].contains(5)",
        "{rank: context.effect.grade_after_rank}.rank < 6",
        "context.effect.severity_rank <= context.effect.grade_after_rank",
        "context.effect.moved != context.effect.public",
        "context[\"effect\"][\"grade_after_rank\"] < 4",
        "principal is Role && principal in Team::\"platform\"",
        "principal has tags && principal.tags.hasTag(\"stage\")",
        "context has effect.severity && context.effect.severity like \"*\"",
    ]);
    prop_oneof![
        fixed.prop_map(str::to_owned),
        (ranks.clone(), ops.clone(), 0..7_i64)
            .prop_map(|(rank, op, number)| format!("context.effect.{rank} {op} {number}")),
        (ranks, ops, 0..7_i64)
            .prop_map(|(rank, op, number)| format!("{number} {op} context.effect.{rank}")),
        (words.clone(), prop::bool::ANY).prop_map(|(word, is_equal)| {
            format!("context.effect.grade_after {} \"{word}\"", if is_equal { "==" } else { "!=" })
        }),
        prop::collection::vec(words, 1..6).prop_map(|words| {
            format!("[\"{}\"].contains(context.effect.grade_after)", words.join("\", \""))
        }),
        severities.prop_map(|word| {
            format!("context.effect has severity && context.effect.severity == \"{word}\"")
        }),
    ]
}

fn condition() -> impl Strategy<Value = String> {
    atom().prop_recursive(4, 24, 3, |inner| {
        prop_oneof![
            (inner.clone(), inner.clone()).prop_map(|(a, b)| format!("({a}) && ({b})")),
            (inner.clone(), inner.clone()).prop_map(|(a, b)| format!("({a}) || ({b})")),
            inner.clone().prop_map(|a| format!("!({a})")),
            (inner.clone(), inner.clone(), inner)
                .prop_map(|(a, b, c)| format!("(if ({a}) then ({b}) else ({c}))")),
        ]
    })
}

/// A permit of one or two clauses; some guard the effect, so that strict validation lets them in.
fn permit() -> impl Strategy<Value = String> {
    (condition(), prop::option::of(condition()), 0..4_u8).prop_map(|(first, second, shape)| {
        let guarded = |condition: &str| format!("context has effect && ({condition})");
        let clauses = match (second, shape) {
            (None, 0) => format!("when {{ {first} }}"),
            (None, _) => format!("when {{ {} }}", guarded(&first)),
            (Some(second), 0) => format!("when {{ {first} }} unless {{ {second} }}"),
            (Some(second), 1) => {
                format!("when {{ {} }} unless {{ {} }}", guarded(&first), guarded(&second))
            }
            (Some(second), _) => {
                format!("when {{ {} }} when {{ {} }}", guarded(&first), guarded(&second))
            }
        };
        format!("permit(principal, action == Action::\"iam:PutRolePolicy\", resource) {clauses};")
    })
}

fn known_effect() -> impl Strategy<Value = KnownEffect> {
    let grade = || prop::sample::select(Grade::ALL.to_vec());
    let gained = prop::sample::subsequence(vec!["s3:GetObject", "s3:PutObject", "*"], 0..=3);
    let severity = prop::option::of(prop::sample::select(Severity::ALL.to_vec()));
    (grade(), grade(), gained, severity, prop::bool::ANY, prop::bool::ANY).prop_map(
        |(grade_before, grade_after, gained, severity, moved, public)| KnownEffect {
            moved,
            grade_before,
            grade_after,
            gained: gained.into_iter().map(str::to_owned).collect(),
            severity,
            public,
            reach_principals: 1,
            ..KnownEffect::default()
        },
    )
}

fn effect() -> impl Strategy<Value = EffectFacts> {
    prop_oneof![
        1 => Just(EffectFacts::Unknown { why: Vec::new() }),
        6 => known_effect().prop_map(EffectFacts::Known),
    ]
}

fn change() -> impl Strategy<Value = Asked> {
    let outcome = prop::sample::select(vec![Outcome::Succeeded, Outcome::Denied]);
    (effect(), outcome, prop::bool::ANY).prop_map(|(effect, outcome, from_console)| Asked {
        effect,
        outcome,
        from_console,
        ..asked()
    })
}

/// Every effect that hides nothing: administrator, critical, everything gained.
fn gravest() -> Vec<Asked> {
    let mut found = Vec::new();
    for (outcome, from_console) in [
        (Outcome::Succeeded, false),
        (Outcome::Succeeded, true),
        (Outcome::Denied, false),
        (Outcome::Denied, true),
    ] {
        for grade_before in Grade::ALL {
            let severities = [Severity::High, Severity::Critical];
            for (public, severity) in
                severities.map(|severity| [(false, severity), (true, severity)]).concat()
            {
                let effect = EffectFacts::Known(KnownEffect {
                    moved: true,
                    grade_before,
                    grade_after: Grade::Admin,
                    gained: vec!["*".to_owned(), "s3:GetObject".to_owned()],
                    severity: Some(severity),
                    public,
                    reach_principals: 1,
                    ..KnownEffect::default()
                });
                found.push(Asked { effect, outcome, from_console, ..asked() });
            }
        }
    }
    found
}

/// Whether a permit's text says that it means the gravest: nothing else may let it through.
fn names_the_gravest(permit: &str) -> bool {
    let words = ["\"admin\"", "\"critical\"", "\"high\""].map(str::to_owned);
    let of_rank =
        |rank: i64| ["==", "!="].map(|op| [format!("rank {op} {rank}"), format!("{rank} {op} ")]);
    let ranks = [4, 5].map(|rank| of_rank(rank).concat()).concat();
    words.iter().chain(&ranks).any(|name| permit.contains(name.as_str()))
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 400, ..ProptestConfig::default() })]

    /// The oracle knows nothing of how bounds are found: it evaluates.
    #[test]
    fn a_permit_never_hides_an_escalation_beyond_its_bound(
        permit in permit(),
        changes in prop::collection::vec(change(), 1..12),
    ) {
        let Ok(policies) = load(&permit) else { return Ok(()) };
        let is_permitted = |asked: &Asked| policies.decide(asked).verdict == Verdict::Permitted;
        for asked in &changes {
            if matches!(asked.effect, EffectFacts::Unknown { .. }) {
                prop_assert!(!is_permitted(asked), "an unknown effect by {permit}");
            }
        }
        if !names_the_gravest(&permit) {
            for asked in gravest() {
                prop_assert!(!is_permitted(&asked), "{asked:?} by {permit}");
            }
        }
    }

    /// What the list of bounds says is what happens.
    #[test]
    fn a_permitted_change_lies_within_one_of_the_limits_told(
        permit in permit(),
        changes in prop::collection::vec(known_effect(), 1..12),
    ) {
        let Ok(policies) = load(&permit) else { return Ok(()) };
        let listed = policies.listed();
        let Some(trailwarden_authorize::bounds::Bound::Effect { limits }) =
            listed.first().map(|info| &info.bound)
        else {
            return Err(TestCaseError::fail("no limits"));
        };
        for effect in changes {
            let asked = Asked { effect: EffectFacts::Known(effect.clone()), ..asked() };
            if policies.decide(&asked).verdict == Verdict::Permitted {
                let is_within = limits.iter().any(|limit| within(limit, &effect));
                prop_assert!(is_within, "{effect:?} is in none of {limits:?} of {permit}");
            }
        }
    }
}

/// Whether an effect lies within limits in words.
fn within(limit: &str, effect: &KnownEffect) -> bool {
    let has = |list: &str, word: &str| list.split([' ', ',']).any(|listed| listed == word);
    limit.split("; ").all(|words| {
        if words == "nothing moves" {
            !effect.moved
        } else if let Some(list) = words.strip_prefix("grade after ") {
            has(list, effect.grade_after.as_str())
        } else if let Some(list) = words.strip_prefix("severity ") {
            has(list, effect.severity.map_or("none", Severity::as_str))
        } else if let Some(list) = words.strip_prefix("gains only ") {
            effect.gained.iter().all(|action| has(list, action))
        } else {
            words == "gains nothing" && effect.gained.is_empty()
        }
    })
}

/// The generators reach both sides, else the properties would prove nothing.
#[test]
fn random_permits_are_sometimes_bounded_and_sometimes_not() {
    use proptest::strategy::ValueTree;
    use proptest::test_runner::TestRunner;
    let mut runner = TestRunner::deterministic();
    let (mut loaded, mut unbounded) = (0, 0);
    for _ in 0..300 {
        let permit = permit().new_tree(&mut runner).unwrap().current();
        match load(&permit) {
            Ok(_) => loaded += 1,
            Err(faults) => {
                let is_unbounded = faults.iter().any(|fault| fault.message.contains("not bound"));
                unbounded += usize::from(is_unbounded);
            }
        }
    }
    assert!(loaded > 20 && unbounded > 20, "{loaded} loaded, {unbounded} unbounded");
}

fn loads(conditions: &str) -> Result<(), String> {
    let permit = format!(
        "permit(principal, action, resource) when {{ context has effect && ({conditions}) }};"
    );
    let first = |faults: Vec<LoadError>| faults.first().map(|fault| fault.message.clone());
    load(&permit).map(|_| ()).map_err(|faults| first(faults).unwrap_or_default())
}

#[test]
fn a_bound_that_no_change_can_break_is_none() {
    for vacuous in [
        "[\"none\", \"read\", \"data\", \"write\", \"privesc\", \"admin\"].contains(context.effect.grade_after)",
        "context.effect.grade_after == \"admin\" || context.effect.grade_after_rank <= 4",
        "context.effect.grade_after == \"admin\" || context.effect.grade_after != \"admin\"",
        "context.effect.severity_rank == 5 || context.effect.severity_rank == 4 || context.effect.severity_rank < 4",
    ] {
        assert_eq!(
            loads(vacuous),
            Err("no change can break the bound of this permit".to_owned()),
            "{vacuous}"
        );
    }
    for open in [
        "context.effect.severity_rank <= 4",
        "context.effect.severity_rank < 5",
        "context.effect.severity_rank != 5",
        "5 > context.effect.severity_rank",
        "context.effect.grade_after_rank <= 5",
        "context.effect.grade_after_rank >= 0",
        "context.effect.grade_after_rank != 9",
    ] {
        let message = "this permit does not bound what the change may do";
        assert_eq!(loads(open), Err(message.to_owned()), "{open}");
    }
    // Cedar itself lets no empty set be written.
    assert!(loads("[].contains(context.effect.grade_after)").is_err());
    for sound in [
        "context.effect.severity_rank <= 3",
        "context.effect.severity_rank <= 4 && context.effect.grade_after_rank <= 4",
        "context.effect.grade_after == \"admin\" || context.effect.grade_after_rank <= 3",
        "context.effect has severity && context.effect.severity == \"high\"",
        "context.effect.gained.isEmpty()",
    ] {
        assert_eq!(loads(sound), Ok(()), "{sound}");
    }
}

#[test]
fn a_bound_that_no_effect_fits_is_a_mistake() {
    for never in [
        "context.effect.grade_after_rank < 0",
        "context.effect.severity_rank > 5",
        "context.effect.grade_after == \"read\" && context.effect.grade_after_rank == 4",
    ] {
        let message = "no effect fits this permit, so it can never match";
        assert_eq!(loads(never), Err(message.to_owned()), "{never}");
    }
}
