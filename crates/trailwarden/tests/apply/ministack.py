"""A second emulator of AWS, which asks who may do what, with a user and an access key in it.

    python ministack.py ACCOUNT

Its port on loopback is the first line of standard output. Each line of standard input is then a command,
and is answered by one line:

    {"key": true}       the access key of the user
    {"may": true}       what AWS answers when the key is used: "yes", or the code of the error
    {"tell": true}      the user's keys and inline policies
"""

import json
import os
import signal
import sys
import tempfile

import boto3
from botocore.config import Config
from botocore.exceptions import ClientError

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, os.path.join(HERE, "../../../trailwarden-aws/tests/asking/ministack"))

from started import started

ACCOUNT = sys.argv[1]
REGION = "eu-west-1"
SECONDS_MAX = 240
USER = "alice"
DOCUMENT = {
    "Version": "2012-10-17",
    "Statement": [{"Effect": "Allow", "Action": "iam:*", "Resource": "*"}],
}


class Account:
    def __init__(self, port):
        self.url = f"http://127.0.0.1:{port}"
        self.iam = self.client(ACCOUNT, "dummy")
        self.iam.create_user(UserName=USER, Path="/staff/")
        self.iam.put_user_policy(UserName=USER, PolicyName="own", PolicyDocument=json.dumps(DOCUMENT))
        self.made = self.iam.create_access_key(UserName=USER)["AccessKey"]

    def client(self, key, secret):
        config = Config(retries={"max_attempts": 1})
        session = boto3.Session(aws_access_key_id=key, aws_secret_access_key=secret, region_name=REGION)
        return session.client("iam", endpoint_url=self.url, config=config)

    def key(self):
        return self.made["AccessKeyId"]

    def may(self):
        try:
            self.client(self.made["AccessKeyId"], self.made["SecretAccessKey"]).list_users()
            return "yes"
        except ClientError as error:
            return error.response["Error"]["Code"]

    def tell(self):
        keys = self.iam.list_access_keys(UserName=USER)["AccessKeyMetadata"]
        names = self.iam.list_user_policies(UserName=USER)["PolicyNames"]
        policy = lambda name: self.iam.get_user_policy(UserName=USER, PolicyName=name)["PolicyDocument"]
        return {
            "keys": {key["AccessKeyId"]: key["Status"] for key in keys},
            "policies": {name: policy(name) for name in sorted(names)},
        }


def main():
    with tempfile.TemporaryDirectory() as home:
        server, port = started(home, AUTH="true")
        signal.signal(signal.SIGALRM, lambda *_: sys.exit("it takes too long"))
        signal.alarm(SECONDS_MAX)
        try:
            account = Account(port)
            print(port, flush=True)
            for line in sys.stdin:
                [command] = json.loads(line)
                print(json.dumps(getattr(account, command)()), flush=True)
        finally:
            server.kill()
            server.wait()


main()
