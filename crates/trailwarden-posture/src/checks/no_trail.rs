//! The account has no trail that records.

use crate::prelude::*;

/// See the fields.
pub static CHECK: Check = Check {
    id: "no-trail",
    title: "No trail records",
    area: Area::Trails,
    severity: Severity::High,
    confidence: Confidence::High,
    risk: "Nobody can tell who did what, neither now nor after an incident.",
    fix: "Make a trail over all regions and start it.",
    needs: &[TRAILS, STATUS],
    controls: &[Control::SecurityHub("CloudTrail.3"), Control::Config("cloudtrail-enabled")],
    remedies: &["restore-trail", "create-trail"],
    fails_on: &[
        r#"cloudtrail:DescribeTrails {"trailList":[]}
cloudtrail:ListTrails {"Trails":[]}
cloudtrail:GetTrailStatus Name=x {}"#,
        "trail main status.IsLogging=false",
    ],
    passes_on: &["trail main"],
    logic: Logic::Each(judge),
};

fn judge(state: &State<'_>, verdicts: &mut Verdicts) -> Known<()> {
    let account = Resource::account(state);
    let label = &account.label;
    match state.trails()?.first(Trail::is_logging)? {
        Some(trail) => {
            verdicts.pass(&account, format!("The {label} has trail {}, which records.", trail.name))
        }
        None => verdicts.fail(&account, format!("The {label} has no trail that records.")),
    }
    Ok(())
}
