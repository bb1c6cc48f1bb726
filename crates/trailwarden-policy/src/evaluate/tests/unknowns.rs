//! What is not known: Kleene's logic, nothing guessed.

use serde_json::{Value, json};

use super::*;
use crate::evaluate::{
    Caller, Compiled, Context, Entry, Input, Layer, Layers, Outcome, Owner, Request, Truth, decide,
};
use crate::{Document, PolicyKind};

fn conditional(effect: &str, key: &str, value: &str) -> Value {
    document(json!({ "Effect": effect, "Action": "*", "Resource": "*",
        "Condition": { "StringEquals": { key: value } } }))
}

fn open(policies: &[Value]) -> Decision {
    decision(json!({ "identityPolicies": policies, "contextComplete": false }))
}

#[test]
fn a_key_that_decides_is_asked_for() {
    let decision =
        open(&[conditional("Allow", "aws:Some", "x"), conditional("Allow", "aws:Other", "y")]);
    assert_eq!(decision.outcome, Outcome::Unknown);
    assert_eq!(decision.missing_context, ["aws:other", "aws:some"]);
    assert_eq!(decision.statements.len(), 2);
}

#[test]
fn a_key_that_decides_nothing_is_not() {
    let decision = open(&[conditional("Allow", "aws:Some", "x"), allow_all()]);
    assert_eq!(decision.outcome, Outcome::Allow);
    let decision = open(&[conditional("Deny", "aws:Some", "x"), deny("s3:*", "*")]);
    assert_eq!(decision.outcome, Outcome::ExplicitDeny);
    // Beside a cap that denies for want of an allow, nothing else matters.
    let capped = json!({ "identityPolicies": [conditional("Allow", "aws:Some", "x")],
        "contextComplete": false, "scps": [[]] });
    assert_eq!(outcome(capped), "implicit_deny");
}

#[test]
fn an_open_deny_asks_only_for_its_own_keys() {
    let decision = open(&[
        allow_all(),
        conditional("Allow", "aws:Idle", "x"),
        conditional("Deny", "aws:Some", "x"),
    ]);
    assert_eq!(decision.outcome, Outcome::Unknown);
    assert_eq!(decision.missing_context, ["aws:some"]);
}

#[test]
fn a_level_that_is_settled_asks_for_nothing() {
    let given = json!({ "identityPolicies": [allow_all()], "contextComplete": false,
        "scps": [[allow_all(), conditional("Allow", "aws:Idle", "x")], [conditional("Allow", "aws:Some", "x")]] });
    assert_eq!(decision(given).missing_context, ["aws:some"]);
}

#[test]
fn a_denial_of_one_sort_or_the_other_is_a_denial() {
    let decision = open(&[conditional("Deny", "aws:Some", "x")]);
    assert_eq!((decision.outcome, decision.allowed), (Outcome::Unknown, Truth::False));
}

#[test]
fn one_key_can_be_unknown_in_a_complete_context() {
    let ask = |unknown: &str| {
        outcome(json!({ "identityPolicies": [conditional("Allow", "aws:Some", "x")],
            "unknownContext": [unknown] }))
    };
    assert_eq!(ask("AWS:SOME"), "unknown");
    assert_eq!(ask("aws:other"), "implicit_deny");
}

#[test]
fn a_variable_that_is_not_known_decides_nothing() {
    let ask = |resource: &str| {
        decision(json!({ "identityPolicies": [allow("*", resource)], "contextComplete": false }))
    };
    let decision = ask("arn:aws:s3:::bucket/${aws:username}");
    assert_eq!(decision.outcome, Outcome::Unknown);
    assert_eq!(decision.missing_context, ["aws:username"]);
}

#[test]
fn an_operator_that_is_not_known_decides_nothing() {
    let policy = document(json!({ "Effect": "Allow", "Action": "s3:*", "Resource": "*",
        "Condition": { "StringSounds": { "k": "x" } } }));
    let given = |action: &str| json!({ "action": action, "identityPolicies": [policy], "context": { "k": "x" } });
    assert_eq!(outcome(given("s3:GetObject")), "unknown");
    assert_eq!(outcome(given("ec2:RunInstances")), "implicit_deny");
    let compiled =
        Compiled::new("p", &Document::parse(&policy.to_string()).unwrap(), PolicyKind::Identity);
    assert_eq!(compiled.not_understood()[0].operator, "StringSounds");
}

