"""`jamfeed export` and `jamfeed import`: a whole feed into a folder, and out of one."""

import asyncio
import time
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from pathlib import Path

import typer
from filelock import FileLock, Timeout
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

from agents import porting_words as words
from bridges.folder import MEDIA, bring_up, data_folder, database_of, folder_of
from bridges.settings import Settings
from feed_core.bus import Bus
from feed_core.clock import SystemClock
from feed_core.media import MediaShelf
from feed_core.migrating import migrate
from feed_core.porting import checking, exporting, importing, layout
from feed_core.porting.carried import feed_kinds
from feed_core.porting.layout import Stage
from feed_core.porting.progress import Doing, Step, Tell
from feed_core.porting.refusals import ExportRunning, ExportUnfinished
from feed_core.store import Store
from memory.porting import memories

OFTEN = 10.0  # seconds between two lines about one thing, where there is no terminal


async def bring_out(settings: Settings, folder: Path) -> int:
    """Write the whole feed into the folder, also while a Jamfeed runs; 0 when all of it is there.

    Raises:
        ConfigurationError: there is no feed, or it cannot be opened.
        ExportRunning: another export of this feed is under way.
        Refusal, Unavailable: the folder cannot be used or is full, or the database is away.
    """
    home = folder_of(settings.home)
    await asyncio.to_thread(bring_up, settings, home)
    try:
        with _alone(home), progress() as tell:
            async with _store(settings, home) as store:
                async with store.read() as view:
                    await importing.require_none(view)
                manifest = await exporting.export(
                    store, MediaShelf(home / MEDIA), folder, feed_kinds(memories()), tell
                )
    except asyncio.CancelledError:
        typer.echo(words.stopped("export", str(folder)), err=True)
        return 1
    typer.echo(words.exported(manifest, str(folder)))
    return 0


async def take_in(settings: Settings, folder: Path) -> int:
    """Check an export and bring it in; 1, and nothing changed, when something is wrong with it.

    Raises:
        FolderInUse: another Jamfeed works in the data folder.
        ConfigurationError: the data folder or the database cannot be opened.
        Refusal, Unavailable: there is no whole export, or it cannot be brought in now.
    """
    if folder.name == layout.MANIFEST:
        folder = folder.parent
    manifest = layout.read_manifest(folder)
    if manifest.stage is not Stage.COMPLETE:
        raise ExportUnfinished(str(folder))
    kinds = feed_kinds(memories())
    try:
        with data_folder(settings.home) as home:
            await asyncio.to_thread(migrate, database_of(settings, home), now=SystemClock().now())
            async with _store(settings, home) as store:
                with progress() as tell:
                    async with store.read() as view:
                        await importing.require_none(view, but=manifest)
                    problems = await checking.check(store, folder, manifest, kinds, tell)
                    if not problems.count:
                        problems = await importing.check_media(folder, manifest, kinds, tell)
                    if not problems.count:
                        shelf = MediaShelf(home / MEDIA)
                        brought = await importing.bring_in(
                            store, shelf, folder, manifest, kinds, tell
                        )
    except asyncio.CancelledError:
        typer.echo(words.stopped("import", str(folder)), err=True)
        return 1
    if problems.count:
        typer.echo(words.refused(problems), err=True)
        return 1
    typer.echo(words.imported(brought))
    return 0


@contextmanager
def progress() -> Iterator[Tell]:
    """A bar at a terminal; elsewhere a line when something is done, or takes long."""
    console = Console()
    if not console.is_terminal:
        yield _Lines().tell
        return
    bars = Progress(
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeRemainingColumn(),
        console=console,
        transient=True,
    )
    with bars:
        yield _Bar(bars).tell


class _Bar:
    """One bar that shows what is being done now."""

    def __init__(self, bars: Progress) -> None:
        self._bars = bars
        self._task = bars.add_task("")
        self._doing: tuple[Doing, str] | None = None

    def tell(self, step: Step) -> None:
        if self._doing != (step.doing, step.what):
            self._doing = (step.doing, step.what)
            self._bars.reset(self._task, description=words.doing(*self._doing))
        self._bars.update(self._task, completed=step.done, total=step.of)


class _Lines:
    """A line for each thing that is done, and now and then for one that takes long."""

    def __init__(self) -> None:
        self._told = time.monotonic()

    def tell(self, step: Step) -> None:
        now = time.monotonic()
        if step.done == step.of or now - self._told >= OFTEN:
            self._told = now
            typer.echo(f"{words.doing(step.doing, step.what)}: {step.done:,} of {step.of:,}")


@asynccontextmanager
async def _store(settings: Settings, home: Path) -> AsyncIterator[Store]:
    store = Store(database_of(settings, home), SystemClock(), Bus())
    try:
        yield store
    finally:
        await store.close()


@contextmanager
def _alone(home: Path) -> Iterator[None]:
    lock = FileLock(home / "export.lock")
    try:
        lock.acquire(timeout=0)
    except Timeout as error:
        raise ExportRunning(str(home)) from error
    try:
        yield
    finally:
        lock.release()
