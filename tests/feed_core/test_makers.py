import pytest

from feed_core.services import makers
from feed_core.services.sight import Reader
from feed_core.states import Visibility
from feed_core.store import Store
from tests.fakes.community import join
from tests.feed_core.pieces import put

NAMES = ["Ben", "Ben Ali", "Özil", "Ana Maria", "100% Tom", "雨"]


async def people(store: Store) -> tuple[int, dict[str, int]]:
    """Somebody who looks, and a maker of each name."""
    reader_id, _ = await join(store, "Reader")
    found = {}
    for name in NAMES:
        found[name], _ = await join(store, name)
        await put(store, found[name])
    hidden, _ = await join(store, "Ben Hidden")
    await put(store, hidden, visibility=Visibility.ONLY_ME)
    await join(store, "Ben Idle")
    return reader_id, found


@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        ("be", ["Ben", "Ben Ali"]),
        ("@BEN", ["Ben", "Ben Ali"]),
        ("ali", ["Ben Ali"]),
        ("ma", ["Ana Maria"]),
        ("öz", ["Özil"]),
        ("ÖZIL", ["Özil"]),
        ("雨", ["雨"]),
        ("100%", ["100% Tom"]),
        ("%", []),
        ("_", []),
        ("x" * 100_000, []),
        ("' OR 1=1 --", []),
    ],
)
async def test_half_a_name_is_completed(store: Store, typed: str, expected: list[str]) -> None:
    reader_id, _ = await people(store)
    async with store.read() as view:
        found = await makers.suggestions(view, reader=Reader(reader_id), typed=typed, limit=25)

    assert [name for _, name in found] == expected


async def test_nothing_typed_offers_as_many_as_wanted(store: Store) -> None:
    reader_id, _ = await people(store)
    async with store.read() as view:
        found = await makers.suggestions(view, reader=Reader(reader_id), typed="", limit=3)

    assert len(found) == 3


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Ben", {"Ben", "Ben Ali"}),
        ("ben's haiku about rain", {"Ben"}),
        ("something by Ana Maria, please", {"Ana Maria"}),
        ("Ben Ali’s", {"Ben", "Ben Ali"}),
        ("von özil", {"Özil"}),
        ("benevolent", set()),
        ("Idle", set()),
        ("", set()),
        ("\ud83d \0 %", set()),
    ],
)
async def test_a_name_is_found_in_a_text(store: Store, text: str, expected: set[str]) -> None:
    reader_id, _ = await people(store)
    async with store.read() as view:
        found = await makers.named(view, reader=Reader(reader_id), text=text)

    assert {name for _, name in found} == expected


async def test_a_maker_is_who_made_something_that_can_be_seen(store: Store) -> None:
    reader_id, known = await people(store)
    async with store.read() as view:
        for member_id, expected in ((known["Ben"], True), (reader_id, False), (999, False)):
            there = await makers.made_something(view, member_id, reader=Reader(reader_id))
            assert there is expected
