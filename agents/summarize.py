"""Sums up threads: a model reads them as data, or their most telling sentences are picked."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Self, TypeVar

from agents import prompts, summary_words
from agents.folding import PART, SMALLEST, Part, folded, lines
from agents.passages import Passage
from agents.picking import pick
from agents.references import CommentRef, CreationRef
from agents.summary import (
    LONGEST_GIST,
    MediationRead,
    PartRead,
    Point,
    Summary,
    ThreadRead,
    by_number,
    oneline,
    traced,
)
from agents.turn import Turn, Writer
from feed_core.errors import Unavailable
from feed_core.services import gists
from feed_core.services.ledger import BudgetSpent
from feed_core.services.sight import Reader
from feed_core.store import Store

PURPOSE = "summarise"
POINTS, QUESTIONS, VOICES = 5, 3, 6
SERVICE = "The language model"

Read = TypeVar("Read", PartRead, ThreadRead, MediationRead)


async def summarize(turn: Turn, said: Sequence[Passage], *, kept: bool = True) -> Summary:
    """What a thread comes to.

    A model reads a short thread whole. Of a long one it has read parts before, and kept what they
    come to: whatever is added costs one call, also where several ask at once. Without a model, or
    with one that does not answer, sentences are picked. `kept` is False of what was said outside
    the feed: nothing of it stays.
    """
    writer = turn.parts.writer
    if writer is None:
        return picked(said)
    try:
        if kept and turn.parts.readings is not None and not turn.background:
            await turn.parts.readings.see_read(said, turn.reader)
        return await _read(turn, writer, said, kept=kept)
    except (Unavailable, BudgetSpent) as error:
        return picked(said, note=summary_words.extract_instead(error))


async def _read(turn: Turn, writer: Writer, said: Sequence[Passage], *, kept: bool) -> Summary:
    reading = Reading.of_thread(
        turn.store, writer, said, turn.reader, background=turn.background, kept=kept
    )
    _, whole = await read_thread(reading, said)
    there = by_number(said)
    summary = Summary(
        gist=oneline(whole.gist)[:LONGEST_GIST],
        points=traced(whole.points, there, POINTS),
        questions=traced(whole.questions, there, QUESTIONS),
        voices=traced(whole.voices, there, VOICES),
    )
    if not summary.gist:
        raise Unavailable(SERVICE)
    return summary


@dataclass(frozen=True, slots=True)
class Reading:
    """Reads parts of one thread for somebody; `hashes` are those of its creations.

    `kept`: what was read of its parts is kept for whoever reads it next.
    """

    store: Store
    writer: Writer
    hashes: Mapping[int, str]
    reader: Reader
    background: bool = False
    kept: bool = True
    purpose: str = PURPOSE

    @classmethod
    def of_thread(
        cls,
        store: Store,
        writer: Writer,
        said: Sequence[Passage],
        reader: Reader,
        *,
        background: bool = False,
        kept: bool = True,
        purpose: str = PURPOSE,
    ) -> Self:
        """The reading of a thread that consists of these passages."""
        hashes = {it.of.id: it.content_hash for it in said if isinstance(it.of, CreationRef)}
        return cls(store, writer, hashes, reader, background, kept, purpose)

    async def of(self, part: Part, form: type[Read], wish: str) -> Read:
        """What was kept of just these words, or what the model says now, which is kept."""
        key = key_of(form, part)
        known = await self._known(key) if self.kept else {}
        if key in known:
            return form.model_validate(known[key])
        read = await self.writer.fill(
            form,
            member_id=self.reader.member_id,
            wish=wish,
            sources=["\n".join(it.text for it in part.lines)],
            purpose=self.purpose,
            background=self.background,
        )
        if not self.kept:
            return read
        async with self.store.work() as work:
            await gists.keep(
                work,
                key,
                read.model_dump(),
                reader=self.reader,
                creations={it: self.hashes[it] for it in {p.creation.id for p in part.sources}},
                comment_ids={p.of.id for p in part.sources if isinstance(p.of, CommentRef)},
            )
        return read

    async def _known(self, key: str) -> Mapping[str, Any]:
        async with self.store.read() as view:
            return await gists.known(view, [key])


async def read_thread(reading: Reading, said: Sequence[Passage]) -> tuple[str, ThreadRead]:
    """What a model makes of a whole thread, and the key under which that is kept.

    Raises:
        Unavailable, BudgetSpent: no model read it.
    """
    size = max(SMALLEST, min(PART, reading.writer.room // 3))

    async def part(it: Part) -> PartRead:
        return await reading.of(it, PartRead, prompts.PART_WISH)

    material = Part(await folded(lines(said, size), part, size))
    whole = await reading.of(material, ThreadRead, prompts.THREAD_WISH)
    return key_of(ThreadRead, material), whole


def key_of(form: type[Read], part: Part) -> str:
    """Under which key it is kept what a model makes of a part."""
    return f"{form.__name__}:{part.key}"


def picked(said: Sequence[Passage], note: str = "") -> Summary:
    """What a thread comes to, in sentences picked from it."""
    found = pick(said)
    gist = " ".join(
        summary_words.point(it.passage.of, it.passage.name, it.text) for it in found.gist
    )
    points, questions = (
        [Point(it.passage, it.text) for it in some] for some in (found.points, found.questions)
    )
    return Summary(gist, points, questions, note=note)
