//! Every action of a service.

use crate::lint::prelude::*;
use crate::lint::scope::{kinds, lower};

/// See the fields.
pub static CHECK: Check = Check {
    id: "whole-service",
    title: "Every action of a service",
    severity: Severity::Medium,
    confidence: Confidence::High,
    kinds: &[PolicyKind::Identity],
    about: "Such a wildcard gives all that the service can do, its permission management and its deletions too, and whatever AWS adds to it.",
    source: "IAM User Guide, \"Security best practices in IAM\"",
    cross: &[(Tool::Cloudsplaining, "ServiceWildcard")],
    run: Run::Statement(run),
    fires_on: &[
        Example::identity(r#""Effect":"Allow","Action":["s3:*","sqs:SendMessage"],"Resource":"*""#)
            .at(r#""s3:*""#),
        Example::identity(r#""Effect":"Allow","Action":"SQS:**","Resource":"arn:aws:sqs:*:*:app""#),
    ],
    quiet_on: &[
        Example::identity(r#""Effect":"Allow","Action":["s3:Get*","s3:*Tagging"],"Resource":"*""#),
        Example::identity(r#""Effect":"Deny","Action":"s3:*","Resource":"*""#),
        Example::identity(r#""Effect":"Allow","NotAction":"s3:*","Resource":"*""#),
        Example::resource(
            r#""Effect":"Allow","Principal":{"AWS":"111122223333"},"Action":"kms:*","Resource":"*""#,
        ),
    ],
};

fn run(input: &Input<'_>, view: &StatementView<'_>, found: &mut Found<'_>) {
    if !view.allows() {
        return;
    }
    // On a resource of one's own, all of a service is often what is meant.
    let names_resource = !view.statement.resources.iter().any(|r| crate::pattern::is_match_all(r));
    let is_narrowed = names_resource || !view.statement.conditions.is_empty();
    let severity = if is_narrowed { lower(CHECK.severity) } else { CHECK.severity };
    for part in view.actions().filter(|part| part.element == Element::Action) {
        let Some((prefix, name)) = part.text.split_once(':') else {
            continue;
        };
        let Some(service) = facts().service(prefix) else {
            continue;
        };
        if !crate::pattern::is_match_all(name) || name.contains('?') {
            continue;
        }
        let set = input.actions_matching(part.text);
        let managing = set.intersection(&kinds().permissions).len();
        let deciding = match managing {
            0 => String::new(),
            count => format!(", {count} of them permission management"),
        };
        let message =
            format!("all {} actions of {} are allowed{deciding}", set.len(), service.title());
        let fix = "list the actions that are used";
        found.graded(severity, part.span, view.index, message, fix);
    }
}
