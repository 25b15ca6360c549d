"""Work that survives a stop; the only file that knows DBOS."""

import asyncio
import concurrent.futures
import logging
import sqlite3
import threading
from collections.abc import Awaitable, Callable
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Protocol
from urllib.parse import quote

import structlog

from feed_core.errors import ConfigurationError, Unavailable

if TYPE_CHECKING:
    from dbos import DBOSConfig

NAME = "jamfeed"
VERSION = "1"  # raise it when a workflow gets other steps: what is under way then starts anew
EXECUTOR = "jamfeed-0"  # fixed, so that a restarted process goes on with its own work
POLLING = 0.05  # seconds
THREADS = 8
ENDED = ("SUCCESS", "ERROR", "CANCELLED", "MAX_RECOVERY_ATTEMPTS_EXCEEDED")
TRIES = 3
REST = 60.0  # seconds between a digest that failed TRIES times and the next try
AT_ONCE = 200
LAUNCH_LIMIT = 60.0  # seconds
CLOSE_LIMIT = 15.0  # seconds

logger = structlog.get_logger(__name__)


class Engine(Protocol):
    """The engine, launched; called in its own loop."""

    async def compose(self, digest_id: int) -> None:
        """Run the workflow of this digest, or wait for the one that is under way."""
        ...

    def destroy(self) -> None:
        """Stop at once; what is under way goes on after the next launch."""
        ...


@dataclass(frozen=True, slots=True)
class _Running:
    engine: Engine
    loop: asyncio.AbstractEventLoop
    stop: asyncio.Event
    thread: threading.Thread


class Durable:
    """Composes digests as workflows whose progress is kept in one SQLite file.

    The engine holds what is under way and nothing else: a finished workflow is forgotten, and the
    digest's row says what became of it. DBOS is one per process, so a Durable is too. It lives in
    a thread with a loop of its own, because launching blocks for a second and because it replaces
    the thread pool of the loop it is called from; `compose` runs in the loop of the caller.
    """

    def __init__(self, path: Path, compose: Callable[[int], Awaitable[None]]) -> None:
        self._path, self._compose = path, compose
        self._launching: asyncio.Task[_Running] | None = None
        self._under_way: dict[int, asyncio.Task[None]] = {}
        self._steps: set[asyncio.Task[None]] = set()
        self._resting: set[int] = set()
        self._closed = False

    async def launch(self) -> None:
        """Start; what a stop interrupted goes on by itself from then on.

        Raises:
            ConfigurationError: the file is damaged or cannot be written.
        """
        await self._launched()

    async def compose(self, digest_id: int) -> None:
        """See that this digest is composed, once, and return when it is; launches when needed.

        Raises:
            Unavailable: it could not be composed; the digest's row is due as before.
        """
        await asyncio.shield(self._task(digest_id))

    async def begin(self, digest_id: int) -> bool:
        """Start composing without waiting; False when so much is under way that it has to wait.

        What failed a moment ago rests before it is tried again.
        """
        await self._launched()
        if digest_id in self._resting or digest_id in self._under_way:
            return True
        if len(self._under_way) >= AT_ONCE:
            return False
        self._task(digest_id)
        return True

    async def close(self) -> None:
        """Stop; what is under way goes on after the next launch."""
        self._closed = True
        for task in self._under_way.values():
            task.cancel()
        if self._launching is None:
            return
        done = await asyncio.gather(
            self._launching, *self._under_way.values(), return_exceptions=True
        )
        self._launching = None
        if isinstance(running := done[0], _Running):
            running.loop.call_soon_threadsafe(running.stop.set)
            await asyncio.to_thread(running.thread.join, CLOSE_LIMIT)
        await asyncio.gather(*self._steps, return_exceptions=True)

    async def _launched(self) -> _Running:
        if self._closed:
            raise Unavailable("durable")
        if self._launching is None or _failed(self._launching):
            self._launching = asyncio.create_task(self._launch())
        return await asyncio.shield(self._launching)

    async def _launch(self) -> _Running:
        home = asyncio.get_running_loop()
        started: concurrent.futures.Future[_Running] = concurrent.futures.Future()
        threading.Thread(
            target=lambda: asyncio.run(self._live(home, started)), name="durable", daemon=True
        ).start()
        async with asyncio.timeout(LAUNCH_LIMIT):
            return await asyncio.wrap_future(started)

    async def _live(
        self, home: asyncio.AbstractEventLoop, started: concurrent.futures.Future[_Running]
    ) -> None:
        stop = asyncio.Event()
        try:
            engine = await _engine(self._path, self._stepped(home))
        except BaseException as error:  # noqa: BLE001  # told to whoever waits for the launch
            started.set_exception(error)
            return
        started.set_result(
            _Running(engine, asyncio.get_running_loop(), stop, threading.current_thread())
        )
        await stop.wait()
        engine.destroy()

    def _stepped(self, home: asyncio.AbstractEventLoop) -> Callable[[int], Awaitable[None]]:
        async def step(digest_id: int) -> None:
            work = asyncio.run_coroutine_threadsafe(self._step(digest_id), home)
            try:
                await asyncio.wrap_future(work)
            except Exception:
                # The engine writes errors down, and their words may be a creation's.
                logger.exception("compose_failed", digest_id=digest_id)
                raise Unavailable("durable") from None

        return step

    async def _step(self, digest_id: int) -> None:
        task = asyncio.current_task()
        assert task is not None
        self._steps.add(task)
        task.add_done_callback(self._steps.discard)
        await self._compose(digest_id)

    def _task(self, digest_id: int) -> asyncio.Task[None]:
        if (task := self._under_way.get(digest_id)) is None:
            task = self._under_way[digest_id] = asyncio.create_task(self._run(digest_id))
            task.add_done_callback(lambda done: self._forget(digest_id, done))
        return task

    def _forget(self, digest_id: int, done: asyncio.Task[None]) -> None:
        del self._under_way[digest_id]
        if not done.cancelled() and (error := done.exception()) is not None:
            logger.warning("not_composed", digest_id=digest_id, error=type(error).__name__)
            self._resting.add(digest_id)
            done.get_loop().call_later(REST, self._resting.discard, digest_id)

    async def _run(self, digest_id: int) -> None:
        running = await self._launched()
        work = asyncio.run_coroutine_threadsafe(running.engine.compose(digest_id), running.loop)
        await asyncio.wrap_future(work)


