"""Which creations have which tags, so that a tag leads to them."""

from sqlalchemy import String
from sqlmodel import Field, SQLModel

from feed_core.models import creations  # noqa: F401  # the table referred to

# By code points: in an order of its own a language may put words between those that begin alike.
BY_CODE_POINT = String().with_variant(String(collation="C"), "postgresql")


class CreationTag(SQLModel, table=True):
    """One tag of one published creation, folded as tags are compared."""

    __tablename__ = "creation_tag"
    __table_args__ = {"sqlite_with_rowid": False}  # the key is all there is

    tag: str = Field(primary_key=True, sa_type=BY_CODE_POINT)
    creation_id: int = Field(primary_key=True, foreign_key="creation.id", index=True)
