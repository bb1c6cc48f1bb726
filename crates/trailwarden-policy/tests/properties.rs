//! What must hold for all policies: order means nothing, a Deny never opens, and an answer given
//! without the whole context is the answer of every completion of it.

#![expect(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "tests, and helpers of tests, which the lints do not take for tests"
)]

use proptest::prelude::*;
use serde_json::{Value, json};
use trailwarden_policy::cases::{Case, decide};

const USER: &str = "arn:aws:iam::111122223333:user/alice";
const SESSION: &str = "arn:aws:sts::111122223333:assumed-role/app/ci";
const ROLE: &str = "arn:aws:iam::111122223333:role/app";
const ROOT: &str = "arn:aws:iam::111122223333:root";

/// The keys of the context, each with the values that a request may carry.
const KEYS: [(&str, [&str; 2]); 3] = [
    ("aws:PrincipalTag/team", ["core", "ops"]),
    ("aws:SecureTransport", ["true", "false"]),
    ("aws:SourceIp", ["192.0.2.10", "203.0.113.5"]),
];

fn condition() -> impl Strategy<Value = Value> {
    prop_oneof![
        Just(json!({"StringEquals": {"aws:PrincipalTag/team": "core"}})),
        Just(json!({"StringNotEquals": {"aws:PrincipalTag/team": ["core", "x"]}})),
        Just(json!({"StringLikeIfExists": {"aws:PrincipalTag/team": "o*"}})),
        Just(json!({"ForAllValues:StringEquals": {"aws:PrincipalTag/team": "core"}})),
        Just(json!({"ForAnyValue:StringNotLike": {"aws:PrincipalTag/team": "c*"}})),
        Just(json!({"Null": {"aws:PrincipalTag/team": "true"}})),
        Just(json!({"Bool": {"aws:SecureTransport": "true"}})),
        Just(json!({"BoolIfExists": {"aws:SecureTransport": "false"}})),
        Just(json!({"IpAddress": {"aws:SourceIp": "192.0.2.0/24"}})),
        Just(json!({"NotIpAddress": {"aws:SourceIp": "192.0.2.0/24"}})),
        Just(json!({"Bool": {"aws:SecureTransport": "true"},
            "StringEquals": {"aws:PrincipalTag/team": "${aws:PrincipalTag/team}"}})),
    ]
}

fn resource() -> impl Strategy<Value = &'static str> {
    prop::sample::select(vec![
        "*",
        "arn:aws:s3:::reports/*",
        "arn:aws:s3:::reports/${aws:PrincipalTag/team}/*",
        "arn:aws:s3:::logs/*",
    ])
}

fn statement(effect: Option<&'static str>) -> impl Strategy<Value = Value> {
    let effects = effect.map_or(vec!["Allow", "Allow", "Allow", "Deny"], |only| vec![only]);
    let actions = vec!["s3:GetObject", "s3:*", "*", "ec2:*"];
    (
        prop::sample::select(effects),
        prop::sample::select(actions),
        resource(),
        prop::option::of(condition()),
        any::<bool>(),
    )
        .prop_map(|(effect, action, resource, condition, is_not)| {
            let mut statement = json!({"Effect": effect, "Resource": resource});
            // `NotAction` over another service covers the request.
            if is_not && action == "ec2:*" {
                statement["NotAction"] = json!(action);
            } else {
                statement["Action"] = json!(action);
            }
            if let Some(condition) = condition {
                statement["Condition"] = condition;
            }
            statement
        })
}

fn document() -> impl Strategy<Value = Value> {
    prop::collection::vec(statement(None), 1..4)
        .prop_map(|statements| json!({"Version": "2012-10-17", "Statement": statements}))
}

fn resource_policy() -> impl Strategy<Value = Value> {
    let principals = prop::sample::select(vec![
        json!("*"),
        json!({"AWS": USER}),
        json!({"AWS": [SESSION]}),
        json!({"AWS": ROLE}),
        json!({"AWS": ROOT}),
    ]);
    prop::collection::vec((statement(None), principals), 1..3).prop_map(|pairs| {
        let statements: Vec<Value> = pairs
            .into_iter()
            .map(|(mut statement, principal)| {
                statement["Principal"] = principal;
                statement
            })
            .collect();
        json!({"Version": "2012-10-17", "Statement": statements})
    })
}

