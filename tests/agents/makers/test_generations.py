import networkx as nx

from agents.makers.generations import ABREAST, Spot, arranged, boxes, card_width, routes


def graph(*edges: tuple[int, int]) -> "nx.DiGraph[int]":
    found: nx.DiGraph[int] = nx.DiGraph()
    found.add_edges_from(edges)
    return found


def test_parents_come_in_earlier_rows_than_their_children() -> None:
    family = graph((1, 3), (2, 3), (3, 4), (1, 5), (4, 6), (5, 6))
    at = {spot.node: n for n, row in enumerate(arranged(family)) for spot in row if not spot.lane}

    assert all(at[parent] < at[child] for parent, child in family.edges)


def test_rows_are_ordered_so_that_lines_do_not_cross_where_they_need_not() -> None:
    rows = arranged(graph((1, 6), (2, 5), (3, 4)))

    upper, lower = ([spot.node for spot in row] for row in rows)
    assert [7 - node for node in upper] == lower


def test_a_line_to_a_later_row_has_a_lane_of_its_own_in_the_rows_between() -> None:
    family = graph((1, 2), (2, 3), (1, 3))
    rows = arranged(family)
    width = card_width(rows, 1000)
    cards, placed, _ = boxes(rows, dict.fromkeys((1, 2, 3), 150), width=width, left=40, page=1000)

    assert Spot(1, lane=True) in rows[1]
    left, top, right, bottom = cards[2]
    passing = routes(family, rows, placed)[1, 3]
    assert not [(x, y) for x, y in passing if left <= x <= right and top <= y <= bottom]


def test_no_two_cards_overlap_and_none_leaves_the_page() -> None:
    family = graph(*((1, n) for n in range(2, 22)), *((n, n + 20) for n in range(2, 14)), (1, 40))
    rows = arranged(family)
    width = card_width(rows, 1000)
    cards, _, _ = boxes(rows, dict.fromkeys(family, 160), width=width, left=40, page=1000)

    assert max(sum(not spot.lane for spot in row) for row in rows) <= ABREAST
    assert width > 200
    found = sorted(cards.values())
    assert all(box[0] >= 40 and box[2] <= 1040 for box in found)
    for at, a in enumerate(found):
        for b in found[at + 1 :]:
            assert a[2] <= b[0] or a[3] <= b[1] or b[3] <= a[1]


def test_the_same_lineage_is_always_arranged_alike() -> None:
    edges = [((n * 7) % n or 1, n) for n in range(3, 30)] + [(n // 2, n) for n in range(2, 30)]
    once = arranged(graph(*edges))

    assert all(arranged(graph(*reversed(edges))) == once for _ in range(5))


def test_creations_without_kin_stand_in_rows_too() -> None:
    family = graph((1, 2))
    family.add_nodes_from(range(3, 9))
    rows = arranged(family)

    assert sorted(spot.node for row in rows for spot in row if not spot.lane) == list(range(1, 9))
