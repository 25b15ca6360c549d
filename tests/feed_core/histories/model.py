"""A feed in plain Python: what has happened, and so what everybody may see of it."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

import networkx as nx

from feed_core.errors import Blocked, CreationNotFound, CreationWithdrawn, Held, RemixNotAllowed
from feed_core.models.consent import ConsentChange
from feed_core.models.curation import Followed
from feed_core.services.asking import NO_STANDS
from feed_core.services.consent import HOUSE
from feed_core.services.curation import Subject
from feed_core.services.remixing import AskFirst, MakerMuted, ThreadMuted
from feed_core.services.sight import Reader
from feed_core.states import (
    CommentState,
    CreationState,
    Permission,
    ProposalState,
    Purpose,
    RevisionState,
    Visibility,
)

Answers = dict[Purpose, Permission]
Change = tuple[int, int | None, Purpose, Permission, Permission, datetime]
Refused = type[Exception] | None
STRICTNESS = (Permission.YES, Permission.ASK, Permission.NO)
LATELY = timedelta(days=1)


@dataclass
class Edit:
    """An edit that is being checked, or was held; `word` is what it would say."""

    number: int
    word: str
    state: RevisionState = RevisionState.CHECKING


@dataclass
class Reported:
    """One member's report of what a creation said then."""

    member: int
    word: str
    at: datetime
    open: bool = True


@dataclass
class Made:
    """A creation; `words` are what its versions said, one word each, the newest last."""

    number: int
    author: int
    theme: str
    words: list[str]
    tags: Sequence[str]
    visibility: Visibility
    room: int | None
    own: Answers
    state: CreationState = CreationState.CHECKING
    joined: datetime | None = None
    edits: list[Edit] = field(default_factory=list)
    reports: list[Reported] = field(default_factory=list)
    approved: set[str] = field(default_factory=set)
    likes: set[int] = field(default_factory=set)

    @property
    def title(self) -> str:
        return f"{self.theme} {self.words[-1]}"

    @property
    def text(self) -> str:
        """What others read of it."""
        return "" if self.state is CreationState.WITHDRAWN else f"{self.title} {self.body}"

    @property
    def body(self) -> str:
        return "All about weather."

    @property
    def held(self) -> Edit | None:
        """The edit that waits for a moderator."""
        waiting = [it for it in self.edits if it.state is RevisionState.HELD]
        return waiting[-1] if waiting else None


@dataclass
class Said:
    """A comment."""

    number: int
    about: int
    author: int
    word: str
    at: datetime
    state: CommentState


@dataclass
class Question:
    """What an asker wants to know of a maker."""

    number: int
    creation: int
    asker: int
    maker: int
    expires: datetime
    state: ProposalState = ProposalState.OPEN
    answered: datetime | None = None

    def stands(self, now: datetime) -> bool:
        """Whether its no is not old yet."""
        return (
            self.state is ProposalState.DECLINED
            and self.answered is not None
            and self.answered > now - NO_STANDS
        )


