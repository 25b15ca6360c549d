"""Creations, the drafts they come from, and their lineage."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import text
from sqlmodel import CheckConstraint, Field, Index, SQLModel, UniqueConstraint

from feed_core.models import media, members, rooms  # noqa: F401  # the tables referred to
from feed_core.models.columns import json_list, json_object, moment, moment_or_none, new_uid, one_of
from feed_core.states import (
    Authorship,
    CreationKind,
    CreationState,
    DraftState,
    Permission,
    Taken,
    Visibility,
)

# Nearly all creations are published: an index of all states would mislead SQLite, which takes every
# equality for a rare one, and reads a million rows of it instead of twenty by their numbers.
UNSETTLED = text("state IN ('checking', 'held')")
# What is published should have the vector of its content; of nothing else one may be kept.
WITHOUT_VECTOR = text(
    "(state = 'published' AND vector_hash <> content_hash)"
    " OR (state <> 'published' AND vector_hash <> '')"
)


class Creation(SQLModel, table=True):
    """Something published or on its way to it.

    `tainted` says that title or body hold words which its maker did not write; `steps` records who
    took part: `{"by": Hand, "with": name of maker or model, "at": ISO time}`. `tags` stand as they
    were typed and are compared folded; `link` is the URL of a link, and "" of everything else.
    `own_*` is what its maker answered, `consent_*` what holds: the strictest of that and of all it
    was made from.
    `vector_hash` is the content hash for which the index of meaning has a vector, "" without one.
    `label` names the way it was made, `warnings` are what moderation has readers told.
    """

    __table_args__ = (
        Index("ix_creation_made", "author_id", "created_at"),
        # As these words stand here they stand in the query, or the index would not answer it.
        Index(
            "ix_creation_without_vector",
            "id",
            sqlite_where=WITHOUT_VECTOR,
            postgresql_where=WITHOUT_VECTOR,
        ),
        Index("ix_creation_unsettled", "id", sqlite_where=UNSETTLED, postgresql_where=UNSETTLED),
    )

    id: int | None = Field(default=None, primary_key=True)
    uid: UUID = Field(default_factory=new_uid, unique=True)
    author_id: int = Field(foreign_key="member.id", index=True)
    kind: CreationKind = one_of(CreationKind.TEXT)
    state: CreationState = one_of(CreationState.CHECKING)
    title: str
    body: str = ""
    tags: list[str] = json_list()
    language: str = "en"
    link: str = ""
    media_hash: str | None = Field(default=None, foreign_key="media.hash", index=True)
    alt: str = ""
    label: str = ""
    warnings: list[str] = json_list()
    visibility: Visibility = one_of(Visibility.EVERYONE)
    room_id: int | None = Field(default=None, foreign_key="room.id")
    consent_remix: Permission = one_of(Permission.YES)
    consent_recommend: Permission = one_of(Permission.YES)
    consent_quote: Permission = one_of(Permission.YES)
    consent_train: Permission = one_of(Permission.NO)
    own_remix: Permission = one_of(Permission.YES)
    own_recommend: Permission = one_of(Permission.YES)
    own_quote: Permission = one_of(Permission.YES)
    own_train: Permission = one_of(Permission.NO)
    authorship: Authorship = one_of(Authorship.HUMAN)
    steps: list[dict[str, Any]] = json_list()
    tainted: bool = False
    content_hash: str
    vector_hash: str = ""
    created_at: datetime = moment()
    published_at: datetime | None = moment_or_none(index=True)
    edited_at: datetime | None = moment_or_none(index=True)
    withdrawn_at: datetime | None = moment_or_none()


class Edge(SQLModel, table=True):
    """A remix and one of its parents; a parent is always older, so no circle can exist."""

    __table_args__ = (CheckConstraint("parent_id < child_id", name="parent_is_older"),)

    child_id: int = Field(primary_key=True, foreign_key="creation.id")
    parent_id: int = Field(primary_key=True, foreign_key="creation.id", index=True)
    taken: Taken = one_of(Taken.TEXT)


class Draft(SQLModel, table=True):
    """What a model or a maker made and its member has not approved; numbered for its member alone.

    `recipe` is the call that made it, so that it can be made again; `sources` maps a creation's
    number to what was taken from it.
    """

    __table_args__ = (UniqueConstraint("owner_id", "number"),)

    id: int | None = Field(default=None, primary_key=True)
    owner_id: int = Field(foreign_key="member.id", index=True)
    number: int
    state: DraftState = one_of(DraftState.OPEN)
    kind: CreationKind = one_of(CreationKind.TEXT)
    title: str
    body: str = ""
    tags: list[str] = json_list()
    link: str = ""
    media_hash: str | None = Field(default=None, foreign_key="media.hash", index=True)
    alt: str = ""
    label: str = ""
    sources: dict[str, str] = json_object()
    steps: list[dict[str, Any]] = json_list()
    tainted: bool = False
    recipe: dict[str, Any] = json_object()
    seed: int = 0
    content_hash: str
    creation_id: int | None = Field(default=None, foreign_key="creation.id", index=True)
    created_at: datetime = moment()
