"""What one member did, said and follows lately: all that a feed is mixed from."""

from collections import OrderedDict, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any, TypeAlias

import numpy as np
from sqlalchemy import Integer, Select
from sqlalchemy import select as sa_select
from sqlmodel import col

from feed_core.models.creations import Creation
from feed_core.models.curation import Followed
from feed_core.prepared import among
from feed_core.services import muting, seen
from feed_core.services.crowd import Floats, Mask, Places, find
from feed_core.services.muting import Silence
from feed_core.services.portrait_rows import BETWEEN, DEEDS, FOLLOWS, MUTES, SHOWN, subjects
from feed_core.services.portrait_rows import Did as Did
from feed_core.services.seen import Shown
from feed_core.services.sight import Reader
from feed_core.services.whereabouts import Whereabouts
from feed_core.store import View

KEPT = 500  # members whose deeds are kept in memory
ASKED = (
    100_000  # creations of which it is kept in memory who made them, beside those known at first
)
NOBODY: Places = np.empty(0, dtype=np.int64)
Words: TypeAlias = frozenset[tuple[int, str, str]]  # of each kind: what the database tells of it


# How much each tells of taste, in reactions.
TELLS = {Did.REACTED: 1.0, Did.SAVED: 1.5, Did.COMMENTED: 0.7, Did.WANTS_MORE: 3.0}
WEIGHTS = np.array([TELLS.get(it, 0.0) for it in (None, *Did)], dtype=np.float32)


@dataclass(frozen=True, slots=True)
class Deeds:
    """What a member did: arrays of one length, the oldest first."""

    did: Places  # a Did
    ids: Places  # the creations that they did it with
    makers: Places  # who made those
    at: Places  # in microseconds since 1970

    def only(self, which: Did) -> "Deeds":
        """Those of this kind."""
        return self.where(self.did == which)

    def where(self, which: Mask) -> "Deeds":
        """Those of which it holds."""
        return Deeds(self.did[which], self.ids[which], self.makers[which], self.at[which])

    def newest(self, count: int) -> "Deeds":
        """At most so many of the newest."""
        return Deeds(self.did[-count:], self.ids[-count:], self.makers[-count:], self.at[-count:])


@dataclass(frozen=True, slots=True)
class Portrait:
    """One member as their feed knows them; of deeds the newest of each kind."""

    reader: Reader
    deeds: Deeds
    makers: frozenset[int]  # that they follow
    tags: frozenset[str]
    threads: frozenset[int]
    muted_makers: frozenset[int]
    muted_threads: frozenset[int]
    quiet: Silence
    shown: Shown

    def likings(self) -> Deeds:
        """What tells of their taste: deeds with what others made."""
        told = (WEIGHTS[self.deeds.did] > 0) & (self.deeds.makers != self.reader.member_id)
        return self.deeds.where(told)

    def likes(self) -> tuple[Places, Floats]:
        """The creations that tell of their taste, the oldest first, and how much each tells."""
        deeds = self.likings()
        ids, last = np.unique(deeds.ids[::-1], return_index=True)
        weights = np.zeros(len(ids), dtype=np.float32)
        np.maximum.at(weights, np.searchsorted(ids, deeds.ids), WEIGHTS[deeds.did])
        order = np.argsort(-last, kind="stable")
        return ids[order], weights[order]

    def touched(self) -> Deeds:
        """What they did with creations that were there already."""
        return self.deeds.where(self.deeds.did != Did.MADE)

    def looked(self, ids: Places) -> Places:
        """When they last looked at each of these different ones, in microseconds; 0 for never.

        They looked at what they were shown, and at what they did something with.
        """
        deeds = self.touched()
        order = np.argsort(ids)
        at, known = find(ids[order], deeds.ids)
        did = np.zeros(len(ids), dtype=np.int64)
        np.maximum.at(did, order[at[known]], deeds.at[known])
        looked: Places = np.maximum(self.shown.when(ids), did)
        return looked


