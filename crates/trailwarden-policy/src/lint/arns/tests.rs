//! Texts of resources against the templates of AWS.

use super::*;

fn whole(text: &str) -> Fields<'_> {
    fields(text).unwrap()
}

#[test]
fn texts_are_taken_apart() {
    assert_eq!(form("**"), Form::Everything);
    assert_eq!(form("${aws:username}"), Form::Variable);
    assert_eq!(form("bucket/*"), Form::NotArn);
    assert_eq!(form("arn"), Form::NotArn);
    assert_eq!(form("arn:aws:s3::b"), Form::Short { fields: 5 });
    assert_eq!(form("arn:aws:sqs:*"), Form::OpenEnded);
    let arn = whole("arn:aws:iam::${aws:PrincipalTag/a:b}:user/${aws:username}:x");
    assert_eq!(arn.account, "${aws:PrincipalTag/a:b}");
    assert_eq!(arn.resource, "user/${aws:username}:x");
}

// Service Authorization Reference, resource types of IAM, S3, Lambda, EC2 and DynamoDB.
#[test]
fn arns_are_held_against_their_types() {
    for (text, expected) in [
        ("arn:aws:iam::111122223333:role/path/x", None),
        ("arn:aws:iam::111122223333:r*", None),
        ("arn:aws:iam::*:*", None),
        ("arn:aws:iam::111122223333:roles/x", Some(Misfit::Resource)),
        ("arn:aws:iam:us-east-1:111122223333:role/x", Some(Misfit::Region)),
        ("arn:aws:iam:*:111122223333:role/x", None),
        ("arn:aws:s3:::bucket", None),
        ("arn:aws:s3:::bucket/*/x", None),
        ("arn:aws:s3::111122223333:bucket", Some(Misfit::Account)),
        ("arn:aws:s3:eu-west-1:111122223333:accesspoint/x/object/*", None),
        ("arn:aws:lambda::111122223333:function:x", Some(Misfit::NoRegion)),
        ("arn:aws:lambda:eu-west-1::function:x", Some(Misfit::NoAccount)),
        ("arn:aws:lambda:eu-west-1:111122223333:function:${x}:*", None),
        ("arn:aws:ec2:eu-west-1::image/ami-1", None),
        ("arn:aws:ec2:eu-west-1:111122223333:i?stance/i-1", None),
        ("arn:aws:dynamodb:eu-west-1:111122223333:table/a/b", Some(Misfit::Resource)),
        ("arn:aws:dynamodb:eu-west-1:111122223333:table/a/index/b", None),
        ("arn:aws:unheard:::x", None),
        ("arn:aws:cloudformation:us-east-1:aws:transform/Serverless-2016-10-31", None),
        ("arn:aws:ssm:eu-west-1::document/AWS-RunShellScript", None),
    ] {
        assert_eq!(misfit(&whole(text)), expected, "{text}");
    }
}

#[test]
fn buckets_and_objects_are_told_apart() {
    let types = |text: &str| types_of(&whole(text)).filter(|t| t.contains(":s3:::")).count();
    assert_eq!(types("arn:aws:s3:::bucket"), 1);
    assert_eq!(types("arn:aws:s3:::bucket/key"), 1);
    assert_eq!(types("arn:aws:s3:::bucket*"), 2);
}

#[test]
fn every_template_fits_itself() {
    for template in TEMPLATES.values().flatten() {
        let resource = template.text.splitn(6, ':').nth(5).unwrap();
        assert!(template.fits(resource), "{}", template.text);
        // One service writes placeholders within placeholders.
        let example: String = resource.replace("${", "").replace(['}', '*'], "x");
        assert!(template.fits(&example) || resource.contains("-{"), "{example}");
    }
}

/// ARNs as the guides of the services write them.
#[test]
fn arns_in_common_use_fit_a_type() {
    for text in [
        "arn:aws:apigateway:us-east-1::/restapis/*",
        "arn:aws:autoscaling:*:*:autoScalingGroup:*:autoScalingGroupName/x",
        "arn:aws:backup:us-east-1:111122223333:backup-vault:v",
        "arn:aws:bedrock:*::foundation-model/anthropic.*",
        "arn:aws:cassandra:us-east-1:111122223333:/keyspace/k/table/t",
        "arn:aws:codecommit:us-east-2:111122223333:repo",
        "arn:aws:ec2:*::image/ami-*",
        "arn:aws:elasticloadbalancing:us-east-1:111122223333:loadbalancer/app/a/b",
        "arn:aws:es:us-west-2:111122223333:domain/test-domain/*",
        "arn:aws:events:us-east-1:111122223333:event-bus/default",
        "arn:aws:execute-api:us-east-1:111122223333:abc/*/GET/x",
        "arn:aws:iam::*:mfa/${aws:username}",
        "arn:aws:lambda:us-east-1:111122223333:function:f:alias",
        "arn:aws:logs:us-east-1:111122223333:log-group:/aws/lambda/f:*",
        "arn:aws:mobiletargeting:us-east-1:111122223333:apps/a/messages",
        "arn:aws:rds-db:us-east-1:111122223333:dbuser:db-A/u",
        "arn:aws:route53:::hostedzone/Z1",
        "arn:aws:ses:us-east-1:111122223333:identity/example.com",
        "arn:aws:sqs:*:*:*",
        "arn:aws:states:us-east-1:111122223333:stateMachine:m",
    ] {
        assert_eq!(misfit(&whole(text)), None, "{text}");
    }
}
