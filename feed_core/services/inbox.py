"""Messages on their way in: each update once, none forgotten."""

from collections.abc import Collection
from datetime import datetime
from functools import cache
from typing import Any

from sqlalchemy import ColumnElement, Executable, Integer, Update, bindparam, update
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


async def deleted(
    work: Work, *, platform: str, place_id: str, message_ids: Collection[str]
) -> None:
    """Note which of the messages said below something, and not taken in yet, are there no more."""
    waiting = await work.db.exec(
        select(Inbox).where(Inbox.platform == platform, _unanswered()).with_for_update()
    )
    for row in waiting:
        under, message_id = row.payload.get("under") or {}, row.payload.get("message_id")
        if under.get("place_id") == place_id and message_id in message_ids:
            row.payload = {**row.payload, "gone": True}


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
            _unanswered(),
            Inbox.received_at < before,
        )
        .order_by(col(Inbox.id))
    )
    return list(found)


def _unanswered() -> ColumnElement[bool]:
    return col(Inbox.state).in_([InboxState.RECEIVED, InboxState.RUNNING])


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
