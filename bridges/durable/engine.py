"""The engine of durable work, launched for one process; it and its workflows alone know DBOS."""

import asyncio
import logging
import sqlite3
import time
from collections.abc import Mapping, Sequence
from contextlib import closing, suppress
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import quote

import structlog

from bridges.durable.flows import KEPT, REST, Begin, Flow, registered
from bridges.durable.jobs import BATCHES, QUEUE, TAKEN, VERSION, Job, Kind, queue_of
from feed_core import database
from feed_core.database import Place
from feed_core.errors import ConfigurationError, Unavailable

if TYPE_CHECKING:
    from dbos import DBOS, DBOSConfig

NAME = "jamfeed"
EXECUTOR = "jamfeed-"  # and the slot's number, so that a restarted process goes on with its own
SCHEMA = "jamfeed_work"  # of PostgreSQL: its tables stand beside ours, and apart
POLLING = 0.05  # seconds between two looks at what somebody waits for
THREADS = 8  # besides those in which work waits that was taken from a queue
FORGOTTEN_EVERY = 0.5  # seconds
MOST_FORGOTTEN = 1_000
MOST_PENDING = 5_000
# https://docs.dbos.dev/explanations/system-tables: a row each by its Python interface takes twenty
# times as long.
KEYS = """
    SELECT id, format('%%s:%%s@%%s', %(kind)s::text, id, %(version)s::text) AS key
    FROM unnest(%(ids)s::bigint[]) AS id
"""
# What ended and is still there that long after was left by a process that came to no more.
CLEAR = f"""
    DELETE FROM {SCHEMA}.workflow_status USING ({KEYS}) AS it
    WHERE workflow_uuid = it.key AND status = ANY(%(ended)s)
    AND updated_at < 1000 * (
        extract(epoch FROM clock_timestamp())
        - CASE status WHEN 'SUCCESS' THEN {KEPT} ELSE {REST} END
    )
"""  # noqa: S608  # nothing in it comes from outside
PUT_IN = f"""
    SELECT count({SCHEMA}.enqueue_workflow(
        workflow_name => %(kind)s,
        queue_name => %(queue)s,
        positional_args => ARRAY[to_json(it.id)],
        workflow_id => it.key,
        app_version => %(version)s,
        application_name => '{NAME}'
    ))
    FROM ({KEYS}) AS it
    WHERE NOT EXISTS (SELECT FROM {SCHEMA}.workflow_status WHERE workflow_uuid = it.key)
"""  # noqa: S608  # nothing in it comes from outside
ENDED = ("SUCCESS", "ERROR", "CANCELLED", "MAX_RECOVERY_ATTEMPTS_EXCEEDED")
logger = structlog.get_logger(__name__)


class Engine:
    """DBOS, launched in the running loop; all of it is called there."""

    def __init__(self, dbos: "DBOS", flows: Mapping[Kind, Flow], *, queued: bool) -> None:
        self._dbos, self._flows = dbos, flows
        self.queued = queued
        """Whether there is a queue that several processes share."""
        self._ended: dict[str, float] = {}  # ids, and from when on each may be forgotten
        self._forgetting = asyncio.create_task(self._forget())

    async def run(self, job: Job) -> None:
        """Run the workflow of this job here, or wait for the one that is under way anywhere.

        Raises:
            Unavailable: it failed; it can be begun again at once.
        """
        from dbos import DBOS, SetWorkflowID

        with SetWorkflowID(job.key):
            handle = await DBOS.start_workflow_async(self._flows[job.kind], job.subject_id, *job.by)
        try:
            await handle.get_result(polling_interval_sec=POLLING)
        except Exception:  # noqa: BLE001  # whatever it was, its row is due as before
            self._ended.pop(job.key, None)
            await DBOS.delete_workflow_async(job.key)
            raise Unavailable("durable") from None

    async def enqueue(self, kind: Kind, subject_ids: Sequence[int]) -> None:
        """Put these into the queue; one that waits or is under way already stays as it is."""
        given = {
            "kind": kind.value,
            "queue": queue_of(kind).name,
            "ids": list(subject_ids),
            "version": VERSION,
            "ended": list(ENDED),
        }
        await asyncio.to_thread(self._put_in, given)

    def _put_in(self, given: Mapping[str, object]) -> None:
        with self._dbos._sys_db.engine.begin() as connection:
            for statement in (CLEAR, PUT_IN):
                connection.exec_driver_sql(statement, dict(given))

    def note_end(self, key: str, *, kept: float) -> None:
        """Forget the workflow of this id in so many seconds; any thread may say so."""
        self._ended[key] = time.monotonic() + kept

    async def working_slots(self) -> set[int]:
        """The slots of which work is under way, whether their processes live or not."""
        from dbos import DBOS

        pending = await DBOS.list_workflows_async(
            status="PENDING",
            app_version=VERSION,
            load_input=False,
            load_output=False,
            limit=MOST_PENDING,
        )
        names = {it.executor_id or "" for it in pending}
        return {
            int(number)
            for it in names
            if it.startswith(EXECUTOR) and (number := it.removeprefix(EXECUTOR)).isdecimal()
        }

    async def recover(self, slot: int) -> int:
        """Give the work of a slot whose process is gone to those that live; returns how much."""
        from dbos import DBOS

        handles = await asyncio.to_thread(DBOS._recover_pending_workflows, [f"{EXECUTOR}{slot}"])
        return len(handles)

    def destroy(self) -> None:
        """Stop at once; what is under way goes on after the next launch."""
        from dbos import DBOS

        self._forgetting.cancel()
        DBOS.destroy(destroy_registry=True)

    async def _forget(self) -> None:
        """Delete what ended; the digest's or the member's row says what became of it."""
        from dbos import DBOS

        while True:
            await asyncio.sleep(FORGOTTEN_EVERY)
            now = time.monotonic()
            if due := [it for it, when in self._ended.copy().items() if when <= now]:
                for it in due:
                    del self._ended[it]
                try:
                    await DBOS.delete_workflows_async(due)
                except Exception as error:  # noqa: BLE001  # most often the database is away
                    logger.warning("not_forgotten", count=len(due), error=type(error).__name__)
                    self._ended.update(dict.fromkeys(due, now + REST))


