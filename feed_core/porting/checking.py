"""Looks through all records of an export before anything of it is brought in."""

import asyncio
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from pathlib import Path

from feed_core.porting import layout, rows
from feed_core.porting.keys import Keys
from feed_core.porting.kinds import Kind, Row
from feed_core.porting.layout import Manifest, Part
from feed_core.porting.lines import Batch, Lines
from feed_core.porting.problems import Problem, Problems, Trouble
from feed_core.porting.progress import Doing, Step, Tell
from feed_core.porting.refusals import FilesRefused
from feed_core.store import Store

# What the tables' CHECK constraints demand, by name; a test finds one that is missing here.
RULES: Mapping[str, Callable[[Row], bool]] = {
    "parent_is_older": lambda row: bool(row["parent_id"] < row["child_id"]),
}


async def check(
    store: Store, folder: Path, manifest: Manifest, kinds: Sequence[Kind], tell: Tell
) -> Problems:
    """Everything that would keep the records from being brought in whole; changes nothing.

    Memory grows by eight bytes for each row that others may refer to or that has to be unique.
    """
    problems = Problems()
    keys = {target: Keys() for kind in kinds for target in kind.refers.values()}
    unread: set[str] = set()  # kinds with lines that could not be read
    parts = {it.kind: it for it in manifest.records}
    known = {it.name for it in kinds}
    problems.add(
        Problem(Trouble.UNKNOWN_KIND, layout.MANIFEST, field=it[:80])
        for it in parts
        if it not in known
    )
    for kind in kinds:
        if (part := parts.get(kind.name)) is not None:
            await _Look(store, folder, kind, part, keys, unread, problems).go_through(tell)
    return problems


