"""What members are told of their standing orders, and rooms of what is shared there."""

from collections.abc import Sequence
from dataclasses import replace

from agents import cards, order_words
from agents.answer import Answer, Button, Call, Card, undoing
from agents.references import OrderRef
from agents.turn import Parts
from feed_core.models.creations import Creation, Draft
from feed_core.models.orders import OrderState, StandingOrder
from feed_core.models.proposals import Proposal
from feed_core.services import drafting, members, orders, timeline
from feed_core.services.sight import Reader
from feed_core.states import CreationState, DraftState, ProposalState, Visibility
from feed_core.store import View

Shown = tuple[Sequence[Card], Sequence[Button]]


async def order_notice(parts: Parts, order_id: int) -> Answer | None:
    """How a run of an order went, true at the moment of sending; None when it was taken back."""
    async with parts.store.read() as view:
        order = await orders.find(view, order_id)
        if order is None:
            return None
        shown, buttons = await _came_of_it(parts, view, order)
    pause = Call("order pause", {"order": order.number})
    if order.state is OrderState.ACTIVE:
        buttons = [*buttons, Button("Pause this order", pause, only_asker=True)]
    return Answer(
        text="\n".join(filter(None, [order_words.went(order), order_words.next_run(order)])),
        cards=shown,
        buttons=buttons,
        facts={"order": OrderRef(order.number), "run": order.run},
        private=True,
    )


async def spent_notice(parts: Parts, member_id: int) -> Answer | None:
    """That an agent spent all that it may spend unasked."""
    return Answer(
        text=order_words.SPENT,
        buttons=[Button("Show the budget", Call("agent show"), only_asker=True)],
        private=True,
    )


async def shared_notice(parts: Parts, creation_id: int) -> Answer | None:
    """What a room is shown of a creation; None when not everybody may see it any more."""
    async with parts.store.read() as view:
        creation = await view.db.get_one(Creation, creation_id)
        seen = creation.state is CreationState.PUBLISHED
        if not seen or creation.visibility is not Visibility.EVERYONE:
            return None
        shown = await _creation(parts, view, creation)
        names = await members.names(view, [creation.author_id])
    return Answer(
        text=order_words.shared(names.get(creation.author_id) or "its maker"),
        cards=shown,
        buttons=cards.creation_buttons(creation_id),
    )


async def _came_of_it(parts: Parts, view: View, order: StandingOrder) -> Shown:
    if order.proposal_id is not None:
        return await asked(parts, view, await view.db.get_one(Proposal, order.proposal_id))
    if order.creation_id is not None:
        creation = await view.db.get_one(Creation, order.creation_id)
        if creation.state is not CreationState.PUBLISHED:
            return [], []
        own = [*cards.own_buttons(creation), _take_back(order.creation_id)]
        return await _creation(parts, view, creation), own
    if order.draft_id is not None:
        draft = await view.db.get_one(Draft, order.draft_id)
        if draft.state is DraftState.OPEN:
            return [await cards.draft_card(parts.media, draft)], cards.draft_buttons(draft)
    return [], []


async def asked(parts: Parts, view: View, proposal: Proposal) -> Shown:
    """What waits for the member's yes: what would be seen, and the button that does just that."""
    if proposal.state is not ProposalState.OPEN:
        return [], []
    shown: Sequence[Card] = []
    others: Sequence[Button] = []
    given = proposal.arguments
    if "draft" in given:
        number = int(str(given["draft"]).removeprefix("d"))
        draft = await drafting.find(view, owner_id=proposal.member_id, number=number)
        if draft.state is not DraftState.OPEN:
            return [], []
        shown, others = [await cards.draft_card(parts.media, draft)], cards.draft_buttons(draft)
    elif "creation" in given:
        creation = await view.db.get(Creation, given["creation"])
        if creation is not None and creation.state is CreationState.PUBLISHED:
            shown = await _creation(parts, view, creation, reader_id=proposal.member_id)
    yes = Button(
        "Yes, do it",
        Call(proposal.act, given),
        only_asker=True,
        once=True,
        shown_hash=proposal.shown_hash,
        proposal_id=proposal.id,
    )
    same = [it for it in others if it.call == replace(yes.call, arguments={**given})]
    return shown, [yes, *(it for it in others if it not in same)]


async def _creation(
    parts: Parts, view: View, creation: Creation, *, reader_id: int | None = None
) -> Sequence[Card]:
    reader = Reader(creation.author_id if reader_id is None else reader_id)
    items = await timeline.asked_for(view, [creation], reader=reader)
    return await cards.cards(parts.media, view, items)


def _take_back(creation_id: int) -> Button:
    call = Call("withdraw", {"creation": creation_id})
    return undoing(call, "Take back")
