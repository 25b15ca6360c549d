"""Column types that every table shares."""

from collections.abc import Callable
from datetime import UTC, datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

import uuid_utils
from sqlalchemy import JSON, DateTime, Dialect, Enum
from sqlalchemy.types import TypeDecorator
from sqlmodel import Field


class UtcDateTime(TypeDecorator[datetime]):
    """A moment with the zone UTC, on databases that keep no zone too."""

    impl = DateTime
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Refuse a moment without a zone; store it as UTC."""
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("a moment needs a time zone")
        return value.astimezone(UTC).replace(tzinfo=None)

    def bind_processor(self, dialect: Dialect) -> Callable[[Any], Any] | None:
        """Write what SQLite keeps as text as SQLAlchemy does, in a third of the time."""
        return self._text if dialect.name == "sqlite" else super().bind_processor(dialect)

    def result_processor(self, dialect: Dialect, coltype: object) -> Callable[[Any], Any] | None:
        """Read what SQLite keeps as text, which one call does."""
        return _moment if dialect.name == "sqlite" else super().result_processor(dialect, coltype)

    def _text(self, value: datetime | None) -> str | None:
        if value is None:
            return None
        if value.tzinfo is UTC:  # as nearly all are
            return value.isoformat(" ", "microseconds")[:-6]  # without "+00:00"
        if value.tzinfo is None:
            raise ValueError("a moment needs a time zone")
        return value.astimezone(UTC).isoformat(" ", "microseconds")[:-6]

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Give the moment its zone back."""
        return None if value is None else value.replace(tzinfo=UTC)


def _moment(value: str | None) -> datetime | None:
    return None if value is None else datetime.fromisoformat(value + "+00:00")  # as it is UTC


def new_uid() -> UUID:
    """A UUIDv7 (RFC 9562): unique everywhere, ordered by time."""
    return UUID(bytes=uuid_utils.uuid7().bytes)


def moment(*, index: bool = False) -> Any:
    """A column for a moment that is always there."""
    return Field(sa_type=UtcDateTime, index=index)


def moment_or_none(*, index: bool = False) -> Any:
    """A column for a moment that may never come."""
    return Field(default=None, sa_type=UtcDateTime, index=index, nullable=True)


def json_list() -> Any:
    """A column for a list, empty at first."""
    return Field(default_factory=list, sa_type=JSON)


def json_object() -> Any:
    """A column for an object, empty at first."""
    return Field(default_factory=dict, sa_type=JSON)


def one_of(default: StrEnum, *, index: bool = False, primary_key: bool = False) -> Any:
    """A column for one value of an enum, kept as its plain text."""
    kinds = type(default)
    stored = Enum(
        kinds, native_enum=False, length=24, values_callable=lambda kind: [it.value for it in kind]
    )
    return Field(default=default, sa_type=stored, index=index, primary_key=primary_key)
