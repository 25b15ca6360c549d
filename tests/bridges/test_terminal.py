"""The terminal: which words are files that come along, and what is said of those that cannot be."""

import io
from collections.abc import AsyncIterator
from pathlib import Path
from typing import cast

import pytest
from rich.console import Console

from bridges.protocol import Door, Incoming, Reply
from bridges.terminal.adapter import LARGEST, TerminalBridge
from tests.bridges.telegram_door import png


class Heard:
    """A door that keeps what comes in."""

    def __init__(self) -> None:
        self.came: list[Incoming] = []

    async def receive(self, incoming: Incoming, reply: Reply) -> None:
        self.came.append(incoming)


async def typed(folder: Path, *lines: str) -> tuple[list[Incoming], str]:
    """What comes in of these lines, and what is printed."""

    async def each() -> AsyncIterator[str]:
        for line in lines:
            yield line

    door, out = Heard(), io.StringIO()
    bridge = TerminalBridge("ana", each(), Console(file=out, width=200), folder / "pictures")
    await bridge.run(cast(Door, door), lambda: None)
    return door.came, out.getvalue()


async def test_whatever_file_is_there_comes_along_and_is_no_word(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    for name in ("sea.png", "sea.svg", "notes.txt"):
        (tmp_path / name).write_bytes(png())
    came, _ = await typed(
        tmp_path, "/create The sea @sea.png #sea", "/create @sea.svg", "/create a @notes.txt @b.io"
    )
    assert [[it.name for it in one.uploads] for one in came] == [
        ["sea.png"],
        ["sea.svg"],
        ["notes.txt"],
    ]
    assert [it.text.split() for it in came] == [
        ["/create", "The", "sea", "#sea"],
        ["/create"],
        ["/create", "a", "@b.io"],  # somebody's name: there is no such file
    ]


async def test_a_file_that_cannot_be_read_is_said_and_the_next_line_is_answered(
    tmp_path: Path,
) -> None:
    large = tmp_path / "large.png"
    with large.open("wb") as file:
        file.truncate(LARGEST + 1)
    came, printed = await typed(
        tmp_path,
        "/create @gone.png",
        f"/create @{large}",
        "@no\0name.png",
        "@~nobody-x/a.svg",
        "hi",
    )
    assert [it.text for it in came] == ["@~nobody-x/a.svg", "hi"]
    assert printed.count("I cannot read a file there") == 2
    assert "That file is larger than 25 MB." in printed
