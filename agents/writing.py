"""A model that reads what others wrote: no tools, and what it returns is typed and shown."""

import asyncio
import json
import re
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, TypeVar

from pydantic import ValidationError

from agents.model import Chain
from agents.profile import Model
from agents.prompts import READER_PROMPT, WRITER_PROMPT, writer_request
from agents.spending import CHARACTERS_A_TOKEN, SERVICE, Ledger
from agents.turn import Form, Writing
from feed_core.errors import Unavailable
from feed_core.services.ledger import BudgetSpent

if TYPE_CHECKING:
    from langchain_core.language_models import BaseChatModel
    from langchain_core.messages import AIMessage, BaseMessage

LONGEST_TITLE = 120
FIRST_WORDS = 8
OBJECT = re.compile(r"\{.*\}", re.DOTALL)  # within a fence or a preface
# Inner calls are not part of what the agent says, so their tokens are not streamed.
UNSTREAMED: Any = {"tags": ["nostream"]}

T = TypeVar("T")
Ask = Callable[["BaseChatModel", Model], Awaitable["AIMessage"]]


@dataclass(frozen=True, slots=True)
class ModelWriter:
    """Asks the models of the chain in order until one writes something."""

    chain: Chain
    ledger: Ledger

    @property
    def room(self) -> int:
        """How many characters of material every model of the chain can read at once."""
        return min(it.context for it in self.chain.models) * CHARACTERS_A_TOKEN // 2

    async def write(
        self,
        *,
        member_id: int,
        wish: str,
        sources: Sequence[str],
        purpose: str,
        background: bool = False,
    ) -> Writing:
        """Write what is wished for from the sources, which are data.

        `background`: nobody asked for it just now.

        Raises:
            Unavailable: no model of the chain answered.
            BudgetSpent: the member may spend no more today.
        """
        prompt = _prompt(WRITER_PROMPT, wish, sources)

        def ask(asked: "BaseChatModel", _: Model) -> "Awaitable[AIMessage]":
            return asked.ainvoke(prompt, config=UNSTREAMED)

        def read(text: str, model: Model) -> Writing | None:
            return Writing(*_title_and_body(text), model.name) if text.strip() else None

        return await self._first(member_id, purpose, prompt, ask, read, background=background)

    async def fill(
        self,
        form: type[Form],
        *,
        member_id: int,
        wish: str,
        sources: Sequence[str],
        purpose: str,
        background: bool = False,
    ) -> Form:
        """Fill a form from the sources, which are data; `background`: nobody asked for it just now.

        A model that the profile says can is held to the form's JSON schema by its provider; all
        are told it. No model is given the form as a tool.

        Raises:
            Unavailable: no model of the chain answered, or none filled it.
            BudgetSpent: the member may spend no more today.
        """
        schema = json.dumps(form.model_json_schema())
        prompt = _prompt(READER_PROMPT.replace("{schema}", schema), wish, sources)

        async def ask(asked: "BaseChatModel", model: Model) -> "AIMessage":
            if not model.answers_json:
                return await asked.ainvoke(prompt, config=UNSTREAMED)
            held = asked.with_structured_output(form, method="json_schema", include_raw=True)
            answer: Any = await held.ainvoke(prompt, config=UNSTREAMED)
            said: AIMessage = answer["raw"]
            return said

        return await self._first(
            member_id,
            purpose,
            prompt,
            ask,
            lambda text, _: _filled(form, text),
            background=background,
        )

    async def _first(
        self,
        member_id: int,
        purpose: str,
        prompt: "Sequence[BaseMessage]",
        ask: Ask,
        read: Callable[[str, Model], T | None],
        *,
        background: bool = False,
    ) -> T:
        """What the first model says that says anything that can be read."""
        clients = await asyncio.to_thread(lambda: self.chain.clients)
        failed: Exception | None = None
        for model, asked in zip(self.chain.models, clients, strict=True):

            async def call(asked: "BaseChatModel" = asked, model: Model = model) -> "AIMessage":
                return await ask(asked, model)

            try:
                said = await self.ledger.paid(
                    member_id,
                    purpose,
                    model,
                    prompt,
                    call,
                    lambda answer: answer,
                    background=background,
                )
            except BudgetSpent:
                raise
            except Exception as error:  # noqa: BLE001  # providers' errors share no base class
                failed = error
                continue
            if (found := read(said.text, model)) is not None:
                return found
        raise Unavailable(SERVICE) from failed


def _prompt(system: str, wish: str, sources: Sequence[str]) -> "list[BaseMessage]":
    from langchain_core.messages import HumanMessage, SystemMessage

    return [SystemMessage(system), HumanMessage(writer_request(wish, sources))]


def _filled(form: type[Form], text: str) -> Form | None:
    """The form, where the text holds it; None where it holds something else."""
    found = OBJECT.search(text)
    try:
        return form.model_validate_json(found[0]) if found else None
    except ValidationError:
        return None


def _title_and_body(text: str) -> tuple[str, str]:
    first, _, rest = text.strip().partition("\n")
    title = first.strip().strip('#*_-="“” ')
    body = rest.strip()
    if not title:  # a line of ornaments
        title = " ".join(body.split()[:FIRST_WORDS])
    return title[:LONGEST_TITLE], body or text.strip()
