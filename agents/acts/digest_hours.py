"""When the digest comes: its hours, its length, pauses and an end."""

from collections.abc import Mapping
from datetime import time, timedelta
from enum import StrEnum
from typing import Annotated, Any
from zoneinfo import ZoneInfo

from agents import digest_wishes, digest_words, phrases, zones
from agents.act import Effect, act
from agents.answer import Answer, Button, Call
from agents.forms import Field, Filled, Form
from agents.hours import LONGEST
from agents.parameters import Doc
from agents.turn import Turn
from feed_core.clock import EVERY_DAY, NO_ZONE, is_lost
from feed_core.errors import BadTime, NowhereToDeliver
from feed_core.models.digests import DigestSchedule, DigestSettings, Length
from feed_core.models.members import Identity
from feed_core.services import crowding, digest_hours, digests, members, quiet
from feed_core.store import View


class Where(StrEnum):
    """Which of the member's accounts gets it."""

    HERE = "here"
    DISCORD = "discord"
    TELEGRAM = "telegram"
    TERMINAL = "terminal"


class Size(StrEnum):
    """How much digests shall hold."""

    SAME = "same"
    SHORT = "short"
    USUAL = "usual"
    LONG = "long"


class Empty(StrEnum):
    """What happens in a week without news."""

    SAME = "same"
    TELL = "tell"
    SKIP = "skip"


class Cover(StrEnum):
    """Whether a picture comes on top."""

    SAME = "same"
    ON = "on"
    OFF = "off"


async def _set_before(turn: Turn, given: Mapping[str, Any]) -> Filled:
    """What the digest is set to, as it would be typed."""
    async with turn.store.read() as view:
        now = await digest_hours.find_schedule(view, turn.member_id)
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
            Field("length", "How much shall it hold?", choices=[it.value for it in Size]),
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
        "make my digest shorter",
        "no digest on weekends",
        "send my digest to Discord",
        "I want a long digest",
        "schick mir täglich um 8 einen Digest",
        "Digest werktags um 7",
        "mándame un resumen todos los días a las 8",
        "quiero mi resumen cada día a las 9",
    ],
)
async def digest_set(
    turn: Turn,
    where: Annotated[Where, Doc("which of your accounts gets it")] = Where.HERE,
    length: Annotated[Size, Doc("how much it holds")] = Size.SAME,
    empty: Annotated[Empty, Doc("tell: say once a week that there was nothing new")] = Empty.SAME,
    cover: Annotated[Cover, Doc("on: a picture of what stands in it on top")] = Cover.SAME,
    when: Annotated[str, Doc("times, days and time zone: 7:30 on weekdays Europe/Berlin")] = "",
) -> Answer:
    """Choose when and where your digest comes, and how long it is."""
    default = turn.parts.profile.digest
    guess = zones.of_language(turn.language) if turn.zone == NO_ZONE else None
    async with turn.store.read() as view:
        before = await digest_hours.find_schedule(view, turn.member_id)
    home = before.zone if before is not None else guess or turn.zone
    lost = is_lost(home)
    if lost:
        home = NO_ZONE
    wish = digest_wishes.read(when)
    other = [length, empty, cover, where] != [Size.SAME, Empty.SAME, Cover.SAME, Where.HERE]
    known = [time.fromisoformat(it) for it in (before.times if before else [default.time])]
    times = wish.times(known)
    if (wish.nothing and when.strip() and not other) or not times:
        raise BadTime(when.strip()[:LONGEST])
    days = wish.weekdays(before.weekdays if before is not None else EVERY_DAY, known)
    zone = wish.hours.zone or home
    platform = turn.place.platform if where is Where.HERE else where.value
    async with turn.store.work() as work:
        account = await _account(work, turn, platform, before, chosen=where is not Where.HERE)
        await members.move_to(work, turn.member_id, zone=zone)
        told = await digests.set_up(
            work,
            turn.member_id,
            length=wish.length if length is Size.SAME else Length(length.value),
            says_empty=wish.says_empty if empty is Empty.SAME else empty is Empty.TELL,
            cover=wish.cover if cover is Cover.SAME else cover is Cover.ON,
        )
        assert account.id is not None
        row = await digest_hours.schedule(
            work,
            member_id=turn.member_id,
            times=times,
            weekdays=days,
            zone=zone,
            identity_id=account.id,
        )
    wait = None
    if (pace := turn.parts.paces.get(account.platform)) and row.next_run_at is not None:
        async with turn.store.read() as view:
            wait = await crowding.latest(
                view, platform=account.platform, per_second=pace, moment=row.next_run_at
            )
    unsure = row.zone == NO_ZONE if lost else before is None and _unsure(turn, row)
    return _set(turn, row, told, account.platform, wait=wait, asks_zone=unsure)


