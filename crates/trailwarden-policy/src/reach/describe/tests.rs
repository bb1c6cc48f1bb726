//! Grants as people read them.

use super::*;
use crate::document::Document;
use crate::reach::Reach;

fn told(statements: &str) -> Vec<String> {
    let text = format!(r#"{{"Version":"2012-10-17","Statement":[{statements}]}}"#);
    describe(Reach::of([&Document::parse(&text).unwrap()]).grants())
}

fn allow(actions: &str, resource: &str) -> Vec<String> {
    told(&format!(r#"{{"Effect":"Allow","Action":[{actions}],"Resource":[{resource}]}}"#))
}

#[test]
fn common_grants_read_well() {
    for (actions, resource, wanted) in [
        (r#""*""#, r#""*""#, &["do everything"][..]),
        (r#""iam:*""#, r#""*""#, &["full control of IAM"]),
        (r#""s3:GetObject""#, r#""arn:aws:s3:::x/*""#, &["read objects in bucket `x`"]),
        (r#""s3:GetObject""#, r#""*""#, &["read objects in any bucket"]),
        (
            r#""sts:AssumeRole""#,
            r#""arn:aws:iam::111122223333:role/*""#,
            &["assume any role of account `111122223333`"],
        ),
        (
            r#""iam:CreateAccessKey""#,
            r#""arn:aws:iam::*:user/a/alice","arn:aws:iam::*:user/bob""#,
            &["create access keys for users `a/alice` and `bob`"],
        ),
        // A path stands for all below it; what lies below a table is part of it.
        (
            r#""iam:CreateAccessKey""#,
            r#""arn:aws:iam::*:user/interns/*""#,
            &["create access keys for users below `interns/`"],
        ),
        (
            r#""iam:CreateAccessKey""#,
            r#""arn:aws:iam::*:user/interns/*","arn:aws:iam::*:user/ann""#,
            &["create access keys for users `ann` and below `interns/`"],
        ),
        (
            r#""ssm:GetParameter""#,
            r#""arn:aws:ssm:*:*:parameter/app/*""#,
            &["read parameters below `app/`"],
        ),
        (
            r#""dynamodb:Query""#,
            r#""arn:aws:dynamodb:*:*:table/t/*""#,
            &["read items of table `t`"],
        ),
        (r#""iam:CreatePolicyVersion""#, r#""*""#, &["change the content of any managed policy"]),
        (
            r#""ec2:DescribeInstances","ec2:DescribeVpcs""#,
            r#""*""#,
            &["call ec2:DescribeInstances, ec2:DescribeVpcs"],
        ),
        (r#""foo:Bar""#, r#""*""#, &["actions that are not known here, `foo:bar`"]),
    ] {
        assert_eq!(allow(actions, resource), wanted, "{actions} {resource}");
    }
}

// IAM User Guide, "IAM JSON policy elements: Resource": a statement concerns what it names.
#[test]
fn a_resource_of_one_service_gives_nothing_of_others() {
    let told = allow(r#""*""#, r#""arn:aws:s3:::x""#);
    assert!(told[0].starts_with("full control of S3 on `arn:aws:s3:::x`"), "{told:?}");
    // Whoever runs commands may name a bucket for what they print.
    let others: Vec<_> = told.iter().filter(|line| !line.contains("S3")).collect();
    assert!(others.iter().all(|line| line.starts_with("run commands on ")), "{told:?}");
}

// Amazon S3 User Guide, "Amazon S3 objects overview": a key is all behind the bucket's slash.
#[test]
fn objects_are_told_by_bucket_and_key() {
    for (resource, wanted) in [
        (r#""arn:aws:s3:::b/*""#, "read objects in bucket `b`"),
        (r#""arn:aws:s3:::b/p/*""#, "read objects below `p/` in bucket `b`"),
        (r#""arn:aws:s3:::b/p/q/*""#, "read objects below `p/q/` in bucket `b`"),
        (r#""arn:aws:s3:::b/k.txt""#, "read object `k.txt` in bucket `b`"),
        (r#""arn:aws:s3:::b/p*""#, "read objects `p*` in bucket `b`"),
        (r#""arn:aws:s3:::b/*/p/*""#, "read objects `*/p/*` in bucket `b`"),
        (r#""arn:aws:s3:::b-*/*""#, "read objects in bucket `b-*`"),
        (r#""arn:aws:s3:::b-*""#, "read objects in bucket `b-*`"),
        // The wildcard may reach into the key.
        (r#""arn:aws:s3:::b-*/p/*""#, "read objects `arn:aws:s3:::b-*/p/*`"),
        (r#""arn:aws:s3:::b-?/k""#, "read objects `arn:aws:s3:::b-?/k`"),
        // A slash in a variable ends no bucket.
        (
            r#""arn:aws:s3:::b/${aws:PrincipalTag/team}/*""#,
            "read objects below `${aws:principaltag/team}/` in bucket `b`",
        ),
        (r#""arn:aws:s3:::a/*","arn:aws:s3:::b/*""#, "read objects in buckets `a` and `b`"),
        (
            r#""arn:aws:s3:::a/*","arn:aws:s3:::b/*","arn:aws:s3:::c/*""#,
            "read objects in 3 buckets (`a`, `b`, ...)",
        ),
        (
            r#""arn:aws:s3:::a/p/*","arn:aws:s3:::b/k""#,
            "read objects below `p/` in bucket `a` and object `k` in bucket `b`",
        ),
        (
            r#""arn:aws:s3:::b/p/*","arn:aws:s3:::b/q/*""#,
            "read objects below `p/` and below `q/` in bucket `b`",
        ),
        (
            r#""arn:aws:s3:::b/p/*","arn:aws:s3:::b/q/*","arn:aws:s3:::b/k""#,
            "read objects in 3 places (below `p/`, below `q/`, ...) in bucket `b`",
        ),
        (
            r#""arn:aws:s3:::a/p/*","arn:aws:s3:::b/*","arn:aws:s3:::c/*""#,
            "read objects in 3 places (below `p/` in bucket `a`, in bucket `b`, ...)",
        ),
        (
            r#""arn:aws:s3:eu-west-1:111122223333:accesspoint/x/object/*""#,
            "read objects `arn:aws:s3:eu-west-1:111122223333:accesspoint/x/object/*`",
        ),
    ] {
        assert_eq!(allow(r#""s3:GetObject""#, resource), [wanted], "{resource}");
    }
    let without = |held: &str, denied: &str| {
        told(&format!(
            r#"{{"Effect":"Allow","Action":"s3:PutObject","Resource":"{held}"}},{{"Effect":"Deny","Action":"s3:PutObject","Resource":"{denied}"}}"#
        ))
    };
    let (all, own) = ("*", "arn:aws:s3:::b/*");
    assert_eq!(
        without(own, "arn:aws:s3:::b/p/*"),
        ["write objects in bucket `b` except below `p/`"]
    );
    assert_eq!(without(own, "arn:aws:s3:::b/k"), ["write objects in bucket `b` except object `k`"]);
    assert_eq!(
        without(all, "arn:aws:s3:::b/p/*"),
        ["write objects in any bucket except below `p/` in bucket `b`"]
    );
}

#[test]
fn what_is_no_variable_is_shown_as_written_and_said() {
    let statement = r#"{"Effect":"Allow","Action":"s3:GetObject","Resource":"arn:aws:s3:::b/${aws:username}/*"}"#;
    let old = format!(r#"{{"Statement":[{statement}]}}"#);
    let reach = Reach::of([&Document::parse(&old).unwrap()]);
    assert_eq!(
        describe(reach.grants()),
        ["read objects below `${aws:username}/` (plain text, no variable) in bucket `b`"]
    );
    assert_eq!(
        list(reach.grants()),
        ["s3:GetObject on `arn:aws:s3:::b/${aws:username}/*` (plain text, no variable)"]
    );
    assert_eq!(told(statement), ["read objects below `${aws:username}/` in bucket `b`"]);
}

// KMS Developer Guide, "Key policies in AWS KMS": `*` as the resource is the key of the policy.
#[test]
fn in_a_resource_policy_everything_is_the_resource() {
    let on = |actions: &str, resource: &str| {
        let text = format!(
            r#"{{"Version":"2012-10-17","Statement":[{{"Effect":"Allow","Principal":{{"AWS":"111122223333"}},"Action":[{actions}],"Resource":"{resource}"}}]}}"#
        );
        describe_on_resource(Reach::of([&Document::parse(&text).unwrap()]).grants())
    };
    assert_eq!(on(r#""kms:Decrypt""#, "*"), ["decrypt with this KMS key"]);
    assert_eq!(on(r#""kms:DescribeKey""#, "*"), ["call kms:DescribeKey on this resource"]);
    let secret = on(r#""secretsmanager:GetSecretValue""#, "*");
    assert_eq!(secret, ["read this secret"]);
    let full = on(r#""kms:*""#, "*");
    assert!(full[0].starts_with("full control of ") && full[0].ends_with(" on this resource"));
    // One resource has no actions of two services, and a bucket must be named.
    let of_endpoint = on(r#""kms:Decrypt","sqs:ReceiveMessage""#, "*");
    assert_eq!(of_endpoint, ["decrypt with any KMS key", "receive messages of any queue"]);
    assert_eq!(on(r#""s3:GetObject""#, "*"), ["read objects in any bucket"]);
    assert_eq!(on(r#""iam:PutRolePolicy""#, "*"), ["write inline policies of any role"]);
    let keys = "arn:aws:kms:*:*:key/*";
    assert_eq!(on(r#""kms:Decrypt""#, keys), ["decrypt with any KMS key"]);
}

#[test]
fn conditions_are_told() {
    assert_eq!(
        told(
            r#"{"Effect":"Allow","Action":"iam:PassRole","Resource":"*","Condition":{"StringEquals":{"iam:PassedToService":"lambda.amazonaws.com"},"Bool":{"aws:MultiFactorAuthPresent":"true"}}}"#
        ),
        ["pass any role to Lambda, where `aws:MultiFactorAuthPresent` is `true`"]
    );
    assert_eq!(
        told(
            r#"{"Effect":"Allow","Action":"sts:AssumeRole","Resource":"*"},{"Effect":"Deny","Action":"sts:*","Resource":"*","Condition":{"StringNotEquals":{"aws:PrincipalOrgID":"o-1"}}}"#
        ),
        ["assume any role, unless `aws:PrincipalOrgID` is not `o-1`"]
    );
}

// IAM User Guide, "AWS global condition context keys" (spelling); a tag's name is the account's own.
#[test]
fn keys_are_shown_as_aws_writes_them() {
    for (condition, wanted) in [
        (
            r#""BoolIfExists":{"AWS:multifactorauthpresent":"true"}"#,
            "`aws:MultiFactorAuthPresent`, if given, is `true`",
        ),
        (r#""StringEquals":{"aws:principaltag/Team":"a"}"#, "`aws:PrincipalTag/Team` is `a`"),
        (r#""StringEquals":{"S3:PREFIX":"a"}"#, "`s3:prefix` is `a`"),
        (r#""StringEquals":{"My.Provider/x:Aud":"a"}"#, "`My.Provider/x:Aud` is `a`"),
    ] {
        let lines = told(&format!(
            r#"{{"Effect":"Allow","Action":"s3:ListBucket","Resource":"*","Condition":{{{condition}}}}}"#
        ));
        assert!(lines[0].ends_with(&format!(", where {wanted}")), "{lines:?}");
    }
}

#[test]
fn the_worst_comes_first_and_eight_lines_are_enough() {
    let lines = allow(r#""*:Get*","*:Put*","iam:*""#, r#""*""#);
    assert_eq!(lines.len(), 8);
    assert_eq!(lines[0], "full control of IAM");
    assert!(lines[7].contains("more actions: "), "{}", lines[7]);
}

#[test]
fn exclusions_are_told() {
    let lines =
        told(r#"{"Effect":"Allow","NotAction":["iam:*","organizations:*"],"Resource":"*"}"#);
    assert_eq!(lines[0], "do everything but IAM, Organizations");
    assert_eq!(lines[1], "assume any role");
    let lines = told(
        r#"{"Effect":"Allow","Action":"s3:GetObject","Resource":"*"},{"Effect":"Deny","Action":"s3:GetObject","Resource":"arn:aws:s3:::secret/*"}"#,
    );
    assert_eq!(lines, ["read objects in any bucket except `secret`"]);
}

// Amazon S3 User Guide, "Bucket naming rules": no name holds a slash.
#[test]
fn a_bucket_is_not_left_out_with_its_objects() {
    let lines = told(
        r#"{"Effect":"Allow","Action":"s3:PutBucketPolicy","NotResource":"arn:aws:s3:::secret/*"}"#,
    );
    assert_eq!(lines, ["rewrite the policy of any bucket"]);
}

#[test]
fn hostile_names_stay_on_one_line() {
    let lines = allow(r#""s3:GetObject","a\nb:c""#, r#""arn:aws:s3:::x\ny\u202e/*""#);
    assert!(lines.iter().all(|line| !line.contains(['\n', '\u{202e}'])), "{lines:?}");
    assert!(lines.iter().any(|line| line.contains("\\u{a}")), "{lines:?}");
}

#[test]
fn the_full_list_names_everything() {
    let text = r#"{"Version":"2012-10-17","Statement":{"Effect":"Allow","Action":["s3:Get*","sqs:*"],"Resource":"*"}}"#;
    let grants = Reach::of([&Document::parse(text).unwrap()]);
    let lines = list(grants.grants());
    assert!(lines[0].contains("s3:GetObject, ") && lines[0].ends_with("on `*`"), "{lines:#?}");
    assert!(lines[1].starts_with("all ") && lines[1].contains(" actions of sqs "), "{lines:#?}");
}

// Service Authorization Reference, "AWS Systems Manager": SendCommand is on instances, documents and a
// bucket.
#[test]
fn commands_are_run_on_what_the_policy_names() {
    let told = |resource: &str| {
        let text = format!(
            r#"{{"Version":"2012-10-17","Statement":{{"Effect":"Allow","Action":"ssm:SendCommand","Resource":"{resource}"}}}}"#
        );
        describe(Reach::of([&Document::parse(&text).unwrap()]).grants()).join("; ")
    };
    assert!(told("arn:aws:ec2:*:*:instance/i-1").starts_with("run commands on instance `i-1`"));
    assert!(
        told("arn:aws:s3:::out").starts_with("run commands on bucket `out`"),
        "{}",
        told("arn:aws:s3:::out")
    );
    let document = "arn:aws:ssm:*:*:document/Patch";
    assert!(told(document).starts_with("run commands on document `Patch`"), "{}", told(document));
}
