"""What an act offers in the menu of a message or of a person, on platforms that have such menus."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from pydantic import JsonValue

from agents.answer import Answer
from agents.parameters import Parameter
from agents.turn import Turn

LONGEST = 32  # characters, as Discord has it
MOST = 5  # of one kind

OfWords = Callable[[Turn, Mapping[str, JsonValue]], Awaitable[Answer]]


class On(StrEnum):
    """What a menu belongs to."""

    MESSAGE = "message"
    PERSON = "person"


@dataclass(frozen=True, slots=True)
class Menu:
    """One entry of a menu.

    `fills`: the parameter that takes the creation shown by the message, or the person. `of_words`:
    what is done with a message that shows no creation; its words are the turn's quotes. `around`:
    what was said after it is read too, where it may be. `asks`: the act's form is opened for words
    as well, and shows them.
    """

    label: str
    fills: str
    of_words: OfWords | None = None
    on: On = On.MESSAGE
    around: bool = False
    asks: bool = False

    def of(self, parameter: Parameter, shown: Sequence[str]) -> JsonValue:
        """What the parameter takes of the numbers that a message shows, such as "#12" and "d1".

        Where one is wanted and there are several, they come as they would be typed; then it is
        asked which one is meant. None when it shows none.
        """
        reference = parameter.reference
        fitting = [it for it in shown if reference and reference.pattern().fullmatch(it)] or shown
        if not fitting:
            return None
        return [*fitting] if parameter.many else ",".join(fitting)

    def __post_init__(self) -> None:
        if not 1 <= len(self.label) <= LONGEST:
            raise ValueError(f"{self.label!r}: 1 to {LONGEST} characters")
