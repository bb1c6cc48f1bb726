//! The symbolic reach against the evaluator, on generated policies and requests.
//!
//! The vocabulary is small on purpose, so that statements overlap, shadow and contradict each other
//! often. Requests are all combinations of actions, resources (in the patterns and just beside
//! them) and contexts. Whether a single pattern or condition fits is asked of the evaluator too, so
//! what is tested here is the algebra over them.

#![expect(clippy::unwrap_used, reason = "the texts are written in this file")]

use std::cell::RefCell;
use std::collections::HashMap;

use proptest::prelude::*;
use proptest::sample::select;
use trailwarden_policy::evaluate::{
    Caller, Compiled, Context, Input, Outcome, Owner, Request, decide,
};
use trailwarden_policy::facts::facts;
use trailwarden_policy::reach::{
    Conditions, Glob, Grant, Limits, Precision, Predicate, Reach, compare, without_the_alike,
};
use trailwarden_policy::{Document, PolicyKind};

const ACTIONS: &[&str] = &[
    r#""Action":"s3:GetObject""#,
    r#""Action":"s3:PutObject""#,
    r#""Action":["s3:*","ec2:Describe*"]"#,
    r#""Action":"s3:Get*""#,
    r#""Action":"*""#,
    r#""Action":["iam:PassRole","ec2:DescribeInstances"]"#,
    r#""Action":"*:?et*""#,
    r#""Action":["foo:Bar","S3:getobject"]"#,
    r#""NotAction":["iam:*","foo:*"]"#,
    r#""NotAction":"s3:Put*""#,
];

const RESOURCES: &[&str] = &[
    r#""Resource":"*""#,
    r#""Resource":"arn:aws:s3:::a/*""#,
    r#""Resource":["arn:aws:s3:::a/x*","arn:aws:iam::111122223333:role/*"]"#,
    r#""Resource":"arn:aws:s3:::?/x""#,
    r#""Resource":"arn:aws:s3:::*""#,
    r#""Resource":"arn:aws:s*:::a/x""#,
    r#""Resource":"arn:*:role/x""#,
    r#""Resource":["arn:aws:s3:::a/${aws:username}","arn:aws:s3:::b/${aws:username, 'x'}"]"#,
    r#""Resource":"arn:aws:s3:::${aws:username}/*""#,
    r#""NotResource":"arn:aws:s3:::a/*""#,
    r#""NotResource":["arn:aws:s3:::a/x","arn:aws:iam::*:role/x"]"#,
    r#""NotResource":"arn:aws:s3:::a/${aws:username}""#,
];

const CONDITIONS: &[&str] = &[
    r#""StringEquals":{"aws:PrincipalTag/t":"a"}"#,
    r#""StringEquals":{"aws:PrincipalTag/t":["a","b"]}"#,
    r#""StringLike":{"aws:PrincipalTag/t":["b*","c"]}"#,
    r#""StringNotEquals":{"aws:PrincipalTag/t":"a"}"#,
    r#""StringNotLike":{"aws:PrincipalTag/t":"b*"}"#,
    r#""StringEqualsIfExists":{"aws:PrincipalTag/t":["a","bc"]}"#,
    r#""StringEqualsIgnoreCase":{"aws:PrincipalTag/t":"A"}"#,
    r#""Null":{"aws:PrincipalTag/t":"true"}"#,
    r#""Null":{"aws:PrincipalTag/t":"false"}"#,
    r#""StringEquals":{"aws:PrincipalTag/t":"${aws:username}"}"#,
    r#""StringNotEquals":{"aws:PrincipalTag/t":["${aws:username}","a"]}"#,
    r#""Bool":{"aws:MultiFactorAuthPresent":"true"}"#,
    r#""BoolIfExists":{"aws:MultiFactorAuthPresent":"false"}"#,
    r#""ForAllValues:StringEquals":{"aws:TagKeys":["a","b"]}"#,
    r#""ForAnyValue:StringLike":{"aws:TagKeys":"b*"}"#,
    r#""ForAnyValue:StringNotEquals":{"aws:TagKeys":"a"}"#,
    r#""ForAllValues:StringNotEquals":{"aws:TagKeys":"b"},"Null":{"aws:TagKeys":"false"}"#,
    r#""StringEquals":{"aws:TagKeys":"a"}"#,
    r#""NumericLessThan":{"s3:max-keys":"10"}"#,
    r#""NumericGreaterThanEquals":{"s3:max-keys":["10","5"]}"#,
    r#""NumericNotEquals":{"s3:max-keys":"10"}"#,
    r#""IpAddress":{"aws:SourceIp":["10.0.0.0/8","2001:db8::/32"]}"#,
    r#""NotIpAddress":{"aws:SourceIp":"10.1.0.0/16"}"#,
    r#""DateLessThan":{"aws:CurrentTime":"2026-06-01T00:00:00Z"}"#,
    r#""DateGreaterThan":{"aws:CurrentTime":"1767225600"}"#,
    r#""ArnLike":{"aws:SourceArn":"arn:aws:s3:*:*:a*"}"#,
    r#""ArnNotLike":{"aws:SourceArn":"arn:aws:s3:::*"}"#,
    r#""StringLike":{"aws:SourceArn":"arn:aws:s3:::a*"}"#,
    r#""StringEquals":{"aws:PrincipalTag/t":"a"},"Bool":{"aws:MultiFactorAuthPresent":"true"}"#,
];

