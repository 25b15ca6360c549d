"""Statements that are put into words once and then go straight to the driver.

SQLAlchemy takes 150 µs of CPU and more round each statement: to find the words that it had for it,
to begin a greenlet, to wrap cursor and rows. That is several times what SQLite takes for most
statements of a publish or of a feed page. Those are made in SQLAlchemy's language like all others,
but it is asked for their words, and for how values are turned, only once.
"""

import json
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import cache
from itertools import chain, repeat
from operator import itemgetter
from typing import Any, TypeAlias, TypeVar

from sqlalchemy import (
    ARRAY,
    JSON,
    Column,
    ColumnElement,
    CompoundSelect,
    Dialect,
    Enum,
    Executable,
    Insert,
    Integer,
    Select,
    String,
    bindparam,
    inspect,
)
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.orm import class_mapper
from sqlalchemy.orm.attributes import manager_of_class
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.dml import UpdateBase
from sqlalchemy.sql.schema import CallableColumnDefault, ScalarElementColumnDefault
from sqlalchemy.sql.visitors import InternalTraversal
from sqlalchemy.types import NullType, TypeDecorator, TypeEngine
from sqlmodel import SQLModel

Turn: TypeAlias = Callable[[Any], Any]
Values: TypeAlias = tuple[Any, ...]  # of one row
Row = TypeVar("Row", bound=SQLModel)
POSTGRES = "postgresql"
EMPTY = "[]"  # as most lists are stored
NAMED = re.compile(r"%\((\w+)\)s|%%")  # a value, or a sign that was doubled


class Prepared:
    """The words of one statement for one kind of database, and how its values are turned."""

    def __init__(self, statement: Executable, dialect: Dialect, columns: Sequence[str]) -> None:
        """Put it into words; `columns` are those that an INSERT of values fills."""
        filled = isinstance(statement, Insert) and statement.select is None
        compiled = statement.compile(  # type: ignore[attr-defined]  # what is executed can be compiled
            dialect=dialect, column_keys=list(columns) if filled else None
        )
        assert isinstance(compiled, SQLCompiler)
        self.words = compiled.string
        self._into: dict[str, Turn] = {}
        self._fixed: dict[str, Any] = {}  # what the statement itself says
        self._made: dict[str, Callable[[], Any]] = {}  # what a column has where nothing is given
        said: dict[str, str] = {}  # of that: what stands in the words themselves
        in_place = compiled.positiontup
        for it, name in compiled.bind_names.items():
            turn: Turn | None = it.type.dialect_impl(dialect).bind_processor(dialect)
            if it in compiled.literal_execute_params:
                said[name] = compiled.render_literal_value(it.value, it.type)
                self.words = self.words.replace(f"__[POSTCOMPILE_{name}]", said[name])
            elif it.required:
                if turn:
                    self._into[name] = turn
            elif in_place is not None and isinstance(it.value, str | int):
                said[name] = compiled.render_literal_value(it.value, it.type)
            else:
                self._fixed[name] = turn(it.value) if turn else it.value
        for column in compiled.insert_prefetch:
            self._default(column, dialect)
        if in_place is None:
            self.words, self._in_place = _numbered(self.words)
        else:
            literal_ones = {compiled.bind_names[it] for it in compiled.literal_execute_params}
            in_place = [it for it in in_place if it not in literal_ones]
            self.words = _saying(said, self.words, in_place)
            self._in_place = [it for it in in_place if it not in said]
        self._out = [
            (place, turn)
            for place, it in enumerate(_columns(statement))
            if (turn := _out_of(it.type, dialect))
        ]

    def _default(self, column: ColumnElement[Any], dialect: Dialect) -> None:
        """Give a column its default, as SQLAlchemy does."""
        assert isinstance(column, Column)
        default = column.default
        turn: Turn = column.type.dialect_impl(dialect).bind_processor(dialect) or _as_it_is
        if isinstance(default, ScalarElementColumnDefault):
            self._fixed[column.key] = turn(default.arg)
        else:
            assert isinstance(default, CallableColumnDefault)
            make: Any = default.arg  # SQLAlchemy has it take a context
            self._made[column.key] = lambda: turn(make(None))

    def values(self, given: Mapping[str, Any]) -> list[Any]:
        """What the driver is given beside the words, in the order of their places."""
        if not (self._into or self._fixed or self._made):
            return [given[name] for name in self._in_place]
        told = {**self._fixed, **given}
        for name, make in self._made.items():
            told[name] = make()
        for name, turn in self._into.items():
            told[name] = turn(told[name])
        return [told[name] for name in self._in_place]

    def many(self, given: Sequence[Mapping[str, Any]]) -> Sequence[Sequence[Any]]:
        """As `values` of each of these, which all name the same."""
        if len(given) == 1:
            return [self.values(it) for it in given]
        columns: list[Iterable[Any]] = []
        for name in self._in_place:  # column by column, as `rows`
            if name in given[0]:
                column: Iterable[Any] = map(itemgetter(name), given)
            elif name in self._made:
                column = [self._made[name]() for _ in given]
            else:
                column = repeat(self._fixed[name], len(given))
            turn = self._into.get(name)
            columns.append(map(turn, column) if turn else column)
        return list(zip(*columns, strict=True))

    def rows(self, found: Iterable[Sequence[Any]]) -> list[Values]:
        """The rows of the driver, each value turned into what its column holds."""
        rows = [tuple(it) for it in found]
        if not self._out or not rows:
            return rows
        columns: list[Iterable[Any]] = list(zip(*rows, strict=True))
        for place, turn in self._out:  # column by column: with one loop in Python less
            columns[place] = map(turn, columns[place])
        return list(zip(*columns, strict=True))