fn case() -> impl Strategy<Value = Value> {
    let account = prop::sample::select(vec!["111122223333", "111122223333", "444455556666"]);
    (
        prop::sample::select(vec![USER, SESSION]),
        account,
        prop::collection::vec(document(), 0..3),
        prop::option::of(resource_policy()),
        prop::option::of(document()),
        prop::option::of(document()),
        prop::option::of(prop::collection::vec(prop::collection::vec(document(), 1..3), 1..3)),
    )
        .prop_map(|(principal, account, identity, resource, boundary, session, scps)| {
            let mut case = json!({
                "principal": principal, "action": "s3:GetObject",
                "resource": "arn:aws:s3:::reports/core/a.txt", "resourceAccount": account,
                "identityPolicies": identity, "context": {},
            });
            let session = session.filter(|_| principal == SESSION);
            let layers =
                [("resourcePolicy", resource), ("boundary", boundary), ("sessionPolicy", session)];
            for (name, document) in layers {
                if let Some(document) = document {
                    case[name] = document;
                }
            }
            if let Some(scps) = scps {
                case["scps"] = json!(scps);
            }
            case
        })
}

/// For each key: absent, or one of its values.
fn context() -> impl Strategy<Value = [usize; 3]> {
    [0..3_usize, 0..3, 0..3]
}

fn context_of(choice: [usize; 3]) -> Value {
    let mut context = json!({});
    for ((key, values), chosen) in KEYS.iter().zip(choice) {
        if let Some(value) = chosen.checked_sub(1).and_then(|index| values.get(index)) {
            context[*key] = json!(value);
        }
    }
    context
}

fn decision(case: &Value) -> String {
    answer(case)["decision"].as_str().unwrap().to_owned()
}

fn answer(case: &Value) -> Value {
    let parsed = Case::parse(&case.to_string()).unwrap();
    serde_json::to_value(decide(&parsed)).unwrap()
}

/// Every list of statements, documents and documents of a level, turned around.
fn reversed(value: &Value) -> Value {
    match value {
        Value::Array(items) => {
            let mut items: Vec<Value> = items.iter().map(reversed).collect();
            // The order of levels is that of the organization, which must not matter either.
            items.reverse();
            Value::Array(items)
        }
        Value::Object(members) => {
            members.iter().map(|(name, value)| (name.clone(), reversed(value))).collect()
        }
        other => other.clone(),
    }
}

/// Puts a statement into a layer; one that is not there stays so.
fn with_statement(case: &Value, layer: &str, mut statement: Value) -> Option<Value> {
    let mut case = case.clone();
    if layer == "resourcePolicy" {
        statement["Principal"] = json!("*");
    }
    let place = match layer {
        "identityPolicies" => "/identityPolicies/0/Statement".to_owned(),
        "scps" => "/scps/0/0/Statement".to_owned(),
        other => format!("/{other}/Statement"),
    };
    case.pointer_mut(&place)?.as_array_mut()?.push(statement);
    Some(case)
}

proptest! {
    /// IAM User Guide, "Policy evaluation logic": nothing there depends on order.
    #[test]
    fn order_never_matters(mut case in case(), context in context()) {
        case["context"] = context_of(context);
        prop_assert_eq!(decision(&case), decision(&reversed(&case)));
    }

    /// An explicit deny overrides any allow, and cannot help one.
    #[test]
    fn a_deny_never_opens(
        mut case in case(),
        context in context(),
        is_complete in any::<bool>(),
        deny in statement(Some("Deny")),
        layer in prop::sample::select(
            vec!["identityPolicies", "resourcePolicy", "boundary", "sessionPolicy", "scps"]),
    ) {
        case["context"] = context_of(context);
        case["contextComplete"] = json!(is_complete);
        let Some(denied) = with_statement(&case, layer, deny) else { return Ok(()) };
        let (before, after) = (decision(&case), decision(&denied));
        // `unknown` may also mean that the kind of the deny is not known.
        prop_assert!(after != "allow" || before == "allow", "{before} became {after}");
        if is_complete {
            prop_assert!(before != "unknown" && after != "unknown", "{before}, then {after}");
        }
        if before == "explicit_deny" {
            prop_assert_eq!(after, before);
        }
    }

    /// What is decided without the whole context is decided for every completion of it.
    #[test]
    fn a_definite_answer_holds_for_every_completion(mut case in case(), known in context()) {
        case["context"] = context_of(known);
        case["contextComplete"] = json!(false);
        let answer = answer(&case);
        let open = answer["decision"].as_str().unwrap().to_owned();
        let mut seen = std::collections::BTreeSet::new();
        case["contextComplete"] = json!(true);
        for number in 0..27 {
            let choice = [number % 3, number / 3 % 3, number / 9];
            // A key that is known keeps its value; one that is not may be anything, or absent.
            if known.iter().zip(choice).all(|(known, chosen)| *known == 0 || *known == chosen) {
                case["context"] = context_of(choice);
                seen.insert(decision(&case));
            }
        }
        if open == "unknown" {
            let missing = answer["missing_context"].as_array().unwrap();
            prop_assert!(!missing.is_empty(), "unknown without a missing key");
        } else {
            prop_assert_eq!(seen, [open].into_iter().collect());
        }
    }
}