def _failed(task: asyncio.Task[_Running]) -> bool:
    return task.done() and (task.cancelled() or task.exception() is not None)


async def _engine(path: Path, step: Callable[[int], Awaitable[None]]) -> Engine:
    """Launch DBOS in the running loop, which is blocked meanwhile.

    Raises:
        ConfigurationError: the file is damaged or cannot be written.
    """
    # Imported here: it takes a second, and reading settings or help needs none of it.
    from dbos import DBOS, SetWorkflowID

    _prepare(path)
    # With a handler of its own it would write to the terminal besides ours.
    logging.getLogger("dbos").addHandler(logging.NullHandler())

    @DBOS.step(
        name="compose_digest_step", retries_allowed=True, max_attempts=TRIES, interval_seconds=1.0
    )
    async def compose_step(digest_id: int) -> None:
        await step(digest_id)

    @DBOS.workflow(name="compose_digest")
    async def compose_digest(digest_id: int) -> None:
        await compose_step(digest_id)

    class Launched:
        async def compose(self, digest_id: int) -> None:
            workflow_id = f"digest:{digest_id}"
            with SetWorkflowID(workflow_id):
                handle = await DBOS.start_workflow_async(compose_digest, digest_id)
            try:
                await handle.get_result(polling_interval_sec=POLLING)
            except Exception:  # noqa: BLE001  # whatever it was, the digest's row is due as before
                await DBOS.delete_workflow_async(workflow_id)
                raise Unavailable("durable") from None
            await DBOS.delete_workflow_async(workflow_id)

        def destroy(self) -> None:
            DBOS.destroy(destroy_registry=True)

    try:
        DBOS(config=_config(path))
        DBOS.launch()
        ended = await DBOS.list_workflows_async(status=list(ENDED), load_input=False)
        await DBOS.delete_workflows_async([it.workflow_id for it in ended])
    except BaseException:
        DBOS.destroy(destroy_registry=True)
        raise
    return Launched()


def _config(path: Path) -> "DBOSConfig":
    from dbos import DBOSPortableJSONSerializer

    return {
        "name": NAME,
        "application_version": VERSION,
        "executor_id": EXECUTOR,
        "system_database_url": f"sqlite:///{quote(str(path.absolute()))}",
        "serializer": DBOSPortableJSONSerializer(),  # the default pickles
        "log_level": "ERROR",
        "enable_otlp": False,
        "max_executor_threads": THREADS,
        "notification_listener_polling_interval_sec": POLLING,
    }


def _prepare(path: Path) -> None:
    # The journal mode stays with the file, and a commit then costs one flush instead of three.
    try:
        with closing(sqlite3.connect(path)) as database:
            database.execute("PRAGMA journal_mode = WAL")
    except sqlite3.Error as error:
        raise ConfigurationError(
            str(path),
            "this file is damaged or cannot be written",
            "move it away: what was under way is found again in the database",
        ) from error
