"""What was talked about before the last lines: kept in a few sentences, made of the member's own.

It enters calls that have tools, so nothing that others wrote, and no answer, is ever part of it.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import structlog
from pydantic import BaseModel, Field

from agents.prompts import RECAP_WISH
from agents.recaps import MANY, Wanted
from agents.writing import ModelWriter
from feed_core.errors import Unavailable
from feed_core.services import conversation, members
from feed_core.services.ledger import BudgetSpent
from feed_core.states import Role
from feed_core.store import Store
from memory.statements import own_words

KEPT = 4  # lines that stay as they are
LONGEST = 1_200  # characters of a recap
LONGEST_LINE = 240  # of a line that the rule picks
PICKED = 6  # lines that the rule picks

logger = structlog.get_logger(__name__)


class RecapRead(BaseModel):
    """What a model says was talked about."""

    recap: str = Field(description="what was talked about and what was settled, in a few sentences")


@dataclass(frozen=True, slots=True)
class Recapper:
    """Keeps the recaps of conversations; a model writes them where there is one, else a rule."""

    store: Store
    wanted: Wanted
    writer: ModelWriter | None

    async def recap_due(self) -> int:
        """See to every conversation that grew; returns how many recaps were made."""
        return sum([await self.recap(*it) for it in self.wanted.take()])

    async def recap(self, member_id: int, place: str) -> bool:
        """Fold all but the last lines of a conversation into its recap; False with few of them."""
        async with self.store.read() as view:
            before, lines = await conversation.unfolded(view, member_id=member_id, place=place)
            paused = (await members.agent_settings(view, member_id)).paused
        if len(lines) < MANY:
            return False
        folded = lines[:-KEPT]
        own = [words for it in folded if it.role is Role.MEMBER and (words := own_words(it.text))]
        text = before
        if own:
            writer = None if paused else self.writer
            text = await self._read(writer, member_id, before, own)
        async with self.store.work() as work:
            return await conversation.fold(
                work, member_id=member_id, place=place, text=text[:LONGEST], folded=folded
            )

    async def _read(
        self, writer: ModelWriter | None, member_id: int, before: str, own: Sequence[str]
    ) -> str:
        if writer is not None:
            try:
                read = await writer.fill(
                    RecapRead,
                    member_id=member_id,
                    wish=RECAP_WISH,
                    sources=[before or "nothing yet", "\n".join(own)],
                    purpose="recap",
                    background=True,
                )
            except (Unavailable, BudgetSpent) as error:
                logger.info("recapped_by_rule", member_id=member_id, code=error.code)
            else:
                return " ".join(read.recap.split())
        from agents.lexrank import most_telling  # NumPy: not before the first recap

        said = [*before.splitlines(), *(" ".join(it.split())[:LONGEST_LINE] for it in own)]
        said = list(dict.fromkeys(said))
        return "\n".join(said[it] for it in most_telling(said, PICKED))
