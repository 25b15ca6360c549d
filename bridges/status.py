"""`jamfeed status`: what is due, what waits, what nobody knows of, and what it costs."""

import asyncio
from collections.abc import Mapping
from datetime import datetime

import typer

from bridges.folder import bring_up, database_of, folder_of
from bridges.settings import Settings
from feed_core.bus import Bus
from feed_core.clock import SystemClock
from feed_core.services.standing import Standing, standing
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
    late = int((now - found.oldest).total_seconds()) if found.oldest is not None else 0
    return [
        f"digests     {found.to_compose} to be composed; the oldest is {late} s late",
        f"next due    {f'{found.next_due:%Y-%m-%d %H:%M} UTC' if found.next_due else 'none'}",
        f"to be sent  {_by_platform(found.waiting)}",
        f"unknown     {_by_platform(found.unknown)} in seven days: they may have arrived or not",
        f"failed      {_by_platform(found.failed)} in seven days",
        f"models      {found.tokens:,} tokens today, cost {found.micros / 1_000_000:.4f}",
    ]


def _by_platform(counts: Mapping[str, int]) -> str:
    return ", ".join(f"{it} {count}" for it, count in sorted(counts.items())) or "none"
