//! What a person does about a call that no plan takes back, by the call.
//!
//! Braces stand for parts of the finding and of its record; see [`super::filled`].
//!
//! Sources: the API references of the services, and the AWS CLI Command Reference (`tests/commands.rs` holds
//! every command against what the AWS SDK for Python knows).

mod compute;
mod credentials;
mod directory;
mod organization;
mod watchers;

/// The steps about a call, such as `organizations:MoveAccount`.
#[must_use]
pub fn for_call(call: &str) -> Option<&'static [&'static str]> {
    all().find(|(name, _)| *name == call).map(|(_, how)| *how)
}

/// All calls, each with its steps.
pub fn all() -> impl Iterator<Item = &'static Row> {
    let iam = ALL.iter().chain(compute::ALL).chain(credentials::ALL);
    iam.chain(directory::ALL).chain(organization::ALL).chain(watchers::ALL)
}

pub(crate) use compute::{END_ITS_SESSIONS, NARROW_THE_PASSER};

/// A call, and what to do about it.
pub type Row = (&'static str, &'static [&'static str]);

/// What to do about who made a call; a denial to older sessions leaves a user's key working.
pub const LOOK_AT_THE_CALLER: &str = "Ask whoever called it, {actor}, what for. Who does not know of it has lost credentials: switch the key off (deactivate-access-key), and end the sessions (revoke-sessions).";

/// The same of a caller whose key the record names.
pub const LOOK_AT_THE_CALLER_BY_KEY: &str = "Ask whoever called it, {actor}, what for. Who does not know of it has lost credentials: switch the key {actor_key} off (deactivate-access-key), and end the sessions (revoke-sessions).";

static ALL: &[Row] = &[
    (
        "iam:AcceptDelegationRequest",
        &[
            "Who asks for what: `aws iam get-delegation-request --delegation-request-id {request.delegationRequestId}`.",
            "As long as no token was sent it can be refused: `aws iam reject-delegation-request --delegation-request-id {request.delegationRequestId}`. That cannot be taken back. In the console: IAM > Temporary delegation requests.",
            "Where a token was sent (`SendDelegationToken` in the logs), the request cannot be refused any more: narrow whoever accepted it, {actor}, for the partner acts with what that identity may do.",
            LOOK_AT_THE_CALLER,
        ],
    ),
    (
        "iam:AssociateDelegationRequest",
        &[
            "Who asks for what: `aws iam get-delegation-request --delegation-request-id {request.delegationRequestId}`.",
            "Refuse it: `aws iam reject-delegation-request --delegation-request-id {request.delegationRequestId}`. That cannot be taken back. In the console: IAM > Temporary delegation requests.",
            LOOK_AT_THE_CALLER,
        ],
    ),
    (
        "iam:SendDelegationToken",
        &[
            "Who got what: `aws iam get-delegation-request --delegation-request-id {request.delegationRequestId}`. It cannot be refused once the token is sent.",
            "Narrow whoever accepted it, {actor}, or end its sessions (revoke-sessions): the partner acts with what that identity may do, until the request's time is over.",
            "Read in the logs what the partner's sessions did, and take back what is not wanted.",
            LOOK_AT_THE_CALLER,
        ],
    ),
    (
        "iam:EnableOutboundWebIdentityFederation",
        &[
            "Who asked for tokens since: `sts:GetWebIdentityToken` in the logs.",
            "Where nobody needs them: `aws iam disable-outbound-web-identity-federation`; `aws iam enable-outbound-web-identity-federation` takes it back. In the console: IAM > Account settings.",
            LOOK_AT_THE_CALLER,
        ],
    ),
    (
        "iam:SetSecurityTokenServicePreferences",
        &[
            "What is set now: `aws iam get-account-summary --query SummaryMap.GlobalEndpointTokenVersion`.",
            "Look first who signs in to the Regions that need the second version: with the first one they cannot.",
            "The default is tokens of the first version, which are valid in the Regions that are on by default: `aws iam set-security-token-service-preferences --global-endpoint-token-version v1Token`. In the console: IAM > Account settings > Security Token Service.",
            LOOK_AT_THE_CALLER,
        ],
    ),
    (
        "iam:EnableMFADevice",
        &[
            "Ask {name} by a way that does not lead through AWS whose device {request.serialNumber} is. All of the user's: `aws iam list-mfa-devices --user-name {name}`.",
            "It is not the user's: `aws iam deactivate-mfa-device --user-name {name} --serial-number {request.serialNumber}`. In the console: IAM > Users > the user > Security credentials > Multi-factor authentication. It cannot be taken back: the device must be registered anew.",
            "A virtual one can be deleted then: `aws iam delete-virtual-mfa-device --serial-number {request.serialNumber}`.",
            "Where it was the only one, policies that ask for a second factor hold the user up until the user registers another one.",
            "Reset the password (reset-console-password) and end the sessions (revoke-sessions).",
        ],
    ),
    ("iam:CreateOpenIDConnectProvider", NEW_PROVIDER),
    ("iam:CreateSAMLProvider", NEW_PROVIDER),
    (
        "iam:AddClientIDToOpenIDConnectProvider",
        &[
            "Ask who runs the provider {arn} whether the audience {request.clientID} is theirs. All audiences: `aws iam get-open-id-connect-provider --open-id-connect-provider-arn {arn}`.",
            "It is not: `aws iam remove-client-id-from-open-id-connect-provider --open-id-connect-provider-arn {arn} --client-id {request.clientID}`; `aws iam add-client-id-to-open-id-connect-provider` with the same parameters takes it back. In the console: IAM > Identity providers > the provider > Audiences.",
            "Read in the logs who came in with it (`AssumeRoleWithWebIdentity`), and end the sessions of those roles (revoke-sessions).",
            LOOK_AT_THE_CALLER,
        ],
    ),
    (
        "iam:UpdateSAMLProvider",
        &[
            "Keep what is there: `aws iam get-saml-provider --saml-provider-arn {request.sAMLProviderArn} --query SAMLMetadataDocument --output text > present.xml`.",
            "Get the metadata from who runs the provider, by another way than the change came, and compare the certificates in both.",
            "They differ: `aws iam update-saml-provider --saml-provider-arn {request.sAMLProviderArn} --saml-metadata-document file://metadata.xml`; the kept file takes it back. In the console: IAM > Identity providers > the provider > Replace metadata.",
            "End the sessions of the roles that trust the provider (revoke-sessions), and read in the logs who came in (`AssumeRoleWithSAML`).",
        ],
    ),
    (
        "kms:DisableKey",
        &[
            "`aws kms enable-key --key-id {request.keyId} --region {region}`; `aws kms disable-key` takes it back. In the console: KMS > Customer managed keys > the key > Enable.",
            "While it was off, log files could not be written or read: look for gaps in the logs of that time.",
            LOOK_AT_THE_CALLER,
        ],
    ),
    (
        "kms:PutKeyPolicy",
        &[
            "Keep what is there: `aws kms get-key-policy --key-id {request.keyId} --region {region} --query Policy --output text > present.json`. The policy of before stands in the record of the last `PutKeyPolicy` or `CreateKey` before this one.",
            "Compare both: who may use or change the key now, and whether CloudTrail (`cloudtrail.amazonaws.com`) may still encrypt with it.",
            "`aws kms put-key-policy --key-id {request.keyId} --region {region} --policy file://before.json`; the kept file takes it back. In the console: KMS > Customer managed keys > the key > Key policy.",
            LOOK_AT_THE_CALLER,
        ],
    ),
    (
        "kms:ScheduleKeyDeletion",
        &[
            "Before the waiting time ends: `aws kms cancel-key-deletion --key-id {request.keyId} --region {region}`. In the console: KMS > Customer managed keys > the key > Cancel key deletion.",
            "It stays off until somebody switches it on: `aws kms enable-key --key-id {request.keyId} --region {region}`.",
            "Read its policy for strangers: `aws kms get-key-policy --key-id {request.keyId} --region {region}`.",
            "Where the time is over, what it encrypted cannot be read any more: find copies (the event history has 90 days), and give the trail another key (`aws cloudtrail update-trail --name TRAIL --kms-key-id KEY`).",
        ],
    ),
    (
        "rolesanywhere:CreateProfile",
        &[
            "Which one it is, and for which roles: `aws rolesanywhere list-profiles --region {region}`, by the name {request.name}.",
            "`aws rolesanywhere disable-profile --profile-id {response.profile.profileId} --region {region}`; `enable-profile` takes it back. In the console: IAM > Roles > Roles Anywhere > Profiles.",
            "End the sessions of its roles (revoke-sessions), and read in the logs who came in by it (`CreateSession`).",
        ],
    ),
    (
        "rolesanywhere:UpdateProfile",
        &[
            "What it says now: `aws rolesanywhere get-profile --profile-id {request.profileId} --region {region}`. What it said before stands in the record of the call before this one.",
            "Put its roles and policies back: `aws rolesanywhere update-profile --profile-id {request.profileId} --role-arns ROLE_ARNS --region {region}`. Until that is clear: `aws rolesanywhere disable-profile --profile-id {request.profileId} --region {region}`; `enable-profile` takes it back. In the console: IAM > Roles > Roles Anywhere > Profiles.",
            "End the sessions of its roles (revoke-sessions).",
        ],
    ),
    (
        "rolesanywhere:ImportCrl",
        &[
            "Which certificates it revokes: `aws rolesanywhere list-crls --region {region}`, by the name {request.name}.",
            "It is not yours: `aws rolesanywhere disable-crl --crl-id {response.crl.crlId} --region {region}`; `enable-crl` takes it back.",
        ],
    ),
    (
        "rolesanywhere:DeleteCrl",
        &[
            "Certificates that it revoked let in again. Get the list anew from who runs the certificate authority.",
            "`aws rolesanywhere import-crl --name NAME --crl-data fileb://crl.pem --trust-anchor-arn TRUST_ANCHOR_ARN --enabled --region {region}`; `delete-crl` takes it back. There is no place for it in the console.",
            "Read in the logs who came in meanwhile (`CreateSession`), and end the sessions of those roles (revoke-sessions).",
        ],
    ),
    (
        "rolesanywhere:CreateTrustAnchor",
        &[
            "Which one it is: `aws rolesanywhere list-trust-anchors --region {region}`, by the name {request.name}.",
            "`aws rolesanywhere disable-trust-anchor --trust-anchor-id {response.trustAnchor.trustAnchorId} --region {region}`; `enable-trust-anchor` takes it back. In the console: IAM > Roles > Roles Anywhere > Trust anchors.",
            "End the sessions of the roles that trust Roles Anywhere (revoke-sessions), and read in the logs who came in by it (`CreateSession`).",
        ],
    ),
    (
        "rolesanywhere:UpdateTrustAnchor",
        &[
            "What it trusts now: `aws rolesanywhere get-trust-anchor --trust-anchor-id {request.trustAnchorId} --region {region}`.",
            "`aws rolesanywhere disable-trust-anchor --trust-anchor-id {request.trustAnchorId} --region {region}`; `enable-trust-anchor` takes it back. In the console: IAM > Roles > Roles Anywhere > Trust anchors.",
            "Where servers of yours need it: get the right certificate from who runs the authority, and put it back with `aws rolesanywhere update-trust-anchor --trust-anchor-id {request.trustAnchorId} --source file://source.json --region {region}` before you switch it on.",
            "End the sessions of the roles that trust Roles Anywhere (revoke-sessions).",
        ],
    ),
    (
        "s3:DeleteBucket",
        &[
            "Make it anew before somebody else takes its name: `aws s3api create-bucket --bucket {request.bucketName} --region {region}`, with `--create-bucket-configuration LocationConstraint=REGION` where it is not us-east-1.",
            "Close it to the public: `aws s3api put-public-access-block --bucket {request.bucketName} --public-access-block-configuration BlockPublicAcls=true,IgnorePublicAcls=true,BlockPublicPolicy=true,RestrictPublicBuckets=true`.",
            "Let CloudTrail write to it: `aws s3api put-bucket-policy --bucket {request.bucketName} --policy file://policy.json`, with the policy that CloudTrail > Trails > the trail asks for.",
            "What was in it is gone: copy the last 90 days from the event history (CloudTrail > Event history).",
            LOOK_AT_THE_CALLER,
        ],
    ),
    ("s3:PutBucketLifecycle", LIFECYCLE),
    ("s3:PutBucketLifecycleConfiguration", LIFECYCLE),
    (
        "s3:PutBucketVersioning",
        &[
            "What is set now: `aws s3api get-bucket-versioning --bucket {request.bucketName}`.",
            "Switch it on: `aws s3api put-bucket-versioning --bucket {request.bucketName} --versioning-configuration Status=Enabled`; `Status=Suspended` takes it back. In the console: S3 > the bucket > Properties > Bucket Versioning.",
            "Logs that were overwritten or deleted meanwhile are gone: copy the last 90 days from the event history (CloudTrail > Event history).",
            LOOK_AT_THE_CALLER,
        ],
    ),
];

const NEW_PROVIDER: &[&str] = &[
    "Which roles it lets in: those of `aws iam list-roles --query 'Roles[].[RoleName,AssumeRolePolicyDocument]'` that name {arn}.",
    "It is not wanted: take it out of their trust policies first, which can be taken back (remove-trust, or `aws iam update-assume-role-policy --role-name ROLE --policy-document file://trust.json`), and end their sessions (revoke-sessions).",
    "Once nobody misses it, delete it: `trailwarden remediate plan` with the finding and `--remediation delete-identity-provider`. That cannot be taken back. In the console: IAM > Identity providers > the provider > Delete.",
    LOOK_AT_THE_CALLER,
];

const LIFECYCLE: &[&str] = &[
    "What is set now: `aws s3api get-bucket-lifecycle-configuration --bucket {request.bucketName} > present.json`. What was set before stands in the record of the last such call before this one, or in another log bucket.",
    "Put the rules of before back: `aws s3api put-bucket-lifecycle-configuration --bucket {request.bucketName} --lifecycle-configuration file://before.json`. Where there were none: `aws s3api delete-bucket-lifecycle --bucket {request.bucketName}`. The kept file takes both back. In the console: S3 > the bucket > Management > Lifecycle rules.",
    "S3 runs rules once a day: logs that were deleted come back from versions only (`aws s3api list-object-versions --bucket {request.bucketName}`), or from the event history (90 days).",
    LOOK_AT_THE_CALLER,
];
