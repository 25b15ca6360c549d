"""What each member was shown lately."""

from datetime import datetime

from sqlmodel import Field, SQLModel

from feed_core.models import members  # noqa: F401  # the table referred to
from feed_core.models.columns import moment


class Seen(SQLModel, table=True):
    """What one member's feed has shown, in one small row.

    `items` are pairs of a creation's number and the microsecond since 1970 at which it was last
    shown, each 64 bits, little-endian, by rising number, in Base64. What is not above `floor_id`
    counts as seen too. `began_at` is when they last opened the feed anew.
    """

    member_id: int = Field(primary_key=True, foreign_key="member.id")
    items: str = ""
    floor_id: int = 0
    began_at: datetime = moment()
