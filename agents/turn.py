"""Who acts, through what, and where; handed to every act, never chosen by a model."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Protocol, TypeVar

from pydantic import BaseModel

from agents.answer import Call
from agents.doorways import Doorways
from agents.lasting import Digester, Learns, Reads
from agents.own_data import OwnData
from agents.profile import Profile
from agents.quoting import Quoted
from agents.recaps import Wanted
from agents.shown import Shown
from agents.speech import Transcriber
from agents.threads_opened import Threads
from agents.tone import Tone
from feed_core.errors import JamfeedError
from feed_core.media import MediaShelf
from feed_core.services.gate import Check
from feed_core.services.live import Live
from feed_core.services.room_posts import Origin
from feed_core.services.sight import Reader
from feed_core.states import CreationKind
from feed_core.store import Store, Work
from memory.meaning import Meaning
from memory.remembering import Memories


class Through(StrEnum):
    """By whose doing an act runs."""

    HAND = "hand"  # the member named or pressed it
    WORDS = "words"  # the member said so in plain words, as far as they were understood
    AGENT = "agent"  # the member's agent decided on it


class Authority(StrEnum):
    """What somebody has to be to do something."""

    MEMBER = "member"
    MODERATOR = "moderator"


@dataclass(frozen=True, slots=True)
class Place:
    """Where something was said.

    `private`: only the member and their agent are there. `open`: everybody may read along, so that
    what is made there may be seen anywhere. `room`: the id of the room that all share whose private
    place this is, on a platform that has no others. `name` is how people call it, `server_id` and
    `server` what it belongs to, `parent` and `parent_name` the channel, forum or group of which it
    is a thread or topic; "" where there is none or the platform does not say.
    """

    platform: str
    id: str
    private: bool
    open: bool = True
    room: str = ""
    name: str = ""
    server_id: str = ""
    server: str = ""
    parent: str = ""
    parent_name: str = ""

    @property
    def key(self) -> str:
        """The place among those of all platforms."""
        return f"{self.platform}:{self.id}"


@dataclass(frozen=True, slots=True)
class Writing:
    """What a model wrote, and which model."""

    title: str
    body: str
    model: str


Form = TypeVar("Form", bound=BaseModel)


class Writer(Protocol):
    """A language model that reads what others wrote, has no tools and returns a typed object."""

    @property
    def room(self) -> int:
        """How many characters of material every model of the chain can read at once."""
        ...

    async def write(
        self,
        *,
        member_id: int,
        wish: str,
        sources: Sequence[str],
        purpose: str,
        background: bool = False,
    ) -> Writing:
        """Write what is wished for from the sources, which are data.

        `background`: nobody asked for it just now.

        Raises:
            Unavailable: no model of the chain answered.
            BudgetSpent: the member may spend no more today.
        """
        ...

    async def fill(
        self,
        form: type[Form],
        *,
        member_id: int,
        wish: str,
        sources: Sequence[str],
        purpose: str,
        background: bool = False,
    ) -> Form:
        """Fill a form from the sources, which are data; `background`: nobody asked for it just now.

        Raises:
            Unavailable: no model of the chain answered, or none filled it.
            BudgetSpent: the member may spend no more today.
        """
        ...


@dataclass(frozen=True, slots=True)
class Drawn:
    """What a picture model sent, and its name."""

    picture: bytes
    model: str


class Painter(Protocol):
    """A picture model."""

    async def paint(self, *, member_id: int, prompt: str, background: bool = False) -> Drawn:
        """A picture of what the prompt says, as bytes that nobody has looked at yet.

        `background`: nobody asked for it just now.

        Raises:
            PictureDeclined: the words are against the rules of who runs the model.
            Unavailable: no picture model answered with a picture.
            BudgetSpent: the member may spend no more.
        """
        ...


class Interpreter(Protocol):
    """Understands a request as one act call."""

    async def call(self, turn: "Turn", text: str) -> Call:
        """The call that a command or plain words stand for, complete.

        Raises:
            NotUnderstood: no act is meant for sure.
            UnknownAct, MissingArgument, BadArgument: it is no call that could be done.
        """
        ...

    def may_stand(self, call: Call) -> bool:
        """Whether an agent may do it at set hours, with nobody looking."""
        ...

    def is_seen(self, call: Call) -> bool:
        """Whether others see what it does."""
        ...


@dataclass(frozen=True, slots=True)
class Parts:
    """What acts work with; put together by `bridges/app.py`.

    `models` are the names of the language models, in the order in which they are asked. `paces` is
    how many messages may go unasked in a second, by platform.
    """

    store: Store
    media: MediaShelf
    memories: Memories
    meaning: Meaning
    profile: Profile
    check: Check
    digester: Digester
    live: Live
    own_data: OwnData
    learner: Learns
    tone: Tone
    writer: Writer | None = None
    readings: Reads | None = None
    painter: Painter | None = None
    transcriber: Transcriber | None = None
    interpreter: Interpreter | None = None
    models: Sequence[str] = ()
    paces: Mapping[str, float] = field(default_factory=dict)
    shown: Shown = field(default_factory=Shown)
    recaps: Wanted = field(default_factory=Wanted)
    threads: Threads = field(default_factory=Threads)
    doorways: Doorways = field(default_factory=Doorways)


@dataclass(frozen=True, slots=True)
class Sent:
    """A stored file that came along: its hash, MIME type, and what its sender said it shows."""

    hash: str
    type: str
    alt: str = ""

    @property
    def kind(self) -> CreationKind:
        """What a creation that shows it is."""
        match self.type.partition("/")[0]:
            case "audio":
                return CreationKind.AUDIO
            case "video":
                return CreationKind.VIDEO
            case _:
                return CreationKind.IMAGE


@dataclass(slots=True)
class Heard:
    """What the model has said in its present call, and why it broke off, if it did.

    `tell` is for a client of a model that is quicker to say so itself.
    """

    words: str = ""
    trouble: JamfeedError | None = None
    tell: Callable[[str], Awaitable[None]] | None = None


Record = Callable[[Work], Awaitable[None]]


@dataclass(frozen=True, slots=True)
class Turn:
    """One member doing one thing in one place; `room_id` is the room's row outside private chats.

    `files` came along; `shown_hash` is the content under which the member pressed a button;
    `inbox_id` is the message that began it all. `offered` are the acts
    that its agent's model is offered, all when None; `granted` is what the platform lets them do
    there beyond what `agents.yaml` says; `foreign` are pieces of what was typed that others chose,
    such as the names of those whom it mentions; `heard` is what its agent's model says;
    `origin` is the message of a bound room by which it is said, without a word to the bot;
    `quoted` is what the member points at outside the feed;
    `background`: a standing order has come due, and nobody asked for it just now; `records` are
    written down in one transaction when the answer was shown. `digest_id`: the digest that they
    answer to, or were shown just before, whose numbers they may mean.
    """

    member_id: int
    through: Through
    place: Place
    language: str
    zone: str
    parts: Parts
    room_id: int | None = None
    files: tuple[Sent, ...] = ()
    shown_hash: str = ""
    inbox_id: int | None = None
    offered: frozenset[str] | None = None
    granted: frozenset[Authority] = frozenset()
    foreign: tuple[str, ...] = ()
    heard: Heard = field(default_factory=Heard)
    origin: Origin | None = None
    quoted: Quoted | None = None
    background: bool = False
    records: list[Record] = field(default_factory=list)
    digest_id: int | None = None

    @property
    def reader(self) -> Reader:
        """The member as one who looks at creations, here."""
        return Reader(self.member_id, self.room_id)

    @property
    def store(self) -> Store:
        """The database."""
        return self.parts.store

    @property
    def now(self) -> datetime:
        """The moment, in UTC."""
        return self.parts.store.clock.now()
