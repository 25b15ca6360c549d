"""What was whose before two members became one: by this a link is undone for a while.

It names rows by their keys. Whole it keeps only small rows that the link removes: settings, sums,
and what both had.
"""

from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import Any

from sqlalchemy import Executable, Select, delete, inspect, or_
from sqlalchemy import select as sa_select
from sqlmodel import SQLModel, col, select

from feed_core.because import OF_MEMBERS
from feed_core.models.caught_up import CaughtUp
from feed_core.models.consent import ConsentDefault
from feed_core.models.conversation import Recap
from feed_core.models.creations import Draft
from feed_core.models.curation import Bookmark, Follow, Followed, Mute, Opinion
from feed_core.models.deliveries import Delivery
from feed_core.models.digests import Digest, DigestEntry, DigestSchedule, DigestSettings
from feed_core.models.invitations import Invited
from feed_core.models.jams import JamPlayer
from feed_core.models.ledger import Spending
from feed_core.models.members import AgentSettings, Identity, Link, Member
from feed_core.models.orders import StandingOrder
from feed_core.models.reactions import Reaction
from feed_core.models.seen import Seen
from feed_core.states import DeliveryState
from feed_core.store import View, Work

UNDONE_WITHIN = timedelta(hours=1)
Row = dict[str, Any]
# Of what two members can have alike, the key beside the member.
ALIKE: Mapping[type[SQLModel], Sequence[str]] = {
    Reaction: ("creation_id", "kind"),
    ConsentDefault: ("purpose",),
    Bookmark: ("creation_id", "collection"),
    Follow: ("kind", "subject"),
    Mute: ("kind", "subject"),
    Opinion: ("creation_id",),
    Recap: ("place",),
    JamPlayer: ("jam_id",),
}
# Of these what both had is one for good: it would be told again in words, or its place is taken.
ONE_FOR_GOOD: frozenset[type[SQLModel]] = frozenset({Recap, JamPlayer})
NUMBERED: Mapping[type[SQLModel], Sequence[str]] = {
    Draft: ("owner_id", "number", "state"),
    StandingOrder: ("member_id", "number"),
    Digest: ("member_id", "slot"),
}
SINGLE: Sequence[type[SQLModel]] = (
    *(AgentSettings, Seen, CaughtUp, Invited),
    *(DigestSettings, DigestSchedule),
)


def name_of(table: type[SQLModel]) -> str:
    """What the table is called."""
    return str(table.__tablename__)


def single_key(table: type[SQLModel]) -> Any:
    """The one column that names a row of this table."""
    (key,) = inspect(table).primary_key
    return key


async def note(
    work: Work, owned: Sequence[tuple[type[SQLModel], str]], *, keep_id: int, gone_id: int
) -> Link:
    """Keep what is whose, before they become one; an earlier link of either is undone no more."""
    await end(work, keep_id, gone_id)
    keep, gone = await work.hold(Member, keep_id), await work.hold(Member, gone_id)
    kept: Row = {"name": gone.name, "keeper": keep.name}
    kept["owned"] = {
        f"{name_of(table)}.{column}": await _column(
            work, sa_select(single_key(table)).where(col(getattr(table, column)) == gone_id)
        )
        for table, column in owned
    }
    kept["numbered"] = {
        name_of(table): await _tuples(
            work,
            sa_select(single_key(table), *(getattr(table, it) for it in columns[1:])).where(
                getattr(table, columns[0]) == gone_id
            ),
        )
        for table, columns in NUMBERED.items()
    }
    kept["alike"] = {name_of(table): await _alike(work, table, keep_id, gone_id) for table in ALIKE}
    kept["single"] = {
        name_of(table): [
            None if row is None else row.model_dump(mode="json")
            for row in [await work.db.get(table, it) for it in (gone_id, keep_id)]
        ]
        for table in SINGLE
    }
    spent = await work.db.exec(select(Spending).where(Spending.member_id == gone_id))
    kept["spent"] = [it.model_dump(mode="json") for it in spent]
    kept["named"] = {name_of(it): await _named(work, it, keep_id, gone_id) for it in (Follow, Mute)}
    of_gone = (
        col(DigestEntry.reason).in_(OF_MEMBERS),
        col(DigestEntry.reason_subject) == gone_id,
    )
    kept["entries"] = await _tuples(
        work, sa_select(col(DigestEntry.digest_id), col(DigestEntry.position)).where(*of_gone)
    )
    to_gone = sa_select(col(Identity.id)).where(col(Identity.member_id) == gone_id)
    kept["owed"] = await _column(
        work,
        sa_select(col(Delivery.id)).where(
            col(Delivery.identity_id).in_(to_gone), col(Delivery.state) == DeliveryState.PENDING
        ),
    )
    link = Link(gone_id=gone_id, keep_id=keep_id, expires_at=work.now + UNDONE_WITHIN, kept=kept)
    work.db.add(link)
    await work.db.flush()
    return link


