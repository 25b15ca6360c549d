"""Rows of a community as they are after a day; texts as long as people's are."""

import random
import struct
from base64 import b64encode
from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, date, datetime, timedelta
from typing import Any

from sqlmodel import SQLModel

from benchmarks.planted import FILLER, TOPICS
from feed_core.models.conversation import Inbox, Message
from feed_core.models.creations import Creation
from feed_core.models.deliveries import Delivery
from feed_core.models.digests import Digest, DigestEntry, DigestSchedule
from feed_core.models.members import AgentSettings, Identity, Member
from feed_core.models.memories import Memory
from feed_core.models.moderation import Verdict
from feed_core.models.reactions import Reaction
from feed_core.models.seen import Seen
from feed_core.states import CreationState, DeliveryState, DigestState, InboxState

ITEMS = 7  # of one digest
SEEN = 200  # things that a member was shown
REACTIONS = 5  # to one creation
NOW = datetime(2026, 11, 1, tzinfo=UTC)
WORDS = [*TOPICS.split(), *FILLER.split()]

Table = tuple[type[SQLModel], Sequence[Mapping[str, Any]]]


class Community:
    """Rows as they are after a day, a digest for each member; texts as long as people's are."""

    def __init__(self, count: int) -> None:
        self._numbers = range(1, count + 1)
        self._chance = random.Random(count)

    def _words(self, count: int) -> str:
        return " ".join(self._chance.choices(WORDS, k=count))

    def _shown(self) -> str:
        """What a member has seen, as `Seen` keeps it."""
        numbers = sorted(self._chance.sample(range(1_000_000), SEEN))
        moments = (int(NOW.timestamp() * 1e6) - self._chance.randrange(10**12) for _ in numbers)
        pairs = zip(numbers, moments, strict=True)
        return b64encode(b"".join(struct.pack("<qq", *it) for it in pairs)).decode()

    def members(self) -> Iterator[Table]:
        """A member with an account, an agent, hours, and what they have seen."""
        yield (
            Member,
            [row(Member, id=it, name=f"Member {it}", created_at=NOW) for it in self._numbers],
        )
        yield (
            Identity,
            [
                row(
                    Identity,
                    id=it,
                    member_id=it,
                    platform="telegram",
                    external_id=str(10**9 + it),
                    name=f"Member {it}",
                    private_place=str(10**9 + it),
                    created_at=NOW,
                )
                for it in self._numbers
            ],
        )
        yield (
            AgentSettings,
            [row(AgentSettings, member_id=it, persona="guide") for it in self._numbers],
        )
        yield (
            DigestSchedule,
            [
                row(
                    DigestSchedule,
                    member_id=it,
                    times=["07:30"],
                    weekdays=list(range(7)),
                    zone="Europe/Berlin",
                    identity_id=it,
                    next_run_at=NOW + timedelta(days=1, seconds=it % 3600),
                )
                for it in self._numbers
            ],
        )
        yield (
            Seen,
            [row(Seen, member_id=it, items=self._shown(), began_at=NOW) for it in self._numbers],
        )

    def creations(self) -> Iterator[Table]:
        """Creations that were checked, with reactions; their words are put beside them."""
        yield (
            Creation,
            [
                row(
                    Creation,
                    id=it,
                    author_id=it,
                    title=self._words(5),
                    body=self._words(60),
                    content_hash="0" * 64,
                    tags=self._chance.choices(WORDS, k=2),
                    state=CreationState.PUBLISHED,
                    created_at=NOW - timedelta(minutes=it),
                )
                for it in self._numbers
            ],
        )
        yield (
            Verdict,
            [
                row(
                    Verdict,
                    id=it,
                    thing_id=it,
                    content_hash="0" * 64,
                    outcome="pass",
                    decided_at=NOW,
                )
                for it in self._numbers
            ],
        )
        yield (
            Reaction,
            [
                row(
                    Reaction,
                    creation_id=it,
                    member_id=1 + (it + other) % len(self._numbers),
                    created_at=NOW,
                )
                for it in self._numbers
                for other in range(REACTIONS)
            ],
        )

    def digests(self) -> Iterator[Table]:
        """A digest that was sent."""
        yield (
            Digest,
            [
                row(
                    Digest,
                    id=it,
                    member_id=it,
                    local_date=date(2026, 11, 1),
                    slot="2026-11-01T07:30",
                    identity_id=it,
                    state=DigestState.COMPOSED,
                    due_at=NOW,
                    since=NOW,
                    composed_at=NOW,
                )
                for it in self._numbers
            ],
        )
        yield (
            DigestEntry,
            [
                row(
                    DigestEntry,
                    digest_id=it,
                    position=position,
                    creation_id=1 + (it * position) % len(self._numbers),
                    reason="taste",
                )
                for it in self._numbers
                for position in range(1, ITEMS + 1)
            ],
        )
        yield (
            Delivery,
            [
                row(
                    Delivery,
                    id=it,
                    key=f"digest:{it}:0",
                    identity_id=it,
                    platform="telegram",
                    kind="digest",
                    subject_id=it,
                    state=DeliveryState.SENT,
                    attempts=1,
                    due_at=NOW,
                    sent_at=NOW,
                    message_id=str(it),
                )
                for it in self._numbers
            ],
        )

    def memories(self) -> Iterator[Table]:
        """A memory; its vector is elsewhere."""
        yield (
            Memory,
            [
                row(
                    Memory,
                    id=it,
                    owner_id=it,
                    number=1,
                    text=self._words(12),
                    source="talk",
                    indexed=True,
                    created_at=NOW,
                )
                for it in self._numbers
            ],
        )

    def messages(self) -> Iterator[Table]:
        """A message and its answer, as the conversation keeps them."""
        yield (
            Inbox,
            [
                row(
                    Inbox,
                    id=it,
                    platform="telegram",
                    update_id=str(it),
                    state=InboxState.ANSWERED,
                    received_at=NOW,
                    finished_at=NOW,
                )
                for it in self._numbers
            ],
        )
        yield (
            Message,
            [
                row(
                    Message,
                    id=it,
                    member_id=1 + it // 2,
                    place=f"telegram:{10**9 + it // 2}",
                    text=self._words(25),
                    created_at=NOW,
                )
                for it in range(1, 2 * len(self._numbers) - 1)
            ],
        )


def row(model: type[SQLModel], **values: object) -> dict[str, Any]:
    """A whole row, what is not said being its default."""
    made = model(**values)
    return {name: getattr(made, name) for name in model.model_fields}
