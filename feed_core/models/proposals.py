"""Calls that wait: behind a button, or for one named member's yes."""

from datetime import datetime
from typing import Any

from sqlalchemy import Index, text
from sqlmodel import Field, SQLModel

from feed_core.models import creations, members  # noqa: F401  # the tables referred to
from feed_core.models.columns import json_object, moment, moment_or_none, one_of
from feed_core.states import CallState, ProposalState

UNDOES = text("undoes")
OPEN = text("state = 'open'")


class Proposal(SQLModel, table=True):
    """A call that waits for one member's yes; `shown_hash` is what they saw.

    Either the member's agent would like to do it, or, with an `asker_id`, another member who may
    build on `creation_id` only with its maker's yes; `asked_on` is the platform they asked on.
    """

    __table_args__ = (
        Index(
            "ux_proposal_open_question",
            "asker_id",
            "creation_id",
            unique=True,
            sqlite_where=OPEN,
            postgresql_where=OPEN,
        ),
    )

    id: int | None = Field(default=None, primary_key=True)
    member_id: int = Field(foreign_key="member.id", index=True)
    act: str
    arguments: dict[str, Any] = json_object()
    asker_id: int | None = Field(default=None, foreign_key="member.id", index=True)
    creation_id: int | None = Field(default=None, foreign_key="creation.id", index=True)
    asked_on: str = ""
    shown_hash: str = ""
    state: ProposalState = one_of(ProposalState.OPEN)
    created_at: datetime = moment()
    expires_at: datetime = moment()
    answered_at: datetime | None = moment_or_none()


class StoredCall(SQLModel, table=True):
    """An act call behind a button, found by a short token.

    `shown_hash` is the content that stood above the button, where the call depends on it.

    `only_id` is who alone may press it; `once` makes a press a claim; `blank` names the parameter
    that the presser still has to type; `proposal_id` is what a press accepts. What `undoes` takes
    back what its member did.
    """

    __tablename__ = "stored_call"
    __table_args__ = (
        # As these words stand here they stand in the query, or the index would not answer it.
        Index(
            "ix_stored_call_undoes",
            "only_id",
            "expires_at",
            sqlite_where=UNDOES,
            postgresql_where=UNDOES,
        ),
    )

    token: str = Field(primary_key=True)
    act: str
    arguments: dict[str, Any] = json_object()
    blank: str | None = None
    shown_hash: str = ""
    proposal_id: int | None = Field(default=None, foreign_key="proposal.id")
    only_id: int | None = Field(default=None, foreign_key="member.id")
    once: bool = False
    undoes: bool = False
    state: CallState = one_of(CallState.OPEN)
    expires_at: datetime = moment(index=True)
