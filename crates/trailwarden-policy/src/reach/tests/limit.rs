//! The limit of work: hostile policies end as not known, and what is said under any limit is true.
//!
//! Sources for what a policy may hold: IAM User Guide, "IAM and AWS STS quotas" (10,240 characters
//! in the inline policies of a role, 6,144 in a managed policy).

use proptest::prelude::*;
use proptest::sample::select;

use super::super::*;
use crate::facts::{managed_policies, managed_policy};
use crate::fuel;

fn document(statements: &[String]) -> Document {
    let text = format!(r#"{{"Version":"2012-10-17","Statement":[{}]}}"#, statements.join(","));
    let document = Document::parse(&text).unwrap();
    assert!(document.problems.is_empty(), "{text}: {:?}", document.problems);
    document
}

/// Statements by number, Allow and Deny in turn, as many as there is room for.
fn filled(characters: usize, inside: impl Fn(usize) -> String) -> Document {
    let mut left = characters;
    let statement = |at: usize| {
        let effect = if at.is_multiple_of(2) { "Deny" } else { "Allow" };
        format!(r#"{{"Effect":"{effect}",{}}}"#, inside(at))
    };
    let fits = |text: &String| {
        left = left.saturating_sub(text.len() + 1);
        left > 0
    };
    document(&(0..).map(statement).take_while(fits).collect::<Vec<_>>())
}

/// Everything but something, on everything but something, again and again.
fn exceptions(characters: usize) -> Document {
    filled(characters, |at| {
        format!(r#""NotAction":"s3:*{at}*","NotResource":"arn:aws:s3:::a*{at}*""#)
    })
}

fn hostile(characters: usize) -> Vec<(&'static str, Document)> {
    let list = |count: usize, text: &dyn Fn(usize) -> String| {
        (0..count).map(|at| format!("{:?}", text(at))).collect::<Vec<_>>().join(",")
    };
    let one = |inside: String| document(&[format!(r#"{{"Effect":"Allow",{inside}}}"#)]);
    let many = characters / 12;
    vec![
        ("exceptions", exceptions(characters)),
        (
            "patterns that overlap",
            filled(characters, |at| {
                format!(r#""Action":"s3:*","Resource":"arn:aws:s3:::b*{at}*/*x*{at}""#)
            }),
        ),
        (
            "conditions that overlap",
            filled(characters, |at| {
                format!(
                    r#""Action":"s3:*","Resource":"*","Condition":{{"StringLike":{{"aws:PrincipalTag/t":["*{at}*","x*{at}"]}},"NumericLessThan":{{"s3:max-keys":"{at}"}}}}"#
                )
            }),
        ),
        (
            "actions of any service",
            one(format!(r#""Action":[{}],"Resource":"*""#, list(many, &|at| format!("*a*{at}*")))),
        ),
        (
            "resources of any service",
            one(format!(
                r#""Action":"*","Resource":[{}]"#,
                list(many / 2, &|at| format!("arn:*s*:*:*:*:x*{at}*y"))
            )),
        ),
        (
            "one pattern of many stars",
            filled(characters, |at| {
                let stars = "a*".repeat(characters / 12);
                format!(r#""Action":"s3:*","Resource":"arn:aws:s3:::{stars}{at}""#)
            }),
        ),
        (
            "excluded resources",
            filled(characters, |at| {
                let excluded = list(40, &|one| format!("arn:aws:s3:::{one}*{at}*"));
                format!(r#""Action":"s3:*","NotResource":[{excluded}]"#)
            }),
        ),
    ]
}

/// Every question that a change of a policy asks.
fn judged(document: &Document) -> Reach {
    let reach = Reach::of([document]);
    let everything = super::reach(super::ALL);
    let change = compare(&everything, &reach.intersect(&everything).union(&reach));
    grade(reach.grants());
    describe(reach.grants());
    describe(&change.lost);
    reach
}

#[test]
fn no_policy_takes_more_steps_than_the_limit() {
    for characters in [6_144, 10_240, 100_000] {
        for (name, document) in hostile(characters) {
            let (_, steps) = fuel::counted(|| judged(&document));
            // Each of the operations, and what is refused before it ends.
            let steps_max = 12 * steps_for(characters) + 500_000;
            assert!(steps < steps_max, "{name}, {characters}: {steps} of {steps_max}");
        }
    }
}

#[test]
fn a_policy_beyond_the_limit_is_not_known() {
    let before = super::reach(&super::allow(r#""s3:GetObject""#, r#""*""#));
    for characters in [6_144, 100_000] {
        let reach = Reach::of([&exceptions(characters)]);
        assert!(reach.is_too_complex());
        assert_eq!(reach.precision(), Precision::Unknown);
        let there = compare(&before, &reach);
        // What it allows may be all that was there.
        assert!(there.lost.is_empty() && there.lost_precision == Precision::Unknown);
        assert!(there.is_too_complex && there.gained_precision == Precision::Unknown);
        let back = compare(&reach, &before);
        assert!(back.gained.is_empty() && back.gained_precision == Precision::Unknown);
        assert!(back.is_too_complex);
        for mixed in [reach.union(&before), before.union(&reach), before.intersect(&reach)] {
            assert!(mixed.is_too_complex() && mixed.precision() == Precision::Unknown);
        }
        // What is certain beside it stays.
        assert!(before.subtract(&before.union(&reach)).is_too_complex());
        assert_eq!(before.union(&reach).grants(), before.grants());
        let capped = Limits { boundary: Some(reach), ..Limits::default() }.apply(&before);
        assert!(capped.is_too_complex() && capped.precision() == Precision::Unknown);
    }
}

#[test]
fn the_order_of_hostile_statements_does_not_matter_either() {
    let mut document = exceptions(6_144);
    let there = fuel::limited(400_000, || Reach::of([&document]));
    document.statements.reverse();
    let back = fuel::limited(400_000, || Reach::of([&document]));
    assert!(there.is_spent && there.value == back.value);
}

#[test]
fn questions_that_are_asked_together_share_one_limit() {
    let document = exceptions(6_144);
    let ask = || (0..50).all(|_| Reach::of([&document]).is_too_complex());
    let (all, steps) = fuel::counted(|| together(ask));
    assert!(all && steps < 2 * STEPS_MOST, "{steps}");
}

#[test]
fn many_ordinary_statements_stay_exact() {
    let plain: Vec<String> = (0..2_000)
        .map(|at| {
            let resource = format!(r#""arn:aws:s3:::bucket-{at}","arn:aws:s3:::bucket-{at}/*""#);
            super::allow(r#""s3:GetObject","s3:PutObject""#, &resource)
        })
        .collect();
    let (reach, steps) = fuel::counted(|| Reach::of([&document(&plain)]));
    assert_eq!(reach.precision(), Precision::Exact);
    assert_eq!(reach.grants().len(), 1);
    // Some hundred for each: not the square of their number.
    assert!(steps < 2_000 * 1_000, "{steps}");
}

/// AWS Managed Policy Reference.
#[test]
fn managed_policies_need_less_than_half_of_their_limit() {
    for policy in managed_policies() {
        let document = Document::parse(policy.document).unwrap();
        let parts = [Part::of(&document)];
        let (reach, made) = fuel::counted(|| Reach::of_parts(&parts));
        let limit = steps_for(parts[0].characters);
        assert!(made * 2 < limit, "{}: {made} of {limit}", policy.name);
        assert_eq!(reach.precision(), Precision::Exact, "{}", policy.name);
        let limit = steps_for_grants(reach.grants());
        let (_, own) = fuel::counted(|| assert!(reach.subtract(&reach).is_nothing()));
        let (_, graded) = fuel::counted(|| grade(reach.grants()));
        let (_, told) = fuel::counted(|| describe(reach.grants()));
        let most = own.max(graded).max(told);
        assert!(most * 2 < limit, "{}: {most} of {limit}", policy.name);
    }
}

/// AWS Managed Policy Reference. What is asked about one action at a time has one limit together.
#[test]
fn questions_about_managed_policies_fit_into_one_limit() {
    let about = |document: &Document, action: &str| {
        let mut about = document.clone();
        about.statements.retain(|statement| statement.covers_action(action));
        for statement in &mut about.statements {
            statement.actions = vec![action.to_owned()];
            statement.not_actions = None;
        }
        about
    };
    let mut actions: Vec<&str> = ESCALATIONS.iter().flat_map(|one| one.actions).copied().collect();
    actions.sort_unstable();
    actions.dedup();
    for policy in managed_policies().iter().step_by(7).chain(managed_policy(DEAREST)) {
        let document = Document::parse(policy.document).unwrap();
        let cut = together(|| {
            actions.iter().find(|action| Reach::of([&about(&document, action)]).is_too_complex())
        });
        assert!(cut.is_none(), "{}: {cut:?}", policy.name);
    }
}

/// The managed policy that takes most.
const DEAREST: &str = "SageMakerStudioProjectUserRolePermissionsBoundary";

const ACTIONS: &[&str] = &[
    r#""Action":"*""#,
    r#""Action":["s3:Get*","iam:PassRole"]"#,
    r#""Action":"s3:*""#,
    r#""Action":["foo:Bar","s3:Put*","ec2:Describe*"]"#,
    r#""NotAction":["iam:*","s3:*e*"]"#,
    r#""NotAction":"s3:Get*""#,
];

const RESOURCES: &[&str] = &[
    r#""Resource":"*""#,
    r#""Resource":["arn:aws:s3:::a/*","arn:aws:s3:::b*"]"#,
    r#""Resource":"arn:aws:s3:::*a*/x?""#,
    r#""Resource":"arn:aws:s3:::a/${aws:username}""#,
    r#""NotResource":["arn:aws:s3:::a*","arn:aws:iam::*:role/x"]"#,
    r#""NotResource":"arn:aws:s3:::*a*b*""#,
];

const CONDITIONS: &[&str] = &[
    "",
    "",
    r#","Condition":{"StringEquals":{"aws:PrincipalTag/t":["a","b"]}}"#,
    r#","Condition":{"StringNotLike":{"aws:PrincipalTag/t":"b*"}}"#,
    r#","Condition":{"Bool":{"aws:MultiFactorAuthPresent":"true"}}"#,
    r#","Condition":{"IpAddress":{"aws:SourceIp":"10.0.0.0/8"}}"#,
];

fn policy() -> impl Strategy<Value = Document> {
    let effect = prop_oneof![3 => Just("Allow"), 2 => Just("Deny")];
    let statement = (effect, select(ACTIONS), select(RESOURCES), select(CONDITIONS));
    let text = statement.prop_map(|(effect, actions, resources, condition)| {
        format!(r#"{{"Effect":"{effect}",{actions},{resources}{condition}}}"#)
    });
    prop::collection::vec(text, 1..6).prop_map(|statements| document(&statements))
}

/// Grants that are taken for the truth.
fn exactly(grants: &[Grant]) -> Reach {
    Reach { grants: grants.to_vec(), ..Reach::nothing() }
}

/// Whether everything in `some` is in `all`, and the limit is told where it is not all.
fn is_sound(some: &[Grant], precision: Precision, all: &[Grant], known: Precision) -> bool {
    let is_less = some != all;
    exactly(some).subtract(&exactly(all)).is_nothing()
        && precision >= known
        && (!is_less || precision == Precision::Unknown)
}

/// For every amount of fuel up to enough.
fn for_less_fuel(work: impl Fn() -> Reach) {
    let (all, steps) = fuel::counted(&work);
    for less in 0..=steps {
        let few = fuel::limited(less, &work).value;
        assert!(
            is_sound(few.grants(), few.precision(), all.grants(), all.precision()),
            "{less} of {steps}: {:?}",
            few.grants()
        );
        let is_open = few.grants().iter().any(Grant::may_be_nothing);
        assert!(!is_open, "{less} of {steps}: {:?}", few.grants());
    }
}

#[test]
fn what_is_half_dropped_is_not_told() {
    let tagged = |operator: &str, values: &str| {
        format!(r#","Condition":{{"{operator}":{{"aws:PrincipalTag/t":[{values}]}}}}"#)
    };
    let allow = |actions: &str, condition: &str| {
        format!(r#"{{"Effect":"Allow","Action":[{actions}],"Resource":"*"{condition}}}"#)
    };
    let (unlike, like) = (tagged("StringNotLike", r#""b*""#), tagged("StringEquals", r#""a","b""#));
    let one = Reach::of([&document(&[allow(r#""s3:*""#, &unlike)])]);
    let many = r#""foo:Bar","s3:Put*","ec2:Describe*""#;
    let two = Reach::of([&document(&[allow(r#""*""#, &unlike), allow(many, &like)])]);
    for_less_fuel(|| one.intersect(&two));
    for_less_fuel(|| two.intersect(&one));
    for_less_fuel(|| one.union(&two));
}

#[test]
fn what_is_half_settled_is_not_told() {
    let resources = r#""arn:aws:iam::444455556666:*","arn:aws:s3:::b/*""#;
    let reach = super::reach(&super::allow(r#""iam:*","s3:*""#, resources));
    let home = trailwarden_model::AccountId::parse("111122223333").unwrap();
    for_less_fuel(|| reach.clone().in_account(home, "aws"));
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 48, failure_persistence: None, ..ProptestConfig::default() })]

    /// With less fuel, never more is allowed, and never is more claimed to be known.
    #[test]
    fn less_fuel_is_never_more_certain(
        old in policy(), new in policy(), per_mille in 0_u64..1_200,
    ) {
        let ((before, after), steps) = fuel::counted(|| (Reach::of([&old]), Reach::of([&new])));
        let short = |steps: u64| steps * per_mille / 1_000;
        let few = fuel::limited(short(steps), || Reach::of([&old]).union(&Reach::of([&new]))).value;
        let all = before.union(&after);
        prop_assert!(is_sound(few.grants(), few.precision(), all.grants(), all.precision()));

        for (one, two) in [(&before, &after), (&after, &before)] {
            let (all, steps) = fuel::counted(|| one.intersect(two));
            let few = fuel::limited(short(steps), || one.intersect(two)).value;
            prop_assert!(is_sound(few.grants(), few.precision(), all.grants(), all.precision()));

            let (all, steps) = fuel::counted(|| compare(one, two));
            let few = fuel::limited(short(steps), || compare(one, two)).value;
            let told = |change: &Change| {
                let gained = [&change.gained[..], &change.gained_in_future].concat();
                let lost = [&change.lost[..], &change.lost_in_future].concat();
                (gained, lost)
            };
            let ((gained, lost), (all_gained, all_lost)) = (told(&few), told(&all));
            let gains = all.gained_precision;
            prop_assert!(is_sound(&gained, few.gained_precision, &all_gained, gains));
            let losses = all.lost_precision;
            prop_assert!(is_sound(&lost, few.lost_precision, &all_lost, losses));
        }
    }
}
