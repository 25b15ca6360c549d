import sqlite3
from contextlib import closing
from pathlib import Path

from feed_core.services import publishing, searching
from feed_core.services.sight import Reader
from feed_core.states import Visibility
from feed_core.store import Store
from tests.fakes.community import join
from tests.feed_core.pieces import flood, put


async def test_no_word_of_what_was_taken_back_stays_in_the_file(
    store: Store, tmp_path: Path
) -> None:
    ana, _ = await join(store, "Ana")
    await flood(store, ana, 300, Visibility.EVERYONE)
    gone = await put(store, ana, "Xylograph quetzalcoatl")
    assert b"quetzalcoatl" in await whole(tmp_path)
    async with store.work() as work:
        await publishing.withdraw(work, creation_id=gone, member_id=ana)
    await searching.forget(store)

    assert b"quetzalcoatl" not in await whole(tmp_path)
    async with store.read() as view:
        found = await searching.search(view, reader=Reader(ana), words="rain", limit=50)
    assert len(found.creations) == 50


async def whole(folder: Path) -> bytes:
    """All that stands on disk once the log is written back."""
    with closing(sqlite3.connect(folder / "jamfeed.db")) as database:
        database.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    return b"".join(it.read_bytes() for it in folder.glob("jamfeed.db*"))
