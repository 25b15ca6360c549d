"""Whose turn it is in a jam, and when it is over.

Turns go round in the order in which players joined. One that runs out goes to the next player; when
a whole round has passed in silence, anybody may add, so that nobody is called in vain. Whoever acts
and the tick see the same state: what ran out is moved on before anything else is done.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from functools import cache

from sqlalchemy import Executable, Integer, bindparam, func
from sqlmodel import col, select

from feed_core.errors import Refusal
from feed_core.models.columns import UtcDateTime
from feed_core.models.jams import JAM_MOVES, Jam, JamEntry, JamEntryState, JamPlayer, JamState
from feed_core.models.rooms import Room
from feed_core.services import deliveries
from feed_core.states import DeliveryKind, move
from feed_core.store import View, Work


class NoJam(Refusal):
    """No jam is played in this room."""

    code = "no_jam"


@dataclass(eq=False)
class JamNotFound(Refusal):
    """There is no jam of this number that this member may see."""

    jam_id: int
    code = "jam_not_found"


@dataclass(frozen=True, slots=True)
class Chain:
    """A jam with its players, those who left too, and its entries, those taken back too."""

    jam: Jam
    players: Sequence[JamPlayer]
    entries: Sequence[JamEntry]

    @property
    def standing(self) -> list[JamEntry]:
        """The entries that were neither taken back nor stopped."""
        out = (JamEntryState.TAKEN_BACK, JamEntryState.SKIPPED)
        return [it for it in self.entries if it.state not in out]

    @property
    def playing(self) -> list[JamPlayer]:
        """Who plays, in turn order."""
        return [it for it in self.players if it.left_at is None]

    @property
    def turn(self) -> JamPlayer | None:
        """Whose turn it is; None while anybody may add."""
        return next((it for it in self.playing if it.position == self.jam.turn), None)

    @property
    def member_ids(self) -> set[int]:
        """Everybody in it."""
        return {it.member_id for it in self.players} | {it.author_id for it in self.entries}


async def due(view: View, *, limit: int = 100) -> list[int]:
    """Jams whose turn or time ran out, and those that are being published; the oldest first."""
    connection = await view.db.connection()
    found = await connection.scalars(_due(), {"now": view.now, "limit": limit})
    return [it for it in found if it is not None]


@cache
def _due() -> Executable:
    """Put together once, because every tick asks it."""
    return (
        select(Jam.id)
        .where(col(Jam.due_at) <= bindparam("now", type_=UtcDateTime()))
        .order_by(col(Jam.due_at))
        .limit(bindparam("limit", type_=Integer))
    )


async def step(work: Work, *, jam_id: int) -> JamState:
    """Move a jam on that is due: to the next turn, which its room is told, or to its end."""
    chain = await chain_of(work, jam_id, lock=True)
    if catch_up(work, chain):
        room = await work.db.get_one(Room, chain.jam.room_id)
        await deliveries.owe(
            work,
            kind=DeliveryKind.JAM_TURN,
            subject_id=jam_id,
            to=room,
            key=f"{DeliveryKind.JAM_TURN}:{jam_id}:{work.now:%Y%m%dT%H%M%S%f}",
        )
    return chain.jam.state


async def latest(view: View, *, room_id: int) -> Chain:
    """The jam that is played in a room, else the last one there.

    Raises:
        NoJam: there never was one.
    """
    found = await view.db.exec(
        select(Jam.id).where(Jam.room_id == room_id).order_by(col(Jam.id).desc()).limit(1)
    )
    jam_id = found.first()
    if jam_id is None:
        raise NoJam
    return await chain_of(view, jam_id)


async def numbered(
    view: View, jam_id: int, *, member_id: int, room_id: int | None
) -> tuple[Chain, Room]:
    """The jam of this number and its room, for whoever can read there, or plays along.

    Raises:
        JamNotFound: there is none, or they cannot.
    """
    if await view.db.get(Jam, jam_id) is None:
        raise JamNotFound(jam_id)
    chain = await chain_of(view, jam_id)
    room = await view.db.get_one(Room, chain.jam.room_id)
    plays = any(it.member_id == member_id for it in chain.playing)
    if not (room.public or room.id == room_id or plays) or room.left_at is not None:
        raise JamNotFound(jam_id)
    return chain, room


async def chain_of(view: View, jam_id: int, *, lock: bool = False) -> Chain:
    """A jam as it stands; with `lock` nobody else moves it until the transaction ends."""
    jam = await view.db.get_one(Jam, jam_id, with_for_update=lock or None)
    players = await view.db.exec(
        select(JamPlayer).where(JamPlayer.jam_id == jam_id).order_by(col(JamPlayer.position))
    )
    entries = await view.db.exec(
        select(JamEntry).where(JamEntry.jam_id == jam_id).order_by(col(JamEntry.number))
    )
    return Chain(jam, list(players), list(entries))


async def any_in(view: View, room_id: int) -> bool:
    """Whether a jam in a room has not ended."""
    return await _unended(view, room_id) is not None


async def _unended(view: View, room_id: int) -> int | None:
    found = await view.db.exec(
        select(func.max(Jam.id)).where(Jam.room_id == room_id, Jam.state != JamState.ENDED)
    )
    return found.one()


async def playing_in(work: Work, room_id: int) -> Chain:
    """The jam of a room, as it is now: what ran out since the last tick has moved on."""
    jam_id = await _unended(work, room_id)
    if jam_id is None:
        raise NoJam
    chain = await chain_of(work, jam_id, lock=True)
    catch_up(work, chain)
    if chain.jam.state is not JamState.PLAYING:
        raise NoJam
    return chain


def catch_up(work: Work, chain: Chain) -> bool:
    """Let go by what ran out; whether another turn began."""
    jam = chain.jam
    if jam.state is not JamState.PLAYING:
        return False
    if jam.ends_at <= work.now:
        close(work, jam)
        return False
    if jam.turn and chain.turn is None:  # their account became another's who plays too
        go_on(work, chain, after=jam.turn)
        return True
    if jam.turn_ends_at is None or jam.turn_ends_at > work.now:
        return False
    jam.idle += 1
    go_on(work, chain, after=jam.turn)
    return True


def go_on(work: Work, chain: Chain, *, after: int) -> None:
    """The turn of the next player after a position; of anybody, after a round in silence."""
    playing = chain.playing
    if chain.jam.idle >= len(playing):
        give_turn(work, chain.jam, None)
    else:
        later = [it for it in playing if it.position > after]
        give_turn(work, chain.jam, (later or playing)[0])


def give_turn(work: Work, jam: Jam, player: JamPlayer | None) -> None:
    """Begin a player's turn, or let anybody add."""
    if player is None:
        jam.turn, jam.turn_ends_at, jam.due_at = 0, None, jam.ends_at
        return
    jam.turn = player.position
    jam.turn_ends_at = work.now + timedelta(seconds=jam.turn_seconds)
    jam.due_at = min(jam.turn_ends_at, jam.ends_at)


def close(work: Work, jam: Jam) -> None:
    """Nobody plays any more; what was added is published from here on."""
    jam.state = move(JAM_MOVES, jam.state, JamState.PUBLISHING)
    jam.turn, jam.turn_ends_at, jam.due_at = 0, None, work.now
