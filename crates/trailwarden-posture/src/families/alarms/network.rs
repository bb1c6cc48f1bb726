//! The alarms that frameworks ask for, of changes to networks.

use crate::alarms::{Alarm, NEEDS};
use crate::prelude::*;

/// Every row.
pub static ALL: &[Check] = &[
    on_events!(
        "no-alarm-on-security-group-changes",
        "No alarm tells of changes to security groups",
        "changes to security groups",
        "ec2.amazonaws.com",
        &[
            Control::Cis(["4.10", "4.10", "4.10", "5.10", "5.10"]),
            Control::SecurityHub("CloudWatch.10"),
            Control::Prowler("cloudwatch_log_metric_filter_security_group_changes")
        ],
        "AuthorizeSecurityGroupEgress",
        "AuthorizeSecurityGroupIngress",
        "CreateSecurityGroup",
        "DeleteSecurityGroup",
        "RevokeSecurityGroupEgress",
        "RevokeSecurityGroupIngress"
    ),
    on_events!(
        "no-alarm-on-network-acl-changes",
        "No alarm tells of changes to network ACLs",
        "changes to network ACLs",
        "ec2.amazonaws.com",
        &[
            Control::Cis(["4.11", "4.11", "4.11", "5.11", "5.11"]),
            Control::SecurityHub("CloudWatch.11"),
            Control::Prowler("cloudwatch_changes_to_network_acls_alarm_configured")
        ],
        "CreateNetworkAcl",
        "CreateNetworkAclEntry",
        "DeleteNetworkAcl",
        "DeleteNetworkAclEntry",
        "ReplaceNetworkAclAssociation",
        "ReplaceNetworkAclEntry"
    ),
    on_events!(
        "no-alarm-on-gateway-changes",
        "No alarm tells of changes to network gateways",
        "changes to network gateways",
        "ec2.amazonaws.com",
        &[
            Control::Cis(["4.12", "4.12", "4.12", "5.12", "5.12"]),
            Control::SecurityHub("CloudWatch.12"),
            Control::Prowler("cloudwatch_changes_to_network_gateways_alarm_configured")
        ],
        "AttachInternetGateway",
        "CreateCustomerGateway",
        "CreateInternetGateway",
        "DeleteCustomerGateway",
        "DeleteInternetGateway",
        "DetachInternetGateway"
    ),
    on_events!(
        "no-alarm-on-route-changes",
        "No alarm tells of changes to route tables",
        "changes to route tables",
        "ec2.amazonaws.com",
        &[
            Control::Cis(["4.13", "4.13", "4.13", "5.13", "5.13"]),
            Control::SecurityHub("CloudWatch.13"),
            Control::Prowler("cloudwatch_changes_to_network_route_tables_alarm_configured")
        ],
        "CreateRoute",
        "CreateRouteTable",
        "DeleteRoute",
        "DeleteRouteTable",
        "DisassociateRouteTable",
        "ReplaceRoute",
        "ReplaceRouteTableAssociation"
    ),
    on_events!(
        "no-alarm-on-vpc-changes",
        "No alarm tells of changes to networks",
        "changes to networks",
        "ec2.amazonaws.com",
        &[
            Control::Cis(["4.14", "4.14", "4.14", "5.14", "5.14"]),
            Control::SecurityHub("CloudWatch.14"),
            Control::Prowler("cloudwatch_changes_to_vpcs_alarm_configured")
        ],
        "AcceptVpcPeeringConnection",
        "CreateVpc",
        "CreateVpcPeeringConnection",
        "DeleteVpc",
        "DeleteVpcPeeringConnection",
        "ModifyVpcAttribute",
        "RejectVpcPeeringConnection"
    ),
];
