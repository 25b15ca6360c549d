"""Which message of a private chat shows which creation."""

from datetime import datetime

from sqlmodel import Field, SQLModel

from feed_core.models import creations  # noqa: F401  # the table referred to
from feed_core.models.columns import moment


class ShownCard(SQLModel, table=True):
    """A message that shows one creation to one member, so that their emoji on it are understood."""

    __tablename__ = "shown_card"

    platform: str = Field(primary_key=True)
    place_id: str = Field(primary_key=True)
    message_id: str = Field(primary_key=True)
    creation_id: int = Field(foreign_key="creation.id")
    created_at: datetime = moment(index=True)
