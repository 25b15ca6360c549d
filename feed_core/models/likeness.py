"""An index of what creations are like, to find others that are almost the same."""

from sqlalchemy import BigInteger
from sqlmodel import Field, SQLModel

from feed_core.models import creations  # noqa: F401  # the table referred to


class Likeness(SQLModel, table=True):
    """One key of a creation; things that are alike share some, those that are not hardly ever."""

    __table_args__ = {"sqlite_with_rowid": False}

    key: int = Field(primary_key=True, sa_type=BigInteger)
    creation_id: int = Field(primary_key=True, foreign_key="creation.id", index=True)
