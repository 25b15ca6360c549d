"""Building on what others made: who may, and what a remix was made from."""

from collections.abc import Sequence

from sqlmodel import col, select

from feed_core.errors import RemixNotAllowed
from feed_core.models.creations import Creation, Edge
from feed_core.services.sight import Reader, may_place, see
from feed_core.states import Permission
from feed_core.store import View


async def require_open(view: View, creation_id: int, *, reader: Reader) -> Creation:
    """The creation, if this reader may build on it.

    Raises:
        CreationNotFound, CreationWithdrawn: it cannot be seen.
        RemixNotAllowed: its maker does not want that.
    """
    creation = await see(view, creation_id, reader=reader)
    if not is_open(creation, reader=reader):
        raise RemixNotAllowed(creation_id)
    return creation


def is_open(creation: Creation, *, reader: Reader) -> bool:
    """Whether the maker lets this reader build on it."""
    return creation.consent_remix is Permission.YES or creation.author_id == reader.member_id


async def parents(view: View, child_ids: Sequence[int], *, reader: Reader) -> dict[int, list[int]]:
    """The parents of each of these creations, as far as the reader may know of them."""
    found = await view.db.exec(
        select(Edge.child_id, Edge.parent_id)
        .join(Creation, col(Creation.id) == col(Edge.parent_id))
        .where(col(Edge.child_id).in_(child_ids), may_place(reader))
        .order_by(col(Edge.parent_id))
    )
    grouped: dict[int, list[int]] = {}
    for child_id, parent_id in found:
        grouped.setdefault(child_id, []).append(parent_id)
    return grouped
