"""Rows are told apart from those that are there without reading all of those."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import event

from feed_core.porting import rows
from feed_core.porting.kinds import Kind
from tests.feed_core.porting.conftest import Feed


async def test_what_was_brought_in_already_is_looked_up_and_not_gone_through(
    feed: Feed, kinds: Sequence[Kind]
) -> None:
    asked: list[tuple[str, Any]] = []

    def note(_: Any, cursor: Any, words: str, values: Any, context: Any, many: bool) -> None:
        asked.append((words, values))

    async with feed.store.read() as view:
        connection = await view.core()
        event.listen(connection.sync_connection, "before_cursor_execute", note)
        for kind in kinds:
            there = [it async for part in rows.read(view, kind) for it in part]
            assert len(await rows.known(view, kind, there)) == len(there)
            words, values = asked[-1]
            plan = await connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {words}", values)
            steps = [str(it[-1]) for it in plan]
            assert not [it for it in steps if it.startswith(f"SCAN {kind.table.name}")], steps
