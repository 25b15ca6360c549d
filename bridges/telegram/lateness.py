"""What came while the bot was off: answered if fresh, else acknowledged with one notice a chat."""

from datetime import UTC, datetime, timedelta

from telegram import Message

FRESH = timedelta(minutes=15)  # whoever waits longer has turned to something else
MOST = 10_000  # chats that a notice is remembered for


class Lateness:
    """Knows which chats were told in this run."""

    def __init__(self) -> None:
        self._told: set[int] = set()

    def stale(self, message: Message) -> bool:
        """Whether a message is too old to be answered as if it came now."""
        return datetime.now(UTC) - message.date > FRESH

    def first(self, chat_id: int) -> bool:
        """Whether this chat was not told yet; from now on it was."""
        if chat_id in self._told or len(self._told) >= MOST:
            return False
        self._told.add(chat_id)
        return True
