"""How far the import of a feed has come; an unfinished one keeps everything else waiting."""

from datetime import datetime
from uuid import UUID

from sqlmodel import Field, SQLModel

from feed_core.models.columns import moment, moment_or_none


class FeedImport(SQLModel, table=True):
    """An export that is brought in: so many `lines` of this `kind`, all of the kinds before it."""

    __tablename__ = "feed_import"

    uid: UUID = Field(primary_key=True)  # of the export
    taken_at: datetime = moment()
    kind: str = ""
    lines: int = 0
    began_at: datetime = moment()
    ended_at: datetime | None = moment_or_none()
