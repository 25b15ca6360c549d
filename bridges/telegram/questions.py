"""What people were asked and have not answered yet, so that they may answer without replying."""

import time
from collections.abc import Callable
from dataclasses import dataclass

PATIENCE = 600.0  # seconds after which words are a new wish again; a reply still answers
MOST = 10_000  # questions that are kept; the oldest are forgotten first


@dataclass(frozen=True, slots=True)
class Question:
    """A message of ours that asks for the words a button needs."""

    message_id: int
    token: str
    until: float


class Questions:
    """One question a person and chat: the last one, until they say or press anything there."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._open: dict[tuple[int, str], Question] = {}

    def ask(self, chat_id: int, user_id: str, message_id: int, token: str) -> None:
        """Remember what was asked."""
        self._open.pop((chat_id, user_id), None)
        if len(self._open) >= MOST:
            del self._open[next(iter(self._open))]
        question = Question(message_id, token, self._clock() + PATIENCE)
        self._open[chat_id, user_id] = question

    def take(self, chat_id: int, user_id: str) -> Question | None:
        """The open question, which is open no longer: whatever they said ends it."""
        found = self._open.pop((chat_id, user_id), None)
        return found if found is not None and found.until > self._clock() else None
