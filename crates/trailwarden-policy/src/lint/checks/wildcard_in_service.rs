//! A wildcard in the part of an action that names the service.

use crate::lint::prelude::*;
use crate::pattern::is_every_action;

/// See the fields.
pub static CHECK: Check = Check {
    id: "wildcard-in-service",
    title: "Wildcard in the service of an action",
    severity: Severity::Low,
    confidence: Confidence::High,
    kinds: EVERY_KIND,
    about: "Such an action covers every service whose prefix fits, also those that AWS will add; hardly anybody means that.",
    source: "IAM User Guide, \"Access Analyzer policy check reference\"",
    cross: &[(Tool::AccessAnalyzer, "WILDCARD_IN_SERVICE_NAME")],
    run: Run::Statement(run),
    fires_on: &[
        Example::identity(r#""Effect":"Allow","Action":["*:*"],"Resource":"*""#).at(r#""*:*""#),
        Example::identity(
            r#""Effect":"Allow","Action":["s3*:GetObject"],"Resource":"arn:aws:s3:::b/*""#,
        )
        .at(r#""s3*:GetObject""#),
        Example::scp(r#""Effect":"Deny","NotAction":"i?m:*","Resource":"*""#),
    ],
    quiet_on: &[Example::identity(r#""Effect":"Allow","Action":["*","s3:Get*"],"Resource":"*""#)],
};

fn run(input: &Input<'_>, view: &StatementView<'_>, found: &mut Found<'_>) {
    for action in view.actions() {
        let Some((service, _)) = action.text.split_once(':') else {
            continue;
        };
        if !service.contains(['*', '?']) {
            continue;
        }
        let message = match is_every_action(action.text) {
            true => format!("{} is every action of every service", quoted(action.text)),
            false => {
                let set = input.actions_matching(action.text);
                let mut prefixes: Vec<_> = set.iter().map(|id| id.action().prefix()).collect();
                prefixes.dedup();
                let count = prefixes.len();
                format!("{} covers actions of {count} services", quoted(action.text))
            }
        };
        // A Deny that is too wide denies too much, which shows; an Allow gives too much, in silence.
        let grants = view.allows() && KINDS_THAT_GRANT.contains(&input.kind);
        let severity = if grants { CHECK.severity } else { Severity::Info };
        let fix = "name the services that are meant, one by one";
        found.graded(severity, action.span, view.index, message, fix);
    }
}
