"""Writes docs/transcripts: the first jam as it went, at the terminal and on both platforms.

Run as `python -m tests.dialogs.transcripts` when an answer has changed.
"""

import asyncio
import re
import tempfile
from collections.abc import Iterator
from pathlib import Path

from tests.dialogs.command import ROOT
from tests.dialogs.serving import WARM, Town, jamfeed_run
from tests.dialogs.test_terminal import STORY, jamfeed
from tests.fakes.discord_things import Message
from tests.fakes.telegram import Sent

FOLDER = ROOT / "docs" / "transcripts"
PLATFORM_STORY = [line for line in STORY if line != "/publish"]


def terminal(home: Path) -> str:
    """What the terminal showed, line by line."""
    done = jamfeed("chat", "--as", "ana", home=home, lines="\n".join(STORY))
    done.check_returncode()
    answers = done.stdout.replace(str(home), ".jamfeed").strip().split("\n\n")
    return _told(zip(STORY, answers, strict=True))


async def telegram(town: Town) -> str:
    """The same in Telegram; drafts are published by their button."""
    told = []
    for line in PLATFORM_STORY:
        town.telegram.say(line.replace("/digest now", "/digest_now"))
        answer = await town.telegram.hears(timeout=WARM)
        told.append((line, _sent(answer)))
        if any(label == "Publish" for label, _ in answer.buttons):
            town.telegram.press(answer, "Publish")
            told.append(("[presses Publish]", _sent(await town.telegram.hears(timeout=WARM))))
    return _told(iter(told))


async def discord(town: Town) -> str:
    """The same in a private chat with the bot on Discord, in plain words and by slash commands."""
    told = []
    options = {"create": "words", "paint": "prompt", "lineage": "creation"}
    for line in PLATFORM_STORY:
        answer: Message | None
        if not line.startswith("/"):
            town.discord.dm(line)
            answer = await town.discord.hears(timeout=WARM)
        else:
            name, _, rest = line[1:].partition(" ")
            given = {options[name]: rest} if name in options else {}
            if name == "remix":
                given = {"sources": "1,2", "how": "as an erasure poem"}
            sub = rest if name == "digest" else ""
            asked = town.discord.slash(name, given, subcommand=sub)
            answer = (await asked.answered(timeout=WARM)).response
        assert answer is not None
        told.append((line, _message(answer)))
        if any(label == "Publish" for label, _, _ in answer.buttons):
            pressed = await town.discord.press(answer, "Publish").answered(timeout=WARM)
            assert pressed.response is not None
            told.append(("[presses Publish]", _message(pressed.response)))
    return _told(iter(told))


def _sent(answer: Sent) -> str:
    shown = ["[photo]"] if answer.photo else []
    buttons = " ".join(f"[{label}]" for label, _ in answer.buttons)
    return "\n".join(filter(None, [*shown, answer.plain, buttons]))


def _message(answer: Message) -> str:
    shown = [f"[picture: {it.alt}]" for it in answer.files]
    buttons = " ".join(f"[{label}]" for label, _, _ in answer.buttons)
    return "\n".join(filter(None, [answer.text, *shown, buttons]))


def _told(steps: Iterator[tuple[str, str]]) -> str:
    blocks = [f"ana › {line}\n{_indented(answer)}" for line, answer in steps]
    return "\n\n".join(blocks) + "\n"


def _indented(answer: str) -> str:
    return "\n".join(f"    {line}".rstrip() for line in re.sub(r"\n{2,}", "\n", answer).split("\n"))


async def main() -> None:
    FOLDER.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory() as home:
        (FOLDER / "terminal.txt").write_text(terminal(Path(home)))
    for name, play in (("telegram", telegram), ("discord", discord)):
        with tempfile.TemporaryDirectory() as home:
            async with jamfeed_run(Path(home)) as town:
                (FOLDER / f"{name}.txt").write_text(await play(town))


if __name__ == "__main__":
    asyncio.run(main())
