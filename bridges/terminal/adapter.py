"""The terminal as a platform: one person types, lines come in, answers are printed."""

import asyncio
import re
from collections.abc import AsyncIterator, Callable
from pathlib import Path
from uuid import uuid4

from rich.console import Console

from agents.turn import Place
from agents.wording import sentence
from bridges.protocol import Door, Incoming, Part, Sender
from bridges.terminal.render import render
from bridges.uploads import Upload
from feed_core.errors import PictureRefused

FILE = re.compile(r"(?:^|\s)@(\S+\.(\w{1,5}))(?=\s|$)")
ENDINGS = frozenset(
    [
        "png",
        "jpg",
        "jpeg",
        "webp",
        "gif",
        "mp3",
        "m4a",
        "ogg",
        "oga",
        "opus",
        "flac",
        "wav",
        "mp4",
        "m4v",
        "mov",
        "webm",
        "weba",
    ]
)
MISSING = "unreadable"
NO_FILE = (OSError, RuntimeError, ValueError)  # none there; no home of that user; a NUL in its name
LARGEST = 25 * 2**20
ROOM = "terminal"  # whoever sits here, one after the other, is in one room


class TerminalBridge:
    """Lines from one person's keyboard, or from a pipe; ends with them."""

    platform = "terminal"
    repeatable = False

    def __init__(
        self, name: str, lines: AsyncIterator[str], console: Console, pictures: Path
    ) -> None:
        self._name, self._lines, self._console = name, lines, console
        self._pictures = pictures

    async def run(self, door: Door, ready: Callable[[], None]) -> None:
        """Answer line after line until there are no more."""
        ready()
        async for line in self._lines:
            if line.strip():
                reply = Printed(self._console, self._pictures)
                try:
                    incoming = await self._incoming(line.strip())
                except PictureRefused as error:
                    await reply.show(Part(_refused(error, line.strip())))
                    continue
                await door.receive(incoming, reply)

    async def who(self) -> str:
        """Whoever sits here."""
        return self._name

    async def send(self, place_id: str, part: Part, *, key: str, under: str | None = None) -> str:
        """Print what comes unasked; the key is its id."""
        self._console.print(render(part, self._pictures), soft_wrap=True, highlight=False)
        self._console.print()
        return key

    async def edit(
        self, place_id: str, message_id: str, part: Part | None, *, under: str | None = None
    ) -> None:
        """Print it anew: what was shown cannot be changed."""
        if part is not None:
            await self.send(place_id, part, key=message_id)

    async def open_thread(self, place_id: str, name: str) -> str | None:
        """There are no threads."""
        return None

    async def _incoming(self, line: str) -> Incoming:
        """The line as a message; "@picture.png" in it is a file that comes along.

        So is any other file that is there: that it cannot be shown, its sender has to be told.
        """
        named = [it for it in FILE.finditer(line) if await asyncio.to_thread(_is_file, it)]
        uploads = [await asyncio.to_thread(_read, it[1]) for it in named]
        text = line
        for it in reversed(named):
            text = f"{text[: it.start()]} {text[it.end() :]}"
        return Incoming(
            update_id=uuid4().hex,
            sender=Sender(self._name, self._name),
            place=Place(self.platform, self._name, private=True, room=ROOM),
            text=text.strip(),
            uploads=uploads,
        )


def _is_file(found: re.Match[str]) -> bool:
    """Whether what stands behind an @ is a file: by its ending, or since there is one."""
    try:
        return found[2].lower() in ENDINGS or Path(found[1]).expanduser().is_file()
    except NO_FILE:
        return False


def _read(name: str) -> Upload:
    """The file of this name.

    Raises:
        PictureRefused: there is none that can be read, or it holds more than 25 MB.
    """
    path = Path(name).expanduser()
    try:
        if path.stat().st_size > LARGEST:
            raise PictureRefused("too_large")
        return Upload(path.name, path.read_bytes())
    except NO_FILE as error:
        raise PictureRefused(MISSING) from error


def _refused(error: PictureRefused, line: str) -> str:
    return f"I cannot read a file there: {line}" if error.problem == MISSING else sentence(error)


class Printed:
    """Prints the answer to one line, as it grows where somebody watches."""

    def __init__(self, console: Console, pictures: Path) -> None:
        self._console, self._pictures = console, pictures
        self._shown = ""

    async def stream(self, text: str) -> None:
        """Print what came since the last time."""
        if self._console.is_terminal:
            self._console.print(
                text.removeprefix(self._shown),
                end="",
                soft_wrap=True,
                highlight=False,
                markup=False,
            )
            self._shown = text

    async def show(self, part: Part) -> None:
        """Print the answer, or what of it is not there yet."""
        if self._shown:
            self._console.print()
        shown = render(part, self._pictures, already=self._shown)
        self._console.print(shown, soft_wrap=True, highlight=False)
        self._console.print()
