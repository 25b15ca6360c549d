"""What a member was shown already, so that it is not shown again while nothing happened to it."""

from base64 import b64decode, b64encode
from collections.abc import Collection
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from functools import cache

import numpy as np
from sqlalchemy import Executable, Integer, bindparam, delete
from sqlmodel import col

from feed_core.models.seen import Seen
from feed_core.services.crowd import Places, find
from feed_core.services.members import in_turn
from feed_core.services.once import insert_in
from feed_core.store import View, Work

MOST = 4_000  # creations in one member's record; above that the oldest half is let go of
ONE_LOOK = timedelta(hours=1)  # what was shown within it belongs to the look that goes on
DROPPED = delete(Seen).where(col(Seen.member_id) == bindparam("gone_id", type_=Integer))
PAIR = np.dtype([("id", "<i8"), ("at", "<i8")])
START = datetime(1970, 1, 1, tzinfo=UTC)
MICROSECOND = timedelta(microseconds=1)


@dataclass(frozen=True, slots=True)
class Shown:
    """What one member was shown: numbers in rising order, and when, in microseconds since 1970."""

    ids: Places
    at: Places
    floor_id: int = 0
    began_at: datetime = START

    def when(self, ids: Places) -> Places:
        """When each of these was last shown, in microseconds; 0 for never."""
        place, known = find(self.ids, ids)
        found = np.zeros(len(ids), dtype=np.int64)
        found[known] = self.at[place[known]]
        # When those were shown is not kept any more: late enough that nothing brings them back.
        found[(ids <= self.floor_id) & ~known] = np.iinfo(np.int64).max
        return found

    def and_(self, ids: Places, at: Places) -> "Shown":
        """These, and others that were shown; of what was shown twice the later one counts."""
        both, when = np.concatenate([self.ids, ids]), np.concatenate([self.at, at])
        order = np.lexsort((when, both))
        last = np.append(np.diff(both[order]) != 0, True)[: len(order)]
        kept = order[last]
        return replace(self, ids=both[kept], at=when[kept])

    def in_this_look(self, now: datetime) -> int:
        """The microsecond from which on things were shown in the look that goes on."""
        return micros(min(self.began_at, now - ONE_LOOK))


NOTHING = Shown(np.empty(0, dtype=np.int64), np.empty(0, dtype=np.int64))


async def of(view: View, member_id: int) -> Shown:
    """What this member was shown."""
    row = await view.one(Seen, member_id)
    return NOTHING if row is None else _unpacked(row)


def unpacked(items: str, *, floor_id: int, began_at: datetime) -> Shown:
    """What a row of the table says; nothing where it cannot be read."""
    try:
        pairs = np.frombuffer(b64decode(items, validate=True), dtype=PAIR)
    except ValueError:  # only what was brought in from elsewhere can be such
        return NOTHING
    return Shown(pairs["id"].astype(np.int64), pairs["at"].astype(np.int64), floor_id, began_at)


async def note(
    work: Work, creation_ids: Collection[int], *, member_id: int, anew: bool = True
) -> None:
    """Remember that these were shown now; `anew` says that a look begins, not that one goes on."""
    before = await _before(work, member_id)
    ids = np.unique(np.array(list(creation_ids), dtype=np.int64))
    shown = before.and_(ids, np.full(len(ids), micros(work.now)))
    await _keep(work, member_id, replace(shown, began_at=work.now) if anew else shown)


async def join(work: Work, *, keep_id: int, gone_id: int) -> None:
    """What was shown to one who is gone was shown to the one who stays."""
    row = await work.one(Seen, gone_id)
    if row is None:
        return
    own, theirs = await _before(work, keep_id), _unpacked(row)
    floor_id = max(own.floor_id, theirs.floor_id)
    await _keep(work, keep_id, replace(own.and_(theirs.ids, theirs.at), floor_id=floor_id))
    await work.write(DROPPED, {"gone_id": gone_id})


async def _before(work: Work, member_id: int) -> Shown:
    """What a member was shown up to now; nobody else changes it until the transaction ends."""
    await in_turn(work, member_id)
    row = await work.one(Seen, member_id)
    return replace(NOTHING, began_at=work.now) if row is None else _unpacked(row)


def micros(moment: datetime) -> int:
    """A moment as whole microseconds since 1970."""
    return (moment - START) // MICROSECOND


def _unpacked(row: Seen) -> Shown:
    return unpacked(row.items, floor_id=row.floor_id, began_at=row.began_at)


async def _keep(work: Work, member_id: int, shown: Shown) -> None:
    """Keep it in as little space as there may be: the newest half when there is too much."""
    floor_id = shown.floor_id
    pairs = np.zeros(len(shown.ids), dtype=PAIR)
    pairs["id"], pairs["at"] = shown.ids, shown.at
    if len(pairs) > MOST:
        floor_id = max(floor_id, int(pairs["id"][-MOST // 2 - 1]))
        pairs = pairs[-MOST // 2 :]
    row = {
        "member_id": member_id,
        "items": b64encode(pairs.tobytes()).decode(),
        "floor_id": floor_id,
        "began_at": shown.began_at,
    }
    await work.write(_keeping(work.dialect), row)


@cache
def _keeping(dialect: str) -> Executable:
    """A member's row, in place of the one there is; put together once."""
    new = insert_in(dialect, Seen)
    told = {it: new.excluded[it] for it in ("items", "floor_id", "began_at")}
    return new.on_conflict_do_update(index_elements=["member_id"], set_=told)
