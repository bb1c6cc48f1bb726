"""The identities of the account that both scanners look at: 50 users and 50 roles, in two variants.

`loose` has the flaws that scanners look for, each beside its near miss: the same policy with a condition, a
deny, a boundary, a resource. `tight` has the same identities, and around them what an auditor asks for.

Clients make everything. Only what they cannot make is written into the emulator's memory: ages, and when a
credential was last used.
"""

import datetime
import json
import types

REGION = "us-east-1"
ACCOUNT = "123456789012"
STRANGER = "999988887777"
AWS = "arn:aws:iam::aws:policy/"
USERS = 50
ROLES = 50
# Passwords and codes of people who do not exist.
PASSWORD = "Not-a-password-of-anybody-1"


def statement(action, resource="*", effect="Allow", **more):
    return {"Effect": effect, "Action": action, "Resource": resource, **more}


def document(*statements):
    return json.dumps({"Version": "2012-10-17", "Statement": list(statements)})


def trust(principal, action="sts:AssumeRole", **condition):
    one = {"Effect": "Allow", "Action": action, "Principal": principal}
    if condition:
        one["Condition"] = condition
    return json.dumps({"Version": "2012-10-17", "Statement": [one]})


MFA = {"Bool": {"aws:MultiFactorAuthPresent": "true"}}
OFFICE = {"IpAddress": {"aws:SourceIp": "192.0.2.0/24"}}
ESCALATE = ["iam:PassRole", "lambda:CreateFunction", "lambda:InvokeFunction"]

# Name, statements. Attached by `CARRIERS`; the others stay unattached.
POLICIES = {
    "everything": [statement("*")],
    "everything-spelled": [statement(["*:*"], ["*"])],
    "everything-if-mfa": [statement("*", Condition=MFA)],
    "everything-but-one": [statement("*"), statement("iam:CreateUser", effect="Deny")],
    "everything-denied": [statement("*"), statement("*", effect="Deny")],
    "everything-of-a-bucket": [statement("*", "arn:aws:s3:::data/*")],
    "all-but-nothing": [{"Effect": "Allow", "NotAction": "aws-portal:*", "Resource": "*"}],
    "unused-everything": [statement("*")],
    "unused-reader": [statement("s3:GetObject", "arn:aws:s3:::data/*")],
    "escalate-lambda": [statement(ESCALATE)],
    "escalate-version": [statement("iam:CreatePolicyVersion")],
    "escalate-version-other": [statement("iam:CreatePolicyVersion", f"arn:aws:iam::{ACCOUNT}:policy/none")],
    "escalate-group": [statement("iam:PutGroupPolicy")],
    "escalate-deny-elsewhere": [
        statement("iam:PutGroupPolicy"),
        statement("iam:PutGroupPolicy", f"arn:aws:iam::{ACCOUNT}:group/elsewhere", "Deny"),
    ],
    "escalate-if-mfa": [statement("iam:AttachUserPolicy", Condition=MFA)],
    "escalate-denied": [statement("iam:AttachUserPolicy"), statement("iam:*", effect="Deny")],
    "boundary-reader": [statement("s3:*")],
    "assume-any": [statement("sts:AssumeRole")],
    "assume-some": [statement("sts:AssumeRole", f"arn:aws:iam::{ACCOUNT}:role/service-00")],
    "assume-any-if-office": [statement("sts:AssumeRole", Condition=OFFICE)],
    "kms-all": [statement("kms:*")],
    "kms-all-of-one": [statement("kms:*", f"arn:aws:kms:{REGION}:{ACCOUNT}:key/one")],
    "kms-all-if-office": [statement("kms:*", Condition=OFFICE)],
    "trail-all": [statement("cloudtrail:*")],
    "trail-read": [statement(["cloudtrail:Get*", "cloudtrail:LookupEvents"])],
    "market": [statement("aws-marketplace:Subscribe")],
    "market-star": [statement("aws-marketplace:*")],
    "agents": [statement("iam:PassRole", Condition={"StringEquals": {"iam:PassedToService": "bedrock-agentcore.amazonaws.com"}})],
    "agents-of-one": [statement("iam:PassRole", f"arn:aws:iam::{ACCOUNT}:role/service-00", Condition={"StringEquals": {"iam:PassedToService": "bedrock-agentcore.amazonaws.com"}})],
    "agent-tokens": [statement(["bedrock-agentcore:GetWorkloadAccessToken", "bedrock-agentcore:GetWorkloadAccessTokenForUserId"])],
    "shell-all": [statement("cloudshell:*")],
}  # fmt: skip

