"""What model calls cost."""

from datetime import datetime
from enum import StrEnum

from sqlmodel import BigInteger, Field, SQLModel

from feed_core.models import members  # noqa: F401  # the tables referred to
from feed_core.models.columns import moment, one_of


class Purse(StrEnum):
    """What a model call is paid from; one call may be counted in several."""

    ALL = "all"
    MEMBER = "member"
    BACKGROUND = "background"  # what a member's agent does unasked


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


class Spending(SQLModel, table=True):
    """All that one purse paid for in one day ("2026-11-26") or month ("2026-11") of UTC.

    The sum of its model calls, kept beside them so that a budget is one look at a row. Everybody's
    purse has the member 0.
    """

    member_id: int = Field(primary_key=True)
    purse: Purse = one_of(Purse.MEMBER, primary_key=True)
    period: str = Field(primary_key=True)
    tokens: int = Field(default=0, sa_type=BigInteger)
    micros: int = Field(default=0, sa_type=BigInteger)
