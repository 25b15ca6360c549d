"""What parts of long threads come to, kept so that they are read once."""

from datetime import datetime
from typing import Any

from sqlmodel import Field, SQLModel

from feed_core.models import creations, reactions  # noqa: F401  # the tables referred to
from feed_core.models.columns import json_object, moment


class Gist(SQLModel, table=True):
    """What a model made of a run of texts; `key` is the SHA-256 of just what it read."""

    key: str = Field(primary_key=True)
    body: dict[str, Any] = json_object()
    made_at: datetime = moment(index=True)


class GistSource(SQLModel, table=True):
    """One text that a gist was made from, a creation or a comment: without it the gist goes."""

    __tablename__ = "gist_source"

    id: int | None = Field(default=None, primary_key=True)
    key: str = Field(foreign_key="gist.key", index=True)
    creation_id: int | None = Field(default=None, foreign_key="creation.id", index=True)
    comment_id: int | None = Field(default=None, foreign_key="comment.id", index=True)
