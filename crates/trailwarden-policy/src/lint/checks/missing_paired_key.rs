//! A key that says little without another.

use crate::lint::conditions::{has_condition_on, is_one_of};
use crate::lint::prelude::*;

/// See the fields.
pub static CHECK: Check = Check {
    id: "missing-paired-key",
    title: "Missing paired key",
    severity: Severity::Medium,
    confidence: Confidence::High,
    kinds: EVERY_KIND,
    about: "Private addresses mean nothing without the network they are in: every VPC can have the same ones, a stranger's too.",
    source: "IAM User Guide, \"AWS global condition context keys\"",
    cross: &[(Tool::AccessAnalyzer, "MISSING_PAIRED_CONDITION_KEYS")],
    run: Run::Statement(run),
    fires_on: &[Example::resource(r#""Effect":"Allow","Principal":"*","Action":"s3:GetObject","Resource":"*","Condition":{"IpAddress":{"aws:VpcSourceIp":"10.0.0.0/8"}}"#).at(r#""aws:VpcSourceIp""#),
Example::resource(r#""Effect":"Allow","Principal":"*","Action":"s3:GetObject","Resource":"*","Condition":{"IpAddress":{"aws:Ec2InstanceSourcePrivateIPv4":"10.0.0.7"}}"#).at(r#""aws:Ec2InstanceSourcePrivateIPv4""#)],
    quiet_on: &[Example::resource(r#""Effect":"Allow","Principal":"*","Action":"s3:GetObject","Resource":"*","Condition":{"IpAddress":{"aws:VpcSourceIp":"10.0.0.0/8"},"StringEquals":{"aws:SourceVpc":"vpc-12345678"}}"#),
Example::resource(r#""Effect":"Allow","Principal":"*","Action":"s3:GetObject","Resource":"*","Condition":{"IpAddress":{"aws:Ec2InstanceSourcePrivateIPv4":"10.0.0.7"},"StringEquals":{"aws:Ec2InstanceSourceVpc":"vpc-12345678"}}"#)],
};

fn run(_input: &Input<'_>, view: &StatementView<'_>, found: &mut Found<'_>) {
    for condition in view.conditions() {
        let key = &condition.condition.key;
        let Some((_, partners)) = PAIRS.iter().find(|(single, _)| is_one_of(key, &[single])) else {
            continue;
        };
        let is_asked = condition.operator.base != "null";
        if is_asked && !has_condition_on(view, partners) {
            let partner = partners.first().copied().unwrap_or_default();
            let message = format!("{} stands without `{partner}`", quoted(key));
            found.at(
                condition.places.key,
                view.index,
                message,
                format!("add a condition on `{partner}`"),
            );
        }
    }
}

/// A key, and those of which one should stand beside it.
const PAIRS: &[(&str, &[&str])] = &[
    (
        "aws:VpcSourceIp",
        &[
            "aws:SourceVpc",
            "aws:SourceVpce",
            "aws:SourceVpcArn",
            "aws:VpceAccount",
            "aws:VpceOrgID",
            "aws:VpceOrgPaths",
        ],
    ),
    ("aws:Ec2InstanceSourcePrivateIPv4", &["aws:Ec2InstanceSourceVpc", "aws:SourceVpc"]),
];
