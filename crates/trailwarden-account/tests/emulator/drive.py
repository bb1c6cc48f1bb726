"""Drives an emulator of IAM at random, and writes what CloudTrail would have written.

    python drive.py --seed 1 --calls 200 --cuts 4 --output FOLDER

The emulator (moto) listens on a free port of loopback, inside this process, so nothing outlives it.
Every call is one that AWS would accept, or one that AWS would refuse, and the emulator must agree;
if it does not, the run stops. The folder then holds:

    records.ndjson      one CloudTrail record for each call, in the order of the calls
    cuts.json           [{"folder": "cut-0", "records": 17, "taken": "2026-01-01T00:00:31Z"}, ...]
    cut-N/details.json  what `aws iam get-account-authorization-details` prints
    cut-N/summary.json, password.json, report.csv   the other parts of a baseline
    cut-N/others.json   what no baseline tells: keys, devices, providers, instance profiles, alias

Time is made up: the clock of the records begins at a fixed second and moves with the calls, except
in bursts, where several calls share a second as those of an automation do.
"""

import argparse
import datetime
import json
import logging
import os
import random
import signal
import urllib.parse
import urllib.request
import uuid

import boto3
import botocore
from botocore.config import Config
from moto.server import ThreadedMotoServer

from world import World

ACCOUNT = "123456789012"
START = datetime.datetime(2026, 1, 1, tzinfo=datetime.timezone.utc)
# A run that hangs is ended by the kernel after this many seconds.
SECONDS_MAX = 120


def lower(name):
    """CloudTrail's names are the API's, with a small first letter."""
    return name[:1].lower() + name[1:]


def logged(value):
    """A parameter or reply as CloudTrail writes it."""
    if isinstance(value, dict):
        return {lower(key): logged(inner) for key, inner in value.items()}
    if isinstance(value, (list, tuple)):
        return [logged(inner) for inner in value]
    if isinstance(value, datetime.datetime):
        return value.strftime("%b %-d, %Y, %-I:%M:%S %p")
    return value


def reply_of(operation, reply):
    """The part of a reply that CloudTrail writes: calls that make something, without secrets."""
    reply = {key: value for key, value in reply.items() if key != "ResponseMetadata"}
    if not operation.startswith("Create"):
        return None
    reply.get("AccessKey", {}).pop("SecretAccessKey", None)
    if "VirtualMFADevice" in reply:
        reply["VirtualMFADevice"] = {"SerialNumber": reply["VirtualMFADevice"]["SerialNumber"]}
    role = reply.get("Role", {})
    if "AssumeRolePolicyDocument" in role:
        # The SDK decodes documents; the reply, and the record, have them percent-encoded.
        text = json.dumps(role["AssumeRolePolicyDocument"])
        role["AssumeRolePolicyDocument"] = urllib.parse.quote(text, safe="")
    return logged(reply) or None


class Trail:
    """Makes calls, and writes the record of each."""

    def __init__(self, client, dice):
        self.client, self.dice = client, dice
        self.time, self.burst, self.records = START, False, []

    def call(self, operation, caller, fails=None, unsaid=(), **parameters):
        """One call. `fails` is the error that AWS documents for it; `unsaid` names parameters that
        the emulator needs and the caller of AWS may leave out."""
        if not self.burst:
            self.time += datetime.timedelta(seconds=self.dice.choice([1, 1, 2, 30]))
        method = getattr(self.client, botocore.xform_name(operation))
        code, message, reply = None, None, {}
        try:
            reply = method(**parameters)
        except botocore.exceptions.ClientError as error:
            code, message = error.response["Error"]["Code"], error.response["Error"]["Message"]
        if code != fails:
            raise SystemExit(f"{operation} {parameters}: expected {fails}, got {code}: {message}")
        said = {key: value for key, value in parameters.items() if key not in unsaid}
        response = None if code else reply_of(operation, reply)
        self.write(operation, caller, logged(said) or None, response, code, message)
        return reply

    def write(self, name, caller, request, response, code=None, message=None):
        """The record of a call; a refused one keeps no parameters."""
        record = {
            "eventVersion": "1.11",
            "userIdentity": caller,
            "eventTime": self.now(),
            "eventSource": "iam.amazonaws.com",
            "eventName": name,
            "awsRegion": "us-east-1",
            "sourceIPAddress": "198.51.100.24",
            "userAgent": "Boto3/1.40.0",
            "errorCode": code,
            "errorMessage": message,
            "requestParameters": None if code == "AccessDenied" else request,
            "responseElements": response,
            "requestID": str(uuid.UUID(int=self.dice.getrandbits(128))),
            "eventID": str(uuid.UUID(int=self.dice.getrandbits(128), version=4)),
            "readOnly": name.startswith(("Get", "List")),
            "eventType": "AwsApiCall",
            "managementEvent": True,
            "recipientAccountId": ACCOUNT,
            "eventCategory": "Management",
        }
        if code is None:
            del record["errorCode"], record["errorMessage"]
        self.records.append(record)

    def now(self):
        return self.time.strftime("%Y-%m-%dT%H:%M:%SZ")


