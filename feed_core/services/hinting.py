"""What a feed can say of how it came to its items."""

from collections.abc import Sequence

import numpy as np

from feed_core.services.crowd import Floats, Places
from feed_core.services.diversity import Pick
from feed_core.services.looks import Mix
from feed_core.services.portrait import Did, Portrait
from feed_core.services.reasons import Hints
from feed_core.services.sources import OPINIONS, likeness
from feed_core.services.window import Window

ALIKE = 0.5  # from which likeness on it is a reason
KINDRED = 50  # members whose taste is nearest


def hints(window: Window, portrait: Portrait, mix: Mix, picks: Sequence[Pick]) -> Hints:
    """What can be said of how these came to be picked."""
    ids = np.array([it.id for it in picks], dtype=np.int64)
    at = window.here(ids.tolist())
    more = portrait.deeds.only(Did.WANTS_MORE).newest(OPINIONS)
    likes, nearest = mix.likes, mix.nearest
    whole = likes.vectors if likes.whole is None else likes.whole
    liked = likes.ids[len(likes.ids) - len(whole) :]
    others = nearest[nearest != portrait.reader.member_id]
    return Hints(
        more_like=_pairs(ids, more.ids, likeness(window, more, at)),
        like=_pairs(ids, liked, window.vectors[at] @ whole.T),
        surprises=[it.id for it in picks if it.explored],
        kindred=others[:KINDRED].tolist(),
    )


def _pairs(ids: Places, others: Places, near: Floats) -> dict[int, tuple[int, int]]:
    """For each that is like any of the others, the likest of them and how many there are."""
    if not near.size:
        return {}
    alike = near >= ALIKE
    likest, counts = others[np.argmax(near, axis=1)].tolist(), alike.sum(axis=1).tolist()
    return {
        number: (other, count)
        for number, other, count in zip(ids.tolist(), likest, counts, strict=True)
        if count
    }
