"""Long texts cut into messages where a reader would pause."""

import re

FENCE = re.compile(r"^```(?P<language>[\w+-]{0,20})", re.MULTILINE)
CLOSING = "\n```"
BORDERS = ("\n\n", "\n", ". ", " ")  # paragraph, line or list item, sentence, word


def cut(text: str, limit: int) -> list[str]:
    """The text in pieces of at most `limit` characters; only white space at the cuts is dropped.

    A code block that does not fit is closed in one piece and opened again in the next.
    """
    pieces: list[str] = []
    rest = text.strip("\n")
    while len(rest) > limit:
        at = _border(rest, limit - len(CLOSING))
        piece, rest = rest[:at].rstrip(), rest[at:].lstrip("\n")
        if opened := _open_fence(piece):
            piece += CLOSING
            rest = f"```{opened['language']}\n{rest}"
        pieces.append(piece)
    return [piece for piece in [*pieces, rest.rstrip()] if piece]


def _border(text: str, limit: int) -> int:
    opened = _open_fence(text[:limit])
    if opened and opened.start() >= limit // 4:
        return opened.start()  # a code block is moved whole, if that does not waste the message
    for border in BORDERS:
        at = text.rfind(border, limit // 2, limit)
        if at >= 0:
            return at + len(border.rstrip())
    at = limit
    while text[at - 1] == "\\":  # an escape is not torn from what it escapes
        at -= 1
    return at


def _open_fence(text: str) -> re.Match[str] | None:
    fences = list(FENCE.finditer(text))
    return fences[-1] if len(fences) % 2 else None
