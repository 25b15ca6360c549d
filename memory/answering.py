"""Which of very many texts answer a question: likely ones are chosen, then weighed."""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from datetime import datetime

import numpy as np

from memory import asking
from memory.conversation import Utterance, Vectors, rank
from memory.words import Words, stems

BY_WORDS = 120  # texts that share most words with the question
BY_DAY = 60  # of the days that it names, the latest
NEWEST = 40  # that are looked at whatever they say


def answering(
    turns: Sequence[Utterance],
    query: str,
    vectors: Vectors,
    *,
    k: int,
    asked_at: datetime | None = None,
) -> list[Hashable]:
    """The ids of the k turns that answer a query best, best first, by `conversation.rank`.

    To read a text for its meaning takes milliseconds, so of many turns only the likely ones are:
    by shared words, by the days that the query names, and the newest.
    """
    likely = [turns[it] for it in _likely(turns, query, asked_at)]
    return rank(likely, query, asked_at=asked_at, k=k, vectors=vectors)


def _likely(turns: Sequence[Utterance], query: str, asked_at: datetime | None) -> list[int]:
    """Places of the turns that are worth reading, in order."""
    if len(turns) <= BY_WORDS + BY_DAY + NEWEST:
        return list(range(len(turns)))
    question = asking.read(query, speakers=(), asked_at=asked_at.date() if asked_at else None)
    words = Words((stems(it.text) for it in turns), only=question.words)
    scores = words.match(dict.fromkeys(question.words, 1.0))
    best = [it for it in np.argsort(-scores, kind="stable")[:BY_WORDS].tolist() if scores[it] > 0]
    days = [
        n
        for n, it in enumerate(turns)
        if it.time and any(a <= it.time.date().toordinal() <= b for a, b in question.days)
    ]
    newest = range(len(turns) - NEWEST, len(turns))
    return sorted({*best, *days[-BY_DAY:], *newest})
