"""Which conversations grew so much that their recap is to be made anew."""

from collections import OrderedDict

MANY = 8  # lines that are in no recap, from which on it is made anew
WAITING = 1_000


class Wanted:
    """Conversations that grew: whose, and where. A hint alone; what is due stands in the rows."""

    def __init__(self) -> None:
        self._waiting: OrderedDict[tuple[int, str], None] = OrderedDict()

    def add(self, member_id: int, place: str) -> None:
        """This one has many lines now; the next turn says so again should it be lost."""
        self._waiting[member_id, place] = None
        if len(self._waiting) > WAITING:
            self._waiting.popitem(last=False)

    def take(self) -> list[tuple[int, str]]:
        """All of them, once."""
        taken = list(self._waiting)
        self._waiting.clear()
        return taken
