//! The words for each call, with `{Parameter}` where a value stands.

use super::super::Step;
use super::holds::{
    any, asks_for_password, closes, denies_by_boundary, ends_sessions, follows_maker,
    gives_password, is_of_logs, is_off, is_on, makes_default, may_change, moves, needs_mfa,
    quarantines, renames, selects_all,
};

/// Words for a call.
pub(super) struct Row {
    pub(super) operation: &'static str,
    pub(super) words: &'static str,
    /// Whether the parameters bear the words out.
    pub(super) holds: fn(&Step) -> bool,
    /// Whether they are ours for any plan.
    pub(super) is_plain: bool,
    /// Whether all that is set is told behind them.
    pub(super) tells_all: bool,
}

/// The rows of an operation.
pub(super) fn of(operation: &str) -> impl Iterator<Item = &'static Row> + Clone + '_ {
    ROWS.iter().filter(move |row| row.operation.eq(operation))
}

const fn row(operation: &'static str, words: &'static str, holds: fn(&Step) -> bool) -> Row {
    Row { operation, words, holds, is_plain: false, tells_all: false }
}

const fn plain(operation: &'static str, words: &'static str) -> Row {
    Row { is_plain: true, ..row(operation, words, any) }
}

const fn if_so(operation: &'static str, words: &'static str, holds: fn(&Step) -> bool) -> Row {
    Row { is_plain: true, ..row(operation, words, holds) }
}

const fn also(operation: &'static str, words: &'static str) -> Row {
    row(operation, words, any)
}

/// With all that is set.
const fn set(row: Row) -> Row {
    Row { tells_all: true, ..row }
}

const PUT: &str = "write the inline policy {PolicyName} of {Holder}";
const NARROW: &str = "narrow the inline policy {PolicyName} of {Holder}";
const BACK: &str = "put the inline policy {PolicyName} of {Holder} back";
const REMOVE: &str = "delete the inline policy {PolicyName} of {Holder}";
const QUARANTINE: &str = "deny everything to {Holder}";
const REVOKE: &str = "end the sessions of {Holder}";
const ATTACH: &str = "attach {PolicyArn} to {Holder}";
const AGAIN: &str = "attach {PolicyArn} to {Holder} again";
const MADE: &str = "attach {PolicyArn>} to {Holder}";
const DETACH: &str = "detach {PolicyArn} from {Holder}";
const BOUND: &str = "set the boundary of {Holder} to {PermissionsBoundary}";
const BOUND_BACK: &str = "put the boundary of {Holder} back";
const BOUND_EARLIER: &str = "put the earlier boundary of {Holder} back";
const DENY: &str = "deny everything to {Holder} by its boundary";
const UNBOUND: &str = "take the boundary of {Holder} away";
const TAG: &str = "give the tag {Tags/0/Key} of {Holder} its value back";
const TAGGED: &str = "set the tag {Tags/0/Key} of {Holder}";
const UNTAG: &str = "take the tag {TagKeys/0} of {Holder} away";

