"""What each member was shown last in each place: what "it" and "the second one" mean."""

from collections import OrderedDict
from collections.abc import Sequence

from agents.answer import Answer
from agents.references import CreationRef

PLACES = 2_000  # of the latest; who comes back after so many others is asked what they mean
MOST = 10

Where = tuple[int, str]  # a member and a place


class Shown:
    """The creations of each member's last answer, kept while the program runs."""

    def __init__(self) -> None:
        self._last: OrderedDict[Where, tuple[int, ...]] = OrderedDict()

    def note(self, where: Where, answer: Answer) -> None:
        """This answer is shown; one that is about no creation changes nothing."""
        if found := _creations(answer):
            self._last[where] = found
            self._last.move_to_end(where)
            if len(self._last) > PLACES:
                self._last.popitem(last=False)

    def last(self, where: Where) -> Sequence[int]:
        """Numbers of creations, in the order in which they were shown."""
        return self._last.get(where, ())


def _creations(answer: Answer) -> tuple[int, ...]:
    """What an answer is about: one creation where it names one, else those that it lists."""
    one = [it.id for it in answer.facts.values() if isinstance(it, CreationRef)]
    if one:
        return (one[0],)
    listed = answer.facts.get("creations")
    if not isinstance(listed, Sequence):
        return ()
    return tuple(it.id for it in listed if isinstance(it, CreationRef))[:MOST]
