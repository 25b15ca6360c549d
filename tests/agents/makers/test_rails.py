import networkx as nx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from agents.makers.rails import ordered, rails


def graph(count: int, *edges: tuple[int, int]) -> "nx.DiGraph[int]":
    found: nx.DiGraph[int] = nx.DiGraph()
    found.add_nodes_from(range(1, count + 1))
    found.add_edges_from(edges)
    return found


EDGES = st.lists(st.tuples(st.integers(1, 30), st.integers(1, 30)), max_size=60)


@given(EDGES)
def test_everybody_stands_below_their_parents_and_no_rail_runs_through_another(
    pairs: list[tuple[int, int]],
) -> None:
    family = graph(30, *((min(it), max(it)) for it in pairs if it[0] != it[1]))
    order = ordered(family)
    found = rails(family, order)
    at = {it: n for n, it in enumerate(order)}

    assert sorted(order) == list(family)
    assert all(at[parent] < at[child] for parent, child in family.edges)
    for parent in family:
        last = max((at[child] for child in family.successors(parent)), default=at[parent])
        for between in order[at[parent] + 1 : last]:
            assert found[between] != found[parent]


def test_a_chain_runs_on_one_rail() -> None:
    family = graph(5, (1, 2), (2, 3), (3, 4), (4, 5))

    assert set(rails(family, ordered(family)).values()) == {0}


def test_small_branches_come_first_and_the_main_line_keeps_its_rail() -> None:
    family = graph(6, (1, 2), (2, 3), (3, 4), (1, 5), (2, 6))
    order = ordered(family)

    assert order == [1, 5, 2, 6, 3, 4]
    assert rails(family, order) == {1: 0, 5: 1, 2: 0, 6: 1, 3: 0, 4: 0}


@pytest.mark.parametrize("count", [1, 200])
def test_few_rails_are_enough_for_a_tree(count: int) -> None:
    family = graph(count, *((n // 2, n) for n in range(2, count + 1)))

    assert max(rails(family, ordered(family)).values()) <= 8
