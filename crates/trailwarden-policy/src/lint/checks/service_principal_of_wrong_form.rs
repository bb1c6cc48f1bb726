//! A service principal that no service has.

use crate::lint::arns::is_open;
use crate::lint::prelude::*;

/// See the fields.
pub static CHECK: Check = Check {
    id: "service-principal-of-wrong-form",
    title: "Service principal of the wrong form",
    severity: Severity::High,
    confidence: Confidence::High,
    kinds: EVERY_KIND,
    about: "Services are named in lower case, as `ec2.amazonaws.com`. AWS refuses another form as a principal, and in a condition it matches nothing.",
    source: "IAM User Guide, \"AWS JSON policy elements: Principal\"",
    cross: &[
        (Tool::AccessAnalyzer, "INVALID_SERVICE_PRINCIPAL_FORMAT"),
        (Tool::Parliament, "UNKNOWN_PRINCIPAL"),
    ],
    run: Run::Statement(run),
    fires_on: &[
        Example::trust(
            r#""Effect":"Allow","Principal":{"Service":"ec2"},"Action":"sts:AssumeRole""#,
        )
        .at(r#""ec2""#),
        Example::trust(
            r#""Effect":"Allow","Principal":{"Service":"Lambda.amazonaws.com"},"Action":"sts:AssumeRole""#,
        )
        .at(r#""Lambda.amazonaws.com""#),
        Example::identity(
            r#""Effect":"Allow","Action":"iam:PassRole","Resource":"arn:aws:iam::111122223333:role/x","Condition":{"StringEquals":{"iam:PassedToService":"lambda"}}"#,
        )
        .at(r#""lambda""#),
        Example::identity(
            r#""Effect":"Allow","Action":"kms:Decrypt","Resource":"*","Condition":{"StringEquals":{"kms:ViaService":"s3.amazonaws.com"}}"#,
        )
        .at(r#""s3.amazonaws.com""#),
    ],
    quiet_on: &[
        Example::trust(
            r#""Effect":"Allow","Principal":{"Service":["ec2.amazonaws.com","ec2.amazonaws.com.cn","states.eu-west-1.amazonaws.com","alexa-appkit.amazon.com"]},"Action":"sts:AssumeRole""#,
        ),
        Example::identity(
            r#""Effect":"Allow","Action":"iam:PassRole","Resource":"arn:aws:iam::111122223333:role/x","Condition":{"StringLike":{"iam:PassedToService":["lambda.*","ecs*"]}}"#,
        ),
        Example::identity(
            r#""Effect":"Allow","Action":"kms:Decrypt","Resource":"*","Condition":{"StringEquals":{"kms:ViaService":"s3.eu-west-1.amazonaws.com"}}"#,
        ),
    ],
};

/// Keys whose values are service principals, in lower case.
const KEYS: [&str; 7] = [
    "aws:calledvia",
    "aws:calledviafirst",
    "aws:calledvialast",
    "aws:principalservicename",
    "aws:principalservicenameslist",
    "iam:awsservicename",
    "iam:passedtoservice",
];

/// What service principals end with: in all partitions, and those of Alexa.
const ENDINGS: [&str; 6] = [
    ".amazonaws.com",
    ".amazonaws.com.cn",
    ".amazonaws.eu",
    ".amazon.com",
    ".c2s.ic.gov",
    ".sc2s.sgov.gov",
];

fn run(_input: &Input<'_>, view: &StatementView<'_>, found: &mut Found<'_>) {
    for part in view.principals().filter(|part| part.principal.kind == PrincipalKind::Service) {
        let value = part.principal.value.as_str();
        if !is_open(value) && !is_service_principal(value) {
            found.at(part.span, view.index, message(value), fix_of(value));
        }
    }
    for condition in view.conditions() {
        if !condition.operator.base.starts_with("string") {
            continue;
        }
        let key = condition.condition.key.to_ascii_lowercase();
        let is_via = key == "kms:viaservice";
        if !is_via && !KEYS.contains(&key.as_str()) {
            continue;
        }
        for (value, span) in condition.values().filter(|(value, _)| !is_open(value)) {
            let severity = Severity::Medium;
            if !is_service_principal(value) {
                found.graded(severity, span, view.index, message(value), fix_of(value));
            } else if is_via && value.split('.').nth(3).is_none() {
                let message = format!("{} names no Region, as this key does", quoted(value));
                let fix = "write `SERVICE.REGION.amazonaws.com`";
                found.graded(severity, span, view.index, message, fix);
            }
        }
    }
}

fn message(value: &str) -> String {
    format!("{} is no service principal", quoted(value))
}

fn fix_of(value: &str) -> String {
    let lower = value.to_ascii_lowercase();
    if is_service_principal(&lower) {
        return format!("write {}", quoted(&lower));
    }
    match facts().service(value) {
        Some(service) => format!("did you mean `{}.amazonaws.com`?", service.prefix()),
        None => "write it as `ec2.amazonaws.com`".to_owned(),
    }
}

fn is_service_principal(value: &str) -> bool {
    let Some(name) = ENDINGS.iter().find_map(|ending| value.strip_suffix(ending)) else {
        return false;
    };
    let is_known =
        |b: u8| b.is_ascii_lowercase() || b.is_ascii_digit() || matches!(b, b'-' | b'.' | b'_');
    !name.is_empty() && name.bytes().all(is_known)
}
