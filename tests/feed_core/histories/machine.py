"""A community in which anything happens in any order, on a real database."""

import asyncio
from collections.abc import Awaitable, Callable, Coroutine
from contextlib import AbstractContextManager, ExitStack
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, ClassVar, TypeVar

import pytest
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule
from hypothesis.strategies import SearchStrategy

from feed_core.bus import Bus
from feed_core.database import Place
from feed_core.services.live import Live
from feed_core.services.sight import Reader
from feed_core.states import Outcome, Visibility
from feed_core.store import Store, Work
from tests.fakes.clock import FixedClock
from tests.fakes.community import join
from tests.fakes.meaning import FirstWords
from tests.feed_core.histories import looking
from tests.feed_core.histories.model import Feed, Made, Refused
from tests.feed_core.pieces import room

T = TypeVar("T")
Places = Callable[[], AbstractContextManager[Place]]
NAMES = ("Ana", "Ben", "Cleo", "Mo")  # Mo moderates, and makes nothing
MAKERS = range(3)
NOW = datetime(2026, 3, 14, 12, tzinfo=UTC)
LETTERS = "bcdfghjklmnpqrtvwxyz"

creations = st.integers(0, 999)  # of those that there are, modulo their count
people = st.sampled_from(range(len(NAMES)))
makers = st.sampled_from(MAKERS)
# Most things are done by who may, pass and are for everybody: else there is little to look at.
hands = st.sampled_from([*[None] * 6, *MAKERS])  # None is whoever made it
later = st.sampled_from([False, False, False, True])
outcomes = st.sampled_from([*[Outcome.PASS] * 4, Outcome.HOLD, Outcome.BLOCK])
visibilities = st.sampled_from([*[Visibility.EVERYONE] * 4, Visibility.ROOM, Visibility.ONLY_ME])


@dataclass(frozen=True)
class Deed:
    """Something that can be done at any time, and what has to be drawn for it."""

    do: Callable[..., Coroutine[Any, Any, object]]
    drawn: dict[str, SearchStrategy[Any]]


def deed(**drawn: SearchStrategy[Any]) -> Callable[[Callable[..., Any]], Deed]:
    """Have the function done now and then, with what is drawn."""
    return lambda function: Deed(function, drawn)


class Machine(RuleBasedStateMachine):
    """Members to whom things happen; after every step somebody looks at some of it."""

    places: ClassVar[Places]

    def __init__(self) -> None:
        super().__init__()
        self.stack = ExitStack()
        place = self.stack.enter_context(type(self).places())
        self.runner = self.stack.enter_context(asyncio.Runner())
        self.clock, self.bus, self.feed = FixedClock(NOW), Bus(), Feed()
        self.steps = self.words = 0
        self.store = self.runner.run(self._opened(place))
        self.live = Live(self.store, FirstWords(self.store))
        self.bus.subscribe(self.live.hear)

    async def _opened(self, place: Place) -> Store:
        store = Store(place, self.clock, self.bus)
        self.members = [(await join(store, it))[0] for it in NAMES]
        self.room = await room(store)
        return store

    def teardown(self) -> None:
        self.runner.run(self._looked_at_at_last())
        self.runner.run(self.live.close())
        self.runner.run(self.store.close())
        self.stack.close()

    @property
    def now(self) -> datetime:
        return self.clock.now()

    def reader(self, person: int, *, inside: bool = False) -> Reader:
        return Reader(self.members[person], self.room if inside else None)

    def word(self) -> str:
        """A word that nothing else holds."""
        self.words += 1
        ones, tens = self.words % len(LETTERS), self.words // len(LETTERS)
        return f"q{LETTERS[tens]}u{LETTERS[ones]}a"

    async def expect(self, refused: Refused, act: Callable[[Work], Awaitable[T]]) -> T | None:
        """What comes of doing it, or None where it is refused just so."""
        if refused is None:
            async with self.store.work() as work:
                return await act(work)
        with pytest.raises(refused) as told:
            async with self.store.work() as work:
                await act(work)
        assert type(told.value) is refused
        return None

    # What everybody sees after every step

    @invariant()
    def everything_is_as_it_was_left(self) -> None:
        self.runner.run(self._looked_at())

    async def _looked_at(self) -> None:
        self.steps += 1
        window = await self.live.window() if self.steps % 6 == 0 else None
        async with self.store.read() as view:
            await looking.stands(view, self.feed)
            reader = self.reader(self.steps // 3 % len(NAMES), inside=self.steps % 5 == 0)
            if window is not None:
                await looking.around(view, self.feed, window, reader)
            elif self.feed.made and self.steps % 3 == 1:
                await looking.at(view, self.feed, self.numbered(self.steps * 5).number, reader)

    async def _looked_at_at_last(self) -> None:
        window = await self.live.window()
        async with self.store.read() as view:
            for person in range(0, len(NAMES), 2):
                await looking.around(view, self.feed, window, self.reader(person, inside=True))

    # What happens

    # One rule for all, because of several Hypothesis leaves out some in each history: good for many
    # short ones, but a few long ones would all be dull.
    @rule(data=st.data())
    def something_happens(self, data: st.DataObject) -> None:
        deeds = {
            name: it
            for family in type(self).__mro__
            for name, it in vars(family).items()
            if isinstance(it, Deed)
        }
        often = ["answer_for_one", "answer_for_one", "edit", "mute", "withdraw", *["publish"] * 4]
        name = data.draw(st.sampled_from([*sorted(deeds), *often]), label="deed")
        given = {it: data.draw(of, label=it) for it, of in deeds[name].drawn.items()}
        self.runner.run(deeds[name].do(self, **given))
        self.clock.go_on(timedelta(minutes=1))

    def numbered(self, which: int) -> Made:
        """One of those that there are."""
        return list(self.feed.made.values())[which % len(self.feed.made)]

    def member(self, made: Made, by: int | None) -> int:
        """Whose hand it is."""
        return made.author if by is None else self.members[by]
