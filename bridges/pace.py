"""How fast each platform wants to be sent to."""

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass

BEHIND = 1  # sends that may be caught up on when one came late: a timer always does, a little


@dataclass(frozen=True, slots=True)
class Pace:
    """How a platform wants to be sent to.

    `per_second`: messages in all, 0 is unpaced. `per_person`, `per_room`: seconds between two to
    one. `limit`: seconds to wait for one to be taken. `repeats`: seconds before each repeat of one
    that may have been taken, where that is harmless; so few, because a key is not remembered for
    long.
    """

    per_second: float = 0.0
    per_person: float = 0.0
    per_room: float = 0.0
    limit: float = 30.0
    repeats: tuple[float, ...] = (1.0, 4.0)


# core.telegram.org/bots/faq: 30 a second in all, one a second in a chat, 20 a minute in a group.
# Discord: 50 requests a second (discord.com/developers/docs/topics/rate-limits). The rest is left
# for answers, and for what a slow way there pushes together: a tenth of a second's.
PACES: Mapping[str, Pace] = {"telegram": Pace(28.0, 1.0, 3.1), "discord": Pace(43.0)}


class Pacing:
    """Keeps the pace: in all by waiting, for one place by saying until when it rests."""

    def __init__(self, pace: Pace) -> None:
        self._pace = pace
        self._next = 0.0
        self._rests: dict[str, float] = {}

    async def turn(self) -> None:
        """Wait until the next may go, to whatever place."""
        if not self._pace.per_second:
            return
        now, space = asyncio.get_running_loop().time(), 1 / self._pace.per_second
        turn = max(self._next, now - BEHIND * space)
        self._next = turn + space
        if turn > now:
            await asyncio.sleep(turn - now)

    def went(self, place: str, *, room: bool) -> None:
        """Something goes to a place now."""
        pause = self._pace.per_room if room else self._pace.per_person
        if pause:
            now = asyncio.get_running_loop().time()
            self._rests = {it: until for it, until in self._rests.items() if until > now}
            self._rests[place] = now + pause

    def rests(self, place: str) -> float:
        """Seconds until something may go to a place again."""
        return max(self._rests.get(place, 0.0) - asyncio.get_running_loop().time(), 0.0)

    @property
    def resting(self) -> set[str]:
        """The places to which nothing may go now."""
        return {it for it in self._rests if self.rests(it)}
