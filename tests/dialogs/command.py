"""How tests run the command `jamfeed`, and parts of it, in processes of their own."""

import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from filelock import FileLock

ROOT = Path(__file__).parents[2]
JAMFEED = Path(sys.executable).parent / "jamfeed"
CLIENT = Path(__file__).parent / "client.py"
_warm: list[str] = []  # the address of the process that has imported it already


def command(*arguments: str) -> list[str]:
    """What to run: the installed command, or one forked from a process that is `warm`."""
    return forked("bridges.cli", *arguments) if _warm else [str(JAMFEED), *arguments]


def forked(module: str, *arguments: str) -> list[str]:
    """What to run for `main(arguments)` of a module, in a process that has imported Jamfeed."""
    return [sys.executable, "-IS", str(CLIENT), *_warm, module, *arguments]


@contextmanager
def warm(folder: Path) -> Iterator[None]:
    """Meanwhile, processes need no time to import anything.

    Whoever names the same folder shares what is there, until the last one leaves.
    """
    address = folder / "warm"
    started: subprocess.Popen[bytes] | None = None
    with socket.socket(socket.AF_UNIX) as staying:
        with FileLock(folder / "warm.lock"):
            try:
                staying.connect(str(address))
            except OSError:  # nobody is there, or no more
                started = _served(address)
                staying.connect(str(address))
            staying.sendall(bytes(4))
            staying.recv(4)  # it has loaded everything
        _warm.append(str(address))
        try:
            yield
        finally:
            _warm.clear()
    if started:
        started.wait()


def _served(address: Path) -> subprocess.Popen[bytes]:
    address.unlink(missing_ok=True)
    with socket.socket(socket.AF_UNIX) as listening:
        listening.bind(str(address))
        listening.listen(64)  # clients wait in line while it loads
        return subprocess.Popen(
            [sys.executable, "-m", "tests.dialogs.warm", str(listening.fileno())],
            cwd=ROOT,
            stdin=subprocess.DEVNULL,
            pass_fds=[listening.fileno()],
        )
