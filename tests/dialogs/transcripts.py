"""Writes docs/transcripts: the first jam, at the terminal and on both platforms, and a feed's life.

Run as `python -m tests.dialogs.transcripts` when an answer has changed.
"""

import asyncio
import re
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from tests.dialogs.command import ROOT
from tests.dialogs.serving import WARM, Town, jamfeed_run
from tests.dialogs.test_terminal import STORY, jamfeed
from tests.fakes.discord_things import Message
from tests.fakes.telegram import Sent
from tests.postgres import serving

FOLDER = ROOT / "docs" / "transcripts"
BEN = [
    "/create Gutter: a drum for nobody #rain",
    "/create Kettle: it sings before anybody asks #morning",
    "/create Umbrella: it remembers every street #rain",
]
PUBLISHES = [
    "/create Rain on the tin roof: all night the same song in a new key #rain",
    "/paint rain on a tin roof",
    "/publish",
    "/remix 1,4 as a cento",
    "/publish",
    "/lineage 6",
    "/like 1",
    "/search drum",
    "/search songs that water makes",
    "/feed",
    "/less 2",
    "/jam start Tuesday 5",
]
JOINS = [
    "/create Toast: the colour of seven o'clock #morning",
    "/create Puddle: the sky, on foot #rain",
    "/jam join",
]
BEGINS = ["/feed", "/jam add Tuesday is green"]
GOES_ON = ["/jam add Only on one side"]
ENDS = ["/jam end"]
LOOKS = ["/lineage 10", "/feed latest"]
PLATFORM_STORY = [line for line in STORY if line != "/publish"]


def terminal(home: Path) -> str:
    """What the terminal showed, line by line."""
    done = jamfeed("chat", "--as", "ana", home=home, lines="\n".join(STORY))
    done.check_returncode()
    answers = done.stdout.replace(str(home), ".jamfeed").strip().split("\n\n")
    return _told(zip(STORY, answers, strict=True))


def feed(folder: Path, database: str) -> str:
    """A feed of two, told as what each typed, and its way to PostgreSQL."""
    here, there, out = folder / "here", folder / "there", folder / "export"
    elsewhere = {"JAMFEED_DATABASE_URL": database}
    told = [
        _sitting("ben", BEN, here),
        _sitting("ana", PUBLISHES, here),
        _sitting("ben", JOINS, here),
        _sitting("ana", BEGINS, here),
        _sitting("ben", GOES_ON, here),
        _sitting("ana", ENDS, here),
        _sitting("ana", LOOKS, here),
        _command("export", str(out), home=here),
        _command("import", str(out), home=there, environment=elsewhere),
        _sitting("ana", LOOKS, there, elsewhere),
    ]
    return "\n".join(told).replace(str(folder / "here"), ".jamfeed").replace(f"{folder}/", "")


def _sitting(
    name: str, lines: Sequence[str], home: Path, environment: Mapping[str, str] | None = None
) -> str:
    """One `jamfeed chat`, from its first line to its last."""
    given = {"JAMFEED_MODEL": "offline", **(environment or {})}
    done = jamfeed("chat", "--as", name, home=home, lines="\n".join(lines), environment=given)
    done.check_returncode()
    answers = done.stdout.strip().split("\n\n", len(lines) - 1)
    where = "JAMFEED_DATABASE_URL=postgresql://… " if environment else ""
    head = f"$ {where}jamfeed chat --as {name}\n\n"
    return head + _told(zip(lines, answers, strict=True), name)


def _command(*arguments: str, home: Path, environment: Mapping[str, str] | None = None) -> str:
    done = jamfeed(*arguments, home=home, environment=environment)
    done.check_returncode()
    where = "JAMFEED_DATABASE_URL=postgresql://… " if environment else ""
    return f"$ {where}jamfeed {' '.join(arguments)}\n\n{_indented(done.stdout.strip())}\n"


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
            sub = {"digest": rest, "memory": "show"}.get(name, "")
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


def _told(steps: Iterator[tuple[str, str]], name: str = "ana") -> str:
    blocks = [f"{name} › {line}\n{_indented(answer)}" for line, answer in steps]
    return "\n\n".join(blocks) + "\n"


def _indented(answer: str) -> str:
    return "\n".join(f"    {line}".rstrip() for line in re.sub(r"\n{2,}", "\n", answer).split("\n"))


async def main() -> None:
    FOLDER.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory() as home:
        (FOLDER / "terminal.txt").write_text(terminal(Path(home)))
    with tempfile.TemporaryDirectory() as folder, serving() as postgres:
        told = feed(Path(folder), postgres.url(postgres.bare()))
        (FOLDER / "feed.txt").write_text(told)
    for name, play in (("telegram", telegram), ("discord", discord)):
        with tempfile.TemporaryDirectory() as home:
            async with jamfeed_run(Path(home)) as town:
                (FOLDER / f"{name}.txt").write_text(await play(town))


if __name__ == "__main__":
    asyncio.run(main())
