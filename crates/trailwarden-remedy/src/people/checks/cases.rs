//! What a person does in a case that a plan cannot settle, by the case.

use super::{ByHand, row};

const NOBODY: &str = "nobody can be that user";
const CHOICE: &str = "a person must decide";

const LOOK_FIRST: &str = "See that it is so: `aws iam get-login-profile --user-name {name}` finds none, and `aws iam list-access-keys --user-name {name}` shows no active one. In the console: IAM > Users > the user > Security credentials.";
const DELETE_IT: &str = "Nobody needs it: keep what it holds (`aws iam list-attached-user-policies --user-name {name}`, `aws iam list-user-policies --user-name {name}`, `aws iam list-groups-for-user --user-name {name}`), take that away, and delete it: `aws iam delete-user --user-name {name}`. That cannot be taken back: a new user of that name is another one.";
const LATER: &str = "It is to be used again: let its owner register a second factor on the day when it gets a password, before it gets any policy. In the console: IAM > Users > the user > Security credentials > Assign MFA device.";

pub(super) static ALL: &[ByHand] = &[
    row(
        "mfa-of-idle-user",
        "Leave or delete a user that nobody can be",
        NOBODY,
        &[LOOK_FIRST, LATER, DELETE_IT],
    ),
    row(
        "mfa-of-idle-administrator",
        "Take full control from a user that nobody can be",
        NOBODY,
        &[
            LOOK_FIRST,
            "Whoever may give it a password or a key becomes an administrator by that: take away what makes it one. `trailwarden can {name} iam:CreateUser --baseline FILE` names the statements, and the finding that it is an administrator or can become one has a plan, or says how.",
            LATER,
            DELETE_IT,
        ],
    ),
    row(
        "full-control-by-group",
        "Take a user out of a group that gives full control",
        CHOICE,
        &[
            "Another administrator is left, who can sign in. Ask the user and the owner of the group whether full control is needed.",
            "What was used of it: `trailwarden least-privilege {name} --logs PATH --baseline FILE` writes a policy of that, with a plan and its undo. Give it first.",
            "`aws iam remove-user-from-group --group-name {group} --user-name {name}`; `aws iam add-user-to-group --group-name {group} --user-name {name}` takes it back. In the console: IAM > Users > the user > Groups.",
            "Where the group gives too much to all, its own finding has a plan or says why not.",
            "Look in the logs for calls that are refused now.",
        ],
    ),
    row(
        "access-that-nobody-uses",
        "Take away access that nobody uses",
        CHOICE,
        &[
            "Ask its owner whether that work is still to come. What else was used: `trailwarden least-privilege {name} --logs PATH --baseline FILE` writes a policy of that, with a plan and its undo.",
            "An inline policy gives it: keep its document with `aws iam get-{kind}-policy --{kind}-name {name} --policy-name POLICY --query PolicyDocument > present.json`, and `aws iam put-{kind}-policy --{kind}-name {name} --policy-name POLICY --policy-document file://new.json` without these actions; the same with `file://present.json` takes it back. A group's is written with `get-group-policy` and `put-group-policy`, and counts for all members.",
            "A managed policy gives it: where others need it, take it from this one alone, `aws iam detach-{kind}-policy --{kind}-name {name} --policy-arn POLICY`; `attach-{kind}-policy` takes it back. Nobody needs these actions: `aws iam create-policy-version --policy-arn POLICY --policy-document file://new.json --set-as-default`; `aws iam set-default-policy-version --policy-arn POLICY --version-id VERSION` takes it back. In the console: IAM > Policies > the policy.",
            "Look in the logs for calls that are refused now.",
        ],
    ),
    row(
        "policy-that-nobody-holds",
        "Delete a policy that nobody holds",
        CHOICE,
        &[
            "See that it bounds nobody either: `aws iam list-entities-for-policy --policy-arn {arn} --policy-usage-filter PermissionsBoundary`. In the console: IAM > Policies > the policy > Entities attached.",
            "Ask its owner, and look in templates and pipelines for its name: what attaches it would fail, or make it anew.",
            "Keep its document: `aws iam get-policy-version --policy-arn {arn} --version-id {version} --query PolicyVersion.Document > policy.json`.",
            "Delete its other versions, `aws iam list-policy-versions --policy-arn {arn}` names them: `aws iam delete-policy-version --policy-arn {arn} --version-id OTHER_VERSION`. Then `aws iam delete-policy --policy-arn {arn}`. `aws iam create-policy --policy-name {name} --policy-document file://policy.json` makes it anew, with its path and tags to be given again.",
            "Or keep it, and write a narrower default version: `aws iam create-policy-version --policy-arn {arn} --policy-document file://new.json --set-as-default`; `aws iam set-default-policy-version --policy-arn {arn} --version-id {version}` takes it back.",
        ],
    ),
];
