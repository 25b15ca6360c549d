"""Formatted text as stretches of plain text, so that it can be measured, cut and escaped."""

import html
import re
from collections.abc import Iterable
from dataclasses import dataclass

from bridges.telegram.cutting import cut, units

MENTION = re.compile(r"(?<!\w)@(?=\w)")


@dataclass(frozen=True, slots=True)
class Span:
    """A stretch of plain text and the HTML tag round it ("b", "i", "code", …; "" for none)."""

    text: str
    tag: str = ""


Rich = tuple[Span, ...]


def rich(text: str, tag: str = "") -> Rich:
    """Text that pings nobody, whoever wrote it: an invisible character breaks each mention."""
    return literal(MENTION.sub("@\u2060", text), tag)


def literal(text: str, tag: str = "") -> Rich:
    """Text as it is, but for halves of surrogate pairs, which Telegram refuses."""
    return (Span(text.encode(errors="replace").decode(), tag),) if text else ()


def joined(blocks: Iterable[Rich], by: str) -> Rich:
    """Blocks one after the other; empty ones are left out."""
    whole: Rich = ()
    for block in blocks:
        if block:
            whole = (*whole, Span(by), *block) if whole else block
    return whole


def plain(text: Rich) -> str:
    """The text without its formatting."""
    return "".join(span.text for span in text)


def length(text: Rich) -> int:
    """The length as Telegram counts it, in UTF-16 units without the tags."""
    return units(plain(text))


def pieces(text: Rich, limit: int) -> list[Rich]:
    """A long text in pieces of at most `limit` units, each formatted as it was."""
    return [_part(text, start, end) for start, end in cut(plain(text), limit)]


def beginning(text: Rich, limit: int) -> Rich:
    """As much as fits, with an ellipsis if that is not all."""
    if length(text) <= limit:
        return text
    return (*pieces(text, limit - 1)[0], Span("…"))


def to_html(text: Rich) -> str:
    """The text as Telegram's HTML."""
    return "".join(_element(span) for span in text)


def _element(span: Span) -> str:
    escaped = html.escape(span.text, quote=False)
    return f"<{span.tag}>{escaped}</{span.tag.split()[0]}>" if span.tag else escaped


def _part(text: Rich, start: int, end: int) -> Rich:
    kept = []
    at = 0
    for span in text:
        inside = span.text[max(start - at, 0) : max(end - at, 0)]
        if inside:
            kept.append(Span(inside, span.tag))
        at += len(span.text)
    return tuple(kept)
