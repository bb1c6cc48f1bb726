//! No trail records calls of Bedrock.

use crate::prelude::*;

/// See the fields.
pub static CHECK: Check = Check {
    id: "model-calls-not-recorded",
    title: "No trail records calls of Bedrock",
    area: Area::Trails,
    severity: Severity::Low,
    confidence: Confidence::High,
    risk: "Stolen credentials that run models at your cost leave no record.",
    fix: "Record management events of Bedrock, and its data events where models are called by agents.",
    needs: &[TRAILS, STATUS, SELECTORS],
    controls: &[Control::Prowler("cloudtrail_bedrock_logging_enabled")],
    remedies: &[],
    fails_on: &[
        r#"trail main selectors={"EventSelectors":[{"ReadWriteType":"WriteOnly","IncludeManagementEvents":true}]}"#,
    ],
    passes_on: &["trail main"],
    logic: Logic::Each(judge),
};

fn judge(state: &State<'_>, verdicts: &mut Verdicts) -> Known<()> {
    let account = Resource::account(state);
    let label = &account.label;
    let holds = |trail: &Trail<'_>| Ok(trail.is_logging()? && trail.management()?.is_all());
    match state.trails()?.first(holds)? {
        Some(trail) => verdicts.pass(&account, format!("Trail {} of {label} records all management events, calls of models among them.", trail.name)),
        None => verdicts.fail(&account, format!("No running trail of {label} records all management events, calls of models among them.")),
    }
    Ok(())
}
