//! What no plan does: the remediations that a person must carry out, why, and how.
//!
//! An id of a finding is either that of a remedy or stands here (`tests/registry.rs`).

/// A remediation that a person carries out.
#[derive(Debug)]
pub struct ByHand {
    /// Its id.
    pub id: &'static str,
    /// What to do, in the imperative, in a few words.
    pub title: &'static str,
    /// Why no plan does it.
    pub why: &'static str,
    /// How, step by step.
    pub how: &'static [&'static str],
}

mod checks;

pub use checks::{filled, for_check, for_remedy};

/// The one of that id.
#[must_use]
pub fn find(id: &str) -> Option<&'static ByHand> {
    ALL.iter().find(|by_hand| by_hand.id == id)
}

const ROOT: &str = "only the root user, or the management account by central root access, changes root's credentials";
const ORGANIZATION: &str =
    "the call is the management account's, and concerns other accounts than this one";
const CENTER: &str =
    "IAM Identity Center alone knows who should have which access, and changes its roles itself";
const CHOICE: &str = "only who knows what it is used for can say what should be left";

const fn row(
    id: &'static str,
    title: &'static str,
    why: &'static str,
    how: &'static [&'static str],
) -> ByHand {
    ByHand { id, title, why, how }
}

/// All of them, in order of their ids.
pub static ALL: &[ByHand] = &[
    row(
        "block-address",
        "Block an address",
        "addresses are cheap to change, and one denied to a principal may be a colleague's",
        &[
            "Find in the logs what else came from the address.",
            "Deny it by `aws:SourceIp` in a service control policy or in the principal's policy, with an end.",
        ],
    ),
    row(
        "cancel-key-deletion",
        "Cancel the deletion of a key",
        "the key's policy decides who may, and a key that is cancelled stays disabled until somebody enables it",
        &[
            "aws kms cancel-key-deletion --key-id KEY_OF_THE_FINDING, in the key's region.",
            "aws kms enable-key for the same key, then read its policy for strangers.",
        ],
    ),
    row(
        "create-metric-filter-alarm",
        "Make a metric filter with an alarm",
        "who should be told, and where the trail's log group is, is not known here",
        &[
            "Have the trail write to a log group.",
            "Make the metric filter that the check shows there, an alarm on its metric, and a topic with a confirmed subscription.",
        ],
    ),
    row(
        "delete-role",
        "Delete a role",
        "it cannot be taken back, and whatever names the role keeps the id of the deleted one",
        &[
            "Quarantine it first (attach-quarantine-policy) and watch for who misses it.",
            "Then take its policies and instance profiles away, and delete it.",
        ],
    ),
    row(
        "delete-root-access-key",
        "Delete root's access keys",
        ROOT,
        &[
            "Move what uses the keys to a role.",
            "Sign in as root > Security credentials > Access keys: deactivate, and some days later delete.",
            "In a member account: IAM > Root access management > Delete root user credentials, from the management account.",
        ],
    ),
    row(
        "delete-user",
        "Delete a user",
        "it cannot be taken back, and the user's keys and policies are evidence",
        &[
            "Quarantine it first (attach-quarantine-policy) and watch for who misses it.",
            "Then delete its keys, password, devices, certificates, policies and memberships, and the user last.",
        ],
    ),
    row(
        "deregister-delegated-administrator",
        "Take an administrator of a service away",
        ORGANIZATION,
        &[
            "From the management account: aws organizations deregister-delegated-administrator, with the account and the service of the finding.",
            "Read what the account changed in the service while it could.",
        ],
    ),
    row(
        "disable-outbound-federation",
        "Disable outbound federation",
        "workloads may rely on tokens of the account elsewhere",
        &[
            "Find who asks for tokens (`sts:GetWebIdentityToken` in the logs).",
            "IAM > Account settings > Outbound identity federation > Disable.",
        ],
    ),
    row(
        "disable-roles-anywhere-profile",
        "Disable a profile of Roles Anywhere",
        "servers outside of AWS may enter roles by it, which only their owners know",
        &[
            "aws rolesanywhere disable-profile with the profile of the finding; it can be enabled again.",
        ],
    ),
    row(
        "disable-trust-anchor",
        "Disable a trust anchor",
        "servers outside of AWS may enter roles by it, which only their owners know",
        &[
            "aws rolesanywhere disable-trust-anchor with the anchor of the finding; it can be enabled again.",
            "End the sessions of the roles that trust Roles Anywhere (revoke-sessions).",
        ],
    ),
    row(
        "move-account-back",
        "Move an account back",
        ORGANIZATION,
        &[
            "From the management account: aws organizations move-account, to the unit where it was.",
            "Compare the service control policies of both units: what the account did in between was bound by the other ones only.",
        ],
    ),
    row(
        "narrow-permission-set",
        "Narrow a permission set",
        CENTER,
        &[
            "IAM Identity Center > Permission sets > the one of the finding: take the policy out again that was added, or put the earlier document back.",
            "Provision it anew in all of its accounts; sessions that exist live on until they end.",
        ],
    ),
    row(
        "read-the-policy",
        "Read a policy",
        CHOICE,
        &[
            "Read the document that the finding names, as AWS holds it now: the log may hold only a part of it.",
            "Then narrow it (narrow-policy) or take it away (detach-policy).",
        ],
    ),
    row(
        "reject-delegation-request",
        "Reject a request for delegation",
        "who asked and why is told only by who was asked",
        &[
            "IAM > Temporary delegation requests: reject the one of the finding, and end its session.",
        ],
    ),
    row(
        "remove-account-assignment",
        "Remove an assignment",
        CENTER,
        &[
            "IAM Identity Center > AWS accounts > the account > Assigned users and groups: remove the one of the finding.",
            "Sessions that exist live on until they end: revoke them by the permission set's inline policy.",
        ],
    ),
    row(
        "remove-identity-provider-certificate",
        "Remove a certificate of the identity source",
        CENTER,
        &[
            "IAM Identity Center > Settings > Identity source > Manage authentication: delete the certificate that is not yours.",
        ],
    ),
    row(
        "remove-mfa-device",
        "Remove an MFA device",
        "without a device the user can do less, or sign in without one: whose device it is must be asked first",
        &[
            "Ask the user which devices are theirs.",
            "IAM > Users > the user > Security credentials > Multi-factor authentication: remove the other one.",
            "Reset the password (reset-console-password) and end the sessions (revoke-sessions).",
        ],
    ),
    row(
        "rename-group",
        "Give a group its name back",
        "policies and scripts name groups by name: both names may be in use by now",
        &["aws iam update-group with the names of the finding, the other way round."],
    ),
    row(
        "reprovision-permission-set",
        "Provision a permission set anew",
        CENTER,
        &[
            "IAM Identity Center > Permission sets > the one of the role: provision it anew in the account; it puts its own policies back.",
        ],
    ),
    row(
        "reset-root-credentials",
        "Reset root's credentials",
        ROOT,
        &[
            "Secure the mailbox of the root user first: who reads it resets the password.",
            "Sign in as root: change the password, remove devices that are not yours, assign a hardware key, delete access keys.",
            "Then consider removing root's credentials in member accounts (IAM > Root access management).",
        ],
    ),
    row(
        "restore-detective-control",
        "Switch a detective control on again",
        "each service has settings of its own, which were lost with it",
        &[
            "Switch on what the finding names in each of its regions, and compare its settings with another account's.",
            "Look for what happened meanwhile in the logs: no finding of it will come.",
        ],
    ),
    row(
        "restore-event-data-store",
        "Restore an event data store",
        "whether it was retired on purpose, and what its queries and channels were, is not in the log",
        &[
            "Within seven days of its deletion: aws cloudtrail restore-event-data-store with the store of the finding.",
            "Where ingestion was stopped: aws cloudtrail start-event-data-store-ingestion.",
            "Where federation, a channel, record sizes or a delegated administrator were taken away: set them again as the record before it shows.",
        ],
    ),
    row(
        "restore-organization-policy",
        "Restore a policy of the organization",
        ORGANIZATION,
        &[
            "From the management account: update or attach the policy of the finding as it was before.",
            "A wrong service control policy stops whole accounts: attach it to one account first.",
        ],
    ),
    row(
        "restore-saml-metadata",
        "Restore the metadata of a SAML provider",
        "the metadata before is not in the log, and belongs to who runs the provider",
        &[
            "Get the metadata anew from who runs the provider.",
            "IAM > Identity providers > the provider > Replace metadata.",
            "End the sessions of the roles that trust it (revoke-sessions).",
        ],
    ),
    row(
        "restrict-leaving-organization",
        "Deny leaving the organization",
        ORGANIZATION,
        &[
            "From the management account: a service control policy that denies `organizations:LeaveOrganization`.",
        ],
    ),
    row(
        "review-permissions",
        "Review permissions",
        CHOICE,
        &[
            "Ask the principal's owner what the refused call was for.",
            "Take away what is not needed (narrow-policy, detach-policy).",
        ],
    ),
];
