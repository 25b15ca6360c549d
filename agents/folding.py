"""Long threads folded: whole parts come to a gist, which is kept; the end is read as it is.

Parts are counted from the beginning, so that what is added changes only the last one: a new comment
costs one call, with the gists of all before it. Gists are themselves folded where there are many.
"""

import asyncio
import hashlib
import json
from collections.abc import Awaitable, Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass

from agents.passages import Passage
from agents.summary import PartRead, by_number, oneline, traced
from feed_core.errors import Unavailable
from feed_core.services.ledger import BudgetSpent

PART = 6_000  # characters of a part
SMALLEST = 1_000
MOST_POINTS = 8
AT_ONCE = 4  # parts that are read at the same time
SHARE = 4  # a gist is at most this part of what it was made of, so that folding comes to an end


@dataclass(frozen=True, slots=True)
class Line:
    """A line of material, and the passages that it comes from."""

    text: str
    sources: frozenset[Passage]


@dataclass(frozen=True, slots=True)
class Part:
    """Lines that are read together; `key` is the SHA-256 of just what is read."""

    lines: Sequence[Line]

    @property
    def key(self) -> str:
        """The same for the same words, by whoever and whenever they are read."""
        said = json.dumps([it.text for it in self.lines])
        return hashlib.sha256(said.encode()).hexdigest()

    @property
    def sources(self) -> frozenset[Passage]:
        """All passages that it comes from."""
        return frozenset().union(*(it.sources for it in self.lines))


Read = Callable[[Part], Awaitable[PartRead]]


def lines(said: Iterable[Passage], size: int = PART) -> list[Line]:
    """Passages as lines: number, who said it, and the words; a long one in several pieces."""
    longest = size // 2
    return [
        Line(f"[{it.of}] {it.name}: {text[at : at + longest]}", frozenset([it]))
        for it in said
        if (text := oneline(it.whole))
        for at in range(0, len(text), longest)
    ]


async def folded(said: Sequence[Line], read: Read, size: int = PART) -> list[Line]:
    """The lines, or those of gists in place of all but the last, until they fit two parts.

    `read` makes the gist of a part, or knows it. What it raises ends the folding.
    """
    if sum(len(it.text) for it in said) <= 2 * size:
        return list(said)
    *whole, last = parts(said, size)
    limit = asyncio.Semaphore(AT_ONCE)

    async def gist(part: Part) -> list[Line]:
        async with limit:
            return told(part, await read(part), size // SHARE)

    failed: Exception | None = None
    try:
        async with asyncio.TaskGroup() as tasks:
            reading = [tasks.create_task(gist(it)) for it in whole]
    except* (Unavailable, BudgetSpent) as group:
        failed = next(_leaves(group))
    if failed is not None:
        raise failed
    gists = [line for it in reading for line in it.result()]
    return [*await folded(gists, read, size), *last.lines]


def parts(said: Sequence[Line], size: int) -> list[Part]:
    """Runs of lines of about this size, counted from the beginning; the last may be short."""
    found, run, length = list[Part](), list[Line](), 0
    for it in said:
        if run and length + len(it.text) > size:
            found.append(Part(tuple(run)))
            run, length = [], 0
        run.append(it)
        length += len(it.text)
    return [*found, Part(tuple(run))]


def told(part: Part, read: PartRead, longest: int) -> list[Line]:
    """The lines of a gist, as long as there is room; what names no text of the part is left out."""
    there = by_number(list(part.sources))
    points = [("", it) for it in traced(read.points, there, MOST_POINTS)]
    points += [(" asks", it) for it in traced(read.questions, there, MOST_POINTS)]
    found = list[Line]()
    for kind, it in points:
        line = f"[{it.passage.of}] {it.passage.name}{kind}: {it.text}"
        longest -= len(line)
        if longest < 0:
            break
        found.append(Line(line, part.sources))
    return found


def _leaves(group: BaseExceptionGroup[Exception]) -> Iterator[Exception]:
    for it in group.exceptions:
        if isinstance(it, BaseExceptionGroup):
            yield from _leaves(it)
        else:
            yield it
