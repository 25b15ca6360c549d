import io
from datetime import timedelta
from pathlib import Path

import pytest
from PIL import Image
from sqlmodel import select

from feed_core import shelving, worker
from feed_core.media import Kept, MediaShelf
from feed_core.models.media import Media
from feed_core.services import drafting, media, publishing
from feed_core.services.media import GRACE
from feed_core.services.pieces import Piece
from feed_core.states import CreationKind
from feed_core.store import Store
from tests.fakes.clock import FixedClock
from tests.fakes.community import Pass, join
from tests.fakes.recordings import recording

LATER = GRACE + timedelta(seconds=1)


@pytest.fixture
def shelf(tmp_path: Path) -> MediaShelf:
    return MediaShelf(tmp_path / "media")


def picture(colour: str = "teal", size: tuple[int, int] = (900, 600)) -> bytes:
    file = io.BytesIO()
    Image.new("RGB", size, colour).save(file, "PNG")
    return file.getvalue()


async def kept(store: Store, shelf: MediaShelf, content: bytes) -> Kept:
    return await shelving.keep(store, shelf, content, shelf.take_in, origin="sent")


async def shown(store: Store, author_id: int, file: Kept) -> int:
    """A published creation with this file; its number."""
    kind = CreationKind.IMAGE if file.type.startswith("image/") else CreationKind.AUDIO
    piece = Piece("Rain", kind=kind, media_hash=file.hash, alt="rain")
    async with store.work() as work:
        begun = await publishing.begin(work, author_id=author_id, piece=piece)
        assert begun.creation_id is not None
    await worker.check(store, Pass(), begun.creation_id)
    return begun.creation_id


async def withdraw(store: Store, creation_id: int, member_id: int) -> None:
    async with store.work() as work:
        await publishing.withdraw(work, creation_id=creation_id, member_id=member_id)


async def rows(store: Store) -> set[str]:
    async with store.read() as view:
        return set(await view.db.exec(select(Media.hash)))


def files(tmp_path: Path) -> set[str]:
    return {it.name.partition(".")[0] for it in (tmp_path / "media").rglob("*") if it.is_file()}


async def test_a_picture_and_its_thumbnail_go_with_the_last_that_shows_them(
    store: Store, shelf: MediaShelf, clock: FixedClock, tmp_path: Path
) -> None:
    ana, _ = await join(store, "Ana")
    file = await kept(store, shelf, picture())
    sound = await kept(store, shelf, recording("tone.mp3"))
    assert file.thumbnail is not None
    both = {file.hash, file.thumbnail.hash}
    first, second = await shown(store, ana, file), await shown(store, ana, file)
    heard = await shown(store, ana, sound)
    clock.go_on(LATER)

    await withdraw(store, first, ana)
    assert await shelving.sweep(store, shelf) == 0
    await withdraw(store, heard, ana)
    assert await shelving.sweep(store, shelf) == 1
    assert await rows(store) == files(tmp_path) == both
    await withdraw(store, second, ana)
    assert await shelving.sweep(store, shelf) == 2
    assert await rows(store) == files(tmp_path) == set()


async def test_what_was_just_brought_or_waits_in_a_draft_stays(
    store: Store, shelf: MediaShelf, clock: FixedClock, tmp_path: Path
) -> None:
    ana, _ = await join(store, "Ana")
    file = await kept(store, shelf, picture())
    assert await shelving.sweep(store, shelf) == 0
    piece = Piece("Rain", kind=CreationKind.IMAGE, media_hash=file.hash, alt="rain")
    async with store.work() as work:
        await drafting.add(work, owner_id=ana, piece=piece, recipe={})
    clock.go_on(LATER)

    assert await shelving.sweep(store, shelf) == 0
    assert file.hash in files(tmp_path)


async def test_a_picture_that_is_a_thumbnail_of_another_stays_with_it(
    store: Store, shelf: MediaShelf, clock: FixedClock, tmp_path: Path
) -> None:
    ana, _ = await join(store, "Ana")
    file = await kept(store, shelf, picture())
    number = await shown(store, ana, file)
    clock.go_on(LATER)

    assert await shelving.sweep(store, shelf) == 0
    async with store.read() as view:
        assert file.thumbnail is not None
        assert await media.thumbnails(view, [file.hash]) == {file.hash: file.thumbnail.hash}
    await withdraw(store, number, ana)


async def test_a_file_that_is_brought_again_while_it_goes_is_there_again(
    store: Store, shelf: MediaShelf, clock: FixedClock, tmp_path: Path
) -> None:
    content = picture(size=(90, 90))
    file = await kept(store, shelf, content)
    clock.go_on(LATER)

    def taken(again: bytes) -> Kept:
        """Taken in, and the sweep of somebody else runs between that and its row."""
        if not swept:
            swept.append(True)
            found = shelf.take_in(again)
            shelf.put_away(found.hash)
            return found
        return shelf.take_in(again)

    swept: list[bool] = []
    await shelving.keep(store, shelf, content, taken, origin="sent")
    async with store.work() as work:
        assert not await media.forget(work, file.hash)  # wanted again a moment ago
    assert shelf.read(file.hash)


async def test_what_a_stop_left_half_done_is_ended(
    store: Store, shelf: MediaShelf, clock: FixedClock, tmp_path: Path
) -> None:
    ana, _ = await join(store, "Ana")
    file, gone = await kept(store, shelf, picture()), await kept(store, shelf, picture("red"))
    await shown(store, ana, file)
    clock.go_on(LATER)
    for it in (file, gone):  # stopped before their rows were looked at
        shelf.put_away(it.hash)

    await shelving.mend(store, shelf)
    assert shelf.has(file.hash)
    assert await shelving.sweep(store, shelf) == 2  # the red one and its thumbnail
    assert file.thumbnail is not None
    assert files(tmp_path) == {file.hash, file.thumbnail.hash}
    async with store.work() as work:  # stopped when the row was gone
        (await work.db.get_one(Media, file.hash)).thumbnail_hash = None
    shelf.put_away(file.thumbnail.hash)
    await shelving.mend(store, shelf)
    assert files(tmp_path) == {file.hash, file.thumbnail.hash}


async def test_pictures_from_before_there_were_thumbnails_get_them(
    store: Store, shelf: MediaShelf
) -> None:
    large, small = [await kept(store, shelf, picture(size=it)) for it in ((900, 600), (90, 60))]
    async with store.work() as work:
        for it in (large, small):
            (await work.db.get_one(Media, it.hash)).thumbnail_hash = None
        lost = Media(hash="f" * 64, type="image/png", size=1, width=1, height=1, origin="sent",
                     created_at=work.now, wanted_at=work.now)  # fmt: skip
        work.db.add(lost)

    await shelving.mend(store, shelf)

    assert large.thumbnail is not None
    async with store.read() as view:
        assert await media.thumbnails(view, [large.hash, small.hash, "f" * 64]) == {
            large.hash: large.thumbnail.hash,
            small.hash: small.hash,
            "f" * 64: "f" * 64,
        }
        assert await media.without_thumbnail(view) == []
