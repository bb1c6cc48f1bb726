//! The closed list of what may be changed, and nothing of it by accident.
//!
//! # Invariants
//! - Only what stands in [`ALL`] can be sent; a [`Write`] cannot be made outside this crate.
//! - [`Connection::change`](crate::Connection::change) is the only way to send one, and only the
//!   executor of plans names this module (`xtask tidy`).
//! - These are the calls that a plan may make, no fewer and no more; each is the inverse of another or
//!   cannot be taken back.
//!
//! Sources: the API references of IAM, CloudTrail and Amazon S3.

#[cfg(test)]
mod tests;

use crate::reads::Service;
use crate::reads::services::{CLOUDTRAIL, IAM, S3};

/// An operation that changes something.
#[derive(Debug)]
pub struct Write {
    api: &'static str,
    pub(crate) service: &'static Service,
    pub(crate) place: Place,
}

/// Where an operation of S3 lies; the other protocols need none.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Place {
    /// The operation's name says it.
    Name,
    /// A part of a bucket; empty for the bucket itself.
    Bucket { method: &'static str, part: &'static str, content: Content },
}

/// What is sent to S3.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Content {
    Nothing,
    /// The text of a parameter, as it is.
    Text(&'static str),
    /// The structure of a parameter, as XML under the parameter's name.
    Structure(&'static str),
}

/// All that may be changed.
pub static ALL: &[Write] = &[
    iam("iam:AddUserToGroup"),
    iam("iam:AttachGroupPolicy"),
    iam("iam:AttachRolePolicy"),
    iam("iam:AttachUserPolicy"),
    iam("iam:CreateAccessKey"),
    iam("iam:CreateLoginProfile"),
    iam("iam:CreatePolicy"),
    iam("iam:CreatePolicyVersion"),
    iam("iam:DeleteAccessKey"),
    iam("iam:DeleteAccountPasswordPolicy"),
    iam("iam:DeleteGroupPolicy"),
    iam("iam:DeleteLoginProfile"),
    iam("iam:DeleteOpenIDConnectProvider"),
    iam("iam:DeletePolicy"),
    iam("iam:DeletePolicyVersion"),
    iam("iam:DeleteRolePermissionsBoundary"),
    iam("iam:DeleteRolePolicy"),
    iam("iam:DeleteSAMLProvider"),
    iam("iam:DeleteUserPermissionsBoundary"),
    iam("iam:DeleteUserPolicy"),
    iam("iam:DetachGroupPolicy"),
    iam("iam:DetachRolePolicy"),
    iam("iam:DetachUserPolicy"),
    iam("iam:PutGroupPolicy"),
    iam("iam:PutRolePermissionsBoundary"),
    iam("iam:PutRolePolicy"),
    iam("iam:PutUserPermissionsBoundary"),
    iam("iam:PutUserPolicy"),
    iam("iam:RemoveUserFromGroup"),
    iam("iam:SetDefaultPolicyVersion"),
    iam("iam:TagRole"),
    iam("iam:TagUser"),
    iam("iam:UntagRole"),
    iam("iam:UntagUser"),
    iam("iam:UpdateAccessKey"),
    iam("iam:UpdateAccountPasswordPolicy"),
    iam("iam:UpdateAssumeRolePolicy"),
    iam("iam:UpdateGroup"),
    iam("iam:UpdateLoginProfile"),
    iam("iam:UpdateUser"),
    trail("cloudtrail:CreateTrail"),
    trail("cloudtrail:DeleteTrail"),
    trail("cloudtrail:PutEventSelectors"),
    trail("cloudtrail:StartLogging"),
    trail("cloudtrail:StopLogging"),
    trail("cloudtrail:UpdateTrail"),
    bucket("s3:CreateBucket", "PUT", "", Content::Structure("CreateBucketConfiguration")),
    bucket("s3:PutBucketPolicy", "PUT", "policy", Content::Text("Policy")),
    bucket("s3:DeleteBucketPolicy", "DELETE", "policy", Content::Nothing),
    bucket(
        "s3:PutPublicAccessBlock",
        "PUT",
        "publicAccessBlock",
        Content::Structure("PublicAccessBlockConfiguration"),
    ),
    bucket("s3:DeletePublicAccessBlock", "DELETE", "publicAccessBlock", Content::Nothing),
];

/// The operation of that name, such as `iam:PutUserPolicy`.
#[must_use]
pub fn find(api: &str) -> Option<&'static Write> {
    ALL.iter().find(|write| write.api == api)
}

impl Write {
    /// The service's prefix in policies, and the operation: `iam:PutUserPolicy`.
    #[must_use]
    pub fn api(&self) -> &'static str {
        self.api
    }

    /// The operation without its service.
    pub(crate) fn operation(&self) -> &'static str {
        self.api.split_once(':').map_or(self.api, |(_, operation)| operation)
    }
}

const fn iam(api: &'static str) -> Write {
    Write { api, service: &IAM, place: Place::Name }
}

const fn trail(api: &'static str) -> Write {
    Write { api, service: &CLOUDTRAIL, place: Place::Name }
}

const fn bucket(
    api: &'static str,
    method: &'static str,
    part: &'static str,
    content: Content,
) -> Write {
    Write { api, service: &S3, place: Place::Bucket { method, part, content } }
}