class Cuts:
    """Writes what the emulator says of itself, at several moments."""

    def __init__(self, client, trail, output):
        self.client, self.trail, self.output, self.all = client, trail, output, []

    def take(self):
        # The next call gets a later second, so the cut lies between two of them.
        folder = f"cut-{len(self.all)}"
        os.makedirs(os.path.join(self.output, folder))
        self.all.append(
            {"folder": folder, "records": len(self.trail.records), "taken": self.trail.now()}
        )
        client = self.client
        pages = client.get_paginator("get_account_authorization_details").paginate(
            Filter=["User", "Role", "Group", "LocalManagedPolicy"]
        )
        # The AWS CLI prints the pages as one answer, without `IsTruncated`.
        self.json(folder, "details.json", pages.build_full_result())
        summary = client.get_account_summary()
        self.json(folder, "summary.json", {"SummaryMap": summary["SummaryMap"]})
        try:
            policy = client.get_account_password_policy()["PasswordPolicy"]
            self.json(folder, "password.json", {"PasswordPolicy": policy})
        except client.exceptions.NoSuchEntityException:
            pass
        while client.generate_credential_report()["State"] != "COMPLETE":
            pass
        with open(os.path.join(self.output, folder, "report.csv"), "wb") as out:
            out.write(client.get_credential_report()["Content"])
        self.json(folder, "others.json", self.others())

    def others(self):
        """Keys, devices, session lengths, profiles, providers and the alias, each as subject, field,
        item and value."""
        client, rows = self.client, []
        for user in client.list_users()["Users"]:
            name = user["UserName"]
            rows.append([f"user/{name}", "exists", "", ""])
            for key in client.list_access_keys(UserName=name)["AccessKeyMetadata"]:
                rows.append([f"user/{name}", "key", key["AccessKeyId"], key["Status"]])
            for device in client.list_mfa_devices(UserName=name)["MFADevices"]:
                rows.append([f"user/{name}", "mfa", device["SerialNumber"], ""])
        for role in client.list_roles()["Roles"]:
            length = client.get_role(RoleName=role["RoleName"])["Role"]["MaxSessionDuration"]
            rows.append([f"role/{role['RoleName']}", "session", "", str(length)])
        for policy in client.list_policies(Scope="Local")["Policies"]:
            rows.append([f"policy/{policy['Arn']}", "exists", "", ""])
            for tag in client.list_policy_tags(PolicyArn=policy["Arn"])["Tags"]:
                rows.append([f"policy/{policy['Arn']}", "tag", tag["Key"], tag["Value"]])
        for profile in client.list_instance_profiles()["InstanceProfiles"]:
            role = "".join("role/" + role["RoleName"] for role in profile["Roles"])
            rows.append([f"instance-profile/{profile['InstanceProfileName']}", "role", "", role])
        for listed in client.list_open_id_connect_providers()["OpenIDConnectProviderList"]:
            arn = listed["Arn"]
            provider = client.get_open_id_connect_provider(OpenIDConnectProviderArn=arn)
            prints = ",".join(provider["ThumbprintList"])
            rows.append([f"provider/{arn}", "thumbprints", "", prints])
            rows += [[f"provider/{arn}", "client", client_id, ""] for client_id in provider["ClientIDList"]]
            rows += [[f"provider/{arn}", "tag", tag["Key"], tag["Value"]] for tag in provider.get("Tags", [])]
        for listed in client.list_saml_providers()["SAMLProviderList"]:
            arn = listed["Arn"]
            text = client.get_saml_provider(SAMLProviderArn=arn)["SAMLMetadataDocument"]
            rows.append([f"provider/{arn}", "metadata", "", text])
        aliases = client.list_account_aliases()["AccountAliases"]
        rows.append(["account", "alias", "", "".join(aliases)])
        return rows

    def json(self, folder, name, value):
        with open(os.path.join(self.output, folder, name), "w", encoding="utf-8") as out:
            json.dump(value, out, default=lambda date: date.isoformat())

    def finish(self):
        with open(os.path.join(self.output, "cuts.json"), "w", encoding="utf-8") as out:
            json.dump(self.all, out)
        with open(os.path.join(self.output, "records.ndjson"), "w", encoding="utf-8") as out:
            for record in self.trail.records:
                out.write(json.dumps(record) + "\n")


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--seed", type=int, required=True)
    parser.add_argument("--calls", type=int, default=200)
    parser.add_argument("--cuts", type=int, default=4)
    parser.add_argument("--swaps", action="store_true", help="take off and put back in a second")
    parser.add_argument("--output", required=True)
    arguments = parser.parse_args()
    signal.alarm(SECONDS_MAX)
    logging.getLogger("werkzeug").setLevel(logging.ERROR)
    # Without it, the emulator knows no policy of AWS's own.
    os.environ["MOTO_IAM_LOAD_MANAGED_POLICIES"] = "true"

    server = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    server.start()
    host, port = server.get_host_and_port()
    # The emulator's ids are random too.
    urllib.request.urlopen(f"http://{host}:{port}/moto-api/seed?a={arguments.seed}", data=b"")
    client = boto3.client(
        "iam",
        region_name="us-east-1",
        endpoint_url=f"http://{host}:{port}",
        aws_access_key_id="testing",
        aws_secret_access_key="testing",
        # What the emulator lacks is answered with 500, which would be tried again.
        config=Config(retries={"max_attempts": 0}, read_timeout=30),
    )
    dice = random.Random(arguments.seed)
    trail = Trail(client, dice)
    cuts = Cuts(client, trail, arguments.output)
    world = World(trail, dice, ACCOUNT)
    for cut in range(1, arguments.cuts + 1):
        while len(trail.records) < arguments.calls * cut // arguments.cuts:
            world.step(arguments.swaps)
        cuts.take()
    cuts.finish()
    server.stop()


if __name__ == "__main__":
    main()
