"""The picture of a lineage: who made what out of what, oldest on top, readable on a phone."""

import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

import networkx as nx
from PIL import Image, ImageDraw, ImageOps, UnidentifiedImageError

from agents.makers.generations import Box, Point, arranged, boxes, card_width, routes
from agents.makers.lettering import Font, Lettering

WIDTH = 1080
TALLEST = 8_800  # messengers take pictures of at most 10,000 pixels, width and height together
MARGIN = 40
PAD = 18

_PAPER = (246, 241, 231)
_CARD = (255, 253, 248)
_INK = (38, 34, 46)
_FAINT = (128, 120, 126)
_LINE = (196, 186, 174)
_MARK = (226, 88, 62)
_GONE = (232, 226, 216)
_BY_KIND = {
    "text": (58, 92, 132),
    "image": (52, 134, 116),
    "meme": (214, 148, 44),
    "audio": (136, 84, 150),
    "video": (178, 72, 104),
    "link": (96, 116, 84),
}

Color = tuple[int, int, int]


@dataclass(frozen=True, slots=True)
class LineageNode:
    """One creation as the picture shows it; a withdrawn one shows the title it is given, greyed."""

    id: int
    title: str
    maker_name: str
    kind: str
    thumbnail: bytes | None = None
    withdrawn: bool = False


@dataclass(frozen=True, slots=True)
class _Card:
    """A node set in type and colour, ready to be laid on the page."""

    width: int
    height: int
    picture: Image.Image | None
    frame: Color
    rim: int
    fill: Color
    badge: Color
    ink: Color
    tag: int
    number: tuple[Font, list[str]]
    maker: tuple[Font, list[str]]
    title: tuple[Font, list[str]]
    step: int


