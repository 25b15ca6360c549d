"""The one shape of every chat platform."""

from collections.abc import Awaitable, Callable, Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol, runtime_checkable

from agents.answer import Call, Card, Group, Picture
from agents.forms import Filled
from agents.quoting import Quoted
from agents.turn import Place
from bridges.beforehand import Opened, Peek, Press, Suggestion
from bridges.uploads import Upload


@dataclass(frozen=True, slots=True)
class Sender:
    """Who wrote or pressed, as their platform knows them."""

    id: str
    name: str
    language: str = "en"


@dataclass(frozen=True, slots=True)
class Under:
    """Messages of a place below which something was said or felt, the nearest first.

    The place is the one that they may have been sent to: of a thread, the channel it belongs to.
    """

    place_id: str
    message_ids: Sequence[str]


@dataclass(frozen=True, slots=True)
class Incoming:
    """One message, command or press from one person.

    `update_id` is unique on its platform and repeated when the platform repeats itself. Exactly one
    of `call` (an act named outright), `token` (a pressed button) and `text` (typed words, "" with
    only a picture) says what is wanted; `filled` holds what was typed into a button's blank, `form`
    what was filled into a form. `foreign` are pieces of the text that others chose: the names of
    those whom it mentions. `under` is what it was said below, where it does not name the bot;
    `message_id` is its own there. What was `overheard` was not said to the bot. `quoted` is what
    was said outside the feed and pointed at. `about` is the person in whose menu the call stands.
    `answers` is the id of the bot's own message that this one replies to. `shown` are the numbers
    of what stands on the message with the pressed button: "#12", "d1". `gone`: it was deleted.
    """

    update_id: str
    sender: Sender
    place: Place
    text: str = ""
    call: Call | None = None
    token: str | None = None
    filled: str | None = None
    uploads: Sequence[Upload] = ()
    foreign: Sequence[str] = ()
    under: Under | None = None
    message_id: str = ""
    overheard: bool = False
    form: Filled | None = None
    quoted: Quoted | None = None
    about: Sender | None = None
    answers: str = ""
    shown: Sequence[str] = ()
    gone: bool = False


@dataclass(frozen=True, slots=True)
class Felt:
    """Somebody put emoji on a message, or took some away."""

    sender: Sender
    place: Place
    under: Under
    added: Sequence[str] = ()
    removed: Sequence[str] = ()


@dataclass(frozen=True, slots=True)
class Posted:
    """A card of the feed that stands in a room, as it was known `at` a moment."""

    under: Under
    server_id: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Standing:
    """Who put which emoji on a card that stand there now; not `whole`: some are left out."""

    platform: str
    post: Posted
    given: Sequence[tuple[Sender, str]]
    whole: bool = True


@dataclass(frozen=True, slots=True)
class Reworded:
    """Somebody's message says something else now; None: it is gone."""

    platform: str
    under: Under
    text: str | None


@dataclass(frozen=True, slots=True)
class Moved:
    """A chat has another id."""

    platform: str
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class Presence:
    """The bot was removed from a server or group, or is in it again."""

    platform: str
    server_id: str
    there: bool


@dataclass(frozen=True, slots=True)
class Servers:
    """All servers in which the bot is, as a platform tells it at the beginning."""

    platform: str
    server_ids: Collection[str]


Happening = Felt | Standing | Reworded | Moved | Presence | Servers


@dataclass(frozen=True, slots=True)
class Part:
    """What one answer or one delivery shows.

    `labels` are words by which a place that sorts what is sent to it may sort this.
    `redrawn` are cards as they are now, for the message with the button that was pressed.
    """

    text: str = ""
    cards: Sequence[Card] = ()
    pictures: Sequence[Picture] = ()
    buttons: Sequence[Press] = ()
    private: bool = False
    labels: Sequence[str] = ()
    redrawn: Sequence[Card] = ()
    groups: Sequence[Group] = ()


class Reply(Protocol):
    """The way back to one incoming message."""

    async def stream(self, text: str) -> None:
        """Show how far the answer has grown ("": somebody thinks of it); may skip, never fails."""
        ...

    async def show(self, part: Part) -> Sequence[str] | None:
        """Show the answer, in as many platform messages as it takes.

        Returns their ids where the platform tells what people feel about them, else None.
        Raises Unavailable (not taken), Unknown (perhaps taken) or Gone (stop trying).
        """
        ...


