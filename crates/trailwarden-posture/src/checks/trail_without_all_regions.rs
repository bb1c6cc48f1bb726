//! No trail records management events of all regions.

use crate::prelude::*;

/// See the fields.
pub static CHECK: Check = Check {
    id: "trail-without-all-regions",
    title: "No trail records all regions",
    area: Area::Trails,
    severity: Severity::High,
    confidence: Confidence::High,
    risk: "Whoever works in a region that nobody watches leaves no record.",
    fix: "Make a trail over all regions that records all management events, and start it.",
    needs: &[TRAILS, STATUS, SELECTORS],
    controls: &[
        Control::Cis(["3.1", "3.1", "3.1", "4.1", "4.1"]),
        Control::SecurityHub("CloudTrail.1"),
        Control::Config("multi-region-cloudtrail-enabled"),
        Control::Prowler("cloudtrail_multi_region_enabled"),
        Control::Prowler("cloudtrail_multi_region_enabled_logging_management_events"),
    ],
    remedies: &["restore-trail"],
    fails_on: &[
        "trail main IsMultiRegionTrail=false",
        "trail main status.IsLogging=false",
        r#"trail main selectors={"EventSelectors":[{"ReadWriteType":"WriteOnly","IncludeManagementEvents":true}]}"#,
    ],
    passes_on: &[
        "trail main",
        r#"trail main selectors={"AdvancedEventSelectors":[{"FieldSelectors":[{"Field":"eventCategory","Equals":["Management"]}]}]}"#,
    ],
    logic: Logic::Each(judge),
};

fn judge(state: &State<'_>, verdicts: &mut Verdicts) -> Known<()> {
    let account = Resource::account(state);
    let label = &account.label;
    let records_all = |trail: &Trail<'_>| {
        Ok(trail.is_multi_region() && trail.is_logging()? && trail.management()?.is_all())
    };
    match state.trails()?.first(records_all)? {
        Some(trail) => verdicts.pass(
            &account,
            format!(
                "Trail {} of {label} records all management events of all regions.",
                trail.name
            ),
        ),
        None => verdicts.fail(
            &account,
            format!("No running trail of {label} records all management events of all regions."),
        ),
    }
    Ok(())
}
