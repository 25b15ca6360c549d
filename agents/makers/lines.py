"""Lines that may be quoted whole: each word for word as its maker wrote it."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from random import Random

from agents.makers import lexicon
from agents.makers.languages import GERMAN, SPANISH
from agents.makers.making import Source
from agents.makers.titling import shortened

LONGEST_LINE = 72  # characters; longer sentences are cut where they pause
SHORTEST_LINE = 6
LONGEST_SHORT = 48
MOST_LOOKED_AT = 120  # lines of one source

_LINE = re.compile(r"(?:[^\n.!?…。！？।؟]|[.!?](?=\w)|\.(?=\.))+[.!?…。！？।؟]*[\"”’»)\]]*")
_MARK = re.compile(r"(?<=[;—–，；：、])\s*|(?<=[,:])\s+")
_PAUSE = re.compile(
    _MARK.pattern
    + r"|\s+(?=(?:and|but|or|where|when|while|who|und|aber|oder|wenn|während|dass|weil"
    r"|wo|y|pero|o|cuando|mientras|donde|que|porque)\s)"
)
_FOREIGN = re.compile(r"https?:|www\.|<[@#:a]|(?<!\w)@\w|```")
_BULLET = re.compile(r"^\s*(?:[-*•·–>#|+]{1,3}|\[[ x]\]|\d{1,2}[.)])\s+|\*\*|__", re.MULTILINE)
_CUT = re.compile("(?<=[、。，；：])")
_HANGING = (
    lexicon.DETERMINERS
    | lexicon.PREPOSITIONS
    | lexicon.CONJUNCTIONS
    | lexicon.AUXILIARIES
    | (GERMAN.all - GERMAN.adverbs - GERMAN.auxiliaries - GERMAN.pronouns)
    | (SPANISH.all - SPANISH.adverbs - SPANISH.auxiliaries)
) - {"a"}

_LEADING = ("and ", "but ", "or ", "und ", "aber ", "y ", "pero ")


@dataclass(frozen=True, slots=True)
class Line:
    """A line and where it stood."""

    text: str
    source: int
    place: int


def lines_of(source: Source, number: int, seed: int) -> list[Line]:
    """The lines of a source that may be quoted; its title is one where the body has few."""
    found = [
        piece
        for line in _LINE.findall(_BULLET.sub("", source.body))
        if not _FOREIGN.search(line)
        for piece in _pieces(line.strip())
    ]
    title = source.title.strip()
    if len(found) < 3 and title and "…" not in title:
        found.insert(0, title)
    seen: set[str] = set()
    kept = []
    for place, text in enumerate(found):
        plain = text.casefold().strip(" .,;:!?")
        if plain not in seen and any(character.isalpha() for character in plain):
            seen.add(plain)
            kept.append(Line(text, number, place))
    if len(kept) > MOST_LOOKED_AT:
        kept = Random(f"{seed} lines").sample(kept, MOST_LOOKED_AT)
        kept.sort(key=lambda line: line.place)
    return kept


def _pieces(line: str) -> list[str]:
    """A line as it is, or a long one cut where it pauses; never in the middle of a phrase."""
    if len(line) <= LONGEST_LINE:
        return [line] if line else []
    pieces: list[str] = []
    for piece in filter(None, _PAUSE.split(line[: LONGEST_LINE * 40])):
        joined = f"{pieces[-1]} {piece}" if pieces else piece
        if pieces and len(pieces[-1]) < LONGEST_LINE / 3 and joined in line:
            pieces[-1] = joined
        else:
            pieces.append(piece)
    trimmed = [piece.strip(" ,;:—–，；：、") for piece in pieces]
    return [piece for piece in trimmed if SHORTEST_LINE <= len(piece) <= LONGEST_LINE * 1.4]


def short_lines(sources: Sequence[Source], *, seed: int, most: int) -> list[Line]:
    """At most so many short lines in their order, some of every source; marks at their ends gone.

    Longer sentences are cut where they pause, short ones stay whole.
    """
    random = Random(f"{seed} short lines")
    given: list[list[tuple[float, Line]]] = []
    for number, source in enumerate(sources):
        mine = [
            Line(text, number, line.place * 99 + at)
            for line in lines_of(source, number, seed)
            for at, text in enumerate(_shortened(line.text))
        ]
        rated = [(worth(it.text) + random.gauss(0, 0.35), it) for it in mine if _stands(it.text)]
        given.append(sorted(rated, key=lambda pair: -pair[0]))
    kept: dict[str, Line] = {}
    while len(kept) < most and any(given):
        for waiting in given:
            if waiting and len(kept) < most:
                line = waiting.pop(0)[1]
                kept.setdefault(line.text.casefold(), line)
    return sorted(kept.values(), key=lambda line: (line.source, line.place))


def _shortened(line: str) -> list[str]:
    unspaced = " " not in line.strip()
    longest = LONGEST_SHORT // 2 if unspaced else LONGEST_SHORT
    pieces = [line]
    if len(line) > longest:
        pieces = _CUT.split(line) if unspaced else _PAUSE.split(line)
    tidied = (re.sub(r"^[\W_]+(?<![¿¡])|[\s.,;:—–…、。，；：\"”»]+$", "", it) for it in pieces)
    return [it[:1].upper() + it[1:] for it in tidied if it and len(it) <= longest * 1.25]


def _stands(line: str) -> bool:
    keys = [word.strip(".,;:!?…—–\"“”’()'").casefold() for word in line.split()]
    letters = sum(map(str.isalpha, line))
    small = all(it in _HANGING for it in keys) or (len(keys) == 2 and keys[0] in _HANGING)
    return letters >= 4 and not small and keys[-1] not in _HANGING


def worth(text: str) -> float:
    """How well a line may stand alone: images are good, bland and harsh words not."""
    keys = [word.strip(".,;:!?…—–\"“”’()'").casefold() for word in text.split()]
    score = 0.4 * min(3, sum(key in lexicon.IMAGES for key in keys))
    score -= 0.8 * sum(key in lexicon.BLAND | lexicon.HARSH for key in keys)
    score -= 1.5 * (keys[-1] in _HANGING)
    score -= 0.06 * abs(len(keys) - 7) + 0.4 * (len(keys) < 3)
    return score


def line_title(lines: Sequence[Line], sources: Sequence[Source]) -> str:
    """The shortest line that is no source's title."""
    taken = {source.title.casefold().strip(" .") for source in sources}
    offers = [line.text for line in lines if line.text.casefold().strip(" .") not in taken]
    offers.sort(key=lambda text: (text.casefold().startswith(_LEADING), abs(len(text) - 18), text))
    return shortened(offers[0]) if offers else shortened(f"{lines[0].text}, {lines[-1].text}")
