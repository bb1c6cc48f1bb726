//! The root user: what was found about it is a habit far more often than a theft.

use super::{ByHand, row};

const ROOT: &str = "only who holds the root user's credentials can do it";

const CENTRALLY: &str = "A member account needs no root credentials at all: in the management account, IAM > Root access management > the account > Delete root user credentials. Allow password recovery gives them back.";

pub(super) static ALL: &[ByHand] = &[
    row(
        "root-used-lately",
        "Ask who used the root user, and for what",
        "who it was, and whether it was meant, is not in AWS",
        &[
            "Ask everybody who can get at the root user's mailbox, password or device who it was, and for what. The finding says when it was used, and by which credential. What was done: `trailwarden investigate` with the logs of that day; `aws cloudtrail lookup-events --lookup-attributes AttributeKey=Username,AttributeValue=root --region us-east-1` shows it for 90 days, of each region by itself.",
            "It was meant: give that work a role, for the root user is needed for a few tasks alone (its mailbox and password, closing the account, a bucket policy that locks everybody out). Accept the finding with the reason, and a date on which somebody looks again.",
            "Nobody knows of it: take the root user for stolen, and reset its credentials at once (reset-root-credentials): the mailbox first, then the password, the devices and the keys. In the console: the name at the top right > Security credentials.",
            CENTRALLY,
        ],
    ),
    row(
        "root-without-hardware-mfa",
        "Give the root user security keys",
        ROOT,
        &[
            "Sign in as root. In the console: the name at the top right > Security credentials > Multi-factor authentication (MFA) > Assign MFA device > Passkey or security key. Register two, and keep them in two places. There is no command for it.",
            "Sign out, and sign in as root with each of them.",
            "Only then remove the virtual device, where there is one: Security credentials > Multi-factor authentication (MFA) > the device > Remove. `aws iam list-virtual-mfa-devices --assignment-status Assigned` names it: arn:aws:iam::{account}:mfa/root-account-mfa-device, or another one whose user is `arn:aws:iam::{account}:root`. It cannot be taken back: a device must be registered anew.",
            "The root user has access keys: they work without the second factor. Put a role in their place, and delete them.",
            CENTRALLY,
        ],
    ),
    row(
        "root-without-mfa",
        "Give the root user a second factor",
        ROOT,
        &[
            "Sign in as root. In the console: the name at the top right > Security credentials > Multi-factor authentication (MFA) > Assign MFA device. Register two security keys or passkeys, and keep them in two places. There is no command for it.",
            "Sign out, and sign in as root with each of them. `aws iam get-account-summary --query SummaryMap.AccountMFAEnabled` says 1 then.",
            "The root user has access keys: they work without the second factor. Put a role in their place, and delete them.",
            CENTRALLY,
        ],
    ),
];
