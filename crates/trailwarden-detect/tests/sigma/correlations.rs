//! Correlations: in event time, in the order given, bounded, and the same on every run.

use trailwarden_detect::sigma::{
    CorrelationMatch, Correlator, Limits, Loaded, RuleSet, Source, decode,
};
use trailwarden_model::Timestamp;

use super::{evaluated, load};

const RULES: &str = "\
title: A
name: a
logsource: {product: aws, service: cloudtrail}
detection: {s: {eventName: A}, condition: s}
---
title: B
name: b
logsource: {product: aws, service: cloudtrail}
detection: {s: {eventName: B}, condition: s}
---
title: C
name: c
logsource: {product: aws, service: cloudtrail}
detection: {s: {eventName: C}, condition: s}
---
";

fn correlation(name: &str, body: &str) -> String {
    let mut text = format!("title: {name}\nname: {name}\ncorrelation:\n");
    for line in body.lines() {
        text.push_str(&format!("  {line}\n"));
    }
    text.push_str("---\n");
    text
}

/// `seconds name user value` per word group; handles count from 0.
fn run(rules: &RuleSet, trail: &[(i64, &str, &str, &str)]) -> Vec<CorrelationMatch> {
    let mut correlator = rules.correlator();
    let mut out = feed(rules, &mut correlator, trail);
    out.extend(correlator.finish());
    out
}

