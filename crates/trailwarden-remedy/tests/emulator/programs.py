"""Runs the AWS CLI and programs of Python, each in a fork of one process that has imported them before.

    python programs.py SOCKET

What is run is the real thing: the driver of the AWS CLI with the words of its command line, and a program
as `__main__`. Only what both do before they look at these is done once: imports, and reading the models
of services, which take longer than most calls. A client (`client.py`)
sends its words, folder and environment with its own streams, and is told how the program ended. The
process ends with its standard input, on which nothing is ever said.
"""

import gc
import json
import os
import runpy
import selectors
import socket
import sys
import traceback

# Where the programs look for what they may read must be as in the programs themselves.
for name in [name for name in os.environ if name.startswith("AWS_")]:
    del os.environ[name]
os.environ.update(AWS_CONFIG_FILE="/dev/null", AWS_SHARED_CREDENTIALS_FILE="/dev/null")

import boto3
import awscli.clidriver

# Where its models are is told, by its import, through the environment.
IMPORTED = {"AWS_DATA_PATH": os.environ["AWS_DATA_PATH"]}
# What `awscli.clidriver.main` makes first, and boto3 with its first client.
DRIVER = awscli.clidriver.create_clidriver()
KEYS = {"aws_access_key_id": "dummy", "aws_secret_access_key": "dummy", "region_name": "us-east-1"}
# Services describe themselves in files that take long to read.
for service in ("cloudtrail", "iam", "s3", "sts"):
    boto3.client(service, **KEYS)
    DRIVER.session.create_client(service, **KEYS)


def asked(connection):
    """What a client wants, and its streams."""
    length, streams, _, _ = socket.recv_fds(connection, 8, 3)
    with connection.makefile("rb") as file:
        wanted = json.loads(file.read(int.from_bytes(length, "big")))
    return wanted, streams


def become(wanted, streams):
    """Makes this process what the client would have become."""
    for number, stream in enumerate(streams):
        os.dup2(stream, number)
        os.close(stream)
    os.chdir(wanted["folder"])
    os.environ.clear()
    os.environ.update(wanted["environment"] | IMPORTED)
    sys.argv = wanted["words"]


def serve(path):
    """Returns in a fork only, with the name of the program to run; in the first process when it ends."""
    listener = socket.socket(socket.AF_UNIX)
    listener.bind(path)
    listener.listen()
    running = {}
    print("ready", flush=True)
    with selectors.DefaultSelector() as selector:
        selector.register(listener, selectors.EVENT_READ)
        selector.register(sys.stdin.fileno(), selectors.EVENT_READ)
        while True:
            for key, _ in selector.select():
                if key.fileobj is listener:
                    connection, _ = listener.accept()
                    wanted, streams = asked(connection)
                    child = os.fork()
                    if child == 0:
                        connection.close()
                        listener.close()
                        become(wanted, streams)
                        return wanted["program"]
                    for stream in streams:
                        os.close(stream)
                    ended = os.pidfd_open(child)
                    running[ended] = (child, connection)
                    selector.register(ended, selectors.EVENT_READ)
                elif key.fileobj in running:
                    child, connection = running.pop(key.fileobj)
                    selector.unregister(key.fileobj)
                    os.close(key.fileobj)
                    _, status = os.waitpid(child, 0)
                    try:
                        connection.sendall(bytes([os.waitstatus_to_exitcode(status) & 0xFF]))
                    except BrokenPipeError:
                        pass  # The client was killed meanwhile.
                    connection.close()
                else:
                    return None


def run(program):
    """Runs it, and ends this process as Python would, but without taking all that was imported apart."""
    status = 0
    try:
        if program == "aws":
            status = DRIVER.main()
        else:
            sys.argv.pop(0)
            runpy.run_path(sys.argv[0], run_name="__main__")
    except SystemExit as end:
        status = end.code
        if isinstance(status, str):
            print(status, file=sys.stderr)
            status = 1
    except BaseException:
        traceback.print_exc()
        status = 1
    sys.stdout.flush()
    sys.stderr.flush()
    os._exit((status or 0) & 0xFF)


def main():
    # Without a terminal, a password is asked for on standard input.
    os.setsid()
    # What is there now stays: forks need not look at it, which would copy it.
    gc.freeze()
    if program := serve(sys.argv[1]):
        run(program)


if __name__ == "__main__":
    main()
