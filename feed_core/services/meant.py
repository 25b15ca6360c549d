"""What creations are about: vectors, and the same made shorter, which are compared sooner.

Of many texts a third of the numbers tells nearly all that all of them do: the directions in which
they differ most (principal components). What is compared with thousands is compared so; where few
are, and something is said of it, the whole vectors tell.
"""

from dataclasses import dataclass
from typing import Self

import numpy as np

from feed_core.services.crowd import Floats, Places
from feed_core.services.growing import Growing
from feed_core.services.taste import centred

SHORT = 128  # numbers of a vector that is compared with thousands
ENOUGH = 2_000  # vectors from which on it can be told in which directions all of them differ
SAMPLE = 5_000  # of those that are there tell it


@dataclass(frozen=True, slots=True)
class Meant:
    """Centred vectors of length 1, or 0 for what is not known; a row for each creation."""

    whole: Growing
    short: Growing  # the same rows where there are too few to tell what may be left out
    axes: Floats | None  # (dimension, SHORT)

    @classmethod
    def nothing(cls, dimension: int, axes: Floats | None, *, spare: int) -> Self:
        """Of no creations yet; room is kept for so many."""
        whole, short = (
            Growing(np.empty((0, it), dtype=np.float32), spare=spare) for it in (dimension, SHORT)
        )
        return cls(whole, whole if axes is None else short, axes)

    def grown(self, more: Floats) -> "Meant":
        """With more behind them."""
        whole = self.whole.grown(more)
        short = whole if self.axes is None else self.short.grown(more @ self.axes)
        return Meant(whole, short, self.axes)

    def without(self, first: int) -> "Meant":
        """Without the first ones."""
        whole = self.whole.without(first)
        return Meant(whole, whole if self.axes is None else self.short.without(first), self.axes)

    def at(self, places: Places) -> "Meant":
        """Those in these places."""
        whole = Growing(self.whole.rows[places], spare=0)
        short = whole if self.axes is None else Growing(self.short.rows[places], spare=0)
        return Meant(whole, short, self.axes)

    def fill(self, places: Places, rows: Floats) -> None:
        """Write what was not known yet into these places; all who share the memory see it."""
        self.whole.fill(places, rows)
        if self.axes is not None:
            self.short.fill(places, rows @ self.axes)


def axes_of(rows: Floats, mean: Floats) -> Floats | None:
    """The directions in which these, centred, differ most; None where they are short or too few."""
    told = centred(rows[:: max(1, len(rows) // SAMPLE)], mean)
    told = told[told.any(axis=1)]
    if rows.shape[1] <= SHORT or len(told) < ENOUGH:
        return None
    _, directions = np.linalg.eigh(told.T @ told)  # the one that tells most comes last
    axes: Floats = np.ascontiguousarray(directions[:, -SHORT:], dtype=np.float32)
    return axes
