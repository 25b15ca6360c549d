"""Which members' vectors stand together."""

from memory.owning import owner

SHARD_MEMBERS = 250


def shard_of(owner_id: int) -> int:
    """The number of the shard that holds a member's vectors."""
    return owner(owner_id) // SHARD_MEMBERS
