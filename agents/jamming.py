"""Jams as rooms see them, and what rooms and players are told when something runs out."""

import asyncio
from collections.abc import Iterable
from datetime import datetime

from agents import jam_words, room_words, rule_words
from agents.answer import Answer, Button, Call, Fact, Picture
from agents.lineage_picture import family_picture, thumbnails_of
from agents.references import CreationRef
from agents.turn import Parts, Turn
from feed_core.models.creations import Creation
from feed_core.models.jams import Jam, JamEntry, JamState
from feed_core.models.moderation import Thing
from feed_core.models.rooms import Room
from feed_core.services import jam_endings, jam_turns, lineage, members, verdicts
from feed_core.services.jam_turns import Chain
from feed_core.services.jams import NotInARoom
from feed_core.services.sight import Reader
from feed_core.states import CreationState
from feed_core.store import View


def room_of(turn: Turn) -> int:
    """The room in which a jam is played.

    Raises:
        NotInARoom: nobody else is here.
    """
    if turn.room_id is None:
        raise NotInARoom
    return turn.room_id


async def meant(turn: Turn, view: View, jam: int) -> tuple[int, Room | None]:
    """The room of the jam of this number, without one of that which is played here; the room's row
    where it is elsewhere.

    Raises:
        NotInARoom: no number is told, and nobody else is here.
        JamNotFound: there is none that this member may see.
    """
    if not jam:
        return room_of(turn), None
    _, room = await jam_turns.numbered(view, jam, member_id=turn.member_id, room_id=turn.room_id)
    assert room.id is not None
    return room.id, None if room.id == turn.room_id else room


async def names_of(view: View, chain: Chain, others: Iterable[int] = ()) -> jam_words.Names:
    """The names of everybody in a jam."""
    return await members.names(view, {*chain.member_ids, *others})


def from_elsewhere(parts: Parts, chain: Chain) -> str:
    """How a jam is opened by somebody who is not in its room."""
    return jam_words.from_elsewhere(chain, address(parts, chain))


def started(parts: Parts, chain: Chain, names: jam_words.Names, now: datetime) -> str:
    """A jam has begun; with its address, where it has one."""
    said = jam_words.started(chain, names, now)
    return f"{said}\n{from_elsewhere(parts, chain)}" if address(parts, chain) else said


def address(parts: Parts, chain: Chain) -> str:
    """The address that opens a jam; "" where there are no addresses."""
    return parts.doorways.to(f"jam-{chain.jam.id}")


def buttons(chain: Chain) -> list[Button]:
    """What can be done in a jam."""
    if chain.jam.state is not JamState.PLAYING:
        return []
    found = [
        Button("Add", Call("jam add"), blank="words"),
        Button("Join", Call("jam join")),
    ]
    if chain.turn is not None:
        found.append(Button("Pass", Call("jam pass")))
    return [*found, Button("Show", Call("jam show"))]


def buttons_elsewhere(chain: Chain, *, plays: bool) -> list[Button]:
    """What can be done in a jam by somebody who is not in its room."""
    if chain.jam.state is not JamState.PLAYING or chain.jam.id is None:
        return []
    show = Button("Show", Call("jam show", {"jam": chain.jam.id}))
    join = Button("Join", Call("jam join", {"jam": chain.jam.id}))
    return [show] if plays else [join, show]


def answer(text: str, chain: Chain, there: Room | None = None, *, plays: bool = False) -> Answer:
    """What a jam's room reads; or, where that is elsewhere, one member alone."""
    facts: dict[str, Fact] = {
        "state": chain.jam.state,
        "entries": len(chain.standing),
        "players": len(chain.playing),
        "ends_at": chain.jam.ends_at,
    }
    if there is None:
        return Answer(text=text, buttons=buttons(chain), facts=facts)
    if chain.jam.state is JamState.PLAYING:
        text = f"{text}\n{jam_words.played_in(there, plays=plays)}"
    return Answer(
        text=text,
        buttons=buttons_elsewhere(chain, plays=plays),
        facts=facts,
        private=True,
    )