# User, what is attached, statements of an inline policy. The emulator has no boundaries of users.
USERS_WITH = [
    ("admin-attached", [AWS + "AdministratorAccess"], None),
    ("admin-attached-mfa", [AWS + "AdministratorAccess"], None),
    ("admin-inline", [], [statement("*")]),
    ("admin-inline-mfa-only", [], [statement("*", Condition=MFA)]),
    ("admin-inline-denied", [], [statement("*"), statement("*", effect="Deny")]),
    ("iam-full", [AWS + "IAMFullAccess"], None),
    ("power", [AWS + "PowerUserAccess"], None),
    ("reader", [AWS + "ReadOnlyAccess"], None),
    ("escalate-inline", [], [statement(ESCALATE)]),
    ("kms-inline", [], [statement("kms:*")]),
    ("trail-inline", [], [statement("cloudtrail:*")]),
    ("market-inline", [], [statement("aws-marketplace:Subscribe")]),
    ("shell", [AWS + "AWSCloudShellFullAccess"], None),
    ("writer-0", ["escalate-group"], None),
    ("writer-1", ["escalate-deny-elsewhere"], None),
    ("console-mfa", ["escalate-if-mfa"], None),
    ("console-hardware", ["escalate-denied"], None),
]
# User, group.
MEMBERS = [
    ("admin-grouped", "admins"),
    ("admin-grouped-mfa", "admins"),
    ("writer-0", "writers"),
    ("writer-1", "writers"),
    ("auditor", "auditors"),
]
# User, days since the password was made, days since it was used (None: never), second factor.
CONSOLE = [
    ("console-mfa", 300, 1, "virtual"),
    ("console-hardware", 300, 1, "hardware"),
    ("console-key-fob", 300, 1, "u2f"),
    ("console-bare", 300, 1, None),
    ("console-idle-50", 300, 50, "virtual"),
    ("console-idle-100", 300, 100, "virtual"),
    ("console-never", 300, None, "virtual"),
    ("console-new", 2, None, None),
    ("admin-attached-mfa", 300, 1, "virtual"),
    ("admin-grouped-mfa", 300, 1, "virtual"),
    ("admin-attached", 300, 1, None),
    ("admin-grouped", 300, 1, None),
]
# User, and for each key: age in days, days since its use (None: never), status.
KEYS = [
    ("key-fresh", [(5, 1, "Active")]),
    ("key-old-used", [(200, 1, "Active")]),
    ("key-old-idle", [(200, 60, "Active")]),
    ("key-old-idle-100", [(200, 100, "Active")]),
    ("key-old-never", [(200, None, "Active")]),
    ("key-new-never", [(5, None, "Active")]),
    ("key-old-inactive", [(200, 150, "Inactive")]),
    ("key-two-active", [(20, 1, "Active"), (10, 1, "Active")]),
    ("key-two-one-inactive", [(200, 100, "Inactive"), (10, 1, "Active")]),
    ("key-two-old-second", [(10, 1, "Active"), (200, 100, "Active")]),
    ("key-made-with-user", [(300, None, "Active")]),
    ("console-bare", [(300, None, "Active")]),
]

