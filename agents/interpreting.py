"""A request as one act call: typed as a command, or in plain words that the router knows."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from agents.act import Act, Acts, Effect
from agents.answer import Call
from agents.filling import read_arguments
from agents.router import LIKELY, Router
from agents.turn import Authority, Turn
from feed_core.errors import Refusal, UnknownAct

FAMILY = "order "  # an order sets no orders
STANDING = frozenset({Effect.OWN, Effect.PUBLISH})


class NotUnderstood(Refusal):
    """Plain words of which it is not clear what act they ask for."""

    code = "not_understood"


def may_stand(found: Act[Any]) -> bool:
    """Whether an agent may do this act at set hours, with nobody looking."""
    mine = found.authority is Authority.MEMBER and found.effect in STANDING
    return mine and not found.name.startswith(FAMILY)


@dataclass(frozen=True, slots=True)
class WordsToCall:
    """Understands a request once, so that the call can be kept; `read_line` reads commands."""

    acts: Acts
    router: Router
    read_line: Callable[[Acts, str], Call]

    async def call(self, turn: Turn, text: str) -> Call:
        """The call that a command or plain words stand for, complete.

        Raises:
            NotUnderstood: no act is meant for sure.
            UnknownAct, MissingArgument, BadArgument: it is no call that could be done.
        """
        if text.startswith("/"):
            call = self.read_line(self.acts, text)
        else:
            route = await self.router.nearest(text)
            if route.score < LIKELY:
                raise NotUnderstood
            call = await read_arguments(turn, route.act, text)
        found = self.acts.get(call.act)
        if found is None:
            raise UnknownAct(call.act[:40], "help")
        found.parse(call.arguments)
        return call

    def may_stand(self, call: Call) -> bool:
        """Whether an agent may do it at set hours, with nobody looking."""
        found = self.acts.get(call.act)
        return found is not None and may_stand(found)

    def is_seen(self, call: Call) -> bool:
        """Whether others see what it does."""
        found = self.acts.get(call.act)
        return found is not None and found.effect is Effect.PUBLISH
