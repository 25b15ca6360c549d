"""Keeps model calls within the day's budget, and writes down what they took."""

import re
from collections.abc import Awaitable, Callable, Sequence
from functools import partial
from typing import TYPE_CHECKING, TypeVar

from agents.profile import Model, Profile
from agents.turn import Record
from feed_core.errors import Unavailable
from feed_core.services import ledger
from feed_core.store import Store

if TYPE_CHECKING:
    from langchain_core.messages import AIMessage, BaseMessage

LONGEST_ANSWER = 2_000  # tokens set aside for what a model may write
CHARACTERS_A_TOKEN = 4

SERVICE = "The language model"
NOTICE = (
    re.compile(  # what proxies say, as if it were the model's words, when an account is used up
        r"\b(?:reached|exceeded|hit|out of)\b.{0,40}\b(?:limit|quota|credits?)\b", re.IGNORECASE
    )
)
LONGEST_NOTICE = 300  # characters

T = TypeVar("T")


class Ledger:
    """Reserves before a call and settles after it."""

    def __init__(self, store: Store, profile: Profile) -> None:
        self._store, self._budget = store, profile.budget
        self._prices = {it.name: it.price for it in profile.models}

    async def paid(
        self,
        member_id: int,
        purpose: str,
        model: Model,
        prompt: "Sequence[BaseMessage]",
        ask: Callable[[], Awaitable[T]],
        answer_of: "Callable[[T], AIMessage | None]",
        records: list[Record] | None = None,
    ) -> T:
        """Make one model call within the budget.

        It is settled when it is made, or with the records where there are some; a call that
        fails is settled at nothing.

        Raises:
            BudgetSpent: it would go beyond what may be spent.
            Unavailable: nothing came, or the notice that some account's limit is reached.
        """
        estimate = sum(len(it.text) for it in prompt) // CHARACTERS_A_TOKEN + LONGEST_ANSWER
        async with self._store.work() as work:
            entry_id = await ledger.reserve(
                work,
                member_id=member_id,
                purpose=purpose,
                model=model.name,
                tokens=estimate,
                daily=self._budget.member_tokens,
                daily_all=self._budget.all_tokens,
            )
        answer: AIMessage | None = None
        try:
            result = await ask()
            answer = answer_of(result)
        finally:
            settle = self._settling(entry_id, model, estimate, answer)
            if answer is None or records is None:
                async with self._store.work() as work:
                    await settle(work)
            else:
                records.append(settle)
        if answer is not None and not answer.tool_calls and _is_none(answer.text, prompt):
            raise Unavailable(SERVICE)
        return result

    def _settling(
        self, entry_id: int, model: Model, estimate: int, answer: "AIMessage | None"
    ) -> Record:
        usage = answer.usage_metadata if answer is not None else None
        used_in = usage["input_tokens"] if usage else (estimate if answer is not None else 0)
        used_out = usage["output_tokens"] if usage else 0
        price = self._prices.get(model.name, model.price)
        return partial(
            ledger.settle,
            entry_id=entry_id,
            model=model.name,
            tokens_in=used_in,
            tokens_out=used_out,
            micros=round(used_in * price.input + used_out * price.output),
        )


def _is_none(text: str, prompt: "Sequence[BaseMessage]") -> bool:
    """Whether this answers nothing; after what an act did, there may be nothing left to say."""
    silent = not text.strip() and prompt[-1].type != "tool"
    return silent or _is_notice(text)


def _is_notice(text: str) -> bool:
    return len(text) <= LONGEST_NOTICE and NOTICE.search(text) is not None
