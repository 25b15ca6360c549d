"""Where the cards of a lineage stand: generations in rows, few crossings, lanes for long lines.

Rows are made here, because a phone has room for three cards abreast; their order, so that few lines
cross, comes from a layered layout (Sugiyama 1981; Gansner et al. 1993) in `fast-sugiyama`.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

import networkx as nx
from fast_sugiyama import from_edges

ABREAST = 3  # cards side by side, unless told; a larger generation takes several rows
LANE = 26  # pixels for a line that passes a row on its way down
GAP = 26
ROW_GAP = 96

Graph = nx.DiGraph  # of creation ids, from parent to child
Box = tuple[int, int, int, int]
Point = tuple[float, float]


@dataclass(frozen=True, slots=True)
class Spot:
    """A place in a row: the card of a creation, or the lane of its lines to later rows."""

    node: int
    lane: bool = False


SPINE = Spot(0)  # no creation has this number


def arranged(graph: "Graph[int]", abreast: int = ABREAST) -> list[list[Spot]]:
    """The rows of a lineage from the oldest down, ordered so that few lines cross."""
    rows = [[Spot(node) for node in row] for row in _rows(graph, abreast)]
    at = {spot.node: number for number, row in enumerate(rows) for spot in row}
    for node in sorted(graph):
        last = max((at[child] for child in graph.successors(node)), default=0)
        for number in range(at[node] + 1, last):
            rows[number].append(Spot(node, lane=True))
    across = _across(graph, rows, at)
    for number, row in enumerate(rows):
        row.sort(key=lambda spot, n=number: (across.get((n, spot), 0.0), spot.node, spot.lane))  # type: ignore[misc]  # a default of a lambda
    return rows


def _across(
    graph: "Graph[int]", rows: Sequence[Sequence[Spot]], at: Mapping[int, int]
) -> dict[tuple[int, Spot], float]:
    """How far from the left each spot of each row stands in a layered layout."""
    steps: set[tuple[tuple[int, Spot], tuple[int, Spot]]] = set()
    for parent, child in graph.edges:
        stops = [Spot(parent, lane=n > at[parent]) for n in range(at[parent], at[child])]
        for number, (upper, lower) in enumerate(pairwise([*stops, Spot(child)]), at[parent]):
            steps.add(((number, upper), (number + 1, lower)))
    led_to = {lower for _, lower in steps}
    # A spine keeps in their rows those to which nothing leads from the row above.
    for number in range(1, len(rows)):
        steps.add(((number - 1, SPINE), (number, SPINE)))
        spots = [(number, spot) for spot in rows[number]]
        steps |= {((number - 1, SPINE), it) for it in spots if it not in led_to}
    names = sorted({it for step in steps for it in step}, key=_by_row)
    numbers = {it: number for number, it in enumerate(names)}
    edges = sorted((numbers[upper], numbers[lower]) for upper, lower in steps)
    found: dict[tuple[int, Spot], float] = {}
    right = 0.0
    for positions, *_ in from_edges(edges, ranking_type="up") if edges else ():
        # Families that nothing connects are laid out one by one: side by side, then.
        left = right - min(x for _, (x, _) in positions)
        found |= {names[int(it)]: left + x for it, (x, _) in positions}
        right = 1 + left + max(x for _, (x, _) in positions)
    return found


def _by_row(it: tuple[int, Spot]) -> tuple[int, int, bool]:
    number, spot = it
    return number, spot.node, spot.lane


def _rows(graph: "Graph[int]", abreast: int) -> list[list[int]]:
    """Generations, those of one parent together, large ones cut into rows of equal length."""
    rows: list[list[int]] = []
    order: dict[int, int] = {}
    for generation in nx.topological_generations(graph):
        members = sorted(
            generation, key=lambda it: (min((order[p] for p in graph.pred[it]), default=0), it)
        )
        order |= {it: len(order) + n for n, it in enumerate(members)}
        count = -(-len(members) // abreast)
        share, more = divmod(len(members), count)
        start = 0
        for row in range(count):
            end = start + share + (row < more)
            rows.append(members[start:end])
            start = end
    return rows


def card_width(rows: Sequence[Sequence[Spot]], page: int) -> int:
    """The one width of all cards: as wide as the fullest row allows."""
    room = page
    for row in rows:
        cards = sum(not spot.lane for spot in row)
        lanes = len(row) - cards
        room = min(room, (page - (cards - 1) * GAP - _lanes_width(lanes)) // cards)
    return min(room, 470)


def _lanes_width(lanes: int) -> int:
    return min(220, lanes * (LANE + 8))


def boxes(
    rows: Sequence[Sequence[Spot]], heights: Mapping[int, int], *, width: int, left: int, page: int
) -> tuple[dict[int, Box], list[dict[Spot, Box]], int]:
    """The boxes of the cards, those of every spot by row, and the lowest edge."""
    cards: dict[int, Box] = {}
    found: list[dict[Spot, Box]] = []
    y = left
    for row in rows:
        count = sum(not spot.lane for spot in row)
        lanes = len(row) - count
        lane = _lanes_width(lanes) // lanes if lanes else 0
        gap = GAP if count > 1 else 0
        whole = count * width + (count - 1) * gap + lanes * lane
        high = max(heights[spot.node] for spot in row if not spot.lane)
        x = left + (page - whole) // 2
        placed: dict[Spot, Box] = {}
        after_card = False
        for spot in row:
            if not spot.lane and after_card:
                x += gap
            wide = lane if spot.lane else width
            tall = high if spot.lane else heights[spot.node]
            placed[spot] = (x, y, x + wide, y + tall)
            after_card = after_card or not spot.lane
            x += wide
            if not spot.lane:
                cards[spot.node] = placed[spot]
        found.append(placed)
        y += high + ROW_GAP
    return cards, found, y - ROW_GAP


def routes(
    graph: "Graph[int]", rows: Sequence[Sequence[Spot]], placed: Sequence[Mapping[Spot, Box]]
) -> dict[tuple[int, int], list[Point]]:
    """For each edge the points of its line, from the foot of the parent to the child's head."""
    at = {spot.node: n for n, row in enumerate(rows) for spot in row if not spot.lane}
    found: dict[tuple[int, int], list[Point]] = {}
    for parent, child in sorted(graph.edges):
        start, end = placed[at[parent]][Spot(parent)], placed[at[child]][Spot(child)]
        stops: list[Point] = []
        for number in range(at[parent] + 1, at[child]):
            x0, y0, x1, y1 = placed[number][Spot(parent, lane=True)]
            stops += [((x0 + x1) / 2, y0 - 8.0), ((x0 + x1) / 2, y1 + 8.0)]
        first = stops[0][0] if stops else (end[0] + end[2]) / 2
        last = stops[-1][0] if stops else (start[0] + start[2]) / 2
        x = _towards(start, first, 0.3)
        low = max(box[3] for box in placed[at[parent]].values())
        if low > start[3] + 4:  # a line goes down beside its taller neighbours before it turns
            stops.insert(0, (x, float(low)))
        found[parent, child] = [
            (x, start[3] - 6.0),
            *stops,
            (_towards(end, last, 0.36), end[1] - 9.0),
        ]
    return found


def _towards(box: Box, x: float, share: float) -> float:
    """A point on the edge of a box on the side where the line's other end lies."""
    middle, half = (box[0] + box[2]) / 2, (box[2] - box[0]) / 2
    return middle + max(-1.0, min(1.0, (x - middle) / (3 * half))) * half * 2 * share
