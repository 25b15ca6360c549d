"""Striking words out until what is left reads as a poem: nothing is added, nothing moved.

A dynamic programme over the words of a text looks for those to keep: each may end a line, lead on
to a later word of the same line, or be struck out.
"""

from collections.abc import Callable, Sequence
from itertools import pairwise
from random import Random

from agents.makers import lexicon
from agents.makers.joining import AS_WRITTEN, NEVER, across, closes, opens
from agents.makers.reading import Reading
from agents.makers.words import SMALL, Border, Kind, Word, as_written

Poem = tuple[tuple[Word, ...], ...]

FEWEST_WORDS = 5
WORDS_LOOKED_AT = 110
FEW_SOURCES = 7  # of so few none may be missing from the poem
REACH = 24  # how many words may be struck out in one go without leaving a source
LONGEST_LINE = 6
CHOICES = 6  # so many different poems before "Again" comes round

_LINE = (NEVER, -0.6, -0.5, 0.5, 0.7, 0.6, 0.2)  # how good a line of so many words is
_WORTH = {Kind.NOUN: 0.5, Kind.VERB: 0.6, Kind.ING: 0.5, Kind.ADJECTIVE: 0.3, Kind.OBJECT: 0.3}
_ARTICLES = frozenset({"a", "an", "the"})
_ENDS = frozenset({Kind.NOUN, Kind.OBJECT, Kind.ADVERB})
_THINGS = frozenset({Kind.DETERMINER, Kind.OBJECT, Kind.NOUN, Kind.ADJECTIVE})


def passages(reading: Reading, random: Random) -> list[Word]:
    """The words worked on: all of a short text, the most vivid sentences of a long one."""
    if len(reading.words) <= WORDS_LOOKED_AT:
        return list(reading.words)
    sentences: list[list[Word]] = []
    for word in reading.words:
        if word.border is Border.SENTENCE or not sentences or len(sentences[-1]) >= 40:
            sentences.append([])
        sentences[-1].append(word)
    vivid = {
        id(sentence): (1 + sum(word.image for word in sentence)) / (6 + len(sentence))
        + random.random() * 0.12
        for sentence in sentences
    }
    by_source: dict[int, list[list[Word]]] = {}
    for sentence in sorted(sentences, key=lambda one: -vivid[id(one)]):
        by_source.setdefault(sentence[0].source, []).append(sentence)
    kept: list[list[Word]] = []
    while sum(map(len, kept)) < WORDS_LOOKED_AT and any(by_source.values()):
        kept += [waiting.pop(0) for waiting in by_source.values() if waiting]
    kept.sort(key=lambda sentence: sentence[0].place)
    return [word for sentence in kept for word in sentence]


def poems(
    words: Sequence[Word], *, wish: str, seed: int, allowed: Callable[[Word], bool] | None = None
) -> list[Poem]:
    """Different poems in these words, or in those that are allowed; the best first."""
    joins = _joins(words)
    wished = {key for key in wish.casefold().split() if len(key) > 3}
    found: dict[Poem, float] = {}
    for draw in range(48 if len(words) <= 40 else 9):
        random = Random(f"{seed} draw {draw}")
        daring = 0.45 + 0.15 * (draw % 4)
        thrift = (0.2, 0.5, 0.8)[draw % 3] + min(1.0, len(words) / 90)
        worth = [
            _worth(word) + (1.0 if word.key in wished else 0.0) - thrift + random.gauss(0, daring)
            for word in words
        ]
        if allowed is not None:
            worth = [it if allowed(word) else NEVER for it, word in zip(worth, words, strict=True)]
        poem = _without_repeats(_best(words, worth, joins))
        if allowed is not None and not all(allowed(word) for line in poem for word in line):
            continue
        if poem and (score := _judged(poem, words)) > NEVER:
            found[poem] = score
    ranked = sorted(found, key=lambda poem: (-found[poem], str(poem)))
    return ranked[:CHOICES]


def _without_repeats(poem: Poem) -> Poem:
    """The poem with each line once, where it stood first."""
    once = {" ".join(word.key for word in line): line for line in reversed(poem)}
    return tuple(reversed(once.values()))


def _worth(word: Word) -> float:
    if word.key in lexicon.BLAND:
        return -0.4
    return _WORTH.get(word.kind, 0.0) + (0.5 if word.image else 0.0)


def _joins(words: Sequence[Word]) -> list[list[tuple[int, float, float]]]:
    """For each word those that may come next: (index, in the same line, in a new line)."""
    found: list[list[tuple[int, float, float]]] = []
    for at, left in enumerate(words):
        after = words[at + 1] if at + 1 < len(words) else None
        shut = closes(left, after)
        options = []
        for to in range(at + 1, min(len(words), at + 1 + REACH)):
            right = words[to]
            crossed = max(word.border for word in words[at + 1 : to + 1])
            if to == at + 1:
                same = (AS_WRITTEN, 0.0, NEVER)[crossed]
                if left.kind in _ENDS and right.kind is Kind.DETERMINER:
                    same -= 1.6  # a new thought begins without a comma
            else:
                same = across(left, right) - 0.15 * crossed
                if left.kind is Kind.VERB and right.kind in _THINGS and not _has_object(after):
                    same = NEVER  # "the driver sleeps | a woman"
            skipped = _left_out(words, at, to)
            new = shut + opens(right, words[to - 1]) + (0.2 if crossed else 0.0)
            if same > NEVER / 2 or new > NEVER / 2:
                options.append((to, same - skipped, new - skipped))
        found.append(options)
    return found


