"""Telegram's errors as ours: not taken, perhaps taken, or never again."""

from collections.abc import Iterator
from contextlib import contextmanager

from telegram.error import BadRequest, Forbidden, NetworkError, RetryAfter, TelegramError

from bridges.telegram.requests import NOT_SENT
from feed_core.errors import Gone, Unavailable, Unknown

SERVICE = "Telegram"
# Of a request that met one of these nothing had left this machine.
SURE = (*NOT_SENT, RuntimeError, TelegramError)
# Telegram has no codes finer than "Bad Request"; these say that the place is closed to the bot.
CLOSED = (
    *("chat not found", "thread not found", "user is deactivated", "peer_id_invalid"),
    *("not enough rights", "no rights to send", "chat_write_forbidden", "topic_closed"),
)


@contextmanager
def telegram_errors() -> Iterator[None]:
    """Raise Unavailable, Unknown or Gone in place of the library's errors."""
    try:
        yield
    except TelegramError as error:
        raise translated(error) from error


def translated(error: TelegramError) -> Unavailable:
    """What an error of the library says about the message that was to be sent.

    The library raises the HTTP client's error as the cause of its own; without one Telegram
    answered, and an error answer is never ambiguous.
    """
    match error:
        case Forbidden():
            return Gone(SERVICE)
        case BadRequest():
            gone = any(it in error.message.lower() for it in CLOSED)
            return Gone(SERVICE) if gone else Unavailable(SERVICE)
        case NetworkError() if isinstance(error.__cause__, Exception):
            sure = isinstance(error.__cause__, SURE)
            return Unavailable(SERVICE) if sure else Unknown(SERVICE)
        case RetryAfter() | NetworkError():
            return Unavailable(SERVICE)
    # What is left is an answer that could not be read, or one about the whole bot.
    return Unknown(SERVICE) if error.message == "Invalid server response" else Unavailable(SERVICE)
