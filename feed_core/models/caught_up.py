"""Up to when each member knows what happened."""

from datetime import datetime

from sqlmodel import Field, SQLModel

from feed_core.models import members  # noqa: F401  # the table referred to
from feed_core.models.columns import moment


class CaughtUp(SQLModel, table=True):
    """The moment up to which a member was last told what happened around what is theirs."""

    __tablename__ = "caught_up"

    member_id: int = Field(primary_key=True, foreign_key="member.id")
    at: datetime = moment()
