//! User may use SageMaker and does not.

use crate::prelude::*;
use crate::readers::stale_access;

/// See the fields.
pub static CHECK: Check = Check {
    id: "sagemaker-access-unused-by-user",
    title: "User may use SageMaker and does not",
    area: Area::Permissions,
    severity: Severity::Low,
    confidence: Confidence::High,
    risk: "Permissions that nobody uses are there for whoever takes the principal over.",
    fix: "Take the permission away.",
    needs: &[DETAILS, "iam:GetServiceLastAccessedDetails"],
    controls: &[Control::Prowler("iam_user_access_not_stale_to_sagemaker")],
    remedies: &["narrow-policy"],
    fails_on: &[r#"user alice
user/alice allows sagemaker:*
iam:GetServiceLastAccessedDetails Arn=arn:aws:iam::111122223333:user/alice {"JobStatus":"COMPLETED","ServicesLastAccessed":[{"ServiceNamespace":"sagemaker"}]}"#],
    passes_on: &[r#"user alice
user/alice allows sagemaker:*
iam:GetServiceLastAccessedDetails Arn=arn:aws:iam::111122223333:user/alice {"JobStatus":"COMPLETED","ServicesLastAccessed":[{"ServiceNamespace":"sagemaker","LastAuthenticated":"2026-05-20T00:00:00Z"}]}"#],
    logic: Logic::Each(judge),
};

fn judge(state: &State<'_>, verdicts: &mut Verdicts) -> Known<()> {
    stale_access(state, Kind::User, "sagemaker", verdicts)
}
