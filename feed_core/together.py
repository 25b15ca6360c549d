"""What many ask for at about the same time, done for all of them in one go."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

from feed_core.store import Store, Work

T = TypeVar("T")
R = TypeVar("R")


@dataclass(eq=False, slots=True)
class _Asked(Generic[T, R]):
    it: T
    found: tuple[R] | None = None
    alone: bool = False  # with others it failed


class Together(Generic[T, R]):
    """Does for those who wait, at most `most` at a time, what one of them would have done alone.

    One batch after the other is done, by whoever's turn it is; who comes meanwhile waits for the
    next. Where a batch fails, each of it is done alone, so that none fails for another's sake.
    """

    def __init__(self, do: Callable[[Sequence[T]], Awaitable[Sequence[R]]], most: int) -> None:
        """`do` returns one result for each that it is given, in their order."""
        self._do, self._most = do, most
        self._waiting: list[_Asked[T, R]] = []
        self._turn = asyncio.Lock()

    async def ask(self, it: T) -> R:
        """What comes of it; raises whatever doing it alone does."""
        asked: _Asked[T, R] = _Asked(it)
        self._waiting.append(asked)
        try:
            await asyncio.sleep(0)  # others may ask before the first batch begins
            async with self._turn:
                if asked.found is None:
                    await self._take_along(asked)
        finally:
            self._waiting.remove(asked)
        assert asked.found is not None
        return asked.found[0]

    async def _take_along(self, asked: _Asked[T, R]) -> None:
        others = [
            it for it in self._waiting if it.found is None and not it.alone and it is not asked
        ]
        batch = [asked] if asked.alone else [asked, *others[: self._most - 1]]
        try:
            found = await self._do([it.it for it in batch])
        except Exception:
            if len(batch) == 1:
                raise
            for it in batch:
                it.alone = True
            batch, found = [asked], await self._do([asked.it])
        for it, result in zip(batch, found, strict=True):
            it.found = (result,)


def committed(
    store: Store, work: Callable[[Work, Sequence[T]], Awaitable[Sequence[R]]], *, most: int
) -> Together[T, R]:
    """Does it for all who wait in one transaction: a commit costs more than what it writes."""

    async def do(them: Sequence[T]) -> Sequence[R]:
        async with store.work() as opened:
            return await work(opened, them)

    return Together(do, most)
