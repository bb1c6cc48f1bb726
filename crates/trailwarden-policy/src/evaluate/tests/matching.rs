//! Actions, resources and variables.

use serde_json::json;

use super::*;

fn covers(element: &str, value: serde_json::Value, action: &str, resource: &str) -> bool {
    covers_in("2012-10-17", element, value, action, resource, json!({}))
}

fn covers_in(
    version: &str,
    element: &str,
    value: serde_json::Value,
    action: &str,
    resource: &str,
    context: serde_json::Value,
) -> bool {
    let mut statement = json!({ "Effect": "Allow" });
    statement[element] = value;
    for (wanted, or_not) in [("Action", "NotAction"), ("Resource", "NotResource")] {
        if element != wanted && element != or_not {
            statement[wanted] = json!("*");
        }
    }
    let policy = json!({ "Version": version, "Statement": statement });
    let given = json!({ "action": action, "resource": resource, "identityPolicies": [policy],
        "resourceAccount": "111122223333", "context": context });
    outcome(given) == "allow"
}

// IAM User Guide, "IAM JSON policy elements: Action" and "... NotAction".
#[test]
fn actions_match_by_name_without_case() {
    for (pattern, expected) in [
        ("S3:getobject", true),
        ("s3:Get*", true),
        ("s3:G?tObject", true),
        ("*", true),
        ("s3:Get", false),
        ("s3:GetObject, s3:PutObject", false),
        ("s3:GetObject ", false),
        ("", false),
    ] {
        assert_eq!(covers("Action", json!(pattern), "s3:GetObject", OBJECT), expected, "{pattern}");
        let but = covers("NotAction", json!([pattern]), "s3:GetObject", OBJECT);
        assert_eq!(but, !expected, "{pattern}");
    }
}

// IAM User Guide, "IAM JSON policy elements: Resource".
#[test]
fn resources_match_with_case() {
    for (pattern, resource, expected) in [
        ("arn:aws:s3:::bucket/*/test/*", "arn:aws:s3:::bucket/1/2/test/3/o.jpg", true),
        ("arn:aws:s3:::Bucket/key", OBJECT, false),
        ("arn:aws:s3:::bucket/ke?", OBJECT, true),
        ("arn:aws:s3:::bucket/key?", OBJECT, false),
        ("arn:aws:s3:::bucket/*", "arn:aws:s3:::bucket/a\nb", true),
        ("arn:aws:s3:::b/a?c", "arn:aws:s3:::b/aéc", true),
        ("arn:aws:sqs:*", "arn:aws:sqs:eu-west-1:111122223333:queue", true),
        ("arn:aws:sqs:*:queue", "arn:aws:sqs:eu-west-1:111122223333:queue", true),
        ("arn:aws:sqs:eu-*-1:*:queue", "arn:aws:sqs:eu-west-1:111122223333:queue", true),
        ("arn:aws:sqs:eu*3:queue", "arn:aws:sqs:eu-west-1:111122223333:queue", false),
        ("arn:aws:ec2:*:*:*/*", "arn:aws:ec2:eu-west-1:111122223333:instance/i-1", true),
        (
            "arn:aws:logs:*:*:log-group:a*b",
            "arn:aws:logs:eu-west-1:1:log-group:a:log-stream:b",
            true,
        ),
        ("*", "*", true),
        ("arn:aws:s3:::*", "*", false),
        ("?", "*", false),
    ] {
        assert_eq!(
            covers("Resource", json!(pattern), "s3:GetObject", resource),
            expected,
            "{pattern}"
        );
        let but = covers("NotResource", json!(pattern), "s3:GetObject", resource);
        assert_eq!(but, !expected, "{pattern}");
    }
}

// IAM User Guide, "IAM JSON policy elements: Resource": actions that cannot be limited to a resource.
#[test]
fn an_action_without_resource_type_is_decided_for_everything() {
    let ask = |pattern: &str| {
        outcome(json!({ "identityPolicies": [allow("*", pattern)], "wildcardOnly": true }))
    };
    assert_eq!(ask("*"), "allow");
    assert_eq!(ask(OBJECT), "implicit_deny");
    assert_eq!(ask("arn:*"), "implicit_deny");
}

// IAM User Guide, "IAM policy elements: Variables and tags".
#[test]
fn variables_stand_for_literal_text() {
    let key = |pattern: &str, key: &str, context: serde_json::Value| {
        let pattern = json!(format!("arn:aws:s3:::b/{pattern}"));
        covers_in(
            "2012-10-17",
            "Resource",
            pattern,
            "s3:GetObject",
            &format!("arn:aws:s3:::b/{key}"),
            context,
        )
    };
    let bob = || json!({ "aws:username": "bob" });
    assert!(key("${aws:username}/*", "bob/x", bob()));
    assert!(key("${AWS:UserName}", "bob", bob()));
    assert!(!key("${aws:username}", "bob", json!({ "aws:username": "*" })));
    assert!(key("${aws:username}", "*", json!({ "aws:username": "*" })));
    assert!(!key("${aws:username}", "bob", json!({})));
    assert!(!key("${aws:username}", "${aws:username}", json!({})));
    assert!(!key("${aws:username}", "bob", json!({ "aws:username": ["bob"] })));
    assert!(key("${aws:username, 'anyone'}", "anyone", json!({})));
    assert!(key("${aws:username, 'anyone'}", "bob", bob()));
    assert!(!key("${aws:username,'anyone'}", "anyone", json!({})));
    assert!(key("${*}${?}${$}", "*?$", json!({})));
    assert!(!key("${*}", "other", json!({})));
    assert!(key("${open", "${open", json!({})));
}

#[test]
fn variables_need_the_newer_version() {
    for version in ["2012-10-17", "2008-10-17", "other"] {
        let literal = "arn:aws:s3:::b/${aws:username}";
        let ask = |resource| {
            let context = json!({ "aws:username": "bob" });
            covers_in(version, "Resource", json!(literal), "s3:GetObject", resource, context)
        };
        assert_eq!(ask("arn:aws:s3:::b/bob"), version == "2012-10-17");
        assert_eq!(ask(literal), version != "2012-10-17");
    }
}

// IAM User Guide, "IAM policy elements: Variables and tags": only after the fifth colon; no value.
#[test]
fn a_variable_out_of_place_or_without_value_covers_nothing() {
    let context = || json!({ "k:s": "s3" });
    let ask = |element: &str, value: serde_json::Value| {
        covers_in("2012-10-17", element, value, "s3:GetObject", OBJECT, context())
    };
    assert!(!ask("Resource", json!("arn:aws:${k:s}:::bucket/key")));
    assert!(!ask("Resource", json!("arn:aws:s3:::bucket/${k:none}")));
    assert!(ask("Resource", json!(["arn:aws:s3:::bucket/${k:none}", OBJECT])));
    assert!(!ask("NotResource", json!(["arn:aws:s3:::other/${k:none}", "arn:aws:s3:::other/x"])));
}
