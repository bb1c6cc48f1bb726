//! Private addresses where only public ones are seen.

use crate::facts::ValueType;
use crate::lint::conditions::{AddressRange, compares};
use crate::lint::prelude::*;

/// See the fields.
pub static CHECK: Check = Check {
    id: "private-source-address",
    title: "Private source address",
    severity: Severity::Low,
    confidence: Confidence::High,
    kinds: EVERY_KIND,
    about: "`aws:SourceIp` is the public address of the call; private addresses never appear in it. A condition on private ranges alone never matches, and a negated one always does.",
    source: "IAM User Guide, \"Access Analyzer policy check reference\"",
    cross: &[(Tool::AccessAnalyzer, "PRIVATE_IP_ADDRESS"), (Tool::AccessAnalyzer, "PRIVATE_NOT_IP_ADDRESS"), (Tool::AccessAnalyzer, "PRIVATE_IP_ADDRESS_SUBSET"), (Tool::AccessAnalyzer, "PRIVATE_NOT_IP_ADDRESS_SUBSET")],
    run: Run::Statement(run),
    fires_on: &[Example::identity(r#""Effect":"Allow","Action":"s3:GetObject","Resource":"*","Condition":{"IpAddress":{"aws:SourceIp":"10.0.0.0/8"}}"#).at(r#""10.0.0.0/8""#),
Example::identity(r#""Effect":"Deny","Action":"s3:GetObject","Resource":"*","Condition":{"NotIpAddress":{"aws:SourceIp":["192.168.1.0/24","fd00::/8"]}}"#).at(r#""fd00::/8""#),
Example::identity(r#""Effect":"Allow","Action":"s3:GetObject","Resource":"*","Condition":{"IpAddress":{"aws:SourceIp":["10.0.0.0/8","203.0.113.0/24"]}}"#).at(r#""10.0.0.0/8""#)],
    quiet_on: &[Example::identity(r#""Effect":"Allow","Action":"s3:GetObject","Resource":"*","Condition":{"IpAddress":{"aws:SourceIp":"203.0.113.0/24","aws:VpcSourceIp":"10.0.0.0/8"},"StringEquals":{"aws:SourceVpc":"vpc-12345678"}}"#)],
};

fn run(_input: &Input<'_>, view: &StatementView<'_>, found: &mut Found<'_>) {
    for condition in view.conditions() {
        if !condition.is_key("aws:SourceIp")
            || compares(&condition.operator) != Some(ValueType::IpAddress)
        {
            continue;
        }
        let is_private =
            |value: &str| AddressRange::parse(value).is_some_and(AddressRange::is_private);
        let is_all = condition.values().all(|(value, _)| is_private(value));
        let severity = match (is_all, view.allows(), condition.operator.is_negative()) {
            (false, _, _) => Severity::Info,
            // An Allow for everyone, a Deny for nobody.
            (true, true, true) | (true, false, false) => Severity::High,
            // An Allow for nobody, a Deny for everyone.
            (true, true, false) | (true, false, true) => Severity::Low,
        };
        for (value, span) in condition.values().filter(|(value, _)| is_private(value)) {
            let message = format!("no call comes from the private address {}", quoted(value));
            let fix = "use `aws:VpcSourceIp` with `aws:SourceVpc` for private addresses";
            found.graded(severity, span, view.index, message, fix);
        }
    }
}
