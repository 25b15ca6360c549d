"""What the router has learned: the weights of features for each act, and for none of them.

Multinomial logistic regression. It is trained when Jamfeed is built (`tests/training.py`), and read
from a file beside the code: a start trains nothing, and a text costs one sparse product.
"""

from __future__ import annotations  # NumPy is only named here: a start without it is quicker

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from agents import concepts, letters
from agents.concepts import Concepts
from agents.letters import Letters

if TYPE_CHECKING:
    from collections.abc import Sequence

    import numpy as np
    from numpy.typing import NDArray

    from agents.letters import Sparse

FILE = Path(__file__).parent / "assets" / "router.npz"
ABOUT = 0.7  # length of the part of what words are about, beside meaning and letters
STEPS = 127  # of the largest weight of a kind


@dataclass(frozen=True, slots=True)
class Rarities:
    """How rare each piece of letters, and each concept, is among what was learned from."""

    pieces: NDArray[np.float32]
    concepts: NDArray[np.float32]


class Features:
    """A text as numbers: dense ones (meaning, and what it is about), then sparse ones (letters)."""

    def __init__(self, rare: Rarities) -> None:
        self.letters = Letters(rare.pieces)
        self._concepts = Concepts(rare.concepts)

    def dense(self, text: str, meaning: NDArray[np.float32]) -> NDArray[np.float32]:
        """Shape (d + concepts,), of a text whose vector has shape (d,)."""
        import numpy as np

        dense: NDArray[np.float32] = np.append(meaning, ABOUT * self._concepts.vector(text))
        return dense


@dataclass(frozen=True, slots=True)
class Learned:
    """Weights of dense features, then sparse ones, then the bias, shape (features + 1, kinds).

    They are whole numbers, and `scale`, shape (kinds,), is what a step of them is worth.
    `learned_from` tells what it was trained on, so that it is seen when that has changed.
    """

    kinds: list[str]
    learned_from: str
    rare: Rarities
    weights: NDArray[np.int8]
    scale: NDArray[np.float32]

    def probabilities(self, dense: NDArray[np.float32], sparse: Sparse) -> NDArray[np.float32]:
        """How probable each kind is, shape (kinds,)."""
        import numpy as np

        places, values = sparse
        first = len(dense)
        sums = dense @ self.weights[:first].astype(np.float32)
        sums += values @ self.weights[first + places].astype(np.float32)
        sums = (sums + self.weights[-1]) * self.scale
        odds = np.exp(sums - sums.max())
        found: NDArray[np.float32] = odds / odds.sum()
        return found


def rarities(texts: Sequence[str]) -> Rarities:
    """Of pieces and concepts among these texts."""
    return Rarities(letters.rarity(texts), concepts.rarity(texts))


def in_steps(
    kinds: list[str], learned_from: str, rare: Rarities, weights: NDArray[np.float32]
) -> Learned:
    """What was learned, with its weights as whole numbers."""
    import numpy as np

    scale = np.abs(weights).max(axis=0) / STEPS
    return Learned(kinds, learned_from, rare, np.rint(weights / scale).astype(np.int8), scale)


def write(learned: Learned, *, file: Path = FILE) -> None:
    """Put it into the file."""
    import numpy as np

    np.savez_compressed(
        file,
        kinds=np.array(learned.kinds),
        learned_from=learned.learned_from,
        pieces=learned.rare.pieces.astype(np.float16),
        concepts=learned.rare.concepts.astype(np.float16),
        weights=learned.weights,
        scale=learned.scale,
    )


def read(*, file: Path = FILE) -> Learned:
    """What the file holds.

    Raises:
        OSError, ValueError, KeyError, BadZipFile: it is missing or damaged; it comes with Jamfeed.
    """
    import numpy as np

    with np.load(file) as found:
        return Learned(
            kinds=found["kinds"].tolist(),
            learned_from=str(found["learned_from"]),
            rare=Rarities(found["pieces"].astype(np.float32), found["concepts"].astype(np.float32)),
            weights=found["weights"],
            scale=found["scale"],
        )
