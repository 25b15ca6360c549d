"""How a maker reads: texts into words that know what they do and where phrases end.

English words get a kind from small lists, endings and neighbours. In other languages short words
count as small words and all others as nouns; writing without spaces (Chinese, Japanese, Thai) gives
one word per phrase.
"""

import re
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from enum import Enum, IntEnum
from itertools import pairwise
from random import Random

from agents.makers import lexicon
from agents.makers.making import Source

READ_AT_MOST = 6_000  # characters of one making; longer texts are read in seeded samples
LONGEST_WORD = 30
SHORT_BODY = 40  # words; a shorter body is read together with its title

_SENTENCE = re.compile(r"(?:[^\n.!?…。！？।؟]|[.!?](?=\w)|\.(?=\.))+[.!?…。！？।؟]*[\"”’»)\]]*")
_CHUNK = re.compile(r"[^\s—–―|/·•、，；;：:。！？]+|[—–―|/·•、，；;：:]")
_LEFT_OUT = re.compile(r"https?://\S+|www\.\S+|<[^<>\s]*>|(?<!\w)@\S+|`{1,3}|\bRT\b")
_ENGLISH = lexicon.DETERMINERS | lexicon.PREPOSITIONS | lexicon.AUXILIARIES | lexicon.SUBJECTS


class Kind(Enum):
    """What a word does in its sentence."""

    DETERMINER = "determiner"
    PREPOSITION = "preposition"
    CONJUNCTION = "conjunction"
    SUBJECT = "subject"
    OBJECT = "object"
    AUXILIARY = "auxiliary"
    ADVERB = "adverb"
    ADJECTIVE = "adjective"
    VERB = "verb"
    ING = "ing"
    NOUN = "noun"


class Border(IntEnum):
    """What stands between a word and the one before it."""

    NONE = 0
    CLAUSE = 1
    SENTENCE = 2


SMALL = frozenset(
    {Kind.DETERMINER, Kind.PREPOSITION, Kind.CONJUNCTION, Kind.SUBJECT, Kind.AUXILIARY}
)


@dataclass(frozen=True, slots=True)
class Word:
    """One word as it was written, with its place among all words read."""

    text: str
    key: str
    kind: Kind
    border: Border
    source: int
    place: int

    @property
    def image(self) -> bool:
        """Whether one can see, hear, smell, taste or touch it."""
        return self.key in lexicon.IMAGES

    @property
    def plural(self) -> bool:
        """Whether an English noun looks like more than one."""
        return self.key.endswith("s") and not self.key.endswith(("ss", "us", "is"))


@dataclass(frozen=True, slots=True)
class Reading:
    """The words of all sources in their order, and whether they are English."""

    words: Sequence[Word]
    english: bool

    def phrases(self) -> list[list[Word]]:
        """The words cut wherever the text itself pauses."""
        found: list[list[Word]] = []
        for word in self.words:
            if word.border or not found:
                found.append([])
            found[-1].append(word)
        return found


def read(sources: Sequence[Source], *, seed: int, at_most: int = READ_AT_MOST) -> Reading:
    """Read all sources in order, or samples of them that hold at most so many characters."""
    chunks: list[tuple[int, Border, str]] = []
    share = at_most // max(1, len(sources))
    for number, source in enumerate(sources):
        for sentence in sentences(source, share=share, seed=seed):
            border = Border.SENTENCE
            for chunk in _CHUNK.findall(sentence):
                bare = _bare(chunk)
                if bare and len(bare) <= LONGEST_WORD:
                    chunks.append((number, border, bare))
                    border = Border.NONE
                if not bare or not chunk[-1].isalnum():
                    border = max(border, Border.CLAUSE if _pauses(chunk) else Border.NONE)
    english = _is_english(text for _, _, text in chunks)
    return Reading(tuple(_with_kinds(_in_own_case(chunks), english=english)), english)


