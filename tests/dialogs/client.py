"""Asks `tests/dialogs/warm.py` for a process, and stands for it: streams, signals, exit code.

Imports only what Python has loaded in a few milliseconds.
"""

import json
import os
import signal
import socket
import sys


def main() -> None:
    """Arguments: the server's address, the module to run, and what its `main` is given."""
    address, *arguments = sys.argv[1:]
    early: list[int] = []
    for it in (signal.SIGINT, signal.SIGTERM):
        signal.signal(it, lambda number, _: early.append(number))
    with socket.socket(socket.AF_UNIX) as server:
        server.connect(address)
        told = json.dumps(
            {"arguments": arguments, "environment": dict(os.environ), "folder": os.getcwd()}  # noqa: PTH109
        ).encode()
        socket.send_fds(server, [len(told).to_bytes(4, "big")], [0, 1, 2])
        server.sendall(told)
        pid = _number(server)
        for it in (signal.SIGINT, signal.SIGTERM):
            signal.signal(it, lambda number, _: os.kill(pid, number))
        signal.signal(signal.SIGUSR1, lambda *_: os.kill(pid, signal.SIGKILL))
        for number in early:
            os.kill(pid, number)
        status = _number(server)
    code = os.waitstatus_to_exitcode(status)
    if code < 0:
        if -code != signal.SIGKILL:
            signal.signal(-code, signal.SIG_DFL)
        os.kill(os.getpid(), -code)
    sys.exit(code)


def _number(server: socket.socket) -> int:
    if not (told := server.recv(4)):
        sys.exit("the process that was to run it is gone")
    return int.from_bytes(told, "big")


main()
