"""A feed that was exported and brought into another is the same feed, whatever keeps it."""

from collections.abc import Sequence
from pathlib import Path

import pytest
from sqlmodel import select

from feed_core.bus import Bus
from feed_core.media import MediaShelf
from feed_core.models.creations import Creation
from feed_core.models.members import Member
from feed_core.models.porting import FeedImport
from feed_core.porting import checking, exporting, importing, layout, rows
from feed_core.porting.kinds import Kind
from feed_core.porting.layout import Manifest, Stage
from feed_core.porting.progress import Doing, Step
from feed_core.porting.refusals import ImportUnfinished
from feed_core.services import members, searching
from feed_core.services.sight import Reader
from feed_core.store import Store
from tests.fakes.clock import FixedClock
from tests.fakes.community import join, opened, publish
from tests.fakes.feed_rows import furnish
from tests.feed_core.porting.conftest import Feed, silent

pytestmark = pytest.mark.anywhere

Export = tuple[Path, Manifest]


class Stopped(Exception):
    """As if the process had been killed here."""


async def bring_in(feed: Feed, folder: Path, kinds: Sequence[Kind]) -> importing.Brought:
    """Check and bring in, as the command does."""
    manifest = layout.read_manifest(folder)
    problems = await checking.check(feed.store, folder, manifest, kinds, silent)
    problems.add((await importing.check_media(folder, manifest, kinds, silent)).first)
    assert problems.first == []
    return await importing.bring_in(feed.store, feed.shelf, folder, manifest, kinds, silent)


def texts(folder: Path) -> dict[str, bytes]:
    """All lines of an export, and all its media."""
    return {
        str(it.relative_to(folder)): it.read_bytes()
        for it in folder.rglob("*")
        if it.is_file() and it.name != layout.MANIFEST
    }


async def again(feed: Feed, kinds: Sequence[Kind], folder: Path) -> dict[str, bytes]:
    """What an export of this feed says now."""
    await exporting.export(feed.store, feed.shelf, folder, kinds, silent)
    return texts(folder)


async def test_a_round_trip_changes_no_byte_and_a_second_adds_nothing(
    exported: Export,
    empty: Feed,
    kinds: list[Kind],
    tmp_path: Path,
    clock: FixedClock,
    bus: Bus,
) -> None:
    """It goes into another database, in twice, out of it, and back into one of the first kind."""
    folder, manifest = exported
    brought = await bring_in(empty, folder, kinds)
    second = await bring_in(empty, folder, kinds)

    assert brought.added == sum(it.rows for it in manifest.records)
    assert (brought.there, brought.files) == (0, 20)
    assert (second.added, second.there, second.files) == (0, brought.added, 0)
    assert manifest.media.files == 20
    assert await again(empty, kinds, tmp_path / "there") == texts(folder)

    assert await publish(empty.store, 1, "Next") == 21  # numbers go on after those brought in

    (tmp_path / "back").mkdir()
    store = opened(tmp_path / "back", clock, bus)
    back = Feed(store, MediaShelf(tmp_path / "back" / "media"), tmp_path / "back")
    await bring_in(back, tmp_path / "there", kinds)

    assert await again(back, kinds, tmp_path / "here") == texts(folder)
    await store.close()


async def test_a_feed_takes_its_own_export_back_after_it_lived_on(
    feed: Feed, exported: Export, kinds: list[Kind]
) -> None:
    async with feed.store.work() as work:
        made = await work.db.get_one(Creation, 3)
        made.title = "Edited since"
        ana = await work.db.get_one(Member, 1)
        ana.name = "Ana Maria"
    new = await publish(feed.store, 1, "Written since")

    brought = await bring_in(feed, exported[0], kinds)

    assert brought.added == 0
    async with feed.store.read() as view:
        titles = {it.id: it.title for it in await view.db.exec(select(Creation))}
    assert titles[3] == "Edited since"
    assert titles[new] == "Written since"


async def test_words_are_found_after_an_import_as_before(
    feed: Feed, empty: Feed, kinds: list[Kind], tmp_path: Path
) -> None:
    ana, _ = await join(feed.store, "Ana")
    first = await publish(feed.store, ana, "Regen über Zürich")
    second = await publish(feed.store, ana, "雨が降る")
    await exporting.export(feed.store, feed.shelf, tmp_path / "out", kinds, silent)

    await bring_in(empty, tmp_path / "out", kinds)

    for words, wanted in (("zurich", first), ("REGEN", first), ("降る", second)):
        hits = await found(empty.store, words, ana)
        assert {wanted, *await found(feed.store, words, ana)} <= set(hits)  # all rows are indexed


async def found(store: Store, words: str, reader_id: int) -> list[int | None]:
    async with store.read() as view:
        hits = await searching.search(view, reader=Reader(reader_id), words=words, limit=50)
    return [it.id for it in hits.creations]


async def test_characters_that_postgresql_cannot_keep_are_left_out(
    feed: Feed, kinds: list[Kind], empty: Feed, tmp_path: Path
) -> None:
    async with feed.store.work() as work:
        made = await work.db.get_one(Creation, 3)
        made.title, made.steps = "a\x00b \\u0000", [{"by": "hu\x00man"}]
    await exporting.export(feed.store, feed.shelf, tmp_path / "out", kinds, silent)
    await bring_in(empty, tmp_path / "out", kinds)

    async with empty.store.read() as view:
        made = await view.db.get_one(Creation, 3)
    assert (made.title, made.steps) == ("ab \\u0000", [{"by": "human"}])


