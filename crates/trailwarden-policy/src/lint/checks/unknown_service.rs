//! An action of a service that AWS is not known to have.

use crate::lint::prelude::*;

/// See the fields.
pub static CHECK: Check = Check {
    id: "unknown-service",
    title: "Unknown service in an action",
    severity: Severity::Medium,
    confidence: Confidence::Medium,
    kinds: EVERY_KIND,
    about: "An action of a service that does not exist allows and denies nothing; in a Deny, that is a hole. The service may also be newer than the table of actions, or retired.",
    source: "IAM User Guide, \"IAM JSON policy elements: Action\"",
    cross: &[
        (Tool::AccessAnalyzer, "INVALID_SERVICE_IN_ACTION"),
        (Tool::Parliament, "UNKNOWN_PREFIX"),
    ],
    run: Run::Statement(run),
    fires_on: &[
        Example::identity(
            r#""Effect":"Allow","Action":["s3:GetObject","dynamo:GetItem"],"Resource":"*""#,
        )
        .at(r#""dynamo:GetItem""#),
        Example::scp(r#""Effect":"Deny","Action":"elb:*","Resource":"*""#).at(r#""elb:*""#),
    ],
    quiet_on: &[
        Example::identity(
            r#""Effect":"Allow","Action":["DynamoDB:GetItem","*","*:*","dynamo*:GetItem"],"Resource":"*""#,
        ),
        // The action is another matter.
        Example::identity(r#""Effect":"Allow","Action":"s3:Nothing","Resource":"*""#),
    ],
};

/// Names that people write for a service, and the prefix it has: names of products, of packages of
/// the command line, and older prefixes.
///
/// Source: Service Authorization Reference, "Actions, resources, and condition keys for AWS
/// services" (the prefixes).
const OTHER_NAMES: &[(&str, &str)] = &[
    ("alb", "elasticloadbalancing"),
    ("amplify-console", "amplify"),
    ("api-gateway", "apigateway"),
    ("application-insights", "applicationinsights"),
    ("auto-scaling", "autoscaling"),
    ("aws-kms", "kms"),
    ("certificate-manager", "acm"),
    ("cloud-formation", "cloudformation"),
    ("cloud-trail", "cloudtrail"),
    ("cloudwatch-logs", "logs"),
    ("cognito", "cognito-idp"),
    ("configservice", "config"),
    ("dynamo", "dynamodb"),
    ("efs", "elasticfilesystem"),
    ("elb", "elasticloadbalancing"),
    ("elbv2", "elasticloadbalancing"),
    ("emr", "elasticmapreduce"),
    ("eventbridge", "events"),
    ("msk", "kafka"),
    ("nlb", "elasticloadbalancing"),
    ("organisations", "organizations"),
    ("parameterstore", "ssm"),
    ("secrets-manager", "secretsmanager"),
    ("security-hub", "securityhub"),
    ("service-quotas", "servicequotas"),
    ("stepfunctions", "states"),
    ("sfn", "states"),
    ("systemsmanager", "ssm"),
    ("transitgateway", "ec2"),
    ("vpc", "ec2"),
    ("wafregional", "waf-regional"),
];

fn run(_input: &Input<'_>, view: &StatementView<'_>, found: &mut Found<'_>) {
    for action in view.actions() {
        let Some((prefix, _)) = action.text.split_once(':') else {
            continue;
        };
        let is_plain = prefix.chars().all(|c| c.is_ascii_alphanumeric() || c == '-');
        if prefix.is_empty() || !is_plain || facts().service(prefix).is_some() {
            continue;
        }
        let other = OTHER_NAMES.iter().find(|(name, _)| name.eq_ignore_ascii_case(prefix));
        let near = other.map(|(_, known)| *known).or_else(|| {
            let known = facts().services().iter().filter(|_| !found.is_full()).map(|s| s.prefix());
            crate::nearest::nearest(prefix, known)
        });
        let message = format!("{} is not known as a service", quoted(prefix));
        let fix = match near {
            Some(near) => format!("did you mean `{near}`?"),
            None => "look up the prefix of the service that is meant".to_owned(),
        };
        found.at(action.span, view.index, message, fix);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn other_names_lead_to_services_and_are_none() {
        assert!(OTHER_NAMES.len() > 20);
        let is_known = |prefix: &str| facts().service(prefix).is_some();
        let wrong = OTHER_NAMES.iter().filter(|(name, of)| is_known(name) || !is_known(of));
        assert_eq!(wrong.collect::<Vec<_>>(), Vec::<&(&str, &str)>::new());
    }
}
