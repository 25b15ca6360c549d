"""Files that creations show, named by their content."""

from datetime import datetime

from sqlmodel import Field, SQLModel

from feed_core.models.columns import moment


class Media(SQLModel, table=True):
    """One file: SHA-256 of its content, what it is and where it came from.

    `thumbnail_hash` is a smaller picture of it, or the file itself where that is small enough;
    `wanted_at` is when somebody last brought it or drew it; `likeness` is what a picture looks
    like, as `feed_core.media` writes it, and "" of everything else.
    """

    hash: str = Field(primary_key=True)
    type: str
    size: int
    width: int
    height: int
    origin: str
    thumbnail_hash: str | None = Field(default=None, foreign_key="media.hash", index=True)
    likeness: str = ""
    created_at: datetime = moment()
    wanted_at: datetime = moment()
