//! An action that a resource control policy does not reach.

use crate::lint::prelude::*;

/// See the fields.
pub static CHECK: Check = Check {
    id: "rcp-action-not-supported",
    title: "RCP action not supported",
    severity: Severity::High,
    confidence: Confidence::Medium,
    kinds: &[PolicyKind::Rcp],
    about: "Resource control policies reach the resources of some services only and must name the service, never `*` alone; AWS refuses others. The list of services grows.",
    source: "AWS Organizations User Guide, \"RCP syntax\"",
    cross: &[(Tool::AccessAnalyzer, "RCP_SYNTAX_ERROR_ACTION")],
    run: Run::Statement(run),
    fires_on: &[
        Example::rcp(r#""Effect":"Deny","Principal":"*","Action":"*","Resource":"*""#).at(r#""*""#),
        Example::rcp(r#""Effect":"Deny","Principal":"*","Action":["s3:*","iam:*"],"Resource":"*""#)
            .at(r#""iam:*""#),
    ],
    quiet_on: &[
        Example::rcp(
            r#""Effect":"Deny","Principal":"*","Action":["s3:*","sts:AssumeRole*","KMS:Decrypt"],"Resource":"*""#,
        ),
        Example::rcp(r#""Effect":"Allow","Principal":"*","Action":"*","Resource":"*""#),
    ],
};

fn run(_input: &Input<'_>, view: &StatementView<'_>, found: &mut Found<'_>) {
    for action in view.actions().filter(|part| part.element == Element::Action && view.denies()) {
        let service = action.text.split_once(':').map(|(service, _)| service);
        let (message, fix) = match service {
            Some(service) if !service.contains(['*', '?']) => match facts().service(service) {
                Some(known) if !known.supports_rcp() => {
                    let message =
                        format!("`{}` is not known to obey such policies", known.prefix());
                    (message, "deny it in a service control policy, or in the resource's own")
                }
                // Whether there is such a service is another matter.
                Some(_) | None => continue,
            },
            Some(_) | None => {
                let message = format!("{} names no service", quoted(action.text));
                (message, "name each service, such as `s3:*`")
            }
        };
        found.at(action.span, view.index, message, fix);
    }
}
