//! Condition operators. Source of all: IAM User Guide, "IAM JSON policy elements: Condition
//! operators", unless said otherwise.

use serde_json::{Value, json};

use super::with_condition;

fn holds(operator: &str, value: Value, context: Value) -> bool {
    with_condition(operator, value, context) == "allow"
}

/// An operator, the value of the policy, the value of the request, and whether it holds.
type Row<'a> = (&'a str, Value, &'a str, bool);

fn check(rows: &[Row<'_>]) {
    for (operator, value, has, expected) in rows {
        assert_eq!(
            holds(operator, value.clone(), json!({ "k": has })),
            *expected,
            "{operator} {value} {has}"
        );
        let negated = match *operator {
            "IpAddress" => "NotIpAddress".to_owned(),
            _ => operator.replace("Equals", "NotEquals").replace("Like", "NotLike"),
        };
        let has_negation = ["String", "Arn", "Ip", "NumericEquals", "DateEquals"]
            .iter()
            .any(|start| operator.starts_with(start));
        if has_negation {
            assert_eq!(
                holds(&negated, value.clone(), json!({ "k": has })),
                !expected,
                "{negated} {value} {has}"
            );
        }
    }
}

#[test]
fn strings() {
    check(&[
        ("StringEquals", json!("a"), "a", true),
        ("StringEquals", json!("a"), "A", false),
        ("StringEquals", json!(["b", "a"]), "a", true),
        ("StringEquals", json!("*"), "abc", false),
        ("StringEquals", json!("${*}"), "*", true),
        ("StringEquals", json!(""), "", true),
        ("StringEquals", json!([]), "a", false),
        ("StringEqualsIgnoreCase", json!("GRÜN"), "grün", true),
        ("StringEqualsIgnoreCase", json!("a*"), "AB", false),
        ("StringLike", json!("a*c"), "a/b:c", true),
        ("StringLike", json!("a?c"), "aéc", true),
        ("StringLike", json!("a?c"), "ac", false),
        ("StringLike", json!("A*"), "abc", false),
    ]);
}

#[test]
fn arns() {
    let deep = "arn:aws:someservice:eu:999999999999:store/abc:111122223333:finance/doc";
    check(
        &[
            ("ArnLike", json!("arn:aws:someservice:*:111122223333:finance/*"), deep, false),
            ("StringLike", json!("arn:aws:someservice:*:111122223333:finance/*"), deep, true),
            ("ArnEquals", json!("arn:aws:s3:::b*"), "arn:aws:s3:::bucket", true),
            ("ArnLike", json!("arn:aws:sns:*:1:*"), "arn:aws:sns:eu:1:topic:subscription", true),
            ("ArnLike", json!("arn:aws:s3:*"), "arn:aws:s3:eu:1:x", false),
            ("ArnEquals", json!("arn:aws:s3:::B"), "arn:aws:s3:::b", false),
        ]
        .into_iter()
        // A pattern of the wrong form has no negation that holds.
        .filter(|(_, value, ..)| value != "arn:aws:s3:*")
        .collect::<Vec<_>>(),
    );
}

#[test]
fn numbers() {
    check(&[
        ("NumericEquals", json!("10.0"), "10", true),
        ("NumericEquals", json!(10), "010", true),
        ("NumericEquals", json!("9007199254740993"), "9007199254740992", false),
        ("NumericEquals", json!("-0"), "0", true),
        ("NumericLessThan", json!("10"), "9", true),
        ("NumericLessThan", json!("10"), "10", false),
        ("NumericLessThanEquals", json!("10"), "10.00", true),
        ("NumericGreaterThan", json!("-2"), "-1.5", true),
        ("NumericGreaterThanEquals", json!("0.25"), "0.3", true),
    ]);
}

#[test]
fn dates() {
    let new_year = "2020-01-01T00:00:00Z";
    check(&[
        ("DateEquals", json!("1577836800"), new_year, true),
        ("DateEquals", json!("2020-01-01T01:00:00+01:00"), new_year, true),
        ("DateEquals", json!("2019-12-31T23:30:00.000-00:30"), new_year, true),
        ("DateEquals", json!("2020"), new_year, true),
        ("DateEquals", json!("2020-01"), new_year, true),
        ("DateEquals", json!("2020-01-01"), new_year, true),
        ("DateEquals", json!("2020-01-01T00:00Z"), new_year, true),
        ("DateLessThan", json!(new_year), "2019-12-31T23:59:59.999Z", true),
        ("DateLessThan", json!(new_year), new_year, false),
        ("DateLessThanEquals", json!(new_year), new_year, true),
        ("DateGreaterThan", json!("2020-02-28T00:00:00Z"), "2020-02-29T00:00:00Z", true),
        ("DateGreaterThanEquals", json!(new_year), "1577836800", true),
    ]);
}

#[test]
fn booleans_and_bytes() {
    check(&[
        ("Bool", json!(true), "TRUE", true),
        ("Bool", json!("True"), "false", false),
        ("Bool", json!("yes"), "yes", false),
        ("BinaryEquals", json!("QUI="), "QUI=", true),
        ("BinaryEquals", json!("QUI="), "QUM=", false),
    ]);
    assert!(holds("Bool", json!("${other}"), json!({ "k": "true", "other": "true" })));
}

#[test]
fn addresses() {
    check(&[
        ("IpAddress", json!("203.0.113.0/24"), "203.0.113.255", true),
        ("IpAddress", json!("203.0.113.0/24"), "203.0.114.0", false),
        ("IpAddress", json!("203.0.113.77/24"), "203.0.113.1", true),
        ("IpAddress", json!("203.0.113.7"), "203.0.113.7", true),
        ("IpAddress", json!("203.0.113.7"), "203.0.113.6", false),
        ("IpAddress", json!("0.0.0.0/0"), "203.0.113.7", true),
        ("IpAddress", json!("0.0.0.0/0"), "2001:db8::1", false),
        ("IpAddress", json!("2001:DB8:1234:5678::/64"), "2001:db8:1234:5678:ffff::1", true),
        ("IpAddress", json!("2001:db8::1"), "2001:db8:0:0::1", true),
        ("IpAddress", json!("::/0"), "2001:db8::1", true),
        ("IpAddress", json!("::ffff:203.0.113.0/120"), "203.0.113.9", true),
        ("IpAddress", json!("203.0.113.0/24"), "::ffff:203.0.113.9", true),
    ]);
}

#[test]
fn a_value_of_the_wrong_type_matches_nothing() {
    for (operator, value, has) in [
        ("NumericEquals", "5", "five"),
        ("NumericNotEquals", "five", "5"),
        ("NumericNotEquals", "0x10", "5"),
        ("NumericNotEquals", "5", "1e3"),
        ("DateNotEquals", "2021-02-29T00:00:00Z", "2020-01-01T00:00:00Z"),
        ("DateNotEquals", "2020-01-01T00:00:00Z", "today"),
        ("NotIpAddress", "203.0.113.0/33", "203.0.113.1"),
        ("NotIpAddress", "203.0.113.0/24", "nowhere"),
        ("NotIpAddress", "203.0.113.0/+8", "10.0.0.1"),
        ("ArnNotLike", "bucket", "arn:aws:s3:::b"),
        ("ArnNotLike", "arn:aws:s3:::b", "bucket"),
    ] {
        assert!(!holds(operator, json!(value), json!({ "k": has })), "{operator} {value} {has}");
    }
}

#[test]
fn negated_operators_exclude_every_value() {
    assert!(!holds("StringNotEquals", json!(["a", "b"]), json!({ "k": "b" })));
    assert!(holds("StringNotEquals", json!(["a", "b"]), json!({ "k": "c" })));
}

#[test]
fn a_missing_key_fails_what_wants_it_and_passes_what_excludes() {
    for operator in [
        "StringEquals",
        "StringLike",
        "NumericLessThan",
        "DateGreaterThan",
        "Bool",
        "IpAddress",
        "ArnLike",
    ] {
        assert!(!holds(operator, json!("1"), json!({})), "{operator}");
        assert!(holds(&format!("{operator}IfExists"), json!("1"), json!({})), "{operator}");
        assert!(
            !holds(&format!("{operator}IfExists"), json!("1"), json!({ "k": "x" })),
            "{operator}"
        );
    }
    for operator in [
        "StringNotEquals",
        "StringNotLike",
        "NumericNotEquals",
        "DateNotEquals",
        "NotIpAddress",
        "ArnNotEquals",
    ] {
        assert!(holds(operator, json!("1"), json!({})), "{operator}");
    }
}

#[test]
fn null_asks_for_presence() {
    assert!(holds("Null", json!("true"), json!({})));
    assert!(holds("Null", json!(false), json!({ "k": "" })));
    assert!(!holds("Null", json!("TRUE"), json!({ "k": "x" })));
    assert!(holds("Null", json!(["true", "false"]), json!({})));
    assert!(!holds("Null", json!("${k}"), json!({ "k": "false" })));
}

// IAM User Guide, "Set operators for multivalued context keys".
#[test]
fn sets() {
    let many = |values: &[&str]| json!({ "k": values });
    assert!(holds("ForAllValues:StringEquals", json!(["a", "b"]), many(&["a", "b"])));
    assert!(!holds("ForAllValues:StringEquals", json!(["a"]), many(&["a", "b"])));
    assert!(holds("ForAnyValue:StringEquals", json!(["a"]), many(&["a", "b"])));
    assert!(!holds("ForAnyValue:StringEquals", json!(["c"]), many(&["a", "b"])));
    assert!(holds("ForAnyValue:StringNotEquals", json!(["a"]), many(&["a", "b"])));
    assert!(!holds("ForAllValues:StringNotEquals", json!(["a"]), many(&["a", "b"])));
    for empty in [json!({}), many(&[]), many(&[""]), json!({ "k": "" })] {
        assert!(holds("forallvalues:stringequals", json!("a"), empty.clone()), "{empty}");
        assert!(!holds("ForAnyValue:StringEquals", json!(["a", ""]), empty.clone()), "{empty}");
    }
    // A key with one value can be asked as a set, one with many only so.
    assert!(holds("ForAnyValue:StringLike", json!("a*"), json!({ "k": "ab" })));
    for operator in ["StringEquals", "StringNotEquals", "StringEqualsIfExists"] {
        assert!(!holds(operator, json!(["a"]), many(&["a", "b"])), "{operator}");
    }
}

// IAM User Guide, "IAM policy elements: Variables and tags": variables without a value.
#[test]
fn a_variable_without_value_matches_nothing() {
    assert!(holds("StringEquals", json!("${v}"), json!({ "k": "x", "v": "x" })));
    assert!(!holds("StringEquals", json!("${v}"), json!({ "k": "x" })));
    assert!(holds("StringNotEquals", json!("${v}"), json!({ "k": "x" })));
    assert!(!holds("StringNotEquals", json!(["${v}", "x"]), json!({ "k": "x" })));
    assert!(holds("ArnNotLike", json!("arn:aws:s3:::${v}"), json!({ "k": "arn:aws:s3:::b" })));
    assert!(holds(
        "ArnLike",
        json!("arn:aws:s3:::${k:v}/*"),
        json!({ "k": "arn:aws:s3:::b/x", "k:v": "b" })
    ));
    assert!(!holds(
        "ArnLike",
        json!("arn:aws:sns:${v}:t"),
        json!({ "k": "arn:aws:sns:r:1:t", "v": "r:1" })
    ));
    assert!(!holds("StringLike", json!("${v}"), json!({ "k": "xx", "v": "*" })));
    assert!(!holds("NumericEquals", json!("${v}"), json!({ "k": "1", "v": "1" })));
}

#[test]
fn all_keys_and_operators_must_hold() {
    let ask = |context: Value| {
        let statement = json!({ "Effect": "Allow", "Action": "*", "Resource": "*", "Condition": {
            "StringEquals": { "a": "1", "b": ["2", "3"] }, "NumericLessThan": { "c": "5" } } });
        super::outcome(
            json!({ "identityPolicies": [super::document(statement)], "context": context }),
        )
    };
    assert_eq!(ask(json!({ "A": "1", "B": "3", "C": "4" })), "allow");
    for context in [json!({ "a": "1", "b": "3" }), json!({ "a": "1", "b": "4", "c": "4" })] {
        assert_eq!(ask(context), "implicit_deny");
    }
}
