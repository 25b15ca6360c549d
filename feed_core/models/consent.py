"""What makers allow from the start, and every change of what they allow."""

from datetime import datetime

from sqlmodel import Field, SQLModel

from feed_core.models import creations, members  # noqa: F401  # the tables referred to
from feed_core.models.columns import moment, one_of
from feed_core.states import Permission, Purpose


class ConsentDefault(SQLModel, table=True):
    """A member's answer for what they make from now on; without a row the house's answer holds."""

    __tablename__ = "consent_default"

    member_id: int = Field(primary_key=True, foreign_key="member.id")
    purpose: Purpose = one_of(Purpose.REMIX, primary_key=True)
    permission: Permission = one_of(Permission.YES)


class ConsentChange(SQLModel, table=True):
    """One answer that a member changed: for one creation, or, without one, for what they make."""

    __tablename__ = "consent_change"

    id: int | None = Field(default=None, primary_key=True)
    member_id: int = Field(foreign_key="member.id", index=True)
    creation_id: int | None = Field(default=None, foreign_key="creation.id", index=True)
    purpose: Purpose = one_of(Purpose.REMIX)
    before: Permission = one_of(Permission.YES)
    after: Permission = one_of(Permission.YES)
    changed_at: datetime = moment()
