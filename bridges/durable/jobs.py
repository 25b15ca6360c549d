"""What is done durably, and in which queue it waits."""

from dataclasses import dataclass, field
from enum import StrEnum
from typing import NamedTuple

VERSION = "1"  # raise it when a workflow gets other steps: what is under way then starts anew


class Kind(StrEnum):
    """What is done durably."""

    DIGEST = "digest"  # one that somebody waits for
    DIGESTS = "digests"  # what is due of a batch
    LEARNING = "learning"
    SUMMARY = "summary"  # of a thread that somebody waits for
    EXPORT = "export"  # of what is a member's own, who waits for it
    ERASE = "erase"  # of all that is a member's own


TAKEN = frozenset({Kind.DIGESTS, Kind.LEARNING})  # from a queue, where there is one

# Where nothing was launched, these are done at once: a launch would take longer.
AT_ONCE = frozenset({Kind.SUMMARY, Kind.EXPORT, Kind.ERASE})


class Queue(NamedTuple):
    """Where processes take work from: each has at most so many pieces `at_once`.

    `polling`: seconds between two looks into it.
    """

    name: str
    at_once: int
    polling: float


QUEUE = Queue("jamfeed", at_once=100, polling=0.1)
# Of these each is a second of CPU, so that a process takes few, and leaves the others their share.
BATCHES = Queue("jamfeed-batches", at_once=3, polling=0.25)


def queue_of(kind: Kind) -> Queue:
    """The one in which such work waits."""
    return BATCHES if kind is Kind.DIGESTS else QUEUE


@dataclass(frozen=True, slots=True)
class Job:
    """One piece of work: a digest to compose or a batch, a member to learn from, a thread to read.

    `state`: that of the subject, where another one means other work. `by`: numbers of who asks
    first, which make no other job of it.
    """

    kind: Kind
    subject_id: int
    state: str = ""
    by: tuple[int, ...] = field(default=(), compare=False)

    @property
    def key(self) -> str:
        """Its workflow's id: who asks for the same again is led to the one that is there."""
        told = [str(self.kind), str(self.subject_id), *filter(None, [self.state])]
        return f"{':'.join(told)}@{VERSION}"
