"""Publishing where the database can store a creation, and then not what its check decided."""

import asyncio

import pytest
from sqlmodel import select

from feed_core.database import NoRoom
from feed_core.models.creations import Creation, Draft, Edge
from feed_core.services import begun, drafting, publishing
from feed_core.services.doubling import PublishedAlready
from feed_core.services.pieces import Piece
from feed_core.states import CreationState, DraftState, Taken
from feed_core.store import Store
from tests.fakes.community import join, publish
from tests.feed_core.test_doubling import put

pytestmark = pytest.mark.anywhere


async def full(*_: object, **__: object) -> None:
    raise NoRoom("The database")


async def states(store: Store) -> list[CreationState]:
    async with store.read() as view:
        return list(await view.db.exec(select(Creation.state).order_by(Creation.id)))  # type: ignore[arg-type]  # a column


async def test_what_cannot_be_settled_was_never_begun_and_its_draft_waits(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    ana, _ = await join(store, "Ana")
    source = await publish(store, ana, title="Fog")
    piece = Piece("Rain", "on the tin roof", sources={source: Taken.IDEA})
    async with store.work() as work:
        draft = await drafting.add(work, owner_id=ana, piece=piece, recipe={})
    with monkeypatch.context() as patch:
        patch.setattr(publishing, "settle", full)
        with pytest.raises(NoRoom):
            await put(store, ana, piece, draft_id=draft.id)
    assert await states(store) == [CreationState.PUBLISHED]
    async with store.read() as view:
        assert list(await view.db.exec(select(Edge))) == []
        waiting = await view.db.get_one(Draft, draft.id)
    assert (waiting.state, waiting.creation_id) == (DraftState.OPEN, None)
    assert (waiting.title, waiting.body) == ("Rain", "on the tin roof")
    await put(store, ana, piece, draft_id=draft.id)
    assert await states(store) == [CreationState.PUBLISHED] * 2


async def test_what_could_not_even_be_taken_away_goes_on_when_it_is_sent_again(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    ana, _ = await join(store, "Ana")
    with monkeypatch.context() as patch:
        patch.setattr(publishing, "settle", full)
        patch.setattr(begun, "take_away", full)
        for _ in range(2):
            with pytest.raises(NoRoom):
                await put(store, ana)
    assert await states(store) == [CreationState.CHECKING]
    results = await asyncio.gather(*(put(store, ana) for _ in range(4)), return_exceptions=True)
    (number,) = [it for it in results if isinstance(it, int)]
    assert [it.creation_id for it in results if isinstance(it, PublishedAlready)] == [number] * 3
    assert await states(store) == [CreationState.PUBLISHED]


async def test_what_was_settled_after_all_stays(store: Store) -> None:
    ana, _ = await join(store, "Ana")
    number = await put(store, ana)
    async with store.work() as work:
        settled = await begun.take_away(work, number)
    assert settled is not None
    assert settled.state is CreationState.PUBLISHED
    assert await states(store) == [CreationState.PUBLISHED]
