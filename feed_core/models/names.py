"""Names that members want to be shown under, or want their agents to have."""

from datetime import datetime

from sqlmodel import Field, SQLModel

from feed_core.models import members  # noqa: F401  # the table referred to
from feed_core.models.columns import moment, one_of
from feed_core.models.moderation import Thing
from feed_core.states import RevisionState


class NameChange(SQLModel, table=True):
    """A name on its way to a member or their agent; once that is settled, its words are gone."""

    __tablename__ = "name_change"

    id: int | None = Field(default=None, primary_key=True)
    member_id: int = Field(foreign_key="member.id", index=True)
    thing: Thing = one_of(Thing.MEMBER_NAME)
    state: RevisionState = one_of(RevisionState.CHECKING, index=True)
    name: str
    created_at: datetime = moment()
