from itertools import combinations, pairwise

import networkx as nx
import pytest

from agents.makers.columns import cut, led_over, moved
from agents.makers.generations import Box, arranged, boxes, routes


def laid(
    edges: list[tuple[int, int]], count: int
) -> tuple[dict[int, Box], dict[tuple[int, int], list[list[tuple[float, float]]]], int, int]:
    graph: nx.DiGraph[int] = nx.DiGraph(edges)
    rows = arranged(graph, 2)
    _, placed, _ = boxes(rows, dict.fromkeys(graph, 150), width=300, left=0, page=700)
    columns = cut(rows, placed, graph.edges, count=count, inner=700)
    placed = moved(placed, columns, left=0, top=0)
    cards = {spot.node: box for row in placed for spot, box in row.items() if not spot.lane}
    lines = {
        edge: led_over(stops, edge[0], columns, left=0, top=0)
        for edge, stops in routes(graph, rows, placed).items()
    }
    return cards, lines, columns.width, columns.height


CHAIN = [(n, n + 1) for n in range(1, 24)]
LADDER = [*CHAIN, *((n, n + 5) for n in range(1, 19)), (1, 24)]


@pytest.mark.parametrize("edges", [CHAIN, LADDER])
@pytest.mark.parametrize("count", [1, 2, 5])
def test_columns_are_of_about_one_height_and_hold_every_card(
    edges: list[tuple[int, int]], count: int
) -> None:
    cards, _, width, height = laid(edges, count)
    whole = laid(edges, 1)[3]

    assert len(cards) == 24
    for left, top, right, bottom in cards.values():
        assert 0 <= left < right <= width
        assert 0 <= top < bottom <= height
    assert height < whole / count + 800
    for a, b in combinations(cards.values(), 2):
        assert a[2] <= b[0] or b[2] <= a[0] or a[3] <= b[1] or b[3] <= a[1]


def test_a_line_that_changes_columns_passes_no_card_on_its_way() -> None:
    cards, lines, width, height = laid(LADDER, 4)
    over = [part for parts in lines.values() for part in parts[1::2]]

    assert over
    for part in over:
        assert all(0 <= x <= width and 0 <= y <= height for x, y in part)
        for (x0, y0), (x1, y1) in pairwise(part[1:-1]):
            for left, top, right, bottom in cards.values():
                beside = max(x0, x1) <= left or min(x0, x1) >= right
                assert beside or max(y0, y1) <= top or min(y0, y1) >= bottom


def test_lines_of_different_creations_do_not_run_on_each_other_between_columns() -> None:
    _, lines, _, _ = laid(LADDER, 2)
    gutters: dict[float, set[int]] = {}
    for (parent, _), parts in lines.items():
        for part in parts[1::2]:
            gutters.setdefault(part[2][0], set()).add(parent)

    assert all(len(parents) == 1 for parents in gutters.values())
    assert len(gutters) > 3
