"""Memories as they travel with a whole feed, by its operator's hand; vectors are made anew."""

from feed_core.models.memories import Memory, MemorySettings
from feed_core.porting.kinds import Kind


def memories() -> list[Kind]:
    """The kinds of record that memories are; `feed_core` handles them without knowing their words.

    What was learned from is told by numbers of lines, which stay the same.
    """
    return [Kind(Memory, made_anew={"indexed"}), Kind(MemorySettings)]


def whole_memories() -> list[Kind]:
    """The same with whether each memory has its vector, for a move that brings the vectors too."""
    return [Kind(Memory), Kind(MemorySettings)]
