"""The outbox: platform messages owed to somebody."""

from datetime import datetime
from uuid import UUID

from sqlmodel import CheckConstraint, Field, SQLModel

from feed_core.models import members, rooms  # noqa: F401  # the tables referred to
from feed_core.models.columns import moment, moment_or_none, new_uid, one_of
from feed_core.states import DeliveryState


class Delivery(SQLModel, table=True):
    """One platform message, owed to an account or to a room.

    `kind` (a DeliveryKind) and `subject_id` say what to render when it is sent. `half_sent_at`:
    when a try began of which nobody knows how it ended, and that is repeated.
    """

    __table_args__ = (
        CheckConstraint("(identity_id IS NULL) <> (room_id IS NULL)", name="owed_to_one"),
    )

    id: int | None = Field(default=None, primary_key=True)
    uid: UUID = Field(default_factory=new_uid, unique=True)
    key: str = Field(unique=True)
    identity_id: int | None = Field(default=None, foreign_key="identity.id", index=True)
    room_id: int | None = Field(default=None, foreign_key="room.id", index=True)
    platform: str
    kind: str
    subject_id: int
    part: int = 0
    state: DeliveryState = one_of(DeliveryState.PENDING, index=True)
    attempts: int = 0
    due_at: datetime = moment(index=True)
    half_sent_at: datetime | None = moment_or_none()
    sent_at: datetime | None = moment_or_none()
    message_id: str | None = Field(default=None, index=True)
    problem: str = ""
