//! Attempts, and the table of severities row by row.

use super::*;
use crate::effect::judge_attempt;

fn attempt(trail: &mut Trail, user: &str, name: &str, request: Value) -> Option<Effect> {
    let mut extra = by_user(user, &format!("AIDA{}", user.to_uppercase()));
    extra["errorCode"] = json!("AccessDenied");
    let event = trail.next("iam", name, request, Value::Null, extra);
    assert!(trail.models.apply(&event, order_of(&event), Place::default()).is_none());
    judge_attempt(World::of(&trail.models), &event, order_of(&event), Place::default())
}

#[test]
fn what_was_tried_is_two_lower() {
    let mut trail = Trail::new();
    trail.user("mallory");
    trail.user("bob");
    let put = |user: &str, document: &str| json!({"userName": user, "policyName": "p", "policyDocument": document});
    let own = attempt(&mut trail, "mallory", "PutUserPolicy", put("mallory", &admin())).unwrap();
    assert!(own.is_self_serving() && own.is_attempt);
    assert_eq!(own.severity(), Some(Severity::Medium));
    assert!(
        own.sentence().starts_with("it failed; had it not: mallory (who did it) becomes "),
        "{}",
        own.sentence()
    );
    let low = attempt(
        &mut trail,
        "mallory",
        "PutUserPolicy",
        put("bob", &allow(&["iam:CreatePolicyVersion"], "*")),
    );
    assert_eq!(low.unwrap().severity(), Some(Severity::Low));
    let harmless =
        attempt(&mut trail, "mallory", "PutUserPolicy", put("bob", &allow(&["s3:GetObject"], "*")));
    assert_eq!(harmless.unwrap().severity(), None);
    assert!(attempt(&mut trail, "mallory", "PutUserPolicy", Value::Null).is_none());
    assert!(attempt(&mut trail, "mallory", "ListUsers", json!({"pathPrefix": "/"})).is_none());
}

/// Each row of the table, by what somebody gains and who does it.
#[test]
fn the_table_of_severities() {
    const PRIVESC: &[&str] = &["iam:CreatePolicyVersion"];
    use Severity::{Critical, High, Low, Medium};
    for (actor, actions, resource, expected) in [
        ("bob", &["*"][..], "*", Some(Critical)),
        ("bob", PRIVESC, "*", Some(Critical)),
        ("ann", &["*"], "*", Some(Critical)),
        ("ann", PRIVESC, "*", Some(High)),
        ("ann", &["sqs:DeleteQueue"], "arn:aws:sqs:*:*:q", Some(Low)),
        ("ann", &["sqs:DeleteQueue"], "*", Some(Medium)),
        (
            "ann",
            &["iam:UpdateAssumeRolePolicy"],
            "arn:aws:iam::111122223333:role/x",
            Some(Medium).max(Some(High)),
        ),
        ("ann", &["s3:GetObject"], "*", None),
        ("ann", &["s3:ListAllMyBuckets"], "*", None),
    ] {
        let mut trail = Trail::new();
        trail.user("ann");
        trail.user("bob");
        let put = trail.by(
            actor,
            "PutUserPolicy",
            json!({"userName": "bob", "policyName": "p",
            "policyDocument": allow(actions, resource)}),
        );
        assert_eq!(put.severity(), expected, "{actor} {actions:?} {resource}: {}", put.sentence());
        assert_eq!(put.is_self_serving(), actor == "bob");
        assert_eq!(put.to_finding().principals.len(), 1);
    }
}

#[test]
fn what_grants_nothing_by_itself_is_nothing() {
    let mut trail = Trail::new();
    assert!(trail.user("bob").is_nothing());
    assert_eq!(trail.user("bob").sentence(), "nobody's permissions change");
    let role = trail.role("app", &to_lambda());
    assert_eq!(role.severity(), None);
    assert!(trail.iam("DeleteUser", json!({"userName": "bob"})).is_narrowing());
    let policy = trail.iam("UpdateAccountPasswordPolicy", json!({"minimumPasswordLength": 8}));
    assert!(policy.is_nothing());
}

#[test]
fn seeing_somebody_is_no_change() {
    let mut trail = Trail::new();
    trail.put(
        "bob",
        &policy_of(json!([{"Effect": "Allow", "Action": "*", "Resource": "*",
        "Condition": {"ArnLike": {"aws:PrincipalArn": "arn:aws:iam::111122223333:user/bob"}}}])),
    );
    // His id and path become known with his own first call; he could do all that before.
    let seen = trail.by("bob", "CreateUser", json!({"userName": "eve"}));
    assert!(seen.moved.is_empty(), "{}", seen.sentence());
}

#[test]
fn a_way_that_opens_counts_like_what_it_leads_to() {
    use crate::graph::Graph;
    let mut trail = Trail::new();
    trail.user("mallory");
    trail.role("boss", &trusting(json!({"AWS": arn("root")})));
    trail.iam(
        "PutRolePolicy",
        json!({"roleName": "boss", "policyName": "p", "policyDocument": admin()}),
    );
    let mut graph = Graph::of(World::of(&trail.models));
    let may_enter = json!({"userName": "mallory", "policyName": "p",
        "policyDocument": allow(&["sts:AssumeRole"], &arn("role/boss"))});
    let event = trail.next(
        "iam",
        "PutUserPolicy",
        may_enter,
        Value::Null,
        by_user("mallory", "AIDAMALLORY"),
    );
    let change = trail.models.apply(&event, order_of(&event), Place::default()).unwrap();
    let world = World::of(&trail.models);
    let actor = Actor::of(&event);
    let mut effect = judge(world, &change, actor.as_ref());
    assert!(effect.severity() < Some(Severity::High));
    let delta = graph.update(world, &change);
    effect.add_paths(world, &graph, (&change, &delta), actor.as_ref());
    assert_eq!(
        (effect.severity(), effect.verdict()),
        (Some(Severity::Critical), Verdict::Escalates)
    );
    assert!(effect.is_self_serving());
    assert_eq!(
        (effect.opened[0].from.as_str(), effect.opened[0].to.as_str()),
        ("user/mallory", "role/boss")
    );
    assert!(
        effect
            .sentence()
            .contains("opens a way for mallory to role boss (admin) by sts:AssumeRole"),
        "{}",
        effect.sentence()
    );
    assert_eq!(effect.to_finding().paths_opened.len(), 1);
}