/// Names the table knows, one that takes no resource, and two that it does not know.
const ASKED_ACTIONS: &[&str] = &[
    "s3:GetObject",
    "s3:PutObject",
    "s3:DeleteObject",
    "iam:PassRole",
    "iam:CreateUser",
    "ec2:DescribeInstances",
    "foo:Bar",
    "s3:GetWhatever",
];

const ASKED_RESOURCES: &[&str] = &[
    "arn:aws:s3:::a/x",
    "arn:aws:s3:::a/xyz",
    "arn:aws:s3:::a/alice",
    "arn:aws:s3:::a",
    "arn:aws:s3:::b/x",
    "arn:aws:s3:::alice/x",
    "arn:aws:iam::111122223333:role/x",
    "arn:aws:iam::111122223333:role/p/y",
];

/// Only keys that AWS sends with several values have several here: of such a list neither a condition
/// nor its negation holds, which the algebra rules out for keys of one value.
///
/// Source: IAM User Guide, "AWS global condition context keys" (`aws:PrincipalTag`: single-valued).
fn contexts() -> Vec<Context> {
    let base = Context::complete;
    let many = |values: &[&str]| base().with_many("aws:TagKeys", values.iter().copied());
    vec![
        base(),
        base().with("aws:PrincipalTag/t", "a").with("aws:username", "alice"),
        base().with("aws:PrincipalTag/t", "alice").with("aws:username", "alice"),
        base().with("aws:PrincipalTag/t", "bc").with("aws:MultiFactorAuthPresent", "true"),
        base().with("aws:PrincipalTag/t", "A").with("aws:username", "x"),
        base().with("aws:PrincipalTag/t", "c").with("aws:MultiFactorAuthPresent", "false"),
        base().with("aws:PrincipalTag/t", "").with_many("aws:TagKeys", [""]),
        base().with("aws:PrincipalTag/t", "a/x").with("aws:username", "a/x"),
        many(&["a"]),
        many(&["a", "b"]).with("aws:MultiFactorAuthPresent", "true"),
        many(&["bb", "c"]).with("aws:PrincipalTag/t", "b"),
        base().with("aws:TagKeys", "a").with("s3:max-keys", "7"),
        base().with("s3:max-keys", "10").with("aws:SourceIp", "10.1.2.3"),
        base().with("s3:max-keys", "many").with("aws:SourceIp", "10.2.0.1"),
        base().with("aws:SourceIp", "2001:db8::1").with("aws:CurrentTime", "2025-01-01T00:00:00Z"),
        base()
            .with("aws:SourceIp", "::ffff:10.1.2.3")
            .with("aws:CurrentTime", "2026-03-01T00:00:00Z"),
        base()
            .with("aws:SourceArn", "arn:aws:s3:::abc")
            .with("aws:CurrentTime", "2027-01-01T00:00:00Z"),
        base().with("aws:SourceArn", "arn:aws:s3:eu-west-1:111122223333:ab:c"),
        base().with("aws:SourceArn", "not an arn").with("aws:MultiFactorAuthPresent", "true"),
    ]
}