// Amazon S3 User Guide, "Bucket policies": a canonical user id names an account, but not which.
#[test]
fn a_canonical_user_id_may_be_anyones_account() {
    let given = |principal: &str| json!({ "principal": principal, "resourcePolicy": grant(json!({ "CanonicalUser": "79a5" })) });
    assert_eq!(outcome(given(USER)), "unknown");
    assert_eq!(outcome(given("anonymous")), "implicit_deny");
}

#[test]
fn a_statement_that_could_not_be_read_may_say_anything() {
    let text =
        r#"{"Statement":[{"Effect":"Allow","Action":"*","Resource":"*"},{"Effect":"Perhaps"}]}"#;
    let half = Compiled::new("half", &Document::parse(text).unwrap(), PolicyKind::Identity);
    let context = Context::complete();
    let request = Request::new(Caller::parse(USER).unwrap(), "s3:GetObject", OBJECT, &context);
    let policies = [half];
    let input = Input { identity: &policies, ..Input::new(request) };
    let decision = evaluate(&input);
    assert_eq!(decision.outcome, Outcome::Unknown);
    assert_eq!(decision.unknown_layers, [Layer::Identity]);
    assert_eq!(decide(&input), Outcome::Unknown);
}

#[test]
fn a_layer_that_is_not_known_may_say_anything_of_its_kind() {
    let compile = |policy: &Value| {
        Compiled::new("p", &Document::parse(&policy.to_string()).unwrap(), PolicyKind::Identity)
    };
    let (all, none) = ([compile(&allow_all())], [compile(&deny("*", "*"))]);
    let context = Context::complete();
    let request = Request::new(Caller::parse(USER).unwrap(), "s3:GetObject", OBJECT, &context);
    for layer in Layer::ALL {
        let unknown = Layers::NONE.with(layer);
        let input = Input { identity: &all, unknown, ..Input::new(request) };
        let open = layer != Layer::Aws;
        assert_eq!(decide(&input) == Outcome::Unknown, open, "{layer}");
        let input = Input { identity: &none, unknown, ..Input::new(request) };
        assert_eq!(decide(&input), Outcome::ExplicitDeny, "{layer}");
    }
}

#[test]
fn an_owner_who_is_not_known_matters_only_where_accounts_do() {
    let compile = |policy: &Value, kind| {
        Compiled::new("p", &Document::parse(&policy.to_string()).unwrap(), kind)
    };
    let identity = [compile(&allow_all(), PolicyKind::Identity)];
    let resource = compile(&grant(json!("*")), PolicyKind::Resource);
    let context = Context::complete();
    let mut request = Request::new(Caller::parse(USER).unwrap(), "s3:GetObject", OBJECT, &context);
    request.owner = Owner::Unknown;
    let alone = Input { identity: &identity, ..Input::new(request) };
    assert_eq!(decide(&alone), Outcome::Unknown);
    assert_eq!(decide(&Input { resource: Some(&resource), ..alone }), Outcome::Allow);
}

