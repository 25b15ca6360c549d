"""The direction of writing: what a text turns round ends with it."""

POP_DIRECTION, POP_ISOLATE = "\u202c", "\u2069"
OPENED = {
    **dict.fromkeys("\u202a\u202b\u202d\u202e", POP_DIRECTION),  # embeddings and overrides
    **dict.fromkeys("\u2066\u2067\u2068", POP_ISOLATE),
}


def closed(text: str) -> str:
    """The text with every turn of direction ended in its line, so that none spills over.

    As the Unicode Bidirectional Algorithm (UAX #9, sections 2.1 to 2.5) pairs them: what is opened
    inside an isolate ends with it, and what ends nothing has no effect. A text without such signs
    is returned as it is.
    """
    if OPENED.keys().isdisjoint(text):
        return text
    return "".join(_closed(it) for it in text.splitlines(keepends=True))


def _closed(line: str) -> str:
    open_: list[str] = []
    for character in line:
        if character in OPENED:
            open_.append(OPENED[character])
        elif character == POP_DIRECTION and open_[-1:] == [POP_DIRECTION]:
            open_.pop()
        elif character == POP_ISOLATE and POP_ISOLATE in open_:
            while open_.pop() != POP_ISOLATE:
                pass
    words = line.splitlines()[0]
    return words + "".join(reversed(open_)) + line[len(words) :]