class Album:
    """The deeds of those who looked last, each with the words of the database that they are from.

    The database is asked for those words each time, so other processes may change deeds too. Who
    made what is kept for all of them.
    """

    def __init__(self, ids: Places = NOBODY, makers: Places = NOBODY) -> None:
        """Who made what is known of these creations already."""
        self._whereabouts, self._makers = Whereabouts(ids), makers
        self._asked: dict[int, int] = {}  # of other creations
        self._kept: OrderedDict[int, tuple[Words, Deeds]] = OrderedDict()

    def find(self, member_id: int, words: Words) -> Deeds | None:
        """The deeds of this member, if they are still told in these words."""
        kept = self._kept.get(member_id)
        return kept[1] if kept is not None and kept[0] == words else None

    def keep(self, member_id: int, words: Words, deeds: Deeds) -> None:
        """Keep these, and let go of what was kept first when it is too much."""
        self._kept.pop(member_id, None)
        self._kept[member_id] = (words, deeds)
        if len(self._kept) > KEPT:
            self._kept.popitem(last=False)

    async def makers(self, view: View, creation_ids: Places) -> Places:
        """Who made each of these creations."""
        at, known = self._whereabouts.find(creation_ids)
        found = np.zeros(len(creation_ids), dtype=np.int64)
        found[known] = self._makers[at[known]]
        others = creation_ids[~known].tolist()
        if unknown := set(others) - self._asked.keys():
            if len(self._asked) > ASKED:
                self._asked.clear()
                unknown = set(others)
            self._asked.update(await view.ask(_makers(), {"ids": list(unknown)}))
        found[~known] = [self._asked[it] for it in others]
        return found


async def of(view: View, reader: Reader, *, album: Album | None = None) -> Portrait:
    """The portrait of this reader; what the album has of it is not read again."""
    rows = await view.ask(subjects(), {"member_id": reader.member_id})
    return await _drawn(view, reader, rows, album or Album())


async def of_many(view: View, readers: Sequence[Reader], *, album: Album) -> list[Portrait]:
    """The portraits of these readers, who are different members, asked for in one go."""
    rows: dict[int, list[Sequence[Any]]] = defaultdict(list)
    given = {"members": [it.member_id for it in readers]}
    for row in await view.ask(subjects(many=True), given):
        rows[row[0]].append(row)
    return [await _drawn(view, it, rows[it.member_id], album) for it in readers]


async def _drawn(
    view: View, reader: Reader, rows: Sequence[Sequence[Any]], album: Album
) -> Portrait:
    """The portrait that these rows tell of."""
    named: dict[tuple[int, str], list[str]] = defaultdict(list)
    shown, told = seen.NOTHING, []
    for _, what, kind, subject, items, number, moment in rows:
        if what == SHOWN:
            shown = seen.unpacked(items, floor_id=number, began_at=moment)
        elif what == DEEDS:
            if kind is not None:
                told.append((int(kind), subject, items))
        else:
            named[what, kind].append(subject)
    words = frozenset(told)
    deeds = album.find(reader.member_id, words)
    if deeds is None:
        deeds = await _read(view, told, album)
        album.keep(reader.member_id, words, deeds)
    return Portrait(
        reader=reader,
        deeds=deeds,
        makers=_numbers(named[FOLLOWS, Followed.MEMBER]),
        tags=frozenset(named[FOLLOWS, Followed.TAG]),
        threads=_numbers(named[FOLLOWS, Followed.THREAD]),
        muted_makers=_numbers(named[MUTES, Followed.MEMBER]),
        muted_threads=_numbers(named[MUTES, Followed.THREAD]),
        quiet=muting.silenced(
            reader.member_id, words=named[MUTES, Followed.WORD], tags=named[MUTES, Followed.TAG]
        ),
        shown=shown,
    )


async def _read(view: View, told: Sequence[tuple[int, str, str]], album: Album) -> Deeds:
    """The deeds that the database told of, in order."""
    did: list[int] = []
    ids: list[int] = []
    moments: list[str] = []
    for kind, numbered, dated in told:
        ids += map(int, numbered.split(BETWEEN))
        moments += dated.split(BETWEEN)
        did += [kind] * (len(ids) - len(did))
    numbers = np.array(ids, dtype=np.int64)
    makers = await album.makers(view, numbers)
    at = np.array(moments, dtype="datetime64[us]").astype(np.int64)  # many at once are quicker
    order = np.lexsort((numbers, at))
    return Deeds(np.array(did, dtype=np.int64)[order], numbers[order], makers[order], at[order])


@cache
def _makers() -> Select[int, int]:
    """Who made some creations."""
    number: Any = col(Creation.id)
    return sa_select(number, col(Creation.author_id)).where(among(number, "ids", Integer()))


def _numbers(subjects: Iterable[str]) -> frozenset[int]:
    return frozenset(map(int, subjects))
