//! A key that always has the same value where the policy stands.

use crate::lint::conditions::is_one_of;
use crate::lint::prelude::*;

/// See the fields.
pub static CHECK: Check = Check {
    id: "key-irrelevant-to-policy",
    title: "Key irrelevant to the policy",
    severity: Severity::Info,
    confidence: Confidence::High,
    kinds: &[PolicyKind::Resource, PolicyKind::Trust],
    about: "A policy on a resource covers only that resource, so its account and organization are always the same: the condition holds for every request or for none.",
    source: "IAM User Guide, \"Access Analyzer policy check reference\"",
    cross: &[(Tool::AccessAnalyzer, "IRRELEVANT_CONDITION_KEY_IN_POLICY")],
    run: Run::Statement(run),
    fires_on: &[Example::resource(r#""Effect":"Allow","Principal":"*","Action":"s3:GetObject","Resource":"*","Condition":{"StringEquals":{"aws:ResourceAccount":"111122223333"}}"#).at(r#""aws:ResourceAccount""#),
Example::resource(r#""Effect":"Deny","Principal":"*","Action":"s3:GetObject","Resource":"*","Condition":{"StringNotEquals":{"aws:ResourceOrgID":"o-abcdefghij"}}"#).at(r#""aws:ResourceOrgID""#)],
    quiet_on: &[Example::resource(r#""Effect":"Allow","Principal":"*","Action":"s3:GetObject","Resource":"*","Condition":{"StringEquals":{"aws:PrincipalAccount":"111122223333","aws:ResourceTag/a":"b"}}"#),
Example::identity(r#""Effect":"Allow","Action":"s3:GetObject","Resource":"*","Condition":{"StringEquals":{"aws:ResourceAccount":"111122223333"}}"#)],
};

fn run(_input: &Input<'_>, view: &StatementView<'_>, found: &mut Found<'_>) {
    for condition in view.conditions() {
        let key = &condition.condition.key;
        if is_one_of(key, &["aws:ResourceAccount", "aws:ResourceOrgID", "aws:ResourceOrgPaths"]) {
            let message = format!("{} is the same for every request to this resource", quoted(key));
            let fix = "use it in identity policies and SCPs; here ask for the caller, as with `aws:PrincipalOrgID`";
            found.at(condition.places.key, view.index, message, fix);
        }
    }
}
