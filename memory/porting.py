"""Memories as they travel with a whole feed, by its operator's hand; vectors are made anew."""

from feed_core.models.memories import Memory
from feed_core.porting.kinds import Kind


def memories() -> Kind:
    """The kind of record that a memory is; `feed_core` handles it without knowing what it says."""
    return Kind(Memory, made_anew={"indexed"})