CONFUSED = {"StringEquals": {"aws:SourceAccount": ACCOUNT}}
GITHUB = f"arn:aws:iam::{ACCOUNT}:oidc-provider/token.actions.githubusercontent.com"
# Role, trust, what is attached, statements of an inline policy, boundary, path.
ROLES_WITH = [
    ("service-00", trust({"Service": "ec2.amazonaws.com"}), ["assume-some"], None, None, "/"),
    ("service-lambda", trust({"Service": "lambda.amazonaws.com"}), ["kms-all"], None, None, "/"),
    ("service-sns", trust({"Service": "sns.amazonaws.com"}), ["trail-read"], None, None, "/"),
    ("service-sns-sourced", trust({"Service": "sns.amazonaws.com"}, **CONFUSED), [], None, None, "/"),
    ("service-config", trust({"Service": "config.amazonaws.com"}), ["agents-of-one"], None, None, "/"),
    ("service-config-arn", trust({"Service": "config.amazonaws.com"}, ArnLike={"aws:SourceArn": f"arn:aws:config:*:{ACCOUNT}:*"}), [], None, None, "/"),
    ("service-config-any-arn", trust({"Service": "config.amazonaws.com"}, ArnLike={"aws:SourceArn": "arn:aws:config:*:*:*"}), [], None, None, "/"),
    ("service-config-some", trust({"Service": "config.amazonaws.com"}, StringLike={"aws:SourceAccount": "1234*"}), ["market"], None, None, "/"),
    ("service-config-if", trust({"Service": "config.amazonaws.com"}, StringEqualsIfExists={"aws:SourceAccount": ACCOUNT}), ["market-star"], None, None, "/"),
    ("service-config-org", trust({"Service": "config.amazonaws.com"}, StringEquals={"aws:SourceOrgID": "o-abcdefghij"}), ["kms-all-of-one"], None, None, "/"),
    ("service-s3", trust({"Service": "s3.amazonaws.com"}, ArnLike={"aws:SourceArn": "arn:aws:s3:::data"}), ["everything-of-a-bucket"], None, None, "/"),
    ("service-tasks", trust({"Service": "ecs-tasks.amazonaws.com"}), ["kms-all-if-office"], None, None, "/"),
    ("service-two", trust({"Service": ["ec2.amazonaws.com", "ssm.amazonaws.com"]}), ["trail-all"], None, None, "/"),
    ("service-linked", trust({"Service": "support.amazonaws.com"}), [], None, None, "/aws-service-role/support.amazonaws.com/"),
    ("sso-admin", trust({"Federated": f"arn:aws:iam::{ACCOUNT}:saml-provider/idp"}, "sts:AssumeRoleWithSAML", StringEquals={"SAML:aud": "https://signin.aws.amazon.com/saml"}), [AWS + "AdministratorAccess"], None, None, "/aws-reserved/sso.amazonaws.com/"),
    ("open", trust("*"), [], None, None, "/"),
    ("open-if-org", trust({"AWS": "*"}, StringEquals={"aws:PrincipalOrgID": "o-abcdefghij"}), [], None, None, "/"),
    ("admin-own", trust({"AWS": f"arn:aws:iam::{ACCOUNT}:root"}), [AWS + "AdministratorAccess"], None, None, "/"),
    ("admin-own-mfa", trust({"AWS": f"arn:aws:iam::{ACCOUNT}:root"}, **MFA), [AWS + "AdministratorAccess"], None, None, "/"),
    ("admin-own-bounded", trust({"AWS": f"arn:aws:iam::{ACCOUNT}:root"}), [AWS + "AdministratorAccess"], None, "boundary-reader", "/"),
    ("admin-foreign", trust({"AWS": f"arn:aws:iam::{STRANGER}:root"}), [AWS + "AdministratorAccess"], None, None, "/"),
    ("admin-foreign-id", trust({"AWS": f"arn:aws:iam::{STRANGER}:root"}, StringEquals={"sts:ExternalId": "shared"}), [AWS + "AdministratorAccess"], None, None, "/"),
    ("admin-service", trust({"Service": "ec2.amazonaws.com"}), [AWS + "AdministratorAccess"], None, None, "/"),
    ("admin-custom", trust({"Service": "ec2.amazonaws.com"}), ["everything"], None, None, "/"),
    ("admin-inline-role", trust({"Service": "ec2.amazonaws.com"}), [], [statement("*")], None, "/"),
    ("reader-foreign", trust({"AWS": f"arn:aws:iam::{STRANGER}:root"}), [AWS + "ReadOnlyAccess"], None, None, "/"),
    ("reader-foreign-id", trust({"AWS": f"arn:aws:iam::{STRANGER}:root"}, StringEquals={"sts:ExternalId": "shared"}), [AWS + "ReadOnlyAccess"], None, None, "/"),
    ("reader-own", trust({"AWS": f"arn:aws:iam::{ACCOUNT}:role/service-00"}), [AWS + "ReadOnlyAccess"], None, None, "/"),
    ("reader-service", trust({"Service": "ec2.amazonaws.com"}), [AWS + "ReadOnlyAccess"], None, None, "/"),
    ("github", trust({"Federated": GITHUB}, "sts:AssumeRoleWithWebIdentity", StringEquals={"token.actions.githubusercontent.com:aud": "sts.amazonaws.com"}), [], None, None, "/"),
    ("github-one", trust({"Federated": GITHUB}, "sts:AssumeRoleWithWebIdentity", StringEquals={"token.actions.githubusercontent.com:aud": "sts.amazonaws.com", "token.actions.githubusercontent.com:sub": "repo:acme/site:ref:refs/heads/main"}), [], None, None, "/"),
]  # fmt: skip