def _has_object(after: Word | None) -> bool:
    """Whether a verb is followed by what it is done to."""
    return after is not None and not after.border and after.kind in _THINGS


def _left_out(words: Sequence[Word], at: int, to: int) -> float:
    """A whole source struck out would no longer be a source."""
    gone = {word.source for word in words[at + 1 : to]} - {words[at].source, words[to].source}
    return 5.0 * len(gone) if words[-1].source < FEW_SOURCES else 0.2 * len(gone)


def _best(
    words: Sequence[Word],
    worth: Sequence[float],
    joins: Sequence[Sequence[tuple[int, float, float]]],
) -> Poem:
    """The poem of highest score, by dynamic programming over (word, words in its line)."""
    size = len(words)
    score = [[NEVER * 9] * (LONGEST_LINE + 1) for _ in range(size)]
    came: list[list[tuple[int, int] | None]] = [[None] * (LONGEST_LINE + 1) for _ in range(size)]
    for at in range(size):
        first = (
            opens(words[at], None) + worth[at] - _left_out(words, -1, at) if at < REACH else NEVER
        )
        score[at][1] = max(score[at][1], first)
    for at in range(size):
        for length in range(1, LONGEST_LINE + 1):
            here = score[at][length]
            if here < NEVER / 2:
                continue
            ended = _LINE[length]
            for to, same, new in joins[at]:
                gain, row = worth[to], score[to]
                if length < LONGEST_LINE and (going_on := here + same + gain) > row[length + 1]:
                    row[length + 1] = going_on
                    came[to][length + 1] = (at, length)
                if (begun := here + new + gain + ended) > row[1]:
                    row[1] = begun
                    came[to][1] = (at, length)
    ends = [
        (score[at][length] + closes(words[at], _next(words, at)) + _LINE[length], at, length)
        for at in range(max(0, size - REACH), size)
        for length in range(1, LONGEST_LINE + 1)
    ]
    best, at, length = max(ends)
    if best < NEVER / 2:
        return ()
    lines: list[list[Word]] = [[]]
    step: tuple[int, int] | None = (at, length)
    while step is not None:
        at, length = step
        lines[-1].append(words[at])
        if length == 1:
            lines.append([])
        step = came[at][length]
    return tuple(tuple(reversed(line)) for line in reversed(lines) if line)


def _next(words: Sequence[Word], at: int) -> Word | None:
    return words[at + 1] if at + 1 < len(words) else None


def _judged(poem: Poem, words: Sequence[Word]) -> float:
    """How good the whole is; NEVER for one that says too little, too much or itself twice."""
    kept = [word for line in poem for word in line]
    texts = [" ".join(word.key for word in line) for line in poem]
    share = len(kept) / len(words)
    if len(poem) < 2 or len(set(texts)) < len(texts) or len(kept) < 3:
        return NEVER
    if share > 0.82 or len(kept) == len(words):
        return NEVER
    opened = [line[0].key for line in poem]
    leaps = [sum(a.place + 1 != b.place for a, b in pairwise(line)) for line in poem]
    rhythm = len({len(line) for line in poem})
    content = [word for word in kept if word.kind not in SMALL]
    score = 2.0 * sum(word.image for word in content) / len(content)
    score += 0.4 * min(3, leaps.count(1)) - 0.7 * sum(leap > 1 for leap in leaps)
    score += 0.35 * min(rhythm, 3)
    score -= 0.8 * max(0, 3 - len(poem)) + 0.25 * max(0, len(poem) - 9)
    plain = sum(len(line) == 2 and line[0].key in _ARTICLES for line in poem)
    score -= 0.5 * max(0, plain - 1) + 0.3 * sum(len(line) == 1 for line in poem[1:])
    score += 0.5 * min(3, sum(word.kind in {Kind.VERB, Kind.ING} for word in kept))
    score -= 0.3 * (len(opened) - len(set(opened)))
    score -= 0.6 * (len(content) - len({word.key for word in content}))
    ideal = 0.55 * len(words) if len(words) < 30 else 13 + 0.1 * len(words)
    score -= 2.5 * abs(len(kept) - ideal) / ideal
    missing = len({word.source for word in words}) - len({word.source for word in kept})
    return score - missing * (4.0 if words[-1].source < FEW_SOURCES else 0.1)


def as_lines(poem: Poem) -> str:
    """One line each; in a longer poem a new source begins a new stanza."""
    stanzas = 2 * len({line[0].source for line in poem}) < len(poem) > 6
    text = ""
    for before, line in pairwise(((), *poem)):
        if before:
            new_source = stanzas and line[0].source != before[-1].source
            text += "\n\n" if new_source else "\n"
        text += as_written(line)
    return text
