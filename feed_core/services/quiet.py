"""When nothing may come unasked: each member's quiet hours."""

from collections.abc import Mapping, Sequence
from datetime import datetime, time, timedelta

from sqlmodel import col, select

from feed_core.clock import EVERY_DAY, next_local, zone_of
from feed_core.models.digests import DigestSettings
from feed_core.models.members import Identity, Member
from feed_core.store import View


async def after(view: View, member_id: int, *, moment: datetime) -> datetime:
    """The first moment from then on at which this member may be written to."""
    found = await view.db.exec(
        select(DigestSettings.quiet_from, DigestSettings.quiet_until, Member.zone)
        .join(Member, col(Member.id) == col(DigestSettings.member_id))
        .where(DigestSettings.member_id == member_id, DigestSettings.quiet_from != "")
    )
    known = found.first()
    return moment if known is None else ended(*known, moment=moment)


async def after_many(view: View, moments: Mapping[int, datetime]) -> dict[int, datetime]:
    """As `after`, for each of these members."""
    found = await view.db.exec(
        select(
            *(DigestSettings.member_id, DigestSettings.quiet_from, DigestSettings.quiet_until),
            Member.zone,
        )
        .join(Member, col(Member.id) == col(DigestSettings.member_id))
        .where(col(DigestSettings.member_id).in_(moments), DigestSettings.quiet_from != "")
    )
    until = {it: ended(*hours, moment=moments[it]) for it, *hours in found}
    return {**moments, **until}


async def now(view: View, identity_ids: Sequence[int]) -> dict[int, datetime]:
    """Of these accounts those whose members want to be left alone now, and until when."""
    found = await view.db.exec(
        select(Identity.id, DigestSettings.quiet_from, DigestSettings.quiet_until, Member.zone)
        .join(DigestSettings, col(DigestSettings.member_id) == col(Identity.member_id))
        .join(Member, col(Member.id) == col(Identity.member_id))
        .where(col(Identity.id).in_(identity_ids), DigestSettings.quiet_from != "")
    )
    until = {id_: ended(*hours, moment=view.now) for id_, *hours in found if id_ is not None}
    return {id_: it for id_, it in until.items() if it > view.now}


def ended(begins: str, ends: str, zone: str, *, moment: datetime) -> datetime:
    """The end of the quiet hours that the moment is in, or the moment itself."""
    first, last = time.fromisoformat(begins), time.fromisoformat(ends)
    now = moment.astimezone(zone_of(zone)).time()
    inside = first <= now < last if first < last else now >= first or now < last
    if not inside:
        return moment
    just_before = moment - timedelta(microseconds=1)
    return next_local([last], EVERY_DAY, zone, after=just_before) or moment
