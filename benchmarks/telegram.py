"""A thousand private chats in Telegram at once; one JSON line for each figure.

Jamfeed is a process of its own. Telegram and the model are servers on loopback: Telegram counts its
limits and refuses what breaks them; the model takes two seconds for every answer, word by word.
`python -m benchmarks.telegram [SECONDS]` shortens the five minutes.
"""

import asyncio
import random
import re
import sys
import tempfile
import time
from collections import Counter
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np

from benchmarks.figures import Figures
from benchmarks.first import QUESTIONS, ROOT, anonymous_mb, cpu_seconds, jamfeed, said
from benchmarks.thinking import Thinking
from bridges.app import open_app
from bridges.settings import Settings
from feed_core.services import members
from tests.fakes.openai import Reply, Request
from tests.fakes.openai_replies import chunks
from tests.fakes.telegram import FakeTelegram, Person, Sent

PEOPLE = 1_000
NEWCOMERS = 5.0  # seconds in which they write first, at the same rate
MODEL_SECONDS = 2.0
GROWING, GROWN = 15.0, 6.0  # seconds of messages whose answers take so long that they grow
LONG, RATE = 300.0, 10.0
SHORT = 12.0  # in less than this only counts are worth a look
RUSH, RUSH_RATE, DRAINED = 30.0, 40.0, 28.0
NUMBER, ANSWER = re.compile(r"\((\d+)\)"), re.compile(r"^Answer (\d+): (.*)")
WORDS = "rain taps the same song on every roof."
LEFT = 60.0  # seconds that the last answers have


@dataclass(slots=True)
class Asked:
    """One message and what became of it; moments of `time.monotonic`."""

    chat: int
    at: float
    ready: float = 0.0  # the model had said all
    thought: float = 0.0  # of that, what the model took
    shown: float = 0.0  # first seen whole in its chat
    messages: set[int] = field(default_factory=set)


class Town:
    """Everybody who asks, and who keeps account of what they are answered."""

    def __init__(self, people: int, thinking: float) -> None:
        self.thinking = thinking  # seconds that the model takes
        self.telegram, self.model = FakeTelegram(), Thinking(self._think, self._thought)
        everybody = [Person(number, f"Ana {number}") for number in range(1000, 1000 + 2 * people)]
        self.people, self.strangers = everybody[:people], everybody[people:]
        self.telegram.start(*everybody)
        self.asked: dict[int, Asked] = {}
        self._waiting: set[int] = set()  # chats whose answer is not there yet
        self._chance, self._read = random.Random(7), 0

    @property
    def edits(self) -> int:
        """How often a message of the bot was edited."""
        return Counter(it.method for it in self.telegram.sent)["editMessageText"]

    async def ask(self, rate: float, seconds: float, *, strangers: bool = False) -> list[Asked]:
        """So many messages a second, from members who wait for no answer, or each from a stranger.

        Faster than ten a second anybody may write, also while they wait. Returns when all are
        answered or given up.
        """
        begun, due = len(self.asked), time.monotonic()
        end = due + seconds
        while (due := due + self._chance.expovariate(rate)) < end:
            await asyncio.sleep(max(due - time.monotonic(), 0))
            number = len(self.asked)
            person = self.strangers.pop() if strangers else self._anybody(patient=rate <= RATE)
            self._waiting.add(person.id)
            self.asked[number] = Asked(person.id, time.monotonic())
            question = QUESTIONS[number % len(QUESTIONS)]
            self.telegram.say(f"{question} ({number})", user=person)
            self._account()
        mine = [self.asked[it] for it in range(begun, len(self.asked))]
        give_up = time.monotonic() + LEFT + len(mine) / DRAINED
        while not all(it.shown for it in mine) and time.monotonic() < give_up:
            await asyncio.sleep(0.1)
            self._account()
        await asyncio.sleep(1.0)  # what came twice comes now
        self._account()
        return mine

    def _anybody(self, *, patient: bool) -> Person:
        free = [it for it in self.people if it.id not in self._waiting] if patient else []
        return self._chance.choice(free or self.people)

    def _think(self, request: Request) -> Reply:
        found = NUMBER.findall(request.said)
        if not found:
            return Reply("{}")  # what an agent does unasked
        reply = Reply(f"Answer {found[-1]}: {WORDS}")
        pieces = len(chunks(0, "", reply, request))
        return Reply(reply.text, pause=self.thinking / pieces)

    def _thought(self, request: Request, seconds: float) -> None:
        if found := NUMBER.findall(request.said):
            asked = self.asked[int(found[-1])]
            asked.thought, asked.ready = asked.thought + seconds, time.monotonic()

    def _account(self) -> None:
        sent, self._read = self.telegram.sent[self._read :], len(self.telegram.sent)
        for it in sent:
            self._note(it)

    def _note(self, sent: Sent) -> None:
        found = ANSWER.match(sent.plain)
        if found is None:
            return
        asked = self.asked[int(found[1])]
        asked.messages.add(sent.message_id)
        if found[2] == WORDS and not asked.shown:
            asked.shown = sent.at
            self._waiting.discard(asked.chat)


