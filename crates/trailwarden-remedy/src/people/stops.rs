//! How a person goes on where a hard stop holds a plan back.

use crate::stops::Stop;

/// The steps after a stop, with parts of the finding in braces; see [`super::filled`].
#[must_use]
pub fn for_stop(stop: Stop) -> &'static [&'static str] {
    match stop {
        Stop::OwnIdentity => OWN,
        Stop::LastAdministrator => LAST_ADMINISTRATOR,
        Stop::BreakGlass => BREAK_GLASS,
        Stop::ServiceLinkedRole => SERVICE_LINKED,
        Stop::IdentityCenterRole => IDENTITY_CENTER,
        Stop::AwsManagedPolicy => AWS_MANAGED,
        Stop::Root => ROOT,
    }
}

/// All of them.
pub fn all() -> impl Iterator<Item = &'static str> {
    let each = [
        OF_A_PERSON,
        OWN,
        LAST_ADMINISTRATOR,
        BREAK_GLASS,
        SERVICE_LINKED,
        IDENTITY_CENTER,
        AWS_MANAGED,
        ROOT,
    ];
    each.into_iter().flatten().copied()
}

/// What comes before the steps about a role of Identity Center, where somebody acted in a session of it.
pub const OF_A_PERSON: &[&str] = &[
    "Ask {session}, who did it in a session of this role, what for. It was meant: no more is to be done.",
    "Nobody knows of it: switch {session} off at the provider of people, so that nobody comes in by it any more, and end the sessions: IAM Identity Center > Users > the user > Active sessions. What was done: `trailwarden investigate --principal {actor} LOGS`. Access is taken away only after that, as it says below.",
];

const PLAN_AGAIN: &str =
    "Make the plan again with a baseline from then (`trailwarden baseline --output FILE`).";

const OWN: &[&str] = &[
    "Who runs this: `aws sts get-caller-identity`.",
    "Give the plan to another administrator, who applies it with credentials of his own: `trailwarden remediate apply PLAN`. An identity that is suspected must not put itself right.",
];

const LAST_ADMINISTRATOR: &[&str] = &[
    "Make sure of another way in before anything is taken away: another user with a password and a second factor, or a role for emergencies that such a user may enter: `aws iam create-role --role-name emergency --assume-role-policy-document '{\"Version\":\"2012-10-17\",\"Statement\":[{\"Effect\":\"Allow\",\"Principal\":{\"AWS\":\"{account}\"},\"Action\":\"sts:AssumeRole\",\"Condition\":{\"Bool\":{\"aws:MultiFactorAuthPresent\":\"true\"}}}]}'` and `aws iam attach-role-policy --role-name emergency --policy-arn arn:aws:iam::aws:policy/AdministratorAccess`.",
    "The role lets in whom a policy allows to enter it: `aws iam put-user-policy --user-name USER --policy-name enter-emergency --policy-document '{\"Version\":\"2012-10-17\",\"Statement\":[{\"Effect\":\"Allow\",\"Action\":\"sts:AssumeRole\",\"Resource\":\"arn:aws:iam::{account}:role/emergency\"}]}'`; `aws iam delete-user-policy --user-name USER --policy-name enter-emergency` takes it back.",
    "Try it: sign in by it, and let it list the users (`aws iam list-users`). The root user and its second factor must be at hand, too.",
    PLAN_AGAIN,
    "Where the account is under attack, do not wait for that: root can do all of this, and the management account can by central root access.",
];

const BREAK_GLASS: &[&str] = &[
    "Ask who keeps it whether it was used on purpose; its own procedure says who may say so.",
    "It was not: give it a new password or key by that procedure, keep them where it says, and end its sessions. In the console: IAM > Users or Roles > the identity > Security credentials, or Revoke sessions.",
    "What was done by it: `trailwarden investigate --principal {name} LOGS`.",
];

const SERVICE_LINKED: &[&str] = &[
    "Which service it belongs to: `aws iam get-role --role-name {name} --query Role.Path` names it.",
    "Nobody uses the service: take its resources away there, then `aws iam delete-service-linked-role --role-name {name}`. IAM refuses as long as the service needs it; the service makes it anew when it is used again.",
    "Somebody may use the service whom you did not mean to: narrow who may call it, not the role.",
];

const IDENTITY_CENTER: &[&str] = &[
    "Which permission set it is: the role's name has it after `AWSReservedSSO_`. In the console: IAM Identity Center > Permission sets.",
    "Give less: change the set's policies there, and let it reach the accounts: `aws sso-admin provision-permission-set --instance-arn INSTANCE --permission-set-arn PERMISSION_SET --target-type ALL_PROVISIONED_ACCOUNTS`.",
    "Take it from somebody: `aws sso-admin delete-account-assignment --instance-arn INSTANCE --target-id {account} --target-type AWS_ACCOUNT --permission-set-arn PERMISSION_SET --principal-type USER --principal-id PRINCIPAL`; `create-account-assignment` takes it back. In the console: IAM Identity Center > AWS accounts > the account.",
    "End sessions of one person at once: IAM Identity Center > Users > the user > Active sessions, and a denial on `aws:TokenIssueTime` before now in the set's inline policy.",
];

const AWS_MANAGED: &[&str] = &[
    "Who holds it: `aws iam list-entities-for-policy --policy-arn {arn}`. In the console: IAM > Policies > the policy > Entities attached.",
    "Of each holder, what it used: `trailwarden least-privilege NAME --logs PATH --baseline FILE` writes a policy of that, with a plan and its undo.",
    "Give that first, then detach the wide one from that holder: `aws iam detach-user-policy --user-name NAME --policy-arn {arn}`, and `detach-group-policy` or `detach-role-policy` likewise; `attach-user-policy` takes it back.",
];

const ROOT: &[&str] = &[
    "Secure the mailbox and the phone number of the root user first: who reads them resets the password.",
    "Sign in as root, from a computer that you trust. In the console: the name at the top right > Security credentials: change the password, remove devices that are not yours, register two security keys or passkeys, deactivate and then delete access keys. Sessions that are open may live on, up to twelve hours: watch what they do.",
    "In a member account: IAM > Root access management, from the management account, deletes root's credentials; `aws sts assume-root --target-principal {account} --task-policy-arn arn=arn:aws:iam::aws:policy/root-task/IAMDeleteRootUserCredentials` is the way of the command line.",
    "What root did: `trailwarden investigate` with the logs, from its first sign-in on. Take back what is not wanted: a new user, role, key, trail setting or payment method stays when root's password changes.",
    "Let root do nothing in member accounts: a service control policy that denies all to `arn:aws:iam::*:root` binds it there, though not in the management account.",
];
