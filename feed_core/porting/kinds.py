"""Kinds of records: a table, the columns of it that travel, and its rows as lines of JSON."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from functools import cached_property, lru_cache
from typing import Annotated, Any, get_args

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field, create_model
from sqlalchemy import BigInteger, CheckConstraint, Column, Index, Integer, Table, UniqueConstraint
from sqlmodel import SQLModel

from feed_core.models.columns import UtcDateTime

Row = dict[str, Any]

SHAPE = ConfigDict(
    extra="forbid",
    strict=True,
    protected_namespaces=(),
    ser_json_bytes="base64",
    val_json_bytes="base64",
)
NUL = "\x00"  # PostgreSQL keeps none, and nobody sees one


class Kind:
    """One type of record.

    Columns that are `made_anew` do not travel: the row gets their default. What tells two rows
    of one key apart stands in `same`: nothing where the key itself says what the row is, as a
    member and a creation do for a bookmark; the uid; what is unique; or else the moments.
    """

    def __init__(self, model: type[SQLModel], *, made_anew: Collection[str] = ()) -> None:
        table: Table = model.__table__  # type: ignore[attr-defined]  # SQLModel hides it from types
        self.model, self.table, self.name = model, table, table.name
        self.columns = [it for it in table.columns if it.name not in made_anew]
        self.names = [it.name for it in self.columns]
        self.key = [it.name for it in table.primary_key.columns]
        self.numbered = _is_numbered(table)
        self.refers = {it.name: _target(it) for it in self.columns if it.foreign_keys}
        self.late = [name for name, (other, _) in self.refers.items() if other == self.name]
        self.unique = _unique(table)
        self.rules = sorted(
            str(it.name) for it in table.constraints if isinstance(it, CheckConstraint)
        )
        self.record = _record(model, tuple(self.names))

    @cached_property
    def same(self) -> list[str]:
        """The columns that tell two rows of one key apart; none where the key says it all.

        Raises:
            TypeError: nothing does.
        """
        return self._told_apart_by() if self.numbered else []

    def write(self, row: Row) -> bytes:
        """The row as one line of JSON, the same line for the same row on every database."""
        line = self.record.model_construct(**row).model_dump_json().encode()
        if b"\\u0000" in line:
            row = {name: without_nul(it) for name, it in row.items()}
            line = self.record.model_construct(**row).model_dump_json().encode()
        return line + b"\n"

    def reader(self, names: Sequence[str]) -> type[BaseModel]:
        """What reads lines that have just these columns; the others get their defaults.

        Raises:
            ValueError: a column is not known here, or one is missing that has no default; named.
        """
        if list(names) == self.names:
            return self.record
        for name in names:
            if name not in self.names:
                raise ValueError(name)
        for name in self.names:
            if name not in names and self._default(name) is ...:
                raise ValueError(name)
        return _record(self.model, tuple(it for it in self.names if it in names))

    def filled(self, row: Row) -> Row:
        """The row with the defaults of columns that its export did not have yet."""
        return {
            name: row[name] if name in row else self._default(name, make=True)
            for name in self.names
        }

    def key_of(self, row: Mapping[str, Any]) -> tuple[Any, ...]:
        """The row's key, as records are ordered by it."""
        return tuple(row[it] for it in self.key)

    def _told_apart_by(self) -> list[str]:
        if "uid" in self.names:
            return ["uid"]
        if self.unique:
            return list(self.unique[0])
        moments = [
            it.name for it in self.columns if isinstance(it.type, UtcDateTime) and not it.nullable
        ]
        if not moments:
            raise TypeError(f"nothing tells two rows of {self.name} apart")
        return moments

    def _default(self, name: str, *, make: bool = False) -> Any:
        """The default of a column; `...` when there is none, or none that is always the same."""
        field = self.model.model_fields[name]
        if field.default_factory in (list, dict):
            return field.get_default(call_default_factory=True) if make else None
        return ... if field.is_required() or field.default_factory else field.default


@lru_cache(256)  # making one takes as long as reading a thousand lines with it
def _record(model: type[SQLModel], names: tuple[str, ...]) -> type[BaseModel]:
    """What reads and writes lines that have these columns of a table."""
    table: Table = model.__table__  # type: ignore[attr-defined]  # SQLModel hides it from types
    fields: dict[str, Any] = {name: (_checked(model, table.columns[name]), ...) for name in names}
    return create_model(table.name, __config__=SHAPE, **fields)


def without_nul(value: Any) -> Any:
    """The same without NUL characters, however deep they stand."""
    if type(value) is str:  # not an enum
        return value.replace(NUL, "")
    if isinstance(value, list):
        return [without_nul(it) for it in value]
    if isinstance(value, dict):
        return {without_nul(key): without_nul(it) for key, it in value.items()}
    return value


def _is_numbered(table: Table) -> bool:
    key = list(table.primary_key.columns)
    return len(key) == 1 and isinstance(key[0].type, Integer) and not key[0].foreign_keys


def _target(column: Column[Any]) -> tuple[str, str]:
    (key,) = column.foreign_keys  # more than one would need more thought
    return key.column.table.name, key.column.name


def _unique(table: Table) -> list[tuple[str, ...]]:
    """The columns of each unique constraint, in an order that is always the same."""
    found = {
        tuple(it.name for it in constraint.columns)
        for constraint in table.constraints
        if isinstance(constraint, UniqueConstraint)
    }
    found |= {
        tuple(it.name for it in index.columns)
        for index in table.indexes
        if index.unique and not _is_partial(index)
    }
    return sorted(found)


def _is_partial(index: Index) -> bool:
    return any(
        index.dialect_options[it].get("where") is not None for it in ("sqlite", "postgresql")
    )


def _checked(model: type[SQLModel], column: Column[Any]) -> Any:
    """The type that a value of this column has to have."""
    declared: Any = model.model_fields[column.name].annotation
    if type(None) in get_args(declared):
        (declared,) = (it for it in get_args(declared) if it is not type(None))
    if declared is datetime:
        declared = AwareDatetime
    elif declared is int:  # what PostgreSQL can hold, too
        most = 2**63 if isinstance(column.type, BigInteger) else 2**31
        declared = Annotated[int, Field(ge=-most, lt=most)]
    return declared | None if column.nullable else declared
