//! Windows of time, tags that are not there, and accounts that are not one's own: what a policy says and
//! does not give.

use trailwarden_model::Timestamp;

use super::*;
use crate::graph::{Delta, Graph};
use crate::trail::START;

/// Everything, under conditions.
fn everything(conditions: Value) -> String {
    policy_of(json!([{"Effect": "Allow", "Action": "*", "Resource": "*", "Condition": conditions}]))
}

fn on_time(operator: &str, value: &str) -> Value {
    json!({operator: {"aws:CurrentTime": value}})
}

/// How many ways there are but for those of root users, who are administrators anyway.
fn ways(graph: &Graph) -> usize {
    graph.edges().filter(|edge| edge.technique != crate::techniques::ADMINISTRATOR).count()
}

fn of_bob(document: &str) -> Effect {
    let mut trail = Trail::new();
    trail.user("bob");
    trail.put("bob", document)
}

// IAM User Guide, "AWS global condition context keys", `aws:CurrentTime` and `aws:EpochTime`. The trail
// is of 2026.
#[test]
fn a_window_that_is_closed_gives_nothing() {
    for (operator, key, value) in [
        ("DateLessThan", "aws:CurrentTime", "2020-01-01T00:00:00Z"),
        ("DateLessThan", "aws:EpochTime", "1577836800"),
        ("NumericLessThan", "aws:EpochTime", "1577836800"),
        ("DateEquals", "AWS:currenttime", "2025-01-01"),
    ] {
        let effect = of_bob(&everything(json!({operator: {key: value}})));
        assert_eq!(effect.severity(), None, "{operator} {key}: {}", effect.sentence());
        assert!(effect.moved.is_empty(), "{operator} {key}: {}", effect.sentence());
    }
    // No time is both.
    let never = json!({"DateGreaterThan": {"aws:CurrentTime": "2028-01-01"},
        "DateLessThan": {"aws:CurrentTime": "2027-01-01"}});
    let effect = of_bob(&everything(never));
    assert!(effect.is_nothing(), "{}", effect.sentence());
}

/// Nobody may do more today, but it is granted; so it weighs one less.
#[test]
fn a_window_that_is_yet_to_open_is_told_with_its_time() {
    let (now, then) = ("DateGreaterThan", "2027-01-01T00:00:00Z");
    for conditions in [
        json!({now: {"aws:CurrentTime": "2027-01-01"}}),
        json!({now: {"aws:CurrentTime": "2027-01-01T01:00:00+01:00"}}),
        json!({"NumericGreaterThanEquals": {"aws:EpochTime": "1798761600"}}),
        json!({"DateEquals": {"AWS:currenttime": then}}),
        json!({now: {"aws:CurrentTime": "2027-01-01"},
            "DateLessThan": {"aws:CurrentTime": "2028-01-01"}}),
    ] {
        let effect = of_bob(&everything(conditions));
        assert!(effect.moved.is_empty(), "{}", effect.sentence());
        let sentence = effect.sentence();
        assert!(
            sentence.starts_with("inline policy p: from 2027-01-01T00:00:00Z: bob "),
            "{sentence}"
        );
        assert_eq!(effect.verdict(), Verdict::Latent, "{sentence}");
        assert!(effect.severity() >= Some(Severity::Medium), "{sentence}");
        assert!(effect.severity() <= Some(Severity::High), "{sentence}");
    }
    let mut trust = trusting(json!({"AWS": "444455556666"}));
    trust["Statement"][0]["Condition"] = on_time(now, then);
    let mut trail = Trail::new();
    trail.role("app", &to_lambda());
    let admin = json!({"roleName": "app", "policyName": "p", "policyDocument": admin()});
    trail.iam("PutRolePolicy", admin);
    let request = json!({"roleName": "app", "policyDocument": trust.to_string()});
    let effect = trail.iam("UpdateAssumeRolePolicy", request);
    assert!(effect.entries.is_empty() && effect.severity() == Some(Severity::High));
    assert!(effect.sentence().contains("from 2027-01-01T00:00:00Z: account 444455556666 may now"));
}

/// What is no more by then than today is not told, nor what the change did not bring.
#[test]
fn a_time_at_which_nothing_more_is_given_is_not_told() {
    let later = on_time("DateGreaterThan", "2027-01-01T00:00:00Z");
    let reads = policy_of(json!([
        {"Effect": "Allow", "Action": "*", "Resource": "*"},
        {"Effect": "Allow", "Action": "s3:GetObject", "Resource": "*", "Condition": later}]));
    assert_eq!(of_bob(&reads).later, None);
    let mut trail = Trail::new();
    trail.user("bob");
    trail.put("bob", &everything(later.clone()));
    let other = json!({"userName": "bob", "policyName": "q",
        "policyDocument": allow(&["s3:GetObject"], "*")});
    let effect = trail.iam("PutUserPolicy", other);
    assert_eq!(effect.later, None, "{}", effect.sentence());
    let both = policy_of(json!([
        {"Effect": "Allow", "Action": "s3:GetObject", "Resource": "*"},
        {"Effect": "Allow", "Action": "*", "Resource": "*", "Condition": later}]));
    let effect = of_bob(&both);
    assert!(
        effect.sentence().contains("; from 2027-01-01T00:00:00Z: bob "),
        "{}",
        effect.sentence()
    );
}

