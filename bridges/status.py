"""`jamfeed status`: what is due, what waits, what nobody knows of, and what it costs."""

import asyncio
from collections.abc import Collection, Mapping, Sequence
from datetime import datetime, timedelta
from functools import partial
from pathlib import Path

import typer

from agents.phrases import listing, plural
from bridges.durable import slots
from bridges.folder import bring_up, data_folder, database_of, folder_of
from bridges.holders import SCHEDULER, bot_of, identify_of, shard_of
from bridges.pace import PACES
from bridges.roles import PLATFORMS
from bridges.settings import Settings
from bridges.sharing import INDEX
from feed_core.bus import Bus
from feed_core.clock import SystemClock
from feed_core.errors import FolderInUse
from feed_core.held import UNKNOWN, Process, processes
from feed_core.services.standing import ForDigests, Standing, standing
from feed_core.store import Store

LATE = timedelta(minutes=5)  # so long something waits before it is said to be wrong
IDENTIFIES = 16  # of a large bot: so many sessions may begin at once
SHARDS = 64  # of one bot, at most, of which it is told who has which


async def tell(settings: Settings) -> None:
    """Print a line for each; also while a Jamfeed runs, because it only reads.

    Raises:
        ConfigurationError: there is no feed.
        Unavailable: the database does not answer.
    """
    home = folder_of(settings.home)
    await asyncio.to_thread(bring_up, settings, home)
    place, named = database_of(settings, home), parts(settings)
    store = Store(place, SystemClock(), Bus())
    try:
        async with store.read() as view:
            found = await standing(view)
            now = view.now
            there = await processes(view, list(named))
    finally:
        await store.close()
    working = [_process(it, named) for it in there]
    if isinstance(place, Path) and _is_held(home):
        working = ["one works in this folder"]
        there = [
            Process([SCHEDULER, slots.WORKS, *map(partial(bot_of, settings), PLATFORMS)], now, "")
        ]
    amiss = wrong(found, now=now, held={it for one in there for it in one.names})
    for line in [
        *lines(found, now=now),
        *_listed("processes", working or ["none is running"]),
        *_listed("look at", amiss),
    ]:
        typer.echo(line)


def parts(settings: Settings) -> dict[str, str]:
    """What processes may hold, by the names under which they do, and as it is told to people."""
    told = {
        INDEX: "",
        slots.WORKS: "",
        SCHEDULER: "the scheduler",
        UNKNOWN: "a bot whose token is not set here",
    }
    told |= {slots.name_of(it): f"a worker (slot {it})" for it in range(slots.MOST)}
    for platform in sorted(PLATFORMS):
        bot = bot_of(settings, platform)
        told[bot] = f"the {platform.capitalize()} bot"
        if platform == "discord":
            told |= {identify_of(bot, it): "" for it in range(IDENTIFIES)}
            told |= {
                shard_of(bot, it, count): f"its shard {it} of {count}"
                for count in range(1, SHARDS + 1)
                for it in range(count)
            }
    return told


def _is_held(home: Path) -> bool:
    try:
        with data_folder(home):
            return False
    except FolderInUse:
        return True


def _process(it: Process, named: Mapping[str, str]) -> str:
    idle = {slots.name_of(at) for at in range(slots.MOST)} if slots.WORKS not in it.names else ()
    held = dict.fromkeys(told for name in it.names if name not in idle and (told := named[name]))
    doing = listing(list(held)) or "standing by"
    return f"{doing}; from {it.address or 'the same machine'}, since {it.since:%Y-%m-%d %H:%M} UTC"


def _listed(head: str, told: Sequence[str]) -> list[str]:
    return [f"{'' if at else head:<11} {it}" for at, it in enumerate(told)]


def lines(found: Standing, *, now: datetime) -> list[str]:
    """How it stands, in words."""
    calls = sum(it.calls for it in found.models)
    return [
        f"digests     {found.to_compose} to be composed{_oldest(found.oldest, now)}",
        f"next due    {f'{found.next_due:%Y-%m-%d %H:%M} UTC' if found.next_due else 'none'}",
        f"to be sent  {_by_platform(found.waiting)}"
        f"{_oldest(min(found.behind.values(), default=None), now)}",
        f"on the way  {_by_platform(found.sending)}; due later: {_by_platform(found.later)}",
        f"sent        {_paced(found.sent)} in the last minute",
        f"unknown     {_by_platform(found.unknown)} in seven days: they may have arrived or not",
        f"failed      {_by_platform(found.failed)} in seven days",
        f"models      {plural(calls, 'call')}, {found.tokens:,} tokens today, "
        f"cost {found.micros / 1_000_000:.4f}",
        f"for digests {_for_digests(found.for_digests)}",
    ]


def wrong(found: Standing, *, now: datetime, held: Collection[str]) -> list[str]:
    """What stands still, and what mends it, as far as that can be seen from here.

    `held`: what processes hold, by its names.
    """
    told = []
    if (since := found.next_due) and now - since > LATE and SCHEDULER not in held:
        told.append("hours have come and nobody looks: start `jamfeed run`, or `--role scheduler`")
    if (since := found.oldest) and now - since > LATE:
        told.append(
            "digests wait: too few workers are running, or they fail: their log says why"
            if slots.WORKS in held
            else "digests wait and no worker is running: start `jamfeed run`, or `--role worker`"
        )
    for platform in sorted(PLATFORMS & found.behind.keys()):
        if now - found.behind[platform] <= LATE:
            continue
        there = UNKNOWN in held or any(it.startswith(f"{platform}:") for it in held)
        told.append(
            f"messages wait for {platform}: it is owed more than its pace, or takes nothing; "
            "the bot's log says which"
            if there
            else f"messages wait and no process is the {platform} bot: start `jamfeed run`, "
            f"or `--role {platform}`"
        )
    if any(found.unknown.values()):
        told.append("unknown: members are told in their next digest; there is nothing to do")
    return told


def _for_digests(it: ForDigests) -> str:
    made = f"{plural(it.composed, 'digest')} made today"
    if not it.calls:
        return f"no model was asked; {made}"
    read = f"{plural(it.calls, 'call')}, {it.tokens:,} tokens"
    return f"{read}; {made}, {it.tokens_each:.0f} tokens each"


def _oldest(since: datetime | None, now: datetime) -> str:
    return f"; the oldest is {(now - since).total_seconds():.0f} s late" if since else ""


def _by_platform(counts: Mapping[str, int]) -> str:
    return ", ".join(f"{it} {count:,}" for it, count in sorted(counts.items())) or "none"


def _paced(sent: Mapping[str, int]) -> str:
    """How many went, and how many may."""
    limits = {it: round(60 * pace.per_second) for it, pace in PACES.items()}
    told = [
        f"{it} {count:,} of at most {limits[it]:,}" if it in limits else f"{it} {count:,}"
        for it, count in sorted(sent.items())
    ]
    return ", ".join(told) or "none"