fn statement() -> impl Strategy<Value = String> {
    let effect = prop_oneof![3 => Just("Allow"), 2 => Just("Deny")];
    let condition = prop_oneof![2 => Just(None), 2 => select(CONDITIONS).prop_map(Some)];
    (effect, select(ACTIONS), select(RESOURCES), condition).prop_map(
        |(effect, actions, resources, condition)| {
            let condition =
                condition.map_or_else(String::new, |one| format!(r#","Condition":{{{one}}}"#));
            format!(r#"{{"Effect":"{effect}",{actions},{resources}{condition}}}"#)
        },
    )
}

fn document(version: &str, statements: &[String]) -> Document {
    let text = format!(r#"{{"Version":"{version}","Statement":[{}]}}"#, statements.join(","));
    let document = Document::parse(&text).unwrap();
    assert!(document.problems.is_empty(), "{text}: {:?}", document.problems);
    document
}

fn policy() -> impl Strategy<Value = Document> {
    let version = prop_oneof![4 => Just("2012-10-17"), 1 => Just("2008-10-17")];
    (version, prop::collection::vec(statement(), 1..4))
        .prop_map(|(version, statements)| document(version, &statements))
}

fn policies() -> impl Strategy<Value = Vec<Document>> {
    prop::collection::vec(policy(), 1..3)
}

fn compiled(policies: &[Document], kind: PolicyKind) -> Vec<Compiled> {
    policies.iter().map(|document| Compiled::new("policy", document, kind)).collect()
}

#[derive(Clone, Copy)]
struct Asked<'a> {
    action: &'a str,
    resource: &'a str,
    context: &'a Context,
}

impl<'a> Asked<'a> {
    fn request(self) -> Request<'a> {
        let caller = Caller::parse("arn:aws:iam::111122223333:user/alice").unwrap();
        let mut request = Request::new(caller, self.action, self.resource, self.context);
        request.owner = Owner::Caller;
        request.is_wildcard_only =
            facts().action(self.action).is_some_and(|action| action.is_wildcard_only());
        request
    }

    fn is_allowed(self, identity: &[Compiled]) -> bool {
        decide(&Input { identity, ..Input::new(self.request()) }) == Outcome::Allow
    }

    /// Whether one statement with this inside covers the request.
    fn fits(self, version: &str, inside: &str) -> bool {
        thread_local! {
            static POLICIES: RefCell<HashMap<String, Vec<Compiled>>> = RefCell::default();
        }
        POLICIES.with_borrow_mut(|policies| {
            let policy = policies.entry(format!("{version} {inside}")).or_insert_with(|| {
                let statement = format!(r#"{{"Effect":"Allow","Action":"*",{inside}}}"#);
                compiled(&[document(version, &[statement])], PolicyKind::Identity)
            });
            self.is_allowed(policy)
        })
    }

    fn fits_glob(self, glob: &Glob) -> bool {
        self.fits("2012-10-17", &format!(r#""Resource":"{glob}""#))
    }

    fn fits_predicate(self, predicate: &Predicate) -> bool {
        let condition = predicate.to_condition();
        let version = if predicate.has_variables() { "2012-10-17" } else { "2008-10-17" };
        let values = condition.values.iter().map(|v| format!("{v:?}")).collect::<Vec<_>>();
        let inside = format!(
            r#""Resource":"*","Condition":{{"{}":{{"{}":[{}]}}}}"#,
            condition.operator,
            condition.key,
            values.join(",")
        );
        self.fits(version, &inside)
    }

    fn fits_conditions(self, conditions: &Conditions) -> bool {
        conditions.all().iter().all(|one| self.fits_predicate(one))
            && !conditions
                .unless()
                .iter()
                .any(|group| group.iter().all(|one| self.fits_predicate(one)))
    }

    fn is_in(self, grants: &[Grant]) -> bool {
        grants.iter().any(|grant| {
            let has = match facts().action(self.action) {
                Some(action) => grant.actions.known().contains(action.id()),
                None => grant.actions.unknown().contains(&self.action.to_ascii_lowercase()),
            };
            has && grant.resources.iter().any(|area| {
                area.within().iter().all(|glob| self.fits_glob(glob))
                    && !area.except().iter().any(|glob| self.fits_glob(glob))
            }) && self.fits_conditions(&grant.conditions)
        })
    }
}

/// Every combination would be some thousand; every seventh, beginning anywhere, is enough.
fn asked(contexts: &[Context], from: usize) -> Vec<Asked<'_>> {
    let mut all = Vec::new();
    for context in contexts {
        for resource in ASKED_RESOURCES {
            all.extend(ASKED_ACTIONS.iter().map(|action| Asked { action, resource, context }));
        }
    }
    all.into_iter().skip(from % 7).step_by(7).collect()
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 64, failure_persistence: None, ..ProptestConfig::default() })]

    /// Source: IAM User Guide, "Policy evaluation logic".
    #[test]
    fn reach_agrees_with_evaluation(policies in policies(), from in 0_usize..7) {
        let reach = Reach::of(&policies);
        prop_assert_eq!(reach.precision(), Precision::Exact);
        let identity = compiled(&policies, PolicyKind::Identity);
        for asked in asked(&contexts(), from) {
            prop_assert_eq!(
                asked.is_in(reach.grants()),
                asked.is_allowed(&identity),
                "{} {} {:?}\n{:#?}", asked.action, asked.resource, asked.context, reach.grants()
            );
        }
    }

    /// In both directions: nothing is hidden, and nothing is made up.
    #[test]
    fn compare_tells_exactly_what_differs(
        old in policies(), new in policies(), from in 0_usize..7,
    ) {
        let (whole_old, whole_new) = (Reach::of(&old), Reach::of(&new));
        let change = compare(&whole_old, &whole_new);
        prop_assert_eq!(change.gained_precision, Precision::Exact);
        let (few_old, few_new) = without_the_alike(&whole_old, &whole_new);
        prop_assert_eq!(&compare(&few_old, &few_new), &change);
        let (old, new) = (
            compiled(&old, PolicyKind::Identity),
            compiled(&new, PolicyKind::Identity),
        );
        let gained = [change.gained.clone(), change.gained_in_future].concat();
        let lost = [change.lost, change.lost_in_future].concat();
        for asked in asked(&contexts(), from) {
            let (before, after) = (asked.is_allowed(&old), asked.is_allowed(&new));
            let tell = || format!(
                "{} {} {:?}\n{gained:#?}\n{lost:#?}", asked.action, asked.resource, asked.context
            );
            prop_assert_eq!(asked.is_in(&gained), after && !before, "{}", tell());
            prop_assert_eq!(asked.is_in(&lost), before && !after, "{}", tell());
        }
        for grant in &change.gained {
            witnesses(grant, &old, &new)?;
        }
    }

    /// A change is never seen where only the wording changed.
    #[test]
    fn order_never_matters(mut policies in policies(), rotate in 0_usize..4) {
        let reach = Reach::of(&policies);
        policies.reverse();
        for policy in &mut policies {
            let by = rotate % policy.statements.len();
            policy.statements.rotate_left(by);
        }
        let other = Reach::of(&policies);
        prop_assert_eq!(&reach, &other);
        prop_assert!(compare(&reach, &other).is_empty());
        // And with what it says said once more, in pieces.
        prop_assert!(compare(&reach, &reach.union(&other)).is_empty());
        prop_assert!(reach.subtract(&other).is_nothing());
        prop_assert!(compare(&reach, &reach.intersect(&other)).is_empty());
    }

    /// Source: IAM User Guide, "Policy evaluation logic"; boundary, SCPs by level, session policy.
    #[test]
    fn limits_agree_with_evaluation(
        identity in policies(), boundary in policy(), scps in policies(), session in policy(),
        from in 0_usize..7,
    ) {
        let limits = Limits {
            boundary: Some(Reach::of([&boundary])),
            scps: scps.iter().map(|level| Reach::of([level])).collect(),
            session: Some(Reach::of([&session])),
        };
        let reach = limits.apply(&Reach::of(&identity));
        let identity = compiled(&identity, PolicyKind::Identity);
        let boundary = compiled(&[boundary], PolicyKind::Boundary);
        let session = compiled(&[session], PolicyKind::Session);
        let scps: Vec<Vec<Compiled>> =
            scps.into_iter().map(|level| compiled(&[level], PolicyKind::Scp)).collect();
        for asked in asked(&contexts(), from) {
            let input = Input {
                identity: &identity,
                boundary: &boundary,
                session: &session,
                scps: &scps,
                ..Input::new(asked.request())
            };
            let is_allowed = decide(&input) == Outcome::Allow;
            prop_assert_eq!(
                asked.is_in(reach.grants()), is_allowed,
                "{} {} {:?}\n{:#?}", asked.action, asked.resource, asked.context, reach.grants()
            );
        }
    }
}

/// A request taken from a gained grant is allowed now and was not before, for every resource text
/// that the grant itself names and every context that meets its conditions.
fn witnesses(grant: &Grant, old: &[Compiled], new: &[Compiled]) -> Result<(), TestCaseError> {
    let Some(action) = grant.actions.known().iter().next().map(|id| id.action().full_name()) else {
        return Ok(());
    };
    let contexts = contexts();
    let mut met = false;
    for area in grant.resources.iter() {
        let Some(resource) = area.witness().filter(|text| !text.contains("${")) else {
            continue;
        };
        for context in &contexts {
            let asked = Asked { action, resource: &resource, context };
            // An excluded pattern with a variable may exclude the witness for some values.
            let hits_variable = area.except().iter().any(|glob| asked.fits_glob(glob))
                || !area.within().iter().all(|glob| asked.fits_glob(glob));
            if hits_variable || !asked.fits_conditions(&grant.conditions) {
                continue;
            }
            met = true;
            prop_assert!(asked.is_allowed(new), "{} {}\n{:#?}", action, resource, grant);
            prop_assert!(!asked.is_allowed(old), "{} {}\n{:#?}", action, resource, grant);
        }
        let mut globs = area.within().iter().chain(area.except());
        if grant.conditions.is_none() && !globs.any(Glob::has_variables) {
            prop_assert!(met, "no request for {:#?}", grant);
        }
    }
    Ok(())
}
