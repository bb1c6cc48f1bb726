//! A condition key that is not `prefix:name`.

use crate::facts::global_keys;
use crate::lint::prelude::*;

/// See the fields.
pub static CHECK: Check = Check {
    id: "malformed-condition-key",
    title: "Malformed condition key",
    severity: Severity::High,
    confidence: Confidence::High,
    kinds: EVERY_KIND,
    about: "Every condition key has a prefix and a name with a colon between; a request never has any other, so the condition decides nothing that it seems to.",
    source: "IAM User Guide, \"Access Analyzer policy check reference\"",
    cross: &[(Tool::AccessAnalyzer, "INVALID_CONDITION_KEY_FORMAT")],
    run: Run::Statement(run),
    fires_on: &[Example::identity(r#""Effect":"Allow","Action":"s3:GetObject","Resource":"*","Condition":{"StringEquals":{"PrincipalOrgID":"o-abcdefghij"}}"#).at(r#""PrincipalOrgID""#),
Example::identity(r#""Effect":"Allow","Action":"s3:GetObject","Resource":"*","Condition":{"Bool":{"aws: SecureTransport":"true"}}"#).at(r#""aws: SecureTransport""#),
Example::identity(r#""Effect":"Allow","Action":"s3:GetObject","Resource":"*","Condition":{"Bool":{"aws:":"true"}}"#).at(r#""aws:""#)],
    quiet_on: &[Example::identity(r#""Effect":"Allow","Action":"s3:GetObject","Resource":"*","Condition":{"StringEquals":{"aws:RequestTag/cost center":"1","token.actions.githubusercontent.com:aud":"x","oidc.eks.eu-west-1.amazonaws.com/id/ABC:sub":"y"}}"#)],
};

fn run(_input: &Input<'_>, view: &StatementView<'_>, found: &mut Found<'_>) {
    for condition in view.conditions() {
        let key = condition.condition.key.as_str();
        if is_well_formed(key) {
            continue;
        }
        let near = global_keys().map(|known| known.name).find(|name| {
            name.strip_prefix("aws:").is_some_and(|name| name.eq_ignore_ascii_case(key))
        });
        let fix = match near {
            Some(near) => format!("did you mean `{near}`?"),
            None => "write prefix and name, such as `aws:PrincipalOrgID`".to_owned(),
        };
        let message = format!("{} is not of the form `prefix:name`", quoted(key));
        found.at(condition.places.key, view.index, message, fix);
    }
}

/// A tag's name may hold spaces; nothing before it may.
fn is_well_formed(key: &str) -> bool {
    let Some((prefix, name)) = key.split_once(':') else {
        return false;
    };
    let head = name.split('/').next().unwrap_or_default();
    let is_open = head.contains("${");
    !prefix.is_empty()
        && !head.is_empty()
        && (is_open || !head.contains(char::is_whitespace))
        && !prefix.contains(char::is_whitespace)
}
