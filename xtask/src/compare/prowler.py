"""Two scanners on one emulated account: what each says of every resource, in how many calls and how long.

    python prowler.py --trailwarden BINARY --prowler BINARY --folder FOLDER [--only loose|tight] [--json FILE]

Run by `cargo xtask compare prowler`, which installs what it needs. Each variant of the account (account.py,
trail.py) is made in an emulator on loopback (emulator.py); `trailwarden` and Prowler scan it one after the other;
the answers are joined by check and resource. A difference that `reasons.py` does not explain ends it with 1.
"""

import argparse
import collections
import csv
import json
import logging
import os
import subprocess
import sys
import time

# Before the emulator is loaded: it then knows the policies of AWS.
os.environ["MOTO_IAM_LOAD_MANAGED_POLICIES"] = "true"

import boto3

import account
import reasons
import trail
from emulator import Emulator

SERVICES = "iam cloudtrail cloudwatch accessanalyzer organizations kms account".split()
# The later wins, where several verdicts are about one resource.
ORDER = ["none", "not_applicable", "pass", "manual", "unknown", "fail"]
# Checks of which one side speaks of the account, and the other of something in it.
OF_ACCOUNT = {"account", "password_policy", "root", "bucket", "trail", "kms_key"}
SECONDS_MAX = 900


def environment(url):
    """Of a program that must find nothing but the emulator."""
    nobody = {"AWS_ACCESS_KEY_ID": "dummy", "AWS_SECRET_ACCESS_KEY": "dummy"}
    files = {name: os.devnull for name in ("AWS_CONFIG_FILE", "AWS_SHARED_CREDENTIALS_FILE")}
    kept = {name: os.environ[name] for name in ("PATH", "HOME", "LANG") if name in os.environ}
    region = {"AWS_REGION": account.REGION, "AWS_DEFAULT_REGION": account.REGION}
    return {**kept, **nobody, **files, **region, "AWS_ENDPOINT_URL": url}


class Run:
    """One program on the emulator: its calls, seconds of the clock and of the processor, and memory."""

    def __init__(self, words, emulator, log):
        emulator.counts.reset()
        started = time.monotonic()
        with open(log, "w") as out:
            child = subprocess.Popen(words, stdout=out, stderr=out, env=environment(emulator.url))
            _, status, used = os.wait4(child.pid, 0)
        self.wall = time.monotonic() - started
        self.cpu = used.ru_utime + used.ru_stime
        self.memory = used.ru_maxrss // 1024
        self.code = os.waitstatus_to_exitcode(status)
        self.calls = emulator.counts.calls

    def told(self):
        return {
            "wall_seconds": round(self.wall, 1),
            "cpu_seconds": round(self.cpu, 1),
            "memory_mb": self.memory,
            "calls": sum(self.calls.values()),
            "code": self.code,
        }


def short(arn):
    """`user/alice` of an ARN, whatever the path."""
    kind, _, name = arn.split(":", 5)[-1].partition("/")
    return f"{kind}/{name.rsplit('/', 1)[-1]}" if name else kind


class Scanned:
    """What both say of one variant of the account."""

    def __init__(self, variant, arguments):
        self.variant, self.arguments = variant, arguments
        self.emulator = Emulator()
        session = boto3.Session("dummy", "dummy", region_name=account.REGION)
        clients = {}
        client = lambda name: clients.setdefault(  # noqa: E731
            name, session.client(name, endpoint_url=self.emulator.url)
        )
        made = account.Account(client, self.emulator.memory, variant == "tight")
        made.fill()
        trail.fill(client, variant == "tight")
        self.emulator.tell_of_root(made.root)
        self.carriers = carriers(client("iam"))

    def path(self, ending):
        return os.path.join(self.arguments.folder, f"{self.variant}{ending}")

    def run(self):
        binary, baseline = self.arguments.trailwarden, self.path(".twb")
        # What an earlier run wrote must not be taken for this one's, nor added to.
        for ending in (".twb", ".json", ".csv"):
            if os.path.exists(self.path(ending)):
                os.remove(self.path(ending))
        where = ["--endpoint-url", self.emulator.url, "--region", account.REGION]
        asked = Run(
            [binary, "baseline", "--depth", "full", "--output", baseline, "--quiet", *where],
            self.emulator,
            self.path(".baseline.log"),
        )
        judged = Run(
            [binary, "assess", "--baseline", baseline, "--format", "json", "--quiet"],
            self.emulator,
            self.path(".json"),
        )
        words = [self.arguments.prowler, "aws", "--service", *SERVICES, "--no-banner"]
        words += ["--region", account.REGION, "--output-formats", "csv"]
        words += ["--output-directory", self.arguments.folder, "--output-filename", self.variant]
        theirs = Run(words, self.emulator, self.path(".prowler.log"))
        return {"baseline": asked, "assess": judged, "prowler": theirs}

    def ours(self):
        """Rows of our checks that answer one of theirs: {their check: [(kind, resource, verdict)]}."""
        with open(self.path(".json")) as file:
            report = json.load(file)
        rows = collections.defaultdict(list)
        for found in report["findings"]:
            target, resource = found["target"], found["resource"]
            key = short(target["arn"]) if target["arn"] else resource
            if target["kind"] == "inline_policy":
                key += "/" + target["id"].rpartition("/inline policy ")[2]
            for control in found["frameworks"]:
                if control["name"] == "Prowler":
                    rows[control["control"]].append((target["kind"], key, found["verdict"]))
        return rows

    def theirs(self):
        csv.field_size_limit(sys.maxsize)
        with open(self.path(".csv")) as file:
            rows = collections.defaultdict(list)
            for row in csv.DictReader(file, delimiter=";"):
                key, name = short(row["RESOURCE_UID"]), row["RESOURCE_NAME"]
                if row["CHECK_ID"].startswith("iam_inline_policy_no"):
                    key += "/" + name.partition("/")[2]
                rows[row["CHECK_ID"]].append((key, row["STATUS"].lower()))
        return rows

    def joined(self):
        """{check: {resource: (theirs, ours)}} of the checks that both have."""
        ours, theirs = self.ours(), self.theirs()
        table = {}
        for check in sorted(set(ours) & set(theirs)):
            left, right = self.alike(check, theirs[check], ours[check])
            resources = sorted(set(left) | set(right))
            table[check] = {
                key: (left.get(key, "none"), right.get(key, "none")) for key in resources
            }
        alone = sorted(set(theirs) - set(ours)), sorted(set(ours) - set(theirs))
        return table, alone

    def alike(self, check, theirs, ours):
        """Both sides by the same resources, the gravest verdict of each."""
        left, right = {}, {}
        is_whole = all(kind in OF_ACCOUNT for kind, _, _ in ours)
        for key, verdict in theirs:
            keep(left, "account" if is_whole or check in reasons.WHOLE else key, verdict)
        members = self.carriers if check in reasons.BY_CARRIER else {}
        for kind, key, verdict in ours:
            if is_whole or check in reasons.WHOLE:
                key = "account"
            if members:
                for carried in (one for one in left if key in members.get(one, [one])):
                    keep(right, carried, verdict)
            elif key in left or check not in reasons.WHERE_THEIRS:
                keep(right, key, verdict)
        return left, right


