"""ROUGE: how much of a reference a summary says, by shared words.

ROUGE-N and ROUGE-L as in Lin, "ROUGE: A Package for Automatic Evaluation of Summaries" (2004), F1:
n-grams are counted at most as often as the reference has them; L is the longest common subsequence
of both texts as a whole. Words are runs of letters and digits, whatever their case; no stemming.
"""

import re
from collections import Counter
from collections.abc import Sequence

WORD = re.compile(r"\w+")


def rouge(summary: str, reference: str) -> dict[str, float]:
    """F1 from 0 to 1 for ROUGE-1, ROUGE-2 and ROUGE-L."""
    said, wanted = (WORD.findall(it.casefold()) for it in (summary, reference))
    found = {f"ROUGE-{n}": _by_grams(said, wanted, n) for n in (1, 2)}
    return {**found, "ROUGE-L": _f1(_common(said, wanted), len(said), len(wanted))}


def _by_grams(said: Sequence[str], wanted: Sequence[str], n: int) -> float:
    one, other = (Counter(zip(*(it[k:] for k in range(n)), strict=False)) for it in (said, wanted))
    return _f1((one & other).total(), one.total(), other.total())


def _common(one: Sequence[str], other: Sequence[str]) -> int:
    """The length of the longest common subsequence."""
    row = [0] * (len(other) + 1)
    for word in one:
        before = 0
        for n, it in enumerate(other, start=1):
            before, row[n] = row[n], before + 1 if word == it else max(row[n], row[n - 1])
    return row[-1]


def _f1(shared: int, said: int, wanted: int) -> float:
    return 2 * shared / (said + wanted) if shared else 0.0
