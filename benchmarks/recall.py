"""How well recall finds the turns that answer a question; one JSON line for each figure.

Three sets were written for it (docs/recall.md): `chats`, asked plainly, in the shape of public very
long chats of two people, `retold`, asked in other words than were said, and `changes`, in which
what is so changes. Weights were chosen on the half `train` of all, the figures are of `test`;
`python -m benchmarks.recall train` shows the half that was looked at. A figure is the mean over
questions of the share of evidence among the first k; intervals are 95 % of 2,000 bootstrap samples
of questions, a gain's are paired.
"""

import json
import sys
import time
from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from benchmarks.figures import Figures
from feed_core.services.terms import terms
from memory.conversation import RECIPE, Conversation, Recipe, Utterance
from memory.embedding import Embedder
from memory.fusion import Floats
from memory.vector_cache import VectorCache
from memory.words import Words

DATA = Path(__file__).parent / "data"
DEPTHS = (5, 10, 25)
SAMPLES = 2_000
TURNS = 10_000
SETS = {
    "recall-chats": ("chats.jsonl", "chat_questions.jsonl"),
    "recall": ("conversations.jsonl", "questions.jsonl"),
    "recall-changes": ("changes.jsonl", "change_questions.jsonl"),
}
SUM = Recipe(
    window=0,
    before=0,
    answer=0,
    length=0,
    session=0,
    speaker=0,
    days=0,
    recent=0,
)
WITHOUT = {
    "words": replace(RECIPE, meaning=1.0),
    "meaning": replace(RECIPE, meaning=0.0, window=0.0),
    "windows": replace(RECIPE, window=0.0),
    "neighbours": replace(RECIPE, before=0.0, answer=0.0),
    "of these, answers": replace(RECIPE, answer=0.0),
    "length": replace(RECIPE, length=0.0),
    "sessions": replace(RECIPE, session=0.0),
    "speakers": replace(RECIPE, speaker=0.0),
    "days asked about": replace(RECIPE, days=0.0),
    "recency": replace(RECIPE, recent=0.0),
}

Found = NDArray[np.float64]  # (questions, depths)
Ranked = Callable[["Asked"], Sequence[object]]


@dataclass(frozen=True)
class Asked:
    """A question with what it is about and which turns answer it."""

    conversation: str
    question: str
    at: datetime
    kind: str
    evidence: frozenset[str]


def read(name: str, half: str) -> list[dict[str, Any]]:
    lines = (DATA / name).read_text(encoding="utf-8").splitlines()
    return [it for it in map(json.loads, lines) if it["half"] == half]


def conversations(name: str, half: str) -> dict[str, list[Utterance]]:
    """The turns of each conversation of a half of a set."""
    found: dict[str, list[Utterance]] = defaultdict(list)
    for it in read(SETS[name][0], half):
        said = Utterance(it["id"], it["speaker"], datetime.fromisoformat(it["time"]), it["text"])
        found[it["conversation"]].append(said)
    return found


def questions(name: str, half: str) -> list[Asked]:
    return [
        Asked(
            it["conversation"],
            it["question"],
            datetime.fromisoformat(it["asked"]),
            it["kind"],
            frozenset(it["evidence"]),
        )
        for it in read(SETS[name][1], half)
    ]


def ours(ready: Mapping[str, Conversation], recipe: Recipe) -> Ranked:
    return lambda it: ready[it.conversation].rank(it.question, asked_at=it.at, recipe=recipe)


def plain(turns: Mapping[str, Sequence[Utterance]]) -> Ranked:
    """BM25 as in textbooks: every word as it stands."""
    words = {name: Words([terms(it.text) for it in said]) for name, said in turns.items()}

    def ranked(it: Asked) -> Sequence[object]:
        scores = words[it.conversation].match(dict.fromkeys(terms(it.question), 1.0))
        return [turns[it.conversation][n].id for n in np.argsort(-scores, kind="stable")]

    return ranked


def reciprocal(one: Ranked, other: Ranked) -> Ranked:
    """Reciprocal rank fusion (Cormack, Clarke and Büttcher 2009), with its usual 60."""

    def ranked(it: Asked) -> Sequence[object]:
        scores: dict[object, float] = defaultdict(float)
        for order in (one(it), other(it)):
            for place, turn in enumerate(order):
                scores[turn] += 1 / (61 + place)
        return sorted(scores, key=lambda turn: -scores[turn])

    return ranked


