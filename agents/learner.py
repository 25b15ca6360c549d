"""Learns of members from what they said: by a model where there is one, else by rules."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import timedelta
from typing import Literal

import structlog
from pydantic import BaseModel, ConfigDict, Field

from agents.memory_words import said_on
from agents.prompts import LEARNER_WISH
from agents.writing import ModelWriter
from feed_core.errors import Unavailable
from feed_core.services import members
from feed_core.services.ledger import BudgetSpent
from feed_core.store import Store
from memory.claims import Claim, Said
from memory.remembering import Memories
from memory.statements import own_words, slot_of, statements
from memory.texts import alike

PAUSE = timedelta(minutes=10)  # a talk has paused for a model, which reads it whole
KNOWN = 50  # notes that the model is told of, the newest
LONGEST_LINE = 1_000  # characters of one line that the model reads
SHORTEST_QUOTE = 3  # characters
PATIENCE = 2.0  # seconds that somebody waits who asks what is remembered, while a model learns

logger = structlog.get_logger(__name__)


class Note(BaseModel):
    """One thing that the model noted, and the words it was said in."""

    model_config = ConfigDict(extra="ignore")

    kind: Literal["fact", "taste", "episode"]
    text: str = Field(min_length=3, max_length=300)
    line: int
    quote: str = Field(min_length=SHORTEST_QUOTE)
    replaces: int | None = None


class Notes(BaseModel):
    """All that the model noted."""

    model_config = ConfigDict(extra="ignore")

    notes: list[Note] = Field(max_length=12)


@dataclass(frozen=True, slots=True)
class Learner:
    """Turns the lines that a member typed into memories, each line once."""

    store: Store
    memories: Memories
    writer: ModelWriter | None
    _asked: dict[int, asyncio.Task[int]] = field(default_factory=dict)  # under way, by member

    async def catch_up(self, member_id: int) -> bool:
        """Learn what was said till now, for somebody who asks what is remembered.

        False while a model still reads it: they wait for that no longer than PATIENCE.
        """
        if not await self._waits(member_id):
            return True
        if (task := self._asked.get(member_id)) is None:
            task = self._asked[member_id] = asyncio.create_task(self.learn(member_id))
            task.add_done_callback(lambda _: self._asked.pop(member_id))
        limit = PATIENCE if self.writer is not None else None
        await asyncio.wait([task], timeout=limit)
        if task.done():
            task.result()
        return not await self._waits(member_id)

    async def close(self) -> None:
        """Stop what nobody waits for any more; its lines are learned from another time."""
        tasks = list(self._asked.values())
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    async def learn(self, member_id: int) -> int:
        """Learn from all that this member said and nothing was learned from.

        Returns how many memories came of it. Without new lines no model is asked; where none
        answers in good form, or the budget is spent, or the agent is paused, rules read them.
        """
        kept = 0
        while (heard := await self.memories.unlearned(member_id)) is not None:
            claims: Sequence[Claim] = []
            if heard.lines:
                claims = await self._claims(member_id, heard.lines)
            kept += await self.memories.learn(member_id, claims, heard=heard)
            if not heard.more:
                break
        return kept

    async def learn_due(self) -> int:
        """Learn from every talk that has paused; returns from how many."""
        due = await self.memories.due()
        for member_id in due:
            await self.learn(member_id)
        return len(due)

    async def _waits(self, member_id: int) -> bool:
        """Whether they said, and not only asked, something that nothing was learned from yet."""
        heard = await self.memories.unlearned(member_id)
        lines = heard.lines if heard is not None else []
        return any(not it.text.rstrip().endswith(("?", "？")) for it in lines)

    async def _claims(self, member_id: int, lines: Sequence[Said]) -> Sequence[Claim]:
        if self.writer is not None:
            async with self.store.read() as view:
                paused = (await members.agent_settings(view, member_id)).paused
            try:
                if not paused:
                    return await self._noted(self.writer, member_id, lines)
            except (Unavailable, BudgetSpent) as error:
                logger.info("learning_by_rules", member_id=member_id, code=error.code)
        return [
            replace(claim, source=_source(it), said_at=it.at)
            for it in lines
            for claim in statements(it.text)
        ]

    async def _noted(
        self, writer: ModelWriter, member_id: int, lines: Sequence[Said]
    ) -> Sequence[Claim]:
        """What the first model that answers in good form noted.

        Raises:
            Unavailable: none did.
            BudgetSpent: no more may be spent on what nobody asked for.
        """
        own = [own_words(it.text)[:LONGEST_LINE] for it in lines]
        known = await self.memories.all(member_id, limit=KNOWN)
        notes = "\n".join(f"{it.number}: {it.text}" for it in known) or "none yet"
        read = await writer.fill(
            Notes,
            member_id=member_id,
            wish=LEARNER_WISH,
            sources=[notes, *(f"{n}: {it}" for n, it in enumerate(own, start=1))],
            purpose="learn",
            background=True,
        )
        numbers = {it.number for it in known}
        found = (_claim(it, own, lines, numbers) for it in read.notes)
        return [it for it in found if it is not None]


def _claim(note: Note, own: Sequence[str], lines: Sequence[Said], known: set[int]) -> Claim | None:
    """The note as a claim, when the line that it names really says the words it quotes."""
    if not 1 <= note.line <= len(lines):
        return None
    line = lines[note.line - 1]
    if alike(note.quote) not in alike(own[note.line - 1]) or "://" in note.text:
        return None
    return Claim.noted(
        note.kind,
        note.text,
        slot=slot_of(note.text) or slot_of(note.quote),
        replaces=note.replaces if note.replaces in known else None,
        source=_source(line),
        said_at=line.at,
    )


def _source(it: Said) -> str:
    return said_on(it.place.partition(":")[0])
