//! Who wins, what an error does, and what nearly spoke.

use expect_test::expect;
use trailwarden_model::finding::Verdict;

use super::{asked, load, unknown_effect, verdict, when, with_effect};
use trailwarden_authorize::{Asked, Behind, Grade, Target};

const BOUNDED: &str = r#"
@id("deploy-manages-app-roles")
permit(
    principal == Role::"arn:aws:iam::111122223333:role/ci/deploy",
    action in [Action::"permissions", Action::"identities"],
    resource is Role
) when {
    resource has path && resource.path like "/app/*" &&
    context has effect && context.effect.grade_after_rank <= 3
};
"#;

#[test]
fn a_bounded_permit_permits_up_to_its_bound() {
    assert_eq!(verdict(BOUNDED, &asked()), Ok(Verdict::Permitted));
    for grade in [Grade::Privesc, Grade::Admin] {
        let graver = with_effect(|effect| effect.grade_after = grade);
        assert_eq!(verdict(BOUNDED, &graver), Ok(Verdict::Unknown));
    }
    assert_eq!(verdict(BOUNDED, &unknown_effect()), Ok(Verdict::Unknown));
    let decision = load(BOUNDED).unwrap().decide(&asked());
    assert_eq!(decision.by, ["deploy-manages-app-roles"]);
}

#[test]
fn a_role_of_the_same_name_elsewhere_is_somebody_else() {
    for arn in [
        "arn:aws:iam::444455556666:role/ci/deploy",
        "arn:aws:iam::111122223333:role/deploy",
        "arn:aws:iam::111122223333:role/ci/Deploy",
    ] {
        let mut other = asked();
        other.actor.arn = Some(arn.to_owned());
        assert_eq!(verdict(BOUNDED, &other), Ok(Verdict::Unknown), "{arn}");
    }
    let mut unknown = asked();
    unknown.actor.arn = None;
    assert_eq!(verdict(BOUNDED, &unknown), Ok(Verdict::Unknown));
}

#[test]
fn a_forbid_wins_over_every_permit() {
    let both = format!(
        "{BOUNDED} @id(\"b\") forbid(principal, action, resource); @id(\"a\") forbid(principal, action in Action::\"write\", resource);"
    );
    let decision = load(&both).unwrap().decide(&asked());
    assert_eq!(decision.verdict, Verdict::Forbidden);
    assert_eq!(decision.by, ["a", "b"]);
}

#[test]
fn nobody_speaks_of_it() {
    let decision = load("").unwrap().decide(&asked());
    assert_eq!((decision.verdict, decision.by), (Verdict::Unknown, vec![]));
}

/// Whoever makes a call and what it is made on, neither known beyond kind and name.
fn nobody_knows_who() -> Asked {
    let mut asked = asked();
    let name = Some("deploy".to_owned());
    asked.actor.arn = None;
    asked.actor.id = None;
    asked.actor.tags = Some([("stage".to_owned(), "test".to_owned())].into());
    asked.target = Target { kind: Some("role".to_owned()), name, ..Target::default() };
    asked
}

#[test]
fn two_that_are_not_known_are_never_taken_for_one() {
    let itself = when("principal == resource");
    assert_eq!(verdict(&itself, &nobody_knows_who()), Ok(Verdict::Unknown));
    let mut unnamed = nobody_knows_who();
    (unnamed.actor.name, unnamed.target.name) = (None, None);
    assert_eq!(verdict(&itself, &unnamed), Ok(Verdict::Unknown));
    // What is known of one is not told of the other.
    for fact in [
        "resource has path",
        "resource has account",
        "resource has tags && resource.tags.hasTag(\"stage\")",
    ] {
        assert_eq!(verdict(&when(fact), &nobody_knows_who()), Ok(Verdict::Unknown), "{fact}");
    }
    let mut same = nobody_knows_who();
    (same.actor.id, same.target.id) = (Some("AROAX".to_owned()), Some("AROAX".to_owned()));
    assert_eq!(verdict(&itself, &same), Ok(Verdict::Permitted));
}

