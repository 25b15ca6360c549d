"""How well texts match a query by the words they share."""

from __future__ import annotations  # NumPy is only named here: a start without it is quicker

import re
from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import TYPE_CHECKING

from feed_core.services.terms import terms
from memory.stemming import stem

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Scores = NDArray[np.float64]

SATURATION = 1.2
LENGTH_WEIGHT = 0.75
ASCII = re.compile("[a-z0-9]{1,64}")


class Words:
    """The words of some texts, ready to be matched with queries: BM25.

    The formula and its usual constants (k1 = 1.2, b = 0.75) are those of Robertson and Zaragoza,
    "The Probabilistic Relevance Framework: BM25 and Beyond" (2009), with 1 added inside the
    logarithm, so that a word in most texts counts little instead of negatively.
    """

    def __init__(
        self, texts: Iterable[Sequence[str]], *, only: Collection[str] | None = None
    ) -> None:
        """Count the words of the texts, or `only` these words."""
        import numpy as np

        places: dict[str, list[int]] = {}
        counts: dict[str, list[int]] = {}
        sizes = []
        for place, said in enumerate(texts):
            sizes.append(len(said))
            counted = said if only is None else [word for word in said if word in only]
            for word, count in Counter(counted).items():
                places.setdefault(word, []).append(place)
                counts.setdefault(word, []).append(count)
        lengths = np.array(sizes, dtype=np.float64)
        average = float(lengths.mean()) if lengths.any() else 1.0
        norms = SATURATION * (1 - LENGTH_WEIGHT + LENGTH_WEIGHT * lengths / average)
        self.count = len(lengths)
        self._found: dict[str, tuple[NDArray[np.int64], Scores]] = {}
        for word, where in places.items():
            at, held = np.array(where), np.array(counts[word], dtype=np.float64)
            saturated = held * (SATURATION + 1) / (held + norms[at])
            self._found[word] = at, self.rarity(len(where)) * saturated

    def rarity(self, holding: int) -> float:
        """The weight of a word that so many of the texts hold."""
        import math

        return math.log(1 + (self.count - holding + 0.5) / (holding + 0.5))

    def match(self, wanted: Mapping[str, float]) -> Scores:
        """One score for each text, shape (texts,), 0.0 where no word is shared; words by weight."""
        import numpy as np

        scores: Scores = np.zeros(self.count)
        for word, weight in wanted.items():
            if word in self._found:
                at, values = self._found[word]
                scores[at] += weight * values
        return scores


def stems(text: str) -> list[str]:
    """The words of a text in its order, each brought to its stem."""
    words = ASCII.findall(text.lower()) if text.isascii() else terms(text)  # the same, quicker
    return [stem(word) for word in words]
