"""Rows for any table, made up from its columns alone: a feed with something of everything in it."""

import io
import random
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from enum import StrEnum
from typing import Any, get_args, get_origin
from uuid import UUID

from PIL import Image
from sqlalchemy import UniqueConstraint, bindparam, insert

from feed_core.media import MediaShelf
from feed_core.models.jams import JamState
from feed_core.porting.checking import RULES
from feed_core.porting.kinds import Kind, Row
from feed_core.states import ProposalState
from feed_core.store import Store

SAID = (
    *("rain", "Snow on the tin roof", 'quoted "twice" and \\ back', "line\nbreak\ttab", ""),
    *("🌧️ 雨が降る", "שלום עולם", "e\u0301 \u200b \ufeff", "Zürich", "a" * 2000, "</script>", "{}"),
)
KEPT: Mapping[
    str, Callable[[Row], bool]
] = {  # the rules of all tables, those that stay behind at an export too
    **RULES,
    "owed_to_one": lambda row: (row["room_id"] is None) != (row["identity_id"] is None),
}
BEGAN = datetime(2026, 1, 1, tzinfo=UTC)


@dataclass(slots=True)
class Rows:
    """Makes rows of kind after kind; each refers only to what was made before it."""

    random: random.Random
    pictures: Sequence[Row] = ()
    keys: dict[tuple[str, str], list[Any]] = field(default_factory=dict)

    def of(self, kind: Kind, count: int) -> Iterator[Row]:
        """At most so many rows, in the order of their keys."""
        made = dict[tuple[Any, ...], Row]()
        taken = set[tuple[Any, ...]]()
        for number in range(1, count + 1):
            row = self._row(kind, number)
            once = {it for it in _once(kind, row) if None not in it}
            if all(KEPT[it](row) for it in kind.rules) and taken.isdisjoint(once):
                taken |= once
                made.setdefault(kind.key_of(row), row)
        ordered = [made[it] for it in sorted(made)]
        if kind.name == "media":
            ordered = [{**row, **it} for row, it in zip(ordered, self.pictures, strict=True)]
        for row in ordered:
            for name in kind.names:
                self.keys.setdefault((kind.name, name), []).append(row[name])
        yield from ordered

    def _row(self, kind: Kind, number: int) -> Row:
        return {it.name: self._value(kind, it.name, number) for it in kind.columns}

    def _value(self, kind: Kind, name: str, number: int) -> Any:
        if kind.numbered and name == kind.key[0]:
            return number
        column = kind.table.c[name]
        if column.nullable and self.random.random() < 0.3:
            return None
        if kind.name == "media" and name in kind.late:
            return self.random.choice(self.pictures)["hash"]
        if name in kind.late:
            return self.random.choice([it for it in range(1, 4) if it != number])
        if (kind.name, name) == ("jam", "state"):
            return JamState.ENDED  # of others a room has one at most
        if (kind.name, name) == ("proposal", "state"):
            return self.random.choice([ProposalState.ACCEPTED, ProposalState.REVOKED])
        if name in kind.refers:
            known = self.keys.get(kind.refers[name], [])
            return self.random.choice(known) if known else None
        return self._made_up(kind.model.model_fields[name].annotation, number)

    def _made_up(self, wanted: Any, number: int) -> Any:
        inside = [it for it in get_args(wanted) if it is not type(None)]
        if get_origin(wanted) is list:
            return [self._made_up(it, number) for it in inside for _ in range(number % 3)]
        if get_origin(wanted) is dict:
            return {f"k{it}": self._made_up(inside[1], it) for it in range(number % 3)}
        if inside:
            return self._made_up(inside[0], number)
        if isinstance(wanted, type) and issubclass(wanted, StrEnum):
            return self.random.choice(list(wanted))
        plain: Mapping[Any, Any] = {
            str: f"{self.random.choice(SAID)} {number}",
            int: number,
            bytes: bytes(range(number % 256)),
            bool: bool(number % 2),
            float: number / 7,
            UUID: UUID(int=self.random.getrandbits(128)),
            date: BEGAN.date() + timedelta(days=number),
            datetime: BEGAN + timedelta(hours=number, microseconds=self.random.randrange(10**6)),
            Any: self.random.choice([None, True, number, "雨", [1, {"a": "b"}]]),
        }
        return plain[wanted]


def _once(kind: Kind, row: Row) -> Iterator[tuple[Any, ...]]:
    """What no other row of the table may hold too, after the names of its columns."""
    for constraint in kind.table.constraints:
        if isinstance(constraint, UniqueConstraint):
            names = constraint.columns.keys()
            yield (*names, *(row.get(it) for it in names))


def keep_pictures(shelf: MediaShelf, count: int) -> list[Row]:
    """Small pictures put on the shelf, each with its row."""
    rows = []
    for number in range(count):
        file = io.BytesIO()
        Image.new("RGB", (2 + number, 3), (number % 256, 0, 0)).save(file, "PNG")
        kept = shelf.keep(file.getvalue())
        rows.append({it: getattr(kept, it) for it in ("hash", "type", "size", "width", "height")})
    return sorted(rows, key=lambda it: str(it["hash"]))


async def furnish(
    store: Store, shelf: MediaShelf, kinds: Sequence[Kind], *, count: int = 20, seed: int = 7
) -> None:
    """Rows of every kind in an empty feed; members refer to members that come after them."""
    rows = Rows(random.Random(seed), keep_pictures(shelf, count))
    for kind in kinds:
        made = list(rows.of(kind, count))
        assert made, f"nothing was made up for {kind.name}"
        first = [{**it, **dict.fromkeys(kind.late)} for it in made]
        async with store.work() as work:
            connection = await work.db.connection()
            await connection.execute(insert(kind.table), first)
            key = kind.table.c[kind.key[0]]
            for name in kind.late:
                late = kind.table.update().where(key == bindparam("of"))
                await connection.execute(
                    late.values({name: bindparam("it")}),
                    [{"of": it[kind.key[0]], "it": it[name]} for it in made],
                )
