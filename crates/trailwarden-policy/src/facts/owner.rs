//! Requests that do not tell who owns what they are about.

/// Actions whose requests do not have `aws:ResourceAccount` although a resource has an owner, for
/// some services (`*`) all of them.
///
/// Source: IAM User Guide, "AWS global condition context keys", `aws:ResourceAccount`, exceptions.
const WITHOUT_RESOURCE_ACCOUNT: &[(&str, &[&str])] = &[
    ("auditmanager", &["UpdateAssessmentFrameworkShare"]),
    ("detective", &["AcceptInvitation"]),
    ("ds", &["AcceptSharedDirectory"]),
    (
        "ec2",
        &[
            "AcceptTransitGatewayPeeringAttachment",
            "AcceptVpcEndpointConnections",
            "AcceptVpcPeeringConnection",
            "CopyImage",
            "CopySnapshot",
            "CreateTransitGatewayPeeringAttachment",
            "CreateVolume",
            "CreateVpcEndpoint",
            "CreateVpcPeeringConnection",
            "DeleteTransitGatewayPeeringAttachment",
            "DeleteVpcPeeringConnection",
            "RejectTransitGatewayPeeringAttachment",
            "RejectVpcPeeringConnection",
        ],
    ),
    ("ebs", &["*"]),
    ("events", &["PutEvents"]),
    ("guardduty", &["AcceptAdministratorInvitation"]),
    ("macie2", &["AcceptInvitation"]),
    ("es", &["AcceptInboundConnection"]),
    ("route53", &["AssociateVPCWithHostedZone", "CreateVPCAssociationAuthorization"]),
    ("securityhub", &["AcceptAdministratorInvitation"]),
    ("workspaces", &["CopyWorkspaceImage", "DescribeWorkspaceImages"]),
];

/// Whether requests of an action lack `aws:ResourceAccount` although a resource has an owner.
#[must_use]
pub fn lacks_resource_account(service: &str, name: &str) -> bool {
    WITHOUT_RESOURCE_ACCOUNT.iter().any(|(prefix, actions)| {
        prefix.eq_ignore_ascii_case(service)
            && actions.iter().any(|action| *action == "*" || action.eq_ignore_ascii_case(name))
    })
}

/// The same actions, as a policy writes them.
pub(crate) fn without_resource_account() -> Vec<String> {
    let each = WITHOUT_RESOURCE_ACCOUNT.iter();
    each.flat_map(|(service, names)| names.iter().map(move |name| format!("{service}:{name}")))
        .collect()
}