def as_written(line: Sequence[Word]) -> str:
    """The words as one line, with a comma where two neighbours stood on either side of a pause."""
    text = line[0].text
    for before, word in pairwise(line):
        paused = before.place + 1 == word.place and word.border is Border.CLAUSE
        text += f", {word.text}" if paused else f" {word.text}"
    return text


def sentences(source: Source, *, share: int, seed: int) -> list[str]:
    """The sentences and lines of a source; of a long one, a seeded sample spread over it."""
    body = _LEFT_OUT.sub(" ", source.body)
    title = _LEFT_OUT.sub(" ", source.title).strip(" .…")
    found = [line.strip() for line in _SENTENCE.findall(body) if _bare(line)]
    opens_with_title = body.lstrip().casefold().startswith(title.casefold())
    if title and not opens_with_title and sum(len(line.split()) for line in found) < SHORT_BODY:
        found.insert(0, title)
    length = sum(map(len, found))
    if length <= share:
        return found
    random = Random(f"{seed} sample")
    order = list(range(len(found)))
    random.shuffle(order)
    kept: list[int] = []
    room = share
    for index in order:
        if room <= 0:
            break
        if len(found[index]) > share:
            found[index] = found[index][:share].rpartition(" ")[0]  # no half words
        kept.append(index)
        room -= len(found[index])
    return [found[index] for index in sorted(kept)]


def _bare(chunk: str) -> str:
    """The chunk without marks at its ends; nothing if it holds no letter or digit."""
    start, end = 0, len(chunk)
    while start < end and not chunk[start].isalnum():
        start += 1
    while end > start and not chunk[end - 1].isalnum() and _is_mark(chunk[end - 1]):
        end -= 1
    return chunk[start:end].replace("*", "").replace("_", "")


def _is_mark(character: str) -> bool:
    return unicodedata.category(character)[0] in "PSCZ" or character == "\ufe0f"


def _pauses(chunk: str) -> bool:
    return any(mark in ',;:—–―|/·•、，；：()[]"“”«»' for mark in (chunk[0], chunk[-1]))


def _is_english(texts: Iterable[str]) -> bool:
    words = [text.casefold().replace("’", "'") for text in texts]
    if not words:
        return False
    known = sum(word in _ENGLISH or word in lexicon.IMAGES for word in words)
    return all(word.isascii() for word in words[:1]) and known >= len(words) * 0.18


def _in_own_case(
    chunks: Sequence[tuple[int, Border, str]],
) -> list[tuple[int, Border, str]]:
    """Sentence openers lose their capital, names keep theirs."""
    names = {text for _, border, text in chunks if not border and text[:1].isupper()}
    keep = names | {"I"}
    lowered = []
    for number, border, text in chunks:
        opener = (
            border is Border.SENTENCE and text not in keep and not text.startswith(("I'", "I’"))
        )
        shouted = len(text) > 1 and text.isupper()
        if opener and text[:1].isupper() and not shouted:
            text = text[:1].lower() + text[1:]
        lowered.append((number, border, text))
    return lowered


def _with_kinds(chunks: Sequence[tuple[int, Border, str]], *, english: bool) -> list[Word]:
    words: list[Word] = []
    for place, (number, border, text) in enumerate(chunks):
        key = text.casefold().replace("’", "'")
        before = words[-1] if words and not border else None
        follows = chunks[place + 1][1] if place + 1 < len(chunks) else Border.SENTENCE
        if english:
            kind = _kind(key, before, ends=follows is not Border.NONE)
        else:
            # Han and kana words are phrases; one of them is never small.
            small = len(text) <= 3 and not text[0].isupper() and ord(text[0]) < 0x2E80
            kind = Kind.CONJUNCTION if small else Kind.NOUN
        words.append(Word(text, key, kind, border, number, place))
    if english:
        words = [_looked_at_again(words, place) for place in range(len(words))]
    return words


