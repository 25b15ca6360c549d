"""Work that survives a stop: digests, what is learned, threads read, wherever the processes are."""

import asyncio
import concurrent.futures
import threading
from collections.abc import Awaitable, Callable, Coroutine, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any, TypeVar

import structlog

from bridges.durable.engine import Engine, launched
from bridges.durable.flows import REST, Begin
from bridges.durable.jobs import AT_ONCE, BATCHES, QUEUE, Job, Kind, queue_of
from bridges.durable.slots import GRACE, Slots
from bridges.durable.trying import tried
from feed_core import database
from feed_core.database import Place
from feed_core.errors import Unavailable
from feed_core.holding import Alone, Holding

LAUNCH_LIMIT = 60.0  # seconds
CLOSE_LIMIT = 15.0  # seconds
TEND = 5.0  # seconds between two looks for work that a dead process left
logger = structlog.get_logger(__name__)
T = TypeVar("T")
Work = Callable[..., Awaitable[object]]  # given the number of its subject, and of who asks


@dataclass(frozen=True, slots=True)
class _Running:
    place: Place
    engine: Engine
    loop: asyncio.AbstractEventLoop
    stop: asyncio.Event
    thread: threading.Thread

    async def do(self, asked: Coroutine[Any, Any, T]) -> T:
        """Let the engine do this in its own loop.

        Raises:
            Unavailable: it was stopped meanwhile, or the database does not answer.
        """
        try:
            return await asyncio.wrap_future(asyncio.run_coroutine_threadsafe(asked, self.loop))
        except Exception as error:
            raise database.meant(error, self.place) or error from error
        except asyncio.CancelledError:
            task = asyncio.current_task()
            if task is not None and task.cancelling():
                raise
            raise Unavailable("durable") from None


