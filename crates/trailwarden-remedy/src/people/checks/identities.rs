//! Users, groups, roles and what they hold.

use super::{ByHand, row};

const WHOSE: &str = "whose it is and what it is needed for is not in AWS";
const WHO: &str = "who is to do that work is not in AWS";
const WORK: &str = "which work the user does, and which groups there are for it, is not in AWS";
const LOOK_FOR_TAGS: &str = "Look first whether a condition of a policy decides by that tag: then it gives or takes access.";

const WAY: &str = "which step of the way is needed least is for its owner to say";
const WAY_STEPS: &[&str] = &[
    "Each way, and the statements that allow its steps: `trailwarden paths --baseline FILE --source {name}`.",
    "Which of these steps were made, and which are needed: `trailwarden least-privilege {name} --logs PATH --baseline FILE` writes a policy of what was used, with a plan and its undo. Ask the owner for rare work, which is not in the logs.",
    "Close the step that is needed least. Where the identity may do too much: narrow the statement to the names that are meant, with `aws iam put-{kind}-policy --{kind}-name {holder} --policy-name POLICY --policy-document file://policy.json`, or of a managed policy `aws iam create-policy-version --policy-arn POLICY --policy-document file://policy.json --set-as-default`; the document or version of before takes it back.",
    "Where the way ends at a role that may do too much, or lets in too many: `aws iam detach-role-policy --role-name ROLE --policy-arn POLICY`, or `aws iam update-assume-role-policy --role-name ROLE --policy-document file://trust.json`. Keep what was there: it takes this back.",
    "Look again with a new baseline (`trailwarden assess --baseline FILE`): another way may be open.",
];

