"""What each member was shown last in each place: what "it" and "the second point" mean.

Numbers are kept, never words: what others wrote stays where it is.
"""

from collections import OrderedDict
from collections.abc import Sequence
from dataclasses import dataclass

from agents.answer import Answer
from agents.references import CreationRef, Reference

PLACES = 2_000  # of the latest; who comes back after so many others is asked what they mean
MOST = 25  # creations of one answer; a long digest has 23

Place = str  # by its key
Where = tuple[int, Place]  # a member and a place


@dataclass(frozen=True, slots=True)
class _Last:
    creations: tuple[int, ...]
    points: tuple[Reference, ...] = ()
    digest: int | None = None


NOTHING = _Last(())


class Shown:
    """The creations of each member's last answer, kept while the program runs."""

    def __init__(self) -> None:
        self._last: OrderedDict[Where, _Last] = OrderedDict()

    def note(self, where: Where, answer: Answer) -> None:
        """This answer is shown; one that is about no creation changes nothing.

        Points stay for as long as what is shown is about the same.
        """
        if found := _creations(answer):
            before = self._last.get(where, NOTHING)
            points = tuple(answer.points)
            if not points and found == before.creations:
                points = before.points
            digest = answer.facts.get("digest")
            self._last[where] = _Last(found, points, digest if isinstance(digest, int) else None)
            self._last.move_to_end(where)
            if len(self._last) > PLACES:
                self._last.popitem(last=False)

    def last(self, where: Where) -> Sequence[int]:
        """Numbers of creations, in the order in which they were shown."""
        return self._last.get(where, NOTHING).creations

    def points(self, where: Where) -> Sequence[Reference]:
        """What the numbered points that were shown last come from, in order."""
        return self._last.get(where, NOTHING).points

    def digest(self, where: Where) -> int | None:
        """The digest that was shown last, where nothing else was since."""
        return self._last.get(where, NOTHING).digest


def _creations(answer: Answer) -> tuple[int, ...]:
    """What an answer is about: one creation where it names one, else those that it lists."""
    one = [it.id for it in answer.facts.values() if isinstance(it, CreationRef)]
    if one:
        return (one[0],)
    listed = answer.facts.get("creations")
    if not isinstance(listed, Sequence):
        return ()
    return tuple(it.id for it in listed if isinstance(it, CreationRef))[:MOST]
