"""How well picked sentences sum up threads; one JSON line for each figure.

28 threads written for it, each with a gist of two sentences by who wrote it, before any summary of
them was looked at (benchmarks/data/threads.jsonl). Constants were chosen on every other one; the
figures are of the rest, `python -m benchmarks.summaries train` shows those that were looked at.
"""

import json
import random
import sys
from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import numpy as np

from agents.passages import Passage, sentences
from agents.picking import pick
from agents.references import CommentRef, CreationRef
from benchmarks.rouge import rouge

DATA = Path(__file__).parent / "data" / "threads.jsonl"
FIRST = 3
SAMPLES = 2_000
DRAWN = 20  # random summaries of each thread
START = datetime(2026, 3, 14, 12, tzinfo=UTC)

Summed = Callable[[Sequence[Passage]], str]


def read(half: str) -> list[dict[str, Any]]:
    lines = map(json.loads, DATA.read_text(encoding="utf-8").splitlines())
    return [it for it in lines if it["half"] == half]


def passages(thread: dict[str, Any]) -> list[Passage]:
    """The messages of a thread: the first is what it begins with, the others are comments."""
    root = CreationRef(1)
    people = {it["by"]: n for n, it in enumerate(thread["messages"], start=1)}
    return [
        Passage(
            of=CommentRef(n) if n else root,
            creation=root,
            author_id=people[it["by"]],
            name=it["by"],
            text=it["text"],
            at=START + timedelta(minutes=n),
            title="" if n else thread["title"],
        )
        for n, it in enumerate(thread["messages"])
    ]


def lead(said: Sequence[Passage]) -> str:
    """The first three messages, whole."""
    return " ".join(it.text for it in said[:FIRST])


def last(said: Sequence[Passage]) -> str:
    """The last three messages, whole."""
    return " ".join(it.text for it in said[-FIRST:])


def drawn(said: Sequence[Passage]) -> list[str]:
    """Three sentences at random, many times."""
    some = random.Random(0)
    every = [it.text for it in sentences(said)]
    return [" ".join(some.sample(every, FIRST)) for _ in range(DRAWN)]


def gist(said: Sequence[Passage]) -> str:
    """What is shown as the gist."""
    return " ".join(it.text for it in pick(said).gist)


def scores(threads: Sequence[dict[str, Any]], summed: Summed) -> dict[str, list[float]]:
    found: dict[str, list[float]] = {}
    for it in threads:
        for figure, value in rouge(summed(passages(it)), it["gist"]).items():
            found.setdefault(figure, []).append(value)
    return found


def by_chance(threads: Sequence[dict[str, Any]]) -> dict[str, list[float]]:
    found: dict[str, list[float]] = {}
    for it in threads:
        each = [rouge(text, it["gist"]) for text in drawn(passages(it))]
        for figure in each[0]:
            found.setdefault(figure, []).append(float(np.mean([one[figure] for one in each])))
    return found


def tell(method: str, found: dict[str, list[float]], *, gain: bool = False) -> None:
    for figure, each in found.items():
        values = np.array(each)
        picks = np.random.default_rng(0).integers(len(values), size=(SAMPLES, len(values)))
        low, high = np.percentile(values[picks].mean(axis=1), [2.5, 97.5])
        line: dict[str, object] = {"benchmark": "summaries", "method": method, "figure": figure}
        line |= {"value": round(float(values.mean()), 4), "threads": len(values)}
        line |= {"interval": round(float(high - low) / 2, 4)}
        if gain:
            line["met"] = bool(low > 0)
        print(json.dumps(line), flush=True)


def main(half: str = "test") -> None:
    threads = read(half)
    ours, first = scores(threads, gist), scores(threads, lead)
    tell("three sentences at random", by_chance(threads))
    tell("the first three messages (LEAD-3)", first)
    tell("the last three messages", scores(threads, last))
    tell("jamfeed, the gist", ours)
    less = {
        figure: [a - b for a, b in zip(ours[figure], first[figure], strict=True)] for figure in ours
    }
    tell("jamfeed minus LEAD-3", less, gain=True)


if __name__ == "__main__":
    main(*sys.argv[1:2])