pub(super) static ALL: &[ByHand] = &[
    row(
        "access-key-for-everyday-work",
        "Work without the key",
        "where the key is stored, and what works with it, is not in AWS",
        &[
            "Find out what uses it: `aws iam get-access-key-last-used --access-key-id {key}`, and its calls in the logs.",
            "A person signs in by IAM Identity Center (`aws configure sso`). A machine in AWS gets a role: of the instance, the function or the task. A machine elsewhere enters a role by an OIDC provider or by IAM Roles Anywhere.",
            "Take the key away where it is stored, watch for a week, and switch it off: `aws iam update-access-key --user-name {name} --access-key-id {key} --status Inactive`. `--status Active` takes that back. In the console: IAM > Users > the user > Security credentials.",
            "Delete it some weeks later: `aws iam delete-access-key --user-name {name} --access-key-id {key}`.",
        ],
    ),
    row(
        "administrator-by-aws-managed-policy",
        "Decide who keeps full control",
        "AWS alone changes the policy, and who of its holders needs all of it is not in AWS",
        &[
            "Who holds it: `aws iam list-entities-for-policy --policy-arn {arn}`. In the console: IAM > Policies > the policy > Entities attached. Of a group, all members count.",
            "Choose who keeps it: one role for administration and one way in for emergencies, each with a narrow trust policy or a hardware key, and an alarm on its use. At least two people must be able to get in.",
            "Of every other holder, look what it did: `trailwarden least-privilege NAME --logs PATH --baseline FILE` writes the policy of what it used, with a plan. Rare work, such as a yearly task or a restore, is not in it: ask the owner, and add that.",
            "One holder at a time, give the narrower policy first and take the wide one away after it: the findings about who is an administrator (user-is-administrator, group-gives-full-control, role-is-administrator) have plans for that, with an undo. By hand: `aws iam detach-user-policy --user-name NAME --policy-arn {arn}`, and `detach-group-policy` or `detach-role-policy` likewise; `attach-user-policy` takes it back.",
            "Wait some days before the next one, and look in the logs for calls that are refused now.",
            "Roles of IAM Identity Center get it by a permission set: assign another one there.",
            "Accept the finding for those who keep it, with the reason and a date on which somebody looks again.",
        ],
    ),
    row(
        "analyzer-without-tags",
        "Tag the analyzer",
        WHOSE,
        &[
            LOOK_FOR_TAGS,
            "`aws accessanalyzer tag-resource --resource-arn {arn} --tags owner=OWNER --region {region}`. In the console: IAM > Access Analyzer > the analyzer > Tags.",
        ],
    ),
    row(
        "audit-role-missing",
        "Make a role for those who audit",
        WHO,
        &[
            "Write down who may enter it as a trust policy: the role or the SAML provider of those people, not a whole account.",
            "`aws iam create-role --role-name Audit --assume-role-policy-document file://trust.json`.",
            "`aws iam attach-role-policy --role-name Audit --policy-arn arn:aws:iam::aws:policy/SecurityAudit`. In the console: IAM > Roles > Create role.",
        ],
    ),
    row(
        "federation-missing",
        "Let people sign in by a provider",
        "which directory of people counts is for their organization to say",
        &[
            "With an organization, in the management account: IAM Identity Center > Enable; connect the directory (Settings > Identity source), make permission sets, and assign them to groups.",
            "A single account: `aws iam create-saml-provider --name NAME --saml-metadata-document file://metadata.xml`, and roles that trust the provider.",
            "Let each person work by it for some weeks. Then take the IAM user's password away (`aws iam delete-login-profile --user-name USER`) and switch the keys off; delete them later.",
            "Keep one or two users for emergencies, with hardware keys and an alarm on their use.",
        ],
    ),
    row(
        "group-without-members",
        "Delete the group",
        "it cannot be taken back under the same id, and somebody may keep the group for members to come",
        &[
            "Ask who made it. What it holds: `aws iam list-attached-group-policies --group-name {name}` and `aws iam list-group-policies --group-name {name}`. Keep the inline documents: `aws iam get-group-policy --group-name {name} --policy-name POLICY`.",
            "`aws iam detach-group-policy --group-name {name} --policy-arn POLICY` and `aws iam delete-group-policy --group-name {name} --policy-name POLICY` for each.",
            "`aws iam delete-group --group-name {name}`; AWS refuses while it has members. In the console: IAM > User groups > the group > Delete.",
        ],
    ),
    row(
        "inline-policy-used",
        "Make the inline policy a managed one",
        "whether others should share it, and under which name, is for its owner to say",
        &[
            "`aws iam get-{kind}-policy --{kind}-name {holder} --policy-name {policy_name} --query PolicyDocument > {policy_name}.json` keeps the document; `aws iam list-{kind}-policies --{kind}-name {holder}` names all of them.",
            "`aws iam create-policy --policy-name {policy_name} --policy-document file://{policy_name}.json` makes a managed one of the same text.",
            "`aws iam attach-{kind}-policy --{kind}-name {holder} --policy-arn arn:aws:iam::{account}:policy/{policy_name}`, and only then `aws iam delete-{kind}-policy --{kind}-name {holder} --policy-name {policy_name}`: nothing is lost in between. `aws iam put-{kind}-policy --{kind}-name {holder} --policy-name {policy_name} --policy-document file://{policy_name}.json` takes it back. In the console: IAM > the {kind} > Permissions.",
        ],
    ),
    row(
        "instance-with-stored-keys",
        "Look for keys on instances",
        "no answer of AWS decides it",
        &[
            "In each region, instances without a role: `aws ec2 describe-instances --query 'Reservations[].Instances[?!IamInstanceProfile].InstanceId'`.",
            "On them, look for `~/.aws/credentials`, environment variables and configuration files with the id of a key (`AKIA...`).",
            "Make a role with what the key was used for, and an instance profile: `aws ec2 associate-iam-instance-profile --instance-id INSTANCE --iam-instance-profile Name=PROFILE`. Then switch the key off, and delete it some weeks later.",
        ],
    ),
    row("role-can-become-administrator", "Close the way", WAY, WAY_STEPS),
    row(
        "role-unused",
        "Retire the role",
        "a role for emergencies or for yearly work is unused most of the time, and only its owner knows",
        &[
            "Ask its owner; tags, and the record of who made it, say who that is. What it holds: `aws iam list-attached-role-policies --role-name {name}` and `aws iam list-role-policies --role-name {name}`.",
            r#"Take everything away: `aws iam put-role-policy --role-name {name} --policy-name retired --policy-document '{"Version":"2012-10-17","Statement":[{"Effect":"Deny","Action":"*","Resource":"*"}]}'`. `aws iam delete-role-policy --role-name {name} --policy-name retired` takes that back."#,
            "When nobody has missed it for some weeks: take it out of its instance profiles, detach and delete its policies, then `aws iam delete-role --role-name {name}`. In the console: IAM > Roles > the role > Delete.",
        ],
    ),
    row(
        "role-without-tags",
        "Tag the role",
        WHOSE,
        &[
            LOOK_FOR_TAGS,
            "`aws iam tag-role --role-name {name} --tags Key=owner,Value=OWNER`. In the console: IAM > Roles > the role > Tags.",
        ],
    ),
    row(
        "server-certificate-expired",
        "Delete the certificate",
        "it cannot be taken back: nobody gets the private key out of IAM again",
        &[
            "Make sure that nothing serves it: in each region `aws elbv2 describe-listeners --load-balancer-arn ARN` and `aws elb describe-load-balancers` name the certificates that listeners use, and so does `aws cloudfront list-distributions`. What serves it needs a new one first, best of ACM, which renews it.",
            "`aws iam delete-server-certificate --server-certificate-name {name}`. The console does not show these certificates.",
        ],
    ),
    row(
        "support-role-missing",
        "Make a role for talking to AWS Support",
        WHO,
        &[
            "Write down who may enter it as a trust policy: the role or the SAML provider of those who handle incidents.",
            "`aws iam create-role --role-name Support --assume-role-policy-document file://trust.json`.",
            "`aws iam attach-role-policy --role-name Support --policy-arn arn:aws:iam::aws:policy/AWSSupportAccess`. In the console: IAM > Roles > Create role.",
        ],
    ),
    row(
        "trail-without-tags",
        "Tag the trail",
        WHOSE,
        &[
            LOOK_FOR_TAGS,
            "`aws cloudtrail add-tags --resource-id {arn} --tags-list Key=owner,Value=OWNER --region {region}`, in the region where the trail was made. In the console: CloudTrail > Trails > the trail > Tags.",
        ],
    ),
    row("user-can-become-administrator", "Close the way", WAY, WAY_STEPS),
    row(
        "user-with-direct-policies",
        "Give the policies to a group",
        WORK,
        &[
            "What the user holds: `aws iam list-attached-user-policies --user-name {name}` and `aws iam list-user-policies --user-name {name}`.",
            "Choose or make a group for that work: `aws iam create-group --group-name GROUP`. In the console: IAM > User groups.",
            "Give the group the policy: `aws iam attach-group-policy --group-name GROUP --policy-arn {policy_arn}`. All other members get it too. Of inline policies make managed ones first.",
            "Add the user: `aws iam add-user-to-group --group-name GROUP --user-name {name}`.",
            "Only then `aws iam detach-user-policy --user-name {name} --policy-arn {policy_arn}`; `aws iam attach-user-policy --user-name {name} --policy-arn {policy_arn}` takes it back.",
            "For a person it is better to sign in by IAM Identity Center, and to have no user.",
        ],
    ),
    row(
        "user-without-group",
        "Put the user into groups",
        WORK,
        &[
            "What the user holds: `aws iam list-attached-user-policies --user-name {name}` and `aws iam list-user-policies --user-name {name}`. The logs show what the user does; one who does nothing is shut off, and deleted some weeks later.",
            "`aws iam add-user-to-group --group-name GROUP --user-name {name}`. In the console: IAM > Users > the user > Groups. `remove-user-from-group` takes it back.",
            "Then take the policies away that the group gives.",
        ],
    ),
    row(
        "user-without-tags",
        "Tag the user",
        WHOSE,
        &[
            LOOK_FOR_TAGS,
            "`aws iam tag-user --user-name {name} --tags Key=owner,Value=OWNER`. In the console: IAM > Users > the user > Tags.",
        ],
    ),
];