def keep(table, key, verdict):
    table[key] = max(table.get(key, "none"), verdict, key=ORDER.index)


def carriers(iam):
    """Who has what a policy or a group gives: {`policy/p`: {`user/u`, ...}}."""
    having = collections.defaultdict(set)
    details = iam.get_account_authorization_details()
    groups = collections.defaultdict(set)
    for user in details["UserDetailList"]:
        for group in user["GroupList"]:
            groups["group/" + group].add("user/" + user["UserName"])
    for kind, listed in (("user", "User"), ("group", "Group"), ("role", "Role")):
        for one in details[f"{listed}DetailList"]:
            name = f"{kind}/{one[f'{listed}Name']}"
            for policy in one["AttachedManagedPolicies"]:
                having[short(policy["PolicyArn"])] |= groups[name] if kind == "group" else {name}
    return {**having, **groups}


def is_same(theirs, ours):
    """Whether two verdicts say the same; silence is no flaw."""
    harmless = {"pass", "not_applicable", "none"}
    return theirs == ours or (theirs in harmless and ours in harmless)


def show(variant, runs, table, alone, out):
    print(f"\n## {variant}\n")
    for name, run in runs.items():
        told = run.told()
        print(
            f"{name:10} {told['calls']:5} calls  {told['wall_seconds']:6.1f} s  "
            f"{told['cpu_seconds']:6.1f} s of processor  {told['memory_mb']:5} MB  ended with {told['code']}"
        )
    print(f"\n{'check':72} {'same':>5} {'other':>5}")
    counts, by_reason = collections.Counter(), collections.Counter()
    for check, rows in table.items():
        other = {key: pair for key, pair in rows.items() if not is_same(*pair)}
        counts["same"] += len(rows) - len(other)
        counts["other"] += len(other)
        print(f"{check:72} {len(rows) - len(other):5} {len(other):5}")
        for key, (theirs, ours) in other.items():
            why = reasons.find(check, key, theirs, ours)
            by_reason[why or "?"] += 1
            print(f"    {key:40} theirs {theirs:8} ours {ours:15} {why or '?'}")
    print(f"\n{len(table)} checks of both, {counts['same']} verdicts the same, {counts['other']} not")
    for why, count in sorted(by_reason.items()):
        print(f"{count:5}  {why}")
    print("\nonly theirs:", *alone[0], "\nonly ours:", *alone[1])
    out[variant] = {
        "runs": {name: run.told() for name, run in runs.items()},
        "calls": {name: dict(run.calls.most_common()) for name, run in runs.items()},
        "checks": table,
        "reasons": dict(by_reason),
    }
    return by_reason["?"]


def main():
    parser = argparse.ArgumentParser()
    for name in ("trailwarden", "prowler", "folder"):
        parser.add_argument("--" + name, required=True)
    parser.add_argument("--only", choices=("loose", "tight"))
    parser.add_argument("--json")
    arguments = parser.parse_args()
    logging.disable(logging.CRITICAL)
    os.makedirs(arguments.folder, exist_ok=True)
    if arguments.only is None:
        # The emulator's memory is one to a process.
        codes = [
            subprocess.call([sys.executable, "-B", *sys.argv, "--only", variant], timeout=SECONDS_MAX)
            for variant in ("loose", "tight")
        ]
        return max(codes)
    scanned, out = Scanned(arguments.only, arguments), {}
    runs = scanned.run()
    table, alone = scanned.joined()
    unexplained = show(arguments.only, runs, table, alone, out)
    if arguments.json:
        with open(arguments.json, "w") as file:
            json.dump(out, file, indent=1)
    if unexplained:
        print(f"{unexplained} differences have no known reason", file=sys.stderr)
    sys.stdout.flush()
    # The server's threads would outlive it.
    os._exit(1 if unexplained else 0)


sys.exit(main())
