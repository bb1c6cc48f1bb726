//! Trail without digest files.

use crate::prelude::*;
use crate::readers::own_trails as own;

/// See the fields.
pub static CHECK: Check = Check {
    id: "trail-without-validation",
    title: "Trail without digest files",
    area: Area::Trails,
    severity: Severity::Medium,
    confidence: Confidence::High,
    risk: "A log file that somebody changed or deleted cannot be told from a true one.",
    fix: "Enable log file validation on the trail, and run `verify` over its bucket.",
    needs: &[TRAILS],
    controls: &[
        Control::Cis(["3.2", "3.2", "3.2", "4.2", "4.2"]),
        Control::SecurityHub("CloudTrail.4"),
        Control::Config("cloud-trail-log-file-validation-enabled"),
        Control::Prowler("cloudtrail_log_file_validation_enabled"),
    ],
    remedies: &["restore-trail"],
    fails_on: &["trail main LogFileValidationEnabled=false"],
    passes_on: &["trail main"],
    logic: Logic::Each(judge),
};

fn judge(state: &State<'_>, verdicts: &mut Verdicts) -> Known<()> {
    for trail in own(state, verdicts)? {
        let resource = trail.resource();
        let name = trail.name;
        verdicts.judge(
            &resource,
            !flag(trail.description, "LogFileValidationEnabled"),
            || format!("Trail {name} writes no digest files."),
            || format!("Trail {name} writes digest files."),
        );
    }
    Ok(())
}
