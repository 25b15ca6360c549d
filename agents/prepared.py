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

    known = _read(file, embedder.name)
    keys = [_key(it) for it in texts]
    lacking = [(key, it) for key, it in zip(keys, texts, strict=True) if key not in known]
    if lacking:
        made = embedder.vectors([it for _, it in lacking])
        known |= {key: row for (key, _), row in zip(lacking, made, strict=True)}
    return np.stack([known[key] for key in keys])


def write(texts: Sequence[str], embedder: Embeds, *, file: Path = FILE) -> None:
    """Make the file for these texts; those that it knows keep their vectors."""
    import numpy as np

    rows = vectors_of(texts, embedder, file=file).astype(np.float16)
    keys = np.array([_key(it) for it in texts], dtype=np.uint64)
    file.parent.mkdir(exist_ok=True)
    np.savez_compressed(file, embedder=embedder.name, keys=keys, vectors=rows)


def lacks(texts: Sequence[str], embedder: Embeds, *, file: Path = FILE) -> list[str]:
    """The texts whose vectors the file does not have."""
    known = _read(file, embedder.name)
    return [it for it in texts if _key(it) not in known]


def _read(file: Path, name: str) -> dict[int, NDArray[np.float32]]:
    import numpy as np

    try:
        with ZipFile(file), np.load(file) as found:  # which itself leaves no file open on rubbish
            if str(found["embedder"]) != name:
                return {}
            rows = found["vectors"].astype(np.float32)
            return dict(zip(found["keys"].tolist(), rows, strict=True))
    except (OSError, ValueError, KeyError, BadZipFile):
        return {}


def _key(text: str) -> int:
    return int.from_bytes(hashlib.sha256(text.encode()).digest()[:8], "big")
