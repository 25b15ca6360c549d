"""Which turns of a long conversation answer a question: by words, meaning, names and dates.

What each part is for, where it comes from and what it is worth stands in docs/recall.md.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Hashable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import lru_cache
from typing import NamedTuple

import numpy as np

from memory import asking
from memory.asking import Question
from memory.dates import spans
from memory.fusion import Floats, Scores, fused, lent, standard
from memory.vector_cache import VectorCache
from memory.words import Words, stems

Vectors = Callable[[Sequence[str]], Floats]

PAUSE = timedelta(hours=4)  # a longer silence ends a session
EXCERPT = 400  # characters of a turn that count in its window
TELLING = 3  # turns of a session that speak for it
ONLY_ASKS = re.compile(r"[^.!]*[?？]\s*")


class Utterance(NamedTuple):
    """One turn of a conversation; a plain tuple of the same four will do."""

    id: Hashable
    speaker: str
    time: datetime | None
    text: str


@dataclass(frozen=True, slots=True)
class Recipe:
    """What counts how much; weights are in standard deviations of the fused score's parts."""

    meaning: float = 0.4  # of a turn's own meaning; its words have the rest
    window: float = 0.4  # of the meaning of a turn and its neighbours read as one
    neighbours: float = 0.3  # the share of its neighbours' likeness that each turn is lent
    session: float = 0.15  # of how well the best turns of its session fit
    speaker: float = 1.0  # for turns of the one speaker that the question names
    days: float = 2.0  # for turns that speak of the days that the question names
    dated: float = 0.5  # for turns with a date when the question asks when
    question: float = 0.3  # against turns that only ask
    recency: float = 0.05


RECIPE = Recipe()


def rank(
    turns: Sequence[tuple[Hashable, str, datetime | None, str]],
    query: str,
    *,
    asked_at: datetime | None = None,
    k: int | None = None,
    vectors: Vectors | None = None,
) -> list[Hashable]:
    """The ids of the turns (id, speaker, time, text) that answer a query best, best first.

    `turns` stand in the order in which they were said. Dates in the query are seen from
    `asked_at`, or from the last turn's time. `k` cuts the list. `vectors` turns texts into rows
    of float32 of length 1; without it the offline embedder does, and remembers each text. The last
    conversation is kept ready: asking it again costs milliseconds. Blank queries find nothing.
    """
    return _ready(tuple(Utterance(*it) for it in turns), vectors or _offline()).rank(
        query, asked_at=asked_at, k=k
    )


