"""Work that survives a stop; the only file that knows DBOS."""

import asyncio
import concurrent.futures
import logging
import sqlite3
import threading
from collections.abc import Awaitable, Callable, Mapping
from contextlib import closing
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple, Protocol
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
AT_ONCE = 200  # pieces of work
LAUNCH_LIMIT = 60.0  # seconds
CLOSE_LIMIT = 15.0  # seconds
logger = structlog.get_logger(__name__)


class Kind(StrEnum):
    """What is done durably."""

    DIGEST = "digest"
    LEARNING = "learning"


class Job(NamedTuple):
    """One piece of work: a digest to compose, or a member to learn from."""

    kind: Kind
    subject_id: int


Run = Callable[[Job], Awaitable[None]]
Work = Callable[[int], Awaitable[object]]  # what is done, given the number of its subject


class Engine(Protocol):
    """The engine, launched; called in its own loop."""

    async def run(self, job: Job) -> None:
        """Run the workflow of this job, or wait for the one that is under way."""

    def destroy(self) -> None:
        """Stop at once; what is under way goes on after the next launch."""


@dataclass(frozen=True, slots=True)
class _Running:
    engine: Engine
    loop: asyncio.AbstractEventLoop
    stop: asyncio.Event
    thread: threading.Thread


class Durable:
    """Composes digests, and learns, as workflows whose progress is kept in one SQLite file.

    The engine holds what is under way and nothing else: a finished workflow is forgotten, and the
    digest's or the member's row says what became of it. DBOS is one per process, so a Durable is
    too. It lives in a thread with a loop of its own, because launching blocks for a second and it
    replaces the thread pool of the loop it is called from; the work runs in the caller's loop.
    """

    def __init__(self, path: Path, compose: Work, learn: Work | None = None) -> None:
        self._path = path
        self._work: Mapping[Kind, Work] = {Kind.DIGEST: compose, Kind.LEARNING: learn or compose}
        self._launching: asyncio.Task[_Running] | None = None
        self._under_way: dict[Job, asyncio.Task[None]] = {}
        self._steps: set[asyncio.Task[None]] = set()
        self._resting: set[Job] = set()
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
        await asyncio.shield(self._task(Job(Kind.DIGEST, digest_id)))

    async def begin(self, digest_id: int) -> bool:
        """Start composing without waiting; False when so much is under way that it has to wait.

        What failed a moment ago rests before it is tried again.
        """
        return await self._begun(Job(Kind.DIGEST, digest_id))

    async def begin_learning(self, member_id: int) -> bool:
        """Start to learn from a member without waiting; False as for `begin`."""
        return await self._begun(Job(Kind.LEARNING, member_id))

    async def _begun(self, job: Job) -> bool:
        await self._launched()
        if job in self._resting or job in self._under_way:
            return True
        if len(self._under_way) >= AT_ONCE:
            return False
        self._task(job)
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

    def _stepped(self, home: asyncio.AbstractEventLoop) -> Run:
        async def step(job: Job) -> None:
            try:
                await asyncio.wrap_future(asyncio.run_coroutine_threadsafe(self._step(job), home))
            except Exception:
                # The engine writes errors down, and their words may be somebody's.
                logger.exception("step_failed", kind=job.kind, id=job.subject_id)
                raise Unavailable("durable") from None

        return step

    async def _step(self, job: Job) -> None:
        task = asyncio.current_task()
        assert task is not None
        self._steps.add(task)
        task.add_done_callback(self._steps.discard)
        await self._work[job.kind](job.subject_id)

    def _task(self, job: Job) -> asyncio.Task[None]:
        if (task := self._under_way.get(job)) is None:
            task = self._under_way[job] = asyncio.create_task(self._run(job))
            task.add_done_callback(lambda done: self._forget(job, done))
        return task

    def _forget(self, job: Job, done: asyncio.Task[None]) -> None:
        del self._under_way[job]
        if not done.cancelled() and (error := done.exception()) is not None:
            logger.warning("not_done", kind=job.kind, id=job.subject_id, error=type(error).__name__)
            self._resting.add(job)
            done.get_loop().call_later(REST, self._resting.discard, job)

    async def _run(self, job: Job) -> None:
        running = await self._launched()
        work = asyncio.run_coroutine_threadsafe(running.engine.run(job), running.loop)
        await asyncio.wrap_future(work)


def _failed(task: asyncio.Task[_Running]) -> bool:
    return task.done() and (task.cancelled() or task.exception() is not None)


async def _engine(path: Path, step: Run) -> Engine:
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
        await step(Job(Kind.DIGEST, digest_id))

    @DBOS.workflow(name="compose_digest")
    async def compose_digest(digest_id: int) -> None:
        await compose_step(digest_id)

    @DBOS.step(name="learn_step", retries_allowed=True, max_attempts=TRIES, interval_seconds=1.0)
    async def learn_step(member_id: int) -> None:
        await step(Job(Kind.LEARNING, member_id))

    @DBOS.workflow(name="learn")
    async def learn(member_id: int) -> None:
        await learn_step(member_id)

    flows = {Kind.DIGEST: compose_digest, Kind.LEARNING: learn}

    class Launched:
        async def run(self, job: Job) -> None:
            workflow_id = f"{job.kind}:{job.subject_id}"
            with SetWorkflowID(workflow_id):
                handle = await DBOS.start_workflow_async(flows[job.kind], job.subject_id)
            try:
                await handle.get_result(polling_interval_sec=POLLING)
            except Exception:  # noqa: BLE001  # whatever it was, its row is due as before
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
