//! Security Hub is off.

use crate::prelude::*;

/// See the fields.
pub static CHECK: Check = Check {
    id: "security-hub-off",
    title: "Security Hub is off",
    area: Area::Watchers,
    severity: Severity::Low,
    confidence: Confidence::High,
    risk: "Findings of AWS's own services lie in as many places as there are services.",
    fix: "Enable Security Hub in the region, or gather the findings elsewhere.",
    needs: &["securityhub:DescribeHub", "account:ListRegions"],
    controls: &[
        Control::Cis(["4.16", "4.16", "4.16", "5.16", "5.16"]),
        Control::Prowler("securityhub_enabled"),
    ],
    remedies: &[],
    fails_on: &[
        r#"account:ListRegions {"Regions":[{"RegionName":"us-east-1","RegionOptStatus":"ENABLED_BY_DEFAULT"}]}
securityhub:DescribeHub @us-east-1 absent"#,
    ],
    passes_on: &[
        r#"account:ListRegions {"Regions":[{"RegionName":"us-east-1","RegionOptStatus":"ENABLED_BY_DEFAULT"}]}
securityhub:DescribeHub @us-east-1 {"HubArn":"arn:aws:securityhub:us-east-1:111122223333:hub/default"}"#,
    ],
    logic: Logic::Each(judge),
};

fn judge(state: &State<'_>, verdicts: &mut Verdicts) -> Known<()> {
    const CALL: &str = "securityhub:DescribeHub";
    for answer in state.regional(CALL, verdicts)? {
        let name = answer.region.as_deref().unwrap_or("of the caller");
        let region = Resource::region(state, name);
        let label = &region.label;
        match answers::body(answer) {
            Ok(body) => {
                let is_well = !text(body, "HubArn").is_empty();
                verdicts.judge(
                    &region,
                    !is_well,
                    || format!("In {label}, Security Hub is off."),
                    || format!("In {label}, Security Hub is on."),
                );
            }
            Err(missing) => verdicts.missing(&region, &missing),
        }
    }
    Ok(())
}
