//! A Deny by source address that also stops AWS services.

use crate::lint::conditions::has_condition_on;
use crate::lint::prelude::*;

/// See the fields.
pub static CHECK: Check = Check {
    id: "source-address-deny-that-hits-services",
    title: "Deny by address that hits AWS services",
    severity: Severity::Low,
    confidence: Confidence::Medium,
    kinds: EVERY_KIND,
    about: "A service that acts for the caller calls from its own address, and a call through a VPC endpoint has no public one: both are denied, and people widen such policies until they deny nothing.",
    source: "IAM User Guide, \"AWS: Denies access to AWS based on the source IP\"",
    cross: &[],
    run: Run::Statement(run),
    fires_on: &[Example::identity(r#""Effect":"Deny","Action":"s3:GetObject","Resource":"*","Condition":{"NotIpAddress":{"aws:SourceIp":"203.0.113.0/24"}}"#).at(r#""aws:SourceIp""#)],
    quiet_on: &[Example::identity(r#""Effect":"Deny","Action":"s3:GetObject","Resource":"*","Condition":{"NotIpAddress":{"aws:SourceIp":"203.0.113.0/24"},"Bool":{"aws:ViaAWSService":"false"}}"#),
Example::identity(r#""Effect":"Allow","Action":"s3:GetObject","Resource":"*","Condition":{"IpAddress":{"aws:SourceIp":"203.0.113.0/24"}}"#)],
};

fn run(_input: &Input<'_>, view: &StatementView<'_>, found: &mut Found<'_>) {
    if !view.denies() || has_condition_on(view, EXCEPTIONS) {
        return;
    }
    for condition in view.conditions() {
        if condition.is_key("aws:SourceIp") && condition.operator.is_negative() {
            let key = quoted(&condition.condition.key);
            let message = format!(
                "calls that AWS services make for the caller do not come from the addresses in {key}"
            );
            let fix = "add `\"Bool\": {\"aws:ViaAWSService\": \"false\"}` beside it, and `aws:SourceVpc` where VPC endpoints are in use";
            found.at(condition.places.key, view.index, message, fix);
        }
    }
}

/// Who wrote one of these has thought of it.
const EXCEPTIONS: &[&str] = &[
    "aws:ViaAWSService",
    "aws:PrincipalIsAWSService",
    "aws:CalledVia",
    "aws:CalledViaFirst",
    "aws:CalledViaLast",
];
