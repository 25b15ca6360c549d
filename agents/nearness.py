"""What comes near in meaning, as far as it is known right now."""

from collections.abc import Sequence
from dataclasses import dataclass

import structlog

from agents.turn import Turn
from feed_core.errors import Unavailable

MOST = 100  # creations that come near
RELATED = 0.2  # cosine; of unrelated pairs nine in ten are below
QUICK = 32  # creations that are read while somebody waits, about a third of a second
READ = 500  # characters of what is looked for that count

logger = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Near:
    """Numbers of creations, the nearest first, whoever may see them.

    `unread`: so many are not read for their meaning yet.
    """

    scores: dict[int, float]
    unread: int = 0

    @property
    def ids(self) -> Sequence[int]:
        """The numbers alone."""
        return list(self.scores)


async def near_words(turn: Turn, words: str) -> Near:
    """What comes near to words; loads what is needed for it, where nothing did yet."""
    meaning = turn.parts.meaning
    await meaning.open()
    unread = await _read_the_last(turn)
    found = await meaning.near(await meaning.of_words(words[:READ]), k=MOST)
    return Near({it: score for it, score in found.items() if score >= RELATED}, unread)


async def near_creation(turn: Turn, creation_id: int) -> Near:
    """What comes near to a creation, without it; nothing while it has no vector."""
    meaning = turn.parts.meaning
    await meaning.open()
    unread = await _read_the_last(turn)
    (row,) = await meaning.vectors([creation_id])
    if not row.any():
        return Near({}, unread)
    found = await meaning.near(row, k=MOST + 1)
    return Near(
        {it: score for it, score in found.items() if score >= RELATED and it != creation_id}, unread
    )


async def _read_the_last(turn: Turn) -> int:
    """Read what was published a moment ago, if it is little; how many are still unread."""
    meaning = turn.parts.meaning
    unread = await meaning.waiting()
    if 0 < unread <= QUICK:
        try:
            await meaning.catch_up(most=QUICK)
        except Unavailable:
            logger.warning("searched_without_the_last", exc_info=True)
            return unread
        unread = await meaning.waiting()
    return unread
