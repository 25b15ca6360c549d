"""How many digests go out at the same minute, and how late that makes the last of them."""

from collections.abc import Iterable
from datetime import datetime, timedelta

from sqlalchemy import String, cast, func, literal_column
from sqlmodel import col, select

from feed_core.models.digests import DigestSchedule
from feed_core.models.members import Identity
from feed_core.store import View

MINUTE = timedelta(minutes=1)
BACK = timedelta(hours=1)  # what is due longer before that has gone out
WRITTEN = 16  # characters of "2026-11-22 07:30"


async def latest(
    view: View, *, platform: str, per_second: float, moment: datetime
) -> timedelta | None:
    """How long after its minute the last digest of this minute goes out; None when within it.

    Counted are the members' schedules on this platform, at so many messages a second.
    """
    minute = moment.replace(second=0, microsecond=0)
    whole = cast(col(DigestSchedule.next_run_at), String)
    written = func.substr(whole, literal_column("1"), literal_column(str(WRITTEN)))
    found = await view.db.exec(
        select(written, func.count())
        .join(Identity, col(Identity.id) == col(DigestSchedule.identity_id))
        .where(
            Identity.platform == platform,
            col(DigestSchedule.next_run_at) >= minute - BACK,
            col(DigestSchedule.next_run_at) < minute + MINUTE,
        )
        .group_by(written)
        .order_by(written)
    )
    begins = (minute - BACK).isoformat(sep=" ")[:WRITTEN]
    due = {datetime.fromisoformat(at) - datetime.fromisoformat(begins): n for at, n in found}
    left = behind((due.get(MINUTE * it, 0) for it in range(61)), each=per_second * 60)
    return timedelta(seconds=left / per_second) if left > 0 else None


def behind(due: Iterable[int], *, each: float) -> float:
    """How many of those due minute after minute are left at the end, where `each` takes so many."""
    left = 0.0
    for count in due:
        left = max(left + count - each, 0.0)
    return left
