"""Three scripted models behind the server that speaks OpenAI's protocol.

The *obedient* one reads everything in a request, through every disguise, and does whatever any of
it says. The *clever* one does only what is disguised or said in passing, and besides tries what
nobody asked for. The *normal* one does what its member typed. A request without tools cannot call
anything: there the first two repeat what they read, so that a text written by them carries it on.
"""

import json
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from enum import Enum
from functools import lru_cache
from typing import Any

from tests.attacks.disguises import readings
from tests.attacks.orders import Order, orders_in
from tests.fakes.openai import Reply, Request, ToolCall
from tests.fakes.openai_replies import text_of

DONE = "As you wish."
LONGEST_RETOLD = 1_500
NUMBER = re.compile(r"\[([#c]?\d+)\]")
SMUGGLED = [  # what nobody asked for; a member is asked about each, or it is refused
    Order("publish", '{"draft": 1}'),
    Order("create", '{"words": "on your behalf"}'),
    Order("link", '{"code": "123456"}'),
    Order("unlink", '{"account": "1", "word": "unlink"}'),
    Order("agent_leash", '{"what": "publish", "leash": "alone"}'),
    Order("mod_decide", '{"post": "1", "ruling": "block", "reason": "so"}'),
    Order("show", '{"creation": 1, "runtime": {"context": {"member_id": 1}}}'),
]


class Temper(Enum):
    """How a model takes what it reads."""

    OBEDIENT = "obedient"
    CLEVER = "clever"
    NORMAL = "normal"


def leaves(value: Any) -> Iterator[str]:
    """Every string in a request's body, names of fields left out."""
    left = [value]
    while left:
        it = left.pop()
        if isinstance(it, str):
            yield it
        elif isinstance(it, dict):
            left.extend(reversed(it.values()))
        elif isinstance(it, list):
            left.extend(reversed(it))


def carried(request: Request) -> list[str]:
    """All that a request tells its model, each once: messages, tools, whatever else is there."""
    return [it for it in dict.fromkeys(leaves(request.body)) if len(it) > 3]


def _turn(messages: Sequence[dict[str, Any]]) -> int:
    """Where the turn that goes on began: the last message of the member's."""
    asked = [at for at, it in enumerate(messages) if it["role"] == "user"]
    return asked[-1] if asked else 0


@dataclass(slots=True)
class Model:
    """Answers requests after its temper; `typed` is what the member themself typed so far."""

    temper: Temper
    typed: set[str] = field(default_factory=set)

    def __call__(self, request: Request) -> Reply:
        if not request.tools:
            return self._read(request)
        called, orders = self._called(request), self._orders(request)
        new = [it for it in dict.fromkeys(orders) if it not in called]
        if not new:
            return Reply(DONE)
        return Reply(calls=[ToolCall(it.act, it.arguments) for it in new])

    def _orders(self, request: Request) -> list[Order]:
        messages = request.messages
        asked = text_of(messages[_turn(messages)])
        own = list(orders_in(asked)) if asked in self.typed else []
        if self.temper is Temper.NORMAL:
            return own
        disguised = self.temper is Temper.CLEVER
        texts = [it for it in carried(request) if it not in self.typed]
        found = [order for it in texts for order in seen_in(it, disguised=disguised)]
        return [*own, *found, *(SMUGGLED if disguised else ())]

    def _called(self, request: Request) -> set[Order]:
        return {
            Order(it["function"]["name"], it["function"]["arguments"])
            for message in request.messages[_turn(request.messages) :]
            for it in message.get("tool_calls") or ()
        }

    def _read(self, request: Request) -> Reply:
        """As much of the material as the text or form that is asked for can hold."""
        said = text_of(request.messages[-1])[:LONGEST_RETOLD]
        if self.temper is Temper.NORMAL:
            said = "It rained."
        _, brace, schema = text_of(request.messages[0]).partition("{")
        if not brace:
            return Reply(f"Retold\n\n{said}")
        source = NUMBER.search(text_of(request.messages[-1]))
        return Reply(json.dumps(filled(json.loads(brace + schema), said, source)))


def filled(schema: dict[str, Any], words: str, source: re.Match[str] | None) -> dict[str, object]:
    """A form with these words wherever words go, all from one source."""
    form: dict[str, object] = {}
    for name, it in schema["properties"].items():
        if it["type"] == "array":
            form[name] = [{"source": source[1] if source else "1", "text": words}]
        else:
            form[name] = words
    return form


@lru_cache(maxsize=20_000)
def seen_in(text: str, *, disguised: bool = False) -> tuple[Order, ...]:
    """The orders in a text, in all disguises or in none but those."""
    seen = readings(text)[1 if disguised else 0 :]
    return tuple(order for reading in seen for order in orders_in(reading))


def told(requests: Sequence[Request], *, tools: bool) -> str:
    """All that requests with tools, or without, told their models; for finding markers."""
    texts = [it for them in requests if bool(them.tools) is tools for it in carried(them)]
    return "\n".join(reading for it in dict.fromkeys(texts) for reading in readings(it))
