//! Role lets in a service that works for another account.

use crate::prelude::*;
use crate::readers::{Source, services_say_for_whom};

/// See the fields.
pub static CHECK: Check = Check {
    id: "role-trusts-service-of-any-account",
    title: "Role lets in a service that works for another account",
    area: Area::Trust,
    severity: Severity::Low,
    confidence: Confidence::Medium,
    risk: "A service that serves everybody can be talked into using the role for another account.",
    fix: "Add a condition on aws:SourceAccount to the trust policy.",
    needs: &[DETAILS],
    controls: &[Control::Prowler("iam_role_service_trust_restricts_source_to_account")],
    remedies: &["narrow-trust"],
    fails_on: &[
        "role app trusts sns.amazonaws.com",
        r#"role app trusts s3.amazonaws.com if={"ArnLike":{"aws:SourceArn":"arn:aws:s3:::logs"}}"#,
        r#"role app trusts sns.amazonaws.com if={"StringLike":{"aws:SourceAccount":"1111*"}}"#,
    ],
    passes_on: &[
        r#"role app trusts config.amazonaws.com if={"ArnLike":{"aws:SourceArn":"arn:aws:config:*:111122223333:*"}}"#,
        r#"role app trusts sns.amazonaws.com if={"StringEquals":{"aws:SourceAccount":"111122223333"}}"#,
        "role web trusts ec2.amazonaws.com",
    ],
    logic: Logic::Each(judge),
};

fn judge(state: &State<'_>, verdicts: &mut Verdicts) -> Known<()> {
    services_say_for_whom(state, Source::OfAccount, verdicts)
}
