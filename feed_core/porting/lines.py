"""Lines of JSON read a few at a time, however long or broken they are."""

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import BinaryIO

from pydantic import ValidationError
from pydantic_core import from_json

from feed_core.porting.kinds import Kind, Row, without_nul
from feed_core.porting.layout import opened
from feed_core.porting.problems import Problem, Trouble
from feed_core.porting.rows import AT_A_TIME

LONGEST_LINE = 4 * 2**20  # bytes
LARGEST_BATCH = 4 * 2**20  # bytes
NO_NUMBERS = (b"NaN", b"Infinity")  # pydantic takes them for numbers; JSON and PostgreSQL do not


@dataclass(slots=True)
class Batch:
    """Some lines: the rows they hold, each with its line's number, and what was wrong."""

    rows: list[tuple[int, Row]] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    lines: int = 0
    bytes: int = 0


class Lines:
    """A file of records of one kind; `bytes` and `sha256` say what was read of it so far."""

    def __init__(self, path: Path, kind: Kind, columns: list[str]) -> None:
        self._path, self._kind = path, kind
        self._record = kind.reader(columns)
        self._whole = columns == kind.names
        self._sum = hashlib.sha256()
        self.bytes = 0
        self.count = 0

    @property
    def sha256(self) -> str:
        """Of all that was read."""
        return self._sum.hexdigest()

    def batches(self, *, skip: int = 0) -> Iterator[Batch]:
        """All lines after the first `skip`, some at a time.

        Raises:
            FilesRefused: the file cannot be read.
        """
        with opened(self._path) as file:
            batch = Batch()
            while line := self._next(file):
                if self.count <= skip:
                    continue
                self._take(line, batch)
                if batch.lines == AT_A_TIME or batch.bytes >= LARGEST_BATCH:
                    yield batch
                    batch = Batch()
            if batch.lines:
                yield batch

    def _next(self, file: BinaryIO) -> bytes:
        """The next line, or its beginning when it is too long; empty at the end."""
        line = part = file.readline(LONGEST_LINE + 1)
        if not line:
            return line
        self.count += 1
        while part:
            self._sum.update(part)
            self.bytes += len(part)
            if part.endswith(b"\n"):
                break
            part = file.readline(LONGEST_LINE)
        return line

    def _take(self, line: bytes, batch: Batch) -> None:
        batch.lines += 1
        batch.bytes += len(line)
        if len(line) > LONGEST_LINE:
            batch.problems.append(self._wrong(Trouble.TOO_LONG))
        elif not line.endswith(b"\n"):
            batch.problems.append(self._wrong(Trouble.CUT_OFF))
        elif any(it in line for it in NO_NUMBERS) and not _is_json(line):
            batch.problems.append(self._wrong(Trouble.NOT_JSON))
        else:
            try:
                row = vars(self._record.model_validate_json(line))
            except ValidationError as error:
                batch.problems.append(self._said(error))
            else:
                if b"\\u0000" in line and (named := _with_nul(row)):
                    batch.problems.append(self._wrong(Trouble.NUL, named))
                    return
                batch.rows.append((self.count, row if self._whole else self._kind.filled(row)))

    def _said(self, error: ValidationError) -> Problem:
        first = error.errors(include_url=False, include_input=False)[0]
        if first["type"] == "json_invalid":
            return self._wrong(Trouble.NOT_JSON)
        where = ".".join(map(str, first["loc"]))
        return self._wrong(Trouble.WRONG_VALUE, where[:80], first["msg"][:200])

    def _wrong(self, trouble: Trouble, where: str = "", said: str = "") -> Problem:
        return Problem(trouble, self._path.name, self.count, where, said)


def _with_nul(row: Row) -> str | None:
    """The first field that holds a NUL character."""
    return next((name for name, it in row.items() if without_nul(it) != it), None)


def _is_json(line: bytes) -> bool:
    try:
        from_json(line, allow_inf_nan=False)
    except ValueError:
        return False
    return True
