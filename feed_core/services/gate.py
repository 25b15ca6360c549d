"""The gate that everything passes before others see it."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Protocol

from feed_core.models.moderation import Thing
from feed_core.states import Outcome
from feed_core.store import Store, View

MILDEST_FIRST = (Outcome.PASS, Outcome.LABEL, Outcome.HOLD, Outcome.BLOCK)


@dataclass(frozen=True, slots=True)
class Content:
    """What is to be checked, and its hash.

    `creation_id` is the creation that it is, changes, or is said about, `room_id` where that one
    was made, if in a room; a name has neither. Nobody judges what is `private`: no other than its
    author will see it.
    """

    author_id: int
    title: str
    body: str
    media_hash: str | None
    content_hash: str
    alt: str = ""
    tags: Sequence[str] = ()
    link: str = ""
    thing: Thing = Thing.CREATION
    creation_id: int | None = None
    room_id: int | None = None
    private: bool = False

    @property
    def text(self) -> str:
        """All its words, one field a line."""
        return "\n".join([self.title, self.body, self.alt, *self.tags, self.link])


@dataclass(frozen=True, slots=True)
class Decision:
    """What a check decided, under which rule, on which passage.

    The passage is the words that the rule found, or what it counted or compared with: the number of
    a creation for `repeat`, of an hour's creations for `rate_hour`. `labels` are what readers are
    shown with it.
    """

    outcome: Outcome
    rule: str = ""
    passage: str = ""
    labels: tuple[str, ...] = ()


PASSED = Decision(Outcome.PASS)


class Check(Protocol):
    """Decides whether others may see something; slow or fast, never inside a transaction."""

    async def decide(self, content: Content) -> Decision:
        """Judge one content."""
        ...


class Asking(Protocol):
    """Decides by what the database holds; its one look is shared with others of the kind."""

    def concerns(self, content: Content) -> bool:
        """Whether it has anything to say of such a content."""
        ...

    async def decide(self, view: View, content: Content) -> Decision:
        """Judge one content."""
        ...


class OneLook:
    """A Check made of those that ask the database; none is asked after one that blocks."""

    def __init__(self, store: Store, checks: Sequence[Asking]) -> None:
        self._store, self._checks = store, checks

    async def decide(self, content: Content) -> Decision:
        """Judge one content by those that it concerns, in their order."""
        decisions: list[Decision] = []
        if checks := [it for it in self._checks if it.concerns(content)]:
            async with self._store.read() as view:
                for it in checks:
                    decisions.append(await it.decide(view, content))
                    if decisions[-1].outcome is Outcome.BLOCK:
                        break
        return strictest(decisions)


class Gate:
    """A Check made of checks; the strictest of them decides, and all of them may label.

    They are asked in their order, the quick ones first; none is asked after one that blocks.
    """

    def __init__(self, checks: Sequence[Check]) -> None:
        self._checks = checks

    async def decide(self, content: Content) -> Decision:
        """Judge one content by every check there is."""
        decisions = []
        for check in self._checks:
            decisions.append(await check.decide(content))
            if decisions[-1].outcome is Outcome.BLOCK:
                break
        return strictest(decisions)


def strictest(decisions: Iterable[Decision]) -> Decision:
    """The strictest of the decisions, the first of several alike, with the labels of all."""
    worst, labels = PASSED, []
    for it in decisions:
        labels += [label for label in it.labels if label not in labels]
        if MILDEST_FIRST.index(it.outcome) > MILDEST_FIRST.index(worst.outcome):
            worst = it
    return Decision(worst.outcome, worst.rule, worst.passage, tuple(labels))
