"""The states things are in, and the moves between them."""

from collections.abc import Mapping
from enum import StrEnum
from typing import TypeVar

S = TypeVar("S", bound=StrEnum)


class CreationKind(StrEnum):
    """What a creation is made of."""

    TEXT = "text"
    IMAGE = "image"
    MEME = "meme"
    AUDIO = "audio"
    VIDEO = "video"
    LINK = "link"


class CreationState(StrEnum):
    """Where a creation stands between its maker and the world."""

    CHECKING = "checking"
    HELD = "held"
    BLOCKED = "blocked"
    PUBLISHED = "published"
    WITHDRAWN = "withdrawn"


class RevisionState(StrEnum):
    """Where an edit of something published stands between its maker and the world."""

    CHECKING = "checking"
    HELD = "held"
    BLOCKED = "blocked"
    APPLIED = "applied"
    DROPPED = "dropped"


class DraftState(StrEnum):
    """What became of a draft."""

    OPEN = "open"
    PUBLISHED = "published"
    DROPPED = "dropped"


class Visibility(StrEnum):
    """Who may see a creation."""

    EVERYONE = "everyone"
    ROOM = "room"
    ONLY_ME = "only_me"


class ReactionKind(StrEnum):
    """What a member can feel about a creation; one member may feel several."""

    LIKE = "like"
    LOVE = "love"
    LAUGH = "laugh"
    WOW = "wow"
    MOVED = "moved"
    SPARK = "spark"


class CommentState(StrEnum):
    """Where a comment stands between its author and the world."""

    HELD = "held"
    BLOCKED = "blocked"
    PUBLISHED = "published"
    WITHDRAWN = "withdrawn"


class Permission(StrEnum):
    """A maker's answer for one purpose."""

    YES = "yes"
    ASK = "ask"
    NO = "no"


class Purpose(StrEnum):
    """What a maker is asked about for each creation."""

    REMIX = "remix"
    RECOMMEND = "recommend"
    QUOTE = "quote"  # outside Jamfeed
    TRAIN = "train"


class Authorship(StrEnum):
    """Who made a creation, computed from its recorded steps."""

    HUMAN = "human"
    HUMAN_EDITED_AI = "human_edited_ai"
    AI_EDITED_HUMAN = "ai_edited_human"
    AI = "ai"
    AGENT = "agent"


class Hand(StrEnum):
    """Who took one step of authorship."""

    HUMAN = "human"
    MAKER = "maker"
    MODEL = "model"


class Taken(StrEnum):
    """What a remix took from a source."""

    PROMPT = "prompt"
    STYLE = "style"
    TEXT = "text"
    PICTURE = "picture"
    IDEA = "idea"


class Outcome(StrEnum):
    """What a check decided."""

    PASS = "pass"  # noqa: S105  # a verdict, not a password
    LABEL = "label"
    HOLD = "hold"
    BLOCK = "block"


class ProposalState(StrEnum):
    """What became of a proposal."""

    OPEN = "open"
    ACCEPTED = "accepted"
    DECLINED = "declined"
    EXPIRED = "expired"
    REVOKED = "revoked"  # its maker now says no to everybody


class CallState(StrEnum):
    """Whether a stored call may still be pressed."""

    OPEN = "open"
    USED = "used"


class InboxState(StrEnum):
    """How far an incoming message has come."""

    RECEIVED = "received"
    RUNNING = "running"
    ANSWERED = "answered"
    FAILED = "failed"


class DigestState(StrEnum):
    """How far a digest has come."""

    DUE = "due"
    COMPOSED = "composed"
    EMPTY = "empty"
    FAILED = "failed"


class DeliveryState(StrEnum):
    """How far one owed platform message has come."""

    PENDING = "pending"
    SENDING = "sending"
    SENT = "sent"
    FAILED = "failed"
    UNKNOWN = "unknown"


class DeliveryKind(StrEnum):
    """What a delivery shows; its subject is a row of the table named behind it."""

    DIGEST = "digest"  # digest
    QUESTION = "question"  # proposal: to a maker, who is asked
    ANSWER = "answer"  # proposal: to whoever asked
    VERDICT = "verdict"  # verdict: to whose thing it is on
    JAM_STARTED = "jam_started"  # jam: to the thread that was opened for it
    JAM_TURN = "jam_turn"  # jam: to its room
    JAM_ENDED = "jam_ended"  # jam: to its room
    JAM_SKIPPED = "jam_skipped"  # jam_entry: to its author
    SPENT = "spent"  # member: all that their agent may spend unasked is spent
    ORDER = "order"  # standing_order: to its member, how it went
    SHARED = "shared"  # creation: to a room, in which its maker shares it
    MEDIATION = "mediation"  # creation: to the room of its thread
    POSTED = "posted"  # room_post: a creation, to a bound room
    COMMENTED = "commented"  # room_post: a comment, to the room in which its creation stands
    AMENDED = "amended"  # room_post: what stands in a room is brought up to date
    REMOVED = "removed"  # delivery: what was sent to a room that was left goes away
    ROOM_LOST = "room_lost"  # room: to whoever bound it
    INVITED = "invited"  # member: to whoever invited them
    LINKED = "linked"  # identity: to the account that gave the code by which it was linked
    UNLINKED = "unlinked"  # identity: to itself, it stands alone now
    LEFT = "left"  # identity: to the member whose it was


