import pytest

from feed_core.errors import CreationNotFound
from feed_core.services import lineage, publishing
from feed_core.services.lineage import DEEPEST, Family
from feed_core.services.sight import Reader
from feed_core.states import Outcome, Visibility
from feed_core.store import Store
from tests.fakes.community import join
from tests.feed_core.pieces import of, put, room

pytestmark = pytest.mark.anywhere


async def family(store: Store, creation_id: int, reader: Reader) -> Family:
    async with store.read() as view:
        return await lineage.family(view, creation_id, reader=reader)


def ids(found: Family) -> list[int | None]:
    return [it.id for it in found.members]


@pytest.mark.once
async def test_a_family_reaches_over_several_parents_and_generations(store: Store) -> None:
    ana, _ = await join(store, "Ana")
    rain, roof, stranger = [await put(store, ana, it) for it in ("Rain", "Roof", "Stranger")]
    drum = await put(store, ana, "Drum", sources=of(rain, roof))
    song = await put(store, ana, "Song", sources=of(drum, rain))  # a parent that is a grandparent
    dance = await put(store, ana, "Dance", sources=of(song))
    cousin = await put(store, ana, "Cousin", sources=of(roof, stranger))

    found = await family(store, drum, Reader(ana))

    assert ids(found) == [rain, roof, drum, song, dance]
    assert set(found.edges) == {
        (rain, drum),
        (roof, drum),
        (drum, song),
        (rain, song),
        (song, dance),
    }
    assert (found.focus_id, found.ancestors, found.descendants) == (drum, 2, 2)
    assert ids(await family(store, roof, Reader(ana))) == [roof, drum, song, dance, cousin]


async def test_what_the_reader_may_not_see_is_left_out_with_its_edges(store: Store) -> None:
    ana, _ = await join(store, "Ana")
    ben, _ = await join(store, "Ben")
    attic = await room(store)
    root = await put(store, ana)
    secret = await put(store, ana, sources=of(root), visibility=Visibility.ONLY_ME)
    inside = await put(store, ana, sources=of(root), visibility=Visibility.ROOM, room_id=attic)
    held = await put(store, ana, sources=of(root), outcome=Outcome.HOLD)
    child = await put(store, ana, sources=of(secret))

    elsewhere = await family(store, root, Reader(ben))
    there = await family(store, root, Reader(ben, attic))
    own = await family(store, root, Reader(ana))

    assert ids(elsewhere) == [root, child]
    assert elsewhere.edges == []
    assert elsewhere.descendants == 1
    assert ids(there) == [root, inside, child]
    assert ids(own) == [root, secret, inside, child]
    assert held not in ids(own)


@pytest.mark.once
async def test_what_was_taken_back_stays_in_its_place(store: Store) -> None:
    ana, _ = await join(store, "Ana")
    ben, _ = await join(store, "Ben")
    root = await put(store, ana)
    gone = await put(store, ana, sources=of(root))
    child = await put(store, ana, sources=of(gone))
    async with store.work() as work:
        await publishing.withdraw(work, creation_id=gone, member_id=ana)

    for focus in (root, gone, child):
        found = await family(store, focus, Reader(ben))
        assert ids(found) == [root, gone, child]
        assert set(found.edges) == {(root, gone), (gone, child)}


@pytest.mark.parametrize("before", ["seen by its maker only", "seen in a room", "held"])
@pytest.mark.once
async def test_what_others_never_saw_has_no_place_once_it_is_taken_back(
    store: Store, before: str
) -> None:
    ana, _ = await join(store, "Ana")
    ben, _ = await join(store, "Ben")
    root = await put(store, ana)
    gone = await put(
        store,
        ana,
        sources=of(root),
        visibility={
            "seen by its maker only": Visibility.ONLY_ME,
            "seen in a room": Visibility.ROOM,
            "held": Visibility.EVERYONE,
        }[before],
        room_id=await room(store),
        outcome=Outcome.HOLD if before == "held" else Outcome.PASS,
    )
    async with store.work() as work:
        await publishing.withdraw(work, creation_id=gone, member_id=ana)

    assert ids(await family(store, root, Reader(ben))) == [root]
    with pytest.raises(CreationNotFound):
        await family(store, gone, Reader(ben))


@pytest.mark.once
async def test_a_family_nobody_may_see_is_not_found(store: Store) -> None:
    ana, _ = await join(store, "Ana")
    secret = await put(store, ana, visibility=Visibility.ONLY_ME)

    for creation_id in (secret, 4711):
        with pytest.raises(CreationNotFound):
            await family(store, creation_id, Reader(ana + 1))


async def test_a_long_lineage_is_followed_so_far_and_no_farther(store: Store) -> None:
    ana, _ = await join(store, "Ana")
    line = [await put(store, ana)]
    for _ in range(DEEPEST + 5):
        line.append(await put(store, ana, sources=of(line[-1])))

    assert ids(await family(store, line[-1], Reader(ana))) == line[-1 - DEEPEST :]
    assert ids(await family(store, line[0], Reader(ana))) == line[: DEEPEST + 1]


async def test_a_dense_lineage_is_walked_without_counting_its_paths(store: Store) -> None:
    ana, _ = await join(store, "Ana")
    line = [await put(store, ana)]
    for _ in range(40):  # about 2**39 paths from the last to the first
        line.append(await put(store, ana, sources=of(*line[-12:])))

    found = await family(store, line[-1], Reader(ana))

    assert (found.ancestors, found.descendants) == (40, 0)
