"""Reads a list of commands of the AWS CLI, and tells of each what is wrong with it, or null.

The CLI's words follow from the names of operations and of their members, so botocore's descriptions decide.
"""

import json
import re
import shlex
import sys

import botocore.exceptions
import botocore.session
from botocore import xform_name

# Whom the CLI calls by another name than the service's description.
SERVICES = {"s3api": "s3", "configservice": "config"}
EVERYWHERE = {"--region", "--query", "--output", "--profile"}
# Commands and parameters of the CLI's own (its source, awscli/customizations).
OWN = {("configure", "sso"), ("emr", "terminate-clusters")}
OWN_PARAMETERS = {
    ("configservice", "put-configuration-recorder", "--recording-group"): None,
    ("sns", "subscribe", "--notification-endpoint"): "Endpoint",
}

session = botocore.session.get_session()
models = {}


def service(name):
    if name not in models:
        models[name] = session.get_service_model(SERVICES.get(name, name))
    return models[name]


def fault(command):
    # Which kind of identity is left to the person where a finding does not tell it.
    words = shlex.split(command.replace("KIND", "user"))
    for end in ("|", ">"):
        if end in words:
            words = words[: words.index(end)]
    if tuple(words[1:3]) in OWN:
        return None
    try:
        model = service(words[1])
    except botocore.exceptions.UnknownServiceError:
        return "no such service"
    operations = {xform_name(name, "-"): name for name in model.operation_names}
    if words[2] not in operations:
        return "no such operation"
    shape = model.operation_model(operations[words[2]]).input_shape
    members = {} if shape is None else shape.members
    known = {"--" + xform_name(name, "-"): name for name in members}
    given, values = set(), {}
    last = None
    for word in words[3:]:
        if not word.startswith("--"):
            values.setdefault(last, []).append(word)
            continue
        last = word
        if word in EVERYWHERE:
            continue
        own = (words[1], words[2], word)
        if own in OWN_PARAMETERS:
            given.add(OWN_PARAMETERS[own])
            continue
        name = known.get(word)
        if name is None and word.startswith("--no-"):
            name = known.get("--" + word[len("--no-") :])
        if name is None:
            return "no such parameter: " + word
        given.add(name)
    for word, texts in values.items():
        enum = getattr(members.get(known.get(word)), "enum", None)
        for text in texts:
            if enum and text not in enum and not re.fullmatch("[A-Z_]+", text):
                return "no such value: " + text
    required = set() if shape is None else set(shape.required_members)
    # Without any parameter a command is only named.
    if given and not required <= given:
        return "lacks " + ", ".join(sorted(required - given))
    return None


print(json.dumps([fault(command) for command in json.load(sys.stdin)]))
