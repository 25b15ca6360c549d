"""Which messages of a private chat show what: an emoji or a reply may come much later."""

from collections.abc import Sequence

from agents.answer import Answer
from agents.turn import Turn
from bridges.protocol import Part
from feed_core.services import digest_messages, shown_cards
from feed_core.services.shown_cards import Spot
from feed_core.store import Work


async def note(
    work: Work, turn: Turn, answer: Answer, part: Part, message_ids: Sequence[str]
) -> None:
    """Remember what the messages of an answer show."""
    platform, place_id = turn.place.platform, turn.place.id
    match part.cards:
        case [card] if card.ref.startswith("#"):
            one, spot = int(card.ref.removeprefix("#")), Spot(platform, place_id)
            await shown_cards.note(work, spot, message_ids, creation_id=one)
    if isinstance(digest_id := answer.facts.get("digest"), int):
        await digest_messages.shown(
            work, digest_id, platform=platform, place_id=place_id, message_ids=message_ids
        )