class Door(Protocol):
    """All that a platform may ask of Jamfeed."""

    async def receive(self, incoming: Incoming, reply: Reply) -> None:
        """Answer one message; returns when it is answered or known before. Never raises."""
        ...

    async def notice(self, happening: Happening) -> None:
        """Take in what happened in rooms that nobody is answered for. Never raises."""
        ...

    async def posts(self, platform: str) -> Sequence[Posted]:
        """The cards that were posted lately in bound rooms of a platform, newest first."""
        ...

    async def suggest(
        self, sender: Sender, platform: str, call: Call, parameter: str
    ) -> Sequence[Suggestion]:
        """At most 25 offers for the half-typed parameter of a call; quick."""
        ...

    async def form(
        self, sender: Sender, platform: str, wanted: Call | str, quoted: Quoted | None = None
    ) -> Opened | None:
        """The form that a call or a button's token opens for this person; None: pass it on."""
        ...

    async def peek(self, sender: Sender, platform: str, token: str) -> Peek | None:
        """What a button needs before this person's press is answered.

        None when it is no longer stored or not for them: pressing it says why.
        """
        ...

    async def spent(self, tokens: Sequence[str]) -> frozenset[str]:
        """Which of the buttons under one message nobody can press any more."""
        ...

    async def listens(self, place: Place) -> bool:
        """Whether a moderator lets what people say to each other in this room be read."""
        ...

    async def reachable(self, sender: Sender, place: Place, *, now: bool) -> None:
        """Note whether somebody can be written to in their private place, when that changes."""
        ...


class Bridge(Protocol):
    """A chat platform. An adapter translates; it decides nothing."""

    @property
    def platform(self) -> str:
        """Its name, as identities carry it."""
        ...

    @property
    def repeatable(self) -> bool:
        """Whether sending again under the same key, minutes later, shows nothing twice."""
        ...

    async def run(self, door: Door, ready: Callable[[], None]) -> None:
        """Pass on every message until cancelled; then leave the platform tidily.

        Messages are passed on side by side, those of one sender in order. Calls `ready` once
        messages are taken in.

        Raises:
            ConfigurationError: the platform refuses the token.
            Unavailable: the platform cannot be reached; the supervisor tries again.
        """
        ...

    async def who(self) -> str:
        """The name the platform knows the bot by, so that a token can be checked.

        Raises:
            ConfigurationError: the platform refuses the token.
            Unavailable: the platform cannot be reached.
        """
        ...

    async def send(self, place_id: str, part: Part, *, key: str, under: str | None = None) -> str:
        """Post exactly one platform message and return its id there.

        It stands below the message `under`, if one is named. The key (at most 25 characters) makes
        a repeat harmless where the platform can. Raises Unavailable (not taken), Unknown (perhaps
        taken), Gone (stop trying) or MessageGone (what it was to stand below is not there).
        """
        ...

    async def edit(
        self, place_id: str, message_id: str, part: Part | None, *, under: str | None = None
    ) -> None:
        """Let a message that was sent, `under` which one, show this; a repeat is harmless.

        Without a part it goes away, or where it cannot, it says nothing any more.

        Raises as `send` does; MessageGone when the message is not there any more.
        """
        ...

    async def open_thread(self, place_id: str, name: str) -> str | None:
        """Begin a thread of this name in a place and return its id; None where there are none."""
        ...


class NotOwed(Exception):  # nothing is wrong: it is settled already
    """A delivery that waited is owed no more, and is not sent."""


@runtime_checkable
class HoldsBack(Protocol):
    """A bridge in which a delivery may wait, so that answers go first."""

    async def send_late(
        self,
        place_id: str,
        part: Part,
        *,
        key: str,
        under: str | None,
        may_go: Callable[[], Awaitable[None]],
    ) -> str:
        """As `send`; `may_go` is awaited when nothing is in the way of the message any more.

        What it raises is raised, and nothing is sent then. It may be awaited more than once.
        """
        ...
