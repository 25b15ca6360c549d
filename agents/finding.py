"""Which creations are meant by plain words: "the rain one", "Ben's haiku", "the second", "it"."""

import re
from collections.abc import Iterable, Sequence

from agents import nearness
from agents.narrowing import ME, read_wish
from agents.nearness import Near
from agents.turn import Turn
from feed_core.models.creations import Creation
from feed_core.services import makers, remixing, searching, timeline
from feed_core.services.muting import folded
from feed_core.services.searching import Only
from feed_core.store import View

OFFERED = 5  # that may be meant
LOOKED_AT = 200  # creations whose titles are compared, the newest
FOUND = 10
SOURCES = 3  # of a text on an idea
READ = 500  # characters
FEW = 4  # words, of which one may be a verb that is not known, and nothing telling
LIKENESS = 85  # of two words, up to 100
IN_TITLE, ELSEWHERE = 1.0, 0.4  # what a word counts that is there
SURE, PERHAPS = 0.4, 0.3  # cosine at which something is meant, or may be, that shares no word
AHEAD = 0.1  # so much nearer than the next it has to be

WORD = re.compile(r"\w{3,}|[^\W\d_a-zA-Z]+")
PLAIN = frozenset(  # words that stand in requests more often than they tell creations apart
    WORD.findall(
        "the and for with from that this one ones all are was not you your has have its into about "
        "what who show see let make made like love tell say said read look open remix turn mix "
        "picture thread creation number comment comments please last latest newest first second "
        "third fourth fifth her his him them their these those does did mean point points more "
        "people which where when why how would could can want think someone post posts again "
        "save hide keep bookmark wow heart react summarise summary reply tell trace under below "
        "something anything everything here new now "
        "the der die das den dem und ein eine einen los las una uno que del por para "
        "zeig zeige mir von vom zu was ist sie ihn ihr mach mache aus dem der "
        "muestra enseña haz con como esto eso"
    )
)
FORMS = frozenset(WORD.findall("haiku poem limerick song story poems haikus gedicht poema cento"))
LATEST = re.compile(
    r"\b(?:last|latest|newest|most recent|neueste[nsr]?|letzte[nsr]?|[uú]ltim[oa]"
    r"|m[aá]s nuev[oa])\b",
    re.IGNORECASE,
)
PLACES = (
    r"first|1st|erste[nsr]?|primer[oa]?",
    r"second|2nd|zweite[nsr]?|segund[oa]",
    r"third|3rd|dritte[nsr]?|tercer[oa]?",
    r"fourth|4th|vierte[nsr]?|cuart[oa]",
    r"fifth|5th|f[uü]nfte[nsr]?|quint[oa]",
    r"sixth|6th|sechste[nsr]?|sext[oa]",
    r"seventh|7th|siebte[nsr]?|s[eé]ptim[oa]",
    r"eighth|8th|achte[nsr]?|octav[oa]",
    r"ninth|9th|neunte[nsr]?|noven[oa]",
    r"tenth|10th|zehnte[nsr]?|d[eé]cim[oa]",
)
ORDINAL = re.compile(
    rf"\b(?:{'|'.join(f'(?P<n{n}>{it})' for n, it in enumerate(PLACES))})\b"
    r"(?! (?:point|line|verse|stanza|word|comment)s?\b)",
    re.IGNORECASE,
)
SHOWN = re.compile(
    r"\b(?:it|this|that|them|these|those|him|his|her|hers|their|es|ihn|sie|sein\w*|ihr\w*|diese[nsr]?"
    r"|esto|eso|este|esta|ese|esa|lo|la|su)\b",
    re.IGNORECASE,
)


async def find(turn: Turn, said: str) -> list[int]:
    """Numbers of the creations that may be meant, the likeliest first: one where it is clear.

    Who made it, what it says, what it means and what was shown last are considered. Only what the
    member may see and did not mute is found.
    """
    said = said[:READ]
    async with turn.store.read() as view:
        names = await makers.named(view, reader=turn.reader, text=said)
        in_full = [it for it in names if folded(it[1]) in folded(said)]
        wish = read_wish(said, names=[it for _, it in in_full], is_day=lambda _: False)
        whose = [it for it, name in in_full if folded(name) == folded(wish.by)]
    if wish.by and folded(wish.by) in ME:
        whose = [turn.member_id]
    bare = SHOWN.sub(" ", ORDINAL.sub(" ", LATEST.sub(" ", wish.words)))
    telling = _telling(f"{bare} {wish.tag}", forms=bool(whose))
    if not whose:
        whose = [it for it, name in in_full if set(_words(name)) <= set(telling)]
        known = {word for it, name in in_full if it in whose for word in _words(name)}
        telling = [it for it in telling if it not in known]
    if telling:
        found = await _described(turn, telling, whose)
        if found or len(said.split()) > FEW:
            return found
    if whose:
        return await _newest(turn, whose, LATEST.search(said) is not None)
    shown = turn.parts.shown.last((turn.member_id, turn.place.key))
    if (at := place_in(said)) is not None:
        return list(shown[at : at + 1])
    if LATEST.search(said):
        return list(shown[-1:])
    return list(shown[:OFFERED]) if SHOWN.search(said) else []


