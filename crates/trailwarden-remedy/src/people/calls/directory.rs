//! Calls of IAM Identity Center: permission sets, assignments, and where its users come from.

use super::Row;

const PROVISION: &str = "Let it reach the accounts: `aws sso-admin provision-permission-set --instance-arn {request.instanceArn} --permission-set-arn {request.permissionSetArn} --target-type ALL_PROVISIONED_ACCOUNTS`. In the console: IAM Identity Center > Permission sets > the set.";
const SESSIONS: &str = "Sessions that exist live on until they end: in each account, the role's name begins with AWSReservedSSO_; deny them by the permission set's inline policy, on `aws:TokenIssueTime` before now.";
const IDENTITY_SOURCE: &str = "There is no command for it. In the console: IAM Identity Center > Settings > Identity source > Actions > Manage authentication: compare the provider and its certificates with those that you gave, and delete what is not yours.";
const LET_IN: &str = "Who came in by it: `Authenticate`, `Federate` and `UserAuthentication` in the logs of IAM Identity Center. End their sessions: IAM Identity Center > Users > the user > Active sessions.";

pub(super) static ALL: &[Row] = &[
    (
        "sso:CreateAccountAssignment",
        &[
            "Who has it in the account: `aws sso-admin list-account-assignments --instance-arn {request.instanceArn} --account-id {request.targetId} --permission-set-arn {request.permissionSetArn}`.",
            "`aws sso-admin delete-account-assignment --instance-arn {request.instanceArn} --target-id {request.targetId} --target-type AWS_ACCOUNT --permission-set-arn {request.permissionSetArn} --principal-type {request.principalType} --principal-id {request.principalId}`; `create-account-assignment` with the same takes it back. In the console: IAM Identity Center > AWS accounts > the account > Assigned users and groups.",
            SESSIONS,
        ],
    ),
    (
        "identitystore:CreateGroupMembership",
        &[
            "Which membership it is: `aws identitystore list-group-memberships --identity-store-id {request.identityStoreId} --group-id {request.groupId}`.",
            "`aws identitystore delete-group-membership --identity-store-id {request.identityStoreId} --membership-id {response.membershipId}`; `create-group-membership` takes it back. In the console: IAM Identity Center > Groups > the group. Where the groups come from a provider, change them there: else they come back.",
            SESSIONS,
        ],
    ),
    (
        "sso-directory:AddMemberToGroup",
        &[
            "Which membership it is: `aws identitystore list-group-memberships --identity-store-id {request.identityStoreId} --group-id {request.groupId}`.",
            "`aws identitystore delete-group-membership --identity-store-id {request.identityStoreId} --membership-id MEMBERSHIP`; `create-group-membership` takes it back. In the console: IAM Identity Center > Groups > the group. Where the groups come from a provider, change them there: else they come back.",
            SESSIONS,
        ],
    ),
    (
        "sso:AttachManagedPolicyToPermissionSet",
        &[
            "`aws sso-admin detach-managed-policy-from-permission-set --instance-arn {request.instanceArn} --permission-set-arn {request.permissionSetArn} --managed-policy-arn {request.managedPolicyArn}`; `attach-managed-policy-to-permission-set` takes it back.",
            PROVISION,
            SESSIONS,
        ],
    ),
    (
        "sso:AttachCustomerManagedPolicyReferenceToPermissionSet",
        &[
            "`aws sso-admin detach-customer-managed-policy-reference-from-permission-set --instance-arn {request.instanceArn} --permission-set-arn {request.permissionSetArn} --customer-managed-policy-reference Name={request.customerManagedPolicyReference.name},Path={request.customerManagedPolicyReference.path}`; `attach-customer-managed-policy-reference-to-permission-set` takes it back.",
            PROVISION,
            SESSIONS,
        ],
    ),
    (
        "sso:PutInlinePolicyToPermissionSet",
        &[
            "Keep what it says now: `aws sso-admin get-inline-policy-for-permission-set --instance-arn {request.instanceArn} --permission-set-arn {request.permissionSetArn} --query InlinePolicy --output text > present.json`. What it said before stands in the record of the last such call before this one.",
            "`aws sso-admin put-inline-policy-to-permission-set --instance-arn {request.instanceArn} --permission-set-arn {request.permissionSetArn} --inline-policy file://before.json`; where there was none, `aws sso-admin delete-inline-policy-from-permission-set --instance-arn {request.instanceArn} --permission-set-arn {request.permissionSetArn}`. The kept file takes both back.",
            PROVISION,
            SESSIONS,
        ],
    ),
    (
        "sso:DeleteInlinePolicyFromPermissionSet",
        &[
            "What it said stands in the record of the last `PutInlinePolicyToPermissionSet` before this one.",
            "`aws sso-admin put-inline-policy-to-permission-set --instance-arn {request.instanceArn} --permission-set-arn {request.permissionSetArn} --inline-policy file://before.json`; `delete-inline-policy-from-permission-set` takes it back.",
            PROVISION,
            SESSIONS,
        ],
    ),
    (
        "sso:PutPermissionsBoundaryToPermissionSet",
        &[
            "What binds it now: `aws sso-admin get-permissions-boundary-for-permission-set --instance-arn {request.instanceArn} --permission-set-arn {request.permissionSetArn}`. What bound it before stands in the record of the last such call before this one.",
            "`aws sso-admin put-permissions-boundary-to-permission-set --instance-arn {request.instanceArn} --permission-set-arn {request.permissionSetArn} --permissions-boundary ManagedPolicyArn=POLICY_ARN`.",
            PROVISION,
            SESSIONS,
        ],
    ),
    (
        "sso:DeletePermissionsBoundaryFromPermissionSet",
        &[
            "What bound it stands in the record of the last `PutPermissionsBoundaryToPermissionSet` before this one.",
            "`aws sso-admin put-permissions-boundary-to-permission-set --instance-arn {request.instanceArn} --permission-set-arn {request.permissionSetArn} --permissions-boundary ManagedPolicyArn=POLICY_ARN`; `delete-permissions-boundary-from-permission-set` takes it back.",
            PROVISION,
            SESSIONS,
        ],
    ),
    (
        "sso-directory:CreateBearerToken",
        &[
            "There is no command for it. In the console: IAM Identity Center > Settings > Identity source > Actions > Manage provisioning: delete the access token that is not yours, and give the provider a new one.",
            "Which users and groups were written with it: the calls of `identitystore` and `sso-directory` in the logs from then on.",
        ],
    ),
    ("sso-directory:EnableExternalIdPConfigurationForDirectory", &[IDENTITY_SOURCE, LET_IN]),
    ("sso-directory:UpdateExternalIdPConfigurationForDirectory", &[IDENTITY_SOURCE, LET_IN]),
    ("sso-directory:CreateExternalIdPConfigurationForDirectory", &[IDENTITY_SOURCE, LET_IN]),
    ("sso-directory:ImportExternalIdPCertificate", &[IDENTITY_SOURCE, LET_IN]),
    (
        "sso:AssociateDirectory",
        &[
            "There is no command for it. In the console: IAM Identity Center > Settings > Identity source > Actions > Change identity source: choose the one that was there. Changing it can delete all assignments: keep them first (`aws sso-admin list-account-assignments-for-principal --instance-arn INSTANCE --principal-id PRINCIPAL --principal-type USER`, for each).",
            LET_IN,
        ],
    ),
    (
        "sso:DisassociateDirectory",
        &[
            "There is no command for it. In the console: IAM Identity Center > Settings > Identity source > Actions > Change identity source: choose the one that was there.",
            "Assignments may be gone: make them anew by the records of `CreateAccountAssignment` (`aws sso-admin create-account-assignment --instance-arn INSTANCE --target-id ACCOUNT --target-type AWS_ACCOUNT --permission-set-arn PERMISSION_SET --principal-type GROUP --principal-id PRINCIPAL`).",
        ],
    ),
];
