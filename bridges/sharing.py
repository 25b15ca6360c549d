"""What a process shares with others that work on the same feed, and what it has for itself."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import ExitStack, asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from uuid import uuid4

from bridges.folder import data_folder, database_of, made_folder, own_file
from bridges.roles import are_several
from bridges.settings import Settings
from feed_core.bus import Bus
from feed_core.clock import Clock
from feed_core.database import Place
from feed_core.errors import ConfigurationError
from feed_core.holding import LOOK, Holding, holding
from feed_core.migrating import migrate
from feed_core.relay import Relay

VECTORS = "creations.vectors"
INDEX = "index"  # held shared by all that keep vectors of memories at a server, else by the one
TRIES = 6


@dataclass(frozen=True, slots=True)
class Shared:
    """The data folder and the database of this process, and what it holds of what others may want.

    `name` is that of this process among several, "" where there are no others. `vectors` is its own
    file of what creations mean, `like` another one from which that may begin.
    """

    home: Path
    place: Place
    names: Holding
    name: str
    vectors: Path
    like: Path | None


@asynccontextmanager
async def sharing(settings: Settings, clock: Clock, bus: Bus) -> AsyncIterator[Shared]:
    """Open folder and database: for this process alone, or with all else at servers for several.

    Raises:
        ConfigurationError: folder or database cannot be used, or another process works on it.
        FolderInUse: another process has the folder open.
        Unavailable: the database's server does not answer.
    """
    several = are_several(settings)
    with ExitStack() as stack:
        if several:
            home = made_folder(settings.home)
            vectors = stack.enter_context(own_file(home, VECTORS))
        else:
            home = stack.enter_context(data_folder(settings.home))
            vectors = home / VECTORS
        place = database_of(settings, home)
        await asyncio.to_thread(migrate, place, now=clock.now())
        names = holding(place)
        relay = Relay(bus, name := uuid4().hex if several else "")
        telling = asyncio.create_task(relay.run())
        try:
            await _require_index(names, several=several)
            if several:
                await names.listen(relay.hear)
            like = next((it for it in _vectors(home) if it != vectors and it.exists()), None)
            yield Shared(home, place, names, name, vectors, like)
        finally:
            telling.cancel()
            await asyncio.wait([telling])
            await names.close()


def _vectors(home: Path) -> list[Path]:
    first, _, last = VECTORS.partition(".")
    return [home / VECTORS, *sorted(home.glob(f"{first}-*.{last}"))]


async def _require_index(names: Holding, *, several: bool) -> None:
    """See that nobody else keeps an index of memories of their own for the same database.

    Raises:
        ConfigurationError: somebody does.
    """
    for _ in range(TRIES):  # one that was stopped this moment may not be gone yet
        if await names.take(INDEX, shared=several) is not None:
            return
        await asyncio.sleep(LOOK)
    raise ConfigurationError(
        "JAMFEED_CHROMA_URL",
        "another Jamfeed works on this database, and each would keep the vectors of memories by "
        "itself",
        "stop that one, or name the same Chroma server for both",
    )
