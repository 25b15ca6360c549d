"""How well texts match a query by the words they share."""

import math
import re
from collections import Counter
from collections.abc import Sequence

WORD = re.compile(r"\w+")
SATURATION = 1.2
LENGTH_WEIGHT = 0.75


def match(query: str, texts: Sequence[str]) -> list[float]:
    """One score for each text, 0.0 where no word is shared: BM25.

    The formula and its usual constants (k1 = 1.2, b = 0.75) are those of Robertson and Zaragoza,
    "The Probabilistic Relevance Framework: BM25 and Beyond" (2009), with 1 added inside the
    logarithm, so that a word in most texts counts little instead of negatively.
    """
    wanted = set(_words(query))
    counted = [Counter(_words(text)) for text in texts]
    lengths = [counts.total() for counts in counted]
    average = sum(lengths) / len(lengths) if any(lengths) else 1.0
    holding = Counter(word for counts in counted for word in counts if word in wanted)
    weights = {
        word: math.log(1 + (len(texts) - held + 0.5) / (held + 0.5))
        for word, held in holding.items()
    }

    def score(counts: Counter[str], length: int) -> float:
        norm = SATURATION * (1 - LENGTH_WEIGHT + LENGTH_WEIGHT * length / average)
        return sum(
            weights[word] * held * (SATURATION + 1) / (held + norm)
            for word, held in counts.items()
            if word in wanted
        )

    return [score(counts, length) for counts, length in zip(counted, lengths, strict=True)]


def _words(text: str) -> list[str]:
    return WORD.findall(text.casefold())
