"""Vectors of texts that were read before."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Sequence
from hashlib import blake2b
from threading import Lock

import numpy as np

from memory.fusion import Floats

MOST = 50_000  # at 384 numbers some 80 MB


class VectorCache:
    """Makes vectors of texts and keeps those of the last 50,000; may be used by several threads.

    It keeps hashes of the texts, not the texts.
    """

    def __init__(self, vectors: Callable[[Sequence[str]], Floats], *, most: int = MOST) -> None:
        self._vectors, self._most = vectors, most
        self._known: OrderedDict[bytes, Floats] = OrderedDict()
        self._lock = Lock()

    def __call__(self, texts: Sequence[str]) -> Floats:
        """One row for each text, as `vectors` makes them."""
        keys = [blake2b(it.encode("utf-8", "replace"), digest_size=16).digest() for it in texts]
        with self._lock:
            found = {it: self._known[it] for it in keys if it in self._known}
        new = {key: text for key, text in zip(keys, texts, strict=True) if key not in found}
        if new or not texts:
            rows = self._vectors(list(new.values()))
            if not texts:
                return rows
            found |= dict(zip(new, rows, strict=True))
        with self._lock:
            for key in keys:
                self._known[key] = found[key]
                self._known.move_to_end(key)
            while len(self._known) > self._most:
                self._known.popitem(last=False)
        return np.stack([found[key] for key in keys])
