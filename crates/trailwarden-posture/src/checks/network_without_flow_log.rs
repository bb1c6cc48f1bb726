//! A VPC keeps no flow log.

use crate::prelude::*;

/// See the fields.
pub static CHECK: Check = Check {
    id: "network-without-flow-log",
    title: "Network without a flow log",
    area: Area::Watchers,
    severity: Severity::Low,
    confidence: Confidence::High,
    risk: "Who talked to whom cannot be told after an incident.",
    fix: "Make a flow log of the VPC, at least of refused traffic.",
    needs: &["ec2:DescribeVpcs", "ec2:DescribeFlowLogs", crate::state::REGIONS],
    controls: &[
        Control::Cis(["3.7", "3.7", "3.7", "4.7", "4.7"]),
        Control::Prowler("vpc_flow_logs_enabled"),
    ],
    remedies: &[],
    fails_on: &[
        r#"account:ListRegions {"Regions":[{"RegionName":"us-east-1","RegionOptStatus":"ENABLED_BY_DEFAULT"}]}
ec2:DescribeVpcs @us-east-1 {"Vpcs":[{"VpcId":"vpc-1"}]}
ec2:DescribeFlowLogs @us-east-1 {"FlowLogs":[]}"#,
    ],
    passes_on: &[
        r#"account:ListRegions {"Regions":[{"RegionName":"us-east-1","RegionOptStatus":"ENABLED_BY_DEFAULT"}]}
ec2:DescribeVpcs @us-east-1 {"Vpcs":[{"VpcId":"vpc-1"}]}
ec2:DescribeFlowLogs @us-east-1 {"FlowLogs":[{"ResourceId":"vpc-1","FlowLogStatus":"ACTIVE"}]}"#,
    ],
    logic: Logic::Each(judge),
};

fn judge(state: &State<'_>, verdicts: &mut Verdicts) -> Known<()> {
    const VPCS: &str = "ec2:DescribeVpcs";
    const LOGS: &str = "ec2:DescribeFlowLogs";
    let logs = state.everywhere(LOGS)?;
    for answer in state.regional(VPCS, verdicts)? {
        let place = Resource::region(state, answer.region.as_deref().unwrap_or("of the caller"));
        let of_region = logs.iter().find(|one| one.region == answer.region).copied();
        let of_region = of_region.ok_or_else(|| Missing::not_asked(LOGS));
        let known = answers::body(answer)
            .and_then(|body| items(VPCS, body, "Vpcs"))
            .and_then(|vpcs| Ok((vpcs, items(LOGS, answers::body(of_region?)?, "FlowLogs")?)));
        let (vpcs, logged) = match known {
            Ok(known) => known,
            Err(missing) => {
                verdicts.missing(&place, &missing);
                continue;
            }
        };
        for vpc in vpcs {
            let id = text(vpc, "VpcId");
            let mut resource = Resource::named("vpc", format!("network {id}"));
            resource.region = answer.region.clone();
            let label = &resource.label;
            let is_logged = logged.iter().any(|log| text(log, "ResourceId") == id);
            let flawed = || format!("The {label} keeps no flow log.");
            verdicts
                .judge(&resource, !is_logged, flawed, || format!("The {label} keeps a flow log."));
        }
    }
    Ok(())
}
