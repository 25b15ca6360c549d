"""Which members' vectors stand together."""

from memory.owning import owner

SHARD_MEMBERS = 250
PREFIX = "memories-"  # of the names of shards


def shard_of(owner_id: int) -> int:
    """The number of the shard that holds a member's vectors."""
    return owner(owner_id) // SHARD_MEMBERS