def _kind(key: str, before: Word | None, *, ends: bool) -> Kind:
    expects_noun = before is not None and before.kind in {Kind.DETERMINER, Kind.ADJECTIVE}
    expects_verb = before is not None and (
        before.kind in {Kind.SUBJECT, Kind.AUXILIARY} or before.key == "to"
    )
    for words, kind in _BY_LIST:
        if key in words and not (kind is Kind.VERB and expects_noun):
            return kind
    if key in lexicon.PARTICLES and (ends or before is None or before.kind is Kind.VERB):
        return Kind.ADVERB
    if key in lexicon.PREPOSITIONS:
        return Kind.ADVERB if ends and key not in {"of", "for", "with"} else Kind.PREPOSITION
    if key in lexicon.NOUN_OR_VERB:
        after_noun = (
            before is not None and before.kind is Kind.NOUN and before.plural != (key.endswith("s"))
        )
        return Kind.VERB if expects_verb or (after_noun and not expects_noun) else Kind.NOUN
    if key in lexicon.ADJECTIVES:
        return Kind.NOUN if expects_noun and ends else Kind.ADJECTIVE
    if key in lexicon.IMAGES:
        return Kind.NOUN
    if key.endswith("ing") and len(key) > 5:
        return Kind.NOUN if expects_noun and ends else Kind.ING
    if key.endswith("ly") and len(key) > 4:
        return Kind.ADVERB
    if key.endswith("ed") and len(key) > 4:
        return Kind.ADJECTIVE if expects_noun else Kind.VERB
    if key.endswith(("ous", "ful", "less", "ive", "able", "ible", "ish")) and len(key) > 5:
        return Kind.ADJECTIVE
    return Kind.VERB if expects_verb else Kind.NOUN


_BY_LIST = (
    (lexicon.DETERMINERS - {"that", "her", "no", "both"}, Kind.DETERMINER),
    (lexicon.AUXILIARIES, Kind.AUXILIARY),
    (lexicon.SUBJECTS, Kind.SUBJECT),
    (lexicon.OBJECTS - {"her"}, Kind.OBJECT),
    (frozenset({"her", "no", "both"}), Kind.DETERMINER),
    (lexicon.CONJUNCTIONS, Kind.CONJUNCTION),
    (lexicon.ADVERBS - lexicon.PARTICLES, Kind.ADVERB),
    (lexicon.VERBS - lexicon.NOUN_OR_VERB, Kind.VERB),
)


def _looked_at_again(words: Sequence[Word], place: int) -> Word:
    """A word whose kind shows only by the one that follows it."""
    word = words[place]
    after = words[place + 1] if place + 1 < len(words) else None
    if after is not None and after.border:
        after = None
    if word.kind is Kind.DETERMINER and after is None:
        return replace(word, kind=Kind.OBJECT)  # "give me this"
    if word.kind is Kind.DETERMINER and after is not None and after.kind in _NO_NOUN_PHRASE:
        return replace(word, kind=Kind.OBJECT)
    noun_follows = after is not None and after.kind in {Kind.NOUN, Kind.ADJECTIVE}
    if word.key in lexicon.ADJECTIVES and word.kind is Kind.ADJECTIVE and not noun_follows:
        before = words[place - 1] if place and not word.border else None
        if before is not None and before.kind in {Kind.DETERMINER, Kind.PREPOSITION}:
            return replace(word, kind=Kind.NOUN)  # "in the cold", "the blue of"
    leads = after is not None and after.kind in _OBJECT_FOLLOWS
    if word.kind is Kind.ADVERB and word.key in lexicon.PREPOSITIONS and leads:
        return replace(word, kind=Kind.PREPOSITION)
    return word


_OBJECT_FOLLOWS = frozenset({Kind.DETERMINER, Kind.NOUN, Kind.ADJECTIVE, Kind.OBJECT})
_NO_NOUN_PHRASE = frozenset({Kind.PREPOSITION, Kind.AUXILIARY, Kind.CONJUNCTION, Kind.SUBJECT})
