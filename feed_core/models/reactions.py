"""What people say and feel about creations."""

from datetime import datetime

from sqlalchemy import text
from sqlmodel import Field, Index, SQLModel

from feed_core.models import creations, members  # noqa: F401  # the tables referred to
from feed_core.models.columns import json_list, moment, one_of
from feed_core.states import CommentState, ReactionKind

HELD_COMMENT = text("state = 'held'")


class Comment(SQLModel, table=True):
    """A remark on a creation; `tainted` when its member did not type it.

    `warnings` are what moderation has readers told.
    """

    __table_args__ = (
        # They hold all that a feed counts of comments, as the index of reactions does.
        Index("ix_comment_in_order", "creation_id", "created_at", "id", "author_id", "state"),
        Index("ix_comment_made", "author_id", "created_at", "creation_id"),
        Index("ix_comment_created_at", "created_at"),
        # As these words stand here they stand in the query, or the index would not answer it.
        Index("ix_comment_held", "id", sqlite_where=HELD_COMMENT, postgresql_where=HELD_COMMENT),
    )

    id: int | None = Field(default=None, primary_key=True)
    creation_id: int = Field(foreign_key="creation.id")
    author_id: int = Field(foreign_key="member.id", index=True)
    state: CommentState = one_of(CommentState.PUBLISHED)
    body: str
    tainted: bool = False
    warnings: list[str] = json_list()
    created_at: datetime = moment()


class Reaction(SQLModel, table=True):
    """One member's reaction of one kind to one creation."""

    __table_args__ = (
        # It holds all that a feed asks about what a member liked: the rows lie far apart.
        Index("ix_reaction_of_member", "member_id", "created_at", "creation_id"),
        Index("ix_reaction_created_at", "created_at"),
    )

    creation_id: int = Field(primary_key=True, foreign_key="creation.id")
    member_id: int = Field(primary_key=True, foreign_key="member.id")
    kind: ReactionKind = one_of(ReactionKind.LIKE, primary_key=True)
    created_at: datetime = moment()
