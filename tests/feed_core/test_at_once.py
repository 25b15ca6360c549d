"""Two people who take back, forbid and build on the same thing at the same moment."""

import asyncio
from collections.abc import Awaitable, Callable

import pytest
from sqlmodel import select

from feed_core.errors import CreationWithdrawn, JamfeedError, RemixNotAllowed
from feed_core.models.creations import Creation, Edge
from feed_core.services import consent, inheritance, lineage, publishing
from feed_core.services.sight import Reader
from feed_core.states import CreationState, Permission, Purpose
from feed_core.store import Store
from tests.fakes.community import join
from tests.feed_core.pieces import of, put

pytestmark = pytest.mark.anywhere


Deed = Callable[[Store, int, int], Awaitable[None]]


async def take_back(store: Store, creation_id: int, member_id: int) -> None:
    async with store.work() as work:
        await publishing.withdraw(work, creation_id=creation_id, member_id=member_id)


async def forbid(store: Store, creation_id: int, member_id: int) -> None:
    async with store.work() as work:
        await consent.change(
            work,
            creation_id=creation_id,
            member_id=member_id,
            purpose=Purpose.REMIX,
            permission=Permission.NO,
        )


async def attempt(doing: Awaitable[int]) -> int | JamfeedError:
    """What came of it: a creation's number, or what its maker was told instead."""
    try:
        return await doing
    except JamfeedError as refusal:
        return refusal


@pytest.mark.parametrize(
    ("act", "told"), [(take_back, CreationWithdrawn), (forbid, RemixNotAllowed)]
)
async def test_each_remix_is_made_whole_or_refused_in_words(
    store: Store, act: Deed, told: type[JamfeedError]
) -> None:
    ana, ben, cleo = [(await join(store, it))[0] for it in ("Ana", "Ben", "Cleo")]
    for _ in range(3):
        rain, roof = await put(store, ana, "Rain"), await put(store, cleo, "Roof")
        *results, _ = await asyncio.gather(
            *(attempt(put(store, ben, "Song", sources=of(rain, roof))) for _ in range(3)),
            act(store, rain, ana),
        )
        made = [it for it in results if isinstance(it, int)]
        assert all(isinstance(it, int | told) for it in results), results
        async with store.read() as view:
            parent = await view.db.get_one(Creation, rain)
            edges = await view.db.exec(select(Edge.child_id).where(Edge.parent_id == rain))
            assert sorted(edges) == sorted(made)
            for it in made:
                child = await view.db.get_one(Creation, it)
                assert child.state is CreationState.PUBLISHED
                assert await inheritance.strictest(view, it) == consent.holding(child)
                assert child.consent_remix is parent.consent_remix
                family = await lineage.family(view, it, reader=Reader(ben))
                assert [place.id for place in family.members] == [rain, roof, it]
                assert [bool(place.title) for place in family.members] == [
                    parent.state is CreationState.PUBLISHED,
                    True,
                    True,
                ]
        with pytest.raises(told):
            await put(store, ben, "Late", sources=of(rain))
