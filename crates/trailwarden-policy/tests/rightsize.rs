//! What is left of policies: never more than they allowed, and all that was used.

#![expect(clippy::unwrap_used, reason = "the texts are written in this file")]

use proptest::prelude::*;
use proptest::sample::{select, subsequence};
use trailwarden_policy::facts::{Action, ActionSet, facts};
use trailwarden_policy::reach::{Actions, Precision, Reach};
use trailwarden_policy::rightsize::{Called, Fate, Kept, Needs, Reason, Sight, narrow, pretty};
use trailwarden_policy::{Document, Effect, Statement};

const ACTIONS: &[&str] = &[
    r#""Action":"s3:GetObject""#,
    r#""Action":["s3:*","ec2:Describe*"]"#,
    r#""Action":"s3:Get*""#,
    r#""Action":"*""#,
    r#""Action":["iam:PassRole","ec2:DescribeInstances"]"#,
    r#""Action":"*:?et*""#,
    r#""Action":["foo:Bar","S3:getobject"]"#,
    r#""action":["foo:*","iam:List*"]"#,
    r#""NotAction":["iam:*","foo:*"]"#,
    r#""NotAction":"s3:Put*""#,
    r#""NotAction":["*:Delete*","ec2:DescribeInstances"]"#,
    r#""Action":["*:*","S3:*","?am:Pass*","s3:Get?bject"]"#,
    r#""Action":["iam","iam:","s3:Get*:x","**"]"#,
    r#""NotAction":["iam","*:?et*","FOO:*"]"#,
    r#""NotAction":"*""#,
];

const REST: &[&str] = &[
    r#""Resource":"*""#,
    r#""Resource":["arn:aws:s3:::a/*","arn:aws:iam::111122223333:role/*"]"#,
    r#""NotResource":"arn:aws:s3:::a/${aws:username}""#,
    r#""Resource":"*","Condition":{"StringEquals":{"aws:PrincipalTag/t":["a","b"]}}"#,
    r#""Sid":"Mfa","Resource":"*","Condition":{"Bool":{"aws:MultiFactorAuthPresent":"true"}}"#,
];

const USED: &[&str] = &[
    "s3:GetObject",
    "s3:PutObject",
    "s3:DeleteObject",
    "ec2:DescribeInstances",
    "ec2:RunInstances",
    "iam:PassRole",
    "iam:ListRoles",
    "lambda:GetFunction",
];

const SERVICES: &[&str] = &["s3", "iam", "ec2", "foo", "lambda"];

