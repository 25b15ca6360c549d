"""What is one member's own, of every kind of record."""

from collections.abc import Mapping, Sequence

from sqlalchemy import ColumnElement, or_, select

from feed_core.models.conversation import Recap
from feed_core.porting.carried import feed_kinds
from feed_core.porting.kinds import Kind

OF_OTHERS = {("verdict", "decided_by_id")}  # it is about what somebody else made
# What belongs to a record of theirs: its kind, and the column that refers to that record.
PARTS: Mapping[str, str] = {
    "revision": "creation_id",
    "edge": "child_id",
    "digest_entry": "digest_id",
    "post_reaction": "identity_id",
}
SHOWING = ("creation", "draft")  # what media are shown by
MEDIA = "media"


class Belongings:
    """Which records are a member's own; a kind that names members is left out of none.

    `more`: kinds that come from the layers above.
    """

    def __init__(self, more: Sequence[Kind] = ()) -> None:
        self._kinds = {it.name: it for it in [*feed_kinds(more), Kind(Recap)]}

    def of(self, member_id: int) -> list[tuple[Kind, list[ColumnElement[bool]]]]:
        """Each kind of which a member can have something, and the condition for what is theirs."""
        found = ((it, self._theirs(it, member_id)) for it in self._kinds.values())
        return [(it, [theirs]) for it, theirs in found if theirs is not None]

    def _theirs(self, kind: Kind, member_id: int) -> ColumnElement[bool] | None:
        columns = kind.table.c
        if kind.name == MEDIA:
            shown = [self._of(it, "media_hash", member_id, columns["hash"]) for it in SHOWING]
            return or_(*shown)
        own = [
            columns[name] == member_id
            for name, (other, _) in kind.refers.items()
            if other == "member" and (kind.name, name) not in OF_OTHERS
        ]
        if kind.name == "member":
            own.append(columns["id"] == member_id)
        if own:
            return or_(*own)
        if kind.name not in PARTS:
            return None
        name = PARTS[kind.name]
        whole, key = kind.refers[name]
        return self._of(whole, key, member_id, columns[name])

    def _of(
        self, whole: str, key: str, member_id: int, column: ColumnElement[object]
    ) -> ColumnElement[bool]:
        """The condition that a column holds this key of something of theirs."""
        kind = self._kinds[whole]
        theirs = self._theirs(kind, member_id)
        assert theirs is not None
        return column.in_(select(kind.table.c[key]).where(theirs))