@asynccontextmanager
async def town(folder: Path, people: int, thinking: float) -> AsyncIterator[tuple[Town, int]]:
    """Jamfeed at work in a town; the number of its process."""
    here = Town(people, thinking)
    agents = folder / "agents.yaml"
    told = (ROOT / "agents.yaml").read_text(encoding="utf-8")
    agents.write_text(re.sub(r"\{ tokens: .*? \}", "{ tokens: 2000000000 }", told), "utf-8")
    await _joined(folder / "home", agents, here.people)
    async with here.telegram.serving() as url, here.model.serving() as model_url:
        environment = {
            "JAMFEED_HOME": str(folder / "home"),
            "JAMFEED_AGENTS": str(agents),
            "JAMFEED_TELEGRAM_TOKEN": "1:test",
            "JAMFEED_TELEGRAM_API_URL": url,
            "OPENAI_API_KEY": "none",
            "OPENAI_BASE_URL": f"{model_url}/v1",
        }
        async with jamfeed("run", **environment) as run:
            assert run.stdout is not None
            await said(run.stdout, "warm")
            yield here, run.pid


async def _joined(home: Path, agents: Path, people: Sequence[Person]) -> None:
    """Let all of them be members who have written in their private chats before."""
    async with open_app(Settings(home=home, agents=agents, model="offline")) as app:
        persona = app.parts.profile.first_persona
        async with app.store.work() as work:
            for it in people:
                chat = str(it.id)
                account, _ = await members.join(
                    work, platform="telegram", external_id=chat, name=it.name, persona=persona
                )
                assert account.id is not None
                await members.seen_in_private(work, identity_id=account.id, place_id=chat)


async def measure(
    figures: Figures,
    *,
    seconds: float,
    rush: float,
    people: int = PEOPLE,
    thinking: float = MODEL_SECONDS,
) -> None:
    """Tell how it goes at ten a second, and then at forty."""
    with tempfile.TemporaryDirectory() as folder:
        async with town(Path(folder), people, thinking) as (here, pid):
            if seconds >= SHORT:  # what is loaded once belongs to a start
                await here.ask(RATE, seconds / 5)
            early, cpu = anonymous_mb(pid), cpu_seconds(pid)
            steady = await here.ask(RATE, seconds * 4 / 5)
            cpu, late = cpu_seconds(pid) - cpu, anonymous_mb(pid)
            _counted(figures, f"{RATE:g} a second", steady)
            own = [(it.shown - it.at - it.thought) * 1000 for it in steady if it.shown]
            figures.times("our own added time", own, limit=50, cpu=cpu * 1000 / len(steady))
            figures.tell("memory after a fifth of it", early, "MB")
            figures.tell("memory at its end, of that", late / early, "times", limit=1.1)
            if seconds >= SHORT:
                cpu = cpu_seconds(pid)
                new = await here.ask(RATE, NEWCOMERS, strangers=True)
                cpu = (cpu_seconds(pid) - cpu) * 1000 / len(new)
                figures.tell("a newcomer's first answer, CPU", cpu, "ms")
                await _grown(figures, here)
            rushed = await here.ask(RUSH_RATE, rush)
            _counted(figures, f"{RUSH_RATE:g} a second", rushed)
            late_by = _beyond_backlog(rushed)
            worst_but_few = float(np.percentile(late_by, 95))
            figures.tell("waited beyond backlog ÷ 28, p95", worst_but_few, "s", limit=0.05)
            figures.tell("waited beyond backlog ÷ 28, worst", max(late_by), "s")
            figures.tell("limits broken", here.telegram.pacing.exceeded, "", limit=0)
            figures.tell("edits of one answer", here.edits / len(here.asked), "")


async def _grown(figures: Figures, here: Town) -> None:
    """Tell what becomes of answers that are shown while they are written."""
    thinking, here.thinking = here.thinking, GROWN
    before = here.edits
    asked = await here.ask(RATE, GROWING)
    here.thinking = thinking
    _counted(figures, f"of {GROWN:g} s", asked)
    edits = here.edits - before
    figures.tell(f"edits of an answer of {GROWN:g} s", edits / len(asked), "", least=0.1)


def _counted(figures: Figures, when: str, asked: list[Asked]) -> None:
    figures.tell(f"messages, {when}", len(asked), "")
    figures.tell(f"lost, {when}", sum(not it.shown for it in asked), "", limit=0)
    figures.tell(f"answered twice, {when}", sum(len(it.messages) > 1 for it in asked), "", limit=0)
    last: dict[int, float] = {}
    turned = 0
    for it in asked:
        turned += 0 < it.shown < last.get(it.chat, 0.0)
        last[it.chat] = max(it.shown, last.get(it.chat, 0.0))
    figures.tell(f"out of order in their chat, {when}", turned, "", limit=0)


def _beyond_backlog(asked: list[Asked]) -> list[float]:
    """Seconds that each waited longer than those before it need at 28 a second."""
    ready = np.array([it.ready for it in asked if it.shown])
    shown = np.array([it.shown for it in asked if it.shown])
    ahead = ((ready[None, :] <= ready[:, None]) & (shown[None, :] > ready[:, None])).sum(axis=1)
    return [float(it) for it in shown - ready - ahead / DRAINED]


async def main() -> None:
    seconds = float(sys.argv[1]) if len(sys.argv) > 1 else LONG
    await measure(Figures("telegram"), seconds=seconds, rush=min(RUSH, seconds))


if __name__ == "__main__":
    asyncio.run(main())
