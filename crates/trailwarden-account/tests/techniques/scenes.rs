//! For each technique that is no carrier, an account in which it works.

use serde_json::{Value, json};

use crate::kit::{ADMIN, Stage, allow, arn, document, statement, trust, trust_account};

/// Where the edge must lead.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum To {
    Admin,
    Identity(&'static str),
    Service(&'static str),
}

/// An account without what makes the technique work, and what that is.
pub(crate) struct Scene {
    pub(crate) id: &'static str,
    /// `user/mallory` or `role/mallory`.
    pub(crate) actor: &'static str,
    pub(crate) build: fn(&mut Stage),
    pub(crate) grants: &'static [(&'static str, &'static str)],
    pub(crate) to: To,
    /// Whether the actor has a boundary already.
    pub(crate) is_bounded: bool,
    pub(crate) is_certain: bool,
}

const fn scene(
    id: &'static str,
    actor: &'static str,
    build: fn(&mut Stage),
    grants: &'static [(&'static str, &'static str)],
    to: To,
) -> Scene {
    Scene { id, actor, build, grants, to, is_bounded: false, is_certain: true }
}

const fn bounded(scene: Scene) -> Scene {
    Scene { is_bounded: true, ..scene }
}

const fn unsure(scene: Scene) -> Scene {
    Scene { is_certain: false, ..scene }
}

const USER: &str = "user/mallory";
const ROLE: &str = "role/mallory";
const ALICE: To = To::Identity("user/alice");
const POWER: To = To::Identity("role/power");

fn nothing(_: &mut Stage) {}

fn alice(stage: &mut Stage) {
    stage.user("alice");
}

fn key(stage: &mut Stage, id: &str, status: &str) {
    let reply = json!({"accessKey": {"userName": "alice", "accessKeyId": id, "status": "Active"}});
    stage.call("iam", "CreateAccessKey", json!({"userName": "alice"}), reply);
    if status != "Active" {
        let request = json!({"userName": "alice", "accessKeyId": id, "status": status});
        stage.iam("UpdateAccessKey", request);
    }
}

fn alice_with_keys(stage: &mut Stage) {
    alice(stage);
    key(stage, "AKIAONE", "Active");
    key(stage, "AKIATWO", "Active");
}

fn alice_with_sleeping_key(stage: &mut Stage) {
    alice(stage);
    key(stage, "AKIAONE", "Inactive");
}

fn alice_with_password(stage: &mut Stage) {
    alice(stage);
    stage.iam("CreateLoginProfile", json!({"userName": "alice"}));
}

fn alice_with_mfa(stage: &mut Stage) {
    alice_with_password(stage);
    let request = json!({"userName": "alice", "serialNumber": arn("mfa/alice")});
    stage.iam("EnableMFADevice", request);
}

fn alice_with_code(stage: &mut Stage) {
    alice(stage);
    stage.inline("user/alice", "code", &allow(&["codecommit:GitPush"], "*"));
    let reply = json!({"serviceSpecificCredential": {"serviceName": "codecommit.amazonaws.com",
        "serviceSpecificCredentialId": "ACCAONE", "userName": "alice", "status": "Active"}});
    let request = json!({"userName": "alice", "serviceName": "codecommit.amazonaws.com"});
    stage.call("iam", "CreateServiceSpecificCredential", request, reply);
}

fn own_policy(stage: &mut Stage) {
    stage.policy("mine", &allow(&["s3:GetObject"], "*"));
    stage.attach(USER, &arn("policy/mine"));
}

fn own_policy_full(stage: &mut Stage) {
    own_policy(stage);
    for version in ["v2", "v3", "v4", "v5"] {
        stage.version("mine", &allow(&["s3:GetObject"], "*"), version, false);
    }
}

fn own_policy_once_strong(stage: &mut Stage) {
    stage.policy("mine", &allow(&["*"], "*"));
    stage.version("mine", &allow(&["s3:GetObject"], "*"), "v2", true);
    stage.attach(USER, &arn("policy/mine"));
}

fn member(stage: &mut Stage) {
    stage.group("crew");
    stage.join("mallory", "crew");
}

fn strong_group(stage: &mut Stage) {
    stage.group("crew");
    stage.attach("group/crew", ADMIN);
}

fn worker(stage: &mut Stage) {
    stage.role("worker", &trust_account(crate::kit::ACCOUNT));
}

fn closed_worker(stage: &mut Stage) {
    stage.role("worker", &trust(&json!({"Service": "states.amazonaws.com"})));
}

fn with_policy(stage: &mut Stage) {
    stage.policy("mine", &allow(&["s3:GetObject"], "*"));
    stage.attach("role/worker", &arn("policy/mine"));
}

fn worker_with_policy(stage: &mut Stage) {
    worker(stage);
    with_policy(stage);
}

fn closed_worker_with_policy(stage: &mut Stage) {
    closed_worker(stage);
    with_policy(stage);
}

fn bounded_worker(stage: &mut Stage) {
    worker(stage);
    stage.attach("role/worker", ADMIN);
    stage.policy("cap", &allow(&["s3:*"], "*"));
    stage.bound("role/worker", "cap");
}

fn power(stage: &mut Stage, trust: &Value) {
    stage.role("power", trust);
    stage.attach("role/power", ADMIN);
}

fn open_power(stage: &mut Stage) {
    power(stage, &trust_account(crate::kit::ACCOUNT));
}

fn closed_power(stage: &mut Stage) {
    power(stage, &trust(&json!({"Service": "states.amazonaws.com"})));
}

fn federated(stage: &mut Stage, action: &str, provider: &str) {
    let statement = json!({"Effect": "Allow", "Action": action,
        "Principal": {"Federated": arn(provider)}});
    power(stage, &document(vec![statement]));
}

fn missing_saml(stage: &mut Stage) {
    federated(stage, "sts:AssumeRoleWithSAML", "saml-provider/idp");
}

fn saml(stage: &mut Stage) {
    missing_saml(stage);
    let reply = json!({"sAMLProviderArn": arn("saml-provider/idp")});
    let request = json!({"name": "idp", "sAMLMetadataDocument": "<x/>"});
    stage.call("iam", "CreateSAMLProvider", request, reply);
}

fn oidc(stage: &mut Stage) {
    let reply = json!({"openIDConnectProviderArn": arn("oidc-provider/ci.example.com")});
    let request = json!({"url": "https://ci.example.com", "clientIDList": ["sts.amazonaws.com"]});
    stage.call("iam", "CreateOpenIDConnectProvider", request, reply);
    federated(stage, "sts:AssumeRoleWithWebIdentity", "oidc-provider/ci.example.com");
}

/// All actions but the one that the technique needs, so that it alone makes the difference.
fn strong_but(stage: &mut Stage, actor: &str, action: &str) {
    let all_but = json!({"Effect": "Allow", "NotAction": [action], "Resource": "*"});
    stage.inline(actor, "strong", &document(vec![all_but]));
}

/// What keeps an administrator from being one.
fn deny() -> Value {
    document(vec![statement("Deny", &["iam:Attach*", "iam:Put*", "iam:Create*"], "*")])
}

fn denied_inline(stage: &mut Stage) {
    strong_but(stage, USER, "iam:DeleteUserPolicy");
    stage.inline(USER, "brake", &deny());
}

fn role_denied_inline(stage: &mut Stage) {
    strong_but(stage, ROLE, "iam:DeleteRolePolicy");
    stage.inline(ROLE, "brake", &deny());
}

fn denied_managed(stage: &mut Stage) {
    strong_but(stage, USER, "iam:DetachUserPolicy");
    stage.policy("brake", &deny());
    stage.attach(USER, &arn("policy/brake"));
}

fn role_denied_managed(stage: &mut Stage) {
    strong_but(stage, ROLE, "iam:DetachRolePolicy");
    stage.policy("brake", &deny());
    stage.attach(ROLE, &arn("policy/brake"));
}

fn denied_by_group(stage: &mut Stage, action: &str) {
    strong_but(stage, USER, action);
    member(stage);
    stage.inline("group/crew", "brake", &deny());
}

fn denied_by_group_inline(stage: &mut Stage) {
    denied_by_group(stage, "iam:DeleteGroupPolicy");
}

fn denied_in_group(stage: &mut Stage) {
    denied_by_group(stage, "iam:RemoveUserFromGroup");
}

fn denied_by_group_managed(stage: &mut Stage) {
    strong_but(stage, USER, "iam:DetachGroupPolicy");
    member(stage);
    stage.policy("brake", &deny());
    stage.attach("group/crew", &arn("policy/brake"));
}

fn cap(stage: &mut Stage, actor: &str, action: &str) {
    strong_but(stage, actor, action);
    stage.policy("cap", &allow(&["s3:*", action], "*"));
    stage.bound(actor, "cap");
}

fn cap_to_delete(stage: &mut Stage) {
    cap(stage, USER, "iam:DeleteUserPermissionsBoundary");
}

fn cap_to_put(stage: &mut Stage) {
    cap(stage, USER, "iam:PutUserPermissionsBoundary");
}

fn role_cap_to_delete(stage: &mut Stage) {
    cap(stage, ROLE, "iam:DeleteRolePermissionsBoundary");
}

fn role_cap_to_put(stage: &mut Stage) {
    cap(stage, ROLE, "iam:PutRolePermissionsBoundary");
}

fn if_tagged(stage: &mut Stage, actor: &str) {
    let statement = json!({"Effect": "Allow", "Action": "*", "Resource": "*",
        "Condition": {"StringEquals": {"aws:PrincipalTag/team": "ops"}}});
    stage.inline(actor, "tagged", &document(vec![statement]));
}

fn user_if_tagged(stage: &mut Stage) {
    if_tagged(stage, USER);
}

fn role_if_tagged(stage: &mut Stage) {
    if_tagged(stage, ROLE);
}

fn if_mfa(stage: &mut Stage) {
    let statement = json!({"Effect": "Allow", "Action": "*", "Resource": "*",
        "Condition": {"Bool": {"aws:MultiFactorAuthPresent": "true"}}});
    stage.inline(USER, "mfa", &document(vec![statement]));
}

fn denied_by_name(stage: &mut Stage) {
    let deny = json!({"Effect": "Deny", "Action": ["iam:Attach*", "iam:Put*", "iam:Create*"],
        "Resource": "*", "Condition": {"ArnEquals": {"aws:PrincipalArn": arn(USER)}}});
    strong_but(stage, USER, "iam:UpdateUser");
    stage.inline(USER, "brake", &document(vec![deny]));
}

fn permission_set(stage: &mut Stage) {
    let set = "arn:aws:sso:::permissionSet/ssoins-1/ps-1";
    let reply = json!({"permissionSet": {"permissionSetArn": set}});
    stage.call("sso", "CreatePermissionSet", json!({"name": "Crew"}), reply);
    let request = json!({"permissionSetArn": set, "principalType": "GROUP", "principalId": "g-1",
        "targetId": crate::kit::ACCOUNT, "targetType": "AWS_ACCOUNT"});
    stage.call("sso", "CreateAccountAssignment", request, Value::Null);
}

pub(crate) static SCENES: &[Scene] = &[
    scene("iam-001", USER, own_policy, &[("iam:CreatePolicyVersion", "policy/mine")], To::Admin),
    scene("iam-002", USER, alice, &[("iam:CreateAccessKey", "user/alice")], ALICE),
    scene(
        "iam-003",
        USER,
        alice_with_keys,
        &[("iam:CreateAccessKey", "user/alice"), ("iam:DeleteAccessKey", "user/alice")],
        ALICE,
    ),
    scene("iam-004", USER, alice, &[("iam:CreateLoginProfile", "user/alice")], ALICE),
    scene("iam-005", ROLE, nothing, &[("iam:PutRolePolicy", "role/mallory")], To::Admin),
    scene("iam-006", USER, alice_with_password, &[("iam:UpdateLoginProfile", "user/alice")], ALICE),
    scene("iam-007", USER, nothing, &[("iam:PutUserPolicy", "user/mallory")], To::Admin),
    scene("iam-008", USER, nothing, &[("iam:AttachUserPolicy", "user/mallory")], To::Admin),
    scene("iam-009", ROLE, nothing, &[("iam:AttachRolePolicy", "role/mallory")], To::Admin),
    scene("iam-010", USER, member, &[("iam:AttachGroupPolicy", "group/crew")], To::Admin),
    scene("iam-011", USER, member, &[("iam:PutGroupPolicy", "group/crew")], To::Admin),
    scene("iam-012", USER, closed_power, &[("iam:UpdateAssumeRolePolicy", "role/power")], POWER),
    scene("iam-013", USER, strong_group, &[("iam:AddUserToGroup", "group/crew")], To::Admin),
    scene(
        "iam-014",
        USER,
        worker,
        &[("iam:AttachRolePolicy", "role/worker"), ("sts:AssumeRole", "role/worker")],
        To::Admin,
    ),
    scene(
        "iam-015",
        USER,
        alice,
        &[("iam:AttachUserPolicy", "user/alice"), ("iam:CreateAccessKey", "user/alice")],
        To::Admin,
    ),
    scene(
        "iam-016",
        USER,
        worker_with_policy,
        &[("iam:CreatePolicyVersion", "policy/mine"), ("sts:AssumeRole", "role/worker")],
        To::Admin,
    ),
    scene(
        "iam-017",
        USER,
        worker,
        &[("iam:PutRolePolicy", "role/worker"), ("sts:AssumeRole", "role/worker")],
        To::Admin,
    ),
    scene(
        "iam-018",
        USER,
        alice,
        &[("iam:PutUserPolicy", "user/alice"), ("iam:CreateAccessKey", "user/alice")],
        To::Admin,
    ),
    scene(
        "iam-019",
        USER,
        closed_worker,
        &[("iam:AttachRolePolicy", "role/worker"), ("iam:UpdateAssumeRolePolicy", "role/worker")],
        To::Admin,
    ),
    scene(
        "iam-020",
        USER,
        closed_worker_with_policy,
        &[
            ("iam:CreatePolicyVersion", "policy/mine"),
            ("iam:UpdateAssumeRolePolicy", "role/worker"),
        ],
        To::Admin,
    ),
    scene(
        "iam-021",
        USER,
        closed_worker,
        &[("iam:PutRolePolicy", "role/worker"), ("iam:UpdateAssumeRolePolicy", "role/worker")],
        To::Admin,
    ),
    scene("sts-001", USER, open_power, &[("sts:AssumeRole", "role/power")], POWER),
    unsure(scene(
        "x-iam-01",
        USER,
        oidc,
        &[("iam:AddClientIDToOpenIDConnectProvider", "oidc-provider/ci.example.com")],
        POWER,
    )),
    scene(
        "x-iam-03",
        USER,
        own_policy_full,
        &[("iam:CreatePolicyVersion", "policy/mine"), ("iam:DeletePolicyVersion", "policy/mine")],
        To::Admin,
    ),
    unsure(scene(
        "x-iam-04",
        USER,
        missing_saml,
        &[("iam:CreateSAMLProvider", "saml-provider/idp")],
        POWER,
    )),
    unsure(scene(
        "x-iam-05",
        USER,
        alice_with_code,
        &[("iam:CreateServiceSpecificCredential", "user/alice")],
        To::Service("codecommit.amazonaws.com"),
    )),
    scene(
        "x-iam-06",
        USER,
        if_mfa,
        &[("iam:CreateVirtualMFADevice", "mfa/*"), ("iam:EnableMFADevice", "user/mallory")],
        To::Admin,
    ),
    unsure(scene(
        "x-iam-07",
        USER,
        alice_with_mfa,
        &[("iam:DeactivateMFADevice", "user/alice")],
        ALICE,
    )),
    scene(
        "x-iam-08",
        USER,
        denied_by_group_inline,
        &[("iam:DeleteGroupPolicy", "group/crew")],
        To::Admin,
    ),
    bounded(scene(
        "x-iam-09",
        ROLE,
        role_cap_to_delete,
        &[("iam:DeleteRolePermissionsBoundary", "role/mallory")],
        To::Admin,
    )),
    scene(
        "x-iam-10",
        USER,
        bounded_worker,
        &[("iam:DeleteRolePermissionsBoundary", "role/worker"), ("sts:AssumeRole", "role/worker")],
        To::Admin,
    ),
    scene(
        "x-iam-11",
        ROLE,
        role_denied_inline,
        &[("iam:DeleteRolePolicy", "role/mallory")],
        To::Admin,
    ),
    bounded(scene(
        "x-iam-12",
        USER,
        cap_to_delete,
        &[("iam:DeleteUserPermissionsBoundary", "user/mallory")],
        To::Admin,
    )),
    scene("x-iam-13", USER, denied_inline, &[("iam:DeleteUserPolicy", "user/mallory")], To::Admin),
    scene(
        "x-iam-14",
        USER,
        denied_by_group_managed,
        &[("iam:DetachGroupPolicy", "group/crew")],
        To::Admin,
    ),
    scene(
        "x-iam-15",
        ROLE,
        role_denied_managed,
        &[("iam:DetachRolePolicy", "role/mallory")],
        To::Admin,
    ),
    scene("x-iam-16", USER, denied_managed, &[("iam:DetachUserPolicy", "user/mallory")], To::Admin),
    bounded(scene(
        "x-iam-18",
        ROLE,
        role_cap_to_put,
        &[("iam:PutRolePermissionsBoundary", "role/mallory")],
        To::Admin,
    )),
    bounded(scene(
        "x-iam-19",
        USER,
        cap_to_put,
        &[("iam:PutUserPermissionsBoundary", "user/mallory")],
        To::Admin,
    )),
    scene(
        "x-iam-20",
        USER,
        denied_in_group,
        &[("iam:RemoveUserFromGroup", "group/crew")],
        To::Admin,
    ),
    unsure(scene(
        "x-iam-21",
        USER,
        alice_with_code,
        &[("iam:ResetServiceSpecificCredential", "user/alice")],
        To::Service("codecommit.amazonaws.com"),
    )),
    scene(
        "x-iam-22",
        USER,
        own_policy_once_strong,
        &[("iam:SetDefaultPolicyVersion", "policy/mine")],
        To::Admin,
    ),
    scene("x-iam-23", ROLE, role_if_tagged, &[("iam:TagRole", "role/mallory")], To::Admin),
    scene("x-iam-24", USER, user_if_tagged, &[("iam:TagUser", "user/mallory")], To::Admin),
    unsure(scene(
        "x-iam-25",
        USER,
        alice_with_sleeping_key,
        &[("iam:UpdateAccessKey", "user/alice")],
        ALICE,
    )),
    unsure(scene(
        "x-iam-27",
        USER,
        oidc,
        &[("iam:UpdateOpenIDConnectProviderThumbprint", "oidc-provider/ci.example.com")],
        POWER,
    )),
    scene("x-iam-28", USER, saml, &[("iam:UpdateSAMLProvider", "saml-provider/idp")], POWER),
    scene("x-iam-29", USER, denied_by_name, &[("iam:UpdateUser", "user/*")], To::Admin),
    unsure(scene(
        "x-iam-30",
        USER,
        alice_with_code,
        &[("iam:UploadSSHPublicKey", "user/alice")],
        To::Service("codecommit.amazonaws.com"),
    )),
    unsure(scene(
        "x-iam-31",
        USER,
        alice_with_code,
        &[("iam:UploadSigningCertificate", "user/alice")],
        To::Service("x509"),
    )),
    unsure(scene(
        "x-sso-01",
        USER,
        permission_set,
        &[("sso:AttachManagedPolicyToPermissionSet", "*")],
        To::Admin,
    )),
    unsure(scene(
        "x-sso-03",
        USER,
        permission_set,
        &[("sso:PutInlinePolicyToPermissionSet", "*")],
        To::Admin,
    )),
];