class Feed:
    """All that was made and said; `graph` leads from parents to what was made of them."""

    def __init__(self) -> None:
        self.graph: nx.DiGraph[int] = nx.DiGraph()
        self.made: dict[int, Made] = {}
        self.said: dict[int, Said] = {}
        self.questions: list[Question] = []
        self.defaults: dict[int, Answers] = {}
        self.changes: list[Change] = []
        self.mutes: dict[int, set[Subject]] = {}
        self.hidden: set[tuple[int, int]] = set()

    def add(self, made: Made, parents: Iterable[int]) -> None:
        self.made[made.number] = made
        self.graph.add_node(made.number)
        self.graph.add_edges_from((it, made.number) for it in parents)

    def default(self, member: int) -> Answers:
        return {**HOUSE, **self.defaults.get(member, {})}

    def holds(self, number: int, purpose: Purpose) -> Permission:
        """The strictest answer of all who made it, and what it was made from."""
        line = nx.ancestors(self.graph, number) | {number}
        return max((self.made[it].own[purpose] for it in line), key=STRICTNESS.index)

    # Who may see what

    def open_to(self, made: Made, reader: Reader) -> bool:
        if made.visibility is Visibility.EVERYONE or made.author == reader.member_id:
            return True
        return made.visibility is Visibility.ROOM and made.room == reader.room_id is not None

    def seen(self, made: Made, reader: Reader) -> bool:
        return made.state is CreationState.PUBLISHED and self.open_to(made, reader)

    def placed(self, made: Made, reader: Reader) -> bool:
        shown = made.state is CreationState.PUBLISHED or (
            made.state is CreationState.WITHDRAWN and made.joined is not None
        )
        return shown and self.open_to(made, reader)

    def wanted(self, made: Made, reader: Reader, *, threads: bool = True) -> bool:
        """Whether the reader hid and muted nothing of it."""
        me, muted = reader.member_id, self.mutes.get(reader.member_id, set())
        if made.author == me:
            return True
        tags = {Subject(Followed.TAG, it.casefold()) for it in made.tags if made.text}
        grew = self.threads(made) if threads else set()
        about = {Subject(Followed.MEMBER, str(made.author)), *tags, *grew}
        return (
            not about & muted
            and (me, made.number) not in self.hidden
            and not self.silenced(made.text, reader)
        )

    def threads(self, made: Made) -> set[Subject]:
        """Those that it is in, its own among them."""
        above = nx.ancestors(self.graph, made.number) if made.joined else set()
        return {Subject(Followed.THREAD, str(it)) for it in {made.number} | above}

    def silenced(self, text: str, reader: Reader) -> bool:
        """Whether a text of somebody else holds a word that the reader muted."""
        muted = self.mutes.get(reader.member_id, set())
        return any(Subject(Followed.WORD, it) in muted for it in text.casefold().split())

    def offered(self, made: Made, reader: Reader) -> bool:
        """Whether it may come before the reader unasked."""
        allowed = self.holds(made.number, Purpose.RECOMMEND) is Permission.YES
        return (
            self.seen(made, reader)
            and self.wanted(made, reader)
            and (allowed or made.author == reader.member_id)
        )

    # What is refused, and how

    def look(self, number: int, reader: Reader) -> Refused:
        """What somebody is told who opens it; None where they see it."""
        made = self.made[number]
        if self.seen(made, reader):
            return None
        if self.placed(made, reader):
            return CreationWithdrawn
        if made.author == reader.member_id and made.state is CreationState.HELD:
            return Held
        if made.author == reader.member_id and made.state is CreationState.BLOCKED:
            return Blocked
        return CreationNotFound

    def remix(self, number: int, reader: Reader) -> Refused:
        """What somebody is told who builds on it."""
        if refused := self.look(number, reader) or self.muted(self.made[number], reader):
            return refused
        allowed = self.holds(number, Purpose.REMIX)
        if allowed is Permission.YES or self.made[number].author == reader.member_id:
            return None
        if allowed is Permission.NO:
            return RemixNotAllowed
        latest = self.latest(number, reader.member_id)
        granted = latest is not None and latest.state is ProposalState.ACCEPTED
        return None if granted else AskFirst

    def muted(self, made: Made, reader: Reader) -> Refused:
        """What somebody is told who builds on what they muted by its maker or thread."""
        me, muted = reader.member_id, self.mutes.get(reader.member_id, set())
        if made.author == me or not muted:
            return None
        if Subject(Followed.MEMBER, str(made.author)) in muted:
            return MakerMuted
        return ThreadMuted if self.threads(made) & muted else None

    # What follows from what

    def latest(self, number: int, asker: int) -> Question | None:
        asked = [it for it in self.questions if (it.creation, it.asker) == (number, asker)]
        return asked[-1] if asked else None

    def answer(self, question: Question, state: ProposalState, now: datetime) -> None:
        question.state, question.answered = state, now

    def let_out(self, made: Made, now: datetime) -> None:
        made.state = CreationState.PUBLISHED
        made.joined = made.joined or now

    def apply(self, made: Made, edit: Edit) -> None:
        edit.state = RevisionState.APPLIED
        made.words.append(edit.word)

    def lately(self, made: Made, now: datetime) -> int:
        """How many members' reports of what it says now wait, made within a day."""
        return sum(
            it.open and it.word == made.words[-1] and it.at > now - LATELY for it in made.reports
        )

    def change(self, made: Made, purpose: Purpose, permission: Permission, now: datetime) -> None:
        """A maker's new answer, and what it answers of the questions that wait."""
        line = nx.descendants(self.graph, made.number) | {made.number}
        before = {it: self.holds(it, purpose) for it in line}
        self.changes.append((made.author, made.number, purpose, made.own[purpose], permission, now))
        made.own[purpose] = permission
        if purpose is not Purpose.REMIX:
            return
        for it in self.questions:
            holds = self.holds(it.creation, purpose)
            if it.creation not in line or holds is before[it.creation]:
                continue
            if holds is Permission.YES and it.state is ProposalState.OPEN:
                self.answer(it, ProposalState.ACCEPTED, now)
            elif holds is Permission.NO and it.state is ProposalState.OPEN:
                self.answer(it, ProposalState.REVOKED, now)
            elif holds is Permission.NO and it.state is ProposalState.ACCEPTED:
                it.state = ProposalState.REVOKED

    def withdraw(self, made: Made, now: datetime) -> None:
        made.state = CreationState.WITHDRAWN
        for edit in made.edits:
            if edit.state in (RevisionState.CHECKING, RevisionState.HELD):
                edit.state = RevisionState.DROPPED
        for report in made.reports:
            report.open = False
        for it in self.questions:
            if it.creation == made.number and it.state is ProposalState.OPEN:
                self.answer(it, ProposalState.EXPIRED, now)


def recorded(row: ConsentChange) -> Change:
    """A recorded change as the model keeps it."""
    return (
        row.member_id,
        row.creation_id,
        row.purpose,
        row.before,
        row.after,
        row.changed_at,
    )
