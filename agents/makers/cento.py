"""Cento: a patchwork of whole lines, each word for word as its maker wrote it, in turns."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from random import Random

from agents.makers import lexicon
from agents.makers.making import Made, NothingToMake, Source
from agents.makers.titling import shortened
from feed_core.states import Taken

LONGEST_LINE = 72  # characters; longer sentences are cut where they pause
SHORTEST_LINE = 6
MOST_LINES = 14
MOST_LOOKED_AT = 120  # lines of one source
CHOICES = 5  # so many different centos before "Again" comes round
DRAWS = 8

_LINE = re.compile(r"(?:[^\n.!?…。！？।؟]|[.!?](?=\w)|\.(?=\.))+[.!?…。！？।؟]*[\"”’»)\]]*")
_PAUSE = re.compile(r"(?<=[,;:—–，；：、])\s*|\s+(?=(?:and|but|or|where|when|while|who)\s)")
_FOREIGN = re.compile(r"https?:|www\.|<[@#:a]|(?<!\w)@\w|```|^\s*[#>|*-]{1,3}\s")
_HANGING = lexicon.DETERMINERS | lexicon.PREPOSITIONS | lexicon.CONJUNCTIONS | lexicon.AUXILIARIES


@dataclass(frozen=True, slots=True)
class _Line:
    """A line and where it stood."""

    text: str
    source: int
    place: int


@dataclass(frozen=True, slots=True)
class Cento:
    """Takes whole lines from every source in turns and changes none of them."""

    name: str = "cento"
    label: str = "cento"
    keywords: Sequence[str] = ("cento", "patchwork", "collage of lines", "mash-up")

    def make(self, sources: Sequence[Source], *, wish: str, seed: int) -> Made:
        """Lay lines of every source side by side, the lines of each in their own order."""
        given = [_lines(source, number, seed) for number, source in enumerate(sources)]
        if len(given) < 2:
            raise NothingToMake(self.name, "sources", len(given), 2)
        if not all(given):
            full = sum(1 for lines in given if lines)
            raise NothingToMake(self.name, "lines", full, len(given))
        block, choice = divmod(seed, CHOICES)
        draws = (
            _laid(given, Random(f"{block} cento {n}"), short=n >= CHOICES) for n in range(DRAWS)
        )
        found = list({tuple(line.text for line in lines): lines for lines in draws}.values())
        lines = _once(found[choice % len(found)])
        return Made(
            title=_title(lines, sources),
            body="\n".join(line.text for line in lines),
            taken={source.creation_id: Taken.TEXT for source in sources},
            label=self.label,
        )


def _lines(source: Source, number: int, seed: int) -> list[_Line]:
    """The lines of a source that may be quoted; its title is one where the body has few."""
    found = [
        piece
        for line in _LINE.findall(source.body)
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
            kept.append(_Line(text, number, place))
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


def _laid(given: Sequence[Sequence[_Line]], random: Random, *, short: bool) -> list[_Line]:
    """Lines of all sources in turns: fewer from each when there are many."""
    each = max(1, min(MOST_LINES // len(given), 4, max(map(len, given))) - short)
    turns = list(range(len(given)))
    random.shuffle(turns)
    chosen = {number: _best(given[number], each, random) for number in turns}
    laid: list[_Line] = []
    for round_ in range(each):
        for number in turns:
            mine = chosen[number]
            # A source with fewer lines than turns spreads them over the whole.
            if round_ * len(mine) // each != (round_ - 1) * len(mine) // each or round_ == 0:
                laid.append(mine[round_ * len(mine) // each])
    return laid


def _once(lines: Sequence[_Line]) -> list[_Line]:
    """The lines without those that two sources share."""
    return list({line.text.casefold(): line for line in reversed(lines)}.values())[::-1]


def _best(lines: Sequence[_Line], wanted: int, random: Random) -> list[_Line]:
    rated = sorted(lines, key=lambda line: -_rated(line.text) - random.gauss(0, 0.7))
    return sorted(rated[:wanted], key=lambda line: line.place)


def _rated(text: str) -> float:
    keys = [word.strip(".,;:!?…—–\"“”’()'").casefold() for word in text.split()]
    score = 0.4 * min(3, sum(key in lexicon.IMAGES for key in keys))
    score -= 0.8 * sum(key in lexicon.BLAND | lexicon.HARSH for key in keys)
    score -= 1.5 * (keys[-1] in _HANGING)
    score -= 0.06 * abs(len(keys) - 7) + 0.4 * (len(keys) < 3)
    return score


def _title(lines: Sequence[_Line], sources: Sequence[Source]) -> str:
    """The shortest line that is no source's title."""
    taken = {source.title.casefold().strip(" .") for source in sources}
    offers = [line.text for line in lines if line.text.casefold().strip(" .") not in taken]
    offers.sort(key=lambda text: (abs(len(text) - 18), text))
    return shortened(offers[0]) if offers else shortened(f"{lines[0].text}, {lines[-1].text}")
