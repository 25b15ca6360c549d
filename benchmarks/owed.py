"""Digests by the thousand that are composed and owed, each to a member of its own."""

from collections.abc import Mapping, Sequence

from sqlalchemy import insert
from sqlmodel import SQLModel

from benchmarks.first import QUESTIONS
from feed_core.because import Because
from feed_core.bus import Bus
from feed_core.clock import SystemClock
from feed_core.database import Place
from feed_core.migrating import migrate
from feed_core.models.deliveries import Delivery
from feed_core.models.digests import Digest, DigestEntry
from feed_core.models.members import AgentSettings, Identity, Member
from feed_core.states import DeliveryKind, DigestState
from feed_core.store import Store, Work
from tests.fakes.community import join, publish

ITEMS, PIECES = 5, 20  # in a digest; to choose from
AT_ONCE = 500  # rows of one statement


async def owe(place: Place, homes: Mapping[str, Sequence[str]]) -> None:
    """Make a new database in which everybody is owed one digest now.

    `homes`: by platform, where each of its members is written to alone.
    """
    migrate(place, now=SystemClock().now())
    store = Store(place, SystemClock(), Bus())
    try:
        author_id, _ = await join(store, "author")
        pieces = [await publish(store, author_id, QUESTIONS[it]) for it in range(PIECES)]
        members = [(platform, home) for platform, some in homes.items() for home in some]
        async with store.work() as work:
            await _owe(work, members, pieces, first=author_id + 1)
    finally:
        await store.close()


async def _owe(
    work: Work, members: Sequence[tuple[str, str]], pieces: Sequence[int], *, first: int
) -> None:
    """Members, their only accounts, digests and deliveries have the same numbers."""
    rows: list[SQLModel] = []
    for number, (platform, home) in enumerate(members, start=first):
        name = f"Reader {number}"
        rows += [
            Member(id=number, name=name, created_at=work.now),
            Identity(
                id=number,
                member_id=number,
                platform=platform,
                external_id=f"{platform}-{number}",
                name=name,
                private_place=home,
                created_at=work.now,
            ),
            AgentSettings(member_id=number, persona="muse"),
            Digest(
                id=number,
                member_id=number,
                local_date=work.now.date(),
                slot=f"{work.now:%Y-%m-%dT%H:%M}",
                identity_id=number,
                state=DigestState.COMPOSED,
                due_at=work.now,
                composed_at=work.now,
            ),
            Delivery(
                id=number,
                key=f"{DeliveryKind.DIGEST}:{number}:0",
                identity_id=number,
                platform=platform,
                kind=DeliveryKind.DIGEST,
                subject_id=number,
                due_at=work.now,
            ),
        ]
        rows += [
            DigestEntry(
                digest_id=number,
                position=at,
                creation_id=pieces[(number + at) % len(pieces)],
                reason=Because.FRESH,
            )
            for at in range(1, ITEMS + 1)
        ]
    for kind in (Member, Identity, AgentSettings, Digest, Delivery, DigestEntry):
        told = [it.model_dump() for it in rows if isinstance(it, kind)]
        for begin in range(0, len(told), AT_ONCE):
            await work.db.exec(insert(kind), params=told[begin : begin + AT_ONCE])
