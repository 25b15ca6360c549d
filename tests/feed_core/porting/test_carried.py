"""Every table is accounted for: it travels with a feed, or it is said why not."""

import re
from pathlib import Path

import pytest

from feed_core.porting.carried import ELSEWHERE, LEFT_BEHIND, MADE_ANEW, feed_kinds, in_order
from feed_core.porting.checking import RULES
from feed_core.porting.kinds import Kind
from tests.feed_core.tables import all_tables

PAGE = Path(__file__).parents[3] / "docs" / "records.md"
TOLD, _, _ = PAGE.read_text(encoding="utf-8").partition("## What stays behind")
CARRIED = set(re.findall(r"^## (\w+)$", TOLD, re.MULTILINE))  # a new table changes that page
CORE = {"member", "identity", "media", "creation", "edge", "comment", "reaction", "memory"}


def test_every_table_travels_or_has_a_reason_to_stay(kinds: list[Kind]) -> None:
    there = set(all_tables().tables)

    assert CORE <= {it.name for it in kinds} == CARRIED
    assert CARRIED | set(LEFT_BEHIND) == there
    assert not CARRIED & set(LEFT_BEHIND)
    assert set(ELSEWHERE) <= CARRIED


def test_what_is_made_anew_starts_as_a_new_row_does(kinds: list[Kind]) -> None:
    for kind in kinds:
        carried = set(kind.names)
        assert [
            it.name for it in kind.table.columns if it.name not in carried and it.default is None
        ] == []
    assert set(MADE_ANEW) <= CARRIED


def test_without_memory_nobody_reads_memories() -> None:
    assert "memory" not in {it.name for it in feed_kinds()}


def test_each_kind_comes_after_those_it_refers_to(kinds: list[Kind]) -> None:
    before: set[str] = set()
    for kind in kinds:
        assert {other for other, _ in kind.refers.values()} <= before | {kind.name}
        before.add(kind.name)


def test_the_order_does_not_hang_on_the_order_of_imports(kinds: list[Kind]) -> None:
    names = [it.name for it in kinds]

    assert [it.name for it in in_order(kinds[::-1])] == names


def test_a_kind_whose_references_travel_nowhere_is_a_bug(kinds: list[Kind]) -> None:
    with pytest.raises(ValueError, match="edge"):
        in_order([it for it in kinds if it.name != "creation"])


def test_every_rule_of_a_table_is_checked_before_the_database_does(kinds: list[Kind]) -> None:
    assert {it for kind in kinds for it in kind.rules} == set(RULES)


def test_a_reference_to_the_same_table_can_wait(kinds: list[Kind]) -> None:
    """It is left empty at first, so it has to be one that may be."""
    for kind in kinds:
        assert [it for it in kind.late if not kind.table.c[it].nullable] == []
        assert not kind.late or len(kind.key) == 1


def test_two_rows_of_one_number_are_told_apart(kinds: list[Kind]) -> None:
    told = {it.name: it.same for it in kinds if it.numbered}

    assert told["creation"] == told["member"] == ["uid"]
    assert told["identity"] == ["platform", "external_id"]
    assert told["comment"] == ["created_at"]
    assert all(told.values())
