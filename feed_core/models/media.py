"""Files that creations show, named by their content."""

from datetime import datetime

from sqlmodel import Field, SQLModel

from feed_core.models.columns import moment


class Media(SQLModel, table=True):
    """One file: SHA-256 of its content, what it is and where it came from."""

    hash: str = Field(primary_key=True)
    type: str
    size: int
    width: int
    height: int
    origin: str
    created_at: datetime = moment()
