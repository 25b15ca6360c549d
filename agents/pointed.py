"""What somebody points at by answering a message."""

from agents.answer import Answer
from agents.references import CreationRef
from agents.turn import Turn
from feed_core.services import shown_cards
from feed_core.services.shown_cards import Spot


async def take(turn: Turn, answers: str) -> None:
    """Let "this" mean the creation that the answered message shows, where it shows one alone."""
    if not answers or not turn.place.private:
        return
    async with turn.store.read() as view:
        spot = Spot(turn.place.platform, turn.place.id)
        creation_id = await shown_cards.creation_on(view, spot, answers)
    if creation_id is not None:
        pointed_at = Answer(facts={"creation": CreationRef(creation_id)})
        turn.parts.shown.note((turn.member_id, turn.place.key), pointed_at)
