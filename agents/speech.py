"""What is spoken into a microphone, and who makes words of it."""

from dataclasses import dataclass
from typing import Protocol

from feed_core.errors import Refusal


@dataclass(frozen=True, slots=True)
class Recorded:
    """A voice note; `name` tells its format by its ending."""

    name: str
    content: bytes
    seconds: int


class NothingHeard(Refusal):
    """There are no words in a voice note."""

    code = "nothing_heard"


class NotListening(Refusal):
    """A voice note came, and no model makes words of it."""

    code = "not_listening"


class Transcriber(Protocol):
    """A speech model."""

    async def words(self, *, member_id: int, recorded: Recorded) -> str:
        """What is said in a voice note, as the model hears it.

        Raises:
            NothingHeard: there are no words in it.
            Unavailable: no speech model answered.
            BudgetSpent: the member may spend no more.
        """
        ...
