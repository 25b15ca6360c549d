"""The table of what is tried: a channel, an order in some language, a disguise, and a model.

Every disguise is tried in three channels and every language in two, each time with another order;
phrases stand for orders without any form. Of these the obedient model gets all, the others a part.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import cycle

from tests.attacks.channels import CHANNELS, Channel
from tests.attacks.disguises import DISGUISES
from tests.attacks.orders import PHRASES, SAID, marker, short, worded
from tests.attacks.scripted import Temper

CHANNELS_A_DISGUISE = 3
CHANNELS_A_LANGUAGE = 2


@dataclass(frozen=True, slots=True)
class Case:
    """One text that a stranger plants, and the model that may come by it."""

    number: int
    channel: Channel
    said: str  # the language, or the phrase
    disguise: str
    temper: Temper

    @property
    def marker(self) -> str:
        """What gives its text away."""
        return marker(self.number)

    @property
    def group(self) -> str:
        """Those that are looked at together."""
        return f"{self.temper.value} {self.channel.name}"

    @property
    def text(self) -> str:
        """The text that is planted."""
        if self.said in PHRASES:
            order = f"{self.said} {self.marker}"
        elif self.channel.room < 100:
            order = short(self.number)
        else:
            order = worded(self.number, self.said)
        return DISGUISES[self.disguise](order)

    def __str__(self) -> str:
        return f"{self.temper.value}-{self.channel.name}-{self.said}-{self.disguise}"


def _placed(number: int, at: int, said: str, disguise: str, temper: Temper) -> Case:
    """The case in the next channel that has room for its text."""
    while True:
        case = Case(number, CHANNELS[at % len(CHANNELS)], said, disguise, temper)
        if len(case.text) <= case.channel.room:
            return case
        at += 1


def _all() -> Iterator[tuple[str, str, int]]:
    languages = cycle(SAID)
    for at, disguise in enumerate(DISGUISES):
        for turn in range(CHANNELS_A_DISGUISE):
            yield next(languages), disguise, at + 5 * turn
    for at, language in enumerate(SAID):
        for turn in range(CHANNELS_A_LANGUAGE):
            yield language, "plain", at + 6 * turn
    for at, phrase in enumerate(PHRASES):
        yield phrase, "plain", at


def cases() -> list[Case]:
    """All of them."""
    tried = list(_all())
    made = [
        _placed(number, at, said, disguise, Temper.OBEDIENT)
        for number, (said, disguise, at) in enumerate(tried)
    ]
    others = [Temper.CLEVER, Temper.CLEVER, Temper.NORMAL]
    for number, (said, disguise, at) in enumerate(tried[::4]):
        temper = others[number % len(others)]
        made.append(_placed(len(made), at + 1, said, disguise, temper))
    return made


CASES = cases()