fn statement() -> impl Strategy<Value = String> {
    (select(ACTIONS), select(REST), select(&["Allow", "Allow", "Allow", "Deny"][..]))
        .prop_map(|(action, rest, effect)| format!(r#"{{"Effect":"{effect}",{action},{rest}}}"#))
}

fn document() -> impl Strategy<Value = String> {
    prop::collection::vec(statement(), 1..4).prop_map(|statements| {
        format!(r#"{{"Version":"2012-10-17","Statement":[{}]}}"#, statements.join(","))
    })
}

fn kept() -> impl Strategy<Value = (Kept, ActionSet)> {
    (subsequence(USED, 0..=4), subsequence(SERVICES, 0..=2)).prop_map(|(used, services)| {
        let used: ActionSet = used.iter().map(|name| facts().action(name).unwrap().id()).collect();
        (Kept::new(used.clone(), services.iter().map(|one| (*one).to_owned())), used)
    })
}

fn reach(text: &str) -> Reach {
    Reach::of([&Document::parse(text).unwrap()])
}

fn set(names: &[&str]) -> ActionSet {
    names.iter().map(|name| facts().action(name).unwrap().id()).collect()
}

/// Whether an action can work on any resource that the statement lists, of the types that the tests write: an
/// action of another service may stand there, and allows nothing.
fn can_work_on(statement: &Statement, action: &Action) -> bool {
    let is_listed =
        !statement.resources.is_empty() && !statement.resources.iter().any(|it| it == "*");
    !is_listed || ["s3", "iam"].contains(&action.prefix())
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(192))]

    #[test]
    fn nothing_is_allowed_that_was_not((text, (kept, _)) in (document(), kept())) {
        let narrowed = narrow(&text, &kept).unwrap();
        let Some(after) = &narrowed.text else { return Ok(()) };
        let gained = reach(after).subtract(&reach(&text));
        prop_assert!(gained.is_nothing(), "{text}\n{after}\n{:?}", gained.grants());
        prop_assert!(gained.precision() != Precision::Unknown);
    }

    /// Asked of what is kept alone, so that the algebra of reaches is not the only judge.
    #[test]
    fn what_must_stay_stays_wherever_it_was((text, (kept, used)) in (document(), kept())) {
        let narrowed = narrow(&text, &kept).unwrap();
        let empty = r#"{"Statement":[]}"#.to_owned();
        let before = Document::parse(&text).unwrap();
        let after = Document::parse(narrowed.text.as_ref().unwrap_or(&empty)).unwrap();
        let mut left = after.statements.iter();
        for (statement, fate) in before.statements.iter().zip(&narrowed.fates) {
            let patterns = |one: &trailwarden_policy::Statement| match &one.not_actions {
                Some(excluded) => Actions::all_but(excluded),
                None => Actions::of(&one.actions),
            };
            let mut needed = patterns(statement).known().clone();
            let services = kept.services().iter().filter_map(|prefix| facts().service(prefix));
            let whole = services.flat_map(|service| service.actions().iter().map(|it| it.id()));
            needed.intersect_with(&whole.chain(used.iter()).collect());
            let is_wide = statement.actions.iter().any(|one| one.starts_with(['*', '?']));
            if is_wide || statement.not_actions.is_some() {
                needed = needed.iter().filter(|id| can_work_on(statement, id.action())).collect();
            }
            if *fate == Fate::Gone {
                prop_assert!(needed.is_empty(), "{text}: {needed:?} is gone");
                continue;
            }
            let now = left.next().unwrap();
            prop_assert_eq!((&now.sid, now.effect), (&statement.sid, statement.effect));
            prop_assert_eq!(&now.resources, &statement.resources);
            prop_assert_eq!(&now.not_resources, &statement.not_resources);
            prop_assert_eq!(&now.conditions, &statement.conditions);
            prop_assert!(needed.is_subset(patterns(now).known()), "{text} {needed:?}");
            if statement.effect == Effect::Deny {
                prop_assert_eq!(now, statement);
            }
        }
        prop_assert!(left.next().is_none());
    }
}

#[test]
fn a_wildcard_becomes_what_was_used_of_it() {
    let text = r#"{ "Version": "2012-10-17", "Statement": {
        "Resource": "arn:aws:s3:::data/*", "Action": ["s3:Get*", "s3:PutObject", "sqs:*"],
        "Effect": "Allow", "Sid": "Data" } }"#;
    let kept = Kept::new(set(&["s3:GetObject", "s3:GetObjectTagging", "s3:PutObject"]), []);
    let narrowed = narrow(text, &kept).unwrap();
    assert_eq!(
        narrowed.text.as_deref(),
        Some(
            r#"{"Version":"2012-10-17","Statement":[{"Resource":"arn:aws:s3:::data/*","Action":["s3:GetObject","s3:GetObjectTagging","s3:PutObject"],"Effect":"Allow","Sid":"Data"}]}"#
        )
    );
    assert!(narrowed.dropped.contains(facts().action("sqs:SendMessage").unwrap().id()));
    let kept = Kept::new(set(&["s3:PutObject"]), ["SQS".to_owned()]);
    let narrowed = narrow(text, &kept).unwrap();
    let lines = pretty(&narrowed.text.unwrap()).unwrap();
    assert!(
        lines.contains("\"Action\": [\n        \"s3:PutObject\",\n        \"sqs:*\"\n"),
        "{lines}"
    );
    assert_eq!(narrowed.services.iter().map(String::as_str).collect::<Vec<_>>(), ["sqs"]);
}

#[test]
fn what_is_all_used_or_not_known_is_left_as_it_is() {
    let text = r#"{"Statement":[{"Effect":"Allow","Action":["foo:Bar","s3:*","s3:GetObject"],"Resource":"*"}]}"#;
    let narrowed = narrow(text, &Kept::new(ActionSet::empty(), ["s3".to_owned()])).unwrap();
    assert!(!narrowed.is_changed());
    assert_eq!(narrowed.not_known.iter().map(String::as_str).collect::<Vec<_>>(), ["foo:Bar"]);
    let nothing = r#"{"Statement":[{"Effect":"Allow","Action":"s3:*","Resource":"*"}]}"#;
    assert_eq!(narrow(nothing, &Kept::default()).unwrap().text, None);
}

#[test]
fn a_document_in_doubt_is_left_alone() {
    let twice =
        r#"{"Statement":[{"Effect":"Allow","Action":"s3:*","Action":"sqs:*","Resource":"*"}]}"#;
    assert!(narrow(twice, &Kept::default()).is_err());
    assert!(narrow("{", &Kept::default()).is_err());
}

fn called<'a>(calls: &[(&'a str, &'a str)]) -> Vec<Called<'a>> {
    calls.iter().map(|(event_source, event_name)| Called { event_source, event_name }).collect()
}

fn sight() -> Sight {
    Sight { reads: true, writes: true, ..Sight::default() }
}

fn keeps(needs: &Needs, name: &str) -> bool {
    needs.kept.actions().contains(facts().action(name).unwrap().id())
}

