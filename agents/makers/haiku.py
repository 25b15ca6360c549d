"""Haiku found in what others wrote: three runs of words with five, seven and five syllables."""

import heapq
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import product
from random import Random

from agents.makers import lexicon
from agents.makers.joining import closes, fits, opens
from agents.makers.making import Made, NothingToMake, Source
from agents.makers.reading import Border, Kind, Reading, Word, as_written, read
from agents.makers.syllables import syllables
from agents.makers.titling import title
from feed_core.states import Taken

FORM = (5, 7, 5)
CHOICES = 7
OFFERS = 9  # lines of each length that are tried together

Line = tuple[Word, ...]


@dataclass(frozen=True, slots=True)
class Haiku:
    """Finds lines of 5, 7 and 5 syllables; words may be struck out of a line, none is added."""

    name: str = "haiku"
    label: str = "found haiku"
    keywords: Sequence[str] = ("haiku", "found haiku", "5-7-5", "575", "senryu")

    def make(self, sources: Sequence[Source], *, wish: str, seed: int) -> Made:
        """Find three lines, from different sources and in their order where that can be."""
        block, choice = divmod(seed, CHOICES)
        reading = read(sources, seed=block)
        counts = [syllables(word.key, english=reading.english) for word in reading.words]
        known = sum(count or 0 for count in counts)
        if known < sum(FORM):
            raise NothingToMake(self.name, "syllables", known, sum(FORM))
        found = _haiku(reading, counts, Random(f"{block} haiku"))
        if not found:
            raise NothingToMake(self.name, "syllables", known, max(known + 1, 3 * sum(FORM)))
        poem = found[choice % len(found)]
        used = {word.source for line in poem for word in line}
        return Made(
            title=title(poem, sources, english=reading.english, seed=seed),
            body="\n".join(as_written(line) for line in poem),
            taken={sources[number].creation_id: Taken.TEXT for number in sorted(used)},
            label=self.label,
        )


def _haiku(
    reading: Reading, counts: Sequence[int | None], random: Random
) -> list[tuple[Line, Line, Line]]:
    """The best different haiku, the best first."""
    offers: dict[int, list[tuple[float, Line]]] = {}
    for beats in set(FORM):
        lines = dict.fromkeys(_runs(reading, counts, beats))
        if len(lines) < OFFERS:
            lines |= dict.fromkeys(_thinned(reading, counts, beats))
        rated = [(_rated(line, reading) + random.gauss(0, 0.3), line) for line in lines]
        rated.sort(key=lambda pair: -pair[0])
        offers[beats] = _spread(rated)
    rated_poems = []
    for (a, first), (b, second), (c, third) in product(*(offers[beats] for beats in FORM)):
        poem = (first, second, third)
        taken = {word.place for line in poem for word in line}
        if len(taken) < sum(map(len, poem)) or _repeats(poem):
            continue
        in_order = (first[0].place < second[0].place) + (second[0].place < third[0].place)
        sources = len({word.source for line in poem for word in line})
        rated_poems.append((a + b + c + 0.8 * in_order + 1.2 * sources, poem))
    rated_poems = heapq.nlargest(150, rated_poems, key=lambda pair: pair[0])
    best: list[tuple[Line, Line, Line]] = []
    used: Counter[Line] = Counter()
    while rated_poems and len(best) < CHOICES:
        at = max(
            range(len(rated_poems)),
            key=lambda n: rated_poems[n][0] - 1.5 * sum(used[line] for line in rated_poems[n][1]),
        )
        _, poem = rated_poems.pop(at)
        best.append(poem)
        used.update(poem)
    return best


def _runs(reading: Reading, counts: Sequence[int | None], beats: int) -> Iterator[Line]:
    """Every unbroken run of so many syllables that may stand as a line."""
    words = reading.words
    for start in range(len(words)):
        total = 0
        for end in range(start, len(words)):
            count = counts[end]
            crossed = end > start and words[end].border is Border.SENTENCE
            if count is None or crossed:
                break
            total += count
            if total >= beats:
                line = tuple(words[start : end + 1])
                if total == beats and fits(line, words):
                    yield line
                break


def _thinned(reading: Reading, counts: Sequence[int | None], beats: int) -> Iterator[Line]:
    """Runs that come to so many syllables once adjectives or adverbs are struck out."""
    words = reading.words
    spare = {Kind.ADJECTIVE, Kind.ADVERB}
    for start in range(len(words)):
        for end in range(start + 2, min(start + 12, len(words))):
            if words[end].border is Border.SENTENCE:
                break
            run = words[start : end + 1]
            total = sum(counts[word.place] or 99 for word in run)
            for gone in run[1:-1]:
                fitting = total - (counts[gone.place] or 0) == beats
                if (
                    gone.kind in spare
                    and fitting
                    and run[run.index(gone) - 1].key not in {"a", "an"}
                ):
                    line = tuple(word for word in run if word is not gone)
                    if fits(line, words):
                        yield line


def _rated(line: Line, reading: Reading) -> float:
    words = reading.words
    first, last = line[0], line[-1]
    before = words[first.place - 1] if first.place else None
    after = words[last.place + 1] if last.place + 1 < len(words) else None
    score = opens(first, before) + closes(last, after)
    score += 0.9 * (first.border is not Border.NONE) + 0.5 * (after is None or bool(after.border))
    score += 0.5 * min(3, sum(word.image for word in line))
    score -= 0.7 * sum(word.key in lexicon.BLAND | lexicon.HARSH for word in line)
    score -= 0.6 * sum(word.border is not Border.NONE for word in line[1:])
    if last.kind is Kind.NOUN and not last.image:
        score -= 0.1
    return score


def _spread(rated: Sequence[tuple[float, Line]]) -> list[tuple[float, Line]]:
    """The best lines, with a few from every source among them."""
    kept = list(rated[:OFFERS])
    for source in sorted({line[0].source for _, line in rated}):
        own = [pair for pair in rated if pair[1][0].source == source]
        kept += [pair for pair in own[:3] if pair not in kept][: max(1, 24 // (len(rated) + 1))]
    return kept[: OFFERS * 2]


def _repeats(poem: Sequence[Line]) -> bool:
    """Whether a line comes twice or the poem leans on one word."""
    texts = {" ".join(word.key for word in line) for line in poem}
    nouns = [word.key for line in poem for word in line if word.kind is Kind.NOUN]
    return len(texts) < len(poem) or len(set(nouns)) < len(nouns)
