"""Creations that may be shown outside Jamfeed, wherever their member takes them."""

from agents import cards, nearness
from agents.answer import Card
from agents.turn import Turn
from feed_core.models.creations import Creation
from feed_core.services import searching, timeline
from feed_core.services.searching import EVERYTHING
from feed_core.states import Permission, Visibility

PAGE = 10
LOOKED_AT = 40  # found ones among which those that may be quoted are chosen


async def quotable(turn: Turn, words: str, *, page: int) -> list[Card]:
    """Cards of what the words find, or of the member's own newest; `page` counts from 0.

    Only what everybody may see and its maker lets be quoted, whoever looks: a chat outside has
    other readers.
    """
    near = await nearness.near_words(turn, words) if words.strip() else None
    async with turn.store.read() as view:
        if near is None:
            own = await timeline.made_by(
                view, author_id=turn.member_id, reader=turn.reader, limit=LOOKED_AT
            )
            creations = [it.creation for it in own]
        else:
            found = await searching.search(
                view,
                reader=turn.reader,
                words=words,
                only=EVERYTHING,
                near=near.ids,
                limit=LOOKED_AT,
                skip=page * LOOKED_AT,
            )
            creations = list(found.creations)
        chosen = [it for it in creations if _may_be_quoted(it)]
        start = page * PAGE if near is None else 0
        items = await timeline.items(view, chosen[start : start + PAGE], reader=turn.reader)
        return await cards.cards(turn.parts.media, view, items)


def _may_be_quoted(creation: Creation) -> bool:
    return creation.visibility is Visibility.EVERYONE and creation.consent_quote is Permission.YES
