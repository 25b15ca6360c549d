"""Poems found by counting: lines of given lengths, in syllables, morae or words.

A line is an unbroken run of a source's words that may stand alone; where there are few such runs,
adjectives or adverbs may be struck out of one. Nothing is added.
"""

import heapq
from collections import Counter
from collections.abc import Iterator, Sequence
from itertools import pairwise
from random import Random

from agents.makers import lexicon
from agents.makers.beats import beats, run_together
from agents.makers.joining import closes, fits, opens
from agents.makers.languages import Language
from agents.makers.making import Made, NothingToMake, Source, taken_from
from agents.makers.reading import Reading, read
from agents.makers.titling import title
from agents.makers.words import Border, Kind, Word, as_written

CHOICES = 7  # so many different poems before "Again" comes round
OFFERS = 9  # lines of each length that are tried together
BEAM = 400  # half-made poems that are kept

Line = tuple[Word, ...]
Poem = tuple[Line, ...]


def counted_poem(
    sources: Sequence[Source],
    *,
    maker: str,
    label: str,
    form: Sequence[int],
    seed: int,
    unit: str = "syllables",
) -> Made:
    """A poem whose lines have these lengths, from different sources and in order where it can be.

    Raises:
        NothingToMake: the sources hold no such lines.
    """
    block, choice = divmod(seed, CHOICES)
    reading = read(sources, seed=block)
    by_words = unit == "words"
    counts = [1 if by_words else beats(it, reading.language) for it in reading.words]
    known = sum(count or 0 for count in counts)
    if known < sum(form):
        raise NothingToMake(maker, unit, known, sum(form))
    finder = _Finder(reading, counts, Random(f"{block} {maker}"), joined=not by_words)
    found = finder.poems(form)
    if not found:
        raise NothingToMake(maker, "lines", 0, len(form))
    poem = found[choice % len(found)]
    return Made(
        title=title(poem, sources, language=reading.language, seed=seed),
        body="\n".join(as_written(line) for line in poem),
        taken=taken_from(sources, (word.source for line in poem for word in line)),
        label=label,
    )


_DULL = lexicon.BLAND | lexicon.HARSH


class _Finder:
    """Looks for lines in one reading, and for those that go together."""

    def __init__(
        self, reading: Reading, counts: Sequence[int | None], random: Random, *, joined: bool
    ) -> None:
        self._words, self._language = reading.words, reading.language
        self._counts, self._random, self._joined = counts, random, joined

    def poems(self, form: Sequence[int]) -> list[Poem]:
        """The best different poems, the best first."""
        offers = {length: self._offers(length) for length in set(form)}
        begun: list[tuple[float, Poem]] = [(0.0, ())]
        for length in form:
            grown = [
                (score + worth + _in_order(poem, line), (*poem, line))
                for score, poem in begun
                for worth, line in _going_on(poem, offers[length])
            ]
            begun = heapq.nlargest(BEAM, grown, key=lambda pair: pair[0])
        rated = [
            (score + 1.2 * len({word.source for line in poem for word in line}), poem)
            for score, poem in begun
        ]
        return _different(heapq.nlargest(150, rated, key=lambda pair: pair[0]))

    def _offers(self, length: int) -> list[tuple[float, Line]]:
        lines = dict.fromkeys(self._runs(length))
        if self._language is Language.JAPANESE and length > 1 and self._joined:
            lines |= dict.fromkeys(self._runs(length + 1))  # jiamari: one mora more is allowed
        if len(lines) < OFFERS:
            lines |= dict.fromkeys(self._thinned(length))
        rated = [(self._rated(line) + self._random.gauss(0, 0.3), line) for line in lines]
        rated.sort(key=lambda pair: -pair[0])
        return _spread(rated)

    def _lost(self, left: Word, right: Word) -> int:
        return run_together(left, right, self._language) if self._joined else 0

    def _beats(self, line: Line) -> int:
        return sum(self._counts[word.place] or 0 for word in line)

    def _runs(self, length: int) -> Iterator[Line]:
        """Every unbroken run of that length that may stand as a line."""
        words = self._words
        for start in range(len(words)):
            total = 0
            for end in range(start, len(words)):
                count = self._counts[end]
                crossed = end > start and words[end].border is Border.SENTENCE
                if count is None or crossed:
                    break
                total += count
                if end > start:
                    total -= self._lost(words[end - 1], words[end])
                if total >= length:
                    line = tuple(words[start : end + 1])
                    if total == length and fits(line, words):
                        yield line
                    break

    def _thinned(self, length: int) -> Iterator[Line]:
        """Runs that come to that length once an adjective or adverb is struck out."""
        words = self._words
        if self._language is not Language.ENGLISH:
            return
        for start in range(len(words)):
            for end in range(start + 2, min(start + 12, len(words))):
                if words[end].border is Border.SENTENCE:
                    break
                run = words[start : end + 1]
                total = sum(self._counts[word.place] or 99 for word in run)
                for at, gone in enumerate(run[1:-1], start=1):
                    fitting = total - (self._counts[gone.place] or 0) == length
                    if fitting and _is_spare(gone, run[at - 1], run[at + 1]):
                        line = (*run[:at], *run[at + 1 :])
                        if fits(line, words):
                            yield line

    def _rated(self, line: Line) -> float:
        words, first, last = self._words, line[0], line[-1]
        before = words[first.place - 1] if first.place else None
        after = words[last.place + 1] if last.place + 1 < len(words) else None
        score = opens(first, before) + closes(last, after)
        score += 0.9 * (first.border is not Border.NONE)
        score -= 1.2 * (first.kind is Kind.ADVERB and not first.border)
        thinned = last.place - first.place >= len(line)
        score -= 0.5 * thinned
        score -= 0.4 * (
            self._joined and self._language is Language.JAPANESE and self._beats(line) % 2 == 0
        )
        score += 0.5 * (after is None or bool(after.border))
        score += 0.5 * min(3, sum(word.image for word in line))
        score -= 0.7 * sum(word.key in _DULL for word in line)
        score -= 0.6 * sum(word.border is not Border.NONE for word in line[1:])
        if last.kind is Kind.NOUN and not last.image:
            score -= 0.1
        return score


