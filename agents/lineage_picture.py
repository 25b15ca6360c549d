"""Hands a family to the one who draws it."""

from collections.abc import Mapping
from functools import partial

from agents import phrases
from feed_core.media import MediaShelf
from feed_core.services.lineage import Family
from feed_core.states import CreationState


def family_picture(family: Family, names: Mapping[int, str], media: MediaShelf) -> bytes:
    """A PNG of the lineage; blocks while it reads and draws."""
    # Imported here: its layout library is the heaviest thing that most starts can do without.
    from agents.makers.familytree import draw_lineage
    from agents.makers.treepage import LineageNode

    nodes = [
        LineageNode(
            id=it.id,
            title=it.title or phrases.TAKEN_BACK,
            maker_name=names.get(it.author_id, ""),
            kind=it.kind,
            thumbnail=partial(media.read, it.media_hash) if it.media_hash else None,
            withdrawn=it.state is CreationState.WITHDRAWN,
        )
        for it in family.members
        if it.id is not None
    ]
    return draw_lineage(nodes, family.edges, family.focus_id)
