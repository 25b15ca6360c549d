"""What plain words say about an act's parameters."""

import re
from collections.abc import Iterable, Sequence
from typing import Any

from pydantic import JsonValue

from agents.act import Act, Effect
from agents.answer import Call
from agents.finding import find, place_in
from agents.parameters import Kind, Parameter
from agents.turn import Turn
from memory import own_questions
from memory.texts import alike

MEMORIES = 1_000  # of a member that are looked at, the newest
STEM = 5  # letters of a choice from which on words that begin with it are forms of it
# Only where they are named: "on weekdays" and "tell me" switch nothing on, "it" is not Italian.
NAMED = frozenset({"cover", "empty", "language"})
# Where the page before ended is pressed, not said; the act itself reads what it shall be like.
READ_FROM_WORDS = {"before", "like"}
LEAD_WITHIN = 60  # characters: what comes first stands near the beginning

LETTERED = {
    Kind.DRAFT: re.compile(r"\bd(\d+)\b", re.IGNORECASE),
    Kind.COMMENT: re.compile(r"\bc(\d+)\b", re.IGNORECASE),
    Kind.MEMORY: re.compile(r"\bm(\d+)\b", re.IGNORECASE),
    Kind.ORDER: re.compile(r"\bo(\d+)\b", re.IGNORECASE),
    Kind.POST: re.compile(r"\b[cn](\d+)\b", re.IGNORECASE),
}
MEMORY = re.compile(  # "memory 3", "number 2", "forget 4" with nothing behind it
    r"(?:(?:memory|memories|number|nummer|erinnerung|recuerdo|número)\s+#?|^\W*\w+\s+#?)(\d{1,9})\b"
    r"(?=\W*$|\s+(?:of|from|in|von|aus|de|del)\b)",
    re.IGNORECASE,
)
NUMBER = re.compile(
    r"(?<![0-9a-zà-ÿ_:.\-])#?(\d{1,9})(?:\b|(?=番|[をはのがでもへに]))"
    r"(?![:.\-]\d|\s*(?:am|pm|lines?|words?|syllables?|verses?|stanzas?|times)\b)",
    re.IGNORECASE,
)
POINTED = re.compile(  # a creation beside words of one's own: "a meme of 12: top / bottom"
    r"(?:#|\b(?:of|on|from|with|number|nummer|aus|von|zu|auf|mit|del?|con|sobre|número)\s+"
    r"(?:number |nummer |número |#)?)(\d{1,9})\b",
    re.IGNORECASE,
)
FILLERS = {"", "me", "us", "please", "mir", "bitte"}
DIGITS = re.compile(r"\d+")
AND = re.compile(r"\band\b|\bwith\b|\bund\b|,|&|\+", re.IGNORECASE)
# What follows a reference: "… the rain one as a haiku", "… 12 that it made me laugh".
BEFORE_WORDS = re.compile(r"\W*(?:(?:that|saying|with the words|dass|que)\b)?\W*", re.IGNORECASE)
MANNER = re.compile(r"\b(?:as|into|in the style|in a|but|like|als|im Stil|como)\b.*", re.DOTALL)


async def read_arguments(turn: Turn, found: Act[Any], text: str) -> Call:
    """The call of an act, as far as the text says what it needs."""
    given: dict[str, JsonValue] = {}
    for shape in found.parameters:
        if shape.kind is Kind.NUMBER and (amount := _amount(shape).search(text)):
            given[shape.name] = amount[1] or amount[2]
            text = f"{text[: amount.start()]}{text[amount.end() :]}".strip()
    for shape in found.parameters:
        lacking = shape.kind is Kind.NUMBER and shape.required and shape.name not in given
        if lacking and (alone := NUMBER.search(text)):
            given[shape.name] = alone[1]
        elif lacking and (place := place_in(text)) is not None:
            given[shape.name] = place + 1
        value = await _value(turn, found, shape, text)
        if value:
            given[shape.name] = value
    return Call(found.name, given)


def _amount(shape: Parameter) -> re.Pattern[str]:
    """A number with the parameter's name behind or before it ("for 10 minutes", "question 4")."""
    name = re.escape(shape.name.removesuffix("s"))
    return re.compile(
        rf"(?:\b(?:for|of|über|für|de|por)\s+)?\b(?:(\d{{1,6}})[\s-]*{name}\w*|{name}\s+(\d{{1,6}}))",
        re.IGNORECASE,
    )


