"""Hours that are due, read and moved on by groups: those of one rule, one zone and one minute.

A database does for thousands of rows by one statement what a program would do for each.
"""

import json
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from functools import cache
from typing import TYPE_CHECKING, Any, NamedTuple

from sqlalchemy import (
    JSON,
    Boolean,
    Column,
    ColumnElement,
    Date,
    DateTime,
    FromClause,
    Integer,
    Interval,
    Select,
    String,
    Subquery,
    Update,
    bindparam,
    case,
    cast,
    column,
    func,
    inspect,
    literal,
    literal_column,
    select,
    true,
    update,
)
from sqlalchemy.dialects import sqlite
from sqlalchemy.types import TypeEngine

from feed_core.models.columns import UtcDateTime
from feed_core.models.digests import Digest, DigestSchedule, RoomSchedule
from feed_core.services import once
from feed_core.services.digest_hours import Schedule
from feed_core.store import POSTGRES, Work

if TYPE_CHECKING:
    from sqlalchemy.dialects import postgresql

MINUTE: ColumnElement[str] = literal_column("'minute'")
SECONDS = 17  # where they begin in "2026-11-23 06:30:07.250000", as SQLite keeps a moment
KINDS: Mapping[str, TypeEngine[Any]] = {
    "next_hour": DateTime(),
    "hour": DateTime(),
    "local_date": Date(),
    "missed": Boolean(),
}


class Due(NamedTuple):
    """Hours of one rule, zone and minute, whose seconds the clock's minute has all reached or none.

    Lists are JSON; `first` is the earliest hour, `whose` are the keys of their schedules.
    """

    times: str
    weekdays: str
    zone: str
    first: datetime
    number: int
    whose: str


class Claim(NamedTuple):
    """What becomes of such a group; each hour keeps its seconds. Without a slot: no digests.

    Dates and minutes of UTC are as ISO 8601 has them ("2026-11-24 06:30").
    """

    whose: str
    next_hour: str | None  # None: never again
    missed: bool  # and to be told of
    local_date: str | None = None
    slot: str | None = None
    hour: str | None = None  # in which the digests are due


def minute_of(moment: datetime) -> str:
    """As claims name it."""
    return moment.replace(tzinfo=None).isoformat(" ", "minutes")


async def due(work: Work, table: type[Schedule], *, limit: int, until: datetime) -> list[Due]:
    """At most so many hours until then, the longest due first; nobody else claims them meanwhile.

    Those that another process has in hand are left out.
    """
    given = {"until": until, "most": limit, "within": _within(work.dialect, work.now)}
    return [Due(*row) for row in await work.ask(_due(work.dialect, table), given)]


async def go_on(work: Work, table: type[Schedule], claims: Sequence[Claim]) -> None:
    """Make the digests of these hours that are not there yet, and let their schedules go on."""
    made = [it._asdict() for it in claims if it.slot]
    moved = [it._asdict() for it in claims]
    for statement, some in ((_making, made), (_moving, moved)):
        if some:
            await work.write(statement(work.dialect, table), {"claims": json.dumps(some)})


@cache
def _due(dialect: str, table: type[Schedule]) -> Select[*tuple[Any, ...]]:
    rows = _columns(table)
    at = rows["next_run_at"]
    hours = (
        select(
            _key(table).label("key"),
            cast(rows["times"], String).label("times"),
            cast(rows["weekdays"], String).label("weekdays"),
            rows["zone"].label("zone"),
            at.label("hour"),
        )
        .where(at <= bindparam("until", type_=UtcDateTime))
        .order_by(at)
        .limit(bindparam("most", type_=Integer))
        .with_for_update(skip_locked=True, key_share=True)
        .subquery()
    ).c
    rule = (hours.times, hours.weekdays, hours.zone)
    keys = func.json_agg if dialect == POSTGRES else func.json_group_array
    return select(
        *rule,
        func.min(hours.hour, type_=UtcDateTime()),
        func.count(),
        cast(keys(hours.key), String),
    ).group_by(*rule, *_parts(dialect, hours.hour))


