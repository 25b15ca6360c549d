"""What Telegram refuses: its limits, its pace, and the failures a test asks for."""

import math
import time
from collections import deque
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal

from tests.fakes.telegram_html import (
    Entity,
    EntityError,
    find_entities,
    parse_html,
    trim,
    units,
)

MAX_TEXT = 4096
MAX_CAPTION = 1024
MAX_BUTTONS = 100

_SAYS = {
    400: "Bad Request",
    401: "Unauthorized",
    403: "Forbidden: bot was blocked by the user",
    404: "Not Found",
    409: "Conflict: terminated by other getUpdates request; "
    "make sure that only one bot instance is running",
    413: "Request Entity Too Large",
    500: "Internal Server Error",
    502: "Bad Gateway",
    503: "Service Unavailable",
}


class Refused(Exception):
    """A call that Telegram answers with an error."""

    def __init__(self, status: int, description: str, **parameters: int) -> None:
        super().__init__(description)
        self.status = status
        self.description = description
        self.parameters = parameters

    def wire(self) -> dict[str, Any]:
        """Return the answer's JSON object."""
        answer: dict[str, Any] = {
            "ok": False,
            "error_code": self.status,
            "description": self.description,
        }
        return {**answer, "parameters": self.parameters} if self.parameters else answer


def bad(reason: str) -> Refused:
    """Return a 400 with this reason."""
    return Refused(400, f"Bad Request: {reason}")


def too_many(seconds: int) -> Refused:
    """Return a 429 that asks to wait."""
    return Refused(429, f"Too Many Requests: retry after {seconds}", retry_after=seconds)


def read_text(
    source: str,
    parse_mode: str | None,
    given: Sequence[Mapping[str, Any]],
    *,
    limit: int,
    caption: bool,
) -> tuple[str, list[Entity]]:
    """Return a text as people will read it; raises Refused when Telegram would not take it."""
    try:
        match (parse_mode or "").lower():
            case "html":
                plain, entities = parse_html(source)
            case "":
                plain, entities = trim(source, _given_entities(given))
            case _:  # Markdown is real, but nothing here speaks it
                raise bad("unsupported parse_mode")
    except EntityError as error:
        raise bad(f"can't parse entities: {error}") from error
    if units(plain) > limit:
        raise bad("message caption is too long" if caption else "message is too long")
    return plain, find_entities(plain, entities)


def check_markup(markup: object) -> None:
    """Raise Refused for a keyboard that Telegram would not show."""
    if markup is None:
        return
    if not isinstance(markup, Mapping):
        raise bad("object expected as reply markup")
    rows = markup.get("inline_keyboard")
    if rows is None:
        return
    if not isinstance(rows, list) or not all(isinstance(row, list) for row in rows):
        raise bad('field "inline_keyboard" of the InlineKeyboardMarkup must be of type Array')
    buttons = [button for row in rows for button in row]
    if len(buttons) > MAX_BUTTONS:
        raise bad("reply markup is too long")
    for button in buttons:
        _check_button(button)


def _check_button(button: Mapping[str, Any]) -> None:
    if not str(button.get("text", "")).strip():
        raise bad("inline keyboard button text is empty")
    if len(button) < 2:
        raise bad("text buttons are unallowed in the inline keyboard")
    data = button.get("callback_data")
    if data is not None and not 1 <= len(str(data).encode()) <= 64:
        raise bad("BUTTON_DATA_INVALID")
    url = button.get("url")
    if url is not None and not str(url).startswith(("http://", "https://", "tg://")):
        raise bad("BUTTON_URL_INVALID")


def _given_entities(given: Sequence[Mapping[str, Any]]) -> list[Entity]:
    try:
        return [
            Entity(str(e["type"]), int(e["offset"]), int(e["length"]), str(e.get("url") or ""))
            for e in given
        ]
    except (KeyError, TypeError, ValueError) as error:
        raise bad("can't parse MessageEntity") from error


@dataclass(slots=True)
class Pacing:
    """Telegram's pace: 30 messages a second, 1 a second per chat, 20 a minute per group.

    A chat may run ahead by `burst` messages. Source: https://core.telegram.org/bots/faq
    (broadcasting to users). When not `enforced`, transgressions are only counted.
    """

    enforced: bool = True
    clock: Callable[[], float] = time.monotonic
    burst: int = 5
    exceeded: int = 0  # calls over the pace, refused or not
    refused: int = 0  # answered with 429
    _all: deque[float] = field(default_factory=deque)
    _group: dict[int, deque[float]] = field(default_factory=dict)
    _chat: dict[int, float] = field(default_factory=dict)  # when the chat's debt is paid

    def take(self, chat_id: int, *, group: bool, count: int = 1) -> None:
        """Book messages to a chat; raises Refused (429) when that is too fast."""
        now = self.clock()
        minute = self._group.setdefault(chat_id, deque())
        paid = max(self._chat.get(chat_id, now), now)
        waits = [
            _wait(self._all, now, window=1.0, most=30, count=count),
            _wait(minute, now, window=60.0, most=20, count=count) if group else 0.0,
            paid - now - self.burst + 1,
        ]
        if (wait := max(waits)) > 0:
            self.exceeded += 1
            if self.enforced:
                self.refused += 1
                raise too_many(max(1, math.ceil(wait)))
        self._all.extend([now] * count)
        minute.extend([now] * count)
        self._chat[chat_id] = paid + 1


def _wait(sent: deque[float], now: float, *, window: float, most: int, count: int) -> float:
    while sent and sent[0] <= now - window:
        sent.popleft()
    surplus = len(sent) + count - most
    return 0.0 if surplus <= 0 or not sent else sent[min(surplus, len(sent)) - 1] + window - now


@dataclass(slots=True)
class Failure:
    """One failure a test asked for; `taken` says whether the call has its effect all the same."""

    method: str
    refusal: Refused | None  # None: the connection is dropped
    taken: bool
    chat_id: int | None
    left: int


class Failures:
    """The failures that tests asked for, each used up in turn."""

    def __init__(self) -> None:
        self._waiting: list[Failure] = []

    def add(
        self,
        method: str,
        *,
        status: int,
        times: int,
        description: str | None,
        retry_after: int | None,
        drop: Literal["before", "after"] | None,
        taken: bool,
        chat: int | None,
    ) -> None:
        """Let the next calls of this method fail; `*` means any method but getUpdates."""
        refusal: Refused | None = None
        if drop is None:
            refusal = too_many(retry_after or 1) if status == 429 else Refused(status, "")
            refusal.description = description or refusal.description or _SAYS.get(status, "Error")
        taken = drop == "after" or (drop is None and taken)
        self._waiting.append(Failure(method.lower(), refusal, taken, chat, times))

    def next_for(self, method: str, chat_id: str | None) -> Failure | None:
        """Return the failure that this call meets, and use it up."""
        for failure in self._waiting:
            named = failure.method == method or (failure.method == "*" and method != "getupdates")
            if named and (failure.chat_id is None or str(failure.chat_id) == chat_id):
                failure.left -= 1
                if failure.left <= 0:
                    self._waiting.remove(failure)
                return failure
        return None
