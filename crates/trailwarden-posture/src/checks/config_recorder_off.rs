//! AWS Config does not record.

use crate::prelude::*;

/// See the fields.
pub static CHECK: Check = Check {
    id: "config-recorder-off",
    title: "AWS Config does not record",
    area: Area::Watchers,
    severity: Severity::Medium,
    confidence: Confidence::High,
    risk: "How a resource was set up at some time cannot be told.",
    fix: "Start a recorder of AWS Config in the region.",
    needs: &["config:DescribeConfigurationRecorderStatus", "account:ListRegions"],
    controls: &[
        Control::Cis(["3.3", "3.3", "3.3", "4.3", "4.3"]),
        Control::Prowler("config_recorder_all_regions_enabled"),
    ],
    remedies: &[],
    fails_on: &[
        r#"account:ListRegions {"Regions":[{"RegionName":"us-east-1","RegionOptStatus":"ENABLED_BY_DEFAULT"}]}
config:DescribeConfigurationRecorderStatus @us-east-1 {"ConfigurationRecordersStatus":[]}"#,
        r#"account:ListRegions {"Regions":[{"RegionName":"us-east-1","RegionOptStatus":"ENABLED_BY_DEFAULT"}]}
config:DescribeConfigurationRecorderStatus @us-east-1 {"ConfigurationRecordersStatus":[{"recording":false}]}"#,
    ],
    passes_on: &[
        r#"account:ListRegions {"Regions":[{"RegionName":"us-east-1","RegionOptStatus":"ENABLED_BY_DEFAULT"}]}
config:DescribeConfigurationRecorderStatus @us-east-1 {"ConfigurationRecordersStatus":[{"recording":true,"lastStatus":"SUCCESS"}]}"#,
    ],
    logic: Logic::Each(judge),
};

fn judge(state: &State<'_>, verdicts: &mut Verdicts) -> Known<()> {
    const CALL: &str = "config:DescribeConfigurationRecorderStatus";
    for answer in state.regional(CALL, verdicts)? {
        let name = answer.region.as_deref().unwrap_or("of the caller");
        let region = Resource::region(state, name);
        let label = &region.label;
        match answers::body(answer) {
            Ok(body) => {
                let is_well = items(CALL, body, "ConfigurationRecordersStatus")?
                    .iter()
                    .any(|one| flag(one, "recording"));
                verdicts.judge(
                    &region,
                    !is_well,
                    || format!("In {label}, AWS Config does not record."),
                    || format!("In {label}, AWS Config records."),
                );
            }
            Err(missing) => verdicts.missing(&region, &missing),
        }
    }
    Ok(())
}
