"""The page of a lineage before it is drawn: its cards and lines, and where all of it stands."""

import io
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

import networkx as nx
from PIL import Image, ImageOps, UnidentifiedImageError

from agents.makers import columns as cutting
from agents.makers.generations import (
    Box,
    Graph,
    Point,
    arranged,
    boxes,
    card_width,
    routes,
    row_width,
)
from agents.makers.lettering import Font, Lettering

WIDTH = 1080
TALL = 3_000  # a page that would be taller is set smaller, broader and in columns
MARGIN = 40
PAD = 18
NARROW = 300  # the cards of such a page
BREADTHS = (1, 2, 3, 4, 5, 6, 7, 8, 10, 12, 14, 16)  # and how many of them may stand in a row
MOST_COLUMNS = 12
UPRIGHT = 0.75  # width by height of the screens that a large page is meant for
TANGLE = 0.03  # how much larger a page may be for each line that then changes no column


@dataclass(frozen=True, slots=True)
class LineageNode:
    """One creation as the picture shows it; a withdrawn one shows the title it is given, greyed.

    `thumbnail` reads its picture, in any size, when its card is made.
    """

    id: int
    title: str
    maker_name: str
    kind: str
    thumbnail: Callable[[], bytes] | None = None
    withdrawn: bool = False


@dataclass(frozen=True, slots=True)
class Words:
    """Lines of text in the font that has their letters."""

    text: str
    font: Font
    lines: Sequence[str]
    size: int


@dataclass(frozen=True, slots=True)
class Card:
    """A creation set in type, ready to be laid on a page; `tag` is the width of its number's."""

    node: LineageNode
    marked: bool
    width: int
    height: int
    picture: Image.Image | None
    tag: int
    number: Words
    maker: Words
    title: Words
    step: int


@dataclass(frozen=True, slots=True)
class Line:
    """A line from a parent to its child; a strong one belongs to the marked creation's family."""

    points: Sequence[Point]
    strong: bool


@dataclass(frozen=True, slots=True)
class Page:
    """What is drawn: measures in pixels, lines first and cards above them."""

    width: int
    height: int
    lines: Sequence[Line]
    cards: Sequence[tuple[Card, Box]]


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
    rows = arranged(graph)
    room = WIDTH - 2 * MARGIN
    width = card_width(rows, room)
    cards = {it.id: _card(it, width, lettering, it.id == focus) for it in nodes}
    found, placed, low = boxes(rows, _heights(cards), width=width, left=MARGIN, page=room)
    if low + MARGIN > TALL:
        cards = {it.id: _card(it, NARROW, lettering, it.id == focus) for it in nodes}
        return _in_columns(graph, cards, own)
    lines = [
        Line(_curved(stops), own.issuperset(edge))
        for edge, stops in routes(graph, rows, placed).items()
    ]
    return Page(WIDTH, low + MARGIN, lines, [(cards[it.id], found[it.id]) for it in nodes])


def _in_columns(graph: "Graph[int]", cards: Mapping[int, Card], own: set[int]) -> Page:
    """The page that shows the most on an upright screen, of all breadths and column counts."""
    heights = _heights(cards)
    best = None
    for abreast in BREADTHS:
        rows = arranged(graph, abreast)
        inner = max(row_width(row, NARROW) for row in rows)
        _, placed, _ = boxes(rows, heights, width=NARROW, left=0, page=inner)
        for count in range(1, MOST_COLUMNS + 1):
            columns = cutting.cut(rows, placed, graph.edges, count=count, inner=inner)
            size = max(columns.width, columns.height * UPRIGHT)
            size *= 1 + TANGLE * sum(len(it) for it in columns.crossing)
            if best is None or size < best[0]:
                best = size, rows, placed, columns
    assert best is not None  # there is at least one breadth
    _, rows, placed, columns = best
    placed = cutting.moved(placed, columns, left=MARGIN, top=MARGIN)
    lines = []
    for edge, stops in routes(graph, rows, placed).items():
        parts = cutting.led_over(stops, edge[0], columns, left=MARGIN, top=MARGIN)
        points = [it for n, part in enumerate(parts) for it in (part if n % 2 else _curved(part))]
        lines.append(Line(points, own.issuperset(edge)))
    found = {spot.node: box for row in placed for spot, box in row.items() if not spot.lane}
    return Page(
        width=columns.width + 2 * MARGIN,
        height=columns.height + 2 * MARGIN,
        lines=lines,
        cards=[(card, found[id]) for id, card in cards.items()],
    )


def _heights(cards: Mapping[int, Card]) -> dict[int, int]:
    return {id: card.height for id, card in cards.items()}


def _curved(stops: Sequence[Point]) -> list[Point]:
    """A line that leaves and reaches every stop straight down."""
    return [point for a, b in pairwise(stops) for point in _curve(a, b)]


def _curve(start: Point, end: Point) -> list[Point]:
    (x0, y0), (x1, y1) = start, end
    if x0 == x1:
        return [start, end]
    pull = max(40.0, (y1 - y0) * 0.5)
    points = []
    for step in range(33):
        t = step / 32
        u = 1 - t
        x = u**3 * x0 + 3 * u * u * t * x0 + 3 * u * t * t * x1 + t**3 * x1
        y = u**3 * y0 + 3 * u * u * t * (y0 + pull) + 3 * u * t * t * (y1 - pull) + t**3 * y1
        points.append((x, y))
    return points


def _card(node: LineageNode, width: int, lettering: Lettering, marked: bool) -> Card:
    """Set a node's words in type, so that its card is as high as they need."""
    inner = width - 2 * PAD

    def fit(text: str, *, size: int, room: int, lines: int, bold: bool = False) -> Words:
        font, found = lettering.fit(text, size=size, width=room, lines=lines, bold=bold)
        return Words(text, font, found, size)

    number = fit(f"#{node.id}", size=26, room=inner, lines=1, bold=True)
    tag = int(number.font.getlength(number.lines[0])) + 26
    maker = fit(node.maker_name, size=25, room=inner - tag - 12, lines=1)
    size = 32 if width > NARROW else 29
    plain = " ".join(node.title.split())
    title = fit(plain, size=size, room=inner, lines=3, bold=not node.withdrawn)
    picture = _thumbnail(node)
    tall = int(width * 0.72) if picture is not None else 0
    return Card(
        node=node,
        marked=marked,
        width=width,
        height=tall + 68 + max(1, len(title.lines)) * (size + 8) + 10,
        picture=picture and ImageOps.fit(picture, (width, tall), Image.Resampling.LANCZOS),
        tag=tag,
        number=number,
        maker=maker,
        title=title,
        step=size + 8,
    )


def _thumbnail(node: LineageNode) -> Image.Image | None:
    """The node's picture; none if it has none, took it back, or the bytes are no picture."""
    if node.thumbnail is None or node.withdrawn:
        return None
    try:
        image = Image.open(io.BytesIO(node.thumbnail()))
        image.draft("RGB", (640, 640))
        return image.convert("RGB")
    except (UnidentifiedImageError, OSError, ValueError, Image.DecompressionBombError):
        return None
