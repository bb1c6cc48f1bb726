"""What exists in the emulated account, and the calls that are possible in it.

`World.step` takes one action at random. An action is one call, or a burst of calls within one
second: somebody made with all he gets, somebody emptied and deleted. Only what AWS accepts is done:
the emulator, which is laxer, would also delete a user who still has keys.

What the emulator gets wrong, and is therefore left out here (moto 5.2.5):

- A user's boundary: PutUserPermissionsBoundary is missing, and CreateUser ignores it.
- A rename leaves tags with the old ARN, so only those without tags are renamed, and leaves keys with
  the old name, so these are not deleted any more, nor is their owner.
- Clients of an OpenID Connect provider cannot be added or removed.
- UpdateLoginProfile without a password deletes the profile.
- AttachmentCount grows when a policy is attached twice, and boundaries are not counted. The summary
  counts as AWS does, and decides.
"""

import json

READ_ONLY = "arn:aws:iam::aws:policy/ReadOnlyAccess"
ADMIN = "arn:aws:iam::aws:policy/AdministratorAccess"
NAMES = ["ann", "Bob", "carol", "dave", "Eve.x", "frank@example.com", "gil+1", "hal"]
PATHS = ["/", "/ops/", "/team/a/"]
METADATA = (
    '<?xml version="1.0"?><EntityDescriptor xmlns="urn:oasis:names:tc:SAML:2.0:metadata" '
    'entityID="https://idp.example.com/%d"/><!-- '
    # IAM takes no metadata of less than a thousand characters.
    + "x" * 1_000
    + " -->"
)


class Holder:
    """A user, group or role."""

    def __init__(self, kind, name, unique, path):
        self.kind, self.name, self.id, self.path = kind, name, unique, path
        self.inline, self.attached, self.tags = set(), set(), set()
        # Of users.
        self.groups, self.keys, self.devices, self.login = set(), {}, set(), False
        # Keys that the emulator cannot delete.
        self.stuck = set()
        # Of roles.
        self.boundary, self.profiles = None, set()

    def named(self):
        return {self.kind + "Name": self.name}


