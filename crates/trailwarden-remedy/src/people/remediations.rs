//! The remediations that a person carries out.
//!
//! Of a call that has steps of its own ([`super::for_call`]) those come first.

use super::{ByHand, calls, row};

const ROOT: &str = "only the root user, or the management account by central root access, changes root's credentials";
const ORGANIZATION: &str =
    "the call is the management account's, and concerns other accounts than this one";
const CENTER: &str =
    "IAM Identity Center alone knows who should have which access, and changes its roles itself";
const CHOICE: &str = "only who knows what it is used for can say what should be left";

/// All of them, in order of their ids.
pub static ALL: &[ByHand] = &[
    row(
        "block-address",
        "Block an address",
        "addresses are cheap to change, and one denied to a principal may be a colleague's",
        &[
            "What else came from {address}: look for it in the logs as the source address, in all Regions and accounts. A sign-in from there that succeeded is a finding of its own, and graver.",
            "Whose it is: an office, a VPN or a proxy of yours is not to be blocked.",
            "Sign-ins to the console cannot be blocked by address; a second factor for each user stops guessed passwords (enable-mfa). Calls can: a statement that denies all with `IpAddress` on `aws:SourceIp` {address}, with `Bool` false on `aws:ViaAWSService`, in a service control policy (`aws organizations create-policy --name block-address --description 'Until DATE' --type SERVICE_CONTROL_POLICY --content file://policy.json`, `aws organizations attach-policy --policy-id POLICY --target-id TARGET`) or in a user's policy (`aws iam put-user-policy --user-name USER --policy-name block-address --policy-document file://policy.json`).",
            "Write down until when, and take it away then: `aws organizations detach-policy --policy-id POLICY --target-id TARGET`, or `aws iam delete-user-policy --user-name USER --policy-name block-address`.",
        ],
    ),
    row(
        "cancel-key-deletion",
        "Cancel the deletion of a key",
        "the key's policy decides who may, and a key that is cancelled stays disabled until somebody enables it",
        &[
            "`aws kms cancel-key-deletion --key-id {request.keyId} --region {region}`. In the console: KMS > Customer managed keys > the key > Cancel key deletion.",
            "`aws kms enable-key --key-id {request.keyId} --region {region}`, then read its policy for strangers: `aws kms get-key-policy --key-id {request.keyId} --region {region}`.",
        ],
    ),
    row(
        "create-metric-filter-alarm",
        "Make a metric filter with an alarm",
        "who should be told, and where the trail's log group is, is not known here",
        &[
            "Have the trail write to a log group: `aws cloudtrail update-trail --name TRAIL --cloud-watch-logs-log-group-arn LOG_GROUP_ARN --cloud-watch-logs-role-arn ROLE_ARN`. In the console: CloudTrail > Trails > the trail > CloudWatch Logs > Edit.",
            "Make the metric filter that the check shows there: `aws logs put-metric-filter --log-group-name LOG_GROUP --filter-name NAME --filter-pattern PATTERN --metric-transformations metricName=NAME,metricNamespace=CloudTrail,metricValue=1`.",
            "A topic with a confirmed subscription: `aws sns create-topic --name NAME`, `aws sns subscribe --topic-arn TOPIC_ARN --protocol email --notification-endpoint ADDRESS`. Then an alarm on the metric: `aws cloudwatch put-metric-alarm --alarm-name NAME --metric-name NAME --namespace CloudTrail --statistic Sum --period 300 --evaluation-periods 1 --threshold 1 --comparison-operator GreaterThanOrEqualToThreshold --alarm-actions TOPIC_ARN`.",
        ],
    ),
    row(
        "delete-role",
        "Delete a role",
        "it cannot be taken back, and whatever names the role keeps the id of the deleted one",
        &[
            "Quarantine it first (attach-quarantine-policy) and watch for who misses it.",
            "Then take its policies and instance profiles away: `aws iam list-attached-role-policies --role-name {name}` and `aws iam detach-role-policy --role-name {name} --policy-arn POLICY`, `aws iam list-role-policies --role-name {name}` and `aws iam delete-role-policy --role-name {name} --policy-name POLICY`, `aws iam list-instance-profiles-for-role --role-name {name}` and `aws iam remove-role-from-instance-profile --role-name {name} --instance-profile-name PROFILE`.",
            "The role last: `aws iam delete-role --role-name {name}`. In the console: IAM > Roles > the role > Delete. It cannot be taken back.",
        ],
    ),
    row(
        "delete-root-access-key",
        "Delete root's access keys",
        ROOT,
        &[
            "Who uses it: its calls in the logs, and `aws iam get-access-key-last-used --access-key-id KEY`. Move what uses it to a role.",
            "Sign in as root: `aws iam list-access-keys`, then `aws iam update-access-key --access-key-id KEY --status Inactive`; `--status Active` takes it back. In the console: the name at the top right > Security credentials > Access keys. Nobody knows of the key: do not wait, and treat root as taken over (reset-root-credentials).",
            "Some days later: `aws iam delete-access-key --access-key-id KEY`. That cannot be taken back.",
            "In a member account it goes without signing in as root: IAM > Root access management > Delete root user credentials, from the management account.",
        ],
    ),
    row(
        "delete-user",
        "Delete a user",
        "it cannot be taken back, and the user's keys and policies are evidence",
        &[
            "Quarantine it first (attach-quarantine-policy) and watch for who misses it.",
            "Then take away what it has, each by its own call: `aws iam list-access-keys --user-name {name}` and `aws iam delete-access-key --user-name {name} --access-key-id KEY`, `aws iam delete-login-profile --user-name {name}`, `aws iam list-mfa-devices --user-name {name}`, `aws iam list-attached-user-policies --user-name {name}` and `aws iam detach-user-policy --user-name {name} --policy-arn POLICY`, `aws iam list-groups-for-user --user-name {name}` and `aws iam remove-user-from-group --user-name {name} --group-name GROUP`.",
            "The user last: `aws iam delete-user --user-name {name}`. In the console: IAM > Users > the user > Delete does all of it. It cannot be taken back.",
        ],
    ),
    row(
        "deregister-delegated-administrator",
        "Take back what the organization newly trusts",
        ORGANIZATION,
        &[
            "From the management account: `aws organizations deregister-delegated-administrator --account-id {request.accountId} --service-principal {request.servicePrincipal}`. In the console: AWS Organizations > AWS accounts > the account > Delegated services.",
            "Read what the account changed in the service while it could.",
        ],
    ),
    row(
        "disable-outbound-federation",
        "Disable outbound federation",
        "workloads may rely on tokens of the account elsewhere",
        &[
            "Find who asks for tokens (`sts:GetWebIdentityToken` in the logs).",
            "`aws iam disable-outbound-web-identity-federation`; `aws iam enable-outbound-web-identity-federation` takes it back. In the console: IAM > Account settings > Outbound identity federation > Disable.",
        ],
    ),
    row(
        "disable-roles-anywhere-profile",
        "Disable a profile of Roles Anywhere",
        "servers outside of AWS may enter roles by it, which only their owners know",
        &[
            "Which there are: `aws rolesanywhere list-profiles --region {region}`.",
            "`aws rolesanywhere disable-profile --profile-id PROFILE --region {region}`; `enable-profile` takes it back. In the console: IAM > Roles > Roles Anywhere > Profiles.",
            "End the sessions of its roles (revoke-sessions).",
        ],
    ),
    row(
        "disable-trust-anchor",
        "Disable a trust anchor",
        "servers outside of AWS may enter roles by it, which only their owners know",
        &[
            "Which there are: `aws rolesanywhere list-trust-anchors --region {region}`.",
            "`aws rolesanywhere disable-trust-anchor --trust-anchor-id TRUST_ANCHOR --region {region}`; `enable-trust-anchor` takes it back. In the console: IAM > Roles > Roles Anywhere > Trust anchors.",
            "End the sessions of the roles that trust Roles Anywhere (revoke-sessions).",
        ],
    ),
    row(
        "move-account-back",
        "Put an account back where it was, or out of the organization",
        ORGANIZATION,
        &[
            "From the management account: `aws organizations move-account --account-id {request.accountId} --source-parent-id {request.destinationParentId} --destination-parent-id {request.sourceParentId}`. In the console: AWS Organizations > AWS accounts > the account > Move.",
            "Compare the service control policies of both units: what the account did in between was bound by the other ones only.",
        ],
    ),
    row(
        "narrow-permission-set",
        "Narrow a permission set",
        CENTER,
        &[
            "What it holds: `aws sso-admin list-managed-policies-in-permission-set --instance-arn {request.instanceArn} --permission-set-arn {request.permissionSetArn}` and `aws sso-admin get-inline-policy-for-permission-set --instance-arn {request.instanceArn} --permission-set-arn {request.permissionSetArn}`.",
            "Take the policy out again that was added, or put the earlier document back: `aws sso-admin put-inline-policy-to-permission-set --instance-arn {request.instanceArn} --permission-set-arn {request.permissionSetArn} --inline-policy file://before.json`. In the console: IAM Identity Center > Permission sets > the set.",
            "Let it reach the accounts: `aws sso-admin provision-permission-set --instance-arn {request.instanceArn} --permission-set-arn {request.permissionSetArn} --target-type ALL_PROVISIONED_ACCOUNTS`. Sessions that exist live on until they end.",
        ],
    ),
    row(
        "read-the-policy",
        "Read a policy",
        CHOICE,
        &[
            "Read the document as AWS holds it now, for the log may hold only a part of it. An inline one: `aws iam get-{kind}-policy --{kind}-name {holder} --policy-name {policy}`; a managed one: `aws iam get-policy --policy-arn POLICY_ARN`, then `aws iam get-policy-version --policy-arn POLICY_ARN --version-id VERSION`; the trust of a role: `aws iam get-role --role-name ROLE`. In the console: IAM > the user, group, role or policy > Permissions.",
            "What is wrong with it: `trailwarden lint FILE`. What its holder used of it: `trailwarden least-privilege NAME --logs PATH --baseline FILE`.",
            "Then write it narrower, or take it away from whoever does not need it. An inline one: `aws iam put-{kind}-policy --{kind}-name {holder} --policy-name {policy} --policy-document file://policy.json`; a managed one: `aws iam create-policy-version --policy-arn POLICY_ARN --policy-document file://policy.json --set-as-default`; the trust of a role: `aws iam update-assume-role-policy --role-name ROLE --policy-document file://policy.json`. Keep the document that was there: it takes this back.",
        ],
    ),
    row(
        "reject-delegation-request",
        "Reject a request for delegation",
        "who asked and why is told only by who was asked",
        &[
            "Who asks for what: `aws iam get-delegation-request --delegation-request-id {request.delegationRequestId}`.",
            "As long as no token was sent: `aws iam reject-delegation-request --delegation-request-id {request.delegationRequestId}`. In the console: IAM > Temporary delegation requests.",
            "Narrow whoever accepted it, or end its sessions (revoke-sessions): the partner acts with what that identity may do.",
        ],
    ),
    row(
        "remove-account-assignment",
        "Remove an assignment",
        CENTER,
        &[
            "Who has it: `aws sso-admin list-account-assignments --instance-arn {request.instanceArn} --account-id {request.targetId} --permission-set-arn {request.permissionSetArn}`.",
            "`aws sso-admin delete-account-assignment --instance-arn {request.instanceArn} --target-id {request.targetId} --target-type AWS_ACCOUNT --permission-set-arn {request.permissionSetArn} --principal-type {request.principalType} --principal-id {request.principalId}`; `create-account-assignment` takes it back. In the console: IAM Identity Center > AWS accounts > the account > Assigned users and groups.",
            "Sessions that exist live on until they end: revoke them by the permission set's inline policy.",
        ],
    ),
    row(
        "remove-identity-provider-certificate",
        "Put the identity source of IAM Identity Center back",
        CENTER,
        &[
            "There is no command for it. In the console: IAM Identity Center > Settings > Identity source > Actions > Manage authentication: compare the provider and its certificates with those that you gave, and delete what is not yours.",
            "Who came in by it: `Authenticate` and `Federate` in the logs. End their sessions: IAM Identity Center > Users > the user > Active sessions.",
        ],
    ),
    row(
        "remove-mfa-device",
        "Remove an MFA device",
        "without a device the user can do less, or sign in without one: whose device it is must be asked first",
        &[
            "Ask the user by a way that does not lead through AWS which devices are theirs: `aws iam list-mfa-devices --user-name {name}`.",
            "Remove the other one: `aws iam deactivate-mfa-device --user-name {name} --serial-number {request.serialNumber}`. In the console: IAM > Users > the user > Security credentials > Multi-factor authentication.",
            "Reset the password (reset-console-password) and end the sessions (revoke-sessions).",
        ],
    ),
    row(
        "reprovision-permission-set",
        "Provision a permission set anew",
        CENTER,
        &[
            "Which set it is: the role's name has it after `AWSReservedSSO_`. `aws sso-admin list-instances`, then `aws sso-admin list-permission-sets --instance-arn INSTANCE` and `aws sso-admin describe-permission-set --instance-arn INSTANCE --permission-set-arn PERMISSION_SET` for each.",
            "`aws sso-admin provision-permission-set --instance-arn INSTANCE --permission-set-arn PERMISSION_SET --target-type AWS_ACCOUNT --target-id {account}`: it puts its own policies and trust back into the role {name}. In the console: IAM Identity Center > Permission sets > the set > AWS accounts > Reprovision.",
            "Compare: `aws iam list-attached-role-policies --role-name {name}` and `aws iam get-role --role-name {name}`. What still differs was not the set's.",
            "Find out how somebody could change such a role: IAM refuses it to all but the service.",
        ],
    ),
    row(
        "reset-root-credentials",
        "Reset root's credentials",
        ROOT,
        &[
            "Secure the mailbox and the phone number of the root user first: who reads them resets the password.",
            "Sign in as root. In the console: the name at the top right > Security credentials: change the password, remove devices that are not yours, register two security keys or passkeys, delete access keys.",
            "Compare the account's name, addresses and phone number with yours: `aws account get-contact-information` and `aws account get-alternate-contact --alternate-contact-type SECURITY`. Put back what is not: `aws account put-contact-information --contact-information file://contact.json`.",
            "What root did meanwhile: `trailwarden investigate` with the logs, and take back what is not wanted.",
            "Then consider removing root's credentials in member accounts. In the console of the management account: IAM > Root access management.",
        ],
    ),
    row(
        "restore-detective-control",
        "Switch a detective control on again",
        "each service has settings of its own, which were lost with it",
        &[
            "Switch on what the finding names in each of its Regions: `aws guardduty list-detectors`, `aws configservice describe-configuration-recorder-status`, `aws securityhub describe-hub` and `aws accessanalyzer list-analyzers` say what is on. Compare the settings with another account's.",
            "Look for what happened meanwhile in the logs: no finding of it will come.",
        ],
    ),
    row(
        "restore-event-data-store",
        "Restore an event data store",
        "whether it was retired on purpose, and what its queries and channels were, is not in the log",
        &[
            "Within seven days of its deletion: `aws cloudtrail restore-event-data-store --event-data-store STORE`. In the console: CloudTrail > Lake > Event data stores.",
            "Where ingestion was stopped: `aws cloudtrail start-event-data-store-ingestion --event-data-store STORE`.",
            "Where federation, a channel, record sizes or a delegated administrator were taken away: set them again as the record before it shows.",
        ],
    ),
    row(
        "restore-organization-policy",
        "Restore a policy of the organization",
        ORGANIZATION,
        &[
            "From the management account: `aws organizations attach-policy --policy-id {request.policyId} --target-id {request.targetId}`, or `aws organizations update-policy --policy-id {request.policyId} --content file://before.json` with what the record before says. In the console: AWS Organizations > Policies.",
            "A wrong service control policy stops whole accounts: attach it to one account first.",
        ],
    ),
    row(
        "restore-saml-metadata",
        "Restore the metadata of a SAML provider",
        "the metadata before is not in the log, and belongs to who runs the provider",
        &[
            "Get the metadata anew from who runs the provider, by another way than the change came.",
            "Keep what is there: `aws iam get-saml-provider --saml-provider-arn {request.sAMLProviderArn} --query SAMLMetadataDocument --output text > present.xml`. Then `aws iam update-saml-provider --saml-provider-arn {request.sAMLProviderArn} --saml-metadata-document file://metadata.xml`; the kept file takes it back. In the console: IAM > Identity providers > the provider > Replace metadata.",
            "End the sessions of the roles that trust it (revoke-sessions).",
        ],
    ),
    row(
        "restrict-leaving-organization",
        "Deny leaving the organization",
        ORGANIZATION,
        &[
            "From the management account: `aws organizations create-policy --name deny-leaving --description 'Nobody leaves' --type SERVICE_CONTROL_POLICY --content file://policy.json`, with a statement that denies `organizations:LeaveOrganization` on `*`.",
            "Attach it to one account first, then to the root: `aws organizations attach-policy --policy-id POLICY --target-id TARGET`; `aws organizations detach-policy --policy-id POLICY --target-id TARGET` takes it back. In the console: AWS Organizations > Policies > Service control policies.",
            "Ask whoever called it, {actor}, what for; who does not know of it has lost credentials (revoke-sessions).",
        ],
    ),
    row(
        "review-permissions",
        "Review permissions",
        CHOICE,
        &[
            "Ask the owner of {actor} what the refused call was for. It was meant: change the guard rail for that one case, or do it by another way.",
            "It was not meant: what {actor} may do and did, `trailwarden least-privilege {actor} --logs PATH --baseline FILE` tells, with a plan that takes the rest away. By hand: `aws iam list-attached-{actor_kind}-policies --{actor_kind}-name {actor}` and `aws iam list-{actor_kind}-policies --{actor_kind}-name {actor}`; of a user what the groups hold as well.",
            "Nobody knows of it: end its sessions (revoke-sessions) until that is clear, and switch a user's keys off (deactivate-access-key).",
        ],
    ),
    row(
        "stop-compute",
        "Stop what runs with a role",
        "what runs there is in no baseline, and only its owner knows what stops with it",
        &[
            "Stop what the finding's record names: a function, an instance, a job or a stack. As long as it runs, it has the role, and gets fresh credentials however often its sessions are ended.",
            calls::NARROW_THE_PASSER,
            calls::END_ITS_SESSIONS,
        ],
    ),
];
