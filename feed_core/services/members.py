"""Who people are: members, their accounts, the rooms they speak in."""

from collections.abc import Collection, Mapping
from functools import cache
from typing import Any, NamedTuple

from sqlalchemy import Integer, String, bindparam, case, distinct, func
from sqlalchemy import Select as AnySelect
from sqlalchemy import select as sa_select
from sqlmodel import col, select
from sqlmodel.sql.expression import Select, SelectOfScalar

from feed_core.events import MemberJoined
from feed_core.models.digests import DigestSchedule
from feed_core.models.members import AgentSettings, Feed, Identity, Member
from feed_core.models.rooms import Room
from feed_core.services.directions import closed
from feed_core.services.pieces import visible
from feed_core.services.rules.folding import skeleton
from feed_core.store import View, Work

LONGEST_NAME = 40
LONGEST_ROOM_NAME = 200  # longer than any platform allows


async def in_turn(work: Work, member_id: int) -> None:
    """Let what one member does happen one after the other, whichever process does it.

    Comes before all else in a transaction; of two members, the one with the lower number first.
    """
    await work.alone(f"member {member_id}")


async def in_turn_each(work: Work, member_ids: Collection[int]) -> None:
    """As `in_turn`, for many members."""
    await work.alone_at_each([f"member {it}" for it in sorted(member_ids)])


class Account(NamedTuple):
    """An account on a platform and its member's ways; `private_place` as in `Identity`."""

    id: int
    member_id: int
    private_place: str | None
    reachable: bool
    language: str
    zone: str


class WithAgent(NamedTuple):
    """A member and how their agent is set, as in `Member` and `AgentSettings`."""

    member: str
    language: str
    persona: str
    name: str | None
    tone: str
    answers_in: str
    paused: bool


async def find_account(view: View, *, platform: str, external_id: str) -> Account | None:
    """The account of this name on this platform and whose it is, if it was seen before."""
    given = {"platform": platform, "external_id": external_id}
    found = await view.ask(_account(), given)
    return Account(*found[0]) if found else None


async def join(
    work: Work, *, platform: str, external_id: str, name: str, persona: str, language: str = "en"
) -> tuple[Identity, Member]:
    """Make a member, their agent and their first account; who came first in doing so stays.

    Without a name they are shown under a neutral one.
    """
    await work.alone(f"account {platform}:{external_id}")
    known = await find_account(work, platform=platform, external_id=external_id)
    if known is not None:
        row = await work.db.get_one(Identity, known.id)
        return row, await work.db.get_one(Member, known.member_id)
    member = Member(name="", language=language, created_at=work.now)
    work.db.add(member)
    await work.db.flush()
    assert member.id is not None
    shown = closed(" ".join(name.split())[:LONGEST_NAME])
    member.name = shown if visible(shown) else neutral(member.id)
    member.skeleton = skeleton(member.name)
    identity = Identity(
        member_id=member.id,
        platform=platform,
        external_id=external_id,
        name=member.name,
        created_at=work.now,
    )
    work.db.add_all([identity, AgentSettings(member_id=member.id, persona=persona)])
    await work.db.flush()
    work.record(MemberJoined(member_id=member.id))
    return identity, member


def account(identity: Identity, member: Member) -> Account:
    """The account of these two rows."""
    assert identity.id is not None
    return Account(
        identity.id,
        identity.member_id,
        identity.private_place,
        identity.reachable,
        member.language,
        member.zone,
    )


def neutral(member_id: int) -> str:
    """What a member is called who has no name of their own."""
    return f"member {member_id}"


async def seen_in_private(work: Work, *, identity_id: int, place_id: str) -> None:
    """Remember where this account can be written to alone, and that it can."""
    identity = await work.held(Identity, identity_id)
    await work.change(identity, private_place=place_id, reachable=True)


async def lost(work: Work, *, identity_id: int) -> None:
    """Remember that this account cannot be written to, until it writes again."""
    identity = await work.hold(Identity, identity_id)
    identity.reachable = False


async def get(view: View, member_id: int) -> Member:
    """The member's row."""
    return await view.db.get_one(Member, member_id)


async def move_to(work: Work, member_id: int, *, zone: str) -> None:
    """Remember in which time zone the member lives."""
    member = await work.hold(Member, member_id)
    member.zone = zone


async def choose_feed(work: Work, member_id: int, feed: Feed) -> bool:
    """Remember which feed the member wants to see; False when it is the one they see already."""
    member = await work.db.get_one(Member, member_id)
    changed, member.feed = member.feed is not feed, feed
    return changed


async def count(view: View) -> int:
    """How many members there are: who has an account on some platform, one member for them all."""
    found = await view.db.exec(select(func.count(distinct(col(Identity.member_id)))))
    return found.one()


