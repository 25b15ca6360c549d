"""Looking for creations, by words, by meaning, by who made them and when."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from functools import partial
from typing import Annotated

from pydantic import JsonValue

from agents import cards, nearness, search_words
from agents.act import Effect, act
from agents.answer import Answer, Button, Call
from agents.days import read_day
from agents.menus import Menu, On
from agents.narrowing import ME, Wish, read_wish
from agents.nearness import Near
from agents.parameters import Day, Doc, MakerName, TagName
from agents.references import CreationRef
from agents.turn import Turn
from feed_core.errors import BadDay
from feed_core.models.creations import Creation
from feed_core.services import makers, members, searching, timeline
from feed_core.services.curation import MakerNotFound
from feed_core.services.makers import Maker
from feed_core.services.muting import folded
from feed_core.services.searching import EVERYTHING, Found, Only
from feed_core.services.sight import see
from feed_core.states import Authorship, CreationKind, Visibility
from feed_core.store import View

PAGE = 5
LAST_PAGE = 200
ANYBODY, ANY_TAG, ANY_DAY = MakerName(""), TagName(""), Day("")
SHOWN = 40  # characters of a name that nobody has, as it is shown again
OFFERED = 10  # makers of one name


@dataclass(frozen=True, slots=True)
class Looking:
    """What is looked for, and what of it was read from the words alone."""

    words: str
    only: Only
    maker: str = ""
    since: str = ""
    until: str = ""


@act(
    "search",
    effect=Effect.READ,
    menu=Menu("What they make", "by", on=On.PERSON),
    examples=[
        "search for <moths at night>",
        "find <a poem about rain>",
        "look for <pictures of the sea by Ana>",
        "is there anything about <trains>?",
        "find me <something by Ben from last week>",
        "which creations are about <winter>?",
        "I am looking for <the one with the old clock>",
        "where can I find <the story of the shoe>?",
        "do we have <stories from the desert>?",
        "has anybody made something about <bicycles>?",
        "dig up <the drawings of whales>",
        "show me everything about <bread>",
        "search the feed for <haiku>",
        "show me creations similar to <number 4>",
        "what else is like <number 12>?",
        "show me other things that resemble <number 3>",
        "suche <Gedichte über den Regen>",
        "finde <Bilder vom Meer>",
        "gibt es Texte über <Katzen>?",
        "zeig mir alle Gedichte über <den Sommer>",
        "busca <poemas sobre el mar>",
        "hay algo sobre <gatos>?",
        "quiero ver algo sobre <barcos>",
        "show me other things in the vein of 3",
        "where is the creation with the talking spoon?",
    ],
)
async def search(
    turn: Turn,
    words: Annotated[str, Doc("what to look for, in any words", whole=True)] = "",
    kind: Annotated[CreationKind | None, Doc("only creations of this kind")] = None,
    by: Annotated[MakerName, Doc("only what this maker made")] = ANYBODY,
    tag: Annotated[TagName, Doc("only what has this tag")] = ANY_TAG,
    authorship: Annotated[Authorship | None, Doc("only what was made like this")] = None,
    since: Annotated[Day, Doc("only what is as new: yesterday, last week, March")] = ANY_DAY,
    until: Annotated[Day, Doc("only what is as old: yesterday, last week, March")] = ANY_DAY,
    like: Annotated[CreationRef | None, Doc("what is like this creation")] = None,
    page: Annotated[int, Doc("which page of what was found")] = 1,
) -> Answer:
    """Find creations by words and meaning, maker, tag, kind or day, or what is like another."""
    at = min(max(page, 1), LAST_PAGE)
    given = _given(words, kind, by, tag, authorship, since, until, like)
    async with turn.store.read() as view:
        names = await makers.named(view, reader=turn.reader, text=words)
        wish = read_wish(words, names=[it for _, it in names], is_day=partial(_is_day, turn))
        people = await _makers(turn, view, by or wish.by)
    if by and not people:
        raise MakerNotFound(by.strip()[:SHOWN])
    if by and len(people) > 1:
        return _which(by, people, given)
    person = people[0] if people else None
    if like is None and wish.like is not None:
        like, wish = CreationRef(wish.like), Wish("")
    only = Only(
        kind=kind or wish.kind,
        maker_id=person[0] if person else None,
        authorship=authorship,
        tag=tag or wish.tag,
        since=_day(turn, since or wish.since),
        until=_end(_day(turn, until)),
    )
    looking = Looking(wish.words, only, person[1] if person else "", since or wish.since, until)
    if like is not None:
        return await _alike(turn, like, looking, given, at)
    if not looking.words and only == EVERYTHING:
        return Answer(
            text=search_words.WHAT,
            buttons=[Button("Type it", Call("search"), only_asker=True, blank="words")],
            facts={"creations": []},
            private=True,
        )
    near = await nearness.near_words(turn, looking.words) if looking.words else Near({})
    async with turn.store.read() as view:
        found = await searching.search(
            view,
            reader=turn.reader,
            words=looking.words,
            only=only,
            near=near.ids,
            limit=PAGE,
            skip=(at - 1) * PAGE,
        )
        return await _answer(turn, view, found, near, _what(looking), given, at)


async def _alike(
    turn: Turn, like: CreationRef, looking: Looking, given: dict[str, JsonValue], at: int
) -> Answer:
    """What comes near to one creation; while that is not read, what shares words with it."""
    async with turn.store.read() as view:
        one = await see(view, like.id, reader=turn.reader)
    near = await nearness.near_creation(turn, like.id)
    what = search_words.like(str(like), one.title)
    async with turn.store.read() as view:
        if near.scores:
            found = await searching.alike(
                view,
                reader=turn.reader,
                near=near.ids,
                only=looking.only,
                limit=PAGE,
                skip=(at - 1) * PAGE,
            )
            return await _answer(turn, view, found, near, what, given, at)
        found = await searching.search(
            view,
            reader=turn.reader,
            words=f"{one.title} {' '.join(one.tags)}",
            only=replace(looking.only, recommended=True),
            limit=PAGE + 1,
            skip=(at - 1) * PAGE,
        )
        others = [it for it in found.creations if it.id != like.id][:PAGE]
        found = replace(found, creations=others, loose=False)
        answer = await _answer(turn, view, found, Near({}), what, given, at)
    return replace(answer, text=f"{answer.text}\n({search_words.NO_VECTOR})")


async def _answer(
    turn: Turn,
    view: View,
    found: Found,
    near: Near,
    what: str,
    given: dict[str, JsonValue],
    at: int,
) -> Answer:
    items = await timeline.items(view, found.creations, reader=turn.reader)
    shown = await cards.cards(turn.parts.media, view, items)
    refs = [CreationRef(it.id) for it in found.creations if it.id is not None]
    buttons = [Button(str(it), Call("show", {"creation": it.id})) for it in refs]
    if found.more:
        buttons.append(Button("More", Call("search", {**given, "page": at + 1})))
    first = (at - 1) * PAGE + 1
    said = search_words.notes(found, unread=near.unread)
    return Answer(
        text="\n".join([search_words.found(what, found, first=first), *(f"({it})" for it in said)]),
        cards=[replace(it, reason="") for it in shown],
        buttons=buttons,
        facts={
            "creations": refs,
            "page": at,
            "more": found.more,
            "holds_all_words": not found.loose,
            "unread": near.unread,
        },
        private=not turn.place.private and not all(_open_here(turn, it) for it in found.creations),
    )


def _open_here(turn: Turn, creation: Creation) -> bool:
    """Whether those who read along may see it too."""
    if creation.visibility is Visibility.ROOM:
        return creation.room_id == turn.room_id
    return creation.visibility is Visibility.EVERYONE


def _what(looking: Looking) -> str:
    only = looking.only
    return search_words.asked(
        looking.words,
        only.kind,
        looking.maker,
        only.tag,
        only.authorship,
        looking.since,
        looking.until,
    )


async def _makers(turn: Turn, view: View, name: str) -> list[Maker]:
    """Who is called that; "me" is who asks."""
    said = folded(name).removeprefix("@").strip()
    number = said.removeprefix("member ")
    if said in ME:
        known = await members.names(view, [turn.member_id])
        return list(known.items())
    if number != said and number.isdecimal() and len(number) < 16:
        if await makers.made_something(view, int(number), reader=turn.reader):
            return list((await members.names(view, [int(number)])).items())
        return []
    if not said:
        return []
    people = await makers.named(view, reader=turn.reader, text=said)
    exact = [it for it in people if folded(it[1]) == said]
    return exact or [it for it in people if folded(it[1]).startswith(f"{said} ")]


def _which(name: str, people: Sequence[Maker], given: dict[str, JsonValue]) -> Answer:
    """A button for each maker of one name."""
    return Answer(
        text=search_words.which_maker(name),
        buttons=[
            Button(
                f"{called} (member {it})"[:80],
                Call("search", {**given, "by": f"member {it}"}),
                only_asker=True,
            )
            for it, called in people[:OFFERED]
        ],
        facts={"makers": len(people)},
        private=True,
    )


def _day(turn: Turn, typed: str) -> datetime | None:
    if not typed.strip():
        return None
    return read_day(typed, now=turn.now, zone=turn.zone, language=turn.language)


def _is_day(turn: Turn, typed: str) -> bool:
    try:
        return _day(turn, typed) is not None
    except BadDay:
        return False


def _end(day: datetime | None) -> datetime | None:
    """A day belongs to what lasts until it."""
    return None if day is None else day + timedelta(days=1)


def _given(
    words: str,
    kind: CreationKind | None,
    by: str,
    tag: str,
    authorship: Authorship | None,
    since: str,
    until: str,
    like: CreationRef | None,
) -> dict[str, JsonValue]:
    """The arguments that were given, to be given again."""
    all_: dict[str, JsonValue] = {
        "words": words,
        "kind": kind,
        "by": by,
        "tag": tag,
        "authorship": authorship,
        "since": since,
        "until": until,
        "like": like.id if like else None,
    }
    return {name: value for name, value in all_.items() if value}