async def _value(turn: Turn, found: Act[Any], shape: Parameter, text: str) -> JsonValue:
    match shape.kind:
        case Kind.MEMORY if shape.required:
            return await _memory(turn, text)
        case Kind.DRAFT | Kind.COMMENT | Kind.MEMORY | Kind.ORDER:
            named = LETTERED[shape.kind].search(text) or (
                NUMBER.search(text) if shape.required else None
            )
            return named[1] if named else None
        case Kind.PIECE:
            if drafted := LETTERED[Kind.DRAFT].search(text):
                return drafted[0]
            named = NUMBER.search(text)
            return f"#{named[1]}" if named else None
        case Kind.POST if said := LETTERED[Kind.POST].search(text):
            return said[0]
        case Kind.CREATION | Kind.POST:
            if shape.name in READ_FROM_WORDS:
                return None
            numbers: Sequence[int] = [int(it) for it in NUMBER.findall(text)]
            if not shape.required and any(it.kind is Kind.TEXT for it in found.parameters):
                named = POINTED.search(
                    _head(_request(found, text))
                )  # other numbers belong to the words
                return named[1] if named else None
            if not shape.required:  # it takes the number that stands in its place
                asked = [it for it in found.parameters if it.kind is Kind.CREATION]
                return next(iter(numbers[asked.index(shape) :]), None)
            if numbers:
                return list[JsonValue](numbers) if shape.many else numbers[0]
            return await _named(turn, text, many=shape.many)
        case Kind.SWITCH:
            return bool(re.search(rf"\b{shape.name}\b", _request(found, text), re.IGNORECASE))
        case Kind.CHOICE:
            words = re.findall(r"\w+", _request(found, text).casefold())
            if shape.name in NAMED and shape.name not in words:
                return None
            chosen = next((it for it in shape.choices if _is_among(it, words)), None)
            return chosen or next(filter(None, map(shape.choice, words)), None)
        case Kind.TEXT | Kind.SUBJECT:
            return _words(found, shape, text)
        case _:
            return None


async def _memory(turn: Turn, text: str) -> JsonValue:
    """The memory that is named by its number, the very words that it remembers, or what it tells.

    Other numbers belong to the words: "that I have 2 cats" is not m2.
    """
    named = LETTERED[Kind.MEMORY].search(text) or MEMORY.search(text)
    if named is not None:
        return named[1]
    await turn.parts.learner.catch_up(turn.member_id)
    kept = await turn.parts.memories.all(turn.member_id, limit=MEMORIES)
    said = alike(text)
    meant = [
        it.number for it in kept if re.search(rf"(?<!\w){re.escape(alike(it.text))}(?!\w)", said)
    ]
    if not meant and (asked := own_questions.named(text)):  # "where I live"
        meant = [it.number for it in own_questions.answering(asked, kept)]
    return str(meant[0]) if len(meant) == 1 else None


def _head(text: str) -> str:
    """What is said before a colon, behind which the words follow; all where there is none."""
    head, _, rest = text.partition(":")
    return head if rest.strip() else text


def _is_among(choice: str, words: Sequence[str]) -> bool:
    """Whether one of the words is the choice, or a form of it ("remixes", "training")."""
    return choice in words or (len(choice) >= STEM and any(it.startswith(choice) for it in words))


def _request(found: Act[Any], text: str) -> str:
    """The text without the words that are handed on: nothing in a poem says how to publish it."""
    handed_on = _after_lead(found, text)
    return text if handed_on is None else text.removesuffix(handed_on)


def _words(found: Act[Any], shape: Parameter, text: str) -> str | None:
    """The part of the text that fills a parameter of words, if it is clear which part that is."""
    if (led := _after_lead(found, text)) is not None:
        return led or None
    if shape.whole:
        return text.strip()
    if any(it.kind in (Kind.CREATION, Kind.POST) for it in found.parameters):
        said = _after_references(text, many=any(it.many for it in found.parameters))
        # Where examples mark their words, an optional one is filled by those alone.
        return said or (None if shape.required or found.leads else text.strip())
    if not found.leads:
        return text.strip()
    _, colon, rest = text.partition(":")
    if colon and rest.strip():
        return rest.strip()
    # What others will see, or what stands in place of something else, is asked for when unclear.
    return text.strip() if shape.required and found.effect is not Effect.PUBLISH else None


def _after_lead(found: Act[Any], text: str) -> str | None:
    """What follows the words that stand before the mark in an example; None where none of them do.

    The first that is found counts, and those that overlap or follow it ("paint me a picture of").
    """
    leads = _patterns(found.leads)
    matches = [it for lead in leads if (it := lead.search(text)) and it.start() < LEAD_WITHIN]
    if not matches:
        return None
    end = min(it.start() for it in matches)
    for it in sorted(matches, key=lambda it: it.start()):
        if text[end : it.start()].strip().casefold() in FILLERS:
            end = max(end, it.end())
    rest = text[end:].strip()
    return rest if any(it.isalnum() for it in rest) else ""


def _patterns(leads: Iterable[str]) -> list[re.Pattern[str]]:
    return [
        re.compile(rf"(?<!\w){DIGITS.sub('[0-9]+', re.escape(it))}(?!\w)[\s:,“”\"]*", re.IGNORECASE)
        for it in leads
    ]


def _after_references(text: str, *, many: bool) -> str:
    """What is said behind the number, or the last of many, or else how something is to be done."""
    numbers = list(NUMBER.finditer(text)) or list(LETTERED[Kind.POST].finditer(text))
    if numbers:
        rest = text[numbers[-1 if many else 0].end() :]
        return rest[BEFORE_WORDS.match(rest).end() :].strip()  # type: ignore[union-attr]  # matches ""
    manner = MANNER.search(text)
    return manner[0].strip() if manner else ""


async def _named(turn: Turn, text: str, *, many: bool) -> JsonValue:
    """The creations that plain words name; where several may be meant, the words themselves."""
    pieces = AND.split(MANNER.sub("", text)) if many else [text]
    given: list[JsonValue] = []
    for piece in pieces:
        found = await find(turn, piece)
        if found:
            given.append(found[0] if len(found) == 1 else piece.strip())
    if many:
        return list(dict.fromkeys(given)) or None
    return given[0] if given else None
