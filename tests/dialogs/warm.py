"""A process that has imported all of Jamfeed, and forks to run a part of it: seconds less for each.

Run as `python -m tests.dialogs.warm NUMBER`, that of a listening socket. What it forks is a process
of its own, with the streams, folder, environment and signals that `tests/dialogs/client.py` passes
on. It ends when nobody is left who stays connected without asking for anything.
"""

import gc
import json
import os
import selectors
import signal
import socket
import sys
from importlib import import_module
from io import TextIOWrapper

LOADED = (  # not onnxruntime: it starts a thread, which no fork survives
    "bridges.cli",
    "bridges.chatting",
    "bridges.running",
    "bridges.demo",
    "bridges.doctor",
    "bridges.porting",
    "bridges.discord.adapter",
    "bridges.telegram.adapter",
    "agents.agent",
    "agents.tools",
    "chromadb",
    "dbos",
    "langchain_openai",
    "psycopg",
    "sqlalchemy.dialects.sqlite.aiosqlite",
    "tokenizers",
    "uvloop",
)


class Server:
    """Forks one process for every connection, and tells it how that ended, as a wait status."""

    def __init__(self, listening: socket.socket) -> None:
        self._listening = listening
        self._ended, woken = socket.socketpair()
        for it in (self._ended, woken):
            it.setblocking(False)
        signal.signal(signal.SIGCHLD, lambda *_: None)
        signal.set_wakeup_fd(woken.fileno())
        self._woken = woken
        self._selector = selectors.DefaultSelector()
        for it in (self._listening, self._ended):
            self._selector.register(it, selectors.EVENT_READ)
        self._children: dict[int, socket.socket] = {}
        self._staying: set[socket.socket] = set()

    def serve(self) -> list[str]:
        """Fork as long as somebody stays; returns what a child is to run, in the child only."""
        while True:
            for key, _ in self._selector.select():
                if key.fileobj is self._listening:
                    if (arguments := self._fork()) is not None:
                        return arguments
                elif key.fileobj is self._ended:
                    self._ended.recv(4096)
                    self._reap()
                elif key.data:  # whoever asked for it is gone
                    os.kill(key.data, signal.SIGKILL)
                    self._selector.unregister(key.fileobj)
                elif isinstance(key.fileobj, socket.socket):
                    self._leaves(key.fileobj)

    def _fork(self) -> list[str] | None:
        connection, _ = self._listening.accept()
        size, streams, _, _ = socket.recv_fds(connection, 4, 3)
        if not streams:
            self._staying.add(connection)
            connection.sendall(size)
            self._selector.register(connection, selectors.EVENT_READ)
            return None
        told = bytearray()
        while len(told) < int.from_bytes(size, "big"):
            told += connection.recv(65_536)
        if pid := os.fork():
            for it in streams:
                os.close(it)
            connection.sendall(pid.to_bytes(4, "big"))
            self._children[pid] = connection
            self._selector.register(connection, selectors.EVENT_READ, pid)
            return None
        connection.close()
        self._leave()
        return _become(json.loads(told), streams)

    def _leaves(self, who: socket.socket) -> None:
        self._selector.unregister(who)
        self._staying.remove(who)
        who.close()
        if not self._staying:
            sys.exit()

    def _leave(self) -> None:
        signal.set_wakeup_fd(-1)
        signal.signal(signal.SIGCHLD, signal.SIG_DFL)
        self._selector.close()
        ours = (self._listening, self._ended, self._woken)
        for it in (*ours, *self._staying, *self._children.values()):
            it.close()

    def _reap(self) -> None:
        while self._children:
            pid, status = os.waitpid(-1, os.WNOHANG)
            if not pid:
                return
            connection = self._children.pop(pid)
            if connection in self._selector.get_map():
                self._selector.unregister(connection)
                connection.sendall(status.to_bytes(4, "big"))
            connection.close()


def _become(told: dict[str, object], streams: list[int]) -> list[str]:
    for place, it in enumerate(streams):
        os.dup2(it, place)
        os.close(it)
    environment, arguments = told["environment"], told["arguments"]
    assert isinstance(environment, dict)
    assert isinstance(arguments, list)
    os.environ.clear()
    os.environ.update(environment)
    os.chdir(str(told["folder"]))
    for stream in (sys.stdout, sys.stderr):
        assert isinstance(stream, TextIOWrapper)
        stream.reconfigure(write_through="PYTHONUNBUFFERED" in os.environ)
    return arguments


def main() -> None:
    """Load everything, serve, and be in every child what was asked for."""
    os.environ["OPENBLAS_NUM_THREADS"] = "1"
    for name in LOADED:
        import_module(name)
    gc.collect()
    gc.freeze()
    server = Server(socket.socket(fileno=int(sys.argv[1])))
    module, *arguments = server.serve()
    sys.argv[:] = ["jamfeed", *arguments]
    import_module(module).main(arguments)


if __name__ == "__main__":
    main()
