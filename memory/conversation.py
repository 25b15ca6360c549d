"""Which turns of a long conversation answer a question: by words, meaning, names and dates.

What each part is for, where it comes from and what it is worth stands in docs/recall.md.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import lru_cache
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from memory import asking
from memory.asking import Question
from memory.dates import spans
from memory.fusion import Floats, Scores, fused, lent, standard
from memory.vector_cache import VectorCache
from memory.words import Words, stems

Vectors = Callable[[Sequence[str]], Floats]

PAUSE = timedelta(hours=4)  # a longer silence ends a session
MANY = 200  # turns from which on their lengths count in full: among few a match stands out less
OWN, EXCERPT = 400, 160  # characters of a turn that count in its window, in its neighbours'
TELLING = 3  # turns of a session that speak for it
FADING = 180  # days in which lateness falls to a third; in half of a shorter conversation's days


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
    window: float = 0.5  # of the meaning of a turn and its neighbours read as one
    before: float = 0.3  # the share of its likeness that each turn lends the next one
    answer: float = 0.3  # the further share that a question lends the next turn
    length: float = 0.7  # for turns of many words: short ones seldom tell anything
    session: float = 0.15  # of how well the best turns of its session fit
    speaker: float = 1.0  # for turns of the one speaker that the question names
    days: float = 2.0  # for turns that speak of the days that the question names
    recent: float = 1.5  # for late turns when the question asks how things are now


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
        said = [stems(it.text) for it in turns]
        self._words = Words(said)
        lengths = np.array([len(it) for it in said], dtype=np.float64)
        self._length = np.minimum(standard(np.log1p(lengths)), 1.0)
        self._length *= min(1.0, len(turns) / MANY)
        self._meanings, self._windows = self._read(turns)
        self._day = np.array([it.toordinal() if it else 0 for it in self._times], dtype=np.int64)
        self._late = _lateness(self._day)
        self._asks = np.array(
            [it.text.rstrip().endswith(("?", "？")) for it in turns], dtype=np.bool_
        )
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
        scores = self._alike(query, question, recipe) + recipe.length * self._length
        scores = scores + recipe.session * self._of_sessions(scores)
        if len(question.about) == 1 < len(self._speakers):
            scores += recipe.speaker * (self._speaker == self._speakers[next(iter(question.about))])
        if question.days:
            scores += recipe.days * self._within(question)
        if question.asks_now:
            scores += recipe.recent * self._late
        return scores

    def _read(self, turns: Sequence[Utterance]) -> tuple[Floats, Floats]:
        """The vectors of each turn and of each window: a turn and its neighbours in the session."""
        said = [f"{it.speaker}: {it.text}" if it.speaker else it.text for it in turns]
        windows = []
        for n, own in enumerate(said):
            parts = [own[:OWN]]
            if n and self._session[n - 1] == self._session[n]:
                parts.insert(0, f"{turns[n - 1].speaker}: {turns[n - 1].text[-EXCERPT:]}")
            if n + 1 < len(said) and self._session[n + 1] == self._session[n]:
                parts.append(said[n + 1][:EXCERPT])
            windows.append("\n".join(parts))
        rows = self._vectors([*said, *windows])
        return rows[: len(said)], rows[len(said) :]

    def _moment(self, asked_at: datetime | None) -> date | None:
        if asked_at:
            return asked_at.date()
        return max((it for it in self._times if it), default=None)

    def _alike(self, query: str, question: Question, recipe: Recipe) -> Scores:
        """Likeness by words and by meaning, each lent to the turn after, and by windows."""
        vector = self._vectors([query[: asking.CHARACTERS]])[0]
        shares = self._joined * (recipe.before + recipe.answer * self._asks[:-1])
        by_words = lent(self._words.match(dict.fromkeys(question.words, 1.0)), shares)
        near = (self._meanings @ vector).astype(np.float64)
        by_meaning = lent(near - near.mean(), shares)
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


def _lateness(days: NDArray[np.int64]) -> Scores:
    """From 1 for the last day's turns down towards 0; 0 for turns without a day."""
    late: Scores = np.zeros(len(days))
    known = days > 0
    if known.any():
        last = int(days.max())
        fading = max(1.0, min(FADING, (last - int(days[known].min())) / 2))
        late[known] = np.exp((days[known] - last) / fading)
    return late


@lru_cache(maxsize=1)
def _ready(turns: tuple[Utterance, ...], vectors: Vectors) -> Conversation:
    return Conversation(turns, vectors)


@lru_cache(maxsize=1)
def _offline() -> Vectors:
    from memory.embedding import Embedder

    return VectorCache(Embedder().vectors)
