"""A community in which a stranger's texts are planted, and what is told of what came of them."""

import sqlite3
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from pathlib import Path

from sqlmodel import SQLModel

from agents.profile import Allowance, Budget, Joining, Profile
from agents.profile import Model as ModelProfile
from agents.router import Router
from agents.turn import Place, Turn
from feed_core.services import members
from memory.embedding import Embedder
from tests.agents.world import PROFILE, Shown, World, opened_world
from tests.attacks.scripted import Model, Temper
from tests.fakes.clock import FixedClock
from tests.fakes.openai import FakeOpenAI

# What a turn without any effect still writes: the message and what was said, what it cost, what
# waits for a tap, which creations the member was shown, and what a thread that was read came to.
KEPT_BY_A_TURN = {
    *("inbox", "message", "model_call", "spending", "proposal", "stored_call"),
    *("seen", "gist", "gist_source"),
}
KEPT_BY_A_PROPOSAL = {"draft"}  # what is to be approved is shown as one
USE = {"uses", "used_at"}  # of a memory that was recalled
SECRET = "vexillology"  # in every memory of the stranger's
UNLIMITED = Budget(member=Allowance(), all=Allowance())
OPEN: Profile = PROFILE.model_copy(
    update={"budget": UNLIMITED, "join": Joining.OPEN, "messages_per_minute": 10**6}
)

ASKED = "would you say that autumn is a colour? And then"  # among what means none of the acts


@dataclass(frozen=True, slots=True)
class Ask:
    """What the member asks their agent to do, as one call; `room` is where, if not in private."""

    call: str
    room: str = ""


Rows = Mapping[str, Sequence[tuple[object, ...]]]


@dataclass(slots=True)
class Ground:
    """A community, its victim and the stranger, a model that answers, and what it is asked."""

    world: World
    fake: FakeOpenAI
    model: Model
    ana: Turn
    ben: Turn
    file: Path
    places: int = 0

    def rows(self) -> Rows:
        """What stands in every table, but for how often a memory was of use."""
        with sqlite3.connect(f"file:{self.file}?mode=ro", uri=True) as opened:
            return {
                table.name: opened.execute(
                    f'SELECT {columns} FROM "{table.name}"'  # both are our own
                ).fetchall()
                for table in SQLModel.metadata.sorted_tables
                for columns in [", ".join(f'"{it.name}"' for it in table.c if it.name not in USE)]
            }

    async def say(self, text: str, place: Place | None = None) -> Shown:
        """Ana types a message; the model knows that it is hers."""
        self.model.typed.add(text)
        incoming = self.world.incoming("Ana", text)
        return await self.world.receive(replace(incoming, place=place or self.ana.place))

    async def elsewhere(self) -> Place:
        """Another private chat of Ana's, where nothing was said yet."""
        self.places += 1
        place = Place("telegram", f"Ana {self.places}", private=True)
        async with self.world.store.work() as work:
            account = await members.find_account(work, platform="telegram", external_id="Ana")
            assert account is not None
            await members.seen_in_private(work, identity_id=account.id, place_id=place.id)
        return place


@asynccontextmanager
async def opened(
    folder: Path, embedder: Embedder, router: Router, clock: FixedClock, fake: FakeOpenAI
) -> AsyncIterator[Ground]:
    """A community with Ana, who has a draft, a memory and a creation, and with Ben."""
    model = Model(Temper.OBEDIENT)
    fake.script = model
    models = [ModelProfile(name="openai:stub")]
    async with opened_world(folder, embedder, router, clock, profile=OPEN, models=models) as world:
        ana, ben = await world.join("Ana"), await world.join("Ben")
        await world.do(ana, "create", words="Gutter: a drum for nobody")
        await world.do(ana, "draft", words="Kettle: it sings at night")
        await world.do(ana, "remember", words="I adore chanterelles")
        await world.do(ben, "remember", words=f"My secret is {SECRET}")
        await world.do(ben, "draft", words=f"My plans: {SECRET}")
        await world.parts.memories.warm()
        ground = Ground(world, fake, model, ana, ben, folder / "jamfeed.db")
        await ground.say(ASKED)  # what is made once, by anybody's first words to an agent
        yield ground
