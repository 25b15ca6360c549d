"""What of the feed stands in rooms that are bound to it, and under which message."""

from datetime import datetime

from sqlalchemy import text
from sqlmodel import Field, Index, SQLModel, UniqueConstraint

from feed_core.models import creations, members, reactions, rooms  # noqa: F401  # referred to
from feed_core.models.columns import moment, one_of
from feed_core.states import ReactionKind

CARD = text("comment_id IS NULL")


class RoomPost(SQLModel, table=True):
    """A creation, or a comment on it, as one message of a room; `comment_id` is NULL for its card.

    `message_id` is NULL until it stands there. What is `born_here` was said in the room: the
    message is its author's own. `revision` counts what changed since it was owed.
    """

    __tablename__ = "room_post"
    __table_args__ = (
        # As these words stand here they stand in the query, or the index would not answer it.
        Index(
            "ux_room_post_card",
            "creation_id",
            "room_id",
            unique=True,
            sqlite_where=CARD,
            postgresql_where=CARD,
        ),
        UniqueConstraint("comment_id", "room_id"),
        UniqueConstraint("room_id", "message_id"),
    )

    id: int | None = Field(default=None, primary_key=True)
    creation_id: int = Field(foreign_key="creation.id", index=True)
    room_id: int = Field(foreign_key="room.id")
    comment_id: int | None = Field(default=None, foreign_key="comment.id")
    message_id: str | None = None
    born_here: bool = False
    revision: int = 0
    created_at: datetime = moment()


class PostReaction(SQLModel, table=True):
    """What an account's emoji on a post said last, as far as it was taken into the feed.

    By it the emoji that were put there, or taken away, while nobody listened are known.
    """

    __tablename__ = "post_reaction"

    post_id: int = Field(primary_key=True, foreign_key="room_post.id", ondelete="CASCADE")
    identity_id: int = Field(primary_key=True, foreign_key="identity.id")
    kind: ReactionKind = one_of(ReactionKind.LIKE, primary_key=True)
    created_at: datetime = moment()
