"""Vectors of texts that come with Jamfeed: made once, and kept in a file beside the code.

To embed the acts' examples takes seconds of every start; to read their vectors takes none.
"""

from __future__ import annotations  # NumPy is only named here: a start without it is quicker

import hashlib
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Protocol
from zipfile import BadZipFile, ZipFile

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

FILE = Path(__file__).parent / "assets" / "examples.npz"
STEPS = 127  # of the largest number of a vector: its direction is kept to a ten-thousandth


class Embeds(Protocol):
    """What makes unit vectors of d numbers; both ways block."""

    @property
    def name(self) -> str:
        """Which model it is: vectors of different ones have nothing to do with each other."""
        ...

    def vectors(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """Vectors of many texts, shape (n, d)."""
        ...

    def query_vector(self, text: str) -> NDArray[np.float32]:
        """The vector of one, shape (d,); quick when the same was asked a moment ago."""
        ...


def vectors_of(texts: Sequence[str], embedder: Embeds, *, file: Path = FILE) -> NDArray[np.float32]:
    """Unit vectors of the texts, shape (n, d): from the file, and made anew where it lacks them."""
    import numpy as np

    places, stored = _read(file, embedder.name)
    found = {it: stored[places[key]] for it in texts if (key := _key(it)) in places}
    rows = {it: _unit(row) for it, row in found.items()}
    lacking = [it for it in dict.fromkeys(texts) if it not in rows]
    if lacking:
        rows |= dict(zip(lacking, embedder.vectors(lacking), strict=True))
    return np.stack([rows[it] for it in texts])


def write(texts: Sequence[str], embedder: Embeds, *, file: Path = FILE) -> None:
    """Make the file for these texts; those that it knows keep their vectors."""
    import numpy as np

    rows = vectors_of(texts, embedder, file=file)
    steps = np.rint(rows * (STEPS / np.abs(rows).max(axis=1, keepdims=True))).astype(np.int8)
    keys = np.array([_key(it) for it in texts], dtype=np.uint64)
    file.parent.mkdir(exist_ok=True)
    np.savez_compressed(file, embedder=embedder.name, keys=keys, vectors=steps)


def lacks(texts: Sequence[str], embedder: Embeds, *, file: Path = FILE) -> list[str]:
    """The texts whose vectors the file does not have."""
    places, _ = _read(file, embedder.name)
    return [it for it in texts if _key(it) not in places]


def _read(file: Path, name: str) -> tuple[dict[int, int], NDArray[np.int8]]:
    """Where the vector of each key stands, and all vectors, in steps of whole numbers."""
    import numpy as np

    try:
        with ZipFile(file), np.load(file) as found:  # which itself leaves no file open on rubbish
            if str(found["embedder"]) == name and found["vectors"].dtype == np.int8:
                places = {key: at for at, key in enumerate(found["keys"].tolist())}
                return places, found["vectors"]
    except (OSError, ValueError, KeyError, BadZipFile):
        pass
    return {}, np.empty((0, 0), dtype=np.int8)


def _unit(steps: NDArray[np.int8]) -> NDArray[np.float32]:
    import numpy as np

    row: NDArray[np.float32] = steps.astype(np.float32)
    return row / np.linalg.norm(row)


def _key(text: str) -> int:
    return int.from_bytes(hashlib.sha256(text.encode()).digest()[:8], "big")