class _Look:
    """One look through the records of one kind."""

    def __init__(
        self,
        store: Store,
        folder: Path,
        kind: Kind,
        part: Part,
        keys: Mapping[tuple[str, str], Keys],
        unread: set[str],
        problems: Problems,
    ) -> None:
        self._store, self._kind, self._part = store, kind, part
        self._keys, self._unread, self._problems = keys, unread, problems
        self._path = layout.lines_of(folder, kind.name)
        self._unique = {it: Keys() for it in kind.unique}
        self._last: Row | None = None
        self._open: list[tuple[int, str, object]] = []  # references to what may come later

    async def go_through(self, tell: Tell) -> None:
        if wrong := self._wrong_columns():
            self._problems.add(wrong)
            self._unread.add(self._kind.name)
            return
        before = self._problems.count
        async with self._store.read() as view:
            filled = await rows.count(view, self._kind) > 0
        lines = Lines(self._path, self._kind, self._part.columns)
        async for batch in self._batches(lines):
            tell(Step(Doing.CHECK, self._kind.name, lines.count, self._part.rows))
            self._problems.add(batch.problems)
            if batch.problems:
                self._unread.add(self._kind.name)
            self._check_alone(batch)
            self._note(batch)
            self._check_references(batch)
            if filled:
                await self._check_taken(batch)
        self._check_open()
        await self._check_twice()
        found = (lines.count, lines.bytes, lines.sha256)
        if self._problems.count == before and found != (
            *(self._part.rows, self._part.bytes),
            self._part.sha256,
        ):
            self._tell(Trouble.OTHER_CONTENT)

    def _wrong_columns(self) -> list[Problem]:
        """Columns that this version does not know, or cannot do without."""
        try:
            self._kind.reader(self._part.columns)
        except ValueError as error:
            known = str(error) in self._kind.names
            trouble = Trouble.MISSING_COLUMN if known else Trouble.UNKNOWN_COLUMN
            return [Problem(trouble, self._path.name, field=str(error)[:80])]
        return []

    async def _batches(self, lines: Lines) -> AsyncIterator[Batch]:
        """The lines, read beside the loop; a file that cannot be read is one more problem."""
        reading = lines.batches()
        try:
            while (batch := await asyncio.to_thread(next, reading, None)) is not None:
                yield batch
        except FilesRefused as refused:
            self._unread.add(self._kind.name)
            self._tell(Trouble.NO_FILE, said=refused.reason)

    def _check_alone(self, batch: Batch) -> None:
        """What can be seen without looking elsewhere: order, doubled keys, rules."""
        rules = [it for it in self._kind.rules if it in RULES]
        for number, row in batch.rows:
            if self._last is not None:
                before, key = self._kind.key_of(self._last), self._kind.key_of(row)
                if before >= key:
                    trouble = Trouble.TWICE if before == key else Trouble.OUT_OF_ORDER
                    self._tell(trouble, number, ", ".join(self._kind.key))
            for it in rules:
                if not RULES[it](row):
                    self._tell(Trouble.RULE_BROKEN, number, it)
            self._last = row

    def _note(self, batch: Batch) -> None:
        for _, row in batch.rows:
            for unique, keys in self._unique.items():
                if (value := _value(row, unique)) is not None:
                    keys.add(value)
            for name in self._kind.names:
                if (self._kind.name, name) in self._keys:
                    self._keys[self._kind.name, name].add(row[name])

    def _check_references(self, batch: Batch) -> None:
        for name, target in self._kind.refers.items():
            if target[0] in self._unread:
                continue  # what is lost was perhaps in a line that is named already
            asked = [(number, row[name]) for number, row in batch.rows if row[name] is not None]
            for at in self._keys[target].missing([value for _, value in asked]):
                number, value = asked[at]
                if name in self._kind.late:
                    self._open.append((number, name, value))
                else:
                    self._tell(Trouble.LOST_REFERENCE, number, name, str(value)[:80])

    def _check_open(self) -> None:
        if self._kind.name in self._unread:
            return
        for number, name, value in self._open:
            if self._keys[self._kind.refers[name]].missing([value]):
                self._tell(Trouble.LOST_REFERENCE, number, name, str(value)[:80])

    async def _check_taken(self, batch: Batch) -> None:
        """Keys and unique values that the feed gave to something else already."""
        brought = [row for _, row in batch.rows]
        taken: dict[int, str] = {}
        async with self._store.read() as view:
            there = await rows.known(view, self._kind, brought)
            for at, row in enumerate(brought):
                known = there.get(self._kind.key_of(row))
                if known and any(known[it] != row[it] for it in self._kind.same):
                    taken[at] = ", ".join(self._kind.key)
            for unique in self._kind.unique:
                holders = await rows.holders(view, self._kind, unique, brought)
                for at, row in enumerate(brought):
                    key = self._kind.key_of(row)
                    if holders.get(_value(row, unique) or (), key) != key:
                        taken.setdefault(at, ", ".join(unique))
        for at, name in taken.items():
            number, row = batch.rows[at]
            said = ", ".join(map(str, self._kind.key_of(row)))
            self._tell(Trouble.TAKEN, number, name, said[:80])

    async def _check_twice(self) -> None:
        """What has to be unique and comes twice; read again only if something may."""
        doubled = {unique: keys.doubled() for unique, keys in self._unique.items()}
        if not any(doubled.values()):
            return
        seen: set[tuple[object, ...]] = set()
        async for batch in self._batches(Lines(self._path, self._kind, self._part.columns)):
            for number, row in batch.rows:
                for unique, suspects in doubled.items():
                    value = _value(row, unique)
                    if value is None or Keys.seen_as(value) not in suspects:
                        continue
                    if (unique, value) in seen:
                        self._tell(Trouble.TWICE, number, ", ".join(unique))
                    seen.add((unique, value))

    def _tell(self, trouble: Trouble, line: int = 0, field: str = "", said: str = "") -> None:
        self._problems.add([Problem(trouble, self._path.name, line, field, said)])


def _value(row: Row, unique: Sequence[str]) -> tuple[object, ...] | None:
    """What has to be unique; nothing where a part is empty, as in SQL."""
    value = tuple(row[it] for it in unique)
    return None if None in value else value
