"""What one bot token may send, shared by all who send: answers first, edits from what is left over.

https://core.telegram.org/bots/faq#my-bot-is-hitting-limits-how-do-i-avoid-this: 30 messages a
second in all, 20 a minute in a group, one a second in a chat where short bursts may pass.
"""

import asyncio
from bisect import insort
from collections import deque
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from enum import IntEnum
from heapq import nsmallest
from itertools import count

PER_SECOND = 30
SECOND = 1.01  # a second as we measure it, so that it is none too short for who counts there
EVENLY = 26  # so many of a second's messages go at once; the rest go evenly, see `Pacer`
GAP, BEHIND = SECOND / PER_SECOND, 0.05  # seconds from one to the next; how late one is made up for
PER_CHAT, CHAT_BURST = 1.0, 4  # seconds between two messages; as many at once after a pause
PER_GROUP, MINUTE = 20, 60.5
MOST_CHATS = 10_000  # remembered; those that wait for nothing are forgotten first
PATIENCE = 15.0  # seconds that a delivery waits; the outbox brings it again
TRIPS, SHORT = 100, 10  # the latest that are remembered, and how many of them are short ones
IDLE = 90.0  # seconds after which nothing of a chat matters any more


class Rank(IntEnum):
    """Whose message goes first where not all can."""

    ANSWER = 0
    DELIVERY = 1
    SIGN = 2  # an answer that grows: only where something is left over


@dataclass(frozen=True, slots=True)
class Held:
    """A delivery that asks, once nothing is in its way, whether it may still go."""

    may_go: Callable[[], Awaitable[None]]
    rank: Rank = Rank.DELIVERY


WAITS: Mapping[Rank, float | None] = {Rank.ANSWER: None, Rank.DELIVERY: PATIENCE, Rank.SIGN: 0.0}


@dataclass(slots=True)
class Chat:
    """What went to one chat; `paid` is when nothing of its burst counts any more."""

    paid: float = 0.0
    held: float = 0.0  # until when Telegram asked us to wait
    minute: deque[float] = field(default_factory=deque)  # of a group: when each was through
    out: int = 0  # on their way; nothing more goes meanwhile

    def free_at(self, now: float, messages: int, *, group: bool) -> float:
        """When as many more may go."""
        waits = [self.held, self.paid - (CHAT_BURST - 1) * PER_CHAT]
        if group:
            while self.minute and self.minute[0] <= now - MINUTE:
                self.minute.popleft()
            surplus = len(self.minute) + messages - PER_GROUP
            if surplus > 0 and self.minute:
                waits.append(self.minute[min(surplus, len(self.minute)) - 1] + MINUTE)
        return max(waits)


@dataclass(order=True, slots=True)
class Waiter:
    """A message that waits its turn."""

    rank: Rank
    number: int
    chat_id: int = field(compare=False)
    messages: int = field(compare=False)
    turn: asyncio.Future[None] = field(compare=False)


