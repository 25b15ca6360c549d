"""Messages on their way in: each update once, none forgotten."""

from datetime import datetime
from functools import cache
from typing import Any

from sqlalchemy import Executable, Integer, Update, bindparam, update
from sqlalchemy.sql.dml import ReturningUpdate
from sqlmodel import col, select

from feed_core.events import MessageDone
from feed_core.models.conversation import Inbox
from feed_core.services import once
from feed_core.states import InboxState
from feed_core.store import View, Work


async def receive(
    work: Work, *, platform: str, update_id: str, payload: dict[str, Any]
) -> int | None:
    """Note a message before it is worked on; None when this update was seen before."""
    row = {
        "platform": platform,
        "update_id": update_id,
        "payload": payload,
        "state": InboxState.RUNNING,
        "acted": False,
        "received_at": work.now,
    }
    noted = await (await work.core()).execute(_noting(work.dialect), row)
    number: int | None = noted.scalar_one_or_none()
    return number


async def acted(work: Work, inbox_id: int) -> None:
    """Note that running this message again could double an effect."""
    await _change(work, inbox_id, acted=True)


async def finish(work: Work, inbox_id: int, *, state: InboxState) -> None:
    """Note that the message is answered or failed, and let go of its words."""
    done = await (await work.core()).execute(
        _ending(),
        {"inbox_id": inbox_id, "state": state, "payload": {}, "finished_at": work.now},
    )
    for it in done:
        seconds = (work.now - it.received_at).total_seconds()
        work.record(MessageDone(inbox_id, it.platform, state, seconds))


async def unfinished(view: View, *, platform: str, before: datetime) -> list[Inbox]:
    """What came before this moment and was not answered, oldest first."""
    found = await view.db.exec(
        select(Inbox)
        .where(
            Inbox.platform == platform,
            col(Inbox.state).in_([InboxState.RECEIVED, InboxState.RUNNING]),
            Inbox.received_at < before,
        )
        .order_by(col(Inbox.id))
    )
    return list(found)


async def _change(work: Work, inbox_id: int, **values: object) -> None:
    await (await work.core()).execute(_changing(), {"inbox_id": inbox_id, **values})


@cache
def _noting(dialect: str) -> Executable:
    """Put together once, because every message asks it."""
    return (
        once.insert_in(dialect, Inbox)
        .on_conflict_do_nothing(index_elements=["platform", "update_id"])
        .returning(col(Inbox.id))
    )


@cache
def _changing() -> Update:
    """What is set is what it is executed with."""
    return update(Inbox).where(col(Inbox.id) == bindparam("inbox_id", type_=Integer))


@cache
def _ending() -> ReturningUpdate[str, datetime]:
    return _changing().returning(col(Inbox.platform), col(Inbox.received_at))
