"""Which point is meant: "her second point", "der dritte Punkt", "the last line"."""

import re
from collections.abc import Sequence
from dataclasses import replace

from agents.finding import PLACES
from agents.passages import Passage, sentences
from agents.references import Reference
from feed_core.services.muting import folded

NUMBER = r"|".join(f"(?P<n{n}>{it})" for n, it in enumerate(PLACES))
LAST = r"last|letzte[nsr]?|[uú]ltim[oa]"
POINT = r"points?|arguments?|lines?|verses?|sentences?|punkte?s?|argumente?s?|zeilen?|s[aä]tze?s?"
POINT += r"|puntos?|argumentos?|l[ií]neas?|versos?|frases?"
POINTED = re.compile(
    rf"\b(?:{NUMBER}|(?P<last>{LAST}))\s+(?:{POINT})\b"
    rf"|\b(?:{POINT})\s+(?:number\s+|nummer\s+|n[uú]mero\s+)?(?P<digit>[1-9])\b"
    rf"|\b(?:punto|l[ií]nea|frase|verso)\s+(?:{NUMBER.replace('?P<n', '?P<m')}|(?P<end>{LAST}))\b",
    re.IGNORECASE,
)
LINES = re.compile(r"\n+")


def pointed(question: str) -> int | None:
    """The place of the point that is asked about, from 0, or -1 for the last; None for none."""
    found = POINTED.search(question)
    if found is None:
        return None
    if found["digit"]:
        return int(found["digit"]) - 1
    if found["last"] or found["end"]:
        return -1
    return next(n for n in range(len(PLACES)) if found[f"n{n}"] or found[f"m{n}"])


def meant(question: str, said: Sequence[Passage], points: Sequence[Reference]) -> Passage | None:
    """The text that is asked about: one of the points shown last, or a line of the creation.

    Where somebody's name stands in the question, only what they said counts.
    """
    at = pointed(question)
    if at is None or not said:
        return None
    by_number: dict[Reference, Passage] = {it.of: it for it in said}
    shown = [by_number[it] for it in points if it in by_number]
    named = [it for it in shown if it.name and folded(it.name) in folded(question)]
    among = named or shown or _lines(said[0])
    return among[at] if -len(among) <= at < len(among) else None


def _lines(passage: Passage) -> list[Passage]:
    """The lines of one text, or its sentences where it is one line, as passages."""
    lines = [it.strip() for it in LINES.split(passage.text) if it.strip()]
    if len(lines) < 2:
        lines = [it.text for it in sentences([passage])]
    return [replace(passage, text=it, title="") for it in lines]
