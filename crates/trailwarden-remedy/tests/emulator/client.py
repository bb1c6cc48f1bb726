"""A program that another process runs: `aws`, or Python, by the name that this file is linked as.

Small, since it starts for each call of a script. See `programs.py`.
"""

import json
import os
import socket
import sys

with socket.socket(socket.AF_UNIX) as connection:
    connection.connect(os.environ["TRAILWARDEN_TEST_PROGRAMS"])
    wanted = {
        "program": os.path.basename(sys.argv[0]),
        "words": sys.argv,
        "folder": os.getcwd(),
        "environment": dict(os.environ),
    }
    if log := os.environ.get("TRAILWARDEN_TEST_CALLS"):
        with open(log, "a") as file:
            file.write(json.dumps(sys.argv[1:]) + "\n")
    told = json.dumps(wanted).encode()
    socket.send_fds(connection, [len(told).to_bytes(8, "big")], [0, 1, 2])
    connection.sendall(told)
    ended = connection.recv(1)
# Nothing: the other process is gone.
sys.exit(ended[0] if ended else 125)
