"""What model calls cost."""

from datetime import datetime

from sqlmodel import Field, SQLModel

from feed_core.models import members  # noqa: F401  # the tables referred to
from feed_core.models.columns import moment


class ModelCall(SQLModel, table=True):
    """One model call: reserved with an estimate before it, settled with the truth after it.

    `micros` are millionths of the currency that `agents.yaml` gives its prices in.
    """

    __tablename__ = "model_call"

    id: int | None = Field(default=None, primary_key=True)
    member_id: int = Field(foreign_key="member.id", index=True)
    purpose: str
    model: str
    tokens_in: int = 0
    tokens_out: int = 0
    micros: int = 0
    settled: bool = False
    at: datetime = moment(index=True)
