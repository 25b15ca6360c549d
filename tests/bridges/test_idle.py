"""A whole Jamfeed over a day on which nothing happens, with a language model at hand."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path

from agents.compose import Composer
from agents.learner import PAUSE
from agents.turn import Place
from bridges.app import App, open_app
from bridges.clockwork import Clockwork
from bridges.outbox import Outbox
from bridges.protocol import Incoming, Sender
from bridges.running import Renderer
from bridges.settings import Settings
from tests.agents.thinking import fake
from tests.agents.world import Shown
from tests.fakes.bridge import RecordingBridge
from tests.fakes.clock import FixedClock
from tests.fakes.openai import FakeOpenAI

__all__ = ["fake"]  # a fixture

MONDAY = datetime(2026, 11, 23, 10, tzinfo=UTC)
STEP = timedelta(minutes=90)
DAY = timedelta(hours=24)


class Day:
    """The running program, its time moved on by hand."""

    def __init__(self, app: App, clock: FixedClock) -> None:
        self.app, self.clock, self.bridge = app, clock, RecordingBridge()
        self.updates = 0
        self.outbox = Outbox(
            app.store, app.bus, [self.bridge], Renderer(app).render, lambda _: True
        )
        self.clockwork = Clockwork(
            app.store,
            app.parts.check,
            self,
            self.outbox.nudge,
            app.follow,
            app.sweep,
            learn=app.learner.learn_due,
            order=app.orders.step,
        )

    async def begin(self, batches: Sequence[int]) -> None:
        for batch in batches:
            await Composer(self.app.store, self.app.parts.live).compose_batch(batch)

    async def say(self, name: str, text: str) -> str:
        self.updates += 1
        shown = Shown()
        place = Place("recording", f"home-{name}", private=True)
        sender = Sender(name, name)
        await self.app.inbox.receive(Incoming(f"u{self.updates}", sender, place, text), shown)
        return shown.text

    async def passes(self, time: timedelta) -> None:
        end = self.clock.now() + time
        while self.clock.now() < end:
            self.clock.go_on(STEP)
            await self.clockwork.tick()
            await self.clockwork.order()
            await self.clockwork.learn()
            await self.app.recapper.recap_due()
            await self.outbox.step()
        await self.clockwork.tidy()


async def test_an_idle_day_and_a_new_comment_ask_no_model(tmp_path: Path, fake: FakeOpenAI) -> None:
    clock = FixedClock(MONDAY)
    settings = Settings(home=tmp_path, model="openai:stub")
    async with open_app(settings, clock) as app:
        day = Day(app, clock)
        await day.say("ben", "/create Rain: all night on the tin roof")
        await day.say("ben", "/create Moth: a small grey prayer")
        for name in ("ana", "ben"):
            await day.say(name, "/remember I love haiku")
            assert "every day at 08:00" in await day.say(name, "/digest set 8:00")
        assert "o1" in await day.say("ana", "/order add every day at 9:00: /remix 1,2 freely")
        assert "rests" in await day.say("ana", "/order pause o1")
        await day.say("ana", "I was thinking about the sea again today")
        fake.answers({"notes": []})  # what is learned from it, when the talk has paused
        await day.passes(PAUSE)
        asked = len(fake.requests)
        assert asked == 2

        await day.passes(DAY)
        assert len(fake.requests) == asked
        assert [it.place for it in day.bridge.arrivals] == ["home-ana"]  # her digest

        await day.say("ana", "/comment 1 so wet")
        await day.passes(DAY / 4)
        assert len(fake.requests) == asked  # whoever wants it summed up asks for that

        assert "stands" in await day.say("ana", "/order resume o1")
        fake.answers("Rain and moth\nBoth were here.")
        await day.passes(DAY)
        assert len(fake.requests) == asked + 1  # the order's own
        assert "o1" in day.bridge.arrivals[-1].text
