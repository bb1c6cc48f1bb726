"""Brings an emulated account into the state in which logs leave it: the calls of their records are made again.

What was there before the first record is made up as far as records name it: whoever calls IAM may do so, and
boundaries cut nothing off; the others may do little.
"""

import gzip
import json
import pathlib

from botocore import xform_name
from botocore.exceptions import ClientError
from botocore.parsers import ResponseParserError

def allow(*actions):
    return json.dumps({"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": actions, "Resource": "*"}]})


LITTLE = allow("ec2:DescribeRegions")
NOBODY = {"Version": "2012-10-17", "Statement": []}
# Somebody is left to put things right.
KEEPER = "keeper"
PASSWORD = "Example-0-password"
SELECTORS = [{"ReadWriteType": "All", "IncludeManagementEvents": True, "DataResources": []}]
SERVICES = {"iam.amazonaws.com": "iam", "cloudtrail.amazonaws.com": "cloudtrail"}
# What the emulator does not know.
UNKNOWN = {"PutUserPermissionsBoundary", "DeleteUserPermissionsBoundary"}
# What a call makes, under its parameter's name.
MAKES = {"CreateUser": "userName", "CreateGroup": "groupName", "CreateRole": "roleName", "CreatePolicy": "policyName"}


def records(paths):
    """All records of files and folders, in the order of their times, each once."""
    found = {}
    for path in map(pathlib.Path, paths):
        files = sorted(path.rglob("*.json*")) if path.is_dir() else [path]
        for file in files:
            opened = gzip.open if file.suffix == ".gz" else open
            with opened(file, "rt") as text:
                found |= {one["eventID"]: one for one in json.load(text)["Records"]}
    # Within a second things are made before they are used.
    return sorted(found.values(), key=lambda one: (one["eventTime"], one["eventName"] not in MAKES, one["eventID"]))


