"""Standing orders: what your agent does for you at set hours."""

from dataclasses import dataclass
from typing import Annotated

from agents import order_words
from agents.act import Effect, act
from agents.acts.share import share
from agents.answer import Answer, Button, Call
from agents.hours import read_hours
from agents.leash import may_act
from agents.parameters import Doc
from agents.references import OrderRef
from agents.rooms_meant import room_meant
from agents.set_hours import in_english, parted
from agents.turn import Through, Turn
from feed_core.errors import BadTime, NeedsApproval, Refusal
from feed_core.models.orders import OrderState
from feed_core.services import orders

LONGEST_SHOWN = 60  # characters of what cannot be read


@dataclass(eq=False)
class NoStandingAct(Refusal):
    """An act that agents do not do at set hours."""

    act: str
    code = "no_standing_act"


class NothingToDo(Refusal):
    """Set hours, and not a word of what is to be done then."""

    code = "nothing_to_do"


@act(
    "order add",
    effect=Effect.OWN,
    private=True,
    examples=[
        "every friday at 18:00 publish my best haiku",
        "every Friday, my best haiku into this room",
        "every Friday, my best haiku into #jam",
        "each morning at 7 paint the sky",
        "set a standing order: <every Monday at 9, paint a tree>",
        "from now on, every Sunday, share my best poem",
        "every evening remix number 4 for me",
        "every Sunday, draft a remix of what people liked",
        "each week riff on something popular as a haiku",
        "jeden Sonntag einen Remix von etwas Beliebtem entwerfen",
        "cada domingo haz un borrador con lo que más gustó",
        "on weekdays at noon paint what the city looks like",
        "do this every week: <on Tuesdays at 8, paint rain>",
        "jeden Freitag um 18 Uhr: mein bestes Haiku",
        "male jeden Morgen um 7 Uhr ein Bild",
        "ab jetzt jeden Sonntag mein bestes Gedicht veröffentlichen",
        "cada viernes a las 18 publica mi mejor haiku",
        "todos los lunes a las 9 pinta el mar",
        "毎週金曜日の18時に私の俳句を公開して",
        "毎朝7時に空の絵を描いて",
    ],
)
async def order_add(
    turn: Turn,
    words: Annotated[
        str, Doc("when and what, such as: every friday at 18:00: /paint rain", whole=True)
    ],
) -> Answer:
    """Have your agent do something for you again and again, at set hours."""
    when, what = parted(words)
    if not when:
        raise BadTime(words.strip()[:LONGEST_SHOWN])
    if not what:
        raise NothingToDo
    usual = turn.parts.profile.digest.time
    hours = read_hours(in_english(when, usual=usual), zone=turn.zone)
    interpreter = turn.parts.interpreter
    if interpreter is None:
        raise NoStandingAct("order add")
    call = await interpreter.call(turn, what)
    if not interpreter.may_stand(call):
        raise NoStandingAct(call.act)
    if call.act == share.name:  # a room that cannot be meant is told now, not on Friday
        await room_meant(turn, str(call.arguments.get("what", "")))
    async with turn.store.work() as work:
        order = await orders.add(
            work,
            member_id=turn.member_id,
            act=call.act,
            arguments=call.arguments,
            times=hours.times,
            weekdays=hours.weekdays,
            zone=hours.zone,
            room_id=turn.room_id,
        )
    given = {"order": order.number}
    asks = interpreter.is_seen(call) and not await may_act(turn, call.act)
    return Answer(
        text=order_words.asked(order, asks=asks),
        buttons=[
            Button(order_words.YES, Call("order resume", given), only_asker=True, once=True),
            Button("No, drop it", Call("order drop", given), only_asker=True, once=True),
        ],
        facts={"order": OrderRef(order.number), "waits_for_the_member": True},
    )


@act(
    "order list",
    effect=Effect.READ,
    private=True,
    examples=[
        "show my standing orders",
        "which standing orders do I have?",
        "what do you do for me every week?",
        "list my orders",
        "what have I told you to do regularly?",
        "welche Daueraufträge habe ich?",
        "zeig mir meine Daueraufträge",
        "qué órdenes permanentes tengo",
        "定期の指示を見せて",
    ],
)
async def order_list(turn: Turn) -> Answer:
    """Show your standing orders, when each comes due, and how its last run went."""
    async with turn.store.read() as view:
        found = await orders.listed(view, turn.member_id)
    return Answer(
        text=order_words.listed(found),
        buttons=[_switch(it.number, it.state) for it in found[:5]],
        facts={"orders": [OrderRef(it.number) for it in found]},
    )


@act(
    "order pause",
    effect=Effect.OWN,
    private=True,
    examples=[
        "pause standing order o1",
        "let order o2 rest for now",
        "stop o3 for a while",
        "hold o1 until I say so",
        "pausiere den Dauerauftrag o1",
        "pausa la orden o2",
        "o1を一時停止して",
    ],
)
async def order_pause(
    turn: Turn, order: Annotated[OrderRef, Doc("the standing order to pause")]
) -> Answer:
    """Let one of your standing orders rest."""
    async with turn.store.work() as work:
        found = await orders.pause(work, member_id=turn.member_id, number=order.id)
    return Answer(
        text=order_words.paused(found),
        buttons=[_switch(order.id, found.state)],
        facts={"order": order, "state": found.state},
    )


@act(
    "order resume",
    effect=Effect.OWN,
    private=True,
    examples=[
        "resume standing order o1",
        "let o2 go on",
        "start order o3 again",
        "yes, begin with o1",
        "nimm den Dauerauftrag o1 wieder auf",
        "reanuda la orden o2",
        "o1を再開して",
    ],
)
async def order_resume(
    turn: Turn, order: Annotated[OrderRef, Doc("the standing order to begin or go on with")]
) -> Answer:
    """Let a standing order begin, or go on after a pause."""
    async with turn.store.read() as view:
        await orders.get(view, member_id=turn.member_id, number=order.id)
    if turn.through is not Through.HAND:
        raise NeedsApproval
    async with turn.store.work() as work:
        found = await orders.resume(work, member_id=turn.member_id, number=order.id)
    return Answer(
        text=order_words.resumed(found),
        buttons=[_switch(order.id, found.state)],
        facts={"order": order, "next": found.next_run_at},
    )


@act(
    "order drop",
    effect=Effect.OWN,
    private=True,
    examples=[
        "take standing order o1 back",
        "drop order o2 for good",
        "cancel the standing order o3",
        "delete my order o1",
        "lösche den Dauerauftrag o2",
        "borra la orden o1",
        "o2の指示を取り消して",
    ],
)
async def order_drop(
    turn: Turn, order: Annotated[OrderRef, Doc("the standing order to take back")]
) -> Answer:
    """Take one of your standing orders back."""
    async with turn.store.work() as work:
        await orders.drop(work, member_id=turn.member_id, number=order.id)
    return Answer(text=order_words.dropped(order.id), facts={"dropped": order})


def _switch(number: int, state: OrderState) -> Button:
    act, label = (
        ("order pause", "Pause") if state is OrderState.ACTIVE else ("order resume", "Resume")
    )
    return Button(f"{label} {OrderRef(number)}", Call(act, {"order": number}), only_asker=True)
