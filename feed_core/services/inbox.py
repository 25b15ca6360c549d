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
    noted = await work.ask(_noting(work.dialect), row)
    return noted[0][0] if noted else None


async def acted(work: Work, inbox_id: int) -> None:
    """Note that running this message again could double an effect."""
    await work.write(_acting(), {"inbox_id": inbox_id})


async def finish(work: Work, inbox_id: int, *, state: InboxState) -> None:
    """Note that the message is answered or failed, and let go of its words."""
    done = await work.ask(
        _ending(),
        {"inbox_id": inbox_id, "new_state": state, "new_payload": {}, "new_finished_at": work.now},
    )
    for platform, received_at in done:
        seconds = (work.now - received_at).total_seconds()
        work.record(MessageDone(inbox_id, platform, state, seconds))


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


@cache
def _noting(dialect: str) -> Executable:
    """Put together once, because every message asks it."""
    return (
        once.insert_in(dialect, Inbox)
        .on_conflict_do_nothing(index_elements=["platform", "update_id"])
        .returning(col(Inbox.id))
    )


@cache
def _acting() -> Update:
    return _this().values(acted=True)


@cache
def _ending() -> ReturningUpdate[str, datetime]:
    new: dict[str, Any] = {it: bindparam(f"new_{it}") for it in ("state", "payload", "finished_at")}
    return _this().values(new).returning(col(Inbox.platform), col(Inbox.received_at))


def _this() -> Update:
    return update(Inbox).where(col(Inbox.id) == bindparam("inbox_id", type_=Integer))
