"""What a feed was mixed from, kept while its reader turns pages: a page further costs little."""

from collections import OrderedDict
from collections.abc import Hashable
from dataclasses import dataclass, replace
from datetime import datetime

import numpy as np

from feed_core.services.crowd import Places
from feed_core.services.diversity import Pool
from feed_core.services.portrait import Deeds, Portrait
from feed_core.services.recipes import Recipe
from feed_core.services.seen import ONE_LOOK
from feed_core.services.taste import Likes

KEPT = 100  # members who look
MUCH = 10  # when the tenth part was shown, candidates are looked for anew


@dataclass(frozen=True, slots=True)
class Mix:
    """The candidates of one page with their scores, and what a page says of how it came to them."""

    pool: Pool
    likes: Likes
    nearest: Places  # ids of members, see `Voices`


@dataclass(frozen=True, slots=True)
class _Look:
    asked: Hashable
    deeds: Deeds
    mix: Mix
    began_at: datetime


class Looks:
    """The mixes of those who opened a feed last; one holds while its reader says nothing new."""

    def __init__(self) -> None:
        self._kept: OrderedDict[int, _Look] = OrderedDict()

    def keep(self, member: Portrait, recipe: Recipe, mix: Mix, *, now: datetime) -> None:
        """Keep this mix for the next page, without its vectors."""
        number = member.reader.member_id
        nothing = np.empty((0, 0), dtype=np.float32)
        lean = replace(mix, pool=replace(mix.pool, vectors=nothing))
        self._kept.pop(number, None)
        self._kept[number] = _Look(_asked(member, recipe), member.deeds, lean, now)
        if len(self._kept) > KEPT:
            self._kept.popitem(last=False)

    def find(self, member: Portrait, recipe: Recipe, *, now: datetime) -> Mix | None:
        """The mix without vectors and without what was shown since, where it still holds."""
        look = self._kept.get(member.reader.member_id)
        if look is None or look.deeds is not member.deeds or look.asked != _asked(member, recipe):
            return None
        pool = look.mix.pool
        shown = member.shown.when(pool.ids) >= member.shown.in_this_look(now)
        left = np.flatnonzero(~shown)
        if now - look.began_at >= ONE_LOOK or len(left) * MUCH < len(pool.ids) * (MUCH - 1):
            return None
        return replace(look.mix, pool=pool.kept(left))


def _asked(member: Portrait, recipe: Recipe) -> Hashable:
    """What a mix depends on beside deeds."""
    followed = (member.makers, member.tags, member.threads)
    muted = (member.muted_makers, member.muted_threads, member.quiet)
    return member.reader, recipe, followed, muted
