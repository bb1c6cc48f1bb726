"""Another client of an emulated account, which notes what it reads there."""

import datetime
import json

import boto3
from botocore.config import Config

REGION = "eu-west-1"
MARKS = ("ResponseMetadata", "IsTruncated", "Truncated", "Marker", "NextToken", "nextToken")
# Emulators tell the seed of a virtual MFA device; AWS never does, and no baseline keeps it.
SECRETS = ("Base32StringSeed", "QRCodePNG")


def printed(value):
    """As the AWS CLI prints it."""
    if isinstance(value, dict):
        return {key: printed(inner) for key, inner in value.items() if key not in SECRETS}
    if isinstance(value, (list, tuple)):
        return [printed(inner) for inner in value]
    if isinstance(value, datetime.datetime):
        return value.astimezone(datetime.timezone.utc).strftime("%Y-%m-%dT%H:%M:%SZ")
    if isinstance(value, bytes):
        return None
    return value


def document(action, resource="*"):
    statement = {"Effect": "Allow", "Action": action, "Resource": resource}
    return json.dumps({"Version": "2012-10-17", "Statement": [statement]})


def trust(principal):
    statement = {"Effect": "Allow", "Action": "sts:AssumeRole", "Principal": principal}
    return json.dumps({"Version": "2012-10-17", "Statement": [statement]})


class Client:
    def __init__(self, port):
        keys = {"aws_access_key_id": "dummy", "aws_secret_access_key": "dummy"}
        session = boto3.Session(region_name=REGION, **keys)
        config = Config(retries={"max_attempts": 1})
        url = f"http://127.0.0.1:{port}"
        self.clients = {}
        self.client = lambda name: self.clients.setdefault(
            name, session.client(name, endpoint_url=url, config=config)
        )
        self.said = []

    def say(self, api, service, operation, **about):
        """Asks, and notes what was answered."""
        reply = getattr(self.client(service), operation)(**about)
        body = {key: printed(value) for key, value in reply.items() if key not in MARKS}
        # Lists are no things that somebody asks about.
        about = {key: value for key, value in about.items() if isinstance(value, str)}
        self.said.append({"api": api, "about": about, "body": body})
        return reply