@act(
    "digest show",
    effect=Effect.READ,
    private=True,
    examples=[
        "when does my digest come?",
        "what time is my digest?",
        "how is my digest set?",
        "show my digest settings",
        "wann kommt mein Digest?",
        "wie ist mein Digest eingestellt?",
        "¿cuándo llega mi resumen?",
        "¿cómo está configurado mi resumen?",
        "ダイジェストはいつ届く？",
    ],
)
async def digest_show(turn: Turn) -> Answer:
    """Show when your digest comes, and how it is set."""
    async with turn.store.read() as view:
        row = await digest_hours.find_schedule(view, turn.member_id)
        told = await digests.settings(view, turn.member_id)
        account = await view.db.get(Identity, row.identity_id) if row is not None else None
    if row is None or account is None or row.next_run_at is None:
        return Answer(
            text=digest_words.NONE_COMES,
            buttons=[
                Button("Turn on", Call("digest set"), only_asker=True),
                Button("Show one now", Call("digest now")),
            ],
        )
    return _set(turn, row, told, account.platform, wait=None, asks_zone=False)


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
        was_on = await digest_hours.stop(work, member_id=turn.member_id)
    return Answer(
        text=phrases.digest_off(was_on=was_on),
        buttons=[Button("Turn on", Call("digest set"), only_asker=True)],
        facts={"was_on": was_on},
    )


def _unsure(turn: Turn, row: DigestSchedule) -> bool:
    """Whether the zone is none that the member named: that of nobody, or a guess."""
    return turn.zone == NO_ZONE and row.zone in (NO_ZONE, zones.of_language(turn.language))


async def _account(
    view: View, turn: Turn, platform: str, before: DigestSchedule | None, *, chosen: bool
) -> Identity:
    """The account that gets the digest: the one named, the one as before, or the one here."""
    accounts = [it for it in await members.identities(view, turn.member_id) if it.private_place]
    there = [it for it in accounts if it.platform == platform]
    if before is not None and not chosen:
        there = [it for it in accounts if it.id == before.identity_id and it.reachable] or there
    if not there:
        raise NowhereToDeliver
    return there[0]


def _set(
    turn: Turn,
    row: DigestSchedule,
    told: DigestSettings,
    platform: str,
    *,
    wait: timedelta | None,
    asks_zone: bool,
) -> Answer:
    text = [
        digest_words.hours_set(
            row.times,
            row.weekdays,
            row.zone,
            platform=platform,
            following=row.next_run_at,
            length=told.length,
            says_empty=told.says_empty,
            cover=told.cover,
        )
    ]
    if told.quiet_from and row.next_run_at is not None:
        later = quiet.ended(told.quiet_from, told.quiet_until, row.zone, moment=row.next_run_at)
        if later != row.next_run_at:
            text.append(digest_words.in_quiet(told.quiet_until))
    if wait is not None:
        text.append(digest_words.crowded(wait))
    buttons = [
        Button("Show one now", Call("digest now")),
        Button("Turn off", Call("digest off"), only_asker=True),
    ]
    if asks_zone and row.zone != NO_ZONE:
        text.append(digest_words.guessed(row.zone, turn.now.astimezone(ZoneInfo(row.zone))))
        yes = Call("zone", {"city": row.zone})
        buttons.append(Button("Yes, that is right", yes, only_asker=True))
    elif asks_zone:
        text.append(digest_words.ASK_ZONE)
        buttons += [
            Button(
                it.rpartition("/")[2].replace("_", " "), Call("zone", {"city": it}), only_asker=True
            )
            for it in zones.OFFERED
        ]
    if asks_zone:
        buttons.append(Button("Name a city", Call("zone"), only_asker=True, blank="city"))
    else:
        other = Length.SHORT if told.length is not Length.SHORT else Length.USUAL
        label = "Make it shorter" if other is Length.SHORT else "Make it longer"
        call = Call("digest set", {"length": other.value})
        buttons.append(Button(label, call, only_asker=True))
    return Answer(text="\n".join(text), buttons=buttons, facts={"next": row.next_run_at})
