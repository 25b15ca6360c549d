"""What every word index promises; a new one joins INDEXES."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import pytest

from feed_core.models.creations import Creation
from feed_core.services.postgres_words import PostgresWords
from feed_core.services.sqlite_words import SqliteWords
from feed_core.services.terms import terms
from feed_core.services.word_search import MOST_RANKED, MOST_TERMS, Hits, WordSearch
from feed_core.store import Store

pytestmark = pytest.mark.anywhere
INDEXES: Mapping[str, Callable[[int], WordSearch]] = {
    "sqlite": SqliteWords,
    "postgresql": PostgresWords,
}
HOSTILE = [
    '"',
    "'",
    '" OR "',
    "rain AND",
    "NOT rain",
    "NEAR(rain roof)",
    "title:rain",
    "{title body}: rain",
    "rain*",
    "^rain",
    "-rain",
    "( rain",
    "rain\0roof",
    "\0",
    "\ud83d",
    "…!?",
    "x" * 100_000,
    "rain " * 20_000,
    "'; DROP TABLE word_index; --",
]


@dataclass(frozen=True, slots=True)
class Shelf:
    """One index over one database, and short ways to use it."""

    store: Store
    index: WordSearch

    async def put(
        self, number: int, title: str, body: str = "", alt: str = "", tag: str = ""
    ) -> None:
        creation = Creation(
            id=number, author_id=1, title=title, body=body, alt=alt, content_hash=""
        )
        creation.tags = [tag] if tag else []
        async with self.store.work() as work:
            await self.index.put(work, creation)

    async def remove(self, number: int) -> None:
        async with self.store.work() as work:
            await self.index.remove(work, number)

    async def find(self, words: str, *, every: bool = True, limit: int = 10) -> Hits:
        async with self.store.read() as view:
            return await self.index.find(view, terms(words), every=every, limit=limit)

    async def found(self, words: str, *, every: bool = True) -> list[int]:
        return list((await self.find(words, every=every)).ids)

    async def begun(
        self, typed: str, *, numbers: bool = False, before_id: int = 10**15, limit: int = 10
    ) -> list[int]:
        async with self.store.read() as view:
            return await self.index.begun_with(
                view, terms(typed), numbers=numbers, before_id=before_id, limit=limit
            )


async def index_of(store: Store, most: int = MOST_RANKED) -> WordSearch:
    async with store.read() as view:
        return INDEXES[view.dialect](most)


@pytest.fixture
async def shelf(store: Store) -> Shelf:
    return Shelf(store, await index_of(store))


async def test_every_word_has_to_be_there_or_any(shelf: Shelf) -> None:
    await shelf.put(1, "Rain", "on a tin roof")
    await shelf.put(2, "Snow", "on a tin roof")
    await shelf.put(3, "Sea")

    assert await shelf.found("ROOF rain") == [1]
    assert set(await shelf.found("roof rain", every=False)) == {1, 2}
    assert await shelf.found("moth") == []
    assert await shelf.found("") == []


async def test_title_body_alternative_text_and_tags_are_found(shelf: Shelf) -> None:
    await shelf.put(1, "Harbour", "boats", alt="a lighthouse", tag="evening light")

    for words in ("harbour", "boats", "lighthouse", "evening", "boats harbour light"):
        assert await shelf.found(words) == [1]


@pytest.mark.parametrize(
    ("title", "words"),
    [
        ("Café", "cafe"),
        ("Cafe\u0301", "Café"),
        ("STRASSE", "straße"),
        ("東京都の雨", "京都"),
        ("東京都の雨", "雨"),
        ("서울에서", "서울"),
        ("ｶﾞﾗｽ", "ガラス"),
        ("ra\u200bin", "rain"),
        ("שלום עולם", "עולם"),
        ("🌧 again", "🌧"),
    ],
)
async def test_words_are_found_however_they_are_written(
    shelf: Shelf, title: str, words: str
) -> None:
    await shelf.put(1, "Something else")
    await shelf.put(2, title)

    assert await shelf.found(words) == [2]


async def test_what_is_more_about_the_words_comes_first(shelf: Shelf) -> None:
    await shelf.put(1, "Rain", "rain and more rain")
    await shelf.put(2, "A long walk", "we talked of this and that until the rain came down at last")
    await shelf.put(3, "Notes", "rain")
    for number in range(4, 20):
        await shelf.put(number, "Nothing of the kind")

    assert await shelf.found("rain") == [1, 3, 2]


async def test_of_equal_ones_the_newest_comes_first(shelf: Shelf) -> None:
    for number in (2, 1, 3):
        await shelf.put(number, "Rain")

    assert await shelf.found("rain") == [3, 2, 1]


async def test_above_so_many_hits_only_the_newest_are_ranked(store: Store) -> None:
    shelf = Shelf(store, await index_of(store, most=3))
    await shelf.put(1, "Rain rain rain", tag="rain")
    for number in (2, 3):
        await shelf.put(number, "Some rain")
    assert await shelf.find("rain") == Hits([1, 3, 2], capped=False)

    await shelf.put(4, "Some rain")

    assert await shelf.find("rain") == Hits([4, 3, 2], capped=True)


async def test_a_rare_word_is_found_with_frequent_ones_as_any_other_is(store: Store) -> None:
    shelf = Shelf(store, await index_of(store, most=3))
    for number in range(1, 81):
        await shelf.put(number, "Some rain", "on the roof" if number > 3 else "rain")
    await shelf.put(20, "Some rain and a moth", "on the roof")
    await shelf.put(30, "The roof, in rain, for one moth and another moth")
    await shelf.put(40, "A moth", "under the roof")

    assert await shelf.found("rain moth") == [30, 20]
    assert await shelf.found("moth roof rain") == [30, 20]

    await shelf.put(60, "Some rain for a moth")
    assert await shelf.find("moth rain") == Hits([30, 60, 20], capped=False)
    await shelf.put(70, "Some rain for nobody but a moth, as people say where it rains for days")
    assert await shelf.find("rain moth") == Hits([30, 60, 70], capped=True)


async def test_the_newest_need_not_hold_any_words(shelf: Shelf) -> None:
    await shelf.put(1, "Some rain")
    creations = [Creation(id=it, author_id=1, title="…", content_hash="") for it in range(2, 250)]
    async with shelf.store.work() as work:
        await shelf.index.put(work, *creations)

    assert await shelf.found("rain") == [1]


async def test_numbers_may_lie_far_apart(store: Store) -> None:
    shelf = Shelf(store, await index_of(store, most=4))
    for number in (1, 511, 512, 70_000, 900_000):
        await shelf.put(number, "Rain", "on a roof" if number % 2 else "on a tin roof")
    await shelf.put(70_001, "Roof")

    assert await shelf.find("rain roof") == Hits([511, 900_000, 70_000, 512], capped=True)
    assert await shelf.find("rain moth", every=False) == Hits(
        [511, 900_000, 70_000, 512], capped=True
    )

    await shelf.remove(512)
    await shelf.remove(900_000)
    assert await shelf.find("rain tin") == Hits([70_000])
    assert await shelf.find("rain") == Hits([511, 1, 70_000])


async def test_no_more_come_than_were_asked_for(shelf: Shelf) -> None:
    for number in range(1, 6):
        await shelf.put(number, "Rain")

    assert await shelf.find("rain", limit=2) == Hits([5, 4])


async def test_what_is_put_again_is_found_by_its_new_words_alone(shelf: Shelf) -> None:
    await shelf.put(1, "Rain")
    await shelf.put(1, "Snow")

    assert await shelf.found("rain") == []
    assert await shelf.found("snow") == [1]
    assert await shelf.begun("ra") == []
    assert await shelf.begun("sn") == [1]


async def test_several_are_put_and_removed_at_once(shelf: Shelf) -> None:
    await shelf.put(2, "Old words", "forgotten")
    made = [
        Creation(id=1, author_id=1, title="Rain rain", body="rain", tags=["a b"], content_hash=""),
        Creation(id=2, author_id=1, title="", body="", content_hash=""),
        Creation(id=3, author_id=1, title="雨 Rain", body="moth", content_hash=""),
    ]
    async with shelf.store.work() as work:
        await shelf.index.put(work)
        await shelf.index.put(work, *made)

    assert await shelf.found("rain") == [1, 3]
    assert await shelf.found("b rain") == [1]
    assert await shelf.found("forgotten") == []
    assert await shelf.begun("o") == []
    assert await shelf.begun("ra") == [3, 1]
    assert await shelf.begun("2") == [2]

    async with shelf.store.work() as work:
        await shelf.index.remove(work)
        await shelf.index.remove(work, 3, 99, 1)
    assert await shelf.found("rain") == await shelf.begun("ra") == []
    assert await shelf.begun("2") == [2]


async def test_what_is_removed_is_not_found_and_can_be_removed_twice(shelf: Shelf) -> None:
    await shelf.put(1, "Rain")
    await shelf.put(2, "Rain")
    for _ in range(2):
        await shelf.remove(1)

    assert await shelf.found("rain") == [2]
    assert await shelf.begun("rain") == [2]
    await shelf.remove(99)


async def test_nothing_is_found_of_a_transaction_that_failed(shelf: Shelf) -> None:
    creation = Creation(id=1, author_id=1, title="Rain", content_hash="")
    with pytest.raises(RuntimeError):
        async with shelf.store.work() as work:
            await shelf.index.put(work, creation)
            raise RuntimeError

    assert await shelf.found("rain") == []


async def test_an_emptied_index_takes_new_words(shelf: Shelf) -> None:
    await shelf.put(1, "Rain")
    async with shelf.store.work() as work:
        await shelf.index.clear(work)
    assert await shelf.found("rain") == []

    await shelf.put(1, "Rain")
    assert await shelf.found("rain") == [1]


async def test_half_typed_words_and_numbers_find_the_newest_first(shelf: Shelf) -> None:
    await shelf.put(1, "Rain on the roof")
    await shelf.put(12, "Rainbow")
    await shelf.put(123, "The 12 moths")
    await shelf.put(2, "Roof", "rain")

    assert await shelf.begun("r") == [12, 2, 1]
    assert await shelf.begun("rain") == [12, 1]
    assert await shelf.begun("ro ra") == [1]
    assert await shelf.begun("12") == [123, 12]
    assert await shelf.begun("12", numbers=True) == [123, 12]
    assert await shelf.begun("123") == [123]
    assert await shelf.begun("m", numbers=True) == []
    assert await shelf.begun("1", before_id=123) == [12, 1]
    assert await shelf.begun("1", limit=1) == [123]
    assert await shelf.begun("") == []


@pytest.mark.parametrize("typed", HOSTILE, ids=lambda it: ascii(it[:20]))
async def test_whatever_is_typed_is_words_and_never_an_error(shelf: Shelf, typed: str) -> None:
    await shelf.put(1, "Rain roof", typed[:20_000])

    for every in (True, False):
        await shelf.find(typed, every=every)
    await shelf.begun(typed)
    assert await shelf.found("rain roof") == [1]


async def test_only_the_first_terms_of_a_query_count(shelf: Shelf) -> None:
    words = [f"w{number}" for number in range(MOST_TERMS)]
    await shelf.put(1, " ".join(words))

    assert await shelf.found(" ".join([*words, "missing"])) == [1]
    assert await shelf.found(" ".join(["missing", *words])) == []


async def test_what_is_left_of_removed_ones_can_be_cleared_away(shelf: Shelf) -> None:
    for number in range(1, 50):
        await shelf.put(number, f"Rain {number}", f"secret{number}")
    await shelf.remove(7)
    for _ in range(2):
        await shelf.index.forget(shelf.store)

    assert await shelf.found("secret7") == []
    assert await shelf.found("secret8") == [8]
