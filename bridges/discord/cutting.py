"""Long texts cut into messages where a reader would pause."""

import re

FENCE = re.compile(r"(?<!\\)```(?P<language>[\w+-]{0,20}(?=\n))?")
CLOSING = "\n```"
# Paragraph, list item, line, sentence, word: the last one in the second half of a message.
BORDERS = tuple(
    re.compile(it)
    for it in (r"\n\n", r"\n(?=[ \t]*(?:[-*•]|\d{1,3}[.)]) )", r"\n", r"\.(?= )", r" ")
)
MARKS = re.compile(r"\\.|(?P<mark>\*\*|\*|`)", re.DOTALL)
LONGEST_MARK = 2


def cut(text: str, limit: int) -> list[str]:
    """The text in pieces of at most `limit` characters; only white space at the cuts is dropped.

    A code block that does not fit is closed in one piece and opened again in the next, in its
    language; so is what is bold, leans or is set as code within a line.
    """
    pieces: list[str] = []
    rest = text.strip("\n")
    while len(rest) > limit:
        at = _border(rest, limit - len(CLOSING) - LONGEST_MARK)
        piece, rest = rest[:at].rstrip(), rest[at:].lstrip("\n")
        if opened := _open_fence(piece):
            piece += CLOSING
            rest = f"```{opened['language'] or ''}\n{rest}"
        else:
            marks = _open_marks(piece, rest)
            closing = "".join(reversed(marks))
            piece += closing
            if rest.startswith(closing):
                rest = rest[len(closing) :]
            else:
                rest = "".join(marks) + (rest.lstrip() if marks else rest)
        pieces.append(piece)
    return [piece for piece in [*pieces, rest.rstrip()] if piece]


def _border(text: str, limit: int) -> int:
    opened = _open_fence(text[:limit])
    if opened and opened.start() >= limit // 4:
        return opened.start()  # a code block is moved whole, if that does not waste the message
    for border in BORDERS:
        found = list(border.finditer(text, limit // 2, limit))
        if found:
            return found[-1].end() if found[-1][0].strip() else found[-1].start()
    at = limit
    while text[at - 1] == "\\":  # an escape is not torn from what it escapes
        at -= 1
    return at


def _open_fence(text: str) -> re.Match[str] | None:
    fences = list(FENCE.finditer(text))
    return fences[-1] if len(fences) % 2 else None


def _open_marks(text: str, rest: str) -> list[str]:
    """The marks of the last line that are closed only in the rest of it, the outermost first."""
    open_marks: list[str] = []
    line = text.rpartition("\n")[2].replace("```", "")
    for match in MARKS.finditer(line):
        mark = match["mark"]
        if mark is None or ("`" in open_marks and mark != "`"):
            continue
        if mark in open_marks:
            del open_marks[open_marks.index(mark) :]
        else:
            open_marks.append(mark)
    to_come = rest.partition("\n")[0]
    return [it for it in open_marks if it in to_come]
