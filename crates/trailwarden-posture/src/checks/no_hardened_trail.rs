//! No trail is set up as AWS recommends.

use crate::prelude::*;

/// See the fields.
pub static CHECK: Check = Check {
    id: "no-hardened-trail",
    title: "No trail is set up as AWS recommends",
    area: Area::Trails,
    severity: Severity::Medium,
    confidence: Confidence::High,
    risk: "Each part that is missing is a way to work unseen or to deny it later.",
    fix: "Make one trail over all regions with all management events, global services, digest files and a key of KMS.",
    needs: &[TRAILS, STATUS, SELECTORS],
    controls: &[Control::Config("cloudtrail-security-trail-enabled")],
    remedies: &[],
    fails_on: &[
        "trail main KmsKeyId=null",
        "trail main LogFileValidationEnabled=false",
        "trail main IncludeGlobalServiceEvents=false",
    ],
    passes_on: &["trail main"],
    logic: Logic::Each(judge),
};

fn judge(state: &State<'_>, verdicts: &mut Verdicts) -> Known<()> {
    let account = Resource::account(state);
    let label = &account.label;
    let holds = |trail: &Trail<'_>| {
        Ok(trail.is_multi_region()
            && flag(trail.description, "IncludeGlobalServiceEvents")
            && flag(trail.description, "LogFileValidationEnabled")
            && !text(trail.description, "KmsKeyId").is_empty()
            && trail.is_logging()?
            && trail.management()?.is_all())
    };
    match state.trails()?.first(holds)? {
        Some(trail) => verdicts.pass(&account, format!("Trail {} of {label} records all regions and global services with digest files and a key.", trail.name)),
        None => verdicts.fail(&account, format!("No running trail of {label} records all regions and global services with digest files and a key.")),
    }
    Ok(())
}