class Pacer:
    """Lets messages go; one that is on its way counts from its beginning until a second after it.

    So whenever the server counts it, no second there holds more than 30. What every trip there and
    back takes moves no message against another, and is taken off the end: else, at 100 ms, only 27
    a second would go. Where nearly all go that may, they go evenly: a burst of thirty would come
    back every second, and whoever is ready just after it wait for the next with nobody before them.
    """

    def __init__(self) -> None:
        self._out = 0
        self._trips: deque[float] = deque(maxlen=TRIPS)
        self._went: deque[float] = deque()
        self._held = 0.0
        self._even = 0.0  # when the next may go where they go evenly
        self._chats: dict[int, Chat] = {}
        self._waiting: list[Waiter] = []
        self._number = count()
        self._timer: asyncio.TimerHandle | None = None
        self.refused = 0
        """How often Telegram asked to wait (429)."""

    @asynccontextmanager
    async def passage(self, chat_id: int, rank: Rank, messages: int = 1) -> AsyncIterator[None]:
        """Wait until as many messages to a chat may go, in order; inside, they are on their way.

        Raises TimeoutError when a delivery would wait too long, and a sign at all: it is awaited
        by the answer that it is a sign of.
        """
        waiter = Waiter(
            rank, next(self._number), chat_id, messages, asyncio.get_running_loop().create_future()
        )
        insort(self._waiting, waiter)
        self._look()
        try:
            async with asyncio.timeout(WAITS[rank]):
                await waiter.turn
        except (asyncio.CancelledError, TimeoutError):
            if waiter.turn.cancelled():
                self._look()  # which forgets it
            else:
                self._arrived(chat_id, messages)  # it was let through, and goes nowhere
            raise
        begun = self._now
        try:
            yield
            self._trips.append(self._now - begun)
        finally:
            self._arrived(chat_id, messages)

    def spare(self, chat_id: int) -> bool:
        """Whether so much is left over that a sign takes nothing from an answer."""
        now = self._now
        self._forget(now)
        chat = self._chats.get(chat_id)
        if self._waiting or now < self._held or self._out + len(self._went) >= PER_SECOND // 2:
            return False
        if chat is None:
            return True
        resting = max(chat.held, chat.paid) <= now and not chat.out
        return resting and (chat_id > 0 or len(chat.minute) < PER_GROUP // 2)

    def hold(self, chat_id: int, seconds: float) -> None:
        """Send nothing to a chat for as long as Telegram asks; to none, if it asks for two."""
        self.refused += 1
        now = self._now
        others = any(it.held > now for id_, it in self._chats.items() if id_ != chat_id)
        self._chat(chat_id).held = now + seconds
        if others:
            self._held = max(self._held, now + seconds)
        self._look()

    @property
    def _now(self) -> float:
        return asyncio.get_running_loop().time()

    def _chat(self, chat_id: int) -> Chat:
        if chat_id not in self._chats and len(self._chats) >= MOST_CHATS:
            now = self._now
            self._chats = {
                id_: it
                for id_, it in self._chats.items()
                if it.out or max(it.paid, it.held) + IDLE > now
            }
        return self._chats.setdefault(chat_id, Chat())

    def _forget(self, now: float) -> None:
        while self._went and self._went[0] + SECOND <= now:
            self._went.popleft()

    def _look(self) -> None:
        """Let through whoever may go, and see to it that the next look is in time."""
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None
        now = self._now
        self._forget(now)
        again = None
        kept: list[Waiter] = []
        blocked: set[int] = set()  # chats of which an earlier one waits
        for place, waiter in enumerate(self._waiting):
            if waiter.turn.done():  # whoever waited has gone
                continue
            free = self._free_at(now, waiter.messages)
            if free > now:
                kept += self._waiting[place:]
                again = free if again is None else min(again, free)
                break
            chat = self._chat(waiter.chat_id)
            if chat.out or waiter.chat_id in blocked:  # one after the other: order holds
                kept.append(waiter)
                continue
            free = chat.free_at(now, waiter.messages, group=waiter.chat_id < 0)
            if free > now:
                blocked.add(waiter.chat_id)
                kept.append(waiter)
                again = free if again is None else min(again, free)
                continue
            begun = max(self._even, now - BEHIND) if self._crowded else now
            self._even = begun + waiter.messages * GAP
            self._out += waiter.messages
            chat.out += waiter.messages
            chat.paid = max(chat.paid, now) + waiter.messages * PER_CHAT
            waiter.turn.set_result(None)
        self._waiting = kept
        if again is not None:
            loop = asyncio.get_running_loop()
            self._timer = loop.call_later(max(again - now, 0.001), self._look)

    def _free_at(self, now: float, messages: int) -> float:
        """When as many more may go, to whatever chat; of what is on its way the end is awaited."""
        surplus = self._out + len(self._went) + messages - PER_SECOND
        if surplus <= 0:
            return max(self._held, self._even) if self._crowded else self._held
        oldest = self._went[surplus - 1] if surplus <= len(self._went) else now
        return max(self._held, oldest + SECOND)

    @property
    def _crowded(self) -> bool:
        return self._out + len(self._went) >= EVENLY

    @property
    def _least(self) -> float:
        """Seconds that every trip takes: the shortest is as far from it as from other short ones.

        Where all trips differ much, that is nothing.
        """
        if len(self._trips) < TRIPS // 2:
            return 0.0
        short = nsmallest(SHORT, self._trips)
        return max(2 * short[0] - short[-1], 0.0)

    def _arrived(self, chat_id: int, messages: int) -> None:
        now = self._now
        chat = self._chat(chat_id)
        self._out -= messages
        chat.out -= messages
        ended = now - self._least
        self._went.extend([max(ended, self._went[-1]) if self._went else ended] * messages)
        if chat_id < 0:
            chat.minute.extend([now] * messages)
        if self._waiting:
            self._look()
