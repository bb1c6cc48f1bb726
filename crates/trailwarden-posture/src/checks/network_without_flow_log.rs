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
    needs: &["ec2:DescribeVpcs", "ec2:DescribeFlowLogs"],
    controls: &[Control::Cis(["3.7", "3.7", "3.7", "4.7", "4.7"])],
    remedies: &[],
    fails_on: &[r#"ec2:DescribeVpcs @us-east-1 {"Vpcs":[{"VpcId":"vpc-1"}]}
ec2:DescribeFlowLogs @us-east-1 {"FlowLogs":[]}"#],
    passes_on: &[r#"ec2:DescribeVpcs @us-east-1 {"Vpcs":[{"VpcId":"vpc-1"}]}
ec2:DescribeFlowLogs @us-east-1 {"FlowLogs":[{"ResourceId":"vpc-1","FlowLogStatus":"ACTIVE"}]}"#],
    logic: Logic::Each(judge),
};

fn judge(state: &State<'_>, verdicts: &mut Verdicts) -> Known<()> {
    const VPCS: &str = "ec2:DescribeVpcs";
    const LOGS: &str = "ec2:DescribeFlowLogs";
    let mut logged = Vec::new();
    for answer in state.everywhere(LOGS)? {
        logged.extend(items(LOGS, answers::body(answer)?, "FlowLogs")?);
    }
    for answer in state.everywhere(VPCS)? {
        for vpc in items(VPCS, answers::body(answer)?, "Vpcs")? {
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
