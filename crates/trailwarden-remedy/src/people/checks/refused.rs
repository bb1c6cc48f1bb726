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
            "`aws iam update-access-key --user-name {name} --access-key-id {older_key} --status Inactive`; `--status Active` takes it back. In the console: IAM > Users > the user > Security credentials.",
            "Delete it some weeks later: `aws iam delete-access-key --user-name {name} --access-key-id {older_key}`.",
        ],
    ),
    row(
        "detach-policy",
        "Take away what gives it",
        CHOICE,
        &[
            "Make sure that somebody administers the account afterwards, and can sign in: `aws iam list-entities-for-policy --policy-arn arn:aws:iam::aws:policy/AdministratorAccess` names who holds AWS's own policy for that. The last one is not taken away.",
            "What gives it: `trailwarden can {holder} iam:CreateUser --baseline FILE` names the statements that allow such an action. By hand: `aws iam list-attached-{kind}-policies --{kind}-name {holder}` and `aws iam list-{kind}-policies --{kind}-name {holder}`; of a user, also `aws iam list-groups-for-user --user-name {holder}` and what the groups hold.",
            "A group gives it, and is right for its other members: `aws iam remove-user-from-group --group-name GROUP --user-name {holder}`; `add-user-to-group` takes it back. In the console: IAM > Users > the user > Groups. Where the group gives too much to all, its own finding has a plan or says why not.",
            "Several policies give it together: narrow the one that is needed least, or take it away; `trailwarden least-privilege {holder} --logs PATH --baseline FILE` shows what of each was used, with a plan and its undo.",
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
        "remove-trust",
        "Take out of the trust policy whom the finding names",
        CHOICE,
        &[
            "Keep what is there: `aws iam get-role --role-name {name} --query Role.AssumeRolePolicyDocument > trust.json`.",
            "In a copy, take out whom the finding names; where the role's owner says that they must enter, bind them by a condition instead, such as `sts:ExternalId` or `aws:PrincipalOrgID`. Whoever is not named in it is out already.",
            "`aws iam update-assume-role-policy --role-name {name} --policy-document file://new.json`; the kept file takes it back. In the console: IAM > Roles > the role > Trust relationships.",
            "Sessions that exist live on until they end: revoke-sessions ends them.",
        ],
    ),
    row(
        "revoke-sessions",
        "End a session whose maker is not known",
        CHOICE,
        &[
            "Who made it: `GetFederationToken` or `AssumeRole` in the logs before it, with the session's name {actor}, names the user or role.",
            "Of a user: what the user is denied, the session is denied, too. `aws iam put-user-policy --user-name USER --policy-name end-sessions --policy-document file://end-sessions.json`, with a statement that denies all where `aws:TokenIssueTime` is before now; `aws iam delete-user-policy --user-name USER --policy-name end-sessions` takes it back. Of a role: IAM > Roles > the role > Revoke sessions.",
            "Then switch the key off that it was made with: `aws iam update-access-key --user-name USER --access-key-id KEY --status Inactive`; `--status Active` takes it back. In the console: IAM > Users > the user > Security credentials.",
            "A session that root made ends only with its time, an hour at most: delete root's key (reset-root-credentials).",
            "What was done in the session: `trailwarden investigate --principal {actor} LOGS`. Take back what is not wanted.",
        ],
    ),
    row(
        "rotate-access-key",
        "Make room for a new key",
        CHOICE,
        &[
            "Which keys there are, and when each was made: `aws iam list-access-keys --user-name {name}`. A user has two at most. When each was last used: `aws iam get-access-key-last-used --access-key-id KEY`.",
            "One is inactive, and nobody misses it: `aws iam delete-access-key --user-name {name} --access-key-id INACTIVE_KEY`, which cannot be taken back. Then make the plan again.",
            "Both are active: put the newer one wherever the older one is used, and watch until nothing uses the older one. Then `aws iam update-access-key --user-name {name} --access-key-id OLDER_KEY --status Inactive`; `--status Active` takes it back. In the console: IAM > Users > the user > Security credentials.",
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
