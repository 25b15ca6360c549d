"""Which part of a bot's servers one process listens to, and how often sessions may begin.

https://docs.discord.com/developers/events/gateway#sharding
"""

import asyncio
import re
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field

from feed_core.errors import ConfigurationError, Unavailable

SETTING = "JAMFEED_DISCORD_SHARDS"
WRITTEN = re.compile(r"(?P<first>\d{1,5})(?:-(?P<last>\d{1,5}))?/(?P<count>\d{1,5})")
EXAMPLE = (
    "write the first and the last shard and how many there are, such as 0-3/8; or leave it out"
)
A_DAY = 1000  # sessions
APART = 5.0  # seconds between two sessions begun by shards of one rate limit key


@dataclass(frozen=True, slots=True)
class Shards:
    """The shards from `first` to `last` of `count`."""

    first: int
    last: int
    count: int

    @property
    def ids(self) -> list[int]:
        """Their numbers."""
        return list(range(self.first, self.last + 1))

    @property
    def share(self) -> float:
        """Which part of all shards they are."""
        return len(self.ids) / self.count

    def of_server(self, server_id: str) -> int:
        """The shard to which a server's events come; private messages come to the first."""
        return (int(server_id) >> 22) % self.count if server_id.isdecimal() else 0


def read(written: str | None) -> Shards | None:
    """The shards that an operator named; None where Discord shall say how many there are.

    Raises:
        ConfigurationError: that names none.
    """
    if written is None:
        return None
    match = WRITTEN.fullmatch(written.strip())
    if match is None:
        raise ConfigurationError(SETTING, f"{written!r} names no shards", EXAMPLE)
    first, count = int(match["first"]), int(match["count"])
    last = int(match["last"] or first)
    if not first <= last < count:
        raise ConfigurationError(SETTING, f"of {count} shards these cannot be some", EXAMPLE)
    return Shards(first, last, count)


@dataclass(slots=True)
class Starts:
    """Spaces the sessions that shards begin, also over restarts of a bridge."""

    apart: float = APART
    concurrency: int = 1  # how many rate limit keys there are
    left: int = A_DAY  # as Discord told when it was asked, without those begun since
    leave: Callable[[int], Awaitable[None]] | None = None  # of a key, where others begin some too
    _next: dict[int, float] = field(default_factory=dict)

    def require(self) -> None:
        """See that one more session may begin; Discord resets a token that begins too many a day.

        Raises:
            Unavailable: Discord has to be asked anew how many there are.
        """
        if self.left <= 0:
            raise Unavailable("Discord")

    async def turn(self, shard_id: int) -> None:
        """Wait until this shard may begin a session."""
        self.left -= 1
        key = shard_id % self.concurrency
        now = asyncio.get_running_loop().time()
        turn = max(now, self._next.get(key, now))
        self._next[key] = turn + self.apart
        if turn > now:
            await asyncio.sleep(turn - now)
        if self.leave is not None:
            await self.leave(key)
