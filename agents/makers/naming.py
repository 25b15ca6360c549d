"""Names found in plain words, in any writing; slips of a key are forgiven."""

import re
from collections.abc import Iterable, Iterator, Sequence
from typing import TypeVar

T = TypeVar("T")

_UNSPACED = re.compile("[\u3005-\u30ff\u3400-\u9fff]")


def found(text: str, known: Iterable[tuple[T, Sequence[str]]]) -> T | None:
    """What is named in the text by one of its keywords: the one with the fewest slips, of equals
    the longest keyword, of those the first in the text.
    """
    plain = text.casefold().replace("–", "-").replace("‑", "-")
    words = re.findall(r"[\w+-]+", plain)
    best: tuple[tuple[int, int, int], T] | None = None
    for thing, keywords in known:
        for keyword in keywords:
            if _UNSPACED.search(keyword):
                places = [(0, plain.index(keyword))] if keyword in plain else []
            else:
                places = list(_typed(keyword, words))
            for slips, at in places:
                rank = (slips, -len(keyword), at)
                if best is None or rank < best[0]:
                    best = (rank, thing)
    return best[1] if best else None


def _typed(keyword: str, words: Sequence[str]) -> Iterator[tuple[int, int]]:
    """Where a keyword stands among the words, and with how many slips."""
    from rapidfuzz.distance import OSA  # not before somebody names a maker

    size = len(keyword.split())
    for at in range(len(words) - size + 1):
        typed = " ".join(words[at : at + size])
        slips = OSA.distance(keyword, typed, score_cutoff=2)
        if slips <= _forgiven(typed):
            yield slips, at


def _forgiven(typed: str) -> int:
    return 0 if len(typed) < 5 else 1 if len(typed) < 9 else 2
