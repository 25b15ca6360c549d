"""Keeps model calls within what may be spent, and writes down what they took."""

import re
from collections.abc import Awaitable, Callable, Sequence
from functools import partial
from typing import TYPE_CHECKING, TypeVar

from agents.profile import Budget, Model, Price, Profile
from agents.turn import Record
from feed_core.errors import Unavailable
from feed_core.models.ledger import Purse
from feed_core.services import ledger
from feed_core.services.ledger import Amount, Budgets, BudgetSpent, Most, Period, Reserved
from feed_core.store import Store

if TYPE_CHECKING:
    from langchain_core.messages import AIMessage, BaseMessage

LONGEST_ANSWER = 2_000  # tokens set aside for what a model may write
CHARACTERS_A_TOKEN = 4
MICROS = 1_000_000

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
        self._store, self._budgets = store, budgets(profile.budget)
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
        *,
        background: bool = False,
    ) -> T:
        """Make one model call within the budget; `background`: nobody asked for it just now.

        It is settled when it is made, or with the records where there are some; a call that
        fails is settled at nothing.

        Raises:
            BudgetSpent: it would go beyond what may be spent.
            Unavailable: nothing came, or the notice that some account's limit is reached.
        """
        tokens_in = sum(len(it.text) for it in prompt) // CHARACTERS_A_TOKEN
        amount = Amount(
            tokens_in + LONGEST_ANSWER, _micros(self._price(model), tokens_in, LONGEST_ANSWER)
        )
        reserved = await self._reserve(
            member_id, purpose, model.name, amount, background=background
        )
        answer: AIMessage | None = None
        try:
            result = await ask()
            answer = answer_of(result)
        finally:
            settle = self._settling(reserved, model, answer)
            if answer is None or records is None:
                async with self._store.work() as work:
                    await settle(work)
            else:
                records.append(settle)
        if answer is not None and not answer.tool_calls and _is_none(answer.text, prompt):
            raise Unavailable(SERVICE)
        return result

    async def priced(
        self,
        member_id: int,
        purpose: str,
        model: str,
        price: float,
        ask: Callable[[], Awaitable[T]],
        *,
        background: bool = False,
    ) -> T:
        """Make one call that has a price of its own, in the prices' currency, within the budget.

        `background`: nobody asked for it just now.

        Raises:
            BudgetSpent: it would go beyond what may be spent.
        """
        amount = Amount(0, round(price * MICROS))
        reserved = await self._reserve(member_id, purpose, model, amount, background=background)
        taken = 0
        try:
            result = await ask()
            taken = amount.micros
        finally:
            async with self._store.work() as work:
                await ledger.settle(
                    work, reserved=reserved, model=model, tokens_in=0, tokens_out=0, micros=taken
                )
        return result

    async def _reserve(
        self, member_id: int, purpose: str, model: str, amount: Amount, *, background: bool = False
    ) -> Reserved:
        try:
            async with self._store.work() as work:
                return await ledger.reserve(
                    work,
                    member_id=member_id,
                    purpose=purpose,
                    model=model,
                    amount=amount,
                    budgets=self._budgets,
                    background=background,
                )
        except BudgetSpent as error:
            if error.purse is Purse.BACKGROUND:
                async with self._store.work() as work:
                    await ledger.tell(work, member_id)
            raise

    def _price(self, model: Model) -> Price:
        return self._prices.get(model.name, model.price)

    def _settling(self, reserved: Reserved, model: Model, answer: "AIMessage | None") -> Record:
        usage = answer.usage_metadata if answer is not None else None
        untold = reserved.amount.tokens if answer is not None else 0
        used_in = usage["input_tokens"] if usage else untold
        used_out = usage["output_tokens"] if usage else 0
        return partial(
            ledger.settle,
            reserved=reserved,
            model=model.name,
            tokens_in=used_in,
            tokens_out=used_out,
            micros=_micros(self._price(model), used_in, used_out),
        )


def budgets(budget: Budget) -> Budgets:
    """What each purse may pay for, in a day and in a month."""
    allowances = {
        Purse.ALL: budget.all,
        Purse.MEMBER: budget.member,
        Purse.BACKGROUND: budget.background,
    }
    return {
        (purse, period): Most(
            most.tokens, None if most.money is None else round(most.money * MICROS)
        )
        for purse, allowance in allowances.items()
        for period, most in ((Period.DAY, allowance.day), (Period.MONTH, allowance.month))
    }


def _micros(price: Price, tokens_in: int, tokens_out: int) -> int:
    return round(tokens_in * price.input + tokens_out * price.output)


def _is_none(text: str, prompt: "Sequence[BaseMessage]") -> bool:
    """Whether this answers nothing; after what an act did, there may be nothing left to say."""
    silent = not text.strip() and prompt[-1].type != "tool"
    return silent or _is_notice(text)


def _is_notice(text: str) -> bool:
    return len(text) <= LONGEST_NOTICE and NOTICE.search(text) is not None
