//! A key of a service that the service does not name.

use crate::lint::conditions::{holds_without_key, known_key, lacks_tag_name};
use crate::lint::prelude::*;

/// See the fields.
pub static CHECK: Check = Check {
    id: "unknown-service-condition-key",
    title: "Unknown condition key of a service",
    severity: Severity::Low,
    confidence: Confidence::Medium,
    kinds: EVERY_KIND,
    about: "A key that no request has makes a positive condition never hold and a negated one always hold. It may also be newer than the table of keys.",
    source: "IAM User Guide, \"Access Analyzer policy check reference\"",
    cross: &[(Tool::AccessAnalyzer, "INVALID_SERVICE_CONDITION_KEY")],
    run: Run::Statement(run),
    fires_on: &[Example::identity(r#""Effect":"Allow","Action":"iam:PassRole","Resource":"*","Condition":{"StringEquals":{"iam:PassedToServices":"ec2.amazonaws.com"}}"#).at(r#""iam:PassedToServices""#),
Example::identity(r#""Effect":"Deny","Action":"s3:GetObject","Resource":"*","Condition":{"StringNotEquals":{"s3:VersionIdent":"1"}}"#).at(r#""s3:VersionIdent""#)],
    quiet_on: &[Example::identity(r#""Effect":"Allow","Action":"iam:PassRole","Resource":"*","Condition":{"StringEquals":{"iam:PassedToService":"ec2.amazonaws.com"}}"#),
Example::identity(r#""Effect":"Allow","Action":"s3:GetObject","Resource":"*","Condition":{"StringEquals":{"accounts.example.com:aud":"x","nosuch:key":"y"}}"#)],
};

fn run(_input: &Input<'_>, view: &StatementView<'_>, found: &mut Found<'_>) {
    for condition in view.conditions() {
        let key = condition.condition.key.as_str();
        let Some((prefix, _)) = key.split_once(':') else {
            continue;
        };
        let Some(service) = facts().service(prefix) else {
            continue;
        };
        if known_key(key).is_some() || lacks_tag_name(key) {
            continue;
        }
        let names =
            service.condition_keys().iter().filter(|_| !found.is_full()).map(|known| known.name());
        let fix = match crate::nearest::nearest(key, names) {
            Some(near) => format!("did you mean `{near}`?"),
            None => format!("look it up in the list of condition keys of `{}`", service.prefix()),
        };
        let message =
            format!("{} is not known as a condition key of {}", quoted(key), service.title());
        let is_open = view.denies() || holds_without_key(&condition);
        let severity = if is_open { Severity::Medium } else { Severity::Low };
        found.graded(severity, condition.places.key, view.index, message, fix);
    }
}
