"""The workflows of durable work, as DBOS is told of them."""

import asyncio
import concurrent.futures
from collections.abc import Callable, Collection, Coroutine, Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from bridges.durable.jobs import Job, Kind

REST = 60.0  # seconds before what failed in the background can be begun again
KEPT = 5.0  # seconds that what went well is kept, so that whoever waits for it sees it
BRIEFLY = 1.0  # seconds that a batch is kept: then what is due of it by now can be begun

Begin = Callable[[Job], "concurrent.futures.Future[None]"]
Note = Callable[[str, float], None]
Flow = Callable[..., Coroutine[Any, Any, None]]  # of a subject's number, and those of who asks


def registered(
    begin: Begin, note: Note, *, models: bool, threads: Collection[Kind]
) -> Mapping[Kind, Flow]:
    """Register the workflows of all kinds; returns those that can be run and waited for.

    `begin` has work done elsewhere, `note` is told which workflow ended and for how many seconds it
    is to be kept. `models`: the work may call one, and is a step. Work of the kinds `threads`,
    which come from a queue, waits in a thread each: for a workflow in a loop DBOS changes threads
    six times more, which takes half as much CPU again.
    """
    for it in threads:
        _in_thread(it, begin, note, models=models)
    return {it: _in_loop(it, begin, note, models=models) for it in Kind if it not in threads}


def _in_loop(kind: Kind, begin: Begin, note: Note, *, models: bool) -> Flow:
    from dbos import DBOS

    async def once(subject_id: int, *by: int) -> None:
        await asyncio.wrap_future(begin(Job(kind, subject_id, by=by)))

    step = DBOS.step(name=f"{kind}_step")(once) if models else once

    @DBOS.workflow(name=kind.value)
    async def flow(subject_id: int, *by: int) -> None:
        with _noted(kind, note):
            await step(subject_id, *by)

    return flow


def _in_thread(kind: Kind, begin: Begin, note: Note, *, models: bool) -> None:
    from dbos import DBOS

    def once(subject_id: int) -> None:
        try:
            begin(Job(kind, subject_id)).result()
        except concurrent.futures.CancelledError:
            # DBOS writes down every Exception; what a stop ends has to stay under way.
            raise asyncio.CancelledError from None

    step = DBOS.step(name=f"{kind}_step")(once) if models else once

    @DBOS.workflow(name=kind.value)
    def flow(subject_id: int) -> None:
        with _noted(kind, note):
            step(subject_id)


@contextmanager
def _noted(kind: Kind, note: Note) -> Iterator[None]:
    from dbos import DBOS

    key = DBOS.workflow_id
    assert key is not None
    try:
        yield
    except Exception:
        note(key, REST)
        raise
    note(key, BRIEFLY if kind is Kind.DIGESTS else KEPT)
