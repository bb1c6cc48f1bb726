//! A tag key without the name of a tag.

use crate::lint::conditions::lacks_tag_name;
use crate::lint::prelude::*;

/// See the fields.
pub static CHECK: Check = Check {
    id: "tag-condition-without-tag-name",
    title: "Tag condition without a tag name",
    severity: Severity::High,
    confidence: Confidence::High,
    kinds: EVERY_KIND,
    about: "Conditions on tags name the tag after a slash; without it the key is in no request.",
    source: "IAM User Guide, \"AWS global condition context keys\"",
    cross: &[(Tool::AccessAnalyzer, "MISSING_TAG_KEY_IN_CONDITION")],
    run: Run::Statement(run),
    fires_on: &[Example::identity(r#""Effect":"Allow","Action":"s3:GetObject","Resource":"*","Condition":{"StringEquals":{"aws:ResourceTag":"ops"}}"#).at(r#""aws:ResourceTag""#),
Example::identity(r#""Effect":"Deny","Action":"s3:GetObject","Resource":"*","Condition":{"StringNotEquals":{"aws:PrincipalTag/":"ops"}}"#).at(r#""aws:PrincipalTag/""#),
Example::identity(r#""Effect":"Allow","Action":"ec2:StartInstances","Resource":"*","Condition":{"StringEquals":{"ec2:ResourceTag":"ops"}}"#).at(r#""ec2:ResourceTag""#)],
    quiet_on: &[Example::identity(r#""Effect":"Allow","Action":"s3:GetObject","Resource":"*","Condition":{"StringEquals":{"aws:ResourceTag/team":"ops"},"ForAnyValue:StringEquals":{"aws:TagKeys":"team"}}"#)],
};

fn run(_input: &Input<'_>, view: &StatementView<'_>, found: &mut Found<'_>) {
    for condition in view.conditions() {
        let key = condition.condition.key.as_str();
        if lacks_tag_name(key) {
            let bare = key.trim_end_matches('/');
            let message = format!("{} names no tag", quoted(key));
            let fix = format!("write the tag's name: {}", quoted(&format!("{bare}/team")));
            found.at(condition.places.key, view.index, message, fix);
        }
    }
}