async def what_came_of_it(parts: Parts, jam_id: int) -> Answer:
    """The lineage that a jam left, with its picture."""
    async with parts.store.read() as view:
        chain = await jam_turns.chain_of(view, jam_id)
        published = await jam_endings.published(view, jam_id=jam_id)
        names = await names_of(view, chain, (it.author_id for it in published))
        text = jam_words.ended(chain, published, names)
        there = [it for it in published if it.state is CreationState.PUBLISHED]
        if not there:
            return Answer(text=text)
        last = _ref(there[-1])
        reader = Reader(there[-1].author_id, chain.jam.room_id)
        family = await lineage.family(view, last.id, reader=reader)
        small = await thumbnails_of(view, family)
    drawn = await asyncio.to_thread(family_picture, family, names, parts.media, small)
    return Answer(
        text=text,
        pictures=[Picture(drawn, f"lineage-{last.id}.png", text.partition("\n")[0])],
        buttons=[
            Button("Lineage", Call("lineage", {"creation": last.id})),
            Button("Remix", Call("remix", {"sources": [last.id]})),
        ],
        facts={"creations": [_ref(it) for it in there]},
    )


async def own_thread(turn: Turn, prompt: str) -> Room | None:
    """A thread for a jam in this channel; None where there can be none, or it is one already."""
    place = turn.place
    async with turn.store.read() as view:
        if place.parent or await jam_turns.any_in(view, room_of(turn)):
            return None
    name = room_words.jam_called(prompt)
    thread_id = await turn.parts.threads.open(place.platform, place.id, name)
    if thread_id is None:
        return None
    async with turn.store.work() as work:
        return await members.room(
            work,
            platform=place.platform,
            external_id=thread_id,
            public=place.open,
            name=name,
            server_id=place.server_id,
            server=place.server,
        )


async def started_notice(parts: Parts, jam_id: int) -> Answer | None:
    """How a jam begins in its thread; None when it is over."""
    async with parts.store.read() as view:
        chain = await jam_turns.chain_of(view, jam_id)
        if chain.jam.state is not JamState.PLAYING:
            return None
        names = await names_of(view, chain)
        return Answer(text=started(parts, chain, names, view.now), buttons=buttons(chain))


async def turn_notice(parts: Parts, jam_id: int) -> Answer | None:
    """Whose turn it is now; None when the jam is over."""
    async with parts.store.read() as view:
        chain = await jam_turns.chain_of(view, jam_id)
        if chain.jam.state is not JamState.PLAYING:
            return None
        names = await names_of(view, chain)
        return Answer(text=jam_words.turn_notice(chain, names, view.now), buttons=buttons(chain))


async def ended_notice(parts: Parts, jam_id: int) -> Answer | None:
    """What a room is told at the end of its jam."""
    return await what_came_of_it(parts, jam_id)


async def skipped_notice(parts: Parts, entry_id: int) -> Answer | None:
    """What an author is told whose entry was left out."""
    why, waits = "", False
    async with parts.store.read() as view:
        entry = await view.db.get_one(JamEntry, entry_id)
        jam = await view.db.get_one(Jam, entry.jam_id)
        if entry.creation_id is not None:
            creation = await view.db.get_one(Creation, entry.creation_id)
            waits = creation.state is CreationState.HELD
            verdict = await verdicts.latest(view, thing=Thing.CREATION, thing_id=entry.creation_id)
            why = rule_words.why(verdict.rule, verdict.passage) if verdict else ""
    return Answer(
        text=jam_words.skipped(
            entry.number, jam.prompt, why=why, creation_id=entry.creation_id if waits else None
        ),
        private=True,
    )


def _ref(creation: Creation) -> CreationRef:
    assert creation.id is not None
    return CreationRef(creation.id)