// IAM User Guide, "Grammar of the IAM JSON policy language" does not say which of two counts.
#[test]
fn a_doubled_element_leaves_the_statement_open() {
    let ask = |text: &str, resource: &str| {
        let document = Document::parse(text).unwrap();
        let identity = [Compiled::new("p", &document, PolicyKind::Identity)];
        assert!(!identity[0].is_complete());
        let context = Context::complete();
        let request =
            Request::new(Caller::parse(USER).unwrap(), "s3:GetObject", resource, &context);
        let input = Input { identity: &identity, ..Input::new(request) };
        let decision = evaluate(&input);
        assert_eq!(decide(&input), decision.outcome);
        (decision.outcome, decision.unknown_layers)
    };
    let doubled = r#"{"Effect":"Deny","Effect":"Allow","Action":"s3:*","Resource":"*"}"#;
    let allow = r#"{"Effect":"Allow","Action":"s3:*","Resource":"*"}"#;
    let deny = r#"{"Effect":"Deny","Action":"s3:*","Resource":"*"}"#;
    for one in [doubled.to_owned(), format!("{doubled},{allow}")] {
        let said = ask(&format!(r#"{{"Statement":[{one}]}}"#), OBJECT);
        assert_eq!(said, (Outcome::Unknown, vec![Layer::Identity]), "{one}");
    }
    let said = ask(&format!(r#"{{"Statement":[{doubled},{deny}]}}"#), OBJECT);
    assert_eq!(said.0, Outcome::ExplicitDeny);
}

// IAM User Guide, "IAM policy elements: Variables and tags": `aws:userid` of a session of a role is
// the id of the role, a colon and the name of the session, which its caller chooses.
#[test]
fn what_begins_so_is_decided_where_the_rest_does_not_matter() {
    const START: &str = "AROAEXAMPLEEXAMPLE1:";
    for (operator, values, expected) in [
        ("StringLike", &["AROAEXAMPLEEXAMPLE1:*"][..], Outcome::Allow),
        ("StringLike", &["AROAEXAMPLEEXAMPLE2:*"], Outcome::ImplicitDeny),
        ("StringLike", &["AROAEXAMPLEEXAMPLE2:*", "*"], Outcome::Allow),
        ("StringLike", &["AROAEXAMPLEEXAMPLE1:ops-*"], Outcome::Unknown),
        ("StringLike", &["*:ops"], Outcome::Unknown),
        ("StringEquals", &["AROAEXAMPLEEXAMPLE1:one"], Outcome::Unknown),
        ("StringEquals", &["AIDAEXAMPLEEXAMPLE1"], Outcome::ImplicitDeny),
        ("StringEqualsIfExists", &["AIDAEXAMPLEEXAMPLE1"], Outcome::ImplicitDeny),
        ("StringNotEquals", &["AIDAEXAMPLEEXAMPLE1"], Outcome::Allow),
        ("StringNotLike", &["AROAEXAMPLEEXAMPLE1:*"], Outcome::ImplicitDeny),
        ("StringNotEquals", &["AROAEXAMPLEEXAMPLE1:one"], Outcome::Unknown),
        ("ForAnyValue:StringLike", &["AROAEXAMPLEEXAMPLE1:*"], Outcome::Allow),
        ("StringEqualsIgnoreCase", &["x"], Outcome::Unknown),
        ("Null", &["false"], Outcome::Allow),
        ("Null", &["true"], Outcome::ImplicitDeny),
    ] {
        let policy = document(json!({ "Effect": "Allow", "Action": "*", "Resource": "*",
            "Condition": { operator: { "aws:userid": values } } }));
        let policy = Document::parse(&policy.to_string()).unwrap();
        let identity = [Compiled::new("it", &policy, PolicyKind::Identity)];
        let ask = |context: &Context| {
            let caller = Caller::parse(ROLE).unwrap();
            let request = Request::new(caller, "s3:GetObject", OBJECT, context);
            evaluate(&Input { identity: &identity, ..Input::new(request) })
        };
        let open = ask(&Context::complete().with_start("aws:userid", START));
        assert_eq!(open.outcome, expected, "{operator} {values:?}");
        let is_asked = open.missing_context == ["aws:userid"];
        assert_eq!(is_asked, expected == Outcome::Unknown, "{operator} {values:?}");
        if expected == Outcome::Unknown {
            continue;
        }
        // What is definite holds for every end.
        for end in ["", "one", "ops", "ops-1", ":"] {
            let whole = ask(&Context::complete().with("aws:userid", &format!("{START}{end}")));
            assert_eq!(whole.outcome, expected, "{operator} {values:?} {end}");
        }
    }
}

// IAM User Guide, "AWS JSON policy elements: Principal": a deleted principal leaves its unique id.
#[test]
fn a_role_is_told_from_other_ids_without_its_session() {
    for (id, expected) in [
        ("AROAEXAMPLEEXAMPLE1", Outcome::Allow),
        ("AROAEXAMPLEEXAMPLE2", Outcome::ImplicitDeny),
        ("AIDAEXAMPLEEXAMPLE1", Outcome::ImplicitDeny),
    ] {
        let policy = Document::parse(&grant(json!({ "AWS": id })).to_string()).unwrap();
        let policy = Compiled::new("it", &policy, PolicyKind::Resource);
        let context = Context::complete().with_start("aws:userid", "AROAEXAMPLEEXAMPLE1:");
        let request = Request::new(Caller::parse(ROLE).unwrap(), "s3:GetObject", OBJECT, &context);
        let input = Input { resource: Some(&policy), ..Input::new(request) };
        assert_eq!(evaluate(&input).outcome, expected, "{id}");
    }
}

/// IAM User Guide, "AWS global condition context keys", `aws:TokenIssueTime`: it is there for temporary
/// credentials only, and those are not old.
#[test]
fn a_time_between_two_others_decides_what_lies_outside() {
    let holds = |operator: &str, value: &str, may_be_absent: bool| {
        let text = document(json!({ "Effect": "Allow", "Action": "*", "Resource": "*",
            "Condition": { operator: { "aws:TokenIssueTime": value } } }));
        let document = Document::parse(&text.to_string()).unwrap();
        let identity = [Compiled::new("p", &document, PolicyKind::Identity)];
        let mut context = Context::incomplete();
        let begun = Entry::Between { from: 1_000_000, to: 2_000_000, may_be_absent };
        context.insert("aws:TokenIssueTime", begun);
        let caller = Caller::parse("arn:aws:iam::111122223333:user/alice").unwrap();
        let request = Request::new(caller, "s3:GetObject", "arn:aws:s3:::b/k", &context);
        decide(&Input { identity: &identity, ..Input::new(request) })
    };
    use Outcome::{Allow, ImplicitDeny, Unknown};
    for (operator, value, when_given, perhaps) in [
        ("DateLessThan", "999999", ImplicitDeny, ImplicitDeny),
        ("DateLessThan", "1000000", ImplicitDeny, ImplicitDeny),
        ("DateLessThan", "1500000", Unknown, Unknown),
        ("DateLessThan", "2000001", Allow, Unknown),
        ("DateLessThanIfExists", "2000001", Allow, Allow),
        ("DateLessThanIfExists", "999999", ImplicitDeny, Unknown),
        ("DateGreaterThan", "999999", Allow, Unknown),
        ("DateGreaterThanEquals", "2000001", ImplicitDeny, ImplicitDeny),
        ("DateEquals", "1500000", Unknown, Unknown),
        ("DateEquals", "3000000", ImplicitDeny, ImplicitDeny),
        ("DateNotEquals", "3000000", Allow, Allow),
        ("DateNotEquals", "1500000", Unknown, Unknown),
        ("DateLessThan", "soon", Unknown, Unknown),
        ("Null", "false", Allow, Unknown),
        ("Null", "true", ImplicitDeny, Unknown),
    ] {
        assert_eq!(holds(operator, value, false), when_given, "{operator} {value}");
        assert_eq!(holds(operator, value, true), perhaps, "{operator} {value}, if given");
    }
}

/// IAM User Guide, "IAM JSON policy elements: Condition operators": `StringEquals` takes no wildcards,
/// and no address is `*`.
#[test]
fn what_a_key_never_is_needs_no_value() {
    let asked = |operator: &str, value: Value| {
        let statement = json!({ "Effect": "Allow", "Action": "*", "Resource": "*",
            "Condition": { operator: { "aws:SourceIp": value } } });
        open(&[document(statement)]).outcome
    };
    assert_eq!(asked("StringEquals", json!("*")), Outcome::ImplicitDeny);
    assert_eq!(asked("StringEquals", json!(["*", "192.0.2.0/24"])), Outcome::ImplicitDeny);
    assert_eq!(asked("StringNotEquals", json!("*")), Outcome::Allow);
    // IAM User Guide, "Set operators for multivalued context keys": without one, several values match
    // nothing, negated or not.
    let paths = json!({ "Effect": "Allow", "Action": "*", "Resource": "*",
        "Condition": { "StringNotEquals": { "aws:PrincipalOrgPaths": "o-abc/*" } } });
    assert_eq!(open(&[document(paths)]).outcome, Outcome::Unknown);
    for (operator, value) in [
        ("StringEquals", json!(["*", "192.0.2.1"])),
        ("StringEqualsIfExists", json!("*")),
        ("StringLike", json!("*")),
        ("IpAddress", json!("192.0.2.0/24")),
    ] {
        assert_eq!(asked(operator, value.clone()), Outcome::Unknown, "{operator} {value}");
    }
}
