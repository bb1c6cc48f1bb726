//! A wildcard in the id of an account, organization or network.

use crate::lint::conditions::{has_wildcard, is_one_of};
use crate::lint::prelude::*;
use crate::pattern::is_match_all;

/// See the fields.
pub static CHECK: Check = Check {
    id: "identifier-with-wildcard",
    title: "Identifier with a wildcard",
    severity: Severity::High,
    confidence: Confidence::High,
    kinds: EVERY_KIND,
    about: "Ids are given out by AWS, not chosen: a pattern takes in accounts, organizations and networks of strangers, and anyone can open accounts until one fits.",
    source: "IAM User Guide, \"AWS global condition context keys\"",
    cross: &[],
    run: Run::Statement(run),
    fires_on: &[Example::resource(r#""Effect":"Allow","Principal":"*","Action":"s3:GetObject","Resource":"*","Condition":{"StringLike":{"aws:PrincipalOrgID":"o-*"}}"#).at(r#""o-*""#),
Example::resource(r#""Effect":"Allow","Principal":"*","Action":"s3:GetObject","Resource":"*","Condition":{"StringLike":{"aws:SourceAccount":"1111*"}}"#).at(r#""1111*""#),
Example::resource(r#""Effect":"Deny","Principal":"*","Action":"s3:GetObject","Resource":"*","Condition":{"StringNotLike":{"aws:SourceVpce":"vpce-*"}}"#).at(r#""vpce-*""#)],
    quiet_on: &[Example::resource(r#""Effect":"Allow","Principal":"*","Action":"s3:GetObject","Resource":"*","Condition":{"StringLike":{"aws:PrincipalOrgID":"o-abcdefghij","aws:userid":"AROAEXAMPLEID:*"},"ForAnyValue:StringLike":{"aws:PrincipalOrgPaths":"o-abcdefghij/*"}}"#),
Example::resource(r#""Effect":"Allow","Principal":"*","Action":"s3:GetObject","Resource":"*","Condition":{"StringLike":{"aws:PrincipalOrgID":"*"}}"#)],
};

fn run(_input: &Input<'_>, view: &StatementView<'_>, found: &mut Found<'_>) {
    for condition in view.conditions() {
        let key = &condition.condition.key;
        let is_pattern = matches!(condition.operator.base.as_str(), "stringlike" | "stringnotlike");
        let is_id = is_one_of(key, IDS);
        if !is_pattern || !(is_id || is_one_of(key, PATHS)) {
            continue;
        }
        let is_guard = view.allows() != condition.operator.is_negative();
        let severity = if is_guard { Severity::High } else { Severity::Medium };
        for (value, span) in condition.values() {
            // In a path, the organization stands before the first slash.
            let id = if is_id { value } else { value.split('/').next().unwrap_or(value) };
            if has_wildcard(id) && !is_match_all(value) {
                let message =
                    format!("{} in {} takes in ids of strangers", quoted(value), quoted(key));
                found.graded(
                    severity,
                    span,
                    view.index,
                    message,
                    "write the whole id, several as a list",
                );
            }
        }
    }
}

const IDS: &[&str] = &[
    "aws:PrincipalAccount",
    "aws:PrincipalOrgID",
    "aws:ResourceAccount",
    "aws:ResourceOrgID",
    "aws:SourceAccount",
    "aws:SourceOrgID",
    "aws:SourceOwner",
    "aws:SourceVpc",
    "aws:SourceVpce",
    "aws:VpceAccount",
    "aws:VpceOrgID",
    "aws:Ec2InstanceSourceVpc",
    "kms:CallerAccount",
    "s3:ResourceAccount",
    "s3:DataAccessPointAccount",
];

const PATHS: &[&str] =
    &["aws:PrincipalOrgPaths", "aws:ResourceOrgPaths", "aws:SourceOrgPaths", "aws:VpceOrgPaths"];