def place_in(said: str) -> int | None:
    """The place that is named, from 0: "the second one"; None where none is."""
    place = ORDINAL.search(said)
    return next(n for n in range(len(PLACES)) if place[f"n{n}"]) if place else None


async def about(turn: Turn, idea: str) -> list[int]:
    """Numbers of the few creations that come nearest to an idea and may be built on right now.

    They hold words of it, or are near to it in meaning; only what may come before others unasked,
    holds words, and needs nobody's yes.
    """
    telling = _telling(idea[:READ], forms=False)
    if not telling:
        return []
    words = " ".join(telling)
    near = await nearness.near_words(turn, words)
    async with turn.store.read() as view:
        found = await _searched(view, turn, words, near, Only(recommended=True))
    scores = {
        it.id: _shared(telling, it) + near.scores.get(it.id, 0.0)
        for it in found
        if it.id is not None and it.body and remixing.is_open(it, reader=turn.reader)
    }
    likely = [it for it in scores if scores[it] >= PERHAPS]
    return sorted(likely, key=lambda it: -scores[it])[:SOURCES]


def _words(text: str) -> list[str]:
    return [folded(it) for it in WORD.findall(text)]


def _telling(text: str, *, forms: bool) -> list[str]:
    """The words that may tell creations apart; forms only among those of one maker."""
    plain = PLAIN if forms else PLAIN | FORMS
    return [it for it in dict.fromkeys(_words(text)) if it not in plain]


async def _described(turn: Turn, telling: Sequence[str], whose: Sequence[int]) -> list[int]:
    """Those that share most of the telling words, else those that come near in meaning."""
    words = " ".join(telling)
    near = await nearness.near_words(turn, words)
    by: Iterable[int | None] = whose or [None]
    pool: dict[int, Creation] = {}
    async with turn.store.read() as view:
        for maker_id in by:
            found = await _searched(view, turn, words, near, Only(maker_id=maker_id))
            pool |= {it.id: it for it in found if it.id is not None}
        titles = await timeline.suggestions(view, reader=turn.reader, typed="", limit=LOOKED_AT)
    scores = {it: _shared(telling, creation) for it, creation in pool.items()}
    if not whose:
        for number, title in titles:  # words nearly right, which no index finds
            scores[number] = max(scores.get(number, 0.0), _in(telling, title) * IN_TITLE)
    best = max(scores.values(), default=0.0)
    if best > 0:
        return sorted((it for it in scores if scores[it] == best), reverse=True)[:OFFERED]
    if whose:
        return list(pool)[:OFFERED] or await _newest(turn, whose, latest=False)
    likely = [it for it in near.scores if it in pool and near.scores[it] >= PERHAPS]
    if likely and near.scores[likely[0]] >= SURE:
        behind = near.scores[likely[1]] if len(likely) > 1 else 0.0
        if near.scores[likely[0]] - behind >= AHEAD:
            return likely[:1]
    return likely[:OFFERED]


async def _searched(
    view: View, turn: Turn, words: str, near: Near, only: Only
) -> Sequence[Creation]:
    page = await searching.search(
        view, reader=turn.reader, words=words, only=only, near=near.ids, limit=FOUND
    )
    return page.creations


def _shared(telling: Sequence[str], creation: Creation) -> float:
    elsewhere = " ".join([creation.body, creation.alt, *creation.tags])
    return max(_in(telling, creation.title) * IN_TITLE, _in(telling, elsewhere) * ELSEWHERE)


def _in(telling: Sequence[str], text: str) -> int:
    """How many of the words stand in the text, or nearly so."""
    from rapidfuzz import fuzz  # not before somebody looks for something

    words = set(_words(text))
    return sum(1 for word in telling if any(fuzz.ratio(word, it) >= LIKENESS for it in words))


async def _newest(turn: Turn, whose: Sequence[int], latest: bool) -> list[int]:
    async with turn.store.read() as view:
        found = [
            it.creation.id
            for member_id in whose
            for it in await timeline.made_by(
                view, author_id=member_id, reader=turn.reader, limit=OFFERED
            )
            if it.creation.id is not None
        ]
    return found[:1] if latest else found[:OFFERED]
