"""Tells title, body, tags and link apart in words that were typed as one."""

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass

from feed_core.services.muting import folded
from feed_core.services.pieces import LONGEST_TITLE, distinct_tags
from feed_core.services.urls import host_of

SHORT = 80
FIRST_WORDS = 8
URL = re.compile(r"https?://\S+", re.IGNORECASE)
TAG = re.compile(r"#[^\s#]+")
AROUND = ".,;:!?…)]}\"'“”»"  # what ends a sentence and no tag


@dataclass(frozen=True, slots=True)
class Typed:
    """What was typed, taken apart."""

    title: str
    body: str = ""
    tags: Sequence[str] = ()
    link: str = ""


def read_words(words: str, *, title: str = "") -> Typed:
    """Title, body, tags and link of what was typed.

    Hashtags at the end are tags and no more; others stay in the text as well. An address at the
    very beginning or end makes it a link; one that says nothing else is called by its host. `title`
    is the one it has now: where the words still begin with it, it stays the title.
    """
    text, link = _link(words.strip())
    shown, tags = _tags(text)
    kept = title.strip()
    if kept and (shown == kept or shown.startswith(f"{kept}\n")):
        head, body = kept, shown.removeprefix(kept).strip()
    else:
        head, body = title_and_body(shown)
    return Typed(head or (host_of(link) if link else ""), body, tags, link)


def write_words(typed: Typed) -> str:
    """The words that are read as this again; what an edit starts from."""
    text = f"{typed.title}\n{typed.body}".strip()
    # Hashtags at the very end would be taken for no part of the text, but for those behind them.
    said = {folded(it) for it in _named(text)} if _tags(text)[0] == text else set()
    tags = " ".join(f"#{'_'.join(it.split())}" for it in typed.tags if folded(it) not in said)
    return "\n".join(filter(None, [typed.link, text, f"\n{tags}" if tags else ""]))


def title_and_body(words: str) -> tuple[str, str]:
    """Title and body of what was typed.

    A short beginning before a colon is the title, else a short first line; text that has neither is
    all body, under its first words.
    """
    text = words.strip()
    head, colon, rest = text.partition(": ")
    if colon and "\n" not in head and 0 < len(head.strip()) <= SHORT and rest.strip():
        return head.strip(), rest.strip()
    if text.count("\n") == 0 and text.endswith(":"):
        text = text.rstrip(": ") or text  # what it would stand before is a picture
    first, _, rest = text.partition("\n")
    if len(first) <= SHORT:
        return first.strip(), rest.strip()
    return " ".join(text.split()[:FIRST_WORDS])[: LONGEST_TITLE - 2] + " …", text


def _link(text: str) -> tuple[str, str]:
    """The text without the address that it begins or ends with, and the address."""
    words = text.split()
    if words and URL.fullmatch(words[0]):
        return text[len(words[0]) :].strip(), words[0]
    if words and URL.fullmatch(words[-1]):
        return text[: -len(words[-1])].strip(), words[-1]
    return text, ""


def _tags(text: str) -> tuple[str, list[str]]:
    """The text without the hashtags that it ends with, and all tags in it.

    Those are the lines at its end that are nothing but hashtags, up to an empty one; where there
    are none, the end of its last line.
    """
    tags = _named(text)
    lines = text.split("\n")
    while lines and lines[-1].strip() and all(_is_tag(it) for it in lines[-1].split()):
        lines.pop()
    rest = "\n".join(lines).rstrip()
    if rest == text:
        while _is_tag(last := rest.rsplit(maxsplit=1)[-1] if rest else ""):
            rest = rest.removesuffix(last).rstrip()
    return rest or text, tags


def _named(text: str) -> list[str]:
    return distinct_tags([it.rstrip(AROUND) for it in text.split() if _is_tag(it)])


def _is_tag(word: str) -> bool:
    """Whether it is a hashtag, with a letter or a symbol in it: #12 is a creation."""
    return TAG.fullmatch(word) is not None and any(
        unicodedata.category(it)[0] == "L" or unicodedata.category(it) == "So" for it in word
    )
