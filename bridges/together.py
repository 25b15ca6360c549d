"""One transaction for all who ask at the same time: a commit costs more than what it writes."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field
from typing import Generic, TypeVar

import structlog

from feed_core.store import Store, Work

Asked = TypeVar("Asked")
Told = TypeVar("Told")

logger = structlog.get_logger(__name__)


@dataclass(slots=True, eq=False)
class _One(Generic[Asked, Told]):
    asked: Asked
    told: list[Told] = field(default_factory=list)
    apart: bool = False  # from the others, with whom it failed


class Together(Generic[Asked, Told]):
    """Does what is asked for while a transaction is under way in the next one, all of it.

    `work` is handed all that was asked for, and returns what each of them is told, in order.
    """

    def __init__(
        self, store: Store, work: Callable[[Work, Sequence[Asked]], Awaitable[Sequence[Told]]]
    ) -> None:
        self._store, self._work = store, work
        self._waiting: list[_One[Asked, Told]] = []
        self._turn = asyncio.Lock()

    async def do(self, asked: Asked) -> Told:
        """Have this done, and committed; raises what it raises, whatever becomes of the others."""
        mine = _One[Asked, Told](asked)
        self._waiting.append(mine)
        try:
            async with self._turn:  # whoever comes first does it for all who wait
                if not mine.told:
                    await self._do(mine)
        finally:
            self._waiting.remove(mine)
        return mine.told[0]

    async def _do(self, mine: _One[Asked, Told]) -> None:
        ones = [it for it in self._waiting if not (it.told or it.apart)]
        if len(ones) > 1 and not mine.apart:
            try:
                await self._commit(ones)
                return
            except Exception:
                logger.exception("not_done_together", count=len(ones))
                for it in ones:
                    it.apart = True
        await self._commit([mine])

    async def _commit(self, ones: Sequence[_One[Asked, Told]]) -> None:
        async with self._store.work() as work:
            told = await self._work(work, [it.asked for it in ones])
        for one, answer in zip(ones, told, strict=True):
            one.told.append(answer)
