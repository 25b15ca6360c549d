"""What words do in their sentence: told by lists, endings, capitals and neighbours."""

import re
from collections.abc import Sequence
from dataclasses import replace

from agents.makers import lexicon
from agents.makers.languages import GERMAN, SPANISH, Language, SmallWords
from agents.makers.words import Border, Kind, Word

SMALL_ELSEWHERE = {Language.GERMAN: GERMAN, Language.SPANISH: SPANISH}


def with_kinds(chunks: Sequence[tuple[int, Border, str]], language: Language) -> list[Word]:
    """The words of a text, each with its kind."""
    words: list[Word] = []
    for place, (number, border, text) in enumerate(chunks):
        key = text.casefold().replace("’", "'")
        before = words[-1] if words and not border else None
        follows = chunks[place + 1][1] if place + 1 < len(chunks) else Border.SENTENCE
        if language is Language.ENGLISH:
            kind = _kind(key, before, ends=follows is not Border.NONE)
        elif language in SMALL_ELSEWHERE:
            kind = _kind_elsewhere(text, key, SMALL_ELSEWHERE[language])
        else:
            # Words of unspaced writing are clauses; one of them is never small.
            small = len(text) <= 3 and not text[0].isupper() and ord(text[0]) < 0x2E80
            kind = Kind.CONJUNCTION if small else Kind.NOUN
        words.append(Word(text, key, kind, border, number, place))
    if language is Language.ENGLISH:
        words = [_looked_at_again(words, place) for place in range(len(words))]
    return words


def _kind_elsewhere(text: str, key: str, small: SmallWords) -> Kind:
    for words, kind in (
        (small.prepositions, Kind.PREPOSITION),
        (small.determiners, Kind.DETERMINER),
        (small.conjunctions, Kind.CONJUNCTION),
        (small.pronouns, Kind.SUBJECT),
        (small.auxiliaries, Kind.AUXILIARY),
        (small.adverbs, Kind.ADVERB),
    ):
        if key in words:
            return kind
    if small is SPANISH:
        if key.endswith("mente") and len(key) > 7:
            return Kind.ADVERB
        return Kind.ING if re.search("(?:[aei]r|ndo)(?:[mts]e|l[aeo]s?)?$", key) else Kind.NOUN
    if text[0].isupper() or text[0].isdigit():
        return Kind.NOUN
    return Kind.VERB if re.search("(?:e?t|en|te|ten|st)$", key) else Kind.ADJECTIVE


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
    before = words[place - 1] if place and not word.border else None
    if (
        word.kind is Kind.NOUN
        and word.plural
        and before is not None
        and before.kind is Kind.NOUN
        and not before.plural
        and after is not None
        and after.kind in {Kind.DETERMINER, Kind.OBJECT}
    ):
        return replace(word, kind=Kind.VERB)  # "the keeper climbs the stairs"
    noun_follows = after is not None and after.kind in {Kind.NOUN, Kind.ADJECTIVE}
    alone = word.key in lexicon.ADJECTIVES and word.kind is Kind.ADJECTIVE and not noun_follows
    if alone and before is not None and before.kind in {Kind.DETERMINER, Kind.PREPOSITION}:
        return replace(word, kind=Kind.NOUN)  # "in the cold", "the blue of"
    leads = after is not None and after.kind in _OBJECT_FOLLOWS
    if word.kind is Kind.ADVERB and word.key in lexicon.PREPOSITIONS and leads:
        return replace(word, kind=Kind.PREPOSITION)
    return word


_OBJECT_FOLLOWS = frozenset({Kind.DETERMINER, Kind.NOUN, Kind.ADJECTIVE, Kind.OBJECT})
_NO_NOUN_PHRASE = frozenset({Kind.PREPOSITION, Kind.AUXILIARY, Kind.CONJUNCTION, Kind.SUBJECT})
