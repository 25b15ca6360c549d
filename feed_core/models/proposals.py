"""Calls that wait: behind a button, or for one named member's yes."""

from datetime import datetime
from typing import Any

from sqlmodel import Field, SQLModel

from feed_core.models import members  # noqa: F401  # the tables referred to
from feed_core.models.columns import json_object, moment, moment_or_none, one_of
from feed_core.states import CallState, ProposalState


class Proposal(SQLModel, table=True):
    """What an agent would like to do and its member has to allow; `shown_hash` is what they saw."""

    id: int | None = Field(default=None, primary_key=True)
    member_id: int = Field(foreign_key="member.id", index=True)
    act: str
    arguments: dict[str, Any] = json_object()
    shown_hash: str = ""
    state: ProposalState = one_of(ProposalState.OPEN)
    created_at: datetime = moment()
    expires_at: datetime = moment()
    answered_at: datetime | None = moment_or_none()


class StoredCall(SQLModel, table=True):
    """An act call behind a button, found by a short token.

    `shown_hash` is the content that stood above the button, where the call depends on it.

    `only_id` is who alone may press it; `once` makes a press a claim; `blank` names the parameter
    that the presser still has to type; `proposal_id` is what a press accepts.
    """

    __tablename__ = "stored_call"

    token: str = Field(primary_key=True)
    act: str
    arguments: dict[str, Any] = json_object()
    blank: str | None = None
    shown_hash: str = ""
    proposal_id: int | None = Field(default=None, foreign_key="proposal.id")
    only_id: int | None = Field(default=None, foreign_key="member.id")
    once: bool = False
    state: CallState = one_of(CallState.OPEN)
    expires_at: datetime = moment(index=True)