fn feed(
    rules: &RuleSet,
    correlator: &mut Correlator,
    trail: &[(i64, &str, &str, &str)],
) -> Vec<CorrelationMatch> {
    let mut out = Vec::new();
    for (order, (at, name, user, value)) in (0..).zip(trail) {
        let user = if user.is_empty() { String::new() } else { format!(r#","user":"{user}""#) };
        let record = format!(
            r#"{{"eventName":"{name}","eventSource":"x"{user},"value":"{value}","other":"{value}"}}"#
        );
        // Matches travel between the stages, to disk and back.
        let (_, matches) = decode(&evaluated(rules, &record));
        let matches = matches.unwrap_or_default();
        out.extend(correlator.push(Timestamp::from_seconds(*at), order, &matches));
    }
    out
}

fn told(matches: &[CorrelationMatch]) -> Vec<(Vec<u64>, bool)> {
    matches.iter().map(|found| (found.records.clone(), found.begins)).collect()
}

fn one(body: &str) -> RuleSet {
    load(&format!("{RULES}{}", correlation("x", body)))
}

const COUNT: &str =
    "type: event_count\nrules: [a]\ngroup-by: [user]\ntimespan: 10s\ncondition: {gte: 3}";

#[test]
fn a_count_begins_lasts_and_ends() {
    let rules = one(COUNT);
    let found = run(
        &rules,
        &[
            (0, "A", "bob", ""),
            (1, "A", "eve", ""),
            (5, "A", "bob", ""),
            (10, "A", "bob", ""),
            (11, "A", "bob", ""),
            (30, "A", "bob", ""),
            (31, "A", "bob", ""),
            (32, "A", "bob", ""),
        ],
    );
    // Both ends of the window count: 0 and 10 are within ten seconds.
    assert_eq!(told(&found), [(vec![0, 2, 3], true), (vec![4], false), (vec![5, 6, 7], true)]);
    assert_eq!(found[0].group, [("user".to_owned(), "bob".to_owned())]);
    assert_eq!((found[1].anchor, found[2].anchor), (0, 5));
    assert_eq!((found[0].figure, found[0].at.seconds()), (3.0, 10));
}

#[test]
fn eleven_seconds_are_too_many() {
    let rules = one(COUNT);
    assert!(
        run(&rules, &[(0, "A", "bob", ""), (5, "A", "bob", ""), (11, "A", "bob", "")]).is_empty()
    );
}

#[test]
fn a_record_without_its_group_belongs_to_none() {
    let rules = one(COUNT);
    assert!(run(&rules, &[(0, "A", "", ""), (0, "A", "", ""), (0, "A", "", "")]).is_empty());
}

#[test]
fn rules_of_a_correlation_are_silent_unless_it_generates() {
    let generates = |rules: &RuleSet| {
        let record: sonic_rs::Value = sonic_rs::from_str(r#"{"eventName":"A"}"#).unwrap();
        rules.evaluate(&record).hits()[0].generates()
    };
    assert!(!generates(&one(COUNT)));
    assert!(generates(&one(&format!("{COUNT}\ngenerate: true"))));
    assert!(generates(&load(RULES)));
}

#[test]
fn upper_bounds_wait_for_the_window_to_close() {
    let rules = one(&COUNT.replace("gte: 3", "gt: 1, lte: 2"));
    let quiet = [(0, "A", "bob", ""), (1, "A", "bob", ""), (2, "A", "bob", "")];
    assert!(run(&rules, &quiet).is_empty(), "three are too many");
    let two = [(0, "A", "bob", ""), (10, "A", "bob", ""), (11, "A", "bob", ""), (40, "C", "x", "")];
    let found = run(&rules, &two);
    assert_eq!(told(&found), [(vec![0, 1], true)]);
    assert_eq!(found[0].at.seconds(), 10);
    let exactly = one(&COUNT.replace("gte: 3", "eq: 1"));
    assert_eq!(
        told(&run(&exactly, &[(0, "A", "bob", ""), (50, "A", "bob", "")])),
        [(vec![0], true), (vec![1], true)]
    );
}

#[test]
fn distinct_values_are_counted_once() {
    let rules = one("type: value_count\nrules: [a, b]\ngroup-by: [user]\ntimespan: 1m\n\
         condition: {field: value, gte: 2}");
    let found = run(
        &rules,
        &[(0, "A", "bob", "x"), (1, "B", "bob", "x"), (2, "A", "bob", "y"), (80, "A", "bob", "z")],
    );
    assert_eq!(told(&found), [(vec![0, 1, 2], true)]);
    assert_eq!(found[0].figure, 2.0);
}

#[test]
fn figures_of_numbers() {
    for (kind, condition, figure) in [
        ("value_sum", "gt: 11", 12.0),
        ("value_avg", "gte: 4", 4.0),
        ("value_median", "gte: 3", 3.0),
        ("value_percentile", "percentile: 75, gte: 5", 5.0),
    ] {
        let rules = one(&format!(
            "type: {kind}\nrules: [a]\ngroup-by: [user]\ntimespan: 1m\n\
             condition: {{field: value, {condition}}}"
        ));
        let trail = [
            (0, "A", "bob", "2"),
            (1, "A", "bob", "no number"),
            (2, "A", "bob", "3"),
            (3, "A", "bob", "7"),
        ];
        let found = run(&rules, &trail);
        assert_eq!(told(&found), [(vec![0, 2, 3], true)], "{kind}");
        assert_eq!(found[0].figure, figure, "{kind}");
    }
}

const TEMPORAL: &str = "type: temporal\nrules: [a, b, c]\ngroup-by: [user]\ntimespan: 10s";

#[test]
fn temporal_wants_all_rules_in_any_order() {
    let rules = one(TEMPORAL);
    let found = run(
        &rules,
        &[
            (0, "C", "bob", ""),
            (1, "A", "eve", ""),
            (2, "A", "bob", ""),
            (9, "B", "bob", ""),
            (12, "C", "bob", ""),
        ],
    );
    assert_eq!(told(&found), [(vec![0, 2, 3], true), (vec![4], false)]);
    assert!(run(&rules, &[(0, "A", "b", ""), (1, "B", "b", ""), (11, "C", "b", "")]).is_empty());
}

#[test]
fn temporal_conditions_combine_rules() {
    let rules = one(&format!("{TEMPORAL}\ncondition: a and (b or c)"));
    assert_eq!(told(&run(&rules, &[(0, "C", "b", ""), (1, "A", "b", "")])), [(vec![0, 1], true)]);
    assert!(run(&rules, &[(0, "C", "b", ""), (1, "B", "b", "")]).is_empty());
    let two = one(&format!("{TEMPORAL}\ncondition: {{gte: 2}}"));
    assert_eq!(told(&run(&two, &[(0, "C", "b", ""), (1, "B", "b", "")])), [(vec![0, 1], true)]);
}

#[test]
fn temporal_ordered_wants_them_in_order() {
    let rules = one(&TEMPORAL.replace("temporal", "temporal_ordered"));
    let ordered = [(0, "A", "b", ""), (0, "B", "b", ""), (0, "B", "b", ""), (0, "C", "b", "")];
    // Equal times are in the order given; of several starts the latest is told.
    assert_eq!(told(&run(&rules, &ordered)), [(vec![0, 2, 3], true)]);
    assert!(run(&rules, &[(0, "C", "b", ""), (1, "B", "b", ""), (2, "A", "b", "")]).is_empty());
    assert!(run(&rules, &[(0, "A", "b", ""), (5, "B", "b", ""), (11, "C", "b", "")]).is_empty());
    let again = [
        (0, "A", "b", ""),
        (1, "B", "b", ""),
        (2, "A", "b", ""),
        (11, "C", "b", ""),
        (12, "B", "b", ""),
        (12, "C", "b", ""),
        (12, "C", "b", ""),
    ];
    assert_eq!(told(&run(&rules, &again)), [(vec![2, 4, 5], true), (vec![6], false)]);
}

#[test]
fn one_record_is_not_its_own_successor() {
    let both = "title: D\nname: d\nlogsource: {product: aws}\n\
                detection: {s: {eventName: [A, B]}, condition: s}\n---\n";
    let body = "type: temporal_ordered\nrules: [a, d]\ntimespan: 10s";
    let rules = load(&format!("{RULES}{both}{}", correlation("x", body)));
    assert!(run(&rules, &[(0, "A", "", "")]).is_empty());
    assert_eq!(told(&run(&rules, &[(0, "A", "", ""), (1, "A", "", "")])), [(vec![0, 1], true)]);
}

#[test]
fn aliases_name_one_thing_in_two_fields() {
    let rules = one("type: temporal_ordered\nrules: [a, b]\ngroup-by: [who]\ntimespan: 10s\n\
         aliases:\n  who: {a: user, b: value}");
    let found =
        run(&rules, &[(0, "A", "bob", "eve"), (1, "B", "eve", "bob"), (2, "B", "bob", "x")]);
    assert_eq!(told(&found), [(vec![0, 1], true)]);
    assert_eq!(found[0].group, [("who".to_owned(), "bob".to_owned())]);
}

#[test]
fn chains_count_matches_and_may_group_by_a_lower_records_field() {
    let text = format!(
        "{RULES}{}{}",
        correlation("many", COUNT),
        correlation(
            "then",
            "type: temporal_ordered\nrules: [many, b]\ngroup-by: [value]\ntimespan: 1m"
        )
    );
    let rules = load(&text);
    let found = run(
        &rules,
        &[
            (0, "A", "bob", "v"),
            (1, "A", "bob", "v"),
            (2, "B", "eve", "v"),
            (3, "A", "bob", "v"),
            (4, "A", "bob", "v"),
            (5, "B", "eve", "w"),
            (6, "B", "eve", "v"),
        ],
    );
    // `many` only feeds `then`, so it is silent.
    assert_eq!(told(&found), [(vec![0, 1, 3, 6], true)]);
    assert_eq!(rules.rules()[found[0].rule].id, "then");
    assert_eq!(rules.rules()[found[0].rule].event_names, ["A", "B"]);
}

#[test]
fn two_rules_on_one_record_make_one_event() {
    let twin = "title: A2\nname: a2\nlogsource: {product: aws}\n\
                detection: {s: {eventName: A}, condition: s}\n---\n";
    let body = COUNT.replace("[a]", "[a, a2]").replace("gte: 3", "gte: 2");
    let rules = load(&format!("{RULES}{twin}{}", correlation("x", &body)));
    assert!(run(&rules, &[(0, "A", "bob", "")]).is_empty());
    assert_eq!(
        told(&run(&rules, &[(0, "A", "bob", ""), (0, "A", "bob", "")])),
        [(vec![0, 1], true)]
    );
}

#[test]
fn memory_is_bounded_and_what_is_lost_is_told() {
    let rules = one("type: value_count\nrules: [a]\ngroup-by: [user]\ntimespan: 30d\n\
                     condition: {field: value, gte: 100000}");
    let mut correlator = rules.correlator_with(Limits { records_max: 50, window_max: 20 });
    let users: Vec<String> = (0..40).map(|n| format!("u{}", n % 8)).collect();
    let values: Vec<String> = (0..40).map(|n| format!("v{n}")).collect();
    for round in 0..10 {
        let trail: Vec<_> = (0..40)
            .map(|n| (round * 40 + n as i64, "A", users[n].as_str(), values[n].as_str()))
            .collect();
        feed(&rules, &mut correlator, &trail);
    }
    let dropped = correlator.dropped();
    assert!(dropped.windows > 0 && dropped.records > 0, "{dropped:?}");
    let mut one_user = rules.correlator_with(Limits { records_max: 50, window_max: 20 });
    let trail: Vec<_> = (0..40).map(|n| (n as i64, "A", "bob", values[n].as_str())).collect();
    feed(&rules, &mut one_user, &trail);
    assert_eq!((one_user.dropped().records, one_user.dropped().windows), (20, 0));
}

#[test]
fn what_is_past_is_freed_without_loss() {
    let rules = one(COUNT);
    let mut correlator = rules.correlator_with(Limits { records_max: 100, window_max: 100 });
    for n in 0..5_000_i64 {
        let user = format!("u{n}");
        feed(&rules, &mut correlator, &[(n * 20, "A", user.as_str(), "")]);
    }
    assert_eq!(correlator.dropped(), Default::default());
}

#[test]
fn correlations_that_cannot_be_linked_are_told() {
    let cases = [
        (correlation("x", &COUNT.replace("[a]", "[gone]")), "no rule has the id or name `gone`"),
        (correlation("x", &COUNT.replace("[a]", "[x]")), "it builds on itself"),
        (
            correlation("x", &COUNT.replace("timespan: 10s", "timespan: soon")),
            "invalid timespan `soon`",
        ),
        (
            correlation("x", &COUNT.replace("event_count", "event_cuont")),
            "unknown correlation type",
        ),
        (
            correlation("x", "type: value_count\nrules: [a]\ntimespan: 1m\ncondition: {gte: 2}"),
            "needs `field`",
        ),
        (
            correlation("x", "type: value_sum\nrules: [a]\ntimespan: 1m\ncondition: {gte: 2}"),
            "needs one `field`",
        ),
        (
            correlation("x", &format!("{TEMPORAL}\ncondition: a and d")),
            "names `d`, which is not among",
        ),
        (correlation("x", &format!("{TEMPORAL}\ncondition: a and not b")), "is not supported"),
        (
            correlation(
                "x",
                "type: temporal\nrules: [a, b]\ngroup-by: [who]\ntimespan: 1m\naliases:\n  who: {a: user}",
            ),
            "the alias `who` does not say what `b` calls it",
        ),
    ];
    for (text, cause) in cases {
        let text = format!("{RULES}{text}");
        let (rules, errors) = RuleSet::load(&[Source { name: "t.yml".into(), text }]);
        assert_eq!(rules.rules().len(), 3, "{cause}");
        assert_eq!(errors.len(), 1, "{errors:?}");
        assert!(errors[0].cause.contains(cause), "{cause}: {errors:?}");
        assert!(errors[0].line.is_some_and(|line| line > 15), "{errors:?}");
        // A rule whose correlation is gone speaks for itself again.
        assert!(rules.rules().iter().all(|rule| rule.generates));
    }
    let not_ours = RULES.replacen("service: cloudtrail", "service: guardduty", 1);
    let (_, errors) = RuleSet::load(&[Source {
        name: "t.yml".into(),
        text: format!("{not_ours}{}", correlation("x", COUNT)),
    }]);
    assert_eq!(errors[0].loaded, Loaded::NotForCloudTrail);
    assert_eq!(errors[1].cause, "its rule `a` was not loaded");
}

/// What a trail should tell, by looking back from every record over all that came before.
fn naive(kind: &str, trail: &[(i64, &str, &str, &str)]) -> Vec<(Vec<u64>, bool)> {
    let span = 10;
    let mut out = Vec::new();
    // Of each user: whether the last record was part of a match, when it was, and for ordered
    // correlations where that match began.
    let mut last: std::collections::BTreeMap<&str, (bool, i64, u64)> = Default::default();
    for (i, (at, name, user, _)) in trail.iter().enumerate() {
        let window: Vec<usize> = (0..=i)
            .filter(|j| trail[*j].2 == *user && at - trail[*j].0 <= span)
            .filter(|j| kind != "event_count" && kind != "value_count" || trail[*j].1 == "A")
            .collect();
        if window.last() != Some(&i) {
            continue;
        }
        let named = |j: &usize, wanted: &str| trail[*j].1 == wanted;
        let mut records: Vec<u64> = window.iter().map(|j| *j as u64).collect();
        let holds = match kind {
            "event_count" => window.len() >= 3,
            "value_count" => {
                let values: std::collections::BTreeSet<&str> =
                    window.iter().map(|j| trail[*j].3).collect();
                values.len() >= 3
            }
            "temporal" => ["A", "B", "C"].iter().all(|n| window.iter().any(|j| named(j, n))),
            _ => {
                // Every chain that ends here; the one that begins latest, then the latest middle.
                let mut chains = Vec::new();
                for a in window.iter().filter(|j| named(j, "A")) {
                    for b in window.iter().filter(|j| named(j, "B") && *j > a) {
                        chains.push((*a as u64, *b as u64));
                    }
                }
                let best = chains.iter().max_by_key(|(a, b)| (a, b)).filter(|_| *name == "C");
                records = best.map(|(a, b)| vec![*a, *b, i as u64]).unwrap_or_default();
                best.is_some()
            }
        };
        let before = last.get(user).copied();
        if kind == "temporal_ordered" {
            if holds {
                let begins = before.map(|(_, _, anchor)| anchor) != Some(records[0]);
                last.insert(user, (true, *at, records[0]));
                out.push((if begins { records } else { vec![i as u64] }, begins));
            }
            continue;
        }
        let lasts = before.is_some_and(|(held, then, _)| held && at - then <= span);
        last.insert(user, (holds, *at, 0));
        if holds {
            out.push((if lasts { vec![i as u64] } else { records }, !lasts));
        }
    }
    out
}

proptest::proptest! {
    #![proptest_config(proptest::prelude::ProptestConfig { cases: 400, ..Default::default() })]

    /// Windows slide as looking back says, whatever else happens in between.
    #[test]
    fn windows_agree_with_looking_back(
        steps in proptest::collection::vec((0_i64..6, 0_usize..3, 0_usize..2, 0_usize..4), 0..40),
    ) {
        let mut at = 0;
        let trail: Vec<(i64, &str, &str, &str)> = steps
            .iter()
            .map(|(step, name, user, value)| {
                at += step;
                (at, ["A", "B", "C"][*name], ["bob", "eve"][*user], ["v", "w", "x", "y"][*value])
            })
            .collect();
        for (kind, body) in [
            ("event_count", COUNT.to_owned()),
            ("value_count", COUNT.replace("event_count", "value_count").replace("gte", "field: value, gte")),
            ("temporal", TEMPORAL.to_owned()),
            ("temporal_ordered", TEMPORAL.replace("temporal", "temporal_ordered")),
        ] {
            let rules = one(&body);
            let found = run(&rules, &trail);
            proptest::prop_assert_eq!(told(&found), naive(kind, &trail), "{} {:?}", kind, &trail);
            proptest::prop_assert_eq!(found, run(&rules, &trail), "twice the same");
        }
    }
}

#[test]
fn many_ways_to_one_rule_load_and_run_at_once() {
    // Fifteen storeys, each built sixteen times on the one below: 16^15 paths.
    let mut text = RULES.to_owned();
    let mut below = "a".to_owned();
    for storey in 0..15 {
        let name = format!("s{storey}");
        let list = vec![below.as_str(); 16].join(", ");
        let body =
            format!("type: event_count\nrules: [{list}]\ntimespan: 1m\ncondition: {{gte: 1}}");
        text.push_str(&correlation(&name, &body));
        below = name;
    }
    let rules = load(&text);
    let found = run(&rules, &[(0, "A", "bob", "")]);
    assert_eq!(found.len(), 1);
    assert_eq!(rules.rules()[found[0].rule].id, "s14");
    let circle = format!(
        "{RULES}{}{}",
        correlation("x", &COUNT.replace("[a]", "[y]")),
        correlation("y", &COUNT.replace("[a]", "[x]"))
    );
    let (_, errors) = RuleSet::load(&[Source { name: "t.yml".into(), text: circle }]);
    assert_eq!(errors.len(), 2, "{errors:?}");
}
