//! Calls about credentials that are no access keys, and about second factors.

use super::Row;

const ASK_THE_USER: &str =
    "Ask {name} by a way that does not lead through AWS whether the credential is theirs.";
const LATER: &str = "In the console: IAM > Users > the user > Security credentials. Delete it when nobody misses it for some weeks; that cannot be taken back.";

pub(super) static ALL: &[Row] = &[
    (
        "iam:UploadSSHPublicKey",
        &[
            ASK_THE_USER,
            "Which there are: `aws iam list-ssh-public-keys --user-name {name}`.",
            "Switch it off: `aws iam update-ssh-public-key --user-name {name} --ssh-public-key-id {response.sSHPublicKey.sSHPublicKeyId} --status Inactive`; `--status Active` takes it back.",
            LATER,
        ],
    ),
    (
        "iam:UpdateSSHPublicKey",
        &[
            ASK_THE_USER,
            "Switch it off: `aws iam update-ssh-public-key --user-name {name} --ssh-public-key-id {request.sSHPublicKeyId} --status Inactive`; `--status Active` takes it back.",
            LATER,
        ],
    ),
    (
        "iam:UploadSigningCertificate",
        &[
            ASK_THE_USER,
            "Which there are: `aws iam list-signing-certificates --user-name {name}`.",
            "Switch it off: `aws iam update-signing-certificate --user-name {name} --certificate-id {response.certificate.certificateId} --status Inactive`; `--status Active` takes it back.",
            LATER,
        ],
    ),
    (
        "iam:UpdateSigningCertificate",
        &[
            ASK_THE_USER,
            "Switch it off: `aws iam update-signing-certificate --user-name {name} --certificate-id {request.certificateId} --status Inactive`; `--status Active` takes it back.",
            LATER,
        ],
    ),
    (
        "iam:CreateServiceSpecificCredential",
        &[
            ASK_THE_USER,
            "Which there are: `aws iam list-service-specific-credentials --user-name {name}`.",
            "Switch it off: `aws iam update-service-specific-credential --user-name {name} --service-specific-credential-id {response.serviceSpecificCredential.serviceSpecificCredentialId} --status Inactive`; `--status Active` takes it back.",
            LATER,
        ],
    ),
    (
        "iam:UpdateServiceSpecificCredential",
        &[
            ASK_THE_USER,
            "Switch it off: `aws iam update-service-specific-credential --user-name {name} --service-specific-credential-id {request.serviceSpecificCredentialId} --status Inactive`; `--status Active` takes it back.",
            LATER,
        ],
    ),
    (
        "iam:ResetServiceSpecificCredential",
        &[
            ASK_THE_USER,
            "Whoever reset it has the new password, and the user's own no longer works. Switch it off: `aws iam update-service-specific-credential --user-name {name} --service-specific-credential-id {request.serviceSpecificCredentialId} --status Inactive`; `--status Active` takes it back.",
            "The user needs it: `aws iam reset-service-specific-credential --user-name {name} --service-specific-credential-id {request.serviceSpecificCredentialId}` makes a new password, which is shown once; then switch it on. In the console: IAM > Users > the user > Security credentials.",
        ],
    ),
    (
        "iam:DeleteVirtualMFADevice",
        &[
            "Whose it was: the record of `DeactivateMFADevice` for {request.serialNumber} before this one names the user; AWS deletes only a device that is no longer anybody's.",
            "Which users have none: `aws iam generate-credential-report`, then `aws iam get-credential-report --query Content --output text | base64 --decode`, the column `mfa_active`.",
            "That user must do nothing without a second factor until there is a new one: the finding about the deactivation has the plan (enable-mfa). By hand: `aws iam put-user-policy --user-name USER --policy-name require-mfa --policy-document file://require-mfa.json`, with a denial of all but the calls that register a device where `aws:MultiFactorAuthPresent` is not true; `aws iam delete-user-policy --user-name USER --policy-name require-mfa` takes it back.",
            "The user registers a new device. In the console: IAM > Users > the user > Security credentials > Assign MFA device.",
            super::LOOK_AT_THE_CALLER,
        ],
    ),
];