#[test]
fn a_window_that_never_closes_is_no_condition() {
    let effect = of_bob(&everything(on_time("DateGreaterThan", "2020-01-01T00:00:00Z")));
    assert_eq!(effect.sentence(), "inline policy p: bob becomes administrator (none -> admin)");
    let effect = of_bob(&everything(on_time("DateLessThan", "2030-01-01T00:00:00Z")));
    assert_eq!(effect.severity(), Some(Severity::Critical));
    assert!(effect.sentence().contains("is below `2030-01-01"), "{}", effect.sentence());
}

#[test]
fn a_deny_counts_while_its_window_is_open() {
    let denied = |operator: &str| {
        of_bob(&policy_of(json!([
            {"Effect": "Allow", "Action": "*", "Resource": "*"},
            {"Effect": "Deny", "Action": "*", "Resource": "*",
                "Condition": on_time(operator, "2030-01-01")}])))
    };
    assert!(denied("DateLessThan").moved.is_empty());
    assert_eq!(only(&denied("DateGreaterThan")).grade_after, Some(Grade::Admin));
}

#[test]
fn a_trust_lets_in_while_its_window_is_open() {
    let enters = |operator: &str, value: &str| {
        let mut trust = trusting(json!({"AWS": "444455556666"}));
        trust["Statement"][0]["Condition"] = on_time(operator, value);
        let mut trail = Trail::new();
        trail.role("app", &to_lambda());
        let request = json!({"roleName": "app", "policyDocument": trust.to_string()});
        trail.iam("UpdateAssumeRolePolicy", request).entries.len()
    };
    assert_eq!(enters("DateLessThan", "2020-01-01"), 0);
    assert_eq!(enters("DateGreaterThan", "2030-01-01"), 0);
    assert_eq!(enters("DateGreaterThan", "2020-01-01"), 1);
    assert_eq!(enters("DateLessThan", "2030-01-01"), 1);
}

/// The graph moves with the time, and says of no change that it did it.
#[test]
fn time_opens_ways_that_no_change_opened() {
    let mut trail = Trail::new();
    trail.user("bob");
    trail.role("ops", &trusting(json!({"AWS": "111122223333"})));
    let soon = Timestamp::from_seconds(START + 20).to_string();
    trail.put(
        "bob",
        &policy_of(json!([{"Effect": "Allow", "Action": "sts:AssumeRole", "Resource": "*",
            "Condition": on_time("DateGreaterThan", &soon)}])),
    );
    let mut graph = Graph::of(World::of(&trail.models));
    assert_eq!(ways(&graph), 0);
    trail.second = 30;
    let event =
        trail.next("iam", "CreateUser", json!({"userName": "eve"}), Value::Null, Value::Null);
    let change = trail.models.apply(&event, order_of(&event), Place::default()).unwrap();
    let world = World::of(&trail.models);
    assert_eq!(graph.update(world, &change), Delta::default());
    assert_eq!(ways(&graph), 1);
    assert!(graph.edges().eq(Graph::of(world).edges()));
}

/// However much time passes between two records: windows open and close, and sessions end.
#[test]
fn a_graph_that_time_moved_is_the_one_drawn_anew() {
    let time = |second: i64| Timestamp::from_seconds(START + second).to_string();
    let asking = |effect: &str, action: &str, conditions: Value| json!({"Effect": effect, "Action": action, "Resource": "*", "Condition": conditions});
    let mut trail = Trail::new();
    trail.user("bob");
    trail.user("eve");
    let mut trust = trusting(json!({"AWS": arn("user/eve")}));
    trust["Statement"][0]["Condition"] = on_time("DateLessThan", &time(40));
    trail.role("day", &trust);
    trust["Statement"][0]["Condition"] = json!({"DateLessThan": {"aws:TokenIssueTime": time(45)}});
    trail.role("old", &trust);
    trail.role("ops", &trusting(json!({"AWS": "111122223333"})));
    let revoked = json!({"DateLessThan": {"aws:TokenIssueTime": time(25)}});
    let all = json!({"Effect": "Allow", "Action": "iam:*", "Resource": "*"});
    trail.put("bob", &policy_of(json!([all, asking("Deny", "*", revoked)])));
    let from = on_time("DateGreaterThan", &time(30));
    trail.put("eve", &policy_of(json!([asking("Allow", "sts:AssumeRole", from)])));
    let mut graph = Graph::of(World::of(&trail.models));
    let day = 36 * 3_600;
    let mut seen = std::collections::BTreeSet::new();
    for second in [21, 24, 25, 26, 30, 31, 39, 40, 41, 50, day + 20, day + 26, day + 50, 2 * day] {
        trail.second = second - 1;
        let request = json!({"userName": format!("u{second}")});
        let event = trail.next("iam", "CreateUser", request, Value::Null, Value::Null);
        let change = trail.models.apply(&event, order_of(&event), Place::default()).unwrap();
        let world = World::of(&trail.models);
        graph.update(world, &change);
        let anew = Graph::of(world);
        assert!(graph.edges().eq(anew.edges()), "{second}");
        seen.insert((ways(&graph), graph.edges().filter(|edge| edge.certainty.is_yes()).count()));
    }
    assert!(seen.len() > 3, "time moved little: {seen:?}");
}