def carriers():
    """A role for each policy that no named role or user carries."""
    lists = [row[1] for row in USERS_WITH] + [row[2] for row in ROLES_WITH]
    named = {policy for attached in lists for policy in attached}
    idle = {"unused-everything", "unused-reader", "boundary-reader"}
    return [name for name in POLICIES if name not in named | idle]


class Account:
    """Makes it, through `client(service)`; `memory` is the emulator's IAM of the account."""

    def __init__(self, client, memory, is_tight):
        self.client, self.memory, self.is_tight = client, memory, is_tight
        self.now = datetime.datetime.now(datetime.timezone.utc).replace(microsecond=0, tzinfo=None)
        self.iam = client("iam")

    def fill(self):
        self.fill_policies()
        self.fill_users()
        self.fill_credentials()
        self.fill_roles()
        self.fill_rules()

    def ago(self, days):
        return self.now - datetime.timedelta(days=days)

    def arn(self, policy):
        return policy if policy.startswith("arn:") else f"arn:aws:iam::{ACCOUNT}:policy/{policy}"

    def fill_policies(self):
        for name, statements in POLICIES.items():
            self.iam.create_policy(PolicyName=name, PolicyDocument=document(*statements))

    def fill_users(self):
        iam = self.iam
        for group in ("admins", "writers", "auditors", "empty"):
            iam.create_group(GroupName=group)
        iam.attach_group_policy(GroupName="admins", PolicyArn=AWS + "AdministratorAccess")
        iam.attach_group_policy(GroupName="auditors", PolicyArn=AWS + "SecurityAudit")
        inline = document(statement("s3:PutObject", "arn:aws:s3:::data/*"))
        iam.put_group_policy(GroupName="writers", PolicyName="write", PolicyDocument=inline)
        iam.put_group_policy(GroupName="empty", PolicyName="all", PolicyDocument=document(statement("*")))
        special = [row[0] for row in USERS_WITH + MEMBERS + CONSOLE + KEYS]
        names = list(dict.fromkeys(special))
        names += [f"plain-{number:02}" for number in range(USERS - len(names))]
        for name in names:
            iam.create_user(UserName=name)
            self.memory.get_user(name).create_date = self.ago(300)
        for name, attached, inline in USERS_WITH:
            for policy in attached:
                iam.attach_user_policy(UserName=name, PolicyArn=self.arn(policy))
            if inline:
                iam.put_user_policy(UserName=name, PolicyName="inline", PolicyDocument=document(*inline))
        for name, group in MEMBERS:
            iam.add_user_to_group(GroupName=group, UserName=name)

    def fill_credentials(self):
        iam = self.iam
        for name, made, used, factor in CONSOLE:
            iam.create_login_profile(UserName=name, Password=PASSWORD)
            user = self.memory.get_user(name)
            user.password_made = self.ago(made)
            user.password_last_used = None if used is None else self.ago(used)
            serial = {"hardware": "GAHT12345678", "u2f": f"arn:aws:iam::{ACCOUNT}:u2f/user/{name}/fob-ABC"}.get(factor)
            if factor == "virtual":
                device = iam.create_virtual_mfa_device(VirtualMFADeviceName=name)
                serial = device["VirtualMFADevice"]["SerialNumber"]
            if serial:
                codes = {"AuthenticationCode1": "111111", "AuthenticationCode2": "222222"}
                iam.enable_mfa_device(UserName=name, SerialNumber=serial, **codes)
        for name, keys in KEYS:
            for age, used, status in keys:
                key = iam.create_access_key(UserName=name)["AccessKey"]["AccessKeyId"]
                iam.update_access_key(UserName=name, AccessKeyId=key, Status=status)
                kept = next(one for one in self.memory.get_user(name).access_keys if one.access_key_id == key)
                kept.create_date = self.ago(age)
                if used is not None:
                    kept.last_used = Use(self.ago(used))

    def fill_roles(self):
        iam = self.iam
        iam.create_saml_provider(Name="idp", SAMLMetadataDocument="x" * 1024)
        iam.create_open_id_connect_provider(
            Url="https://token.actions.githubusercontent.com", ThumbprintList=["a" * 40], ClientIDList=["sts.amazonaws.com"]
        )
        ec2 = trust({"Service": "ec2.amazonaws.com"})
        rows = list(ROLES_WITH)
        rows += [("with-" + name, ec2, [name], None, None, "/") for name in carriers()]
        if not self.is_tight:
            # Whom `escalate-lambda` may pass on: in the tight variant there is nobody.
            rows.append(("admin-lambda", trust({"Service": "lambda.amazonaws.com"}), [AWS + "AdministratorAccess"], None, None, "/"))
        if self.is_tight:
            rows.append(("support", ec2, [AWS + "AWSSupportAccess"], None, None, "/"))
            rows.append(("audit", ec2, [AWS + "SecurityAudit"], None, None, "/"))
        rows += [(f"plain-{number:02}", ec2, [], None, None, "/") for number in range(ROLES - len(rows))]
        for name, trusted, attached, inline, boundary, path in rows:
            more = {"PermissionsBoundary": self.arn(boundary)} if boundary else {}
            iam.create_role(RoleName=name, Path=path, AssumeRolePolicyDocument=trusted, **more)
            for policy in attached:
                iam.attach_role_policy(RoleName=name, PolicyArn=self.arn(policy))
            if inline:
                iam.put_role_policy(RoleName=name, PolicyName="inline", PolicyDocument=document(*inline))

    def fill_rules(self):
        """Password rules, the root user, the organization."""
        if not self.is_tight:
            self.iam.update_account_password_policy(MinimumPasswordLength=8)
            self.root = types.SimpleNamespace(has_mfa=False, used=self.ago(0.5), keys=1, password="true")
            return
        self.iam.update_account_password_policy(
            MinimumPasswordLength=14,
            RequireSymbols=True,
            RequireNumbers=True,
            RequireUppercaseCharacters=True,
            RequireLowercaseCharacters=True,
            MaxPasswordAge=90,
            PasswordReusePrevention=24,
        )
        self.root = types.SimpleNamespace(has_mfa=True, used=self.ago(400), keys=0, password="true")
        self.client("organizations").create_organization(FeatureSet="ALL")

class Use(datetime.datetime):
    """When a key was used: what the emulator's report and its GetAccessKeyLastUsed both read."""

    def __new__(cls, when):
        return super().__new__(cls, when.year, when.month, when.day, when.hour, when.minute, when.second)

    service, region = "s3", REGION

    @property
    def timestamp(self):
        return self.strftime("%Y-%m-%dT%H:%M:%SZ")