static ROWS: &[Row] = &[
    plain("PutUserPolicy", PUT),
    also("PutUserPolicy", NARROW),
    also("PutUserPolicy", BACK),
    row("PutUserPolicy", QUARANTINE, quarantines),
    row("PutUserPolicy", REVOKE, ends_sessions),
    row("PutUserPolicy", "deny all without MFA to {UserName}", needs_mfa),
    plain("PutGroupPolicy", PUT),
    also("PutGroupPolicy", NARROW),
    also("PutGroupPolicy", BACK),
    row("PutGroupPolicy", QUARANTINE, quarantines),
    plain("PutRolePolicy", PUT),
    also("PutRolePolicy", NARROW),
    also("PutRolePolicy", BACK),
    row("PutRolePolicy", QUARANTINE, quarantines),
    row("PutRolePolicy", REVOKE, ends_sessions),
    plain("DeleteUserPolicy", REMOVE),
    plain("DeleteGroupPolicy", REMOVE),
    plain("DeleteRolePolicy", REMOVE),
    plain("AttachUserPolicy", ATTACH),
    also("AttachUserPolicy", AGAIN),
    also("AttachUserPolicy", MADE),
    row("AttachUserPolicy", "let {UserName} change the own password", may_change),
    plain("AttachGroupPolicy", ATTACH),
    also("AttachGroupPolicy", AGAIN),
    also("AttachGroupPolicy", MADE),
    plain("AttachRolePolicy", ATTACH),
    also("AttachRolePolicy", AGAIN),
    also("AttachRolePolicy", MADE),
    plain("DetachUserPolicy", DETACH),
    plain("DetachGroupPolicy", DETACH),
    plain("DetachRolePolicy", DETACH),
    plain("CreatePolicy", "make the policy {PolicyName}"),
    plain("DeletePolicy", "delete the policy {PolicyArn}"),
    if_so(
        "CreatePolicyVersion",
        "make a new version of {PolicyArn}, which is in force at once",
        makes_default,
    ),
    plain("CreatePolicyVersion", "make a new version of {PolicyArn}"),
    row("CreatePolicyVersion", "make a narrower version of {PolicyArn}", |it| !makes_default(it)),
    plain("SetDefaultPolicyVersion", "make {VersionId} the default of {PolicyArn}"),
    also("SetDefaultPolicyVersion", "make {VersionId} the default of {PolicyArn} again"),
    row("SetDefaultPolicyVersion", "make it the default of {PolicyArn}", follows_maker),
    plain("DeletePolicyVersion", "delete the version {VersionId} of {PolicyArn}"),
    also("DeletePolicyVersion", "make room: delete {VersionId}, the oldest version of {PolicyArn}"),
    if_so("PutUserPermissionsBoundary", DENY, denies_by_boundary),
    if_so("PutRolePermissionsBoundary", DENY, denies_by_boundary),
    plain("PutUserPermissionsBoundary", BOUND),
    plain("PutRolePermissionsBoundary", BOUND),
    set(also("PutUserPermissionsBoundary", BOUND_BACK)),
    set(also("PutRolePermissionsBoundary", BOUND_BACK)),
    set(also("PutUserPermissionsBoundary", BOUND_EARLIER)),
    set(also("PutRolePermissionsBoundary", BOUND_EARLIER)),
    plain("DeleteUserPermissionsBoundary", UNBOUND),
    plain("DeleteRolePermissionsBoundary", UNBOUND),
    plain("UpdateAssumeRolePolicy", "change the trust policy of {RoleName}"),
    plain("AddUserToGroup", "put {UserName} into the group {GroupName}"),
    also("AddUserToGroup", "put {UserName} into the group {GroupName} again"),
    plain("RemoveUserFromGroup", "take {UserName} out of the group {GroupName}"),
    plain("CreateAccessKey", "make an access key for {UserName}"),
    also("CreateAccessKey", "make a second access key for {UserName}"),
    if_so("UpdateAccessKey", "switch the access key {AccessKeyId} of {UserName} off", is_off),
    if_so("UpdateAccessKey", "switch the access key {AccessKeyId} of {UserName} on", is_on),
    plain("DeleteAccessKey", "delete the access key {AccessKeyId} of {UserName}"),
    plain("CreateLoginProfile", "give {UserName} a console password"),
    plain("DeleteLoginProfile", "delete the console password of {UserName}"),
    if_so(
        "UpdateLoginProfile",
        "set a new console password for {UserName}, to be changed at the next sign-in",
        gives_password,
    ),
    if_so(
        "UpdateLoginProfile",
        "have {UserName} set another console password at the next sign-in",
        asks_for_password,
    ),
    set(plain("UpdateLoginProfile", "change the console password of {UserName}")),
    set(plain("UpdateAccountPasswordPolicy", "set the password policy")),
    plain("DeleteAccountPasswordPolicy", "delete the password policy, so that AWS's own counts"),
    set(if_so("UpdateUser", "rename {UserName} to {NewUserName}", renames)),
    row("UpdateUser", "move {UserName} back to its path", moves),
    set(plain("UpdateUser", "change the name or the path of the user {UserName}")),
    set(if_so("UpdateGroup", "rename {GroupName} to {NewGroupName}", renames)),
    row("UpdateGroup", "move {GroupName} back to its path", moves),
    set(plain("UpdateGroup", "change the name or the path of the group {GroupName}")),
    set(plain("TagUser", TAGGED)),
    set(also("TagUser", TAG)),
    plain("UntagUser", UNTAG),
    set(plain("TagRole", TAGGED)),
    set(also("TagRole", TAG)),
    plain("UntagRole", UNTAG),
    plain("DeleteOpenIDConnectProvider", "delete the provider {OpenIDConnectProviderArn}"),
    plain("DeleteSAMLProvider", "delete the provider {SAMLProviderArn}"),
    set(plain("CreateTrail", "make the trail {Name}")),
    set(also("CreateTrail", "make the trail {Name} again")),
    plain("DeleteTrail", "DELETE the trail {Name}, which records nothing any more"),
    plain("StartLogging", "start the trail {Name}"),
    plain("StopLogging", "STOP the trail {Name}, which records nothing any more"),
    set(plain("UpdateTrail", "change the settings of the trail {Name}")),
    set(also("UpdateTrail", "correct the settings of the trail {Name}")),
    set(plain("PutEventSelectors", "set what the trail {TrailName} records")),
    row("PutEventSelectors", "select management events in the trail {TrailName}", selects_all),
    plain("CreateBucket", "make the bucket {Bucket}"),
    plain("PutBucketPolicy", "set the policy of the bucket {Bucket}"),
    also("PutBucketPolicy", "put the policy of {Bucket} back"),
    row("PutBucketPolicy", "let CloudTrail write to {Bucket}", is_of_logs),
    plain("DeleteBucketPolicy", "delete the policy of the bucket {Bucket}"),
    also("DeleteBucketPolicy", "delete the policy of {Bucket}, which had none before"),
    set(plain("PutPublicAccessBlock", "set what is blocked of public access to {Bucket}")),
    row("PutPublicAccessBlock", "close {Bucket} to the public", closes),
    plain("DeletePublicAccessBlock", "block no public access to {Bucket} any more"),
];

/// All of them, for the tests.
#[cfg(test)]
pub(super) fn all() -> &'static [Row] {
    ROWS
}
