"""Hours that have come become digests, thousands at a time."""

import asyncio
from collections.abc import Sequence
from datetime import datetime, timedelta

import structlog

from feed_core.clock import Upcoming, is_lost
from feed_core.models.digests import DigestSchedule, RoomSchedule
from feed_core.services import due_hours
from feed_core.services.digest_hours import GRACE
from feed_core.services.due_hours import Claim, Due, minute_of
from feed_core.store import Work

AT_ONCE = 20  # groups of hours that are reckoned before others have a turn

logger = structlog.get_logger(__name__)


async def claim_due(
    work: Work,
    *,
    limit: int = 500,
    early: timedelta = timedelta(),
    upcoming: Upcoming | None = None,
) -> int:
    """Turn hours that are due, or will be so soon, into digests; returns how many were looked at.

    A second claim of the same hour is a no-op. Of hours that were missed, one is made up for if it
    is no older than GRACE; else its member is told in the next digest. All take three statements;
    `upcoming` is what batches share.
    """
    upcoming, until = upcoming or Upcoming(), work.now + early
    looked_at = 0
    for table in (DigestSchedule, RoomSchedule):
        groups = await due_hours.due(work, table, limit=limit, until=until)
        looked_at = max(looked_at, sum(it.number for it in groups))
        await due_hours.go_on(work, table, await _claims(work, groups, upcoming))
    return looked_at


async def _claims(work: Work, groups: Sequence[Due], upcoming: Upcoming) -> list[Claim]:
    claims = []
    for at, group in enumerate(groups, start=1):
        claims.append(_claim(group, upcoming, now=work.now))
        if not at % AT_ONCE:  # the first hour of each zone takes long: its rules are read
            await asyncio.sleep(0)
    return claims


def _claim(due: Due, upcoming: Upcoming, *, now: datetime) -> Claim:
    """The digests that these hours become, if they do; their schedules go on to their next.

    What holds for the first of them holds for all: within their minute they are spread by their
    seconds alone.
    """
    minute = due.first.replace(second=0, microsecond=0)
    now, hour = now - (due.first - minute), minute  # as if they were due at the full minute

    def following(after: datetime) -> datetime | None:
        return upcoming.next(due.times, due.weekdays, due.zone, after=after)

    if missed := hour < now - GRACE:  # of several, the first that is not missed by too much
        recent = following(now - GRACE)
        hour = recent if recent is not None and recent <= now else hour
    if is_lost(due.zone):
        logger.warning("zone_gone", zone=due.zone, members=due.number)
    coming = following(max(now, hour))
    claim = Claim(due.whose, None if coming is None else minute_of(coming), missed)
    if hour < now - GRACE:
        return claim
    local_date, slot = upcoming.local(hour, due.zone)
    return claim._replace(local_date=f"{local_date}", slot=slot, hour=minute_of(hour))