#[test]
fn an_unless_about_the_teams_behind_does_not_take_unknown_for_none() {
    let permit = when("context has behind && !context.behind.teams.contains(Team::\"web\")");
    let found = verdict(&permit, &asked()).unwrap_err();
    assert!(found.contains("optional attribute `behind.teams`"), "{found}");
    let guarded = permit.replace("&& !", "&& context.behind has teams && !");
    let mut asked = asked();
    let mut behind = |arn: Option<&str>| {
        let arn = arn.map(str::to_owned);
        asked.actor.behind = Some(Behind { kind: "user".to_owned(), arn, ..Behind::default() });
        verdict(&guarded, &asked)
    };
    assert_eq!(behind(None), Ok(Verdict::Unknown));
    assert_eq!(behind(Some("arn:aws:iam::111122223333:user/alice")), Ok(Verdict::Unknown));
    assert_eq!(behind(Some("arn:aws:iam::111122223333:user/bob")), Ok(Verdict::Permitted));
}

/// A sum that is too large is an error that validation cannot see.
const OVERFLOW: &str = "@id(\"overflow\") @unbounded(\"test\") permit(principal, action, resource) \
    when { context.hour + 9223372036854775800 > 0 };";

#[test]
fn an_error_takes_a_permit_back_but_never_a_forbid() {
    let decision = load(&format!("{BOUNDED}{OVERFLOW}")).unwrap().decide(&asked());
    assert_eq!(decision.verdict, Verdict::Unknown);
    assert_eq!(decision.by, Vec::<String>::new());
    assert_eq!(decision.errors[0].policy, "overflow");
    assert!(decision.errors[0].message.contains("overflow"), "{:?}", decision.errors);
    let forbid = "@id(\"f\") forbid(principal, action, resource);";
    let decision = load(&format!("{forbid}{OVERFLOW}")).unwrap().decide(&asked());
    assert_eq!((decision.verdict, decision.errors.len()), (Verdict::Forbidden, 1));
}

#[test]
fn a_policy_of_other_calls_is_not_even_asked() {
    let other = OVERFLOW.replace("action,", "action == Action::\"iam:DeleteRole\",");
    assert_eq!(load(&other).unwrap().decide(&asked()).errors, []);
}

#[test]
fn a_call_that_the_schema_does_not_list_is_never_permitted() {
    let mut new = asked();
    new.action = "iam:PutSomethingNew".to_owned();
    let decision = load(
        &BOUNDED.replace("[Action::\"permissions\", Action::\"identities\"]", "Action::\"iam\""),
    )
    .unwrap()
    .decide(&new);
    assert_eq!(decision.verdict, Verdict::Unknown);
    assert!(decision.errors[0].message.contains("does not list"), "{:?}", decision.errors);
    let forbid = "forbid(principal, action in Action::\"iam\", resource);";
    assert_eq!(load(forbid).unwrap().decide(&new).verdict, Verdict::Forbidden);
}

#[test]
fn explain_tells_which_parts_were_not_true() {
    let text = format!(
        "{BOUNDED} @id(\"weekend\") forbid(principal, action, resource) when {{ context.weekday > 5 }} \
         unless {{ context.denied || context.hour < 12 }}; \
         @id(\"trails\") forbid(principal, action, resource is Trail);"
    );
    let policies = load(&text).unwrap();
    let graver = with_effect(|effect| effect.grade_after = Grade::Admin);
    assert_eq!(policies.decide(&graver).near, []);
    let near = policies.explain(&graver).near;
    let lines: Vec<String> = near
        .iter()
        .flat_map(|near| {
            let parts = near.parts.iter();
            parts.map(|part| format!("{} {}: {:?}\n", near.policy, part.text, part.outcome))
        })
        .collect();
    expect![[r#"
        deploy-manages-app-roles context.effect.grade_after_rank <= 3: False
        weekend context.weekday > 5: False
        weekend !(context.hour < 12): False
    "#]]
    .assert_eq(&lines.concat());
    let unknown = policies.explain(&unknown_effect()).near;
    let texts: Vec<&str> = unknown[0].parts.iter().map(|part| part.text.as_str()).collect();
    // The part behind the guard is not blamed.
    assert_eq!(texts, ["context has effect"]);
}

/// It has no part that is false, and nobody may say that it has.
#[test]
fn a_permit_that_a_forbid_overrules_is_told_without_parts() {
    let both = format!("{BOUNDED} @id(\"f\") forbid(principal, action, resource);");
    let decision = load(&both).unwrap().explain(&asked());
    assert_eq!(decision.by, ["f"]);
    let near: Vec<(&str, usize)> =
        decision.near.iter().map(|near| (near.policy.as_str(), near.parts.len())).collect();
    assert_eq!(near, [("deploy-manages-app-roles", 0)]);
}

#[test]
fn what_spoke_is_not_near() {
    assert_eq!(load(BOUNDED).unwrap().explain(&asked()).near, []);
}
