"""Hands a family to the one who draws it."""

from collections.abc import Callable, Mapping
from functools import partial

from agents import phrases
from agents.attached import RECORDINGS
from feed_core.media import MediaShelf
from feed_core.models.creations import Creation
from feed_core.services import media
from feed_core.services.lineage import Family
from feed_core.states import CreationState
from feed_core.store import View


def family_picture(
    family: Family,
    names: Mapping[int, str],
    shelf: MediaShelf,
    smaller: Mapping[str, str],
    *,
    svg: bool = False,
) -> bytes:
    """A PNG or SVG of the lineage; blocks while it reads and draws.

    `smaller`: thumbnails by picture.
    """
    # Imported here: its layout library is the heaviest thing that most starts can do without.
    from agents.makers.familysvg import draw_lineage_svg
    from agents.makers.familytree import draw_lineage
    from agents.makers.treecards import LineageNode

    nodes = [
        LineageNode(
            id=it.id,
            title=it.title or phrases.TAKEN_BACK,
            maker_name=names.get(it.author_id, ""),
            kind=it.kind,
            thumbnail=_thumbnail(it, shelf, smaller),
            withdrawn=it.state is CreationState.WITHDRAWN,
        )
        for it in family.members
        if it.id is not None
    ]
    draw = draw_lineage_svg if svg else draw_lineage
    return draw(nodes, family.edges, family.focus_id)


async def thumbnails_of(view: View, family: Family) -> Mapping[str, str]:
    """The smaller pictures of a family, by what they are of."""
    return await media.thumbnails(view, {it.media_hash for it in family.members if it.media_hash})


def _thumbnail(
    creation: Creation, shelf: MediaShelf, smaller: Mapping[str, str]
) -> Callable[[], bytes] | None:
    if creation.media_hash is None or creation.kind in RECORDINGS:
        return None
    return partial(shelf.read, smaller.get(creation.media_hash, creation.media_hash))
