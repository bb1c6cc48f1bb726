//! Role lets in a service without saying for whom it works.

use crate::prelude::*;
use crate::readers::{Source, services_say_for_whom};

/// See the fields.
pub static CHECK: Check = Check {
    id: "role-trusts-service-without-source",
    title: "Role lets in a service without saying for whom it works",
    area: Area::Trust,
    severity: Severity::Medium,
    confidence: Confidence::Medium,
    risk: "A service that serves everybody can be talked into using the role for another account.",
    fix: "Add a condition on aws:SourceArn or aws:SourceAccount to the trust policy.",
    needs: &[DETAILS],
    controls: &[Control::Prowler("iam_role_cross_service_confused_deputy_prevention")],
    remedies: &["narrow-trust"],
    fails_on: &[
        "role app trusts sns.amazonaws.com",
        "role task trusts ecs-tasks.amazonaws.com",
        r#"role app trusts sns.amazonaws.com if={"StringLike":{"aws:SourceAccount":"*"}}"#,
        r#"role app trusts config.amazonaws.com if={"ArnLike":{"aws:SourceArn":"arn:aws:config:*:*:*"}}"#,
    ],
    passes_on: &[
        r#"role app trusts s3.amazonaws.com if={"ArnLike":{"aws:SourceArn":"arn:aws:s3:::logs"}}"#,
        r#"role app trusts sns.amazonaws.com if={"ArnLike":{"aws:SourceArn":"arn:aws:sns:us-east-1:111122223333:*"}}"#,
        "role web trusts ec2.amazonaws.com",
    ],
    logic: Logic::Each(judge),
};

fn judge(state: &State<'_>, verdicts: &mut Verdicts) -> Known<()> {
    services_say_for_whom(state, Source::Named, verdicts)
}
