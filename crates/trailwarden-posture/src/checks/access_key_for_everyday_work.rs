//! An access key was last used for a service other than IAM and STS.

use crate::prelude::*;
use crate::readers::users;

/// See the fields.
pub static CHECK: Check = Check {
    id: "access-key-for-everyday-work",
    title: "Access key used where temporary credentials would do",
    area: Area::Keys,
    severity: Severity::Low,
    confidence: Confidence::Medium,
    risk: "A key that works for years is kept where the work is done, on laptops and in pipelines, and leaks from there.",
    fix: "Use a role: by federation for people, by the service itself for machines.",
    needs: &[REPORT],
    controls: &[Control::Prowler("iam_user_with_temporary_credentials")],
    remedies: &[],
    fails_on: &[r#"user alice
report alice access_key_1_active=true access_key_1_last_rotated=2025-01-01T00:00:00Z access_key_1_last_used_date=2026-05-02T00:00:00Z access_key_1_last_used_service=s3"#],
    passes_on: &[
        r#"user alice
report alice access_key_1_active=true access_key_1_last_rotated=2025-01-01T00:00:00Z access_key_1_last_used_date=2026-05-02T00:00:00Z access_key_1_last_used_service=sts"#,
        "user bob",
    ],
    logic: Logic::Each(judge),
};

// The report tells the last use alone, so a key that did both may pass: it is a lower bound.
fn judge(state: &State<'_>, verdicts: &mut Verdicts) -> Known<()> {
    for (user, row) in users(state, verdicts)? {
        let label = &user.label;
        let service =
            |key: &KeySlot| key.service.clone().filter(|name| name != "iam" && name != "sts");
        match row.keys.iter().filter(|key| key.is_active).find_map(service) {
            Some(service) => {
                verdicts
                    .fail(&user, format!("An access key of {label} was last used for {service}."));
            }
            None => verdicts
                .pass(&user, format!("No access key of {label} was last used for a service.")),
        }
    }
    Ok(())
}
