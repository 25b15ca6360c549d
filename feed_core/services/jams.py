"""What players do in a jam: start it, join, add, pass, leave, end it."""

from dataclasses import dataclass
from datetime import timedelta

from sqlmodel import col

from feed_core.errors import Refusal
from feed_core.models.jams import JAM_ENTRY_MOVES, Jam, JamEntry, JamEntryState, JamPlayer, JamState
from feed_core.services.jam_turns import Chain, chain_of, close, give_turn, go_on, playing_in
from feed_core.services.once import insert
from feed_core.services.pieces import Piece
from feed_core.states import move
from feed_core.store import Work

LONGEST = timedelta(days=7)
TURNS = 10  # for about as many turns is there time
SHORTEST_TURN = timedelta(minutes=1)
MOST_ENTRIES = 200  # what the picture of a lineage holds


@dataclass(eq=False)
class BadJamTime(Refusal):
    """A jam cannot last so long, or so short."""

    minutes: int
    longest: int
    code = "bad_jam_time"


class NotInARoom(Refusal):
    """A jam was asked for where nobody else is."""

    code = "not_in_a_room"


class JamRunning(Refusal):
    """There is a jam in this room already."""

    code = "jam_running"


class NotInJam(Refusal):
    """Who plays has to join first."""

    code = "not_in_jam"


class NotYourTurn(Refusal):
    """Somebody else is to add something now."""

    code = "not_your_turn"


class NotYourJam(Refusal):
    """Only who started a jam ends it early."""

    code = "not_your_jam"


def check(prompt: str, minutes: int) -> None:
    """See that a jam could begin with these.

    Raises:
        EmptyText, TextTooLong: that is no prompt.
        BadJamTime: it would be too short or too long.
    """
    Piece(prompt).check()
    if not timedelta(minutes=1) <= timedelta(minutes=min(minutes, 10**6)) <= LONGEST:
        raise BadJamTime(minutes, LONGEST // timedelta(minutes=1))


async def start(work: Work, *, room_id: int, member_id: int, prompt: str, minutes: int) -> Jam:
    """Begin a jam; whoever starts it has the first turn.

    Raises:
        EmptyText, TextTooLong: that is no prompt.
        BadJamTime: it would be too short or too long.
        JamRunning: this room has one.
    """
    check(prompt, minutes)
    whole = timedelta(minutes=minutes)
    turn = max(SHORTEST_TURN, whole / TURNS)
    made = await work.db.exec(
        insert(work, Jam).on_conflict_do_nothing().returning(col(Jam.id)),
        params={
            "room_id": room_id,
            "starter_id": member_id,
            "prompt": prompt,
            "state": JamState.PLAYING,
            "turn_seconds": round(turn.total_seconds()),
            "turn": 0,
            "idle": 0,
            "started_at": work.now,
            "ends_at": work.now + whole,
        },
    )
    jam_id = made.scalar_one_or_none()
    if jam_id is None:  # there is one already, or two were started at once
        raise JamRunning
    jam = await work.db.get_one(Jam, jam_id)
    player = JamPlayer(jam_id=jam_id, member_id=member_id, position=1, joined_at=work.now)
    work.db.add(player)
    give_turn(work, jam, player)
    await work.db.flush()
    return jam


async def join(work: Work, *, room_id: int, member_id: int) -> tuple[Chain, bool]:
    """Play along, at the end of the round; False for one who does already.

    Raises:
        NoJam: none is played here.
    """
    chain = await playing_in(work, room_id)
    assert chain.jam.id is not None
    known = next((it for it in chain.players if it.member_id == member_id), None)
    if known is not None and known.left_at is None:
        return chain, False
    last = max(it.position for it in chain.players)
    if known is None:
        known = JamPlayer(jam_id=chain.jam.id, member_id=member_id, position=0, joined_at=work.now)
        work.db.add(known)
    known.position, known.left_at = last + 1, None
    await work.db.flush()
    return await chain_of(work, chain.jam.id), True


async def leave(work: Work, *, room_id: int, member_id: int, entries: bool = False) -> Chain:
    """Play along no more; with `entries`, one's entries go too. Without players a jam is over.

    Raises:
        NoJam: none is played here.
        NotInJam: the member does not play.
    """
    chain = await playing_in(work, room_id)
    assert chain.jam.id is not None
    player = _player(chain, member_id)
    player.left_at = work.now
    if entries:
        for it in chain.entries:
            if it.author_id == member_id and it.state is JamEntryState.WAITING:
                it.state = move(JAM_ENTRY_MOVES, it.state, JamEntryState.TAKEN_BACK)
                let_go(it)
    if not chain.playing:
        close(work, chain.jam)
    elif chain.jam.turn == player.position:
        go_on(work, chain, after=player.position)
    await work.db.flush()
    return await chain_of(work, chain.jam.id)


async def add(work: Work, *, room_id: int, member_id: int, piece: Piece) -> tuple[Chain, JamEntry]:
    """Put a piece at the end of the chain; the next player's turn begins.

    Raises:
        EmptyText, TextTooLong: it could not be shown.
        NoJam, NotInJam, NotYourTurn: it is not the member's to add now.
    """
    piece.check()
    chain = await playing_in(work, room_id)
    jam, player = chain.jam, _player(chain, member_id)
    if jam.turn not in (0, player.position):
        raise NotYourTurn
    assert jam.id is not None
    entry = JamEntry(
        jam_id=jam.id,
        number=len(chain.entries) + 1,
        author_id=member_id,
        title=piece.title,
        body=piece.body,
        steps=list(piece.steps),
        tainted=piece.tainted,
        created_at=work.now,
    )
    work.db.add(entry)
    jam.idle = 0
    if entry.number >= MOST_ENTRIES:
        close(work, jam)
    else:
        go_on(work, chain, after=player.position)
    await work.db.flush()
    return await chain_of(work, jam.id), entry


async def pass_on(work: Work, *, room_id: int, member_id: int) -> Chain:
    """Let the next player go on.

    Raises:
        NoJam, NotInJam, NotYourTurn: it is not the member's turn.
    """
    chain = await playing_in(work, room_id)
    player = _player(chain, member_id)
    if chain.jam.turn != player.position:
        raise NotYourTurn
    chain.jam.idle += 1
    go_on(work, chain, after=player.position)
    await work.db.flush()
    return chain


async def end(work: Work, *, room_id: int, member_id: int) -> Chain:
    """End a jam before its time; one whose starter left can be ended by all who play.

    Raises:
        NoJam: none is played here.
        NotYourJam: somebody else started it, and plays.
    """
    chain = await playing_in(work, room_id)
    starter = chain.jam.starter_id
    if member_id != starter and (
        any(it.member_id == starter for it in chain.playing)
        or all(it.member_id != member_id for it in chain.playing)
    ):
        raise NotYourJam
    close(work, chain.jam)
    return chain


def let_go(entry: JamEntry) -> None:
    """Empty an entry: a creation holds its words now, or nothing shall."""
    entry.title = entry.body = ""


def _player(chain: Chain, member_id: int) -> JamPlayer:
    for it in chain.playing:
        if it.member_id == member_id:
            return it
    raise NotInJam
