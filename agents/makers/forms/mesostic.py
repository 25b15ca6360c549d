"""Mesostics: a word runs down through the middle of the lines, in capitals.

John Cage wrote through Finnegans Wake and Howl in this way (M: Writings '67–'72, 1973; Empty Words,
1979). It is kept to his rule of fifty per cent: between two letters of the word the second of them
does not occur.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from random import Random

from agents.makers import lexicon
from agents.makers.languages import LATIN, Language
from agents.makers.making import Made, NothingToMake, Source, taken_from
from agents.makers.plain import plain
from agents.makers.reading import Reading, read
from agents.makers.words import SMALL, Border, Kind, Word, as_written

FEWEST_LINES = 4
MOST_LINES = 14
LONGEST_WING = 3  # words on either side of the letter's own

Row = tuple[
    tuple[Word, ...], int, int
]  # words, the place in them of the letter's word, of the letter


@dataclass(frozen=True, slots=True)
class Mesostic:
    """Reads through the sources once and lets a word of theirs show in capitals."""

    name: str = "mesostic"
    label: str = "mesostic"
    keywords: Sequence[str] = ("mesostic", "mesostics", "mesostichon", "mesóstico", "cage")
    languages: frozenset[Language] = LATIN

    def make(self, sources: Sequence[Source], *, wish: str, seed: int) -> Made:
        """Write through the text on one of its vivid words, as often as it goes round whole."""
        reading = read(sources, seed=seed // 5)
        found = []
        for spine in _spines(reading, sources):
            rows = _through(reading.words, spine, Random(f"{seed} {spine}"))
            rows = rows[: len(rows) // len(spine) * len(spine)][
                : MOST_LINES // len(spine) * len(spine)
            ]
            if len(rows) >= FEWEST_LINES:
                found.append((spine, rows))
        if not found:
            raise NothingToMake(self.name, "words", len(reading.words), len(reading.words) + 12)
        spine, rows = found[seed % min(5, len(found))]
        stanzas = [rows[at : at + len(spine)] for at in range(0, len(rows), len(spine))]
        return Made(
            title=spine.capitalize(),
            body="\n\n".join("\n".join(map(_shown, stanza)) for stanza in stanzas),
            taken=taken_from(sources, (it.source for line, _, _ in rows for it in line)),
            label=f"mesostic on {spine.upper()}",
        )


def _spines(reading: Reading, sources: Sequence[Source]) -> list[str]:
    titles = {it for source in sources for it in plain(source.title).split()}
    rated: dict[str, float] = {}
    for word in reading.words:
        letters = plain(word.key)
        dull = word.key in lexicon.BLAND | lexicon.HARSH | lexicon.VAGUE
        if word.kind is Kind.NOUN and letters.isalpha() and 4 <= len(letters) <= 7 and not dull:
            score = 1.5 * word.image + (letters in titles) - 0.2 * abs(len(letters) - 5)
            rated[letters] = max(score, rated.get(letters, -9.0))
    return sorted(rated, key=lambda it: (-rated[it], it))[:12]


def _through(words: Sequence[Word], spine: str, random: Random) -> list[Row]:
    """The rows of one reading from beginning to end."""
    rows: list[Row] = []
    at = 0
    while at < len(words) and len(rows) < MOST_LINES * 2:
        letter, following = spine[len(rows) % len(spine)], spine[(len(rows) + 1) % len(spine)]
        place = next(
            (n for n in range(at, len(words)) if _allowed(words[n], letter, following)), None
        )
        if place is None:
            break
        start = place
        reach = random.randint(1, LONGEST_WING)
        while (
            start > at
            and place - start < reach
            and not words[start].border
            and letter not in plain(words[start - 1].key)
        ):
            start -= 1
        while start < place and words[start].kind in {Kind.CONJUNCTION, Kind.AUXILIARY}:
            start += 1
        end = place
        reach = random.randint(1, LONGEST_WING)
        while (
            end + 1 < len(words)
            and end - place < reach
            and words[end + 1].border is Border.NONE
            and following not in plain(words[end + 1].key)
        ):
            end += 1
        while end > place and words[end].kind in SMALL:
            end -= 1
        line = tuple(words[start : end + 1])
        rows.append((line, place - start, plain(words[place].key).index(letter)))
        at = end + 1
    return rows


def _allowed(word: Word, letter: str, following: str) -> bool:
    """Whether a word has the letter, and behind it not the one that comes next."""
    letters = plain(word.key)
    if len(letters) != len(word.text) or letter not in letters:
        return False
    if word.kind in SMALL and len(letters) < 4:
        return False
    return following not in letters[letters.index(letter) + 1 :]


def _shown(row: Row) -> str:
    line, place, letter = row
    before = as_written(line[:place]).casefold() + " " if place else ""
    word = line[place].text.casefold()
    after = " " + as_written(line[place + 1 :]).casefold() if place + 1 < len(line) else ""
    return f"{before}{word[:letter]}{word[letter].upper()}{word[letter + 1 :]}{after}"