async def of_account(view: View, account: Identity) -> Link | None:
    """The link by which an account came to its member, while that can be undone."""
    found = await view.db.exec(
        select(Link).where(Link.keep_id == account.member_id, col(Link.expires_at) > view.now)
    )
    link = found.first()
    accounts = link.kept["owned"]["identity.member_id"] if link else ()
    return link if account.id in accounts else None


async def latest(view: View, member_id: int) -> int:
    """By which number the link of a member is undone; 0 where there is none."""
    found = await view.db.exec(
        select(Link.gone_id).where(Link.keep_id == member_id, col(Link.expires_at) > view.now)
    )
    return found.first() or 0


async def add(work: Work, *, gone_id: int, part: str, kept: Row) -> None:
    """Keep also what another layer knows of this link, if one is made."""
    link = await work.hold_if_any(Link, gone_id)
    if link is None:
        return
    link.kept = {**link.kept, part: kept}
    await work.db.flush()


async def end(work: Work, *member_ids: int) -> None:
    """Let no link of these members be undone any more."""
    these = or_(col(Link.keep_id).in_(member_ids), col(Link.gone_id).in_(member_ids))
    await work.db.exec(delete(Link).where(these).execution_options(synchronize_session="fetch"))


async def forget(work: Work) -> None:
    """Let go of what was kept for links that can be undone no more."""
    await work.db.exec(delete(Link).where(col(Link.expires_at) <= work.now))


async def _alike(work: Work, table: type[SQLModel], keep_id: int, gone_id: int) -> Row:
    """What the one who goes had alone, by key; what both had; how they followed each other."""
    mine, theirs = [await _by_key(work, table, it) for it in (keep_id, gone_id)]
    removed = {(Followed.MEMBER, str(it)) for it in (keep_id, gone_id)}  # nobody follows themselves
    both = [it for it in theirs if it in mine and it not in removed]
    if table in ONE_FOR_GOOD:
        both = []
    each_other = [row for rows in (mine, theirs) for key, row in rows.items() if key in removed]
    return {
        "moved": [list(key) for key in theirs if key not in mine and key not in removed],
        "doubled": [[it[key].model_dump(mode="json") for it in (theirs, mine)] for key in both],
        "removed": [it.model_dump(mode="json") for it in each_other],
    }


async def _by_key(
    work: Work, table: type[SQLModel], member_id: int
) -> dict[tuple[Any, ...], SQLModel]:
    member = col(getattr(table, "member_id"))  # noqa: B009  # the tables share it, their types do not
    found = await work.db.exec(select(table).where(member == member_id))
    return {tuple(getattr(row, it) for it in ALIKE[table]): row for row in found}


async def _named(
    work: Work, table: type[Follow] | type[Mute], keep_id: int, gone_id: int
) -> list[Row]:
    """Who of all others follows or mutes the one who goes, and who the one who stays as well."""
    others = col(table.kind) == Followed.MEMBER, col(table.member_id).not_in([keep_id, gone_id])
    both = sa_select(col(table.member_id)).where(*others, col(table.subject) == str(keep_id))
    too = await _column(work, both)
    rows = await work.db.exec(select(table).where(*others, col(table.subject) == str(gone_id)))
    told = [it.model_dump(mode="json") for it in rows]
    return [{"row": it, "both": it["member_id"] in too} for it in told]


async def _column(work: Work, asked: Select[Any]) -> list[Any]:
    return list((await (await work.core()).execute(asked)).scalars())


async def _tuples(work: Work, asked: Executable) -> list[list[Any]]:
    return [list(it) for it in await (await work.core()).execute(asked)]
