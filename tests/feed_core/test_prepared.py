"""What goes past SQLAlchemy means what it would mean through it."""

from datetime import UTC, datetime

import pytest
from sqlalchemy import Integer, String, insert
from sqlalchemy.exc import IntegrityError
from sqlmodel import col, select

from feed_core.models.creations import Creation
from feed_core.models.tags import CreationTag
from feed_core.prepared import among
from feed_core.states import CreationState
from feed_core.store import Store
from tests.fakes.community import join
from tests.feed_core.pieces import put

NOW = datetime(2026, 3, 14, tzinfo=UTC)
TAGGED = select(CreationTag.creation_id, CreationTag.tag).where(
    among(col(CreationTag.creation_id), "ids", Integer()),
    among(col(CreationTag.tag), "tags", String()),
)


@pytest.mark.anywhere
async def test_a_row_has_the_same_values_as_the_session_reads(store: Store) -> None:
    ana, _ = await join(store, "Ana")
    number = await put(store, ana, title="Rain", tags=["a", "b"])
    async with store.read() as view:
        told, kept = await view.one(Creation, number), await view.db.get_one(Creation, number)
        assert await view.one(Creation, number + 1) is None
    assert told is not None
    assert told.model_dump() == kept.model_dump()
    assert told.state is kept.state


@pytest.mark.anywhere
async def test_any_number_of_values_can_be_asked_for(store: Store) -> None:
    ana, _ = await join(store, "Ana")
    odd = 'a"]|%é'
    one, other = await put(store, ana, tags=[odd, "b"]), await put(store, ana, tags=["b", "c"])
    async with store.read() as view:
        for ids, tags, wanted in (
            ([], ["b"], []),
            ([one, other], [odd, "\0"], [(one, odd)]),
            ([one, other, 10**12], ["b", "x"], [(one, "b"), (other, "b")]),
        ):
            assert sorted(await view.ask(TAGGED, {"ids": ids, "tags": tags})) == wanted


@pytest.mark.anywhere
async def test_what_a_statement_says_itself_stands_in_it_as_it_is(store: Store) -> None:
    ana, _ = await join(store, "Ana")
    odd = "what's this? 100 % of 'it'"
    number = await put(store, ana, tags=["b", odd])
    said = TAGGED.where(col(CreationTag.tag) == odd, col(CreationTag.creation_id) == number)
    async with store.read() as view:
        given = {"ids": [number], "tags": ["b", odd]}
        assert await view.ask(said, given) == [(number, odd)]


@pytest.mark.anywhere
async def test_what_the_session_has_not_written_is_seen_and_an_error_is_one_of_sqlalchemy(
    store: Store,
) -> None:
    ana, _ = await join(store, "Ana")
    number = await put(store, ana, tags=[])
    with pytest.raises(IntegrityError):
        async with store.work() as work:
            work.db.add(CreationTag(tag="late", creation_id=number))
            asked = {"ids": [number], "tags": ["late"]}
            assert await work.ask(TAGGED, asked) == [(number, "late")]
            await work.write(insert(CreationTag), {"tag": "late", "creation_id": number})
            await work.ask(TAGGED, asked)


@pytest.mark.anywhere
async def test_what_is_not_given_has_its_columns_default(store: Store) -> None:
    ana, _ = await join(store, "Ana")
    given = {"author_id": ana, "title": "Rain", "content_hash": "x", "created_at": NOW}
    async with store.work() as work:
        await work.write(insert(Creation), given, given)
    async with store.read() as view:
        one, other = (await view.db.exec(select(Creation))).all()
    assert one.uid != other.uid
    assert (one.state, one.tags, one.language) == (CreationState.CHECKING, [], "en")
