"""How a summary reads."""

from collections.abc import Sequence

from agents.phrases import plural
from agents.summary import Point, Summary
from agents.wording import sentence
from feed_core.errors import JamfeedError


def extract_instead(error: JamfeedError) -> str:
    """Why the summary is made of picked sentences."""
    return f"({sentence(error)} These are the most telling sentences instead.)"


def head(creation_id: int, title: str, comments: int, remixes: int) -> str:
    """What a thread is, in a line."""
    made = plural(remixes, "remix", "remixes")
    return f"#{creation_id} {title}: {plural(comments, 'comment')}, {made}."


def cut(most: int) -> str:
    """More was said than is read."""
    return f"(Read are the first {most:,} comments and remixes.)"


def point(ref: object, name: str, text: str) -> str:
    """One sentence, with who said it and where."""
    return f"{text} ({name}, {ref})"


def summary(found: Summary) -> str:
    """A whole summary: the gist, numbered points, open questions, and who said what."""
    parts = [
        found.gist,
        "\n".join(f"{n}. {_point(it)}" for n, it in enumerate(found.points, start=1)),
        _list("Nobody answered:", [_point(it) for it in found.questions]),
        _list(
            "Who said what:",
            [f"{it.passage.name}: {it.text} ({it.passage.of})" for it in found.voices],
        ),
        found.note,
    ]
    return "\n\n".join(filter(None, parts))


def _point(it: Point) -> str:
    return point(it.passage.of, it.passage.name, it.text)


def _list(title: str, lines: Sequence[str]) -> str:
    return "\n".join([title, *(f"• {it}" for it in lines)]) if lines else ""