class Conversation:
    """Turns in their order, ready to be asked about; may be asked from several threads."""

    def __init__(self, turns: Sequence[Utterance], vectors: Vectors) -> None:
        """Read all turns: two vectors are made for each, of itself and of its window."""
        self._ids = [it.id for it in turns]
        self._vectors = vectors
        self._times = [it.time.replace(tzinfo=None) if it.time else None for it in turns]
        self._joined = np.array(
            [_together(*pair) for pair in zip(self._times, self._times[1:], strict=False)],
            dtype=np.bool_,
        )
        self._session = np.concatenate([[0], np.cumsum(~self._joined)])[: len(turns)]
        speakers = {it.speaker: None for it in turns}
        self._speakers = {name: n for n, name in enumerate(speakers)}
        self._speaker = np.array([self._speakers[it.speaker] for it in turns], dtype=np.int64)
        self._words = Words([stems(it.text) for it in turns])
        self._meanings, self._windows = self._read(turns)
        self._day = np.array([it.toordinal() if it else 0 for it in self._times], dtype=np.int64)
        self._asks = np.array([ONLY_ASKS.fullmatch(it.text) is not None for it in turns])
        self._spans = np.array(
            [
                (n, *span)
                for n, (it, time) in enumerate(zip(turns, self._times, strict=True))
                if time
                for span in spans(it.text, time.date())
            ],
            dtype=np.int64,
        ).reshape(-1, 3)

    def rank(
        self,
        query: str,
        *,
        asked_at: datetime | None = None,
        k: int | None = None,
        recipe: Recipe = RECIPE,
    ) -> list[Hashable]:
        """The ids of the turns that answer a query best, best first; of equals the earlier."""
        if not self._ids or not query.strip():
            return []
        scores = self.scores(query, asked_at=asked_at, recipe=recipe)
        best = np.argsort(-scores, kind="stable")[:k]
        return [self._ids[place] for place in best.tolist()]

    def scores(
        self, query: str, *, asked_at: datetime | None = None, recipe: Recipe = RECIPE
    ) -> Scores:
        """One score for each turn, shape (turns,); it ranks within one query and means no more."""
        now = self._moment(asked_at)
        question = asking.read(query, speakers=self._speakers, asked_at=now)
        scores = self._alike(query, question, recipe)
        scores = scores + recipe.session * self._of_sessions(scores)
        if len(question.about) == 1 < len(self._speakers):
            scores += recipe.speaker * (self._speaker == self._speakers[next(iter(question.about))])
        if question.days:
            scores += recipe.days * self._within(question)
        if question.asks_when:
            scores[np.unique(self._spans[:, 0])] += recipe.dated
        scores -= recipe.question * self._asks
        if now:
            age = np.where(self._day > 0, np.maximum(now.toordinal() - self._day, 0), np.inf)
            scores += recipe.recency * np.exp(-age / 60)
        return scores

    def _read(self, turns: Sequence[Utterance]) -> tuple[Floats, Floats]:
        """The vectors of each turn and of each window: a turn and its neighbours in the session."""
        said = [f"{it.speaker}: {it.text}" if it.speaker else it.text for it in turns]
        parts = [it[:EXCERPT] for it in said]
        windows = [
            "\n".join(
                parts[it]
                for it in (n - 1, n, n + 1)
                if 0 <= it < len(parts) and self._session[it] == self._session[n]
            )
            for n in range(len(parts))
        ]
        rows = self._vectors([*said, *windows])
        return rows[: len(said)], rows[len(said) :]

    def _moment(self, asked_at: datetime | None) -> date | None:
        if asked_at:
            return asked_at.date()
        return max((it for it in self._times if it), default=None)

    def _alike(self, query: str, question: Question, recipe: Recipe) -> Scores:
        """Likeness by words and by meaning, each lent to its neighbours, and by windows."""
        vector = self._vectors([query[: asking.CHARACTERS]])[0]
        share = recipe.neighbours
        by_words = lent(self._words.match(dict.fromkeys(question.words, 1.0)), self._joined, share)
        near = (self._meanings @ vector).astype(np.float64)
        by_meaning = lent(near - near.mean(), self._joined, share)
        scores = fused(by_words, by_meaning, recipe.meaning)
        if recipe.window:
            windows = standard((self._windows @ vector).astype(np.float64))
            scores = (1 - recipe.window) * scores + recipe.window * windows
        return scores

    def _of_sessions(self, scores: Scores) -> Scores:
        """For each turn how its session stands among all: by the mean of its best turns."""
        order = np.lexsort((-scores, self._session))
        starts = np.flatnonzero(np.diff(self._session, prepend=-1))
        sizes = np.diff(np.append(starts, len(scores)))
        rank_in = np.arange(len(scores)) - np.repeat(starts, sizes)
        best = np.where(rank_in < TELLING, scores[order], 0.0)
        means = np.add.reduceat(best, starts) / np.minimum(sizes, TELLING)
        of_sessions: Scores = standard(means)[self._session]
        return of_sessions

    def _within(self, question: Question) -> Scores:
        """1 for turns that speak of the days asked about, less for those said then or later."""
        found: Scores = np.zeros(len(self._ids))
        for first, last in question.days:
            late = np.maximum(self._day - last, 0)
            told = np.where(late > 0, 0.4 * np.exp(-late / 7), 0.7)
            told[self._day < first] = 0
            found = np.maximum(found, told)
            wide = 2 * (last - first) + 14  # "this year" says nothing about one day of it
            place, begin, end = self._spans.T
            speaks = (begin <= last) & (end >= first) & (end - begin <= wide)
            found[place[speaks]] = 1.0
        return found


def _together(before: datetime | None, after: datetime | None) -> bool:
    return before is None or after is None or abs(after - before) <= PAUSE


@lru_cache(maxsize=1)
def _ready(turns: tuple[Utterance, ...], vectors: Vectors) -> Conversation:
    return Conversation(turns, vectors)


@lru_cache(maxsize=1)
def _offline() -> Vectors:
    from memory.embedding import Embedder

    return VectorCache(Embedder().vectors)
