//! Trail looks for no unusual activity.

use crate::prelude::*;
use crate::readers::own_trails as own;

/// See the fields.
pub static CHECK: Check = Check {
    id: "trail-without-insights",
    title: "Trail looks for no unusual activity",
    area: Area::Trails,
    severity: Severity::Info,
    confidence: Confidence::High,
    risk: "Bursts of calls and of errors pass unnoticed.",
    fix: "Enable Insights on the trail, or run trailwarden over its logs.",
    needs: &[TRAILS],
    controls: &[Control::Prowler("cloudtrail_insights_exist")],
    remedies: &[],
    fails_on: &["trail main"],
    passes_on: &["trail main HasInsightSelectors=true"],
    logic: Logic::Each(judge),
};

fn judge(state: &State<'_>, verdicts: &mut Verdicts) -> Known<()> {
    for trail in own(state, verdicts)? {
        let resource = trail.resource();
        let name = trail.name;
        verdicts.judge(
            &resource,
            !flag(trail.description, "HasInsightSelectors"),
            || format!("Trail {name} has no Insights."),
            || format!("Trail {name} has Insights."),
        );
    }
    Ok(())
}