async def test_an_import_that_is_killed_wherever_and_again_goes_on_and_ends_whole(
    exported: Export,
    empty: Feed,
    kinds: list[Kind],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """In the middle of a transaction first, of which nothing stays; then between two of them."""
    monkeypatch.setattr("feed_core.porting.lines.AT_A_TIME", 7)
    folder, manifest = exported
    left = 0

    def stop(_: Step) -> None:
        nonlocal left
        left -= 1
        if left < 0:
            raise Stopped

    async def fail(*_: object) -> None:
        raise Stopped

    with monkeypatch.context() as patched, pytest.raises(Stopped):
        patched.setattr(searching, "put", fail)
        await importing.bring_in(empty.store, empty.shelf, folder, manifest, kinds, silent)
    async with empty.store.read() as view:
        assert list(await view.db.exec(select(Creation.id))) == []

    for steps in (0, 13, 26):
        left = steps
        with pytest.raises(Stopped):
            await importing.bring_in(empty.store, empty.shelf, folder, manifest, kinds, stop)
        async with empty.store.read() as view:
            with pytest.raises(ImportUnfinished):
                await importing.require_none(view)

    brought = await bring_in(empty, folder, kinds)

    assert brought.there == 0
    assert await again(empty, kinds, tmp_path / "again") == texts(folder)
    async with empty.store.read() as view:
        await importing.require_none(view)


async def test_another_import_waits_until_the_first_has_ended(
    exported: Export, feed: Feed, empty: Feed, kinds: list[Kind], tmp_path: Path
) -> None:
    folder, manifest = exported
    other = await exporting.export(feed.store, feed.shelf, tmp_path / "other", kinds, silent)

    def stop(step: Step) -> None:
        if step.doing is Doing.ADD:
            raise Stopped

    with pytest.raises(Stopped):
        await importing.bring_in(empty.store, empty.shelf, folder, manifest, kinds, stop)
    with pytest.raises(ImportUnfinished):
        await importing.bring_in(empty.store, empty.shelf, tmp_path / "other", other, kinds, silent)

    assert (await bring_in(empty, folder, kinds)).added > 0
    assert (await bring_in(empty, tmp_path / "other", kinds)).added == 0
    async with empty.store.read() as view:
        ended = list(await view.db.exec(select(FeedImport.ended_at)))
    assert len(ended) == 2
    assert None not in ended


async def test_an_export_is_of_one_moment_and_holds_up_nobody(
    empty: Feed, kinds: list[Kind], tmp_path: Path
) -> None:
    """Somebody joins and publishes between every two steps; none of that is in it."""
    feed = empty
    await furnish(feed.store, feed.shelf, kinds)
    async with feed.store.work() as work:
        for it in kinds:
            await rows.go_on_counting(work, it)
    people: list[int] = []

    async def live() -> None:
        async with feed.store.work() as work:
            _, member = await members.join(
                work, platform="terminal", external_id=f"x{len(people)}", name="X", persona="guide"
            )
            assert member.id is not None
            people.append(member.id)
        await publish(feed.store, people[-1], "New")

    real = rows.read

    async def read_while_others_write(*given):  # type: ignore[no-untyped-def]  # as the real one
        await live()
        async for batch in real(*given):
            yield batch
            await live()

    folder = tmp_path / "out"
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(rows, "read", read_while_others_write)
        await exporting.export(feed.store, feed.shelf, folder, kinds, silent)

    problems = await checking.check(feed.store, folder, layout.read_manifest(folder), kinds, silent)
    assert problems.first == []
    assert len(people) > 20
    counts = {it.kind: it.rows for it in layout.read_manifest(folder).records}
    assert (counts["member"], counts["creation"]) == (20, 20)


@pytest.mark.parametrize("stop_at", [Doing.WRITE, Doing.COPY])
async def test_an_export_that_is_killed_goes_on_and_ends_whole(
    feed: Feed, exported: Export, kinds: list[Kind], tmp_path: Path, stop_at: Doing
) -> None:
    folder = tmp_path / "broken off"

    def stop(step: Step) -> None:
        if step.doing is stop_at and step.done >= 11:
            raise Stopped

    with pytest.raises(Stopped):
        await exporting.export(feed.store, feed.shelf, folder, kinds, stop)
    assert layout.read_manifest(folder).stage is not Stage.COMPLETE
    manifest = await exporting.export(feed.store, feed.shelf, folder, kinds, silent)

    assert manifest.stage is Stage.COMPLETE
    assert texts(folder) == texts(exported[0])


async def test_an_export_broken_off_among_its_media_stays_of_its_moment(
    feed: Feed, kinds: list[Kind], tmp_path: Path
) -> None:
    copied: list[Step] = []

    def stop(step: Step) -> None:
        if step.doing is Doing.COPY and step.done == 5:
            raise Stopped

    with pytest.raises(Stopped):
        await exporting.export(feed.store, feed.shelf, tmp_path / "out", kinds, stop)
    await publish(feed.store, 1, "Written since")
    before = {it: it.stat().st_mtime_ns for it in (tmp_path / "out" / "media").rglob("*.png")}
    await exporting.export(feed.store, feed.shelf, tmp_path / "out", kinds, copied.append)

    after = {it: it.stat().st_mtime_ns for it in (tmp_path / "out" / "media").rglob("*.png")}
    assert len(before) == 5
    assert len(after) == 20
    assert before.items() <= after.items()
    assert {it.doing for it in copied} == {Doing.COPY}
    assert b"Written since" not in (tmp_path / "out" / "creation.jsonl").read_bytes()
