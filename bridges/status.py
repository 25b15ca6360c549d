"""`jamfeed status`: what is due, what waits, what nobody knows of, and what it costs."""

import asyncio
from collections.abc import Mapping
from datetime import datetime

import typer

from agents.phrases import plural
from bridges.folder import bring_up, database_of, folder_of
from bridges.pace import PACES
from bridges.settings import Settings
from feed_core.bus import Bus
from feed_core.clock import SystemClock
from feed_core.services.standing import ForDigests, Standing, standing
from feed_core.store import Store


async def tell(settings: Settings) -> None:
    """Print a line for each; also while a Jamfeed runs, because it only reads.

    Raises:
        ConfigurationError: there is no feed.
        Unavailable: the database does not answer.
    """
    home = folder_of(settings.home)
    await asyncio.to_thread(bring_up, settings, home)
    store = Store(database_of(settings, home), SystemClock(), Bus())
    try:
        async with store.read() as view:
            found = await standing(view)
            now = view.now
    finally:
        await store.close()
    for line in lines(found, now=now):
        typer.echo(line)


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
