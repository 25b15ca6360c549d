"""What is said about standing orders."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from agents.phrases import listing, weekdays, when
from agents.references import OrderRef
from feed_core.models.orders import OrderState, RunState, StandingOrder

STATES = {
    OrderState.WAITING: "waits for your yes",
    OrderState.PAUSED: "paused",
}
ENDS = {
    RunState.DONE: "done",
    RunState.PROPOSED: "waits for your yes",
    RunState.REFUSED: "could not be done",
    RunState.SKIPPED: "skipped",
    RunState.BROKEN: "was broken off",
}
YES = "Yes, from now on"
NONE = "You have no standing orders. One is set with: /order add every friday at 18:00: /paint rain"
ASKS = "I shall ask you each time before anybody sees it; /agent leash changes that."
AGENT_PAUSED = "Your agent is paused, so it did nothing; /agent resume lets it go on."
UNABLE = "It is not an act that can be done at set hours any more."
BUG = "Something broke on my side."
SPENT = (
    "I have spent all that I may spend today or this month on what nobody asked for just now. "
    "Until then I do such things without a language model. /agent shows the budget."
)


def call(act: str, arguments: Mapping[str, Any]) -> str:
    """An act call as one would type it."""
    given = (
        ",".join(map(str, it)) if isinstance(it, list) else str(it) for it in arguments.values()
    )
    return " ".join([f"/{act}", *given])


def hours(order: StandingOrder) -> str:
    """When it comes due."""
    return f"{weekdays(order.weekdays)} at {listing(order.times)}"


def hours_and_act(order: StandingOrder) -> str:
    """When it comes due, and what is done then."""
    return f"{hours(order)}: {call(order.act, order.arguments)}"


def asked(order: StandingOrder, *, asks: bool) -> str:
    """What an order is understood as, before its member said yes."""
    lines = [
        f"Standing order {OrderRef(order.number)}, as I understand it: {hours(order)} "
        f"({order.zone}) I do: {call(order.act, order.arguments)}",
        ASKS if asks else "",
        f"It begins when you say so: /order resume {OrderRef(order.number)}.",
    ]
    return "\n".join(filter(None, lines))


def resumed(order: StandingOrder) -> str:
    """It comes due from now on."""
    coming = next_run(order)
    return f"{OrderRef(order.number)} stands: {hours_and_act(order)}. {coming}".strip()


def paused(order: StandingOrder) -> str:
    """It rests."""
    return f"{OrderRef(order.number)} rests until you resume it."


def dropped(number: int) -> str:
    """It is gone."""
    return f"{OrderRef(number)} is taken back."


def listed(orders: Sequence[StandingOrder]) -> str:
    """All of them, each with how its last run went and when the next one comes."""
    if not orders:
        return NONE
    return "\n".join(["Your standing orders:", *(_line(it) for it in orders)])


def next_run(order: StandingOrder) -> str:
    """When it comes due next, where it does."""
    if order.next_run_at is None:
        return ""
    return f"Next: {when(order.next_run_at, order.zone)}."


def moved(orders: Sequence[StandingOrder]) -> str:
    """What becomes of those that come due, the next one first, when their member travels."""
    if not orders:
        return ""
    first, *others = orders
    if not others:
        return f"Standing order {OrderRef(first.number)} keeps its hour there. {next_run(first)}"
    return (
        f"Your {len(orders)} standing orders keep their hours there; the first to come is "
        f"{OrderRef(first.number)}. {next_run(first)}"
    )


def went(order: StandingOrder) -> str:
    """How its last run went, for its member, who did not look."""
    ref, due = OrderRef(order.number), _due(order.run_at, order.zone)
    what = call(order.act, order.arguments)
    match order.run:
        case RunState.DONE:
            told = f"Your standing order {ref} ({what}) is done."
        case RunState.PROPOSED:
            told = f"Your standing order {ref} ({what}) has come due. Shall I do this?"
        case RunState.REFUSED:
            told = f"Your standing order {ref} ({what}) could not be done."
        case RunState.SKIPPED:
            told = (
                f"Your standing order {ref} ({what}) was due on {due}, when I was not running. "
                "That was too long ago, so I left it out."
            )
        case _:
            told = (
                f"I was stopped in the middle of your standing order {ref} ({what}), due on {due}. "
                "It may be done: /mine and /drafts show what is there. I do not do it twice."
            )
    return " ".join(filter(None, [told, order.note]))


def shared(name: str) -> str:
    """What a room reads above a creation that its maker shares there."""
    return f"Shared by {name}, or by their agent for them:"


def share_done(creation_id: int) -> str:
    """It is on its way to the room."""
    return f"#{creation_id} is shared in the room."


def _line(order: StandingOrder) -> str:
    told = [STATES.get(order.state, next_run(order).removesuffix("."))]
    if order.run_at is not None and order.run in ENDS:
        told.append(f"last: {_due(order.run_at, order.zone)}, {ENDS[order.run]}")
    return f"{OrderRef(order.number)} · {hours_and_act(order)} · {' · '.join(filter(None, told))}"


def _due(moment: datetime | None, zone: str) -> str:
    return when(moment, zone) if moment is not None else ""