def draw_lineage(
    nodes: Sequence[LineageNode], edges: Sequence[tuple[int, int]], focus: int
) -> bytes:
    """A PNG of up to about fifty creations, 1080 pixels wide (less if it became too tall to send).

    Edges are (parent, child); those to unknown ids are left out. Generations stand in rows from the
    oldest down, the asked-for creation is framed, and the lines of its own family are stronger.
    """
    graph: nx.DiGraph[int] = nx.DiGraph()
    graph.add_nodes_from(sorted(node.id for node in nodes))
    graph.add_edges_from(
        (parent, child) for parent, child in sorted(edges) if parent in graph and child in graph
    )
    rows = arranged(graph)
    room = WIDTH - 2 * MARGIN
    width = card_width(rows, room)
    lettering = Lettering()
    cards = {node.id: _card(node, width, lettering, focus) for node in nodes}
    heights = {id: card.height for id, card in cards.items()}
    found, placed, low = boxes(rows, heights, width=width, left=MARGIN, page=room)
    page = Image.new("RGB", (WIDTH, low + MARGIN), _PAPER)
    _draw_edges(page, graph, routes(graph, rows, placed), focus)
    for node in nodes:
        _draw_card(page, cards[node.id], found[node.id])
    if page.height > TALLEST:
        page = page.resize((WIDTH * TALLEST // page.height, TALLEST), Image.Resampling.LANCZOS)
    out = io.BytesIO()
    page.save(out, "PNG", compress_level=4)
    return out.getvalue()


def _draw_edges(
    page: Image.Image,
    graph: "nx.DiGraph[int]",
    lines: Mapping[tuple[int, int], Sequence[Point]],
    focus: int,
) -> None:
    """Lines from parent to child, drawn large to be smooth; those of the marked one on top."""
    own = {focus}
    if focus in graph:
        own |= nx.ancestors(graph, focus) | nx.descendants(graph, focus)
    masks = {strong: Image.new("L", (WIDTH * 2, page.height * 2)) for strong in (False, True)}
    for (parent, child), stops in lines.items():
        strong = parent in own and child in own
        draw = ImageDraw.Draw(masks[strong])
        points = [point for a, b in pairwise(stops) for point in _curve(a, b)]
        draw.line([(x * 2, y * 2) for x, y in points], fill=255, width=11 if strong else 8)
        x, y = (2 * edge for edge in points[-1])
        draw.polygon([(x - 17, y - 14), (x + 17, y - 14), (x, y + 14)], fill=255)
    page.paste(_LINE, mask=masks[False].reduce(2))
    page.paste(_MARK, mask=masks[True].reduce(2))


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


def _card(node: LineageNode, width: int, lettering: Lettering, focus: int) -> _Card:
    """Set a node's words in type, so that its card is as high as they need."""
    marked = node.id == focus
    color = _FAINT if node.withdrawn else _BY_KIND.get(node.kind, _INK)
    inner = width - 2 * PAD
    number = lettering.fit(f"#{node.id}", size=26, width=inner, lines=1, bold=True)
    tag = int(number[0].getlength(number[1][0])) + 26
    maker = lettering.fit(node.maker_name, size=25, width=inner - tag - 12, lines=1)
    size = 32 if width > 300 else 29
    plain = " ".join(node.title.split())
    title = lettering.fit(plain, size=size, width=inner, lines=3, bold=not node.withdrawn)
    picture = _thumbnail(node)
    tall = int(width * 0.72) if picture is not None else 0
    return _Card(
        width=width,
        height=tall + 68 + max(1, len(title[1])) * (size + 8) + 10,
        picture=picture and ImageOps.fit(picture, (width, tall), Image.Resampling.LANCZOS),
        frame=_MARK if marked else _LINE,
        rim=9 if marked else 2,
        fill=_GONE if node.withdrawn else _CARD,
        badge=_MARK if marked else color,
        ink=_FAINT if node.withdrawn else _INK,
        tag=tag,
        number=number,
        maker=maker,
        title=title,
        step=size + 8,
    )


def _draw_card(page: Image.Image, card: _Card, box: Box) -> None:
    left, top, right, bottom = box
    width, high, rim = right - left, bottom - top, card.rim
    outer = _rounded(width + 2 * rim, high + 2 * rim, 19 + rim)
    page.paste(card.frame, (left - rim, top - rim), outer)
    page.paste(card.fill, (left, top), _rounded(width, high, 19))
    y = top
    if card.picture is not None:
        tall = card.picture.height
        page.paste(
            card.picture, (left, top), _rounded(width, tall + 40, 19).crop((0, 0, width, tall))
        )
        y += tall
    draw = ImageDraw.Draw(page)
    page.paste(card.badge, (left + PAD, y + 15), _rounded(card.tag, 38, 19))
    font, lines = card.number
    draw.text((left + PAD + card.tag / 2, y + 34), lines[0], _CARD, font, anchor="mm")
    font, lines = card.maker
    draw.text((left + PAD + card.tag + 12, y + 34), "".join(lines), _FAINT, font, anchor="lm")
    font, lines = card.title
    for number, line in enumerate(lines):
        at = (left + PAD, y + 84 + number * card.step)
        draw.text(at, line, card.ink, font, anchor="lm")


def _rounded(width: int, height: int, radius: int) -> Image.Image:
    mask = Image.new("L", (width * 2, height * 2))
    ImageDraw.Draw(mask).rounded_rectangle(
        (0, 0, width * 2 - 1, height * 2 - 1), radius * 2, fill=255
    )
    return mask.reduce(2)


def _thumbnail(node: LineageNode) -> Image.Image | None:
    """The node's picture; none if it has none, took it back, or the bytes are no picture."""
    if node.thumbnail is None or node.withdrawn:
        return None
    try:
        image = Image.open(io.BytesIO(node.thumbnail))
        image.draft("RGB", (640, 640))
        return image.convert("RGB")
    except (UnidentifiedImageError, OSError, ValueError, Image.DecompressionBombError):
        return None