def _is_spare(word: Word, before: Word, after: Word) -> bool:
    """Whether a line reads on without this adjective or adverb."""
    if word.kind is Kind.ADVERB:
        return word.key in _SPARE and not word.border
    left = before.kind is Kind.DETERMINER and before.key not in {"a", "an", "the"}
    noun = after.kind is Kind.NOUN and not after.border
    return word.kind is Kind.ADJECTIVE and noun and left and word.key not in lexicon.VAGUE


_SPARE = frozenset(
    ["just", "very", "always", "still", "only", "now", "ever", "quite", "even", "already", "really"]
)


def _in_order(poem: Poem, line: Line) -> float:
    return 0.8 if poem and poem[-1][0].place < line[0].place else 0.0


def _going_on(poem: Poem, offers: Sequence[tuple[float, Line]]) -> Iterator[tuple[float, Line]]:
    """The lines that take no word of the poem once more, say nothing again, lean on no one noun."""
    places = {word.place for other in poem for word in other}
    nouns = {word.key for other in poem for word in other if word.kind is Kind.NOUN}
    said = [[word.key for word in other] for other in poem]
    for worth, line in offers:
        text = [word.key for word in line]
        again = any(
            word.place in places or (word.kind is Kind.NOUN and word.key in nouns) for word in line
        )
        if not again and text not in said and not any(a == b for a, b in pairwise(text)):
            yield worth, line


def _spread(rated: Sequence[tuple[float, Line]]) -> list[tuple[float, Line]]:
    """The best lines, with a few from every source among them."""
    kept = list(rated[:OFFERS])
    for source in sorted({line[0].source for _, line in rated}):
        own = [pair for pair in rated if pair[1][0].source == source]
        kept += [pair for pair in own[:3] if pair not in kept][: max(1, 24 // (len(rated) + 1))]
    return kept[: OFFERS * 2]


def _different(rated: list[tuple[float, Poem]]) -> list[Poem]:
    """The best poems, each new one with few lines of those before."""
    best: list[Poem] = []
    used: Counter[Line] = Counter()
    while rated and len(best) < CHOICES:
        at = max(
            range(len(rated)),
            key=lambda n: rated[n][0] - 1.5 * sum(used[line] for line in rated[n][1]),
        )
        _, poem = rated.pop(at)
        best.append(poem)
        used.update(poem)
    return best
