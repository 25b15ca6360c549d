"""What people say and feel about creations."""

from datetime import datetime

from sqlmodel import Field, SQLModel

from feed_core.models import creations, members  # noqa: F401  # the tables referred to
from feed_core.models.columns import moment


class Comment(SQLModel, table=True):
    """A remark on a creation; `tainted` when its member did not type it."""

    id: int | None = Field(default=None, primary_key=True)
    creation_id: int = Field(foreign_key="creation.id", index=True)
    author_id: int = Field(foreign_key="member.id", index=True)
    body: str
    tainted: bool = False
    created_at: datetime = moment()


class Reaction(SQLModel, table=True):
    """One member's reaction of one kind to one creation."""

    creation_id: int = Field(primary_key=True, foreign_key="creation.id")
    member_id: int = Field(primary_key=True, foreign_key="member.id", index=True)
    kind: str = Field(default="like", primary_key=True)
    created_at: datetime = moment()
