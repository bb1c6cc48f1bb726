//! Policies of applications: what they may do, on what is theirs, and which service takes the role.

use serde_json::{Value, json};

use super::{ACCOUNT, REGION};
use crate::corpus::random::Random;

/// What an application may be given: a name, actions, and a resource with `APP` for its name.
pub(super) const GRANTS: [(&str, &[&str], &str); 9] = [
    ("Objects", &["s3:GetObject", "s3:PutObject"], "arn:aws:s3:::amzn-s3-demo-APP/*"),
    ("List", &["s3:ListBucket"], "arn:aws:s3:::amzn-s3-demo-APP"),
    ("Table", &["dynamodb:GetItem", "dynamodb:PutItem", "dynamodb:Query"], "dynamodb:table/APP"),
    ("Jobs", &["sqs:DeleteMessage", "sqs:ReceiveMessage", "sqs:SendMessage"], "sqs:APP-jobs"),
    ("Events", &["sns:Publish"], "sns:APP-events"),
    ("Logs", &["logs:CreateLogStream", "logs:PutLogEvents"], "logs:log-group:/app/APP:*"),
    ("Settings", &["ssm:GetParameter", "ssm:GetParametersByPath"], "ssm:parameter/APP/*"),
    ("Reports", &["s3:GetObject"], "arn:aws:s3:::amzn-s3-demo-reports/APP/*"),
    ("Mail", &["ses:SendEmail"], "ses:identity/example.com"),
];

/// An identity policy with some grants.
pub(super) fn identity(application: &str, random: &mut Random) -> String {
    let first = random.below(GRANTS.len() as u64);
    let count = 1 + random.below(4);
    let places = GRANTS.iter().cycle().skip(usize::try_from(first).unwrap_or(0));
    let statements: Vec<Value> = places
        .take(usize::try_from(count).unwrap_or(1))
        .map(|(sid, actions, resource)| {
            let resource = resource.replace("APP", application);
            let resource = match resource.split_once(':') {
                Some((service, rest)) if service != "arn" => {
                    format!("arn:aws:{service}:{REGION}:{ACCOUNT}:{rest}")
                }
                _ => resource,
            };
            json!({"Sid": sid, "Effect": "Allow", "Action": actions, "Resource": resource})
        })
        .collect();
    json!({"Version": "2012-10-17", "Statement": statements}).to_string()
}

/// A trust policy for services.
pub(super) fn trust(services: &[&str], is_guarded: bool) -> String {
    let names: Vec<String> =
        services.iter().map(|service| format!("{service}.amazonaws.com")).collect();
    let principal = match names.as_slice() {
        [one] => json!(one),
        several => json!(several),
    };
    let mut statement = json!({
        "Effect": "Allow",
        "Principal": {"Service": principal},
        "Action": "sts:AssumeRole",
    });
    if let (Some(fields), true) = (statement.as_object_mut(), is_guarded) {
        let own = json!({"StringEquals": {"aws:SourceAccount": ACCOUNT}});
        fields.insert("Condition".to_owned(), own);
    }
    json!({"Version": "2012-10-17", "Statement": [statement]}).to_string()
}

/// Percent-encoded, as documents in responses are.
pub(super) fn encoded(document: &str) -> String {
    let mut out = String::with_capacity(document.len() * 2);
    for byte in document.bytes() {
        if byte.is_ascii_alphanumeric() || b"-_.~".contains(&byte) {
            out.push(char::from(byte));
        } else {
            out.push_str(&format!("%{byte:02X}"));
        }
    }
    out
}