@cache
def _making(dialect: str, table: type[Schedule]) -> "sqlite.Insert | postgresql.Insert":
    rows, claims = _columns(table), _claims(dialect)
    told: dict[str, ColumnElement[Any]] = {
        "member_id": rows["member_id"],
        "local_date": claims.c.local_date,
        "slot": claims.c.slot,
        "due_at": _moved(dialect, rows["next_run_at"], to=claims.c.hour),
    }
    if issubclass(table, RoomSchedule):
        room = cast(rows["room_id"], String)
        told["slot"] = literal("room:", String) + room + literal(":", String) + claims.c.slot
        told["room_id"] = rows["room_id"]
    else:
        told["identity_id"] = rows["identity_id"]
    key = _key(table)
    # Batches are made of numbers that follow each other: so they hold what is due together.
    made = select(*told.values()).where(key == claims.c.key).order_by(rows["next_run_at"])
    return (
        once.insert_in(dialect, Digest)
        .from_select(list(told), made)
        .on_conflict_do_nothing(index_elements=["member_id", "slot"])
    )


@cache
def _moving(dialect: str, table: type[Schedule]) -> Update:
    rows, claims = _columns(table), _claims(dialect)
    hour = rows["next_run_at"]
    values: dict[str, Any] = {"next_run_at": _moved(dialect, hour, to=claims.c.next_hour)}
    if issubclass(table, DigestSchedule):
        values["skipped_at"] = case((claims.c.missed, hour), else_=rows["skipped_at"])
    return update(table).where(_key(table) == claims.c.key).values(values)


def _columns(table: type[Schedule]) -> Mapping[str, Column[Any]]:
    found: Mapping[str, Column[Any]] = inspect(table).local_table.c
    return found


def _key(table: type[Schedule]) -> Column[Any]:
    key: Column[Any] = inspect(table).primary_key[0]
    return key


def _claims(dialect: str) -> Subquery:
    """A row for each schedule: its `key`, and the claim that it belongs to."""
    given = bindparam("claims", type_=String)
    if dialect == POSTGRES:
        claims: FromClause = (
            func.json_to_recordset(cast(given, JSON))
            .table_valued(*(column(name, KINDS.get(name, String())) for name in Claim._fields))
            .render_derived(with_types=True)
        )
        each = func.json_array_elements_text(cast(claims.c.whose, JSON)).table_valued("value")
        keys: FromClause = each.render_derived().lateral()
    else:
        each = func.json_each(given).table_valued("value")
        fields = (func.json_extract(each.c.value, f"$.{it}").label(it) for it in Claim._fields)
        # Else it would read a claim again for each of its keys.
        claims = select(*fields).cte("claims").prefix_with("MATERIALIZED")
        keys = func.json_each(claims.c.whose).table_valued("value")
    key = cast(keys.c.value, Integer).label("key")
    return select(key, claims).join_from(claims, keys, true()).subquery()


def _moved(dialect: str, hour: ColumnElement[Any], *, to: ColumnElement[Any]) -> ColumnElement[Any]:
    """The same seconds of another minute."""
    if dialect == POSTGRES:
        return to + (hour - func.date_trunc(MINUTE, hour, type_=DateTime()))
    return to.concat(func.substr(hour, SECONDS, type_=String()))


def _parts(dialect: str, hour: ColumnElement[Any]) -> Sequence[ColumnElement[Any]]:
    """The minute of an hour, and whether this minute of the clock's has come that far."""
    if dialect == POSTGRES:
        minute = func.date_trunc(MINUTE, hour, type_=DateTime())
        return minute, hour - minute <= bindparam("within", type_=Interval)
    within = bindparam("within", type_=String)
    minute = func.substr(hour, 1, SECONDS - 1, type_=String())
    return minute, func.substr(hour, SECONDS, type_=String()) <= within


def _within(dialect: str, now: datetime) -> timedelta | str:
    """How far the clock is in its minute, as `_parts` is given it."""
    if dialect == POSTGRES:
        return now - now.replace(second=0, microsecond=0)
    return f":{now:%S.%f}"