/// Sources: Service Authorization Reference, "Actions, resources, and condition keys for AWS Lambda"
/// (dependent actions), IAM User Guide, "Grant a user permissions to pass a role to an AWS service" (no
/// event is written), Amazon EC2 User Guide, "Grant permission to tag Amazon EC2 resources during creation".
#[test]
fn what_a_call_takes_besides_stays() {
    let run = Needs::of(called(&[("ec2.amazonaws.com", "RunInstances")]), &sight());
    assert!(keeps(&run, "iam:PassRole") && keeps(&run, "ec2:CreateTags"));
    assert!(!keeps(&run, "ec2:TerminateInstances") && !keeps(&run, "iam:CreateUser"));
    let read = Needs::of(called(&[("ec2.amazonaws.com", "DescribeInstances")]), &sight());
    assert!(!keeps(&read, "ec2:CreateTags") && !keeps(&read, "iam:PassRole"));
    let copy = Needs::of(called(&[("s3.amazonaws.com", "CopyObject")]), &sight());
    assert!(keeps(&copy, "s3:GetObject") && keeps(&copy, "s3:PutObject"));
    assert!(keeps(&copy, "s3:GetObjectVersion"));
}

/// Of a service that was used stays what was used, and not what no call of it can have taken.
#[test]
fn actions_without_events_stay_only_beside_calls_that_take_them() {
    let calls = [
        ("ec2.amazonaws.com", "DescribeInstances"),
        ("ec2.amazonaws.com", "StartInstances"),
        ("iam.amazonaws.com", "GetRole"),
        ("iam.amazonaws.com", "PutRolePolicy"),
    ];
    let needs = Needs::of(called(&calls), &sight());
    let kept: Vec<&str> = needs.kept.actions().iter().map(|id| id.action().full_name()).collect();
    assert_eq!(
        kept,
        ["ec2:DescribeInstances", "ec2:StartInstances", "iam:GetRole", "iam:PutRolePolicy"]
    );
    let text = r#"{"Statement":[{"Effect":"Allow","Resource":"*",
        "Action":["ec2:InjectApiError","ec2:*","iam:PassRole","iam:Update*"]}]}"#;
    let left = narrow(text, &needs.kept).unwrap();
    // Whoever named it meant it; what opens a way to more permissions is no such thing.
    assert!(left.left.contains(facts().action("ec2:InjectApiError").unwrap().id()));
    assert!(left.dropped.contains(facts().action("iam:PassRole").unwrap().id()));
    assert!(left.dropped.contains(facts().action("iam:UpdateAccountName").unwrap().id()));
}

/// Sources: AWS Lambda API Reference, `UpdateFunctionConfiguration` (`Role`); IAM API Reference, `CreateUser`
/// and `PutUserPolicy` (`Tags`); Amazon S3 API Reference, `GetObject` (`versionId`).
#[test]
fn roles_tags_and_versions_stay_beside_the_calls_that_take_them() {
    let of = |source: &str, name: &str| Needs::of(called(&[(source, name)]), &sight());
    assert!(keeps(&of("lambda.amazonaws.com", "UpdateFunctionConfiguration"), "iam:PassRole"));
    assert!(!keeps(&of("lambda.amazonaws.com", "UpdateFunctionCode20150331v2"), "iam:PassRole"));
    let create = of("iam.amazonaws.com", "CreateUser");
    assert!(keeps(&create, "iam:TagUser") && !keeps(&create, "iam:TagRole"));
    assert!(!keeps(&of("iam.amazonaws.com", "PutUserPolicy"), "iam:TagUser"));
    let get = of("s3.amazonaws.com", "GetObject");
    assert!(keeps(&get, "s3:GetObjectVersion") && !keeps(&get, "s3:GetBucketPublicAccessBlock"));
}

/// Not all parameters that take a role are named alike. Sources: the API References of the services (`serviceRole`,
/// `nodeRole`, `SnsCallerArn`, `OptionSettings`, `credentials` and others); AWS CloudFormation User Guide,
/// "CloudFormation service role".
#[test]
fn a_role_stays_whatever_the_parameter_that_takes_it_is_called() {
    for (source, name) in [
        ("codebuild", "CreateProject"),
        ("codebuild", "StartBuild"),
        ("eks", "CreateNodegroup"),
        ("monitoring", "PutMetricStream"),
        ("cloudformation", "DeleteStack"),
        ("cognito-idp", "UpdateUserPool"),
        ("elasticbeanstalk", "UpdateEnvironment"),
        ("servicecatalog", "CreateConstraint"),
        ("ssm", "StartAutomationExecution"),
        ("kinesisanalytics", "UpdateApplication"),
        ("apigateway", "PutIntegration"),
    ] {
        let needs = Needs::of(called(&[(&format!("{source}.amazonaws.com"), name)]), &sight());
        assert!(keeps(&needs, "iam:PassRole"), "{source} {name}");
    }
    let needs = Needs::of(called(&[("apigateway.amazonaws.com", "CreateDeployment")]), &sight());
    assert!(!keeps(&needs, "iam:PassRole"));
}

