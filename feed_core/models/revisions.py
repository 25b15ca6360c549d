"""The versions of a creation: what it said before, and what it is to say when that was checked."""

from datetime import datetime
from typing import Any

from sqlmodel import Field, SQLModel

from feed_core.models import creations  # noqa: F401  # the table referred to
from feed_core.models.columns import json_list, moment, moment_or_none, one_of
from feed_core.states import RevisionState


class Revision(SQLModel, table=True):
    """One version of a creation; the newest that was applied is what its creation says now.

    A creation that was never edited has none; the first edit stores the first version too. `steps`
    are those of this version alone.
    """

    id: int | None = Field(default=None, primary_key=True)
    creation_id: int = Field(foreign_key="creation.id", index=True)
    state: RevisionState = one_of(RevisionState.CHECKING, index=True)
    title: str
    body: str = ""
    tags: list[str] = json_list()
    link: str = ""
    alt: str = ""
    steps: list[dict[str, Any]] = json_list()
    tainted: bool = False
    content_hash: str
    created_at: datetime = moment()
    applied_at: datetime | None = moment_or_none()
