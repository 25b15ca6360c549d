"""Which of several processes is a bot, or some shards of one; the others stand by."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from hashlib import sha256

from agents.turn import Place
from bridges.discord import shards
from bridges.discord.shards import APART
from bridges.settings import Settings
from feed_core.errors import Unavailable
from feed_core.holding import LOOK, Hold, Holding, wait_for

SCHEDULER = "scheduler"


@dataclass(frozen=True, slots=True)
class Wanted:
    """A name that a process holds while it does something; several may hold one `shared`."""

    name: str
    shared: bool = False


def bot_of(settings: Settings, platform: str) -> str:
    """A name for the bot whose token is set; it tells nothing of the token."""
    token = settings.discord_token if platform == "discord" else settings.telegram_token
    said = token.get_secret_value() if token is not None else ""
    return f"{platform}:{sha256(said.encode()).hexdigest()[:16]}"


def shard_of(bot: str, number: int, count: int) -> str:
    """A name for one shard of a bot."""
    return f"{bot}:shard {number} of {count}"


def identify_of(bot: str, key: int) -> str:
    """A name for the leave to begin a session of this rate limit key."""
    return f"{bot}:identify {key}"


def wanted_for(settings: Settings, platform: str) -> list[Wanted]:
    """What a process holds while it runs the bridge to a platform.

    A whole bot belongs to one process; of one whose shards are named, each shard does.
    """
    bot = bot_of(settings, platform)
    some = shards.read(settings.discord_shards) if platform == "discord" else None
    if some is None:
        return [Wanted(bot)]
    return [Wanted(bot, shared=True)] + [Wanted(shard_of(bot, it, some.count)) for it in some.ids]


def sends(settings: Settings, platform: str) -> bool:
    """Whether a process that runs this bridge sends what is owed, too: one for each bot.

    On Discord it is the one to which private messages come: that with the first shard.
    """
    some = shards.read(settings.discord_shards) if platform == "discord" else None
    return some is None or some.first == 0


def hears(settings: Settings, place: Place) -> bool:
    """Whether what is said in this place comes to a process with these settings."""
    some = shards.read(settings.discord_shards) if place.platform == "discord" else None
    return some is None or some.of_server(place.server_id) in some.ids


async def while_held(
    names: Holding,
    wanted: Sequence[Wanted],
    work: Callable[[], Awaitable[None]],
    *,
    stand_by: Callable[[], None],
) -> None:
    """Do this work, here alone, until it ends by itself.

    While another process does it, this one waits (`stand_by` is called first) and takes over when
    that one is gone. What loses a name stops working, and waits again.
    """
    while True:
        holds = await _all(names, wanted, stand_by)
        doing = asyncio.ensure_future(work())
        losing = [asyncio.create_task(it.lost.wait()) for it in holds]
        try:
            await asyncio.wait([doing, *losing], return_when=asyncio.FIRST_COMPLETED)
            if doing.done():
                return await doing
        finally:
            for it in (doing, *losing):
                it.cancel()
            await asyncio.wait([doing, *losing])
            for hold in holds:
                await names.release(hold)


async def _all(
    names: Holding, wanted: Sequence[Wanted], stand_by: Callable[[], None]
) -> list[Hold]:
    told = False
    while True:
        holds: list[Hold] = []
        with suppress(Unavailable):
            for it in wanted:
                hold = await names.take(it.name, shared=it.shared)
                if hold is None:
                    if not told:
                        stand_by()
                    told = True
                    break
                holds.append(hold)
        if len(holds) == len(wanted):
            return holds
        for hold in holds:
            await names.release(hold)
        await asyncio.sleep(LOOK)


class Leave:
    """Lets the shards of one bot begin their sessions one after the other, in all processes.

    Discord allows one in five seconds for each of its rate limit keys.
    """

    def __init__(self, names: Holding, bot: str, apart: float = APART) -> None:
        self._names, self._bot, self._apart = names, bot, apart
        self._held: set[asyncio.Task[None]] = set()

    async def __call__(self, key: int) -> None:
        """Wait until a session of this key may begin; the next may `apart` seconds later."""
        hold = await wait_for(self._names, identify_of(self._bot, key))
        task = asyncio.create_task(self._release(hold))
        self._held.add(task)
        task.add_done_callback(self._held.discard)

    async def _release(self, hold: Hold) -> None:
        await asyncio.sleep(self._apart)
        await self._names.release(hold)
