//! `SetDefaultPolicyVersion` puts a version in force that gives more than the one before.
//!
//! The record holds no document; the model remembers the versions. A rollback to less is quiet.

use crate::by_effect::Class;
use crate::prelude::*;

/// See the fields.
pub static DETECTION: Detection = Detection {
    id: "policy-rolled-back-to-wider-version",
    title: "Wider version of a managed policy put in force",
    severity: Severity::High,
    confidence: Confidence::Medium,
    since: "0.1.0",
    covers: &["TW-SE-06"],
    select: Class::RolledBack.select(),
    attack: &["T1098.003"],
    risk: "An old, forgotten version comes back with all that it once gave, and the record shows only a number.",
    false_positives: &[
        "A new version that broke something and is taken back: the version before it must have given more.",
    ],
    remedies: &["restore-policy-version"],
    needs: Needs::Nothing,
    fires_on: &[r#"admin iam:CreatePolicy policy/team allow=*
admin iam:CreatePolicyVersion policy/team allow=s3:Get* {"request":{"setAsDefault":true},"response":{"policyVersion":{"versionId":"v2"}}}
admin iam:AttachUserPolicy user/bob policy/team
mallory iam:SetDefaultPolicyVersion policy/team named=v1"#],
    quiet_on: &[r#"admin iam:CreatePolicy policy/team allow=s3:Get*
admin iam:CreatePolicyVersion policy/team allow=* {"request":{"setAsDefault":true},"response":{"policyVersion":{"versionId":"v2"}}}
admin iam:AttachUserPolicy user/bob policy/team
mallory iam:SetDefaultPolicyVersion policy/team named=v1"#],
    logic: Logic::Effect(Class::RolledBack),
};
