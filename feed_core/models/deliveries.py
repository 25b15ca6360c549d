"""The outbox: platform messages owed to somebody."""

from datetime import datetime
from uuid import UUID

from sqlmodel import Field, SQLModel

from feed_core.models import members  # noqa: F401  # the tables referred to
from feed_core.models.columns import moment, moment_or_none, new_uid, one_of
from feed_core.states import DeliveryState


class Delivery(SQLModel, table=True):
    """One platform message; `kind` and `subject_id` say what to render when it is sent."""

    id: int | None = Field(default=None, primary_key=True)
    uid: UUID = Field(default_factory=new_uid, unique=True)
    key: str = Field(unique=True)
    identity_id: int = Field(foreign_key="identity.id", index=True)
    platform: str
    kind: str
    subject_id: int
    part: int = 0
    state: DeliveryState = one_of(DeliveryState.PENDING, index=True)
    attempts: int = 0
    due_at: datetime = moment(index=True)
    sent_at: datetime | None = moment_or_none()
    message_id: str | None = None
    problem: str = ""
