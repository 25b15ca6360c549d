"""How a maker reads: texts into words that know what they do and where phrases end.

English words get a kind from small lists, endings and neighbours; German and Spanish ones from
lists, capitals and endings. Japanese is read phrase by phrase (bunsetsu). In other languages short
words count as small words and all others as nouns; writing without spaces (Chinese, Thai) gives one
word per clause.
"""

import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from random import Random

from agents.makers import japanese
from agents.makers.kinds import SMALL_ELSEWHERE, with_kinds
from agents.makers.languages import Language, language_of
from agents.makers.making import Source
from agents.makers.words import Border, Kind, Word

READ_AT_MOST = 6_000  # characters of one making; longer texts are read in seeded samples
LONGEST_WORD = 30
SHORT_BODY = 40  # words; a shorter body is read together with its title

_SENTENCE = re.compile(r"(?:[^\n.!?…。！？।؟]|[.!?](?=\w)|\.(?=\.))+[.!?…。！？।؟]*[\"”’»)\]]*")
_CHUNK = re.compile(r"[^\s—–―|/·•、，；;：:。！？]+|[—–―|/·•、，；;：:]")
_LEFT_OUT = re.compile(r"https?://\S+|www\.\S+|<[^<>\s]*>|(?<!\w)@\S+|`{1,3}|\bRT\b")


@dataclass(frozen=True, slots=True)
class Reading:
    """The words of all sources in their order, and their language."""

    words: Sequence[Word]
    language: Language

    @property
    def english(self) -> bool:
        """Whether they are English."""
        return self.language is Language.ENGLISH

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
    share = at_most // max(1, len(sources))
    lines = [
        (number, line)
        for number, source in enumerate(sources)
        for line in sentences(source, share=share, seed=seed)
    ]
    language = language_of(line for _, line in lines)
    chunks: list[tuple[int, Border, str]] = []
    for number, line in lines:
        chunks += ((number, border, bare) for border, bare in chunked(line))
    if language is Language.JAPANESE:
        return Reading(tuple(_phrases(chunks)), language)
    return Reading(tuple(with_kinds(_in_own_case(chunks, language), language)), language)


def chunked(line: str) -> Iterator[tuple[Border, str]]:
    """The words of one sentence without marks, each with what stands before it."""
    border = Border.SENTENCE
    for chunk in _CHUNK.findall(line):
        bare = _bare(chunk)
        if bare and len(bare) <= LONGEST_WORD:
            yield border, bare
            border = Border.NONE
        if not bare or not chunk[-1].isalnum():
            border = max(border, Border.CLAUSE if _pauses(chunk) else Border.NONE)


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


def _in_own_case(
    chunks: Sequence[tuple[int, Border, str]], language: Language
) -> list[tuple[int, Border, str]]:
    """Sentence openers lose their capital; names and German nouns keep theirs."""
    names = {text for _, border, text in chunks if not border and text[:1].isupper()}
    keep = names | {"I"}
    small = SMALL_ELSEWHERE[language].all if language in SMALL_ELSEWHERE else frozenset[str]()
    lowered = []
    for number, border, text in chunks:
        opener = (
            border is Border.SENTENCE and text not in keep and not text.startswith(("I'", "I’"))
        )
        if language is Language.GERMAN:
            opener = border is Border.SENTENCE and text.casefold() in small
        shouted = len(text) > 1 and text.isupper()
        if opener and text[:1].isupper() and not shouted:
            text = text[:1].lower() + text[1:]
        lowered.append((number, border, text))
    return lowered


def _phrases(chunks: Sequence[tuple[int, Border, str]]) -> Iterator[Word]:
    place = 0
    for number, border, text in chunks:
        for phrase in japanese.phrases(text):
            if phrase.leads:
                kind = Kind.ADJECTIVE
            elif phrase.open:
                kind = Kind.ADVERB
            else:
                kind = Kind.NOUN if phrase.noun else Kind.VERB
            yield Word(phrase.text, phrase.text, kind, border, number, place, phrase.sound)
            border = Border.NONE
            place += 1