async def names(view: View, member_ids: Collection[int]) -> Mapping[int, str]:
    """The names of these members, by id."""
    if not member_ids:
        return {}
    given = {"ids": list(set(member_ids))}
    found = await (await view.core()).execute(_named(), given)
    return {member_id: name for member_id, name in found if member_id is not None}


async def agent_settings(view: View, member_id: int) -> AgentSettings:
    """How the member's agent is set."""
    return await view.db.get_one(AgentSettings, member_id)


async def paused(view: View, member_ids: Collection[int]) -> set[int]:
    """Those of these members whose agents are paused."""
    found = await view.db.exec(
        select(AgentSettings.member_id).where(
            col(AgentSettings.member_id).in_(member_ids), col(AgentSettings.paused)
        )
    )
    return set(found)


async def with_agent(view: View, member_id: int) -> WithAgent:
    """The member and how their agent is set."""
    (found,) = await view.ask(_with_agent(), {"member_id": member_id})
    return WithAgent(*found)


async def identities(view: View, member_id: int) -> list[Identity]:
    """All accounts of a member, the oldest first."""
    found = await view.db.exec(
        select(Identity).where(Identity.member_id == member_id).order_by(col(Identity.id))
    )
    return list(found)


async def has_linked(view: View, member_id: int) -> bool:
    """Whether another member became one with this one."""
    found = select(Member.id).where(Member.merged_into_id == member_id).limit(1)
    return (await view.db.exec(found)).first() is not None


async def private_account(view: View, member_id: int, *, near: str = "") -> Identity | None:
    """The account at which a member is written to unasked: one that can be written to in private.

    One on the platform `near` comes first, then the one that gets their digest, then the newest.
    """
    found = await view.db.exec(
        select(Identity)
        .join(DigestSchedule, col(DigestSchedule.identity_id) == col(Identity.id), isouter=True)
        .where(
            Identity.member_id == member_id,
            col(Identity.private_place).is_not(None),
            col(Identity.reachable),
        )
        .order_by(
            case((col(Identity.platform) == near, 0), else_=1),
            case((col(DigestSchedule.next_run_at).is_not(None), 0), else_=1),
            col(Identity.id).desc(),
        )
        .limit(1)
    )
    return found.first()


async def room(
    work: Work,
    *,
    platform: str,
    external_id: str,
    public: bool,
    name: str = "",
    server_id: str = "",
    server: str = "",
) -> Room:
    """The room's row; made when it is new. What it is called is kept as it is told last."""
    known = await find_room(work, platform=platform, external_id=external_id)
    if known is None:
        await work.alone(f"room {platform}:{external_id}")
        known = await find_room(work, platform=platform, external_id=external_id)
    if known is None:
        known = Room(platform=platform, external_id=external_id, public=public, created_at=work.now)
        work.db.add(known)
    if known.public is not public:
        known.public = public
    told = {"name": name, "server_id": server_id, "server": server}
    for column, words in told.items():
        if words and words != getattr(known, column) and known.left_at is None:
            setattr(known, column, words[:LONGEST_ROOM_NAME])
    await work.db.flush()
    return known


async def find_room(view: View, *, platform: str, external_id: str) -> Room | None:
    """The room's row, if Jamfeed knows the room."""
    given = {"platform": platform, "external_id": external_id}
    return (await view.db.exec(_room(), params=given)).first()


@cache
def _named() -> Select[int | None, str]:
    """The names of some members; put together once, because nearly everything shown asks it."""
    ids = bindparam("ids", expanding=True, type_=Integer)
    return select(Member.id, Member.name).where(col(Member.id).in_(ids))


# These three every message asks, by columns: to make objects of rows takes as long as to read them.


@cache
def _account() -> AnySelect[*tuple[Any, ...]]:
    return (
        sa_select(
            *(col(Identity.id), col(Identity.member_id)),
            *(col(Identity.private_place), col(Identity.reachable)),
            *(col(Member.language), col(Member.zone)),
        )
        .join(Member, col(Member.id) == col(Identity.member_id))
        .where(
            col(Identity.platform) == bindparam("platform", type_=String),
            col(Identity.external_id) == bindparam("external_id", type_=String),
        )
    )


@cache
def _room() -> SelectOfScalar[Room]:
    return select(Room).where(
        Room.platform == bindparam("platform", type_=String),
        Room.external_id == bindparam("external_id", type_=String),
    )


@cache
def _with_agent() -> AnySelect[*tuple[Any, ...]]:
    return (
        sa_select(
            *(col(Member.name), col(Member.language)),
            *(col(AgentSettings.persona), col(AgentSettings.name), col(AgentSettings.tone)),
            *(col(AgentSettings.language), col(AgentSettings.paused)),
        )
        .join(AgentSettings, col(AgentSettings.member_id) == col(Member.id))
        .where(col(Member.id) == bindparam("member_id", type_=Integer))
    )
