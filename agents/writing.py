"""A model that reads what others wrote: no tools, and what it returns is typed and shown."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from agents.model import Chain
from agents.prompts import WRITER_PROMPT, writer_request
from agents.spending import SERVICE, Ledger
from agents.turn import Writing
from feed_core.errors import BudgetSpent, Unavailable

if TYPE_CHECKING:
    from langchain_core.language_models import BaseChatModel

LONGEST_TITLE = 120
FIRST_WORDS = 8


@dataclass(frozen=True, slots=True)
class ModelWriter:
    """Asks the models of the chain in order until one writes something."""

    chain: Chain
    ledger: Ledger

    async def write(
        self, *, member_id: int, wish: str, sources: Sequence[str], purpose: str
    ) -> Writing:
        """Write what is wished for from the sources, which are data.

        Raises:
            Unavailable: no model of the chain answered.
            BudgetSpent: the member may spend no more today.
        """
        from langchain_core.messages import AIMessage, BaseMessage, HumanMessage, SystemMessage

        prompt: list[BaseMessage] = [
            SystemMessage(WRITER_PROMPT),
            HumanMessage(writer_request(wish, sources)),
        ]
        clients = await asyncio.to_thread(lambda: self.chain.clients)
        failed: Exception | None = None
        for model, asked in zip(self.chain.models, clients, strict=True):

            async def ask(asked: "BaseChatModel" = asked) -> AIMessage:
                # Inner calls are not part of what the agent says, so their tokens are not streamed.
                return await asked.ainvoke(prompt, config={"tags": ["nostream"]})

            try:
                said = await self.ledger.paid(
                    member_id, purpose, model, prompt, ask, lambda answer: answer
                )
            except BudgetSpent:
                raise
            except Exception as error:  # noqa: BLE001  # providers' errors share no base class
                failed = error
                continue
            if said.text.strip():
                title, body = _title_and_body(said.text)
                return Writing(title, body, model.name)
        raise Unavailable(SERVICE) from failed


def _title_and_body(text: str) -> tuple[str, str]:
    first, _, rest = text.strip().partition("\n")
    title = first.strip().strip('#*_-="“” ')
    body = rest.strip()
    if not title:  # a line of ornaments
        title = " ".join(body.split()[:FIRST_WORDS])
    return title[:LONGEST_TITLE], body or text.strip()
