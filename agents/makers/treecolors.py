"""The colours of a lineage's picture."""

from dataclasses import dataclass

from agents.makers.treecards import Card

Color = tuple[int, int, int]

PAPER: Color = (246, 241, 231)
CARD: Color = (255, 253, 248)
INK: Color = (38, 34, 46)
FAINT: Color = (128, 120, 126)
LINE: Color = (196, 186, 174)
MARK: Color = (226, 88, 62)
GONE: Color = (232, 226, 216)
BY_KIND = {
    "text": (58, 92, 132),
    "image": (52, 134, 116),
    "meme": (214, 148, 44),
    "audio": (136, 84, 150),
    "video": (178, 72, 104),
    "link": (96, 116, 84),
}


@dataclass(frozen=True, slots=True)
class Colors:
    """A card's colours, and the width of its frame in pixels."""

    frame: Color
    rim: int
    fill: Color
    badge: Color
    ink: Color


def colors(card: Card) -> Colors:
    """Those of a creation's kind; the marked one stands out, a withdrawn one is pale."""
    gone = card.node.withdrawn
    kind = FAINT if gone else BY_KIND.get(card.node.kind, INK)
    return Colors(
        frame=MARK if card.marked else LINE,
        rim=9 if card.marked else 2,
        fill=GONE if gone else CARD,
        badge=MARK if card.marked else kind,
        ink=FAINT if gone else INK,
    )
