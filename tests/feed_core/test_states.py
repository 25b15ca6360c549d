from collections.abc import Mapping
from enum import StrEnum
from typing import Any

import pytest

from feed_core import states
from feed_core.models import jams
from feed_core.states import DRAFT_MOVES, DraftState, move

DECLARED = vars(states) | vars(jams)
TABLES: dict[str, Mapping[Any, frozenset[Any]]] = {
    name: table for name, table in DECLARED.items() if name.endswith("_MOVES")
}
STATES: list[type[StrEnum]] = [kind for name, kind in DECLARED.items() if name.endswith("State")]


@pytest.mark.parametrize("kind", STATES, ids=lambda it: it.__name__)
def test_every_state_has_its_row_in_one_table_of_moves(kind: type[StrEnum]) -> None:
    of_kind = [table for table in TABLES.values() if all(isinstance(it, kind) for it in table)]

    assert len(of_kind) == 1
    (table,) = of_kind
    assert set(table) == set(kind)
    assert all(isinstance(to, kind) for targets in table.values() for to in targets)


@pytest.mark.parametrize("name", TABLES)
def test_nothing_moves_to_where_it_is(name: str) -> None:
    assert [state for state, targets in TABLES[name].items() if state in targets] == []


@pytest.mark.parametrize("name", TABLES)
def test_every_state_but_the_first_can_be_reached(name: str) -> None:
    _, *others = TABLES[name]

    assert set(others) <= set().union(*TABLES[name].values())


def test_a_move_in_the_table_is_made() -> None:
    assert move(DRAFT_MOVES, DraftState.OPEN, DraftState.DROPPED) is DraftState.DROPPED


def test_a_move_that_is_not_in_the_table_is_a_bug() -> None:
    with pytest.raises(ValueError, match="DraftState cannot go from published to dropped"):
        move(DRAFT_MOVES, DraftState.PUBLISHED, DraftState.DROPPED)
