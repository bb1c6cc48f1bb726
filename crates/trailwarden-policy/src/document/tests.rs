//! Reading documents: forms, faults, and that no text makes anything here panic.

use proptest::prelude::*;

use super::*;
use crate::{is_admin_like, minified_len, removed_denies, trust};

fn parse(text: &str) -> Document {
    Document::parse(text).unwrap()
}

fn faults(text: &str) -> Vec<Fault> {
    let problems = parse(text).problems;
    problems.into_iter().map(|p| p.fault).collect()
}

// IAM User Guide, "Policies and permissions in IAM", JSON policy document structure.
#[test]
fn one_statement_or_many_strings_or_arrays() {
    let one = parse(
        r#"{"Version":"2012-10-17","Id":"x","Statement":{"Sid":"s","Effect":"Allow","Action":"s3:ListBucket","Resource":"arn:aws:s3:::b"}}"#,
    );
    let many = parse(
        r#"{"Version":"2012-10-17","Id":"x","Statement":[{"Sid":"s","Effect":"Allow","Action":["s3:ListBucket"],"Resource":["arn:aws:s3:::b"]}]}"#,
    );
    assert_eq!(one, many);
    assert_eq!(one.version.as_deref(), Some("2012-10-17"));
    assert!(one.problems.is_empty() && one.is_complete());
    let statement = &one.statements[0];
    assert_eq!(statement.actions, ["s3:ListBucket"]);
    assert_eq!(statement.principals, Principals::List(Vec::new()));
}