class Durable:
    """Composes digests, learns and reads threads as workflows whose progress a database keeps.

    `work` does each kind of it, of which a stop may make any piece be done anew. Digests that are
    due are composed by the batch: one workflow for what is due of it, since a workflow costs more
    than a digest does; the digests' own rows say which of them are left.

    With SQLite (`place` is a file) this process does all of it. With PostgreSQL (a URL) there is
    one queue for all processes: any may put work in, by `enqueue`, and those that were made with
    `works` take it out, a few pieces each. `compose` is for somebody who waits: it is done here
    and at once. What a dead process had taken is given to the others.

    The engine holds what is under way and nothing else: a finished workflow is forgotten, and the
    digest's or the member's row says what became of it. DBOS is one per process, so a Durable is
    too. It lives in a thread with a loop of its own, because launching blocks for a second and it
    replaces the thread pool of the loop it is called from; the work runs in the caller's loop.
    """

    def __init__(
        self,
        place: Place,
        work: Mapping[Kind, Work],
        *,
        names: Holding | None = None,
        works: bool = True,
        models: bool = True,
        tend: float = TEND,
        grace: float = GRACE,
    ) -> None:
        self._place, self._tend_every = place, tend
        self._launch_engine = partial(launched, place, works=works, models=models)
        self._slots = Slots(names or Alone(), grace, works=works)
        self._work = work
        self._launching: asyncio.Task[_Running] | None = None
        self._tending: asyncio.Task[None] | None = None
        self._under_way: dict[Job, asyncio.Task[None]] = {}
        self._waiting: dict[Job, None] = {}  # in order; only where there is no queue
        self._steps: set[asyncio.Task[None]] = set()
        self._resting: set[Job] = set()
        self._closed = False

    async def launch(self) -> None:
        """Start; what a stop interrupted goes on by itself from then on.

        Raises:
            ConfigurationError: the file is damaged, or there may be no tables.
            Unavailable: the database does not answer.
        """
        await self._launched()

    async def compose(self, digest_id: int) -> None:
        """See that this digest is composed, once, and return when it is; launches when needed.

        Raises:
            Unavailable: it could not be composed; the digest's row is due as before.
        """
        await asyncio.shield(self._task(Job(Kind.DIGEST, digest_id)))

    async def read(self, creation_id: int, *, state: str, by: tuple[int, int]) -> None:
        """See that this thread is read in this state, once however many ask; return when it is.

        `by`: the numbers of who asks and of the room. Where nothing was launched, a stop ends it.

        Raises:
            Unavailable: it was stopped meanwhile, or the database does not answer.
        """
        await asyncio.shield(self._task(Job(Kind.SUMMARY, creation_id, state, by)))

    async def see_done(self, kind: Kind, member_id: int, *by: int) -> None:
        """See that this is done for a member, once however often they ask; as `read`."""
        await asyncio.shield(self._task(Job(kind, member_id, by=by)))

    async def begin(self, batches: Sequence[int]) -> None:
        """See that what is due of these batches is composed; as `enqueue`."""
        await self.enqueue(Kind.DIGESTS, batches)

    async def enqueue(self, kind: Kind, subject_ids: Sequence[int]) -> None:
        """See that each of these is done, in this order, without waiting for it.

        Thousands at a time cost one transaction. An id that waits, is under way anywhere or failed
        a moment ago is left as it is, so asking again is free of harm and nearly free of cost.

        Raises:
            Unavailable: the database does not answer; nothing was put in.
        """
        running = await self._launched()
        if running.engine.queued:
            await running.do(running.engine.enqueue(kind, subject_ids))
            return
        jobs = [Job(kind, it) for it in subject_ids]
        self._waiting |= {
            it: None for it in jobs if it not in self._resting and it not in self._under_way
        }
        self._refill()

    async def close(self) -> None:
        """Stop; what is under way goes on after the next launch, or elsewhere."""
        self._closed = True
        self._waiting.clear()
        if self._tending is not None:
            self._tending.cancel()
            await asyncio.wait([self._tending])
        await self._stopped()
        await self._slots.leave()

    async def _stopped(self) -> None:
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
        for task in self._steps:
            task.cancel()
        await asyncio.gather(*self._steps, return_exceptions=True)

    async def _launched(self) -> _Running:
        if self._closed:
            raise Unavailable("durable")
        if self._launching is None or _failed(self._launching):
            self._launching = asyncio.create_task(self._launch())
        return await asyncio.shield(self._launching)

    async def _launch(self) -> _Running:
        slot = await self._slots.take()
        home = asyncio.get_running_loop()
        started: concurrent.futures.Future[_Running] = concurrent.futures.Future()
        threading.Thread(
            target=lambda: asyncio.run(self._live(slot, home, started)),
            name="durable",
            daemon=True,
        ).start()
        try:
            async with asyncio.timeout(LAUNCH_LIMIT):
                running = await asyncio.wrap_future(started)
        except TimeoutError:
            raise Unavailable("durable") from None
        if running.engine.queued and self._tending is None:
            self._tending = asyncio.create_task(self._tend())
        return running

    async def _live(
        self,
        slot: int,
        home: asyncio.AbstractEventLoop,
        started: concurrent.futures.Future[_Running],
    ) -> None:
        stop = asyncio.Event()
        try:
            engine = await self._launch_engine(self._begun(home, stop), slot=slot)
        except BaseException as error:  # noqa: BLE001  # told to whoever waits for the launch
            if not started.cancelled():
                started.set_exception(error)
            return
        if started.cancelled():  # nobody waits any more; the next launch needs the engine
            engine.destroy()
            return
        started.set_result(
            _Running(
                self._place, engine, asyncio.get_running_loop(), stop, threading.current_thread()
            )
        )
        await stop.wait()
        engine.destroy()

    def _begun(self, home: asyncio.AbstractEventLoop, stop: asyncio.Event) -> Begin:
        def begin(job: Job) -> concurrent.futures.Future[None]:
            if stop.is_set():
                raise asyncio.CancelledError
            return asyncio.run_coroutine_threadsafe(tried(job, self._step), home)

        return begin

    async def _step(self, job: Job) -> None:
        task = asyncio.current_task()
        assert task is not None
        self._steps.add(task)
        task.add_done_callback(self._steps.discard)
        await self._work[job.kind](job.subject_id, *job.by)

    def _task(self, job: Job) -> asyncio.Task[None]:
        self._waiting.pop(job, None)
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
        self._refill()

    def _refill(self) -> None:
        """Begin what waits, as far as there is room, where no queue sees to that."""
        if self._closed:
            return
        room = {queue: queue.at_once for queue in (QUEUE, BATCHES)}
        for job in self._under_way:
            room[queue_of(job.kind)] -= 1
        for job in list(self._waiting):
            if room[queue_of(job.kind)] > 0:
                room[queue_of(job.kind)] -= 1
                self._task(job)

    async def _run(self, job: Job) -> None:
        if job.kind in AT_ONCE and self._launching is None:
            await self._step(job)
        else:
            running = await self._launched()
            await running.do(running.engine.run(job))

    async def _tend(self) -> None:
        """Take over the work of dead processes; take another slot when this one's is lost."""
        while True:
            await asyncio.sleep(self._tend_every)
            try:
                if self._slots.lost:
                    await self._stopped()
                running = await self._launched()
                working = await running.do(running.engine.working_slots())
                async for slot in self._slots.dead(working):
                    count = await running.do(running.engine.recover(slot))
                    logger.warning("taken_over", slot=slot, count=count)
            except Unavailable as outage:  # whoever holds names has said so
                logger.info("not_tended", code=outage.code)
            except Exception:  # the next one may go better
                logger.exception("not_tended")


def _failed(task: asyncio.Task[_Running]) -> bool:
    return task.done() and (task.cancelled() or task.exception() is not None)
