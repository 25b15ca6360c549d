"""Messages on their way in: each update once, none forgotten."""

from datetime import datetime
from typing import Any

from sqlalchemy import update
from sqlmodel import col, select

from feed_core.models.conversation import Inbox
from feed_core.services.once import insert
from feed_core.states import InboxState
from feed_core.store import View, Work


async def receive(
    work: Work, *, platform: str, update_id: str, payload: dict[str, Any]
) -> int | None:
    """Note a message before it is worked on; None when this update was seen before."""
    noted = await work.db.exec(
        insert(work, Inbox)
        .values(
            platform=platform,
            update_id=update_id,
            payload=payload,
            state=InboxState.RUNNING,
            acted=False,
            received_at=work.now,
        )
        .on_conflict_do_nothing(index_elements=["platform", "update_id"])
        .returning(col(Inbox.id))
    )
    return noted.scalar_one_or_none()


async def acted(work: Work, inbox_id: int) -> None:
    """Note that running this message again could double an effect."""
    await work.db.exec(update(Inbox).where(col(Inbox.id) == inbox_id).values(acted=True))


async def finish(work: Work, inbox_id: int, *, state: InboxState) -> None:
    """Note that the message is answered or failed, and let go of its words."""
    await work.db.exec(
        update(Inbox)
        .where(col(Inbox.id) == inbox_id)
        .values(state=state, payload={}, finished_at=work.now)
    )


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
