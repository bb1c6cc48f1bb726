"""The emulator (moto) inside this process, on a free port of loopback, with every request counted.

Some things of it are nearer to AWS here than as it comes: the credential report is of today, has a row for the
root user and tells when passwords were changed; the account summary tells of the root user's second factor and
keys; and what was made just now can be given an age.
"""

import collections
import datetime
import io
import threading
import urllib.parse

from moto.core import DEFAULT_ACCOUNT_ID
from moto.iam import models, responses
from moto.moto_server.werkzeug_app import (
    DomainDispatcherApplication,
    MotoRequestHandler,
    create_backend_app,
)
from werkzeug.serving import make_server

WHEN = "%Y-%m-%dT%H:%M:%S+00:00"


class Counting:
    """Counts requests by service and operation."""

    def __init__(self, inner):
        self.inner = inner
        self.lock = threading.Lock()
        self.reset()

    def reset(self):
        self.calls = collections.Counter()

    def __call__(self, environ, start_response):
        length = int(environ.get("CONTENT_LENGTH") or 0)
        body = environ["wsgi.input"].read(length) if length else b""
        environ["wsgi.input"] = io.BytesIO(body)
        name = operation(environ, body)
        with self.lock:
            self.calls[name] += 1

        return self.inner(environ, start_response)


def operation(environ, body):
    scope = environ.get("HTTP_AUTHORIZATION", "").partition("Credential=")[2].split("/")
    service = scope[3] if len(scope) > 3 else "unsigned"
    target = environ.get("HTTP_X_AMZ_TARGET", "").rpartition(".")[2]
    form = urllib.parse.parse_qs(body.decode("utf-8", "replace")).get("Action", [""])[0]
    rest = f"{environ['REQUEST_METHOD']} {environ['PATH_INFO']}"
    return f"{service}:{target or form or rest}"


class Emulator:
    def __init__(self):
        self.counts = Counting(DomainDispatcherApplication(create_backend_app))
        self.server = make_server(
            "127.0.0.1", 0, self.counts, threaded=True, request_handler=MotoRequestHandler
        )
        self.port = self.server.server_address[1]
        self.url = f"http://127.0.0.1:{self.port}"
        threading.Thread(target=self.server.serve_forever, daemon=True).start()
        self.memory = models.iam_backends[DEFAULT_ACCOUNT_ID]["aws"]

    def tell_of_root(self, root):
        """Gives the root user a row in the report and its facts in the summary."""
        summary = self.memory.account_summary
        summary._account_mfa_enabled = int(root.has_mfa)
        summary._account_access_keys_present = int(root.keys > 0)
        own, reply = self.memory.get_credential_report, responses.IamResponse.get_credential_report

        def report():
            head, _, users = own().partition("\n")
            rows = [changed(self.memory, line) for line in users.splitlines()]
            return "\n".join([head, root_row(root), *rows]) + "\n"

        def of_today(response):
            result = reply(response)
            now = datetime.datetime.now(datetime.timezone.utc)
            result.result["GeneratedTime"] = now.strftime("%Y-%m-%dT%H:%M:%SZ")
            return result

        self.memory.get_credential_report = report
        responses.IamResponse.get_credential_report = of_today


def root_row(root):
    """As the IAM user guide has it: password changes of the root user are not told."""
    made = "2020-01-01T00:00:00+00:00"
    key = ["true", made, "N/A", "N/A", "N/A"] if root.keys else ["false"] + ["N/A"] * 4
    fields = ["<root_account>", f"arn:aws:iam::{DEFAULT_ACCOUNT_ID}:root", made]
    fields += [root.password, root.used.strftime(WHEN), "not_supported", "not_supported"]
    fields += [str(root.has_mfa).lower(), *key, "false", *["N/A"] * 4, "false", "N/A", "false", "N/A"]
    return ",".join(fields)


def changed(memory, line):
    """A row with the time of the password's change, which the emulator takes from the user."""
    fields = line.split(",")
    user = memory.get_user(fields[0])
    if fields[3] == "true":
        fields[5], fields[6] = user.password_made.strftime(WHEN), "N/A"
    else:
        fields[4:7] = ["N/A"] * 3
    for active in (8, 13):
        is_used = fields[active + 2] != "N/A"
        fields[active + 3 : active + 5] = ["us-east-1", "s3"] if is_used else ["N/A", "N/A"]
    return ",".join(fields)