def found(ranked: Ranked, asked: Sequence[Asked]) -> Found:
    """The share of each question's evidence among the first of each depth."""
    rows = []
    for it in asked:
        order = ranked(it)
        rows.append([len(it.evidence.intersection(order[:k])) / len(it.evidence) for k in DEPTHS])
    return np.array(rows)


def tell(
    benchmark: str, method: str, shares: Found, asked: Sequence[Asked], *, gain: bool = False
) -> None:
    """Print the figures of all questions, and of each kind at the middle depth."""
    kinds = np.array([it.kind for it in asked])
    columns = [(f"recall@{k}", shares[:, n]) for n, k in enumerate(DEPTHS)]
    columns += [
        (f"{kind}, @{DEPTHS[1]}", shares[kinds == kind, 1]) for kind in dict.fromkeys(kinds)
    ]
    for figure, values in columns:
        drawn = np.random.default_rng(0).integers(len(values), size=(SAMPLES, len(values)))
        low, high = np.percentile(values[drawn].mean(axis=1), [2.5, 97.5])
        line: dict[str, object] = {"benchmark": benchmark, "method": method, "figure": figure}
        line |= {"value": round(float(values.mean()), 4), "questions": len(values)}
        line |= {"interval": round(float(high - low) / 2, 4)}
        if gain:
            line["met"] = bool(low > 0)
        print(json.dumps(line), flush=True)


def quality(half: str, vectors: Callable[[Sequence[str]], Floats]) -> None:
    """The figures of each set, and what each part gains over the questions of both."""
    everything: list[Asked] = []
    whole: list[Found] = []
    less: dict[str, list[Found]] = defaultdict(list)
    for name in SETS:
        turns, asked = conversations(name, half), questions(name, half)
        ready = {one: Conversation(said, vectors) for one, said in turns.items()}
        words, meaning = (ours(ready, replace(SUM, meaning=share)) for share in (0.0, 1.0))
        for method, ranked in {
            "BM25": plain(turns),
            "BM25 of stems, without empty words": words,
            "meaning": meaning,
            "reciprocal ranks of both": reciprocal(words, meaning),
            "z-scored sum of both": ours(ready, SUM),
        }.items():
            tell(name, method, found(ranked, asked), asked)
        whole.append(found(ours(ready, RECIPE), asked))
        tell(name, "jamfeed", whole[-1], asked)
        everything += asked
        for part, recipe in WITHOUT.items():
            less[part].append(found(ours(ready, recipe), asked))
    for part, shares in less.items():
        gained = np.concatenate(whole) - np.concatenate(shares)
        tell("recall-gains", part, gained, everything, gain=True)


def speed(half: str) -> None:
    """Many turns whose vectors are known: the time of one question, its own vector included."""
    said = [it for turns in conversations("recall", half).values() for it in turns]
    start = datetime(2020, 1, 1)
    many = [
        Utterance(
            n, said[n % len(said)].speaker, start + timedelta(hours=n), said[n % len(said)].text
        )
        for n in range(TURNS)
    ]
    rng = np.random.default_rng(0)

    def drawn(texts: Sequence[str]) -> Floats:
        rows = rng.standard_normal((len(texts), Embedder.dimension), dtype=np.float32)
        rows /= np.linalg.norm(rows, axis=1, keepdims=True)
        return rows

    began = time.perf_counter()
    ready = Conversation(many, drawn)
    figures = Figures("recall-speed")
    figures.tell(
        f"reading {TURNS:,} turns whose vectors are known", time.perf_counter() - began, "s"
    )
    took = []
    for it in questions("recall", half):
        began = time.perf_counter()
        ready.rank(it.question, asked_at=it.at, k=25)
        took.append((time.perf_counter() - began) * 1000)
    figures.times(f"a question to {TURNS:,} turns", took)


def main(half: str = "test") -> None:
    quality(half, VectorCache(Embedder().vectors))
    speed(half)


if __name__ == "__main__":
    main(*sys.argv[1:2])
