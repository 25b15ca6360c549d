"""Keeps the bridges running."""

import asyncio
import random
from collections.abc import Awaitable, Callable, Sequence

import structlog

from bridges.protocol import Bridge, Door
from feed_core.errors import ConfigurationError, Unavailable

FIRST_PAUSE = 1.0  # seconds
LONGEST_PAUSE = 60.0
GOOD_WHILE = 60.0  # a bridge that was up this long starts again with FIRST_PAUSE

logger = structlog.get_logger(__name__)

Keep = Callable[[], Awaitable[None]]


class Supervisor:
    """Runs every bridge, and starts again those that fall over.

    `turn` decides when, and for how long, this process keeps a bridge running.
    """

    def __init__(
        self,
        bridges: Sequence[Bridge],
        door: Door,
        pause: Callable[[float], Awaitable[None]] = asyncio.sleep,
        turn: Callable[[Bridge, Keep], Awaitable[None]] | None = None,
    ) -> None:
        self._bridges, self._door, self._pause = bridges, door, pause
        self._turn = turn or _always
        self._came_up = {it.platform: asyncio.Event() for it in bridges}
        self._up: dict[str, float] = {}  # since when, in the loop's seconds
        self._tried = {it.platform: asyncio.Event() for it in bridges}

    async def run(self) -> None:
        """Run until every bridge has ended by itself, or until cancelled.

        Raises:
            ConfigurationError: a platform refuses its token; the other bridges are stopped.
        """
        try:
            async with asyncio.TaskGroup() as group:
                for bridge in self._bridges:
                    group.create_task(self._turns(bridge))
        except BaseExceptionGroup as failed:
            refused, others = failed.split(ConfigurationError)
            if refused is None or others is not None:
                raise
            raise refused.exceptions[0] from None

    async def ready(self) -> frozenset[str]:
        """Wait until each bridge is up, stands by or has failed once; returns which are up."""
        for tried in self._tried.values():
            await tried.wait()
        return frozenset(self._up)

    def is_up(self, platform: str) -> bool:
        """Whether messages of this platform are taken in now."""
        return platform in self._up

    def stands_by(self, platform: str) -> None:
        """Another process runs this one."""
        if platform in self._tried:
            self._tried[platform].set()

    async def up(self, platform: str) -> None:
        """Wait until messages of this platform are taken in."""
        await self._came_up[platform].wait()

    async def _turns(self, bridge: Bridge) -> None:
        await self._turn(bridge, lambda: self._keep(bridge))

    async def _keep(self, bridge: Bridge) -> None:
        platform = bridge.platform
        falls = 0
        while True:
            try:
                await bridge.run(self._door, lambda: self._ready(platform))
            except ConfigurationError:
                raise
            except Unavailable as outage:
                problem = outage.code
            except Exception:
                logger.exception("bridge_broke", platform=platform)
                problem = "bug"
            else:
                logger.info("bridge_ended", platform=platform)
                return
            finally:
                since = self._up.pop(platform, None)
                self._came_up[platform].clear()
                self._tried[platform].set()
            now = asyncio.get_running_loop().time()
            falls = 1 if since is not None and now - since >= GOOD_WHILE else falls + 1
            pause = pause_after(falls)
            logger.warning(
                "bridge_down", platform=platform, problem=problem, again_in=round(pause, 1)
            )
            await self._pause(pause)

    def _ready(self, platform: str) -> None:
        logger.info("bridge_up", platform=platform)
        self._up[platform] = asyncio.get_running_loop().time()
        self._tried[platform].set()
        self._came_up[platform].set()


async def _always(_: Bridge, keep: Keep) -> None:
    await keep()


def pause_after(falls: int) -> float:
    """Seconds to wait after so many falls in a row: doubled each time, then up to a half less.

    Without the chance in it, all installations would come back in the same second.
    """
    longest = min(LONGEST_PAUSE, FIRST_PAUSE * 2.0 ** min(falls - 1, 10))
    return longest * random.uniform(0.5, 1.0)
