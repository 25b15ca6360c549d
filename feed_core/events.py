"""What has happened, told to subscribers after the commit; ids only, never texts."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class MemberJoined:
    """Somebody new has a member's row and an agent."""

    member_id: int


@dataclass(frozen=True, slots=True)
class MembersMerged:
    """Two accounts became one member; `member_id` stays."""

    member_id: int
    gone_id: int


@dataclass(frozen=True, slots=True)
class AccountsLeft:
    """An account of a member is another's now: it was taken off, or a link was undone."""

    member_id: int
    now_id: int


@dataclass(frozen=True, slots=True)
class MemberErased:
    """A member is gone with all that was theirs; their number stays, and means nobody."""

    member_id: int


@dataclass(frozen=True, slots=True)
class CreationPublished:
    """Others can see a creation."""

    creation_id: int
    author_id: int


@dataclass(frozen=True, slots=True)
class CreationEdited:
    """A published creation says something else now."""

    creation_id: int
    author_id: int


@dataclass(frozen=True, slots=True)
class VisibilityChanged:
    """Others may see a creation, or be shown it unasked, who could not, or may not who could."""

    creation_id: int


@dataclass(frozen=True, slots=True)
class CreationWithdrawn:
    """A creation's content is gone; its place in the lineage stays."""

    creation_id: int
    author_id: int


@dataclass(frozen=True, slots=True)
class CommentPosted:
    """Somebody commented on a creation."""

    comment_id: int
    creation_id: int
    author_id: int


@dataclass(frozen=True, slots=True)
class CommentWithdrawn:
    """A comment's words are gone."""

    comment_id: int
    creation_id: int


@dataclass(frozen=True, slots=True)
class ReactionAdded:
    """Somebody reacted to a creation."""

    creation_id: int
    member_id: int


@dataclass(frozen=True, slots=True)
class DeliveryOwed:
    """The outbox has something to send."""

    delivery_id: int


@dataclass(frozen=True, slots=True)
class DeliverySettled:
    """A try to send something has ended; `state` is what its row says now."""

    delivery_id: int
    platform: str
    state: str


@dataclass(frozen=True, slots=True)
class MessageDone:
    """A message that came in is answered or has failed; `seconds` after it came."""

    inbox_id: int
    platform: str
    state: str
    seconds: float


@dataclass(frozen=True, slots=True)
class MemoryForgotten:
    """Something a member had remembered is gone; nothing may keep its text ready."""

    owner_id: int


@dataclass(frozen=True, slots=True)
class EventsMissed:
    """Other processes may have done things of which this one was not told."""


Event = (
    MemberJoined
    | MembersMerged
    | AccountsLeft
    | MemberErased
    | CreationPublished
    | CreationEdited
    | VisibilityChanged
    | CreationWithdrawn
    | CommentPosted
    | CommentWithdrawn
    | ReactionAdded
    | DeliveryOwed
    | DeliverySettled
    | MessageDone
    | MemoryForgotten
    | EventsMissed
)
