"""`jamfeed migrate`: a feed into PostgreSQL, and its vectors to a Chroma server."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from pathlib import Path

import typer

from agents import moving_words as words
from agents.moving_words import Moved
from bridges.folder import CHROMA, DATABASE, data_folder
from bridges.porting import progress
from bridges.settings import Settings
from bridges.sharing import INDEX
from feed_core import database
from feed_core.bus import Bus
from feed_core.clock import SystemClock
from feed_core.database import Place
from feed_core.errors import ConfigurationError
from feed_core.holding import holding
from feed_core.migrating import HEAD, is_current, migrate, revision
from feed_core.porting import moving
from feed_core.porting.carried import all_kinds
from feed_core.porting.progress import Tell
from feed_core.store import Store
from memory import index_server
from memory import moving as vectors
from memory.embedding import Embedder
from memory.index import Index
from memory.porting import whole_memories


async def move(settings: Settings, database_url: str | None, chroma_url: str | None) -> int:
    """Copy database and vectors to these places, or else to those that the settings name.

    Returns 1 when something cannot be copied.

    Raises:
        FolderInUse: a Jamfeed works in the data folder.
        ConfigurationError: there is nothing to move, nowhere to move it, or the versions differ.
        Refusal, Unavailable: the new place holds another feed, or does not answer.
    """
    set_there = settings.database_url and settings.database_url.get_secret_value()
    goal, chroma = database_url or set_there, chroma_url or settings.chroma_url
    if not goal:
        raise ConfigurationError(
            database.SETTING, "nothing says where the feed shall go", database.WRITTEN
        )
    try:
        with data_folder(settings.home) as home, progress() as tell:
            await asyncio.to_thread(_require_same_version, home / DATABASE, goal)
            async with AsyncExitStack() as stack:
                old = await stack.enter_async_context(_store(home / DATABASE))
                told = await _move(home, old, goal, chroma, stack, tell)
    except asyncio.CancelledError:
        typer.echo(words.stopped(), err=True)
        return 1
    if told is None:
        return 1
    typer.echo(words.moved(told, is_set=(set_there, settings.chroma_url) == (goal, chroma)))
    return 0


async def _move(
    home: Path, old: Store, goal: str, chroma: str | None, stack: AsyncExitStack, tell: Tell
) -> Moved | None:
    kinds = all_kinds(whole_memories())
    stock, problems = await moving.take_stock(old, kinds, tell)
    if problems.count:
        typer.echo(words.refused(problems), err=True)
        return None
    names = holding(goal)
    stack.push_async_callback(names.close)
    if await names.take(INDEX) is None:
        raise ConfigurationError(
            database.SETTING, f"a Jamfeed works on {database.told(goal)}", "stop it first"
        )
    await asyncio.to_thread(migrate, goal, now=SystemClock().now())
    new = await stack.enter_async_context(_store(goal))
    index = None
    if chroma:
        index = await stack.enter_async_context(_index(chroma))
    if await moving.was_begun(new, stock, kinds):
        typer.echo(words.going_on())
    else:
        if index is not None and not await vectors.is_empty(index):
            raise ConfigurationError(
                index_server.SETTING, "vectors of another feed stand there", "name an empty server"
            )
        await moving.begin(new, stock)
    await moving.copy(old, new, stock, kinds, tell)
    came = None
    if index is not None:
        held = await _held(home / CHROMA, stack)
        came = await vectors.copy(new, held, index, tell)
    await moving.end(new, stock)
    return Moved(
        rows=stock.rows,
        tables=len(stock.sums),
        database=database.told(goal),
        home=str(home),
        old=str(home / DATABASE),
        vectors=came,
    )


async def _held(place: Path, stack: AsyncExitStack) -> Index | None:
    """The vectors in the data folder; None where there are none that can be read."""
    if not await asyncio.to_thread(place.exists):
        return None
    try:
        return await stack.enter_async_context(_index(place))
    except ConfigurationError:  # all of them can be made anew
        return None


def _require_same_version(old: Path, goal: str) -> None:
    if not old.exists():
        raise ConfigurationError(
            f"the data folder {old.parent}", "there is no feed in it", "set JAMFEED_HOME"
        )
    if not is_current(old):
        raise ConfigurationError(
            str(old),
            "this database is of another version of Jamfeed",
            "start it here once with this version, which brings an older one up to date",
        )
    if (found := revision(goal)) not in {None, HEAD}:
        raise ConfigurationError(
            database.SETTING,
            f"{database.told(goal)} is of another version of Jamfeed (schema {found}, not {HEAD})",
            "name an empty database",
        )


@asynccontextmanager
async def _store(place: Place) -> AsyncIterator[Store]:
    store = Store(place, SystemClock(), Bus())
    try:
        yield store
    finally:
        await store.close()


@asynccontextmanager
async def _index(place: Path | str) -> AsyncIterator[Index]:
    embedder = Embedder()
    index = Index(place, embedder=embedder.name, dimension=embedder.dimension)
    try:
        await asyncio.to_thread(index.check)
        yield index
    finally:
        await index.close()
