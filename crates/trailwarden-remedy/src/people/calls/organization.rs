//! Calls of an organization: the management account makes them, and takes them back.

use super::Row;

const FROM_MANAGEMENT: &str = "Sign in to the management account, or to the one that it delegated this to: only from there the call can be taken back.";
const ONE_ACCOUNT_FIRST: &str = "A wrong policy stops whole accounts: attach it to one account first, and look whether its work goes on.";

pub(super) static ALL: &[Row] = &[
    (
        "iam:EnableOrganizationsRootCredentialsManagement",
        &[
            FROM_MANAGEMENT,
            "`aws iam disable-organizations-root-credentials-management`; `aws iam enable-organizations-root-credentials-management` takes it back. In the console: IAM > Root access management.",
            "What was done meanwhile: `AssumeRoot` in the logs, and the credentials of root in each member account.",
        ],
    ),
    (
        "iam:EnableOrganizationsRootSessions",
        &[
            FROM_MANAGEMENT,
            "`aws iam disable-organizations-root-sessions`; `aws iam enable-organizations-root-sessions` takes it back. In the console: IAM > Root access management.",
            "What was done meanwhile: `AssumeRoot` in the logs.",
        ],
    ),
    (
        "organizations:AcceptHandshake",
        &[
            "Which organization it is: `aws organizations describe-handshake --handshake-id {request.handshakeId}`, and in the account that joined `aws organizations describe-organization`.",
            "It is not yours: from the account that joined, `aws organizations leave-organization`. The account needs a way to pay by itself, and the organization's policies may deny it: then call AWS Support. In the console: AWS Organizations > Leave this organization.",
            "Look what the other organization did meanwhile: roles such as `OrganizationAccountAccessRole`, stack sets and service-linked roles that came from it.",
        ],
    ),
    (
        "organizations:AttachPolicy",
        &[
            FROM_MANAGEMENT,
            "What it allows: `aws organizations describe-policy --policy-id {request.policyId}`.",
            "`aws organizations detach-policy --policy-id {request.policyId} --target-id {request.targetId}`; `aws organizations attach-policy` takes it back. In the console: AWS Organizations > Policies > the policy > Targets. The last policy of a kind on a target cannot be detached: attach the narrower one first.",
            ONE_ACCOUNT_FIRST,
        ],
    ),
    (
        "organizations:DeletePolicy",
        &[
            FROM_MANAGEMENT,
            "What it said: the record of `CreatePolicy` or the last `UpdatePolicy` of {request.policyId} in the logs.",
            "Make it anew: `aws organizations create-policy --name NAME --description DESCRIPTION --type SERVICE_CONTROL_POLICY --content file://policy.json`, with its own type.",
            "Attach it where it was (`DetachPolicy` of {request.policyId} in the logs): `aws organizations attach-policy --policy-id NEW_POLICY_ID --target-id TARGET`; `aws organizations detach-policy` takes it back. In the console: AWS Organizations > Policies.",
            ONE_ACCOUNT_FIRST,
        ],
    ),
    (
        "organizations:DetachPolicy",
        &[
            FROM_MANAGEMENT,
            "What it says: `aws organizations describe-policy --policy-id {request.policyId}`.",
            "`aws organizations attach-policy --policy-id {request.policyId} --target-id {request.targetId}`; `aws organizations detach-policy` takes it back. In the console: AWS Organizations > Policies > the policy > Targets.",
            ONE_ACCOUNT_FIRST,
        ],
    ),
    (
        "organizations:DisablePolicyType",
        &[
            FROM_MANAGEMENT,
            "`aws organizations enable-policy-type --root-id {request.rootId} --policy-type {request.policyType}`. In the console: AWS Organizations > Policies.",
            "All policies of the kind were detached, and do not come back: attach each where it was, by the records of `AttachPolicy` in the logs: `aws organizations attach-policy --policy-id POLICY --target-id TARGET`. Which there are: `aws organizations list-policies --filter {request.policyType}`.",
            ONE_ACCOUNT_FIRST,
        ],
    ),
    (
        "organizations:UpdatePolicy",
        &[
            FROM_MANAGEMENT,
            "Keep what it says now: `aws organizations describe-policy --policy-id {request.policyId} --query Policy.Content --output text > present.json`. What it said before stands in the record of `CreatePolicy` or the last `UpdatePolicy` before this one.",
            "`aws organizations update-policy --policy-id {request.policyId} --content file://before.json`; the kept file takes it back. In the console: AWS Organizations > Policies > the policy > Edit.",
            ONE_ACCOUNT_FIRST,
        ],
    ),
    (
        "organizations:EnableAWSServiceAccess",
        &[
            FROM_MANAGEMENT,
            "Where nobody needs it: `aws organizations disable-aws-service-access --service-principal {request.servicePrincipal}`; `aws organizations enable-aws-service-access` takes it back. Switch it off in the service's own console first, where there is one: it clears up in the accounts. In the console: AWS Organizations > Services.",
            "Look what the service did in the accounts meanwhile: service-linked roles, stacks, rules.",
        ],
    ),
    (
        "organizations:InviteAccountToOrganization",
        &[
            FROM_MANAGEMENT,
            "As long as it is open: `aws organizations list-handshakes-for-organization`, then `aws organizations cancel-handshake --handshake-id HANDSHAKE`. In the console: AWS Organizations > Invitations.",
            "Where the account {request.target.id} joined: `aws organizations remove-account-from-organization --account-id {request.target.id}`. It needs a way to pay by itself.",
        ],
    ),
    (
        "organizations:LeaveOrganization",
        &[
            "Where it has left: from the management account, `aws organizations invite-account-to-organization --target Id={account},Type=ACCOUNT`, and in the account {account} accept it: `aws organizations list-handshakes-for-account`, `aws organizations accept-handshake --handshake-id HANDSHAKE`. In the console: AWS Organizations > Invitations.",
            "Move it to its unit, so that the unit's policies bind it: `aws organizations move-account --account-id {account} --source-parent-id ROOT --destination-parent-id UNIT`.",
            "What was done while nothing bound it: its logs of that time, and its trails, which an organization's trail no longer held.",
            "Deny it for all member accounts: a service control policy that denies `organizations:LeaveOrganization`, made with `aws organizations create-policy --name deny-leaving --description 'Nobody leaves' --type SERVICE_CONTROL_POLICY --content file://policy.json`, and attached with `aws organizations attach-policy --policy-id POLICY --target-id ROOT`.",
        ],
    ),
    (
        "organizations:MoveAccount",
        &[
            FROM_MANAGEMENT,
            "`aws organizations move-account --account-id {request.accountId} --source-parent-id {request.destinationParentId} --destination-parent-id {request.sourceParentId}`; the same with both units exchanged takes it back. In the console: AWS Organizations > AWS accounts > the account > Move.",
            "Compare the policies of both units (`aws organizations list-policies-for-target --target-id {request.sourceParentId} --filter SERVICE_CONTROL_POLICY`): what the account did in between was bound by the other ones only.",
        ],
    ),
    (
        "organizations:PutResourcePolicy",
        &[
            FROM_MANAGEMENT,
            "Keep what it says now: `aws organizations describe-resource-policy --query ResourcePolicy.Content --output text > present.json`. What it said before stands in the record of the last such call before this one.",
            "`aws organizations put-resource-policy --content file://before.json`; where there was none, `aws organizations delete-resource-policy`. The kept file takes both back. In the console: AWS Organizations > Settings > Delegated administrator for AWS Organizations.",
        ],
    ),
    (
        "organizations:RegisterDelegatedAdministrator",
        &[
            FROM_MANAGEMENT,
            "`aws organizations deregister-delegated-administrator --account-id {request.accountId} --service-principal {request.servicePrincipal}`; `aws organizations register-delegated-administrator` takes it back. Some services lose their settings with it: switch it off in the service's own console where there is one.",
            "Read what the account {request.accountId} changed in the service while it could.",
        ],
    ),
    (
        "organizations:RemoveAccountFromOrganization",
        &[
            FROM_MANAGEMENT,
            "`aws organizations invite-account-to-organization --target Id={request.accountId},Type=ACCOUNT`, and in the account `aws organizations accept-handshake --handshake-id HANDSHAKE`. In the console: AWS Organizations > AWS accounts > Add an AWS account.",
            "Move it to its unit, so that the unit's policies bind it: `aws organizations move-account --account-id {request.accountId} --source-parent-id ROOT --destination-parent-id UNIT`.",
            "What was done while nothing bound it: its logs of that time, and its trails, which an organization's trail no longer held.",
        ],
    ),
];
