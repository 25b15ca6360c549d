"""A database with people and creations in it."""

from collections.abc import Sequence
from datetime import UTC, datetime, time
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory

import feed_core.models.media
import feed_core.models.rooms  # noqa: F401  # both: creations refer to their tables
from feed_core.bus import Bus
from feed_core.clock import EVERY_DAY, Clock
from feed_core.migrating import migrate
from feed_core.models.members import Identity
from feed_core.services import (
    digest_choice,
    digest_contents,
    digest_hours,
    digests,
    members,
    publishing,
)
from feed_core.services.digest_choice import Chosen
from feed_core.services.digest_contents import Entry
from feed_core.services.gate import Content, Decision
from feed_core.services.live import Live
from feed_core.services.pieces import Piece
from feed_core.services.window import Window
from feed_core.states import Outcome
from feed_core.store import Store, View
from tests.fakes.meaning import FirstWords


class Pass:
    """A gate that stops nothing."""

    async def decide(self, content: Content) -> Decision:
        return Decision(Outcome.PASS)


def opened(folder: Path, clock: Clock, bus: Bus) -> Store:
    """The community's database in this folder, made when it is new."""
    return Store(new_file(folder), clock, bus)


def new_file(folder: Path) -> Path:
    """The file of the community's database in this folder, made when it is new."""
    file = folder / "jamfeed.db"
    if not file.exists():
        file.write_bytes(_empty())
    return file


@cache
def _empty() -> bytes:
    # Migrated once for all tests: that takes a second.
    with TemporaryDirectory() as folder:
        file = Path(folder) / "jamfeed.db"
        migrate(file, now=datetime(2026, 1, 1, tzinfo=UTC))
        return file.read_bytes()


async def join(store: Store, name: str, *, platform: str = "recording") -> tuple[int, int]:
    """A new member who can be written to; their number and their identity's."""
    async with store.work() as work:
        identity, _ = await members.join(
            work, platform=platform, external_id=name, name=name, persona="guide"
        )
        assert identity.id is not None
        await members.seen_in_private(work, identity_id=identity.id, place_id=f"home-{name}")
        return identity.member_id, identity.id


async def publish(store: Store, author_id: int, title: str) -> int:
    """A new creation that everybody can see."""
    async with store.work() as work:
        begun = await publishing.begin(work, author_id=author_id, piece=Piece(title))
        assert begun.creation_id is not None
    async with store.read() as view:
        content = await publishing.content(view, begun.creation_id)
    async with store.work() as work:
        await publishing.settle(
            work, creation_id=begun.creation_id, checked=content, decision=Decision(Outcome.PASS)
        )
    return begun.creation_id


async def daily(
    store: Store,
    member_id: int,
    identity_id: int,
    *,
    times: Sequence[time] = (time(7, 30),),
    zone: str = "Europe/Berlin",
) -> datetime:
    """A digest every day at these hours; when the first one comes."""
    async with store.work() as work:
        row = await digest_hours.schedule(
            work,
            member_id=member_id,
            times=times,
            weekdays=EVERY_DAY,
            zone=zone,
            identity_id=identity_id,
        )
        assert row.next_run_at is not None
        return row.next_run_at


async def window(store: Store) -> Window:
    """The live part of this community's feed."""
    return await Live(store, FirstWords(store)).window()


async def chosen_for(view: View, digest_id: int, *, window: Window) -> list[Chosen]:
    """What would stand in a digest."""
    digest = await digests.get(view, digest_id)
    return await digest_choice.choose(view, digest, window=window)


async def standing_in(view: View, digest_id: int) -> list[Entry]:
    """What stands in a digest now."""
    digest = await digests.get(view, digest_id)
    return await digest_contents.shown(view, digest, await digests.entries(view, digest_id))


async def identity(store: Store, identity_id: int) -> Identity:
    """The row of an account."""
    async with store.read() as view:
        return await view.db.get_one(Identity, identity_id)