/// Source: IAM User Guide, "Monitor and control actions taken with assumed roles".
#[test]
fn who_enters_a_role_may_still_say_who_he_is() {
    let needs = Needs::of(called(&[("sts.amazonaws.com", "AssumeRole")]), &sight());
    assert!(keeps(&needs, "sts:SetSourceIdentity") && keeps(&needs, "sts:TagSession"));
}

/// Source: Service Authorization Reference, "Resource types defined by Amazon SQS".
#[test]
fn only_services_that_work_on_a_resource_stay_for_it() {
    let needs = Needs::of(called(&[("ec2.amazonaws.com", "StartInstances")]), &sight());
    let of = |action: &str| {
        let text = format!(
            r#"{{"Statement":[{{"Effect":"Allow",{action},"Resource":"arn:aws:sqs:eu-west-1:111122223333:q"}}]}}"#
        );
        narrow(&text, &needs.kept).unwrap().text.unwrap()
    };
    for action in [r#""Action":"*""#, r#""NotAction":"iam:*""#] {
        // The ARN of what AWS Backup keeps may name any service.
        let only = r#""Action":["backup:*","sqs:*"]"#;
        assert!(of(action).contains(only), "{}", of(action));
    }
}

/// Source: AWS CloudTrail User Guide, "Logging data events" (not recorded by default).
#[test]
fn services_whose_data_events_are_not_recorded_stay() {
    let mut sight = sight();
    let needs = Needs::of(called(&[]), &sight);
    assert_eq!(needs.reasons["s3"], [Reason::DataEvents].into());
    assert!(!needs.reasons.contains_key("iam"));
    sight.recorded.insert("s3".to_owned());
    sight.idle.insert("sqs".to_owned());
    sight.idle.insert("sns".to_owned());
    sight.used.insert("iam".to_owned());
    let needs = Needs::of(called(&[("sns.amazonaws.com", "CreateTopic")]), &sight);
    assert!(!needs.reasons.contains_key("s3") && !needs.reasons.contains_key("sqs"));
    // It was used after all, so what AWS said of it is older than the logs.
    assert_eq!(needs.reasons["sns"], [Reason::DataEvents].into());
    assert_eq!(needs.reasons["iam"], [Reason::UsedElsewhere].into());
}

#[test]
fn a_call_that_maps_to_nothing_keeps_its_service() {
    let calls = [
        ("iam.amazonaws.com", "Invented"),
        ("brandnew.amazonaws.com", "DoIt"),
        ("signin.amazonaws.com", "ConsoleLogin"),
    ];
    let needs = Needs::of(called(&calls), &sight());
    assert_eq!(needs.reasons["iam"], [Reason::Unmapped(["Invented".to_owned()].into())].into());
    assert!(
        needs.kept.services().contains("brandnew") && !needs.kept.services().contains("signin")
    );
    let text = r#"{"Statement":[{"Effect":"Allow","Action":"*","Resource":"*"}]}"#;
    let left = narrow(text, &needs.kept).unwrap().text.unwrap();
    assert!(left.contains(r#""brandnew:*""#) && left.contains(r#""iam:*""#), "{left}");
    assert!(!left.contains("organizations:") && !left.contains("signin"));
}

#[test]
fn every_part_of_an_unknown_host_may_be_the_service() {
    for host in ["edge.sagemaker.amazonaws.com", "sagemaker.edge.amazonaws.com.cn"] {
        let needs = Needs::of(called(&[(host, "Invented")]), &sight());
        let text = r#"{"Statement":[{"Effect":"Allow","Action":"sagemaker:*","Resource":"*"}]}"#;
        let left = narrow(text, &needs.kept).unwrap().text;
        assert!(left.is_some_and(|left| left.contains("sagemaker:*")), "{host}");
        assert!(!needs.reasons.contains_key("com"), "{:?}", needs.reasons.keys());
    }
    let needs = Needs::of(called(&[(".amazonaws.com", "Invented")]), &sight());
    assert!(needs.blind.is_some());
}

/// Source: IAM User Guide, "Requesting temporary security credentials" (`GetFederationToken`).
#[test]
fn who_made_federation_tokens_is_left_alone() {
    let needs = Needs::of(called(&[("sts.amazonaws.com", "GetFederationToken")]), &sight());
    assert!(needs.blind.is_some());
}

#[test]
fn what_no_trail_records_is_not_taken_for_unused() {
    let blind = Needs::of(called(&[]), &Sight { writes: true, ..Sight::default() });
    assert!(keeps(&blind, "iam:ListRoles") && !keeps(&blind, "iam:CreateUser"));
}
