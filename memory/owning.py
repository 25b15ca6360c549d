"""Whose memories: the one condition that every memory query carries."""

from sqlalchemy import ColumnElement, Integer, bindparam
from sqlmodel import col

from feed_core.models.memories import Memory

LARGEST = 2**63 - 1


def owner(owner_id: int) -> int:
    """The id itself, when it can be a member's.

    Raises:
        ValueError: it is no whole number above zero (None, True, 0, -1, "7").
    """
    # A bool is an int, but nobody's id; a larger number no database takes.
    if type(owner_id) is not int or not 0 < owner_id <= LARGEST:
        raise ValueError("memories need an owner")
    return owner_id


def owned_by(owner_id: int) -> ColumnElement[bool]:
    """The condition that a memory belongs to this member.

    Raises:
        ValueError: the id cannot be a member's.
    """
    return col(Memory.owner_id) == owner(owner_id)


def owned() -> ColumnElement[bool]:
    """The same condition in a statement that is put together once and asked with `of(owner_id)`.

    Without that the database is not asked at all.
    """
    return col(Memory.owner_id) == bindparam("whose", type_=Integer)


def of(owner_id: int) -> dict[str, int]:
    """Whose memories a statement with `owned` is about.

    Raises:
        ValueError: the id cannot be a member's.
    """
    return {"whose": owner(owner_id)}
