//! Creating service-linked roles for every service.

use crate::lint::prelude::*;
use crate::lint::scope::{Broad, only};

/// See the fields.
pub static CHECK: Check = Check {
    id: "service-linked-role-on-everything",
    title: "Creating any service-linked role",
    severity: Severity::Low,
    confidence: Confidence::High,
    kinds: &[PolicyKind::Identity],
    about: "A service-linked role gives a service permissions in the account that SCPs do not limit. With every resource, the caller can let any service in.",
    source: "IAM User Guide, \"Create a service-linked role\"",
    cross: &[
        (Tool::AccessAnalyzer, "CREATE_SLR_WITH_NOT_RESOURCE"),
        (Tool::AccessAnalyzer, "CREATE_SLR_WITH_STAR_IN_ACTION_AND_NOT_RESOURCE"),
        (Tool::AccessAnalyzer, "CREATE_SLR_WITH_NOT_ACTION_AND_NOT_RESOURCE"),
        (Tool::AccessAnalyzer, "CREATE_SLR_WITH_STAR_IN_RESOURCE"),
        (Tool::AccessAnalyzer, "CREATE_SLR_WITH_STAR_IN_ACTION_AND_RESOURCE"),
        (Tool::AccessAnalyzer, "CREATE_SLR_WITH_STAR_IN_RESOURCE_AND_NOT_ACTION"),
    ],
    run: Run::Statement(run),
    fires_on: &[
        Example::identity(
            r#""Effect":"Allow","Action":"iam:CreateServiceLinkedRole","Resource":"*""#,
        )
        .at(r#""iam:CreateServiceLinkedRole""#),
        Example::identity(
            r#""Effect":"Allow","Action":"iam:Create*","Resource":"arn:aws:iam::*:role/*""#,
        ),
        Example::identity(
            r#""Effect":"Allow","Action":"iam:CreateServiceLinkedRole","NotResource":"arn:aws:iam::*:role/app""#,
        ),
        Example::identity(
            r#""Effect":"Allow","NotAction":"s3:*","NotResource":"arn:aws:iam::*:role/app""#,
        ),
    ],
    quiet_on: &[
        Example::identity(
            r#""Effect":"Allow","Action":"iam:CreateServiceLinkedRole","Resource":"*","Condition":{"StringLike":{"iam:AWSServiceName":"elasticloadbalancing.amazonaws.com"}}"#,
        ),
        Example::identity(
            r#""Effect":"Allow","Action":"iam:CreateServiceLinkedRole","Resource":"arn:aws:iam::*:role/aws-service-role/elasticloadbalancing.amazonaws.com/*""#,
        ),
    ],
};

fn run(input: &Input<'_>, view: &StatementView<'_>, found: &mut Found<'_>) {
    let names_service = view.conditions().any(|condition| {
        condition.is_key("iam:AWSServiceName")
            && condition.condition.demands_a_match(&view.statement.conditions)
            && !condition.condition.values.iter().any(|value| crate::pattern::is_match_all(value))
    });
    if names_service {
        return;
    }
    if let Some(broad) = Broad::of(input, view, &only("iam:CreateServiceLinkedRole")) {
        let message = "service-linked roles can be created for every service";
        let fix = "add the condition key `iam:AWSServiceName`, or name the path `role/aws-service-role/SERVICE/*`";
        found.graded(broad.severity(CHECK.severity), broad.span, view.index, message, fix);
    }
}
