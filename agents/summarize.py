"""Sums up threads: a model reads them as data, or their most telling sentences are picked."""

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from agents import phrases
from agents.turn import Turn
from feed_core.errors import BudgetSpent, Unavailable
from feed_core.services.timeline import Thread

SENTENCE = re.compile(r"[^.!?…。！？\n]+[.!?…。！？]*")
WORD = re.compile(r"\w{3,}")
PICKED = 4
LONGEST = 240
DAMPING = 0.85
ROUNDS = 30


@dataclass(frozen=True, slots=True)
class Said:
    """One sentence, who said it, and the creation it stands in or under."""

    ref: str
    name: str
    text: str


async def summarize(turn: Turn, thread: Thread, names: Mapping[int, str]) -> str:
    """A few sentences on a thread, each with where it comes from."""
    said = sentences(thread, names)
    head = phrases.thread_head(
        thread.root.id or 0, thread.root.title, len(thread.comments), len(thread.remixes)
    )
    writer, note = turn.parts.writer, ""
    if writer is not None:
        try:
            written = await writer.write(
                member_id=turn.member_id,
                wish=phrases.SUMMARY_WISH,
                sources=[f"[{it.ref}] {it.name}: {it.text}" for it in said],
                purpose="summarise",
            )
        except (Unavailable, BudgetSpent) as error:
            note = phrases.extract_instead(error)
        else:
            return f"{head}\n\n{written.body}"
    points = [phrases.point(it.ref, it.name, it.text) for it in telling(said, PICKED)]
    return "\n".join(filter(None, [head, "", *points, note]))


def sentences(thread: Thread, names: Mapping[int, str]) -> list[Said]:
    """All that was said in a thread, in order."""
    ref = f"#{thread.root.id}"
    texts = [(ref, thread.root.author_id, thread.root.body or thread.root.alt)]
    texts += [(ref, it.author_id, it.body) for it in thread.comments]
    texts += [(f"#{it.id}", it.author_id, it.body or it.alt) for it in thread.remixes]
    return [
        Said(ref, names.get(author_id, ""), sentence.strip()[:LONGEST])
        for ref, author_id, text in texts
        for sentence in SENTENCE.findall(text)
        if sentence.strip()
    ]


def telling(said: Sequence[Said], count: int) -> list[Said]:
    """The sentences that have most in common with all others, in the order they were said.

    LexRank (Erkan, Radev 2004): the stationary distribution of a walk over TF-IDF similarities.
    """
    if len(said) <= count:
        return list(said)
    ranks = _lexrank([Counter(WORD.findall(it.text.casefold())) for it in said])
    best = sorted(np.argsort(-ranks, kind="stable")[:count].tolist())
    return [said[it] for it in best]


def _lexrank(bags: Sequence[Counter[str]]) -> NDArray[np.float64]:
    words = {word: n for n, word in enumerate(sorted(set().union(*bags)))}
    frequency = np.zeros((len(bags), max(1, len(words))))
    for row, bag in enumerate(bags):
        for word, times in bag.items():
            frequency[row, words[word]] = times
    weighted = frequency * np.log(1 + len(bags) / (1 + (frequency > 0).sum(axis=0)))
    norms = np.linalg.norm(weighted, axis=1, keepdims=True)
    unit = weighted / np.where(norms == 0, 1, norms)
    likeness = unit @ unit.T
    np.fill_diagonal(likeness, 0)
    totals = likeness.sum(axis=1, keepdims=True)
    steps = np.where(totals > 0, likeness / np.where(totals == 0, 1, totals), 1 / len(bags))
    ranks = np.full(len(bags), 1 / len(bags))
    for _ in range(ROUNDS):
        ranks = (1 - DAMPING) / len(bags) + DAMPING * ranks @ steps
    return ranks
