//! The account, its organization and its watchers.

use super::{ByHand, row};

const ORGANIZATION: &str =
    "the call is the organization's, and concerns other accounts than this one";
const LOOK: &str = "no answer of AWS decides it";

pub(super) static ALL: &[ByHand] = &[
    row(
        "account-outside-organization",
        "Bring the account into an organization",
        ORGANIZATION,
        &[
            "In the management account: `aws organizations invite-account-to-organization --target Id={account},Type=ACCOUNT`. In the console: AWS Organizations > Add an AWS account > Invite.",
            "In this account: `aws organizations list-handshakes-for-account` names the invitation. Read from which organization it is.",
            "`aws organizations accept-handshake --handshake-id HANDSHAKE`. From then on that organization pays, and its policies count here.",
            "Move the account into the unit whose policies fit it: `aws organizations move-account --account-id {account} --source-parent-id ROOT --destination-parent-id UNIT`.",
        ],
    ),
    row(
        "analyzer-missing",
        "Make an analyzer of external access",
        "in which regions one is wanted, and for the account or the whole organization, is for its owner to say",
        &[
            "`aws accessanalyzer create-analyzer --analyzer-name external-access --type ACCOUNT --region {name}`. An analyzer of external access costs nothing. In the console: IAM > Access Analyzer > Create analyzer, in that region.",
            "Wait half an hour, then read what it found: `aws accessanalyzer list-findings-v2 --analyzer-arn ARN_OF_THE_ANALYZER --region {name}`.",
            "Archive what is meant to be open, and narrow the rest. `aws accessanalyzer delete-analyzer` takes the analyzer away again.",
        ],
    ),
    row(
        "config-recorder-off",
        "Record configurations",
        "it costs for each item that is recorded, and the bucket that keeps them must be chosen",
        &[
            "In the console, in the region {name}: AWS Config > Get started. It makes the role, the bucket and the recorder. With the CLI, the steps below.",
            "`aws iam create-service-linked-role --aws-service-name config.amazonaws.com`, unless there is one.",
            "`aws configservice put-configuration-recorder --region {name} --configuration-recorder name=default,roleARN=arn:aws:iam::{account}:role/aws-service-role/config.amazonaws.com/AWSServiceRoleForConfig --recording-group allSupported=true`. For resources of IAM add `includeGlobalResourceTypes=true`, in one region only.",
            "`aws configservice put-delivery-channel --region {name} --delivery-channel name=default,s3BucketName=BUCKET`.",
            "`aws configservice start-configuration-recorder --region {name} --configuration-recorder-name default`. `stop-configuration-recorder` takes it back.",
        ],
    ),
    row(
        "contact-details-outdated",
        "Read the account's contact details",
        LOOK,
        &[
            "`aws account get-contact-information`. In the console: the account's name > Account > Contact information.",
            "Call the number, and write to the mail address of the root user: somebody who knows the account should answer.",
            "Set what is wrong: `aws account put-contact-information --contact-information file://contact.json`.",
        ],
    ),
    row(
        "front-end-access-not-logged",
        "Look which front ends write access logs",
        LOOK,
        &[
            "Load balancers: `aws elbv2 describe-load-balancer-attributes --load-balancer-arn ARN` tells `access_logs.s3.enabled`. Set it by `modify-load-balancer-attributes`, with a bucket that lets the service write.",
            "Distributions, in the console: CloudFront > the distribution > Logging.",
            "API stages, in the console: API Gateway > the API > Stages > the stage > Logs and tracing.",
        ],
    ),
    row(
        "management-account-runs-workloads",
        "Look what runs in the management account",
        LOOK,
        &[
            "`aws organizations describe-organization` says which account it is. In it, Billing > Bills shows by service and region what runs there.",
            "Move what is neither of the organization nor of its bills into an account of its own.",
            "Delegate the services that can be delegated, so that fewer people need that account: `aws organizations list-delegated-administrators` shows which are.",
        ],
    ),
    row(
        "no-delegated-administrator",
        "Delegate services of the organization",
        ORGANIZATION,
        &[
            "Choose an account for security that runs nothing else.",
            "In the management account, for each service such as `access-analyzer.amazonaws.com`: `aws organizations enable-aws-service-access --service-principal SERVICE`, then `aws organizations register-delegated-administrator --account-id ACCOUNT --service-principal SERVICE`. In the console: the service's own settings > Delegated administrator.",
            "`aws organizations deregister-delegated-administrator` takes it back.",
        ],
    ),
    row(
        "no-guard-rails",
        "Attach a service control policy",
        ORGANIZATION,
        &[
            "In the management account: `aws organizations list-roots` says whether service control policies are on; `aws organizations enable-policy-type --root-id ROOT --policy-type SERVICE_CONTROL_POLICY` switches them on.",
            "Write a policy that denies what nobody in the account should do, such as `cloudtrail:StopLogging`, `cloudtrail:DeleteTrail`, `cloudtrail:UpdateTrail`, `cloudtrail:PutEventSelectors`, `config:StopConfigurationRecorder`, `guardduty:DeleteDetector` and `organizations:LeaveOrganization`. Spare the role that maintains them by a condition on `aws:PrincipalArn`.",
            "`aws organizations create-policy --type SERVICE_CONTROL_POLICY --name protect-records --description 'Keeps the records' --content file://policy.json`. In the console: AWS Organizations > Policies > Service control policies.",
            "Attach it to an account for tests first, then here: `aws organizations attach-policy --policy-id POLICY --target-id {account}`. It binds the root user too. `detach-policy` takes it back.",
        ],
    ),
    row(
        "organization-policies-not-delegated",
        "Delegate the management of policies",
        ORGANIZATION,
        &[
            "Choose the account that is to write policies of the organization.",
            "Write a resource policy that lets it make, change and attach policies of the types that it needs, by a condition on `organizations:PolicyType`.",
            "In the management account: `aws organizations put-resource-policy --content file://delegation.json`. In the console: AWS Organizations > Settings > Delegated administrator. `delete-resource-policy` takes it back.",
        ],
    ),
    row(
        "organization-units-unstructured",
        "Look at the tree of units",
        LOOK,
        &[
            "In the console: AWS Organizations > AWS accounts shows the tree. With the CLI: `aws organizations list-organizational-units-for-parent --parent-id ROOT`.",
            "Accounts of one environment and sensitivity should lie together, and production apart from tests.",
            "Before `aws organizations move-account`, compare the policies of both units: those of the new one count at once.",
        ],
    ),
    row(
        "permission-set-gives-full-control",
        "Assign full control to few",
        "IAM Identity Center alone knows who works with the permission set",
        &[
            "In which accounts it is: `aws sso-admin list-accounts-for-provisioned-permission-set --instance-arn {instance_arn} --permission-set-arn {arn}`. Who has it in each: `aws sso-admin list-account-assignments --instance-arn {instance_arn} --account-id ACCOUNT --permission-set-arn {arn}`.",
            "Look in the logs what they did with it, and assign a permission set that grants just that: `aws sso-admin create-account-assignment --instance-arn {instance_arn} --target-id ACCOUNT --target-type AWS_ACCOUNT --permission-set-arn NARROWER_SET --principal-type USER_OR_GROUP --principal-id PRINCIPAL`.",
            "Take the wide one away: `aws sso-admin delete-account-assignment --instance-arn {instance_arn} --target-id ACCOUNT --target-type AWS_ACCOUNT --permission-set-arn {arn} --principal-type USER_OR_GROUP --principal-id PRINCIPAL`; `create-account-assignment` with the same takes it back. In the console: IAM Identity Center > AWS accounts > the account > Assigned users and groups. Sessions that exist live on until they end.",
            "Keep it for few, with sessions of an hour: `aws sso-admin update-permission-set --instance-arn {instance_arn} --permission-set-arn {arn} --session-duration PT1H`, and let it reach the accounts: `aws sso-admin provision-permission-set --instance-arn {instance_arn} --permission-set-arn {arn} --target-type ALL_PROVISIONED_ACCOUNTS`.",
        ],
    ),
    row(
        "resource-policy-open-to-everybody",
        "Look for resources that are open to everybody",
        LOOK,
        &[
            "In each region that has an analyzer: `aws accessanalyzer list-findings-v2 --analyzer-arn ARN_OF_THE_ANALYZER`. Where there is none: `aws accessanalyzer create-analyzer --analyzer-name external-access --type ACCOUNT`.",
            "Ask the owner of each resource that is open to everybody whether it must be.",
            "Narrow the resource's policy to the accounts that need it, and archive what is meant to be open.",
        ],
    ),
    row(
        "root-access-not-central",
        "Manage root access centrally",
        ORGANIZATION,
        &[
            "In the management account: `aws organizations enable-aws-service-access --service-principal iam.amazonaws.com`.",
            "`aws iam enable-organizations-root-credentials-management`, and `aws iam enable-organizations-root-sessions` for the few tasks that take root in a member account. In the console: IAM > Root access management > Enable.",
            "For each member account, make sure that nothing uses its root user; then IAM > Root access management > the account > Delete root user credentials. Allow password recovery gives them back.",
        ],
    ),
    row(
        "security-contact-missing",
        "Register a contact for security",
        "who should be called is not known here",
        &[
            "Choose the mailbox of a team, and a number that somebody answers at night.",
            "`aws account put-alternate-contact --alternate-contact-type SECURITY --name NAME --title TITLE --email-address ADDRESS --phone-number NUMBER`. In the console: the account's name > Account > Alternate contacts.",
            "`aws account get-alternate-contact --alternate-contact-type SECURITY` shows it, and `delete-alternate-contact` takes it back. The management account sets it for members by `--account-id`.",
        ],
    ),
    row(
        "security-hub-off",
        "Switch Security Hub on",
        "it costs for each check, and where findings are gathered is for the account's owner to say",
        &[
            "It needs AWS Config to record in the same region: see to that first.",
            "`aws securityhub enable-security-hub --enable-default-standards --region {name}`. In the console: Security Hub CSPM > Enable, in that region. `disable-security-hub` takes it back.",
            "Where findings are gathered elsewhere already, accept this one instead, with the reason.",
        ],
    ),
    row(
        "security-questions-missing",
        "Look at the account's security questions",
        LOOK,
        &[
            "In the console: the account's name > Account. Where there are security questions, make sure that their answers are kept safe.",
            "AWS takes no new ones: where there are none, accept this finding, and keep the contact details right.",
        ],
    ),
];
