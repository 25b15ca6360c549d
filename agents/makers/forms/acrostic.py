"""Acrostics: the first letters of the lines spell a word.

As old as the Psalms and Plautus; Lewis Carroll hid Alice Pleasance Liddell in one (Through the
Looking-Glass, 1871). In Japanese it is oriku, counted by kana (Ariwara no Narihira's irises in The
Tales of Ise, 10th century).
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from random import Random

from agents.makers import lexicon
from agents.makers.japanese import phrases
from agents.makers.joining import closes, fits, opens
from agents.makers.languages import EVERYWHERE, Language
from agents.makers.making import Made, NothingToMake, Source, taken_from
from agents.makers.plain import plain
from agents.makers.reading import Reading, read
from agents.makers.words import SMALL, Border, Kind, Word, as_written

SHORTEST, LONGEST = 3, 9  # letters of the word that is spelt
LONGEST_LINE = 7  # words
_SPELT = re.compile(
    r"\b(?:spelling|spells?|acrostic\s+(?:of|on|for|about|with|from)|of\s+the\s+word|with\s+the\s+word"
    r"|akrostichon\s+(?:auf|zu|über|mit|aus)|acróstico\s+(?:de|con|sobre)(?:\s+la\s+palabra)?)"
    r"\s+(?:the\s+word\s+|dem\s+wort\s+|das\s+wort\s+)?[\"“„'«]?([^\W\d_]{2,12})",
    re.IGNORECASE,
)
_QUOTED = re.compile(r"[\"“„«「]([^\W\d_]{2,12})[\"”“»」]")

Line = tuple[Word, ...]


@dataclass(frozen=True, slots=True)
class Acrostic:
    """Spells a word of the sources, or the one that is asked for, with their own phrases."""

    name: str = "acrostic"
    label: str = "acrostic"
    keywords: Sequence[str] = (
        *("acrostic", "akrostichon", "acróstico", "acrostico", "折句", "あいうえお作文"),
        "アクロスティック",
    )
    languages: frozenset[Language] = EVERYWHERE

    def make(self, sources: Sequence[Source], *, wish: str, seed: int) -> Made:
        """Find for every letter a phrase that begins with it, in order where that can be."""
        reading = read(sources, seed=seed // 6)
        lines = phrases_by_letter(reading)
        named = _named(wish)
        words = [named] if named else _words(reading, sources)
        random = Random(f"{seed} acrostic")
        spelt = [
            (word, poem) for word in words if (poem := _spelling(word, lines, random)) is not None
        ]
        if not spelt:
            best = max(((_reached(it, lines), len(it)) for it in words), default=(0, SHORTEST))
            raise NothingToMake(self.name, "letters", *best)
        word, poem = spelt[seed % min(4, len(spelt))]
        capitals = [_capital(as_written(line)) for line in poem]
        return Made(
            title=_capital(word.casefold()) if word.isascii() or word.islower() else word,
            body="\n".join(capitals),
            taken=taken_from(sources, (it.source for line in poem for it in line)),
            label=f"acrostic on {word.upper()}",
        )


def _named(wish: str) -> str:
    found = _SPELT.search(wish) or _QUOTED.search(wish)
    word = found[1] if found else ""
    unspaced = word and word[0] > "\u3000"
    return "".join(it.sound for it in phrases(word)) if unspaced else word


def initial(word: Word) -> str:
    """The letter, or in Japanese the kana, that a word begins with."""
    return word.sound[:1] or plain(word.text)[:1]


def _letters(word: str, lines: dict[str, list[Line]]) -> Sequence[str]:
    return [it for it in (word if word[0] > "\u3000" else plain(word)) if it.isalpha()]


def phrases_by_letter(reading: Reading) -> dict[str, list[Line]]:
    """Every phrase that may stand as a line, by the letter it begins with."""
    found: dict[str, list[Line]] = {}
    for line in _phrases(reading):
        found.setdefault(initial(line[0]), []).append(line)
    return found


def _phrases(reading: Reading) -> Iterator[Line]:
    words = reading.words
    for start in range(len(words)):
        for end in range(start + 1, min(start + LONGEST_LINE, len(words))):
            if words[end].border is Border.SENTENCE:
                break
            line = tuple(words[start : end + 1])
            if fits(line, words):
                yield line
        if words[start].kind in {Kind.NOUN, Kind.VERB} and fits(words[start : start + 1], words):
            yield (words[start],)


def _words(reading: Reading, sources: Sequence[Source]) -> list[str]:
    """Words worth spelling: vivid nouns of the sources, those of the titles first."""
    titles = {it for source in sources for it in plain(source.title).split()}
    rated: dict[str, float] = {}
    for word in reading.words:
        spelt = word.sound or word.text
        if word.sound and word.kind is not Kind.NOUN:
            continue
        size = len(spelt)
        kept = spelt.isalpha() and (word.kind in _SPELLABLE or plain(word.key) in titles)
        if kept and SHORTEST - bool(word.sound) <= size <= LONGEST and word.key not in _DULL:
            score = 1.5 * word.image + 0.8 * (word.kind is Kind.NOUN) - (word.kind in SMALL)
            score += 1.2 * (plain(word.key) in titles) - 0.15 * abs(size - 5)
            rated[spelt] = max(score, rated.get(spelt, -9.0))
    return sorted(rated, key=lambda it: (-rated[it], it))[:40]


_SPELLABLE = {Kind.NOUN, Kind.ADJECTIVE, Kind.VERB, Kind.ING}
_DULL = lexicon.BLAND | lexicon.HARSH | lexicon.VAGUE


def _reached(word: str, lines: dict[str, list[Line]]) -> int:
    return sum(letter in lines for letter in _letters(word, lines))


def _spelling(word: str, lines: dict[str, list[Line]], random: Random) -> list[Line] | None:
    """One phrase a letter, none of whose words come twice; None where a letter has none left."""
    poem: list[Line] = []
    used: set[int] = set()
    keys: set[str] = set()
    reached = -1
    for letter in _letters(word, lines):
        best: tuple[float, Line] | None = None
        for line in lines.get(letter, ()):
            if any(it.place in used for it in line) or " ".join(it.key for it in line) in keys:
                continue
            score = rated_phrase(line) + 0.5 * (line[0].place > reached) + random.gauss(0, 0.35)
            heads = {it.key for it in line if it.kind not in SMALL}
            score -= 0.8 * len(heads & {key for text in keys for key in text.split()})
            if best is None or score > best[0]:
                best = (score, line)
        if best is None:
            return None
        poem.append(best[1])
        used |= {it.place for it in best[1]}
        keys.add(" ".join(it.key for it in best[1]))
        reached = best[1][-1].place
    return poem if len(poem) >= SHORTEST - 1 else None


def rated_phrase(line: Line) -> float:
    """How well a phrase stands as a line of its own."""
    score = opens(line[0], None) + closes(line[-1], None)
    score += 0.9 * (line[0].border is not Border.NONE) - 0.15 * abs(len(line) - 4)
    score += 0.4 * min(2, sum(it.image for it in line)) - 0.5 * (len(line) == 1)
    score -= 0.5 * sum(it.border is not Border.NONE for it in line[1:])
    return score - 0.7 * sum(it.key in lexicon.BLAND | lexicon.HARSH for it in line)


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]
