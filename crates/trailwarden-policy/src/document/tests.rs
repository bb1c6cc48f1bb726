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
    assert_eq!(statement(r#""Action":"*""#), [Fault::NoEffect]);
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
        r#"{"statement":{"EFFECT":"allow","action":"*","resource":"*","Comment":"x","Sid":"x","sid":{}}}"#,
    );
    let statement = &document.statements[0];
    assert_eq!(statement.effect, Effect::Allow);
    assert_eq!(statement.actions, ["*"]);
    assert_eq!(document.problems.len(), 4);
    assert!(document.is_complete() && document.is_definite(0));
}

// IAM User Guide, "Grammar of the IAM JSON policy language": a name may stand once; which of two
// counts, it does not say.
#[test]
fn a_statement_with_a_doubled_element_may_mean_two_things() {
    let doubled = r#"{"Effect":"Deny","Effect":"Allow","action":"*","Action":"s3:*"}"#;
    let single = r#"{"Effect":"Allow","Action":"s3:*"}"#;
    let document = parse(&format!(r#"{{"Statement":[{{}},{single},{doubled},{single}]}}"#));
    assert_eq!(document.statements[1].actions, ["*", "s3:*"]);
    let definite: Vec<bool> = (0..3).map(|kept| document.is_definite(kept)).collect();
    assert_eq!(definite, [true, false, true]);
    assert!(!parse(&format!(r#"{{"Statement":{doubled}}}"#)).is_complete());
    let version = parse(&format!(
        r#"{{"Version":"2012-10-17","Version":"2008-10-17","Statement":{single}}}"#
    ));
    assert!(!version.is_definite(0) && !version.is_complete());
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

// IAM User Guide, "Grammar of the IAM JSON policy language": a name may stand once.
#[test]
fn doubled_operators_and_keys_are_read_and_listed() {
    let text = r#"{"Statement":{"Effect":"Allow","Action":"*","Resource":"*","Condition":{"StringEquals":{"aws:a":"1","AWS:A":"2"},"stringequals":{"b":"3"}}}}"#;
    let document = parse(text);
    assert_eq!(document.statements[0].conditions.len(), 3);
    let shown: Vec<&str> = document.problems.iter().map(|p| p.span.of(text)).collect();
    assert_eq!(shown, ["\"stringequals\"", "\"AWS:A\""]);
    assert_eq!(
        faults(
            r#"{"Statement":{"Effect":"Allow","Action":"a:B","Principal":{"AWS":"1","aws":"2"}}}"#
        ),
        [Fault::Twice("aws".to_owned())]
    );
}

#[test]
fn every_value_has_its_place() {
    let text = r#"{
  "Version": 2012,
  "Statement": [
    {"Effect": "Maybe", "Action": ["a:B", "c:D"], "Resource": "*"},
    {"Sid": "x", "Effect": "Allow", "Principal": {"AWS": ["1", "2"], "Service": "s"}, "Action": "e:F",
     "ACTION": ["g:H", "i:J"], "Resource": ["r1", "r2"],
     "Condition": {"Null": {}, "Bool": {"k": true}, "StringLike": {"l": ["m", "n"], "o": "p"}}}
  ]
}"#;
    let document = parse(text);
    let places = &document.places;
    let at = |statement, element, value| places.find(statement, element, value).of(text);
    use Element::*;
    assert_eq!(at(None, Some(Version), None), "2012");
    assert_eq!(places.element(Version).unwrap().name.of(text), "\"Version\"");
    // The statement that was left out keeps its places.
    assert_eq!((places.statements[0].kept, places.statements[1].kept), (None, Some(0)));
    assert_eq!(at(Some(0), Some(Action), Some(1)), "\"c:D\"");
    assert_eq!((places.written_index(0), places.written_index(1)), (Some(1), None));
    // An element that stands twice is one list.
    let statement = places.of_kept(0).unwrap();
    let actions: Vec<&str> = statement.values(Action).map(|v| v.span.of(text)).collect();
    assert_eq!(actions, ["\"e:F\"", "\"g:H\"", "\"i:J\""]);
    assert_eq!(at(Some(1), Some(Principal), Some(2)), "\"s\"");
    let keys = statement.values(Principal).map(|v| v.key.unwrap().of(text));
    assert_eq!(keys.collect::<Vec<_>>(), ["\"AWS\"", "\"AWS\"", "\"Service\""]);
    let shown: Vec<[&str; 3]> = statement
        .conditions
        .iter()
        .map(|c| [c.operator.of(text), c.key.of(text), c.values[0].span.of(text)])
        .collect();
    assert_eq!(
        shown,
        [
            ["\"Bool\"", "\"k\"", "true"],
            ["\"StringLike\"", "\"l\"", "\"m\""],
            ["\"StringLike\"", "\"o\"", "\"p\""],
        ]
    );
    assert!(statement.conditions[0].values[0].is_literal);
    assert_eq!(statement.operators[0].1.of(text), "{}");
    // What is not there is pointed at by what holds it.
    assert_eq!(at(Some(1), Some(Resource), Some(7)), r#"["r1", "r2"]"#);
    assert!(at(Some(1), Some(NotResource), None).starts_with("{\"Sid\""));
    assert_eq!(at(Some(9), None, None), text);
}

#[test]
fn problems_say_where_and_what_to_do() {
    let text = r#"{"Statement":[{"Effect":"allow","Acton":"*","Resource":[{}],"Principal":{"Aws_":"1"}},
{"Effect":"Allow","Action":"*","NotAction":"*","Condition":{"Bool":{"k":[1,[]]}}}]}"#;
    let shown: Vec<String> = parse(text)
        .problems
        .iter()
        .map(|p| {
            format!("{} {}: {}", crate::line_column(text, p.span.start), p.span.of(text), p.help())
        })
        .collect();
    let expected = expect_test::expect![[r#"
        1:25 "allow": write `Allow`
        1:33 "Acton": did you mean `Action`?
        1:57 {}: write `Resource` as a text or a list of texts in double quotes
        1:74 "Aws_": did you mean `AWS`?
        2:76 []: write `{"StringEquals": {"aws:PrincipalTag/team": "ops"}}`: operator, key, text or list of texts
        2:32 "NotAction": keep one of `Action` and `NotAction`, or write two statements
    "#]];
    expected.assert_eq(&(shown.join("\n") + "\n"));
}

#[test]
fn places_are_those_of_the_decoded_text() {
    let text = r#"{"Statement": [{"Effect":"Deny","NotAction":"iam:*","Resource":"é"}]}"#;
    let encoded =
        percent_encoding::utf8_percent_encode(text, percent_encoding::NON_ALPHANUMERIC).to_string();
    for given in [
        text.to_owned(),
        format!("\u{feff}\n {text} "),
        encoded.clone(),
        serde_json::to_string(text).unwrap(),
        serde_json::to_string(&encoded).unwrap(),
    ] {
        let decoded = Document::decode(&given).unwrap();
        let place = parse(&given).places.find(Some(0), Some(Element::Resource), None);
        assert_eq!(place.of(&decoded), "\"é\"", "{given}");
    }
    let error = Document::parse("\u{feff} {\n\"a\":1,}").unwrap_err();
    assert_eq!(
        error.to_string(),
        "the policy text is not valid JSON: line 2, column 6: a comma before the closing bracket"
    );
    assert_eq!(error.help(), "remove the comma");
    assert_eq!(error.span(), Some(Span::new(11, 12)));
}

/// Every text of every kept statement is what its place says.
fn assert_places(document: &Document, text: &str) {
    let text = Document::decode(text).unwrap();
    let said = |place: &ValuePlace| match place.is_literal {
        true => place.span.of(&text).to_owned(),
        false => serde_json::from_str::<String>(place.span.of(&text)).unwrap(),
    };
    for (kept, statement) in document.statements.iter().enumerate() {
        let places = document.places.of_kept(kept).unwrap();
        let lists = [
            (Element::Action, statement.actions.clone()),
            (Element::NotAction, statement.not_actions.clone().unwrap_or_default()),
            (Element::Resource, statement.resources.clone()),
            (Element::NotResource, statement.not_resources.clone().unwrap_or_default()),
        ];
        for (element, list) in lists {
            assert_eq!(places.values(element).map(said).collect::<Vec<_>>(), list);
        }
        let listed = statement.principals.listed().iter().map(|p| p.value.clone());
        if statement.principals != Principals::Any {
            let principals = places.values(Element::Principal).map(said);
            assert_eq!(principals.collect::<Vec<_>>(), listed.collect::<Vec<_>>());
        }
        assert_eq!(places.conditions.len(), statement.conditions.len());
        for (place, condition) in places.conditions.iter().zip(&statement.conditions) {
            assert_eq!(place.values.iter().map(said).collect::<Vec<_>>(), condition.values);
        }
    }
    for problem in &document.problems {
        assert!(!problem.span.of(&text).is_empty() && !problem.help().is_empty());
    }
}

/// Everything that is asked of a document, for its side effect of not panicking.
fn ask_everything(text: &str) {
    minified_len(text);
    let document = match Document::parse(text) {
        Ok(document) => document,
        Err(error) => {
            assert!(!error.to_string().is_empty() && !error.help().is_empty());
            return;
        }
    };
    assert_places(&document, text);
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

    /// Members in any order, doubled or of the wrong form: what is kept has its places.
    #[test]
    fn any_mix_of_members_keeps_its_places(
        members in prop::collection::vec((
            prop::sample::select(vec!["Effect", "effect", "Action", "ACTION", "NotAction", "Resource", "Principal", "Condition", "Sid", "X"]),
            prop::sample::select(vec!["\"Allow\"", "\"*\"", "[\"a:B\",1]", "{\"AWS\":[\"1\",\"\\u00e9\"]}", "{\"Bool\":{\"k\":true,\"K\":[]}}", "null", "[]"]),
        ), 0..8),
        gap in "[ \n\t]{0,2}",
    ) {
        let members: Vec<String> =
            members.iter().map(|(name, value)| format!("{gap}\"{name}\"{gap}:{value}{gap}")).collect();
        let text = format!("{{\"Statement\":[{{{}}}{gap}]}}", members.join(","));
        prop_assert_eq!(parse(&text).places.statements.len(), 1);
        ask_everything(&text);
    }

    #[test]
    fn any_cut_of_a_policy_is_read_without_panic(text in near_policy(), at in any::<prop::sample::Index>()) {
        let cut: String = text.chars().take(at.index(text.chars().count())).collect();
        ask_everything(&cut);
    }
}