class Replay:
    def __init__(self, account, backend, number):
        self.account, self.backend, self.number = account, backend, number
        self.iam = account.iam
        self.failed, self.ids, self.busy = [], {}, set()

    def run(self, paths):
        all_of_them = [one for one in records(paths) if one.get("recipientAccountId") == self.number]
        for record in all_of_them:
            self.note(record)
        self.before(all_of_them)
        for record in all_of_them:
            service = SERVICES.get(record["eventSource"])
            if service and not record.get("readOnly", True) and "errorCode" not in record:
                self.call(service, record)
        return self.failed

    def note(self, record):
        """Keeps whose id is which, and who changes what."""
        identity = record["userIdentity"]
        issuer = identity.get("sessionContext", {}).get("sessionIssuer") or identity
        if issuer.get("accountId") == self.number and issuer.get("userName") and issuer.get("principalId"):
            self.ids.setdefault(issuer["userName"], issuer["principalId"].split(":")[0])
            if record["eventSource"] in SERVICES and "errorCode" not in record and not record.get("readOnly", True):
                self.busy.add(issuer["userName"])
        told = (record.get("responseElements") or {}).get("assumedRoleUser") or {}
        if f":{self.number}:assumed-role/" in told.get("arn", ""):
            self.ids.setdefault(told["arn"].split("/")[1], told["assumedRoleId"].split(":")[0])

    def before(self, all_of_them):
        """Makes what the records name that none of them has made before."""
        is_made = lambda one: one["eventName"] in MAKES and "errorCode" not in one
        made = {
            (one["eventName"][len("Create"):].lower(), one["requestParameters"][MAKES[one["eventName"]]])
            for one in all_of_them if is_made(one)
        }
        self.iam.create_user(UserName=KEEPER)
        self.iam.attach_user_policy(UserName=KEEPER, PolicyArn="arn:aws:iam::aws:policy/AdministratorAccess")
        self.iam.create_login_profile(UserName=KEEPER, Password=PASSWORD)
        for record in all_of_them:
            name, asked = record["eventName"], record.get("requestParameters") or {}
            identity = record["userIdentity"]
            issuer = identity.get("sessionContext", {}).get("sessionIssuer", {})
            if identity.get("type") == "IAMUser" and identity.get("accountId") == self.number:
                self.there(made, "user", identity["userName"], identity["arn"])
                self.key(made, identity["userName"], identity.get("accessKeyId", ""))
            if issuer.get("type") == "Role" and issuer.get("accountId") == self.number:
                self.there(made, "role", issuer["userName"], issuer["arn"])
            if record["eventSource"] == "sts.amazonaws.com" and f":{self.number}:role/" in asked.get("roleArn", ""):
                self.there(made, "role", asked["roleArn"].rsplit("/", 1)[1], asked["roleArn"])
            if record["eventSource"] not in SERVICES or "errorCode" in record:
                continue
            if name == "CreateAccessKey":
                made.add(("key", record["responseElements"]["accessKey"]["accessKeyId"]))
            elif asked.get("userName"):
                self.there(made, "user", asked["userName"])
                self.key(made, asked["userName"], asked.get("accessKeyId", ""))
            for kind in ["user", "group", "role"]:
                if asked.get(f"{kind}Name"):
                    self.there(made, kind, asked[f"{kind}Name"])
            for arn in [asked.get("policyArn"), asked.get("permissionsBoundary")]:
                if arn and f":{self.number}:policy" in arn:
                    little = LITTLE if arn == asked.get("policyArn") else allow("*")
                    self.there(made, "policy", arn.rsplit("/", 1)[1], arn, little)
            if name in ["PutEventSelectors", "StopLogging", "UpdateTrail", "StartLogging"]:
                trail = (asked.get("trailName") or asked.get("name", "")).rsplit("/", 1)[-1]
                if trail and ("trail", trail) not in made:
                    made.add(("trail", trail))
                    region = record["awsRegion"]
                    wanted = {"name": trail, "bucket": f"logs-of-{trail}", "multi": True, "global": True, "validated": True, "region": region}
                    self.account.trail(wanted | {"selectors": {"EventSelectors": SELECTORS}})
                    self.account.trails_in(region).start_logging(Name=trail)

    def there(self, made, kind, name, arn="", document=LITTLE):
        if (kind, name) in made:
            return
        made.add((kind, name))
        path = "/" + arn.split(f":{kind}/", 1)[1][: -len(name)] if f":{kind}/" in arn else "/"
        if kind == "policy":
            self.iam.create_policy(PolicyName=name, Path=path, PolicyDocument=document)
            return
        trust = {"AssumeRolePolicyDocument": json.dumps(NOBODY)} if kind == "role" else {}
        getattr(self.iam, f"create_{kind}")(**{f"{kind.capitalize()}Name": name}, Path=path, **trust)
        self.identify(kind, name, self.ids.get(name))
        if kind != "group":
            document = allow("iam:*", "cloudtrail:*") if name in self.busy else LITTLE
            put = getattr(self.iam, f"put_{kind}_policy")
            put(**{f"{kind.capitalize()}Name": name}, PolicyName="before", PolicyDocument=document)

    def key(self, made, user, key):
        """A key of a user that was there before."""
        if key.startswith("AKIA") and ("key", key) not in made:
            made.add(("key", key))
            self.account.rename_key(self.iam.create_access_key(UserName=user)["AccessKey"]["AccessKeyId"], key)
            self.account.keys.add(key)

    def identify(self, kind, name, identity):
        """Puts the id that the records know in the place of the emulator's own."""
        if identity and kind == "user":
            self.backend.users[name].id = identity
        elif identity and kind == "group":
            self.backend.groups[name].id = identity
        elif identity and kind == "role":
            role = next(one for one in self.backend.roles.values() if one.name == name)
            del self.backend.roles[role.id]
            role.id = identity
            self.backend.roles[identity] = role

    def call(self, service, record):
        client = self.iam if service == "iam" else self.account.trails_in(record["awsRegion"])
        operation, answered = record["eventName"], record.get("responseElements") or {}
        if operation in UNKNOWN or operation not in client.meta.service_model.operation_names:
            return
        members = client.meta.service_model.operation_model(operation).input_shape.members
        given = {name: value for name, value in named(record.get("requestParameters") or {}).items() if name in members}
        for name in ["Name", "TrailName"] if service == "cloudtrail" else []:
            # The emulator does not know a trail by its ARN everywhere.
            given |= {name: given[name].rsplit("/", 1)[-1]} if name in given else {}
        if operation in ["CreateLoginProfile", "UpdateLoginProfile", "ChangePassword"]:
            given["Password"] = PASSWORD
        try:
            reply = getattr(client, xform_name(operation))(**given)
        except (ClientError, ResponseParserError) as error:
            self.failed.append(f"{operation} of {record['eventID']}: {error}")
            return
        told = answered.get("accessKey", {}).get("accessKeyId")
        if operation == "CreateAccessKey" and told:
            self.account.rename_key(reply["AccessKey"]["AccessKeyId"], told)
            self.account.keys.add(told)
        for kind in ["user", "group", "role"]:
            thing = answered.get(kind) or {}
            if operation == f"Create{kind.capitalize()}":
                self.identify(kind, thing.get(f"{kind}Name"), thing.get(f"{kind}Id"))


def named(value):
    """Parameters as the API calls them."""
    if isinstance(value, dict):
        return {key[:1].upper() + key[1:]: named(inner) for key, inner in value.items()}
    return [named(inner) for inner in value] if isinstance(value, list) else value
