"""How the dialogs run the command `jamfeed`."""

import socket
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

ROOT = Path(__file__).parents[2]
JAMFEED = Path(sys.executable).parent / "jamfeed"
CLIENT = Path(__file__).parent / "client.py"
_warm: list[str] = []  # the address of the process that has imported it already


def command(*arguments: str) -> list[str]:
    """What to run: the installed command, or one forked from a process that is `warm`."""
    if _warm:
        return [sys.executable, "-IS", str(CLIENT), *_warm, *arguments]
    return [str(JAMFEED), *arguments]


@contextmanager
def warm() -> Iterator[None]:
    """Meanwhile, commands need no time to import anything."""
    with tempfile.TemporaryDirectory(prefix="jamfeed-") as folder:
        address = f"{folder}/warm"
        listening = socket.socket(socket.AF_UNIX)
        listening.bind(address)
        listening.listen(64)  # clients wait in line while it loads
        with (
            listening,
            subprocess.Popen(
                [sys.executable, "-m", "tests.dialogs.warm", str(listening.fileno())],
                cwd=ROOT,
                stdin=subprocess.DEVNULL,
                pass_fds=[listening.fileno()],
            ) as server,
        ):
            _warm.append(address)
            try:
                yield
            finally:
                _warm.clear()
                server.terminate()
