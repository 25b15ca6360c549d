"""The page of a lineage before it is drawn: its cards and lines, and where all of it stands.

It is as wide as a phone shows a picture, so that its words can be read there. A small family stands
in rows, generation by generation; a larger one is a list with rails beside it.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

import networkx as nx

from agents.makers import rails
from agents.makers.generations import (
    Graph,
    Point,
    arranged,
    boxes,
    card_width,
    routes,
)
from agents.makers.lettering import Lettering
from agents.makers.treecards import MARGIN, Card, LineageNode, portrait, row

WIDTH = 1080
TALL = 3_000  # a page of rows that would be taller is a list
LARGEST = 9_900  # messengers take pictures of at most 10,000 pixels, width and height together
PITCHES = (34, 140)  # from one row of a list to the next: the least and the most
RAIL = 40  # pixels from one rail to the next, where there is room
RAILS = 290  # and for all of them


@dataclass(frozen=True, slots=True)
class Line:
    """A line from a parent to its child; a strong one belongs to the marked creation's family.

    A `faint` one only leads the eye from a rail to a card.
    """

    points: Sequence[Point]
    strong: bool
    arrow: bool = True
    faint: bool = False


@dataclass(frozen=True, slots=True)
class Page:
    """What is drawn: measures in pixels, lines first, cards above them, and dots on rails."""

    width: int
    height: int
    lines: Sequence[Line]
    cards: Sequence[tuple[Card, tuple[int, int]]]
    dots: Sequence[tuple[Card, Point]] = ()
    dot: float = 0.0


def laid_out(nodes: Sequence[LineageNode], edges: Sequence[tuple[int, int]], focus: int) -> Page:
    """The page of these creations; edges are (parent, child), those to unknown ids are left out."""
    graph: nx.DiGraph[int] = nx.DiGraph()
    graph.add_nodes_from(sorted(node.id for node in nodes))
    graph.add_edges_from(
        (parent, child) for parent, child in sorted(edges) if parent in graph and child in graph
    )
    own = {focus}
    if focus in graph:
        own |= nx.ancestors(graph, focus) | nx.descendants(graph, focus)
    lettering = Lettering()
    rows = arranged(graph) if len(nodes) < PITCHES[1] else []
    room = WIDTH - 2 * MARGIN
    if rows and (width := card_width(rows, room)) > 0:
        cards = {it.id: portrait(it, width, lettering, marked=it.id == focus) for it in nodes}
        heights = {id: card.height for id, card in cards.items()}
        found, placed, low = boxes(rows, heights, width=width, left=MARGIN, page=room)
        if low + MARGIN <= TALL:
            lines = [
                Line(_curved(stops), own.issuperset(edge))
                for edge, stops in routes(graph, rows, placed).items()
            ]
            places = [(cards[it.id], found[it.id][:2]) for it in nodes]
            return Page(WIDTH, low + MARGIN, lines, places)
    return _listed(graph, nodes, own, lettering, focus)


def _listed(
    graph: "Graph[int]",
    nodes: Sequence[LineageNode],
    own: set[int],
    lettering: Lettering,
    focus: int,
) -> Page:
    """The page of a family that is too large for rows of cards."""
    order = rails.ordered(graph)
    rail = rails.rails(graph, order)
    count = max(rail.values()) + 1
    step = min(RAIL, RAILS // count)
    least, most = PITCHES
    pitch = max(least, min(most, (LARGEST - WIDTH - 2 * MARGIN) // len(order)))
    high = pitch - max(6, pitch // 9)
    left = MARGIN + count * step + 10
    at = {
        it: (MARGIN + step * (rail[it] + 0.5), MARGIN + number * pitch + high / 2)
        for number, it in enumerate(order)
    }
    known = {it.id: it for it in nodes}
    cards = {
        it: row(known[it], WIDTH - MARGIN - left, high, lettering, marked=it == focus)
        for it in order
    }
    lines = [
        Line(_railed(at[parent], at[child], pitch), own.issuperset((parent, child)), arrow=False)
        for parent, child in sorted(graph.edges)
    ]
    return Page(
        width=WIDTH,
        height=2 * MARGIN + len(order) * pitch - (pitch - high),
        lines=[
            *(_leading(at[it], left, strong=it == focus) for it in order),
            *lines,
        ],
        cards=[(cards[it], (left, MARGIN + n * pitch)) for n, it in enumerate(order)],
        dots=[(cards[it], at[it]) for it in order],
        dot=min(11.0, step * 0.36),
    )


def _leading(start: Point, left: int, *, strong: bool) -> Line:
    return Line([start, (left, start[1])], strong, arrow=False, faint=not strong)


def _railed(start: Point, end: Point, pitch: int) -> list[Point]:
    """A line down its parent's rail, and over to the child's just above it."""
    if start[0] == end[0]:
        return [start, end]
    turn = (start[0], end[1] - min(pitch * 0.9, 90.0))
    return [start, *_curve(turn, end, pull=(end[1] - turn[1]) * 0.6)]


def _curved(stops: Sequence[Point]) -> list[Point]:
    """A line that leaves and reaches every stop straight down."""
    return [point for a, b in pairwise(stops) for point in _curve(a, b)]


def _curve(start: Point, end: Point, pull: float = 0.0) -> list[Point]:
    (x0, y0), (x1, y1) = start, end
    if x0 == x1:
        return [start, end]
    pull = pull or max(40.0, (y1 - y0) * 0.5)
    points = []
    for step in range(33):
        t = step / 32
        u = 1 - t
        x = u**3 * x0 + 3 * u * u * t * x0 + 3 * u * t * t * x1 + t**3 * x1
        y = u**3 * y0 + 3 * u * u * t * (y0 + pull) + 3 * u * t * t * (y1 - pull) + t**3 * y1
        points.append((x, y))
    return points