class World:
    def __init__(self, trail, dice, account):
        self.trail, self.dice, self.account = trail, dice, account
        self.holders = {"User": {}, "Group": {}, "Role": {}}
        # ARN to versions, and the default version.
        self.policies, self.defaults, self.policy_tags = {}, {}, {}
        self.profiles, self.free_devices, self.open_ids, self.saml = {}, set(), set(), set()
        self.alias, self.has_rules, self.number = None, False, 0

    # Who calls, and how.

    def arn(self, resource, service="iam"):
        return f"arn:aws:{service}::{self.account}:{resource}"

    def caller(self, besides=None):
        """Root, a session of a role, or a user with a key; not the one who is about to go."""
        root = {
            "type": "Root",
            "principalId": self.account,
            "arn": self.arn("root"),
            "accountId": self.account,
        }
        users = [u for u in self.of("User") if u is not besides and "Active" in u.keys.values()]
        roles = [role for role in self.of("Role") if role is not besides]
        kind = self.dice.choice(["root", "user", "role", "role"])
        if kind == "user" and users:
            return self.as_user(self.dice.choice(users))
        if kind == "role" and roles:
            role = self.dice.choice(roles)
            issuer = {
                "type": "Role",
                "principalId": role.id,
                "arn": self.arn(f"role{role.path}{role.name}"),
                "accountId": self.account,
                "userName": role.name,
            }
            return {
                "type": "AssumedRole",
                "principalId": role.id + ":session",
                "arn": self.arn(f"assumed-role/{role.name}/session", "sts"),
                "accountId": self.account,
                "accessKeyId": "ASIAIOSFODNN7EXAMPLE",
                "sessionContext": {"sessionIssuer": issuer},
            }
        return root

    def as_user(self, user):
        keys = [key for key, status in user.keys.items() if status == "Active"]
        return {
            "type": "IAMUser",
            "principalId": user.id,
            "arn": self.arn(f"user{user.path}{user.name}"),
            "accountId": self.account,
            "accessKeyId": self.dice.choice(sorted(keys)),
            "userName": user.name,
        }

    def call(self, operation, about=None, **parameters):
        return self.trail.call(operation, self.caller(besides=about), **parameters)

    def step(self, with_swaps):
        """One action. Those that find nothing to act on leave it to another."""
        actions = self.ACTIONS + [World.swap] * 5 if with_swaps else self.ACTIONS
        while not self.dice.choice(actions)(self):
            pass

    # Choices.

    def of(self, kind):
        return list(self.holders[kind].values())

    def pick(self, options):
        options = sorted(options) if not isinstance(options, list) else options
        return self.dice.choice(options) if options else None

    def any_holder(self, kinds=("User", "Group", "Role")):
        return self.pick([holder for kind in kinds for holder in self.of(kind)])

    def fresh(self, taken):
        """A name that nobody has, whatever the case of its letters; often one that was used."""
        taken = {name.lower() for name in taken}
        return self.pick([name for name in NAMES if name.lower() not in taken])

    def document(self):
        self.number += 1
        resource = f"arn:aws:s3:::bucket-{self.number}/*"
        statement = {"Effect": "Allow", "Action": ["s3:GetObject"], "Resource": resource}
        return self.written({"Version": "2012-10-17", "Statement": [statement]})

    def trust(self):
        self.number += 1
        principal = {"AWS": f"arn:aws:iam::{self.number:012}:root"}
        statement = {"Effect": "Allow", "Principal": principal, "Action": "sts:AssumeRole"}
        return self.written({"Version": "2012-10-17", "Statement": [statement]})

    def written(self, document):
        """People and programs write JSON in different ways."""
        return json.dumps(document, indent=self.dice.choice([None, 2]))

    def tags(self):
        keys = self.dice.sample(["team", "Stage", "cost center"], self.dice.randint(0, 2))
        return [{"Key": key, "Value": self.dice.choice(["a", "b c", ""])} for key in keys]

    # Users, groups, roles.

    def create(self):
        kind = self.dice.choice(["User", "User", "Group", "Role", "Role"])
        name = self.fresh(self.holders[kind])
        if name is None:
            return False
        # All that a new one gets often comes in its first second.
        self.burst(self.dice.random() < 0.5)
        holder = self.make(kind, name)
        for action in self.dice.sample(self.GAINS, 3):
            if self.trail.burst:
                action(self, holder)
        self.burst(False)
        return True

    def make(self, kind, name):
        path = self.dice.choice(PATHS)
        more = {} if path == "/" and self.dice.random() < 0.5 else {"Path": path}
        tags = [] if kind == "Group" else self.tags()
        more |= {"Tags": tags} if tags else {}
        boundary = self.pick(self.policies) if kind == "Role" and self.dice.random() < 0.3 else None
        if kind == "Role":
            more["AssumeRolePolicyDocument"] = self.trust()
            more |= {"PermissionsBoundary": boundary} if boundary else {}
            more |= {"MaxSessionDuration": 7200} if self.dice.random() < 0.3 else {}
        reply = self.call("Create" + kind, **{kind + "Name": name}, **more)[kind]
        holder = Holder(kind, name, reply[kind + "Id"], path)
        holder.boundary, holder.tags = boundary, {tag["Key"] for tag in tags}
        self.holders[kind][name] = holder
        return holder

    def burst(self, is_on):
        """Begins a second for all that follows, or ends it."""
        self.trail.burst = False
        if is_on:
            # The second begins with a call that changes nothing.
            self.call("ListAccountAliases")
            self.trail.burst = True

    def replace(self, delete, create, *arguments):
        """Deletes; now and then something new of the same name follows in the same second."""
        is_replaced = self.dice.random() < 0.4
        self.burst(is_replaced)
        delete()
        if is_replaced:
            create(*arguments)
        self.burst(False)

    def rename(self):
        holder = self.any_holder(("User", "Group"))
        name = holder and self.fresh(self.holders[holder.kind])
        if not name or holder.tags:
            return False
        holder.stuck = set(holder.keys)
        old, new = holder.named(), {"New" + holder.kind + "Name": name}
        if self.dice.random() < 0.4:
            holder.path = self.dice.choice(PATHS)
            new["NewPath"] = holder.path
        self.call("Update" + holder.kind, about=holder, **old, **new)
        del self.holders[holder.kind][holder.name]
        self.rename_in_groups(holder, name)
        holder.name = name
        self.holders[holder.kind][name] = holder
        return True

    def rename_in_groups(self, holder, name):
        if holder.kind == "Group":
            for user in self.of("User"):
                if holder.name in user.groups:
                    user.groups = user.groups - {holder.name} | {name}

    def delete(self):
        holder = self.any_holder()
        if holder is None or holder.stuck or len(self.holders[holder.kind]) < 3:
            return False
        self.burst(self.dice.random() < 0.5)
        self.empty(holder)
        is_emptied_at_once = self.trail.burst
        del self.holders[holder.kind][holder.name]
        delete = lambda: self.call("Delete" + holder.kind, about=holder, **holder.named())
        if is_emptied_at_once:
            delete()
            self.burst(False)
        else:
            self.replace(delete, self.make, holder.kind, holder.name)
        return True

    def empty(self, holder):
        """Takes off all that AWS wants gone before."""
        kind, who = holder.kind, holder.named()
        act = lambda operation, **more: self.call(operation, about=holder, **who, **more)
        for name in sorted(holder.inline):
            act(f"Delete{kind}Policy", PolicyName=name)
        for arn in sorted(holder.attached):
            act(f"Detach{kind}Policy", PolicyArn=arn)
        for group in sorted(holder.groups):
            act("RemoveUserFromGroup", GroupName=group)
        for key in sorted(holder.keys):
            act("DeleteAccessKey", AccessKeyId=key)
        for serial in sorted(holder.devices):
            act("DeactivateMFADevice", SerialNumber=serial)
        self.free_devices |= holder.devices
        if holder.login:
            act("DeleteLoginProfile")
        for profile in sorted(holder.profiles):
            act("RemoveRoleFromInstanceProfile", InstanceProfileName=profile)
            self.profiles[profile] = None
        if kind == "Group":
            for user in self.of("User"):
                if holder.name in user.groups:
                    act("RemoveUserFromGroup", UserName=user.name)
                    user.groups.discard(holder.name)

    # What they get.

    def put_inline(self, holder=None):
        holder = holder or self.any_holder()
        if holder is None:
            return False
        name = self.dice.choice(["read", "Write", "x"])
        holder.inline.add(name)
        text = self.document()
        self.call(f"Put{holder.kind}Policy", **holder.named(), PolicyName=name, PolicyDocument=text)
        return True

    def attach(self, holder=None):
        holder = holder or self.any_holder()
        arn = self.pick([READ_ONLY, ADMIN, *sorted(self.policies)])
        if holder is None:
            return False
        # AWS attaches twice without complaint.
        holder.attached.add(arn)
        self.call(f"Attach{holder.kind}Policy", **holder.named(), PolicyArn=arn)
        return True

    def tag(self, holder=None):
        holder = holder or self.any_holder(("User", "Role"))
        tags = self.tags()
        if holder is None or holder.kind == "Group" or not tags:
            return False
        holder.tags |= {tag["Key"] for tag in tags}
        self.call("Tag" + holder.kind, **holder.named(), Tags=tags)
        return True

    def join(self, holder=None):
        user, group = holder or self.any_holder(("User",)), self.any_holder(("Group",))
        if user is None or user.kind != "User" or group is None:
            return False
        user.groups.add(group.name)
        self.call("AddUserToGroup", **user.named(), **group.named())
        return True

    def create_key(self, holder=None):
        user = holder or self.any_holder(("User",))
        if user is None or user.kind != "User" or len(user.keys) > 1:
            return False
        caller, unsaid = self.caller(), ()
        if "Active" in user.keys.values() and self.dice.random() < 0.5:
            # His own: AWS lets him leave out his name.
            caller, unsaid = self.as_user(user), ("UserName",)
        reply = self.trail.call("CreateAccessKey", caller, unsaid=unsaid, UserName=user.name)
        user.keys[reply["AccessKey"]["AccessKeyId"]] = "Active"
        return True

    def create_login(self, holder=None):
        user = holder or self.any_holder(("User",))
        if user is None or user.kind != "User" or user.login:
            return False
        # The password is never in the record.
        caller, more = self.caller(), {"UserName": user.name, "PasswordResetRequired": False}
        more["Password"] = "Correct-Horse-1"
        self.trail.call("CreateLoginProfile", caller, unsaid=("Password",), **more)
        user.login = True
        return True

    # What they lose.

    def delete_inline(self):
        holder = self.pick([h for kind in self.holders for h in self.of(kind) if h.inline])
        if holder is None:
            return False
        name = self.pick(holder.inline)
        holder.inline.discard(name)
        self.call(f"Delete{holder.kind}Policy", **holder.named(), PolicyName=name)
        return True

    def detach(self):
        holder = self.pick([h for kind in self.holders for h in self.of(kind) if h.attached])
        if holder is None:
            return False
        arn = self.pick(holder.attached)
        holder.attached.discard(arn)
        self.call(f"Detach{holder.kind}Policy", **holder.named(), PolicyArn=arn)
        return True

    def untag(self):
        holder = self.pick([h for kind in ("User", "Role") for h in self.of(kind) if h.tags])
        if holder is None:
            return False
        key = self.pick(holder.tags)
        holder.tags.discard(key)
        self.call("Untag" + holder.kind, **holder.named(), TagKeys=[key])
        return True

    def leave(self):
        user = self.pick([user for user in self.of("User") if user.groups])
        if user is None:
            return False
        group = self.pick(user.groups)
        user.groups.discard(group)
        self.call("RemoveUserFromGroup", **user.named(), GroupName=group)
        return True

    def alter_key(self):
        user = self.pick([user for user in self.of("User") if user.keys])
        if user is None:
            return False
        key = self.pick(user.keys)
        if key not in user.stuck and self.dice.random() < 0.4:
            self.call("DeleteAccessKey", about=user, **user.named(), AccessKeyId=key)
            del user.keys[key]
            return True
        user.keys[key] = "Inactive" if user.keys[key] == "Active" else "Active"
        status = user.keys[key]
        self.call("UpdateAccessKey", about=user, **user.named(), AccessKeyId=key, Status=status)
        return True

    def alter_login(self):
        user = self.pick([user for user in self.of("User") if user.login])
        if user is None:
            return False
        if self.dice.random() < 0.5:
            user.login = False
            self.replace(lambda: self.call("DeleteLoginProfile", **user.named()), self.create_login, user)
            return True
        # Without a password, the emulator deletes the profile; AWS keeps it.
        more = {"UserName": user.name, "Password": "Battery-Staple-2"}
        self.trail.call("UpdateLoginProfile", self.caller(), unsaid=("Password",), **more)
        return True

    def alter_role(self):
        role = self.any_holder(("Role",))
        if role is None:
            return False
        what = self.dice.choice(["trust", "length", "boundary", "unbound"])
        if what == "trust":
            self.call("UpdateAssumeRolePolicy", **role.named(), PolicyDocument=self.trust())
        elif what == "length":
            length = self.dice.choice([3600, 14400])
            self.call("UpdateRole", **role.named(), Description="d", MaxSessionDuration=length)
        elif what == "boundary":
            role.boundary = self.pick([READ_ONLY, *sorted(self.policies)])
            self.call("PutRolePermissionsBoundary", **role.named(), PermissionsBoundary=role.boundary)
        elif role.boundary:
            role.boundary = None
            self.call("DeleteRolePermissionsBoundary", **role.named())
        else:
            return False
        return True

    # Managed policies.

    def create_policy(self):
        name = self.fresh({arn.rsplit("/", 1)[1] for arn in self.policies})
        return name is not None and self.make_policy(name, self.dice.choice(PATHS))

    def make_policy(self, name, path):
        tags = self.tags()
        more = {"Tags": tags} if tags else {}
        more |= {} if path == "/" else {"Path": path}
        text = self.document()
        reply = self.call("CreatePolicy", PolicyName=name, PolicyDocument=text, **more)
        arn = reply["Policy"]["Arn"]
        self.policies[arn], self.defaults[arn] = {"v1"}, "v1"
        self.policy_tags[arn] = {tag["Key"] for tag in tags}
        return True

    def version(self):
        arn = self.pick(self.policies)
        if arn is None:
            return False
        others = self.policies[arn] - {self.defaults[arn]}
        what = self.dice.choice(["create", "create", "default", "delete", "rotate"])
        if what == "rotate" and others:
            # As Terraform does: the oldest makes room, within a second.
            self.burst(True)
            self.drop_version(arn, min(others, key=lambda version: int(version[1:])))
            self.make_version(arn, True)
            self.burst(False)
            return True
        if what == "create" and len(self.policies[arn]) < 5:
            self.make_version(arn, self.dice.random() < 0.6)
            return True
        if what == "create":
            text = self.document()
            more = {"PolicyArn": arn, "PolicyDocument": text, "SetAsDefault": True}
            self.call("CreatePolicyVersion", fails="LimitExceeded", **more)
            return True
        if not others:
            return False
        version = self.pick(others)
        if what == "default":
            self.defaults[arn] = version
            self.call("SetDefaultPolicyVersion", PolicyArn=arn, VersionId=version)
        else:
            self.drop_version(arn, version)
        return True

    def make_version(self, arn, is_default):
        more = {"PolicyArn": arn, "PolicyDocument": self.document(), "SetAsDefault": is_default}
        made = self.call("CreatePolicyVersion", **more)["PolicyVersion"]["VersionId"]
        self.policies[arn].add(made)
        self.defaults[arn] = made if is_default else self.defaults[arn]

    def drop_version(self, arn, version):
        self.policies[arn].discard(version)
        self.call("DeletePolicyVersion", PolicyArn=arn, VersionId=version)

    def delete_policy(self):
        holders = [holder for kind in self.holders for holder in self.of(kind)]
        used = {arn for holder in holders for arn in holder.attached | {holder.boundary}}
        arn = self.pick(set(self.policies) - used)
        if arn is None:
            return False
        is_at_once = self.dice.random() < 0.5
        self.burst(is_at_once)
        for version in sorted(self.policies[arn] - {self.defaults[arn]}):
            self.call("DeletePolicyVersion", PolicyArn=arn, VersionId=version)
        del self.policies[arn], self.defaults[arn], self.policy_tags[arn]
        delete = lambda: self.call("DeletePolicy", PolicyArn=arn)
        if is_at_once:
            delete()
            self.burst(False)
            return True
        path, name = arn.split(":policy", 1)[1].rsplit("/", 1)
        self.replace(delete, self.make_policy, name, path + "/")
        return True

    def tag_policy(self):
        arn, tags = self.pick(self.policies), self.tags()
        if arn is None:
            return False
        if self.policy_tags[arn] and self.dice.random() < 0.5:
            key = self.pick(self.policy_tags[arn])
            self.policy_tags[arn].discard(key)
            self.call("UntagPolicy", PolicyArn=arn, TagKeys=[key])
        elif tags:
            self.policy_tags[arn] |= {tag["Key"] for tag in tags}
            self.call("TagPolicy", PolicyArn=arn, Tags=tags)
        else:
            return False
        return True

    # Instance profiles, devices, providers, the account.

    def profile(self):
        name = self.dice.choice(["web", "Batch"])
        named = {"InstanceProfileName": name}
        if name not in self.profiles:
            self.make_profile(name)
        elif self.profiles[name] is not None:
            role = self.profiles[name]
            self.profiles[name] = None
            role.profiles.discard(name)
            self.call("RemoveRoleFromInstanceProfile", **named, **role.named())
        elif self.dice.random() < 0.7 and self.of("Role"):
            role = self.any_holder(("Role",))
            self.profiles[name] = role
            role.profiles.add(name)
            self.call("AddRoleToInstanceProfile", **named, **role.named())
        else:
            del self.profiles[name]
            delete = lambda: self.call("DeleteInstanceProfile", **named)
            self.replace(delete, self.make_profile, name)
        return True

    def make_profile(self, name):
        self.profiles[name] = None
        self.call("CreateInstanceProfile", InstanceProfileName=name)

    def device(self):
        user, what = self.any_holder(("User",)), self.dice.choice(["make", "enable", "take", "delete"])
        serial = self.pick(self.free_devices)
        if what == "make":
            self.number += 1
            reply = self.call("CreateVirtualMFADevice", VirtualMFADeviceName=f"d{self.number}")
            self.free_devices.add(reply["VirtualMFADevice"]["SerialNumber"])
        elif what == "enable" and user and serial:
            self.free_devices.discard(serial)
            user.devices.add(serial)
            codes = {"AuthenticationCode1": "234567", "AuthenticationCode2": "987654"}
            more = {"UserName": user.name, "SerialNumber": serial, **codes}
            self.trail.call("EnableMFADevice", self.caller(), unsaid=tuple(codes), **more)
        elif what == "take" and user and user.devices:
            serial = self.pick(user.devices)
            user.devices.discard(serial)
            self.free_devices.add(serial)
            self.call("DeactivateMFADevice", **user.named(), SerialNumber=serial)
        elif what == "delete" and serial:
            self.free_devices.discard(serial)
            self.call("DeleteVirtualMFADevice", SerialNumber=serial)
        else:
            return False
        return True

    def open_id(self):
        host = self.dice.choice(["ci.example.com", "git.example.org"])
        arn = self.arn(f"oidc-provider/{host}")
        named = {"OpenIDConnectProviderArn": arn}
        if arn not in self.open_ids:
            self.make_open_id(arn, host)
        elif self.dice.random() < 0.5:
            prints = [self.thumbprint()]
            self.call("UpdateOpenIDConnectProviderThumbprint", **named, ThumbprintList=prints)
        else:
            self.open_ids.discard(arn)
            delete = lambda: self.call("DeleteOpenIDConnectProvider", **named)
            self.replace(delete, self.make_open_id, arn, host)
        return True

    def make_open_id(self, arn, host):
        self.open_ids.add(arn)
        clients = self.dice.sample(["sts.amazonaws.com", "app-1", "app-2"], 2)
        more = {"ClientIDList": clients, "ThumbprintList": [self.thumbprint()], "Tags": self.tags()}
        self.call("CreateOpenIDConnectProvider", Url=f"https://{host}", **more)

    def thumbprint(self):
        return f"{self.dice.getrandbits(160):040x}"

    def saml_provider(self):
        arn = self.arn("saml-provider/Idp")
        if arn not in self.saml:
            self.make_saml(arn)
        elif self.dice.random() < 0.5:
            self.call("UpdateSAMLProvider", SAMLMetadataDocument=self.metadata(), SAMLProviderArn=arn)
        else:
            self.saml.discard(arn)
            delete = lambda: self.call("DeleteSAMLProvider", SAMLProviderArn=arn)
            self.replace(delete, self.make_saml, arn)
        return True

    def make_saml(self, arn):
        self.saml.add(arn)
        self.call("CreateSAMLProvider", SAMLMetadataDocument=self.metadata(), Name="Idp")

    def metadata(self):
        self.number += 1
        return METADATA % self.number

    def account_wide(self):
        what = self.dice.choice(["alias", "rules", "rules"])
        if what == "alias" and self.alias:
            old, self.alias = self.alias, None
            delete = lambda: self.call("DeleteAccountAlias", AccountAlias=old)
            self.replace(delete, self.make_alias, old)
        elif what == "alias":
            self.make_alias()
        elif self.has_rules and self.dice.random() < 0.3:
            self.has_rules = False
            self.call("DeleteAccountPasswordPolicy")
        else:
            self.has_rules = True
            rules = {
                "MinimumPasswordLength": self.dice.randint(8, 20),
                "RequireSymbols": True,
                "RequireNumbers": self.dice.random() < 0.5,
                "AllowUsersToChangePassword": True,
                "MaxPasswordAge": self.dice.choice([30, 90]),
                "PasswordReusePrevention": 5,
            }
            kept = self.dice.sample(sorted(rules), self.dice.randint(1, len(rules)))
            self.call("UpdateAccountPasswordPolicy", **{key: rules[key] for key in kept})
        return True

    def make_alias(self, besides=None):
        self.alias = self.pick({"example-dev", "example-ops", "example-lab"} - {besides})
        self.call("CreateAccountAlias", AccountAlias=self.alias)

    # What changes nothing.

    def read(self):
        holder = self.any_holder()
        if holder is None:
            return False
        self.call("Get" + holder.kind, **holder.named())
        return True

    def fail(self):
        """Calls that AWS refuses, each with the error that it documents."""
        holder = self.any_holder(("User", "Group"))
        what = self.dice.choice(["missing", "twice", "denied", "version"])
        if what == "missing":
            self.call("DeleteUser", fails="NoSuchEntity", UserName="nobody")
        elif what == "twice" and holder:
            self.call("Create" + holder.kind, fails="EntityAlreadyExists", **holder.named())
        elif what == "version" and self.policies:
            arn = self.pick(self.policies)
            more = {"PolicyArn": arn, "VersionId": "v99"}
            self.call("SetDefaultPolicyVersion", fails="NoSuchEntity", **more)
        elif what == "denied":
            # The emulator asks nobody for permission, so this record is only written.
            message = (
                f"User: {self.arn('user/x')} is not authorized to perform: iam:AttachUserPolicy on "
                f"resource: user ann because no identity-based policy allows the "
                f"iam:AttachUserPolicy action"
            )
            caller = self.caller()
            self.trail.write("AttachUserPolicy", caller, None, None, "AccessDenied", message)
        else:
            return False
        return True

    # What the records of one second cannot tell: taken off and put back, or the other way.

    def swap(self):
        holder = self.any_holder()
        if holder is None:
            return False
        kind, who, pairs = holder.kind, holder.named(), []
        for arn in sorted(holder.attached):
            pairs.append((f"Attach{kind}Policy", f"Detach{kind}Policy", {"PolicyArn": arn}, {}))
        for name in sorted(holder.inline):
            text = {"PolicyDocument": self.document()}
            pairs.append((f"Put{kind}Policy", f"Delete{kind}Policy", {"PolicyName": name}, text))
        for group in sorted(holder.groups):
            pairs.append(("AddUserToGroup", "RemoveUserFromGroup", {"GroupName": group}, {}))
        if holder.boundary:
            bound = {"PermissionsBoundary": holder.boundary}
            pairs.append(("PutRolePermissionsBoundary", "DeleteRolePermissionsBoundary", {}, bound))
        if not pairs:
            return False
        put, take, what, more = self.dice.choice(pairs)
        self.burst(True)
        self.call(take, **who, **what)
        self.call(put, **who, **what, **more)
        self.burst(False)
        return True

    GAINS = [put_inline, attach, tag, join, create_key, create_login]
    ACTIONS = [
        *[create] * 5, *[rename] * 4, *[delete] * 3, *GAINS, *[attach] * 3, *[put_inline] * 3,
        *[join] * 2, delete_inline, detach, untag, leave, *[alter_key] * 2, *[alter_login] * 2,
        *[alter_role] * 4, *[create_policy] * 2, *[version] * 5, *[delete_policy] * 2, tag_policy,
        *[profile] * 3, *[device] * 2, *[open_id] * 2, saml_provider, *[account_wide] * 2, read, fail,
    ]
