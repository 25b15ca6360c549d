"""The digest: now, at an hour of the member's own, or not at all."""

from collections.abc import Mapping
from enum import StrEnum
from typing import Annotated, Any

from agents import phrases
from agents.act import Effect, act
from agents.answer import Answer, Button, Call
from agents.compose import digest_answer
from agents.forms import Field, Filled, Form
from agents.hours import read_hours
from agents.parameters import Doc
from agents.turn import Turn
from feed_core.errors import NowhereToDeliver
from feed_core.services import digests, members


class Where(StrEnum):
    """Which of the member's accounts gets it."""

    HERE = "here"
    DISCORD = "discord"
    TELEGRAM = "telegram"
    TERMINAL = "terminal"


@act(
    "digest now",
    effect=Effect.READ,
    private=True,
    slow=True,
    examples=[
        "give me my digest",
        "what did I miss?",
        "my digest now please",
        "catch me up on everything",
        "what happened while I was gone?",
        "show me today's digest",
        "the highlights since last time",
        "anything worth my while since yesterday?",
        "a round-up of what is new, please",
        "was habe ich verpasst?",
        "gib mir meinen Digest",
        "qué me perdí",
        "dame mi resumen ahora",
        "me pones al día, por favor",
        "was war los, während ich weg war?",
    ],
)
async def digest_now(turn: Turn) -> Answer:
    """Show what is worth your while right now, nothing twice."""
    async with turn.store.work() as work:
        digest_id = await digests.ask_now(
            work, member_id=turn.member_id, zone=turn.zone, asked_by=turn.inbox_id
        )
    await turn.parts.digester.compose(digest_id)
    return await digest_answer(turn.parts, digest_id)


async def _set_before(turn: Turn, given: Mapping[str, Any]) -> Filled:
    """What the digest is set to, as it would be typed."""
    async with turn.store.read() as view:
        now = await digests.find_schedule(view, turn.member_id)
    if now is None:
        return {"when": f"{turn.parts.profile.digest.time} {turn.zone}"}
    days = phrases.weekdays(now.weekdays)
    return {"when": f"{', '.join(now.times)} {days} {now.zone}"}


@act(
    "digest set",
    effect=Effect.OWN,
    private=True,
    form=Form(
        "Your digest",
        [
            Field("when", "When?", "times, days and time zone: 7:30 on weekdays Europe/Berlin"),
            Field("where", "To which of your accounts?", choices=[it.value for it in Where]),
        ],
        known=_set_before,
    ),
    examples=[
        "send me a digest every day at 8",
        "digest on weekdays at 7:30",
        "I want my digest at 19:00 Europe/Berlin",
        "I would like a daily digest in the morning",
        "change my digest to 9 pm",
        "deliver my digest on Sundays at noon",
        "set the digest to half past six",
        "move the digest to Telegram at 10",
        "a summary every evening at 18:00",
        "schick mir täglich um 8 einen Digest",
        "Digest werktags um 7",
        "mándame un resumen todos los días a las 8",
        "quiero mi resumen cada día a las 9",
    ],
)
async def digest_set(
    turn: Turn,
    where: Annotated[Where, Doc("which of your accounts gets it")] = Where.HERE,
    when: Annotated[str, Doc("times, days and time zone: 7:30 on weekdays Europe/Berlin")] = "",
) -> Answer:
    """Choose when and where your digest comes."""
    default = turn.parts.profile.digest
    hours = read_hours(when or default.time, zone=turn.zone)
    platform = turn.place.platform if where is Where.HERE else where.value
    async with turn.store.work() as work:
        accounts = await members.identities(work, turn.member_id)
        there = [it for it in accounts if it.platform == platform and it.private_place]
        if not there or there[0].id is None:
            raise NowhereToDeliver
        await members.move_to(work, turn.member_id, zone=hours.zone)
        row = await digests.schedule(
            work,
            member_id=turn.member_id,
            times=hours.times,
            weekdays=hours.weekdays,
            zone=hours.zone,
            identity_id=there[0].id,
        )
    assert row.next_run_at is not None
    return Answer(
        text=phrases.digest_set(row.times, row.weekdays, row.zone, platform, row.next_run_at),
        buttons=[
            Button("Show one now", Call("digest now")),
            Button("Turn off", Call("digest off"), only_asker=True),
        ],
        facts={"next": row.next_run_at},
    )


@act(
    "digest off",
    effect=Effect.OWN,
    private=True,
    examples=[
        "stop sending me digests",
        "turn the digest off",
        "no more digests",
        "cancel the daily digest",
        "unsubscribe from the digest",
        "I do not want a digest any more",
        "keinen Digest mehr",
        "schalte den Digest aus",
        "no quiero más resúmenes",
    ],
)
async def digest_off(turn: Turn) -> Answer:
    """Send no more digests."""
    async with turn.store.work() as work:
        was_on = await digests.stop(work, member_id=turn.member_id)
    return Answer(
        text=phrases.digest_off(was_on=was_on),
        buttons=[Button("Turn on", Call("digest set"), only_asker=True)],
        facts={"was_on": was_on},
    )
