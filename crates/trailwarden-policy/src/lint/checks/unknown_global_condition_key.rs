//! An `aws:` key that does not exist.

use crate::facts::global_keys;
use crate::lint::conditions::{
    DEPRECATED, holds_without_key, is_one_of, known_key, lacks_tag_name,
};
use crate::lint::prelude::*;

/// See the fields.
pub static CHECK: Check = Check {
    id: "unknown-global-condition-key",
    title: "Unknown global condition key",
    severity: Severity::Medium,
    confidence: Confidence::High,
    kinds: EVERY_KIND,
    about: "A key that no request has makes a positive condition never hold and a negated one always hold: a Deny denies nothing, or an exception excepts nobody.",
    source: "IAM User Guide, \"AWS global condition context keys\"",
    cross: &[(Tool::AccessAnalyzer, "INVALID_GLOBAL_CONDITION_KEY")],
    run: Run::Statement(run),
    fires_on: &[Example::identity(r#""Effect":"Allow","Action":"s3:GetObject","Resource":"*","Condition":{"StringEquals":{"aws:PrincipleOrgID":"o-abcdefghij"}}"#).at(r#""aws:PrincipleOrgID""#),
Example::identity(r#""Effect":"Deny","Action":"s3:GetObject","Resource":"*","Condition":{"StringNotEquals":{"aws:PrincipalTags/team":"a"}}"#).at(r#""aws:PrincipalTags/team""#),
Example::identity(r#""Effect":"Allow","Action":"s3:GetObject","Resource":"*","Condition":{"Bool":{"aws:MFAPresent":"true"}}"#).at(r#""aws:MFAPresent""#)],
    quiet_on: &[Example::identity(r#""Effect":"Allow","Action":"s3:GetObject","Resource":"*","Condition":{"StringEquals":{"AWS:principalorgid":"o-abcdefghij","aws:PrincipalTag/team":"a","aws:arn":"b","aws:RequestTag":"c"}}"#)],
};

fn run(_input: &Input<'_>, view: &StatementView<'_>, found: &mut Found<'_>) {
    for condition in view.conditions() {
        let key = condition.condition.key.as_str();
        if !starts_global(key)
            || known_key(key).is_some()
            || lacks_tag_name(key)
            || is_one_of(key, DEPRECATED)
            || is_one_of(key, UNDOCUMENTED)
        {
            continue;
        }
        let (head, tag) = key.split_once('/').map_or((key, None), |(head, tag)| (head, Some(tag)));
        let heads = global_keys().filter(|_| !found.is_full()).map(|known| head_of(known.name));
        let fix = match (crate::nearest::nearest(head, heads), tag) {
            (Some(near), Some(tag)) => {
                format!("did you mean {}?", quoted(&format!("{near}/{tag}")))
            }
            (Some(near), None) => format!("did you mean `{near}`?"),
            (None, _) => "look it up in the list of global condition keys".to_owned(),
        };
        let message = format!("{} is not a global condition key", quoted(key));
        let is_open = view.denies() || holds_without_key(&condition);
        let severity = if is_open { Severity::High } else { Severity::Medium };
        found.graded(severity, condition.places.key, view.index, message, fix);
    }
}

/// AWS's own policies use it (`AWSSSOServiceRolePolicy`); the page does not name it.
const UNDOCUMENTED: &[&str] = &["aws:PrincipalOrgMasterAccountId"];

fn starts_global(key: &str) -> bool {
    key.get(..4).is_some_and(|start| start.eq_ignore_ascii_case("aws:")) && key.len() > 4
}

fn head_of(name: &'static str) -> &'static str {
    name.split('/').next().unwrap_or(name)
}
