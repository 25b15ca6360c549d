"""Which threads a creation belongs to."""

from datetime import datetime

from sqlmodel import Field, Index, SQLModel

from feed_core.models import creations  # noqa: F401  # the table referred to
from feed_core.models.columns import moment


class ThreadEntry(SQLModel, table=True):
    """A published creation in the thread of one that it was made of, over any number of remixes.

    `depth` is the number of steps of the shortest way. What a thread begins with is no entry of it.
    """

    __tablename__ = "thread_entry"
    __table_args__ = (Index("ix_thread_entry_in_order", "thread_id", "joined_at", "creation_id"),)

    thread_id: int = Field(primary_key=True, foreign_key="creation.id")
    creation_id: int = Field(primary_key=True, foreign_key="creation.id", index=True)
    depth: int
    joined_at: datetime = moment()
