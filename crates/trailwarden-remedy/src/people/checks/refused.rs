//! What a person does where a remediation finds that a person must decide, by its id.

use super::{ByHand, row};

const CHOICE: &str = "a person must decide";

pub(super) static ALL: &[ByHand] = &[
    row(
        "deactivate-access-key",
        "Retire one of two keys",
        CHOICE,
        &[
            "Which is in use: `aws iam list-access-keys --user-name {name}`, then `aws iam get-access-key-last-used --access-key-id KEY` for each, and their calls in the logs.",
            "Put the newer key everywhere where the older one is, and watch until nothing uses the older one.",
            "`aws iam update-access-key --user-name {name} --access-key-id OLDER_KEY --status Inactive`; `--status Active` takes it back. In the console: IAM > Users > the user > Security credentials.",
            "Delete it some weeks later: `aws iam delete-access-key --user-name {name} --access-key-id OLDER_KEY`.",
        ],
    ),
    row(
        "detach-policy",
        "Take away what gives it",
        CHOICE,
        &[
            "What gives it: `trailwarden can NAME ACTION --baseline FILE` names the statements. By hand: `aws iam list-attached-{kind}-policies --{kind}-name {name}` and `aws iam list-{kind}-policies --{kind}-name {name}`; of a user, also `aws iam list-groups-for-user --user-name {name}` and what the groups hold.",
            "A group gives it, and is right for its other members: `aws iam remove-user-from-group --group-name GROUP --user-name {name}`; `add-user-to-group` takes it back. In the console: IAM > Users > the user > Groups. Where the group gives too much to all, its own finding has the plan.",
            "Several policies give it together: narrow the one that is needed least, or take it away; `trailwarden least-privilege NAME --logs PATH --baseline FILE` shows what of each was used, with a plan and its undo.",
            "Look in the logs for calls that are refused now.",
        ],
    ),
    row(
        "enable-mfa",
        "Give the user a device",
        CHOICE,
        &[
            "Give the user a security key, or let a passkey be made on the user's own device.",
            "The user registers it. In the console: IAM > Users > the user > Security credentials > Assign MFA device > Passkey or security key. There is no command for it.",
            "The user signs in with it once. Only then remove the virtual device: `aws iam list-mfa-devices --user-name {name}`, `aws iam deactivate-mfa-device --user-name {name} --serial-number DEVICE`, `aws iam delete-virtual-mfa-device --serial-number DEVICE`.",
        ],
    ),
    row(
        "narrow-policy",
        "Narrow it to what is used",
        CHOICE,
        &[
            "Read what gives it, statement by statement: `trailwarden lint FILE` on the document. Who holds a managed policy: `aws iam list-entities-for-policy --policy-arn POLICY`. In the console: IAM > Policies > the policy > Entities attached.",
            "What each holder used: `trailwarden least-privilege NAME --logs PATH --baseline FILE` writes a narrower policy, with a plan and its undo. Ask the owner for rare work, which is not in the logs.",
            "By hand: `aws iam create-policy-version --policy-arn POLICY --policy-document file://policy.json --set-as-default`. `aws iam set-default-policy-version --policy-arn POLICY --version-id OLD_VERSION` takes it back.",
            "Where nobody needs it: take it from each holder (detach-policy), wait some weeks, and delete it.",
            "Look in the logs for calls that are refused now.",
        ],
    ),
    row(
        "narrow-trust",
        "Name who must enter the role",
        CHOICE,
        &[
            "Keep what is there: `aws iam get-role --role-name {name} --query Role.AssumeRolePolicyDocument > trust.json`.",
            "Who entered it: the records of `AssumeRole`, `AssumeRoleWithSAML` and `AssumeRoleWithWebIdentity` for the role in the logs. Ask the role's owner who else must.",
            "Write a trust policy that names those roles or accounts. For everybody of an organization add a condition on `aws:PrincipalOrgID`, for a partner on `sts:ExternalId`, for a service on `aws:SourceAccount` or `aws:SourceArn`, for a provider on its `sub` and `aud`.",
            "`aws iam update-assume-role-policy --role-name {name} --policy-document file://new.json`; the kept file takes it back. In the console: IAM > Roles > the role > Trust relationships.",
            "Sessions that exist live on until they end: revoke-sessions ends them.",
        ],
    ),
    row(
        "strengthen-password-policy",
        "Let passwords expire, where a standard asks for it",
        CHOICE,
        &[
            "Count who is hit: `aws iam generate-credential-report`, then `aws iam get-credential-report --query Content --output text | base64 --decode`, the column `password_last_changed`. Older ones expire at once.",
            "Tell these users, and let them change their passwords before.",
            "Keep the present rules: `aws iam get-account-password-policy`. `aws iam update-account-password-policy` sets all rules at once, and whatever is left out goes back to its default: give all of them again, with `--max-password-age 90`. In the console: IAM > Account settings > Password policy > Edit, which keeps the others.",
        ],
    ),
];
