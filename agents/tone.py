"""How hostile comments sound, told by what they mean: one linear model over their vectors.

It was trained on threads of which only was known whether they derail as a whole
(`python -m benchmarks.derailing --train`), and counts in `agents.derailing` as one sign of many.
"""

from __future__ import annotations  # NumPy is only named here: a start without it is quicker

import asyncio
import hashlib
from collections import OrderedDict
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

    import numpy as np
    from numpy.typing import NDArray

    from agents.prepared import Embeds

FILE = Path(__file__).parent / "assets" / "tone.npz"
LONGEST = 600  # characters of a comment that are looked at
KEPT = 4_096  # comments whose tone is kept, by a hash of what they say


class Tone:
    """Tells how comments sound; each is read once while it is looked at again and again."""

    def __init__(self, embedder: Embeds) -> None:
        self._embedder = embedder
        self._known: OrderedDict[bytes, float] = OrderedDict()

    async def of(self, texts: Sequence[str]) -> list[float]:
        """The logit of each: above 0 it is likelier hostile than not."""
        return await asyncio.to_thread(self.read, texts)

    def read(self, texts: Sequence[str]) -> list[float]:
        """The same, blocking."""
        keys = [
            hashlib.blake2b(it.encode("utf-8", "replace"), digest_size=16).digest() for it in texts
        ]
        new = {key: it for key, it in zip(keys, texts, strict=True) if key not in self._known}
        if new:
            vectors = self._embedder.vectors([it[:LONGEST] for it in new.values()])
            weights, bias = _weights()
            logits = (vectors @ weights + bias).tolist()
            self._known |= dict(zip(new, logits, strict=True))
        found = [self._known[it] for it in keys]
        while len(self._known) > KEPT:
            self._known.popitem(last=False)
        return found


def write(weights: NDArray[np.float32], bias: float) -> None:
    """Put what was learned into the file."""
    import numpy as np

    np.savez_compressed(FILE, weights=weights.astype(np.float16), bias=np.float32(bias))


@cache
def _weights() -> tuple[NDArray[np.float32], float]:
    import numpy as np

    with np.load(FILE) as found:
        return found["weights"].astype(np.float32), float(found["bias"])