async def launched(place: Place, begin: Begin, *, slot: int, works: bool, models: bool) -> Engine:
    """Launch DBOS in the running loop, which is blocked meanwhile.

    `begin` does a piece of work, in whichever loop. `works`: this process takes work from the
    queue, where there is one. `models`: the work may call one, and is a step; else no step is
    written down, which is half of what a workflow costs.

    Raises:
        ConfigurationError: the file is damaged, or the database's user may make no tables.
        Unavailable: the database does not answer.
    """
    # Imported here: it takes a second, and reading settings or help needs none of it.
    from dbos import DBOS

    if isinstance(place, Path):
        _prepare(place)
    # With a handler of its own it would write to the terminal besides ours.
    logging.getLogger("dbos").addHandler(logging.NullHandler())
    engines: list[Engine] = []

    def note(key: str, kept: float) -> None:
        engines[0].note_end(key, kept=kept)

    queued = not isinstance(place, Path)
    flows = registered(begin, note, models=models, threads=TAKEN if queued else ())
    try:
        dbos = DBOS(config=_config(place, slot))
        queues = [QUEUE, BATCHES] if queued else []
        DBOS.listen_queues([it.name for it in queues] if works else [])
        engines.append(Engine(dbos, flows, queued=queued))
        DBOS.launch()
        for it in queues:
            await DBOS.register_queue_async(
                it.name, worker_concurrency=it.at_once, polling_interval_sec=it.polling
            )
        await _forget_ended(slot)
    except BaseException as error:
        with suppress(IndexError):
            engines[0].destroy()
        DBOS.destroy(destroy_registry=True)
        if isinstance(error, Exception) and (told := database.meant(error, place)) is not None:
            raise told from error
        raise
    return engines[0]


async def _forget_ended(slot: int) -> None:
    """Delete what a process in this slot ended and did not come to forget."""
    from dbos import DBOS

    while ended := await DBOS.list_workflows_async(
        status=list(ENDED),
        executor_id=f"{EXECUTOR}{slot}",
        load_input=False,
        load_output=False,
        limit=MOST_FORGOTTEN,
    ):
        await DBOS.delete_workflows_async([it.workflow_id for it in ended])


def _config(place: Place, slot: int) -> "DBOSConfig":
    from dbos import DBOSPortableJSONSerializer

    is_file = isinstance(place, Path)
    return {
        "name": NAME,
        "application_version": VERSION,
        "executor_id": f"{EXECUTOR}{slot}",
        "system_database_url": f"sqlite:///{quote(str(place.absolute()))}"
        if isinstance(place, Path)
        else database.url(place).render_as_string(hide_password=False),
        "dbos_system_schema": SCHEMA,
        "sys_db_pool_size": THREADS + 2,
        # It asks again by itself where a connection broke; to ask each one first costs a fifth.
        "db_engine_kwargs": {"pool_pre_ping": False},
        "use_listen_notify": False,  # nothing here is sent or awaited; a connection less
        "serializer": DBOSPortableJSONSerializer(),  # the default pickles
        "log_level": "ERROR",
        "enable_otlp": False,
        "max_executor_threads": THREADS + (0 if is_file else QUEUE.at_once + BATCHES.at_once),
        "notification_listener_polling_interval_sec": 1.0,
    }


def _prepare(path: Path) -> None:
    # The journal mode stays with the file, and a commit then costs one flush instead of three.
    try:
        with closing(sqlite3.connect(path)) as opened:
            opened.execute("PRAGMA journal_mode = WAL")
    except sqlite3.Error as error:
        raise ConfigurationError(
            str(path),
            "this file is damaged or cannot be written",
            "move it away: what was under way is found again in the database",
        ) from error
