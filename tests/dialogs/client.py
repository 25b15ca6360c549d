"""Asks `tests/dialogs/warm.py` for the command, and stands for it: streams, signals, exit code.

Imports only what Python has loaded in a few milliseconds.
"""

import json
import os
import signal
import socket
import sys
import time


def main() -> None:
    """Arguments: the server's address, then those of the command."""
    address, *arguments = sys.argv[1:]
    early: list[int] = []
    for it in (signal.SIGINT, signal.SIGTERM):
        signal.signal(it, lambda number, _: early.append(number))
    with socket.socket(socket.AF_UNIX) as server:
        while server.connect_ex(address):  # it is still loading
            time.sleep(0.02)
        told = json.dumps(
            {"arguments": arguments, "environment": dict(os.environ), "folder": os.getcwd()}  # noqa: PTH109
        ).encode()
        socket.send_fds(server, [len(told).to_bytes(4, "big")], [0, 1, 2])
        server.sendall(told)
        pid = int.from_bytes(server.recv(4), "big")
        for it in (signal.SIGINT, signal.SIGTERM):
            signal.signal(it, lambda number, _: os.kill(pid, number))
        for number in early:
            os.kill(pid, number)
        status = int.from_bytes(server.recv(4), "big")
    code = os.waitstatus_to_exitcode(status)
    if code < 0:
        signal.signal(-code, signal.SIG_DFL)
        os.kill(os.getpid(), -code)
    sys.exit(code)


main()