// IAM User Guide, "IAM policy elements: Variables and tags": a variable without a value makes the
// statement match nothing.
#[test]
fn a_tag_that_is_not_there_matches_nothing() {
    let named = |resource: &str| {
        let document =
            allow(&["iam:CreateLoginProfile"], &format!("arn:aws:iam::*:user/{resource}"));
        of_bob(&document)
    };
    assert!(named("${aws:PrincipalTag/x}").moved.is_empty());
    // A role has no user name.
    assert_eq!(only(&named("${aws:PrincipalTag/x, 'eve'}")).grade_after, Some(Grade::Privesc));
    let asked = |operator: &str| {
        of_bob(&everything(json!({operator: {"aws:RequestedRegion": "${aws:PrincipalTag/x}"}})))
    };
    assert!(asked("StringEquals").moved.is_empty());
    let sentence = "inline policy p: bob becomes administrator (none -> admin)";
    assert_eq!(asked("StringNotEquals").sentence(), sentence);
    let but = policy_of(json!([{"Effect": "Allow", "Action": "iam:PutUserPolicy",
        "NotResource": "arn:aws:s3:::${aws:PrincipalTag/x}/*"}]));
    assert_eq!(of_bob(&but).severity(), None, "{}", of_bob(&but).sentence());
}

#[test]
fn a_tag_that_may_be_there_may_match() {
    let mut trail = Trail::new();
    let document = allow(&["iam:CreateLoginProfile"], "arn:aws:iam::*:user/${aws:PrincipalTag/x}");
    // Nobody saw how bob was made, so nobody knows his tags.
    let effect = trail.put("bob", &document);
    assert!(!effect.moved.is_empty(), "{}", effect.sentence());
}

// IAM User Guide, "AWS services that work with IAM": users and roles have no policies that let other
// accounts change them.
#[test]
fn iam_of_another_account_gives_nothing() {
    let of = |account: &str| of_bob(&allow(&["iam:*"], &format!("arn:aws:iam::{account}:*")));
    assert!(of("444455556666").moved.is_empty(), "{}", of("444455556666").sentence());
    assert_eq!(only(&of("111122223333")).grade_after, Some(Grade::Admin));
    assert_eq!(only(&of("*")).grade_after, Some(Grade::Admin));
}

// IAM User Guide, "AWS JSON policy elements: Principal": who is made again under the name of one that
// was deleted is not let in.
#[test]
fn a_namesake_of_another_account_does_not_enter() {
    const OTHER: &str = "444455556666";
    let there = || {
        json!({"recipientAccountId": OTHER, "userIdentity": {"type": "Root",
        "principalId": OTHER, "accountId": OTHER, "arn": format!("arn:aws:iam::{OTHER}:root")}})
    };
    let gus = json!({"userName": "gus"});
    let mut trail = Trail::new();
    trail.call("iam", "CreateUser", gus.clone(), Value::Null, there());
    let named = json!({"AWS": format!("arn:aws:iam::{OTHER}:user/gus")});
    trail.role("app", &trusting(named));
    let hop = json!({"userName": "gus", "policyName": "p",
        "policyDocument": allow(&["sts:AssumeRole"], "*")});
    trail.call("iam", "PutUserPolicy", hop.clone(), Value::Null, there());
    let count = |trail: &Trail| ways(&Graph::of(World::of(&trail.models)));
    assert_eq!(count(&trail), 1);
    trail.call("iam", "DeleteUser", gus.clone(), Value::Null, there());
    trail.call("iam", "CreateUser", gus, Value::Null, there());
    trail.call("iam", "PutUserPolicy", hop, Value::Null, there());
    assert_eq!(count(&trail), 0);
}

#[test]
fn a_namesake_of_one_never_seen_does_not_enter() {
    let mut trail = Trail::new();
    trail.role("app", &trusting(json!({"AWS": arn("user/bob")})));
    trail.user("bob");
    assert_eq!(ways(&Graph::of(World::of(&trail.models))), 0);
    let again = json!({"roleName": "app",
        "policyDocument": trusting(json!({"AWS": arn("user/bob")})).to_string()});
    let effect = trail.iam("UpdateAssumeRolePolicy", again);
    assert_eq!(effect.entries.len(), 1, "{}", effect.sentence());
    assert_eq!(ways(&Graph::of(World::of(&trail.models))), 1);
}
