"""Invitations, and who came by one."""

from datetime import datetime

from sqlmodel import Field, SQLModel

from feed_core.models import members  # noqa: F401  # the tables referred to
from feed_core.models.columns import moment, moment_or_none


class Invitation(SQLModel, table=True):
    """A code by which so many strangers become members; who made it may call it back."""

    id: int | None = Field(default=None, primary_key=True)
    member_id: int = Field(foreign_key="member.id", index=True)
    code: str = Field(unique=True)
    people: int
    created_at: datetime = moment()
    expires_at: datetime = moment()
    revoked_at: datetime | None = moment_or_none()


class Invited(SQLModel, table=True):
    """A member who came by an invitation; `greeted_at` is when they were told who sent it."""

    member_id: int = Field(primary_key=True, foreign_key="member.id")
    invitation_id: int = Field(foreign_key="invitation.id", index=True)
    created_at: datetime = moment()
    greeted_at: datetime | None = moment_or_none()
