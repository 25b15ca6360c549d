"""One Jamfeed without bridges: real database, index and embedder, people who talk to it."""

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path

from agents.acts.listing import all_acts
from agents.answer import Answer, Call
from agents.compose import Composer
from agents.desk import Desk
from agents.interpreting import WordsToCall
from agents.learner import Learner
from agents.limits import Limits
from agents.model import Chain
from agents.ordering import Orders
from agents.own_data import OwnData
from agents.policy import gate
from agents.profile import Model, Persona, Profile
from agents.recapping import Recapper
from agents.router import Router
from agents.spending import Ledger
from agents.talk import Talk
from agents.tone import Tone
from agents.turn import Parts, Place, Through, Turn
from agents.writing import ModelWriter
from bridges.admission import Admission
from bridges.faces import read_line
from bridges.inbox import Inbox
from bridges.protocol import Incoming, Part, Sender
from feed_core.bus import Bus
from feed_core.media import MediaShelf
from feed_core.services import calls, members
from feed_core.services.live import Live
from feed_core.store import Store
from memory.embedding import Embedder
from memory.index import Index
from memory.meaning import Meaning
from memory.remembering import Memories
from tests.fakes.clock import FixedClock
from tests.fakes.community import opened

PROFILE = Profile(personas={"muse": Persona(name="Muse", voice="Brief.")})


@dataclass(slots=True)
class Shown:
    """The way back to one message: what came along it. `ids` are those of its messages there."""

    streamed: list[str] = field(default_factory=list)
    parts: list[Part] = field(default_factory=list)
    ids: Sequence[str] | None = None

    async def stream(self, text: str) -> None:
        self.streamed.append(text)

    async def show(self, part: Part) -> Sequence[str] | None:
        self.parts.append(part)
        return self.ids

    @property
    def text(self) -> str:
        return "\n".join(it.text for it in self.parts)


@dataclass(slots=True)
class World:
    """All parts, and short ways to use them."""

    clock: FixedClock
    parts: Parts
    desk: Desk
    talk: Talk
    inbox: Inbox
    learner: Learner
    recapper: Recapper
    orders: Orders
    updates: int = 0

    @property
    def store(self) -> Store:
        return self.parts.store

    async def join(self, name: str, *, platform: str = "telegram") -> Turn:
        """A new member in their private chat, doing something by hand."""
        async with self.store.work() as work:
            identity, _ = await members.join(
                work, platform=platform, external_id=name, name=name, persona="muse"
            )
            assert identity.id is not None
            await members.seen_in_private(work, identity_id=identity.id, place_id=name)
        return Turn(
            member_id=identity.member_id,
            through=Through.HAND,
            place=Place(platform, name, private=True),
            language="en",
            zone="UTC",
            parts=self.parts,
        )

    async def do(self, turn: Turn, act: str, **arguments: object) -> Answer:
        return await self.desk.do(turn, Call(act, arguments))  # type: ignore[arg-type]  # as typed

    async def by_agent(self, turn: Turn, act: str, **arguments: object) -> Answer:
        return await self.do(replace(turn, through=Through.AGENT), act, **arguments)

    async def press(
        self, turn: Turn, answer: Answer, label: str, filled: str | None = None
    ) -> Answer:
        return await self.desk.press(turn, await self.token(turn, answer, label), filled=filled)

    async def token(self, turn: Turn, answer: Answer, label: str) -> str:
        """The stored call behind a button of an answer."""
        button = next(it for it in answer.buttons if it.label == label)
        waiting = self.desk.waiting([button], asker_id=turn.member_id)
        async with self.store.work() as work:
            (token,) = await calls.store(work, waiting)
        return token

    async def say(self, turn: Turn, text: str, reply: Shown | None = None) -> Answer:
        """Talk in free words; what the conversation keeps is kept, as by the inbox."""
        answer = await self.talk.answer(turn, text, (reply or Shown()).stream)
        async with self.store.work() as work:
            for record in turn.records:
                await record(work)
        turn.records.clear()
        return answer

    async def receive(self, incoming: Incoming, reply: Shown | None = None) -> Shown:
        shown = reply or Shown()
        await self.inbox.receive(incoming, shown)
        return shown

    def incoming(self, name: str, text: str = "", *, platform: str = "telegram") -> Incoming:
        """A private message of somebody, with an update id of its own."""
        self.updates += 1
        place = Place(platform, name, private=True)
        return Incoming(f"u{self.updates}", Sender(name, name), place, text=text)


@asynccontextmanager
async def opened_world(
    folder: Path,
    embedder: Embedder,
    router: Router,
    clock: FixedClock,
    *,
    desk: Desk | None = None,
    profile: Profile = PROFILE,
    models: Sequence[Model] = (),
    limits: Limits | None = None,
) -> AsyncIterator[World]:
    """Everything joined as the program joins it, in this folder."""
    bus = Bus()
    store = opened(folder, clock, bus)
    index = Index(folder / "chroma", embedder=embedder.name, dimension=embedder.dimension)
    meaning = Meaning(store, folder / "creations.vectors", embedder)
    live = Live(store, meaning)
    bus.subscribe(live.hear)
    chain = Chain(models, limits)
    ledger = Ledger(store, profile)
    desk = desk or Desk(all_acts())
    writer = ModelWriter(chain, ledger) if models else None
    memories = Memories(store, index, embedder)
    learner = Learner(store, memories, writer)
    parts = Parts(
        store=store,
        media=MediaShelf(folder / "media"),
        memories=memories,
        meaning=meaning,
        profile=profile,
        check=gate(profile.moderation, store),
        digester=Composer(store, live, writer),
        live=live,
        own_data=OwnData(store, MediaShelf(folder / "media"), memories),
        learner=learner,
        tone=Tone(embedder),
        writer=writer,
        interpreter=WordsToCall(desk.acts, router, read_line),
        models=[it.name for it in models],
    )
    talk = Talk(desk, router, chain, ledger)
    inbox = Inbox(parts, desk, talk, Admission(profile), bus, pauses=(0.0,))
    recapper = Recapper(store, parts.recaps, writer)
    try:
        yield World(clock, parts, desk, talk, inbox, learner, recapper, Orders(desk, parts))
    finally:
        await learner.close()
        await chain.close()
        await live.close()
        await meaning.close()
        await index.close()
        await store.close()