@cache
def prepared(statement: Executable, dialect: Dialect, columns: Sequence[str]) -> Prepared:
    """The words of a statement that is made once and lives on."""
    return Prepared(statement, dialect, columns)


def columns(table: type[SQLModel]) -> list[Column[Any]]:
    """What a statement asks for whose rows are to be `objects`."""
    return list(inspect(table).local_table.c)


def objects(table: type[Row], rows: Iterable[Values]) -> list[Row]:
    """Objects of whole rows, which no session keeps track of."""
    new, columns = manager_of_class(table).new_instance, _names(table)
    found: list[Row] = []
    for it in rows:
        one: Row = new()
        one.__dict__.update(zip(columns, it, strict=True))
        found.append(one)
    return found


@cache
def _names(table: type[SQLModel]) -> Sequence[str]:
    return list(class_mapper(table).columns.keys())


class Many(TypeDecorator[Sequence[Any]]):
    """Any number of values as one: a JSON array on SQLite, an array on PostgreSQL."""

    impl = String
    cache_ok = True

    def __init__(self, of: TypeEngine[Any]) -> None:
        super().__init__()
        self.of = of

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:
        """As what it is sent."""
        if dialect.name == POSTGRES:
            return dialect.type_descriptor(ARRAY(self.of.dialect_impl(dialect), dimensions=1))
        return dialect.type_descriptor(String())

    def bind_processor(self, dialect: Dialect) -> Turn | None:
        """Write numbers as PostgreSQL does: psycopg would look for what has to be quoted."""
        if dialect.name == POSTGRES and isinstance(self.of, Integer):
            return lambda value: f"{{{','.join(map(str, value or ()))}}}"
        return super().bind_processor(dialect)

    def process_bind_param(self, value: Sequence[Any] | None, dialect: Dialect) -> Any:
        """The values as the database takes them."""
        many = list(value or ())
        return many if dialect.name == POSTGRES else json.dumps(many)


class _Among(ColumnElement[Any]):
    inherit_cache = True
    type = NullType()  # of a truth value SQLAlchemy asks SQLite whether it is 1, and no index tells
    _traverse_internals = [  # noqa: RUF012  # SQLAlchemy reads it so
        ("column", InternalTraversal.dp_clauseelement),
        ("given", InternalTraversal.dp_clauseelement),
    ]

    def __init__(self, column: ColumnElement[Any], given: ColumnElement[Any]) -> None:
        self.column, self.given = column, given


def among(column: Any, name: str, of: TypeEngine[Any]) -> ColumnElement[Any]:
    """That a column is one of the values of this name; the words are the same for any number.

    SQLAlchemy's `in_` has a place for each value, so that other words have to be read each time.
    """
    return _Among(column, bindparam(name, type_=Many(of)))


@compiles(_Among)
def _one_of_json(it: _Among, compiler: SQLCompiler, **how: Any) -> str:
    column, given = compiler.process(it.column, **how), compiler.process(it.given, **how)
    return f"{column} IN (SELECT value FROM json_each({given}))"  # noqa: S608  # words of SQLAlchemy's


@compiles(_Among, POSTGRES)
def _one_of_array(it: _Among, compiler: SQLCompiler, **how: Any) -> str:
    column, given = compiler.process(it.column, **how), compiler.process(it.given, **how)
    return f"{column} = ANY ({given})"


def _saying(said: Mapping[str, str], words: str, in_place: Sequence[str]) -> str:
    """The words with what the statement itself says in its places.

    SQLite reads a statement anew for each execution where a value that it is given might decide
    whether a partial index answers: to read one takes longer than most take to execute.
    """
    between = words.split("?")
    assert len(between) == len(in_place) + 1, words
    told = [said.get(it, "?") for it in in_place]
    return "".join(chain.from_iterable(zip(between, [*told, ""], strict=True)))


def _as_it_is(value: Any) -> Any:
    return value


def _numbered(words: str) -> tuple[str, list[str]]:
    """The words for psycopg with numbers where they had names, and the names in their order."""
    places: dict[str, int] = {}

    def place(found: re.Match[str]) -> str:
        if found[0] == "%%":
            return "%"
        return f"${places.setdefault(found[1], len(places) + 1)}"

    return NAMED.sub(place, words), list(places)


def _columns(statement: Executable) -> Sequence[ColumnElement[Any]]:
    """What comes back of it."""
    if isinstance(statement, Select | CompoundSelect):
        return list(statement.selected_columns)
    if isinstance(statement, UpdateBase):
        return list(statement.exported_columns)
    return ()


def _out_of(kind: TypeEngine[Any], dialect: Dialect) -> Turn | None:
    """How a value of the driver is turned; quicker than SQLAlchemy where there are few values."""
    turn: Turn | None = kind.dialect_impl(dialect).result_processor(dialect, None)
    if turn is None:
        return None
    if isinstance(kind, Enum):
        table: dict[str | None, Any] = {it: turn(it) for it in kind.enums}
        table[None] = None
        return table.__getitem__
    if isinstance(kind, JSON):
        return lambda value: [] if value == EMPTY else turn(value)
    return turn