// IAM API Reference, GetRolePolicy: the document in the reply is URL-encoded (RFC 3986).
#[test]
fn url_encoded_and_quoted_text_reads_the_same() {
    let text = r#"{"Statement": [{"Effect":"Deny","NotAction":"iam:*","Resource":"*"}]}"#;
    let encoded =
        percent_encoding::utf8_percent_encode(text, percent_encoding::NON_ALPHANUMERIC).to_string();
    let quoted = serde_json::to_string(text).unwrap();
    assert_eq!(parse(text), parse(&encoded));
    assert_eq!(parse(text), parse(&quoted));
    assert_eq!(parse(text), parse(&format!("\u{feff} \n{text}\n")));
    // A percent sign inside plain JSON is left alone.
    let plain = parse(r#"{"Id":"%7B","Statement":[]}"#);
    assert_eq!(plain.id.as_deref(), Some("%7B"));
}

// IAM User Guide, "AWS JSON policy elements: Principal".
#[test]
fn principals_of_every_kind() {
    let document = parse(
        r#"{"Statement":{"Effect":"Allow","Principal":{"AWS":["111122223333","arn:aws:iam::444455556666:root"],"Service":"ecs.amazonaws.com","Federated":"cognito-identity.amazonaws.com","CanonicalUser":"79a59d"},"Action":"*"}}"#,
    );
    let principals = document.statements[0].principals.listed();
    let kinds: Vec<PrincipalKind> = principals.iter().map(|p| p.kind).collect();
    use PrincipalKind::*;
    assert_eq!(kinds, [Aws, Aws, Service, Federated, CanonicalUser]);
    let any = parse(r#"{"Statement":{"Effect":"Allow","Principal":"*","Action":"*"}}"#);
    assert_eq!(any.statements[0].principals, Principals::Any);
}

#[test]
fn conditions_are_one_per_operator_and_key() {
    let document = parse(
        r#"{"Statement":{"Effect":"Allow","Action":"*","Resource":"*","Condition":{"Bool":{"aws:SecureTransport":true},"NumericLessThan":{"s3:max-keys":[10,"20"]}}}}"#,
    );
    let conditions = &document.statements[0].conditions;
    assert_eq!(conditions[0].values, ["true"]);
    assert_eq!(conditions[1].key, "s3:max-keys");
    assert_eq!(conditions[1].values, ["10", "20"]);
}

#[test]
fn a_bad_statement_does_not_cost_its_neighbours() {
    let document = parse(
        r#"{"Statement":[{"Effect":"Allow","Action":"a:B","Resource":"*"},7,{"Effect":"Perhaps","Action":"a:B"},{"Effect":"Allow","Action":"a:B","Condition":{"Bool":"yes"}},{"Effect":"Deny","Action":"a:C","Resource":"*"}]}"#,
    );
    let effects: Vec<Effect> = document.statements.iter().map(|s| s.effect).collect();
    assert_eq!(effects, [Effect::Allow, Effect::Deny]);
    let problems: Vec<(Option<usize>, Fault)> =
        document.problems.iter().map(|p| (p.statement, p.fault.clone())).collect();
    assert_eq!(
        problems,
        [
            (Some(1), Fault::NotAStatement),
            (Some(2), Fault::Effect),
            (Some(3), Fault::Form("Condition")),
        ]
    );
    assert!(!document.is_complete());
}

#[test]
fn every_fault_has_its_name() {
    let statement = |inner: &str| faults(&format!(r#"{{"Statement":{{{inner}}}}}"#));
    assert_eq!(faults("{}"), [Fault::NoStatement]);
    assert_eq!(statement(r#""Action":"*""#), [Fault::Effect]);
    assert_eq!(statement(r#""Effect":"Allow""#), [Fault::NoAction]);
    assert_eq!(
        statement(r#""Effect":"Allow","Action":"*","NotAction":"*""#),
        [Fault::Both("Action")]
    );
    assert_eq!(statement(r#""Effect":"Allow","Action":[["*"]]"#), [Fault::Form("Action")]);
    assert_eq!(
        statement(r#""Effect":"Allow","Action":"*","Principal":"111122223333""#),
        [Fault::Form("Principal")]
    );
    assert_eq!(
        statement(r#""Effect":"Allow","Action":"*","Principal":{"Robot":"x"}"#),
        [Fault::UnknownPrincipalKind("Robot".to_owned())]
    );
}

#[test]
fn harmless_oddities_are_read_and_listed() {
    let document = parse(
        r#"{"statement":{"EFFECT":"allow","action":"*","Action":"s3:*","resource":"*","Comment":"x","Sid":{}}}"#,
    );
    let statement = &document.statements[0];
    assert_eq!(statement.effect, Effect::Allow);
    assert_eq!(statement.actions, ["*", "s3:*"]);
    assert_eq!(document.problems.len(), 4);
    assert!(document.is_complete());
}

#[test]
fn what_is_no_policy_is_an_error() {
    for text in ["", "null", "[]", "\"\"", "{", "HIDDEN_DUE_TO_SECURITY_REASONS", "%7B"] {
        assert!(Document::parse(text).is_err(), "{text}");
    }
    assert!(matches!(Document::parse("%ff%fe"), Err(Error::Encoding(_))));
    let long = " ".repeat(BYTES_MAX + 1);
    assert!(matches!(Document::parse(&long), Err(Error::TooLong { .. })));
    let deep = format!("{{\"Statement\":{}", "[".repeat(100_000));
    assert!(matches!(Document::parse(&deep), Err(Error::Json(_))));
}

/// Everything that is asked of a document, for its side effect of not panicking.
fn ask_everything(text: &str) {
    minified_len(text);
    let Ok(document) = Document::parse(text) else {
        return;
    };
    is_admin_like(&document);
    for grant in trust::grants(&document) {
        trust::narrowing(&grant);
        let issuer = grant.who.issuer().unwrap_or(text);
        trust::oidc_weakness(&grant, issuer);
    }
    assert_eq!(trust::compare_trust(Some(&document), &document), []);
    assert!(removed_denies(&document, &document).is_empty());
}

/// Texts that look enough like policies to reach every corner.
fn near_policy() -> impl Strategy<Value = String> {
    let piece = prop::sample::select(vec![
        "*",
        "?",
        "${",
        "}",
        ":",
        "/",
        "sts:*",
        "sts:AssumeRole",
        "111122223333",
        "arn:aws:iam::",
        "root",
        "role/",
        "repo:",
        "é",
        "\u{202e}",
        "AROA",
        "0.0.0.0/0",
        "o-a/",
        "",
        "token.actions.githubusercontent.com",
        ":oidc-provider/",
        "https://",
    ]);
    let text = prop::collection::vec(piece, 0..4).prop_map(|parts| parts.concat());
    let key = prop::sample::select(vec![
        "aws:PrincipalArn",
        "aws:SourceArn",
        "aws:userid",
        "aws:SourceIp",
        "aws:PrincipalOrgPaths",
        "token.actions.githubusercontent.com:sub",
        "sts:ExternalId",
        "SAML:sub",
    ]);
    let operator = prop::sample::select(vec![
        "StringEquals",
        "StringLike",
        "ArnLikeIfExists",
        "ForAllValues:StringLike",
        "Null",
        "StringNotLike",
        "IpAddress",
    ]);
    let kind = prop::sample::select(vec!["AWS", "Federated", "Service", "CanonicalUser"]);
    let effect = prop::sample::select(vec!["Allow", "Deny"]);
    let action = prop::sample::select(vec!["Action", "NotAction"]);
    (effect, action, kind, operator, key, prop::collection::vec(text, 8)).prop_map(
        |(effect, action, kind, operator, key, texts)| {
            serde_json::json!({"Statement": [{
                "Effect": effect, action: texts[0..2], "Principal": {kind: texts[2..4]},
                "Resource": texts[4..6], "Condition": {operator: {key: texts[6..8]}},
            }, {
                "Effect": "Allow", "Action": "sts:*", "Principal": {kind: texts[2..4]},
                "Condition": {operator: {key: texts[6..8]}},
            }]})
            .to_string()
        },
    )
}

proptest! {
    #[test]
    fn any_text_is_read_without_panic(text in any::<String>()) {
        ask_everything(&text);
    }

    #[test]
    fn any_near_policy_is_read_without_panic(text in near_policy()) {
        ask_everything(&text);
    }

    #[test]
    fn any_cut_of_a_policy_is_read_without_panic(text in near_policy(), at in any::<prop::sample::Index>()) {
        let cut: String = text.chars().take(at.index(text.chars().count())).collect();
        ask_everything(&cut);
    }
}