class Role(StrEnum):
    """Who said a line of a conversation."""

    MEMBER = "member"
    AGENT = "agent"


CREATION_MOVES: Mapping[CreationState, frozenset[CreationState]] = {
    CreationState.CHECKING: frozenset(
        {CreationState.PUBLISHED, CreationState.HELD, CreationState.BLOCKED}
    ),
    CreationState.HELD: frozenset(
        {CreationState.PUBLISHED, CreationState.BLOCKED, CreationState.WITHDRAWN}
    ),
    CreationState.BLOCKED: frozenset(
        {CreationState.PUBLISHED, CreationState.WITHDRAWN}  # a moderator thought better of it
    ),
    CreationState.PUBLISHED: frozenset(
        {CreationState.HELD, CreationState.BLOCKED, CreationState.WITHDRAWN}
    ),
    CreationState.WITHDRAWN: frozenset(),
}
REVISION_MOVES: Mapping[RevisionState, frozenset[RevisionState]] = {
    RevisionState.CHECKING: frozenset(set(RevisionState) - {RevisionState.CHECKING}),
    RevisionState.HELD: frozenset(
        {RevisionState.APPLIED, RevisionState.BLOCKED, RevisionState.DROPPED}
    ),
    RevisionState.BLOCKED: frozenset(),
    RevisionState.APPLIED: frozenset(),
    RevisionState.DROPPED: frozenset(),
}
COMMENT_MOVES: Mapping[CommentState, frozenset[CommentState]] = {
    CommentState.HELD: frozenset(
        {CommentState.PUBLISHED, CommentState.BLOCKED, CommentState.WITHDRAWN}
    ),
    CommentState.BLOCKED: frozenset({CommentState.PUBLISHED, CommentState.WITHDRAWN}),
    CommentState.PUBLISHED: frozenset(
        {CommentState.HELD, CommentState.BLOCKED, CommentState.WITHDRAWN}
    ),
    CommentState.WITHDRAWN: frozenset(),
}
DRAFT_MOVES: Mapping[DraftState, frozenset[DraftState]] = {
    DraftState.OPEN: frozenset({DraftState.PUBLISHED, DraftState.DROPPED}),
    DraftState.PUBLISHED: frozenset({DraftState.OPEN}),  # what it became was blocked
    DraftState.DROPPED: frozenset({DraftState.OPEN}),
}
PROPOSAL_MOVES: Mapping[ProposalState, frozenset[ProposalState]] = {
    ProposalState.OPEN: frozenset(
        {
            ProposalState.ACCEPTED,
            ProposalState.DECLINED,
            ProposalState.EXPIRED,
            ProposalState.REVOKED,
        }
    ),
    ProposalState.ACCEPTED: frozenset({ProposalState.REVOKED}),
    ProposalState.DECLINED: frozenset(),
    ProposalState.EXPIRED: frozenset(),
    ProposalState.REVOKED: frozenset(),
}
CALL_MOVES: Mapping[CallState, frozenset[CallState]] = {
    CallState.OPEN: frozenset({CallState.USED}),
    CallState.USED: frozenset({CallState.OPEN}),  # doing it failed
}
INBOX_MOVES: Mapping[InboxState, frozenset[InboxState]] = {
    InboxState.RECEIVED: frozenset({InboxState.RUNNING, InboxState.FAILED}),
    InboxState.RUNNING: frozenset({InboxState.ANSWERED, InboxState.FAILED}),
    InboxState.ANSWERED: frozenset(),
    InboxState.FAILED: frozenset(),
}
DIGEST_MOVES: Mapping[DigestState, frozenset[DigestState]] = {
    DigestState.DUE: frozenset({DigestState.COMPOSED, DigestState.EMPTY, DigestState.FAILED}),
    # It could not be sent, or a newer one was.
    DigestState.COMPOSED: frozenset({DigestState.FAILED}),
    DigestState.EMPTY: frozenset(),
    DigestState.FAILED: frozenset({DigestState.DUE}),
}
DELIVERY_MOVES: Mapping[DeliveryState, frozenset[DeliveryState]] = {
    DeliveryState.PENDING: frozenset(
        {DeliveryState.SENDING, DeliveryState.FAILED, DeliveryState.UNKNOWN}
    ),
    DeliveryState.SENDING: frozenset(DeliveryState) - {DeliveryState.SENDING},
    DeliveryState.SENT: frozenset(),
    DeliveryState.FAILED: frozenset(),
    DeliveryState.UNKNOWN: frozenset(),
}


def move(moves: Mapping[S, frozenset[S]], current: S, to: S) -> S:
    """The state moved to; a move that is not in the table is a bug.

    Raises:
        ValueError: the table does not allow it.
    """
    if to not in moves[current]:
        raise ValueError(f"{type(current).__name__} cannot go from {current} to {to}")
    return to
