"""A member's own clock: where they live, and when nothing may come unasked."""

import re
from typing import Annotated
from zoneinfo import ZoneInfo

from agents import digest_words, order_words, zones
from agents.act import Effect, act
from agents.answer import Answer, Button, Call
from agents.hours import read_hours
from agents.parameters import Doc
from agents.turn import Turn
from feed_core.errors import BadTime, UnknownZone
from feed_core.services import digest_hours, digests, members, orders

OFF = re.compile(r"^\s*(?:off|none|no|never|aus|keine|ninguna)\s*$", re.IGNORECASE)
SAID_OFF = re.compile(r"\b(?:off|end|stop|no more|no quiet|aus|keine|sin|quita)\b", re.IGNORECASE)


@act(
    "digest quiet",
    effect=Effect.OWN,
    private=True,
    examples=[
        "quiet hours from <22 to 7>",
        "do not disturb me between <23:00 and 8:00>",
        "no messages at night, from <10 pm to 7 am>",
        "set my quiet hours to <21:00 to 6:30>",
        "turn my quiet hours <off>",
        "switch quiet hours <off>",
        "Ruhezeit von <22 bis 7>",
        "nachts keine Nachrichten, von <23 bis 8> Uhr",
        "horas de silencio de <22 a 7>",
        "no me molestes de <23 a 8>",
    ],
)
async def digest_quiet(
    turn: Turn,
    hours: Annotated[str, Doc("from when to when, such as: 22 to 7; or: off", whole=True)],
) -> Answer:
    """Let nothing come unasked in some hours of the day."""
    says_none = SAID_OFF.search(hours) and not any(it.isdigit() for it in hours)
    kept = ("", "") if OFF.match(hours) or says_none else _from_to(hours)
    async with turn.store.work() as work:
        await digests.set_up(work, turn.member_id, quiet=kept)
    return Answer(
        text=digest_words.quiet(*kept) if kept[0] else digest_words.QUIET_OFF,
        buttons=[Button("No quiet hours", Call("digest quiet", {"hours": "off"}), only_asker=True)]
        if kept[0]
        else [],
        facts={"quiet": bool(kept[0])},
    )


@act(
    "zone",
    effect=Effect.OWN,
    private=True,
    examples=[
        "my time zone is <Europe/Berlin>",
        "I moved to <New York>",
        "switch my time zone to <Tokyo>",
        "change my time zone to <Lisbon>",
        "my clock is that of <Munich>",
        "I am travelling, my clock is that of <Sydney>",
        "meine Zeitzone ist <Europe/Vienna>",
        "ich bin jetzt in <Wien>, stell die Zeitzone um",
        "mi zona horaria es <Madrid>",
        "me mudé a <Buenos Aires>",
    ],
)
async def zone(
    turn: Turn,
    city: Annotated[str, Doc("your city, or a time zone such as Europe/Berlin", whole=True)],
) -> Answer:
    """Say where you live, so that hours are those of your own clock."""
    named = zones.zones().get(city.strip().lower()) or zones.of_city(city)
    if named is None:
        raise UnknownZone(city.strip()[:40])
    async with turn.store.work() as work:
        await members.move_to(work, turn.member_id, zone=named)
        row = await digest_hours.move_zone(work, member_id=turn.member_id, zone=named)
        standing = await orders.move_zone(work, member_id=turn.member_id, zone=named)
    text = [digest_words.zone_set(named, turn.now.astimezone(ZoneInfo(named)))]
    if row is not None:
        text.append(digest_words.hours_moved(row.times, named, row.next_run_at))
    text.append(order_words.moved(standing))
    return Answer(
        text=" ".join(filter(None, text)),
        buttons=[] if row else [Button("Set a digest", Call("digest set"), only_asker=True)],
        facts={"next": row.next_run_at if row is not None else None},
    )


def _from_to(typed: str) -> tuple[str, str]:
    """Two times of day, in the order in which they are said.

    Raises:
        BadTime: they are not two.
    """
    pieces = re.split(r"\s*(?:\bto\b|\buntil\b|\bbis\b|\ba\b|\bund\b|\by\b|\band\b|-|–)\s*", typed)
    pieces = [it for it in pieces if any(map(str.isdigit, it)) or it.strip()]
    times = [read_hours(it, zone="UTC").times for it in pieces]
    if len(times) != 2 or any(len(it) != 1 for it in times) or times[0] == times[1]:
        raise BadTime(typed.strip()[:40])
    return digest_words.quiet_hours(times[0][0], times[1][0])
