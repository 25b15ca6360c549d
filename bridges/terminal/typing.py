"""Where lines come from: a pipe, or a person with completion and history."""

import asyncio
import os
import threading
from collections.abc import AsyncIterator
from pathlib import Path

from agents.act import Acts

CHUNK = 65_536
WAITING = 1_000  # lines read ahead of being answered


async def piped(descriptor: int) -> AsyncIterator[str]:
    """Lines of a file descriptor until its end; bytes that are no UTF-8 are replaced.

    Read in a thread of its own that nobody waits for: a read that blocks cannot be cancelled.
    """
    loop = asyncio.get_running_loop()
    queue: asyncio.Queue[str | None] = asyncio.Queue(WAITING)

    def put(line: str | None) -> None:
        asyncio.run_coroutine_threadsafe(queue.put(line), loop).result()

    def read() -> None:
        rest = b""
        try:
            while chunk := os.read(descriptor, CHUNK):
                *lines, rest = (rest + chunk).split(b"\n")
                for line in lines:
                    put(line.decode(errors="replace"))
            if rest:
                put(rest.decode(errors="replace"))
            put(None)
        except RuntimeError:
            return  # the loop is closed: nobody listens any more

    threading.Thread(target=read, daemon=True, name="stdin").start()
    while (line := await queue.get()) is not None:
        yield line


async def typed(acts: Acts, history: Path) -> AsyncIterator[str]:
    """Lines that a person types, with completion of commands, until Ctrl-D or Ctrl-C."""
    from prompt_toolkit import PromptSession
    from prompt_toolkit.completion import WordCompleter
    from prompt_toolkit.history import FileHistory
    from prompt_toolkit.patch_stdout import patch_stdout

    meta = {f"/{it.name}": it.summary for it in acts}
    completer = WordCompleter(list(meta), meta_dict=meta, sentence=True)
    session: PromptSession[str] = PromptSession(
        "› ", completer=completer, history=FileHistory(str(history)), complete_while_typing=True
    )
    while True:
        try:
            with patch_stdout(raw=True):
                yield await session.prompt_async()
        except (EOFError, KeyboardInterrupt):
            return
