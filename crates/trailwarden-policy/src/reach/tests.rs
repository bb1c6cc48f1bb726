//! Reaches of whole policies: differences, limits, grades.

mod limit;

use super::*;
use crate::facts::{facts, managed_policies, managed_policy};

fn document(statements: &str) -> Document {
    let text = format!(r#"{{"Version":"2012-10-17","Statement":[{statements}]}}"#);
    let document = Document::parse(&text).unwrap();
    assert!(document.problems.is_empty(), "{:?}", document.problems);
    document
}

fn reach(statements: &str) -> Reach {
    Reach::of([&document(statements)])
}

fn allow(actions: &str, resource: &str) -> String {
    format!(r#"{{"Effect":"Allow","Action":[{actions}],"Resource":[{resource}]}}"#)
}

fn names(grants: &[Grant]) -> Vec<&'static str> {
    grants
        .iter()
        .flat_map(|grant| grant.actions.known().iter())
        .map(|id| id.action().full_name())
        .collect()
}

const ALL: &str = r#"{"Effect":"Allow","Action":"*","Resource":"*"}"#;

#[test]
fn wording_is_no_change() {
    let both = r#""s3:GetObject","s3:PutObject""#;
    let objects = r#""arn:aws:s3:::a/*","arn:aws:s3:::b/*""#;
    let old = reach(&allow(both, objects));
    for new in [
        allow(r#""S3:putobject","s3:GETobject","s3:GetObject""#, objects),
        [
            allow(r#""s3:GetObject""#, r#""arn:aws:s3:::a/*""#),
            allow(r#""s3:PutObject""#, objects),
            allow(r#""s3:GetObject""#, r#""arn:aws:s3:::b/*","arn:aws:s3:::a/x*""#),
        ]
        .join(","),
        [
            allow(both, r#""arn:aws:s3:::?/*""#),
            r#"{"Effect":"Deny","Action":"s3:*","NotResource":["arn:aws:s3:::a*","arn:aws:s3:::b/*"]}"#.into(),
            r#"{"Effect":"Deny","Action":"s3:*","Resource":"arn:aws:s3:::b?*","Condition":{"Bool":{"k":"true"},"BoolIfExists":{"k":"false"}}}"#.into(),
        ]
        .join(","),
    ] {
        let change = compare(&old, &reach(&new));
        assert!(change.is_empty(), "{new}: {change:#?}");
    }
}

#[test]
fn narrowing_gains_nothing_and_widening_loses_nothing() {
    let mfa = r#""Condition":{"Bool":{"aws:MultiFactorAuthPresent":"true"}}"#;
    let wide = reach(ALL);
    for narrow in [
        format!(r#"{{"Effect":"Allow","Action":"*","Resource":"*",{mfa}}}"#),
        format!(r#"{ALL},{{"Effect":"Deny","Action":"iam:*","Resource":"*",{mfa}}}"#),
        format!(
            r#"{ALL},{{"Effect":"Deny","Action":"s3:PutObject","Resource":"arn:aws:s3:::a/*"}}"#
        ),
        r#"{"Effect":"Allow","NotAction":"iam:*","Resource":"*"}"#.into(),
        r#"{"Effect":"Allow","Action":"*","NotResource":"arn:aws:s3:::a"}"#.into(),
    ] {
        let narrow = reach(&narrow);
        let change = compare(&wide, &narrow);
        assert!(change.gained.is_empty() && change.gained_in_future.is_empty(), "{change:#?}");
        assert!(!change.lost.is_empty());
        let back = compare(&narrow, &wide);
        assert_eq!(back.gained, change.lost);
        assert!(back.lost.is_empty() && back.lost_in_future.is_empty());
    }
}

#[test]
fn a_removed_condition_gains_what_it_held_back() {
    let old = r#"{"Effect":"Allow","Action":"iam:CreateUser","Resource":"*","Condition":{"Bool":{"aws:MultiFactorAuthPresent":"true"}}}"#;
    let change = compare(&reach(old), &reach(&allow(r#""iam:CreateUser""#, r#""*""#)));
    assert_eq!(names(&change.gained), ["iam:CreateUser"]);
    let conditions = &change.gained[0].conditions;
    assert!(conditions.all().is_empty());
    assert_eq!(conditions.unless()[0][0].to_string(), "`aws:MultiFactorAuthPresent` is `true`");
    assert!(change.lost.is_empty());
}

#[test]
fn a_removed_deny_gains_what_it_held_back() {
    let deny = r#"{"Effect":"Deny","Action":"iam:*User","Resource":"arn:aws:iam::*:user/admin/*"}"#;
    let old = format!("{},{deny}", allow(r#""iam:CreateUser","s3:GetObject""#, r#""*""#));
    let change =
        compare(&reach(&old), &reach(&allow(r#""iam:CreateUser","s3:GetObject""#, r#""*""#)));
    assert_eq!(names(&change.gained), ["iam:CreateUser"]);
    let area: Vec<String> = change.gained[0].resources.iter().map(ToString::to_string).collect();
    assert_eq!(area, ["`arn:aws:iam::*:user/admin/*`"]);
}

// IAM User Guide, "IAM JSON policy elements: Resource"; Service Authorization Reference: such
// actions take `*` only.
#[test]
fn actions_without_resource_need_a_star() {
    let action =
        facts().actions().iter().find(|a| a.full_name() == "ec2:DescribeInstances").unwrap();
    assert!(action.is_wildcard_only());
    let on = |resource: &str| reach(&allow(r#""ec2:DescribeInstances""#, resource));
    assert!(on(r#""arn:aws:ec2:*:*:instance/*""#).is_nothing());
    assert_eq!(on(r#""*""#), on(r#""**","arn:aws:ec2:*:*:instance/*""#));
    let not =
        r#"{"Effect":"Allow","Action":"ec2:DescribeInstances","NotResource":"arn:aws:s3:::x"}"#;
    assert_eq!(reach(not), on(r#""*""#));
}

#[test]
fn what_aws_adds_later_is_told_apart() {
    let iam: Vec<String> = facts()
        .service("iam")
        .unwrap()
        .actions()
        .iter()
        .map(|action| format!(r#""{}""#, action.full_name()))
        .collect();
    let listed = reach(&allow(&iam.join(","), r#""*""#));
    let starred = reach(&allow(r#""iam:*""#, r#""*""#));
    let change = compare(&listed, &starred);
    assert!(change.gained.is_empty() && change.lost.is_empty(), "{change:#?}");
    assert_eq!(change.gained_in_future.len(), 1);
    assert!(compare(&starred, &listed).gained_in_future.is_empty());
    // A name that no table has is no future: it may exist already.
    let unlisted = reach(&allow(r#""iam:Frobnicate""#, r#""*""#));
    let change = compare(&Reach::nothing(), &unlisted);
    assert_eq!(change.gained.len(), 1);
    assert_eq!(grade(&change.gained).grade, Grade::Write);
    assert!(compare(&starred, &unlisted).gained.is_empty());
}

// IAM User Guide, "Policy evaluation logic".
#[test]
fn every_layer_must_allow() {
    let limits = Limits {
        boundary: Some(reach(&allow(r#""s3:*","iam:GetUser""#, r#""*""#))),
        scps: vec![
            reach(ALL),
            reach(&format!(r#"{ALL},{{"Effect":"Deny","Action":"s3:Put*","Resource":"*"}}"#)),
        ],
        session: None,
    };
    let limited =
        limits.apply(&reach(&allow(r#""s3:PutObject","s3:GetObject","iam:*""#, r#""*""#)));
    assert_eq!(names(limited.grants()), ["iam:GetUser", "s3:GetObject"]);
    // A level without a policy denies.
    let limits = Limits { scps: vec![Reach::of([])], ..Limits::default() };
    assert!(limits.apply(&reach(ALL)).is_nothing());
}

// IAM User Guide, "IAM policy elements: Variables and tags".
#[test]
fn variables_hold_only_in_the_new_version() {
    let text = |version: &str| {
        format!(
            r#"{{{version}"Statement":{{"Effect":"Allow","Action":"s3:GetObject","Resource":"arn:aws:s3:::b/${{aws:username}}"}}}}"#
        )
    };
    let of = |version: &str| Reach::of([&Document::parse(&text(version)).unwrap()]);
    let new = of(r#""Version":"2012-10-17","#);
    let old = of(r#""Version":"2008-10-17","#);
    assert_eq!(old, of(""));
    assert!(old.grants()[0].resources.contains("arn:aws:s3:::b/${aws:username}"));
    assert!(!compare(&old, &new).gained.is_empty());
    let folder = reach(&allow(r#""s3:GetObject""#, r#""arn:aws:s3:::b/*""#));
    assert!(compare(&folder, &new).gained.is_empty());
    assert!(!compare(&new, &folder).gained.is_empty());
}

// What is too much work to tell counts as something, and says so.
#[test]
fn an_open_question_is_at_most() {
    let long = format!("*a{}", "?".repeat(40));
    let text = allow(r#""s3:GetObject""#, &format!(r#""{long}""#));
    let deny = format!(r#"{{"Effect":"Deny","Action":"s3:*","Resource":"?{long}"}}"#);
    assert_eq!(reach(&text).precision(), Precision::Exact);
    let open = reach(&format!("{text},{deny}"));
    let change = compare(&Reach::nothing(), &open);
    assert_eq!(open.precision(), change.gained_precision);
    assert_eq!(change.gained_precision, Precision::AtMost, "{:?}", change.gained);
    assert_eq!(change.lost_precision, Precision::Exact);
}

#[test]
fn thousands_of_unknown_actions_are_compared() {
    let names = |from: usize, to: usize, tail: &str| {
        (from..to).map(|at| format!(r#""foo:Act{at}{tail}""#)).collect::<Vec<_>>().join(",")
    };
    for tail in ["", "x*"] {
        let old = reach(&allow(&names(0, 3_000, tail), r#""*""#));
        let deny = format!(
            r#"{{"Effect":"Deny","Action":[{}],"Resource":"*"}}"#,
            names(1_000, 1_500, tail)
        );
        let new = reach(&format!("{},{deny}", allow(&names(0, 2_000, tail), r#""*""#)));
        let change = compare(&old, &new);
        assert!(change.gained.is_empty() && change.gained_in_future.is_empty());
        let lost: usize =
            change.lost.iter().map(|grant| grant.actions.unknown().iter().count()).sum();
        assert_eq!(lost, 1_500);
        let listed =
            format!(r#"{{"Effect":"Allow","NotAction":[{}],"Resource":"*"}}"#, names(0, 300, tail));
        assert!(!compare(&reach(&listed), &old).gained.is_empty());
    }
}

#[test]
fn unread_statements_are_unknown() {
    let text = r#"{"Statement":[{"Effect":"Perhaps","Action":"*","Resource":"*"}]}"#;
    let reach = Reach::of([&Document::parse(text).unwrap()]);
    assert_eq!(reach.precision(), Precision::Unknown);
    let change = compare(&Reach::nothing(), &reach);
    assert_eq!(
        (change.gained_precision, change.lost_precision),
        (Precision::Unknown, Precision::Unknown)
    );
}

fn graded(statements: &str) -> (Grade, Grade) {
    let grading = grade(reach(statements).grants());
    (grading.grade, grading.unconditional)
}

// Actions by `privesc.csv`'s sources; levels by the Service Authorization Reference.
#[test]
fn grades_by_what_is_granted() {
    let one = |actions: &str, resource: &str| graded(&allow(actions, resource)).0;
    assert_eq!(graded(""), (Grade::None, Grade::None));
    for (wanted, actions, resource) in [
        (Grade::Read, r#""s3:ListAllMyBuckets","iam:List*""#, r#""*""#),
        (Grade::Data, r#""s3:GetObject""#, r#""*""#),
        (Grade::Data, r#""secretsmanager:GetSecretValue""#, r#""*""#),
        (Grade::Write, r#""s3:PutObject""#, r#""arn:aws:s3:::b/*""#),
        // The object actions in it mean nothing on the bucket itself.
        (Grade::Read, r#""s3:List*","s3:GetObject""#, r#""arn:aws:s3:::b""#),
        (Grade::Write, r#""iam:PassRole""#, r#""*""#),
        (Grade::Write, r#""ec2:RunInstances""#, r#""*""#),
        (Grade::Privesc, r#""iam:PassRole","ec2:RunInstances""#, r#""*""#),
        (
            Grade::Write,
            r#""iam:PassRole","ec2:RunInstances""#,
            r#""arn:aws:iam::1:role/web","arn:aws:ec2:*:*:*/*""#,
        ),
        (Grade::Privesc, r#""iam:PutUserPolicy""#, r#""arn:aws:iam::*:user/${aws:username}""#),
        (Grade::Write, r#""iam:CreateAccessKey""#, r#""arn:aws:iam::*:user/${aws:username}""#),
        (Grade::Privesc, r#""iam:CreateAccessKey""#, r#""arn:aws:iam::*:user/*""#),
        (Grade::Write, r#""sts:AssumeRole""#, r#""arn:aws:iam::111122223333:role/app""#),
        (Grade::Privesc, r#""sts:AssumeRole""#, r#""arn:aws:iam::*:role/*""#),
        (Grade::Privesc, r#""iam:CreatePolicyVersion""#, r#""arn:aws:iam::1:policy/mine""#),
        (Grade::Admin, r#""iam:*""#, r#""*""#),
        (Grade::Admin, r#""iam:*""#, r#""arn:aws:iam::111122223333:*""#),
        (Grade::Admin, r#""*""#, r#""*""#),
        (Grade::Privesc, r#""iam:Put*""#, r#""*""#),
    ] {
        assert_eq!(one(actions, resource), wanted, "{actions} {resource}");
    }
    let mfa = r#"{"Effect":"Allow","Action":"*","Resource":"*","Condition":{"Bool":{"aws:MultiFactorAuthPresent":"true"}}}"#;
    assert_eq!(graded(mfa), (Grade::Admin, Grade::None));
}

// IAM User Guide, "AWS global condition context keys", aws:RequestedRegion: calls of IAM are made to
// us-east-1, whatever region the caller is in.
#[test]
fn a_limit_to_other_regions_leaves_nothing_of_iam() {
    let within = |operator: &str, regions: &str| {
        graded(&format!(
            r#"{{"Effect":"Allow","Action":"*","Resource":"*","Condition":{{"{operator}":{{"aws:RequestedRegion":[{regions}]}}}}}}"#
        ))
        .0
    };
    // A role may still be passed to a service of the region.
    assert_eq!(within("StringEquals", r#""eu-west-1""#), Grade::Privesc);
    assert_eq!(within("StringLike", r#""eu-west-*","eu-central-1""#), Grade::Privesc);
    for (operator, regions) in [
        ("StringEquals", r#""eu-west-1","us-east-1""#),
        ("StringLike", r#""us-*""#),
        ("StringNotEquals", r#""eu-west-1""#),
        ("StringEquals", r#""us-gov-west-1""#),
        ("StringEquals", r#""${aws:PrincipalTag/region}""#),
    ] {
        assert_eq!(within(operator, regions), Grade::Admin, "{operator} {regions}");
    }
    // The same limit as a Deny.
    let deny = |actions: &str| {
        let statement = format!(
            r#"{{"Effect":"Deny",{actions},"Resource":"*","Condition":{{"StringNotEquals":{{"aws:RequestedRegion":"eu-west-1"}}}}}}"#
        );
        graded(&format!("{},{statement}", allow(r#""*""#, r#""*""#))).0
    };
    assert_eq!(deny(r#""Action":"*""#), Grade::Privesc);
    assert_eq!(deny(r#""NotAction":"iam:*""#), Grade::Admin);
    let own = r#"{"Effect":"Allow","Action":"iam:PutUserPolicy","Resource":"*","Condition":{"StringEquals":{"aws:RequestedRegion":"eu-west-1"}}}"#;
    assert_eq!(graded(own).0, Grade::Write);
}

// IAM User Guide, "IAM and AWS STS condition context keys": iam:PassedToService.
#[test]
fn the_service_a_role_goes_to_counts() {
    let pass = |service: &str| {
        format!(
            r#"{{"Effect":"Allow","Action":"iam:PassRole","Resource":"*","Condition":{{"StringEquals":{{"iam:PassedToService":"{service}"}}}}}},{}"#,
            allow(r#""ec2:RunInstances""#, r#""*""#)
        )
    };
    assert_eq!(graded(&pass("ec2.amazonaws.com")), (Grade::Privesc, Grade::Privesc));
    assert_eq!(graded(&pass("lambda.amazonaws.com")), (Grade::Write, Grade::Write));
}

#[test]
fn the_table_of_escalations_is_sound() {
    let mut ids: Vec<_> = ESCALATIONS.iter().map(|one| one.id).collect();
    ids.sort_unstable();
    ids.dedup();
    assert_eq!(ids.len(), ESCALATIONS.len());
    for one in ESCALATIONS {
        assert_eq!(one.route == Route::NewCarrier, !one.passed_to.is_empty(), "{}", one.id);
        for action in one.actions {
            assert_eq!(facts().action(action).map(|a| a.full_name()), Some(*action), "{}", one.id);
        }
    }
}

fn managed(name: &str) -> Reach {
    Reach::of([&Document::parse(managed_policy(name).unwrap().document).unwrap()])
}

// AWS Managed Policy Reference: AdministratorAccess, PowerUserAccess.
#[test]
fn a_power_user_lacks_iam() {
    let (admin, power) = (managed("AdministratorAccess"), managed("PowerUserAccess"));
    let change = compare(&admin, &power);
    assert!(change.gained.is_empty() && change.gained_in_future.is_empty());
    let lost = names(&change.lost);
    assert!(lost.contains(&"iam:CreateUser") && !lost.contains(&"iam:ListRoles"), "{lost:?}");
    assert!(!lost.iter().any(|name| name.starts_with("s3:")));
    assert_eq!(grade(admin.grants()).unconditional, Grade::Admin);
    assert_eq!(grade(power.grants()).unconditional, Grade::Privesc);
    assert_eq!(grade(managed("IAMFullAccess").grants()).unconditional, Grade::Admin);
    for name in ["SecurityAudit", "ReadOnlyAccess", "ViewOnlyAccess"] {
        let grading = grade(managed(name).grants());
        assert!(matches!(grading.grade, Grade::Read | Grade::Data), "{name}: {grading:?}");
    }
}

// Amazon S3 User Guide, "Authorizing Zonal endpoint API operations with `CreateSession`".
#[test]
fn a_session_that_only_reads_is_no_writing() {
    let session = |condition: &str| {
        graded(&format!(
            r#"{{"Effect":"Allow","Action":"s3express:CreateSession","Resource":"*"{condition}}}"#
        ))
        .0
    };
    assert_eq!(session(""), Grade::Write);
    for (operator, value, wanted) in [
        ("StringEquals", "ReadOnly", Grade::Data),
        ("StringEqualsIfExists", "ReadOnly", Grade::Write),
        ("StringEquals", "ReadWrite", Grade::Write),
    ] {
        let condition =
            format!(r#","Condition":{{"{operator}":{{"s3express:SessionMode":"{value}"}}}}"#);
        assert_eq!(session(&condition), wanted, "{condition}");
    }
}

#[test]
fn managed_policies_are_reached_exactly() {
    for policy in managed_policies().iter().step_by(97) {
        let document = Document::parse(policy.document).unwrap();
        let reach = Reach::of([&document]);
        assert_eq!(reach.precision(), Precision::Exact, "{}", policy.name);
        assert!(reach.subtract(&reach).is_nothing(), "{}", policy.name);
        let grading = grade(reach.grants());
        assert_eq!(grading.grade == Grade::None, reach.is_nothing(), "{}", policy.name);
        let lines = describe(reach.grants());
        assert!(lines.len() <= 8, "{}", policy.name);
        assert_eq!(lines.is_empty(), reach.is_nothing(), "{}", policy.name);
    }
}

// IAM User Guide, "IAM JSON policy elements: Condition operators": `StringEquals` takes no wildcards.
#[test]
fn what_a_key_never_is_gives_nothing_and_denies_nobody() {
    let asking = |effect: &str, condition: &str| {
        format!(
            r#"{{"Effect":"{effect}","Action":"*","Resource":"*","Condition":{{{condition}}}}}"#
        )
    };
    let star = r#""StringEquals":{"aws:SourceIp":"*"}"#;
    assert!(reach(&asking("Allow", star)).is_nothing());
    assert_eq!(reach(&format!("{ALL},{}", asking("Deny", star))), reach(ALL));
    let not_star = r#""StringNotEquals":{"aws:PrincipalOrgID":"o-*"}"#;
    assert_eq!(reach(&asking("Allow", not_star)), reach(ALL));
    assert!(reach(&format!("{ALL},{}", asking("Deny", not_star))).is_nothing());
    // Of several values none matches without a set operator, so this Deny spares whoever has some.
    let paths = r#""StringNotEquals":{"aws:PrincipalOrgPaths":"o-abc/*"}"#;
    assert!(!reach(&format!("{ALL},{}", asking("Deny", paths))).is_nothing());
    assert_ne!(reach(&asking("Allow", paths)), reach(ALL));
    let any = r#""ForAnyValue:StringEquals":{"aws:PrincipalOrgPaths":"o-abc/*"}"#;
    assert!(reach(&asking("Allow", any)).is_nothing());
    for open in ["ForAllValues:StringEquals", "ForAnyValue:StringNotEquals"] {
        let open = format!(r#""{open}":{{"aws:PrincipalOrgPaths":"o-abc/*"}}"#);
        assert!(!reach(&asking("Allow", &open)).is_nothing(), "{open}");
    }
    let both = r#""StringEquals":{"aws:SourceIp":["*","192.0.2.1"]}"#;
    let one = r#""StringEquals":{"aws:SourceIp":"192.0.2.1"}"#;
    assert_eq!(reach(&asking("Allow", both)), reach(&asking("Allow", one)));
    let absent = r#""Null":{"aws:SourceIp":"true"}"#;
    let if_exists = r#""StringEqualsIfExists":{"aws:SourceIp":"*"}"#;
    assert_eq!(reach(&asking("Allow", if_exists)), reach(&asking("Allow", absent)));
    for open in [r#""StringLike":{"aws:SourceIp":"*"}"#, r#""StringEquals":{"s3:prefix":"*"}"#] {
        assert!(!reach(&asking("Allow", open)).is_nothing(), "{open}");
    }
}

// IAM User Guide, "AWS global condition context keys": aws:MultiFactorAuthPresent is true or false where
// it is there at all.
#[test]
fn two_spellings_of_a_guard_by_mfa_are_one() {
    const KEY: &str = "aws:MultiFactorAuthPresent";
    let only = |operator: &str, value: &str| {
        reach(&format!(
            r#"{{"Effect":"Allow","Action":"*","Resource":"*","Condition":{{"{operator}":{{"{KEY}":"{value}"}}}}}}"#
        ))
    };
    let but = |operator: &str, value: &str| {
        reach(&format!(
            r#"{{"Effect":"Allow","Action":"*","Resource":"*"}},{{"Effect":"Deny","Action":"*","Resource":"*","Condition":{{"{operator}":{{"{KEY}":"{value}"}}}}}}"#
        ))
    };
    for (one, other) in [
        (but("BoolIfExists", "false"), only("Bool", "true")),
        (but("Bool", "false"), only("BoolIfExists", "true")),
    ] {
        for change in [compare(&one, &other), compare(&other, &one)] {
            assert_eq!((change.gained, change.lost), (Vec::new(), Vec::new()));
        }
    }
    // Who had to have a second factor if anything must have one now.
    let change = compare(&only("BoolIfExists", "true"), &but("BoolIfExists", "false"));
    assert_eq!(change.gained, []);
    assert!(!change.lost.is_empty());
    let back = compare(&but("BoolIfExists", "false"), &only("BoolIfExists", "true"));
    assert!(!back.gained.is_empty());
    assert_eq!(back.lost, []);
}

// Who may do everything elsewhere gains nothing by an Allow whose Deny is for here.
#[test]
fn a_condition_and_the_deny_of_its_opposite_are_one() {
    for (operator, opposite, key, value) in [
        ("StringNotEquals", "StringEquals", "aws:RequestedRegion", "us-east-1"),
        ("StringEquals", "StringNotEquals", "aws:RequestedRegion", "us-east-1"),
        ("StringNotLike", "StringLike", "aws:PrincipalArn", "arn:aws:iam::*:role/ci-*"),
    ] {
        let condition =
            |operator: &str| format!(r#""Condition":{{"{operator}":{{"{key}":"{value}"}}}}"#);
        let only = reach(&format!(
            r#"{{"Effect":"Allow","Action":"*","Resource":"*",{}}}"#,
            condition(operator)
        ));
        let but = reach(&format!(
            r#"{ALL},{{"Effect":"Deny","Action":"*","Resource":"*",{}}}"#,
            condition(opposite)
        ));
        for change in [compare(&only, &but), compare(&but, &only)] {
            assert_eq!((change.gained, change.lost), (Vec::new(), Vec::new()), "{operator} {key}");
        }
    }
}

// Amazon Cognito Developer Guide, "Role trust and permissions": `amr` holds several values, of which no
// operator without a set prefix fits any.
#[test]
fn a_condition_on_a_key_that_may_hold_several_values_has_no_opposite() {
    for key in ["cognito-identity.amazonaws.com:amr", "aws:CalledVia", "token.example.com:groups"] {
        let condition =
            |operator: &str| format!(r#""Condition":{{"{operator}":{{"{key}":"guest"}}}}"#);
        let only = reach(&format!(
            r#"{{"Effect":"Allow","Action":"*","Resource":"*",{}}}"#,
            condition("StringNotEquals")
        ));
        let but = reach(&format!(
            r#"{ALL},{{"Effect":"Deny","Action":"*","Resource":"*",{}}}"#,
            condition("StringEquals")
        ));
        assert!(!compare(&only, &but).gained.is_empty(), "{key}");
    }
}
