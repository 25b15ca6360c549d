"""Lets a piece out: stored, checked outside any transaction, published."""

from agents import cards, phrases
from agents.answer import Answer, Button, Call
from agents.references import CreationRef
from agents.turn import Turn
from feed_core import worker
from feed_core.models.creations import Draft
from feed_core.services import drafting, publishing, timeline
from feed_core.services.publishing import Piece
from feed_core.states import Visibility


async def release(turn: Turn, piece: Piece, *, draft: Draft | None = None) -> Answer:
    """Publish a piece and show it; a draft that it was is claimed in the same transaction.

    Raises:
        Held, Blocked: the gate did not let it pass.
    """
    everyone = turn.place.private or turn.place.open
    async with turn.store.work() as work:
        creation = await publishing.begin(
            work,
            author_id=turn.member_id,
            piece=piece,
            visibility=Visibility.EVERYONE if everyone else Visibility.ROOM,
            room_id=turn.room_id,
        )
        assert creation.id is not None
        if draft is not None and draft.id is not None:
            await drafting.claim(work, draft_id=draft.id, creation_id=creation.id)
    await worker.check(turn.store, turn.parts.check, creation.id)
    async with turn.store.read() as view:
        published = await publishing.require_published(view, creation.id)
        items = await timeline.items(view, [published], reader=turn.reader)
        shown = await cards.cards(turn.parts.media, view, items)
    buttons = [
        *cards.creation_buttons(creation.id),
        Button(
            "Take back", Call("withdraw", {"creation": creation.id}), only_asker=True, once=True
        ),
    ]
    if not everyone:
        buttons.append(
            Button("Show everybody", Call("widen", {"creation": creation.id}), only_asker=True)
        )
    return Answer(
        text=phrases.published(creation.id, everyone=everyone),
        cards=shown,
        buttons=buttons,
        facts={"published": CreationRef(creation.id)},
    )
