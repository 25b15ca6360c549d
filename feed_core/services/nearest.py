"""What finds creations by what they mean; it needs vectors, so it is made above and handed in."""

from collections.abc import Collection, Sequence
from typing import Protocol, TypeAlias

import numpy as np
from numpy.typing import NDArray

Floats: TypeAlias = NDArray[np.float32]


class Nearest(Protocol):
    """An index of what creations mean; it knows nothing of who may see what.

    So whoever asks checks in the database what comes back. Vectors have length 1.
    """

    async def near(
        self, vector: Floats, *, k: int, among: Collection[int] | None = None
    ) -> dict[int, float]:
        """The k creations nearest to a vector: cosine by number, nearest first.

        `among`: only these; those without a vector are left out.
        """
        ...

    async def vectors(self, creation_ids: Sequence[int]) -> Floats:
        """One row for each, shape (n, dimension); zeros where there is no vector yet."""
        ...
