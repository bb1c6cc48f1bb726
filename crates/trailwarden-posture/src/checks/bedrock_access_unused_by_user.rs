//! User may use Bedrock and does not.

use crate::prelude::*;
use crate::readers::stale_access;

/// See the fields.
pub static CHECK: Check = Check {
    id: "bedrock-access-unused-by-user",
    title: "User may use Bedrock and does not",
    area: Area::Permissions,
    severity: Severity::Low,
    confidence: Confidence::High,
    risk: "Permissions that nobody uses are there for whoever takes the principal over.",
    fix: "Take the permission away.",
    needs: &[DETAILS, "iam:GetServiceLastAccessedDetails"],
    controls: &[Control::Prowler("iam_user_access_not_stale_to_bedrock")],
    remedies: &["narrow-policy"],
    fails_on: &[r#"user alice
user/alice allows bedrock:*
iam:GetServiceLastAccessedDetails Arn=arn:aws:iam::111122223333:user/alice {"JobStatus":"COMPLETED","ServicesLastAccessed":[{"ServiceNamespace":"bedrock"}]}"#],
    passes_on: &[r#"user alice
user/alice allows bedrock:*
iam:GetServiceLastAccessedDetails Arn=arn:aws:iam::111122223333:user/alice {"JobStatus":"COMPLETED","ServicesLastAccessed":[{"ServiceNamespace":"bedrock","LastAuthenticated":"2026-05-20T00:00:00Z"}]}"#],
    logic: Logic::Each(judge),
};

fn judge(state: &State<'_>, verdicts: &mut Verdicts) -> Known<()> {
    stale_access(state, Kind::User, "bedrock", verdicts)
}
