"""The best of one's own: shown in a room, or a draft let out."""

import re
from collections.abc import Mapping
from typing import Annotated, Any

from agents import cards, order_words, room_words
from agents.act import Effect, act
from agents.answer import Answer, Button, Call
from agents.parameters import Doc
from agents.references import CreationRef
from agents.releasing import release
from agents.rooms_meant import room_meant, without_room
from agents.turn import Through, Turn
from feed_core.errors import NeedsApproval
from feed_core.models.creations import Creation, Draft
from feed_core.models.rooms import Room
from feed_core.services import drafting, publishing, room_names, sharing, timeline
from feed_core.services.publishing import RoomNeeded
from feed_core.services.sharing import NothingToShare
from feed_core.states import Visibility

FILLING = re.compile(
    r"\b(?:publish|share|post|show|put|my|the|best|most|liked|of|mine|one|piece|thing|in|into|to|"
    r"on|this|room|here|feed|draft|please|again|veröffentliche|teile|zeig|mein|meine|meinen|das|"
    r"die|den|beste|bestes|bester|besten|diesen|diesem|raum|hier|bitte|publica|comparte|mi|mejor|"
    r"esta|este|sala|aquí|en|el|la)\b|私の|一番|いい|を|公開|共有|して",
    re.IGNORECASE,
)


async def _show(turn: Turn, given: Mapping[str, Any]) -> Answer:
    room_id = await _room(turn, given["room"], given["what"])
    found = await _best(turn, given["creation"], given["what"], room_id)
    if isinstance(found, Draft):
        shown = [await cards.draft_card(turn.parts.media, found)]
        return Answer(cards=shown, buttons=cards.draft_buttons(found))
    call = Call("share", {"creation": found.id, "room": room_id})
    async with turn.store.read() as view:
        items = await timeline.asked_for(view, [found], reader=turn.reader)
        shown = await cards.cards(turn.parts.media, view, items)
    return Answer(cards=shown, buttons=[Button("Share", call, shown_hash=found.content_hash)])


@act(
    "share",
    effect=Effect.PUBLISH,
    preview=_show,
    examples=[
        "publish my best haiku",
        "share my best poem in this room",
        "my best haiku into this room",
        "share my best haiku to #jam",
        "my best poem into #gallery",
        "show the best thing I made here",
        "post my most liked piece in this room",
        "veröffentliche mein bestes Haiku",
        "teile mein bestes Gedicht in diesem Raum",
        "mein bestes Haiku",
        "publica mi mejor haiku",
        "comparte mi mejor poema en esta sala",
        "私の一番いい俳句を公開して",
    ],
)
async def share(
    turn: Turn,
    creation: Annotated[CreationRef | None, Doc("your creation; else your best")] = None,
    what: Annotated[
        str, Doc("what your best shall be, and where: haiku into #jam", whole=True)
    ] = "",
    room: Annotated[int, Doc("the number of a room, where a name is not enough")] = 0,
) -> Answer:
    """Show your best creation in this room, or in one you name; else publish your newest draft."""
    room_id = await _room(turn, room, what)
    found = await _best(turn, creation, what, room_id)
    if isinstance(found, Draft):
        if turn.through is not Through.HAND and found.tainted:
            raise NeedsApproval
        return await release(turn, drafting.piece(found), draft=found)
    assert found.id is not None
    async with turn.store.work() as work:
        await sharing.share(work, creation_id=found.id, room_id=room_id)
        there = await work.db.get_one(Room, room_id)
    here = room_id == turn.room_id
    done = order_words.share_done(found.id) if here else room_words.shared(found.id, there)
    return Answer(text=done, facts={"shared": CreationRef(found.id)})


async def _room(turn: Turn, room: int, what: str) -> int:
    """The room that is meant: one that is named, or the one where it is said.

    Raises:
        RoomNeeded: a number is given, of a room that is not open to the member.
        RoomUnclear: a name is given, and it is not clear whose it is.
    """
    if not room:
        return await room_meant(turn, what) or turn.room_id or 0
    async with turn.store.read() as view:
        open_ = await room_names.open_to(view, turn.member_id)
    if room not in {turn.room_id, *(it.id for it in open_)}:
        raise RoomNeeded
    return room


async def _best(
    turn: Turn, creation: CreationRef | None, what: str, room_id: int
) -> Creation | Draft:
    words = FILLING.sub(" ", without_room(what)).replace(",", " ").split()
    async with turn.store.read() as view:
        if creation is not None:
            found = await publishing.own(view, creation_id=creation.id, member_id=turn.member_id)
            if not room_id or found.visibility is not Visibility.EVERYONE:
                raise RoomNeeded
            return found
        if room_id:
            best = await sharing.best(view, author_id=turn.member_id, room_id=room_id, words=words)
            if best is not None:
                return best
            raise NothingToShare
        drafts = await drafting.waiting(view, owner_id=turn.member_id, limit=50)
    fitting = [it for it in drafts if sharing.fits(it, words)]
    if not fitting:
        raise NothingToShare
    return fitting[0]
