"""Lets a piece out: stored, checked outside any transaction, published; and so with its edits."""

from collections.abc import Sequence

from agents import cards, creation_words, describing, room_words, rule_words
from agents.answer import Answer, Button, Call, undoing
from agents.references import CreationRef
from agents.turn import Turn
from feed_core import worker
from feed_core.models.creations import Draft
from feed_core.models.moderation import Thing
from feed_core.services import (
    doubling,
    drafting,
    publishing,
    revising,
    room_posts,
    timeline,
    verdicts,
)
from feed_core.services.authorship import Step
from feed_core.services.pieces import Changes, Piece
from feed_core.states import Visibility


async def release(
    turn: Turn,
    piece: Piece,
    *,
    draft: Draft | None = None,
    visibility: Visibility = Visibility.EVERYONE,
) -> Answer:
    """Publish a piece and show it; a draft that it was is claimed in the same transaction.

    What is born in a room that not everybody can read is for that room, until its maker widens it.

    Raises:
        PublishedAlready: the member published just this within half a day.
        Held, Blocked: the gate did not let it pass.
    """
    if visibility is Visibility.EVERYONE and not (turn.place.private or turn.place.open):
        visibility = Visibility.ROOM
    async with turn.store.work() as work:
        begun = await doubling.require_new(
            work,
            author_id=turn.member_id,
            piece=piece,
            visibility=visibility,
            room_id=turn.room_id,
        )
        if begun is not None:
            content = await publishing.content(work, begun)
        else:
            content = await publishing.begin(
                work,
                author_id=turn.member_id,
                piece=piece,
                visibility=visibility,
                room_id=turn.room_id,
            )
        number = content.creation_id
        assert number is not None
        if draft is not None and draft.id is not None:
            await drafting.claim(work, draft_id=draft.id, creation_id=number)
    published = await worker.finish(turn.store, turn.parts.check, content)
    if published is None:  # another was at it too: told like what is sent again later
        return await release(turn, piece, draft=draft, visibility=visibility)
    async with turn.store.read() as view:
        await publishing.require_published(view, published)
        verdict = await verdicts.latest(view, thing=Thing.CREATION, thing_id=number)
        items = await timeline.asked_for(view, [published], reader=turn.reader)
        shown = await cards.cards(turn.parts.media, view, items)
        there = turn.room_id is not None and await room_posts.stands_in(
            view, creation_id=number, room_id=turn.room_id
        )
    asked, describe = await describing.asked(turn, piece, f"#{number}")
    given = {"creation": number}
    buttons = [
        *describe,
        *([] if there else cards.creation_buttons(number, own=turn.place.private)),
        undoing(Call("withdraw", given), "Take back"),
    ]
    if visibility is not Visibility.EVERYONE:
        widen = Call("visibility", {**given, "visibility": Visibility.EVERYONE.value})
        buttons.append(Button("Show everybody", widen, only_asker=True))
    told = creation_words.published(number, visibility)
    label = rule_words.labelled(published.warnings, verdict)
    below = room_words.STANDS_HERE if there else ""  # with its card: one is enough
    return Answer(
        text="\n".join(filter(None, [told, below, label, asked])),
        cards=[] if there else shown,
        buttons=buttons,
        facts={"published": CreationRef(number)},
    )


async def revise(
    turn: Turn, creation_id: int, changes: Changes, *, steps: Sequence[Step] = ()
) -> bool:
    """Let a creation say something else, by its maker's hand; False when it says that already.

    Raises:
        EditHeld, Blocked: the gate did not let the edit pass; the old words stay.
    """
    async with turn.store.work() as work:
        revision = await revising.begin(
            work,
            creation_id=creation_id,
            member_id=turn.member_id,
            changes=changes,
            steps=steps,
        )
    if revision is None:
        return False
    assert revision.id is not None
    await worker.check_edit(turn.store, turn.parts.check, revision.id)
    async with turn.store.read() as view:
        await revising.require_applied(view, revision.id)
    return True
