"""What acts do with words from outside the feed: data from named voices, in no call with tools.

Nothing of them is kept but what stands in a draft, which is tainted: its member sees it first.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from pydantic import JsonValue

from agents import quoting_words, summary_words, workshop
from agents.answer import Answer
from agents.passages import of_quoted
from agents.quoting import Quote, Quoted
from agents.summarize import summarize
from agents.titling import read_words
from agents.turn import Turn
from feed_core.errors import Refusal
from feed_core.services import authorship, consent, members
from feed_core.services.pieces import Piece
from feed_core.states import Hand, Permission, Purpose

Given = Mapping[str, JsonValue]


class NoWords(Refusal):
    """The message that was pointed at says nothing in words."""

    code = "no_words"


class NothingOfOurs(Refusal):
    """A message was to be reported that shows nothing which was made here."""

    code = "nothing_of_ours"


@dataclass(eq=False)
class WordsOfOthers(Refusal):
    """Somebody else's words were to be kept, and they are no creation."""

    name: str
    code = "words_of_others"


@dataclass(eq=False)
class VoiceDeclined(Refusal):
    """Who said it does not want others to build on what they make."""

    name: str
    code = "voice_declined"


async def remixed(turn: Turn, given: Given) -> Answer:
    """A draft made of what was said.

    Raises:
        NoWords: nothing was said in words.
        VoiceDeclined: one of those who said it wants no remixes.
    """
    quoted = _words(turn)
    for it in quoted.said:
        await _require_free(turn, it)
    draft = await workshop.of_words(turn, quoted, how=str(given.get("how", "")), seed=0)
    return _told(draft, quoted)


async def summed_up(turn: Turn, given: Given) -> Answer:
    """What was said, in short.

    Raises:
        NoWords: nothing was said in words.
    """
    quoted = _words(turn)
    said = of_quoted(quoted)
    summary = await summarize(turn, said, kept=False)
    parts = [
        quoting_words.head(len(said), quoted.voices),
        summary_words.summary(summary),
        quoting_words.ALONE if quoted.alone else "",
    ]
    return Answer("\n\n".join(filter(None, parts)), facts={"messages": len(said)}, private=True)


async def put_by(turn: Turn, given: Given) -> Answer:
    """One's own words as a draft.

    Raises:
        NoWords: nothing was said in words.
        WordsOfOthers: somebody else said it.
    """
    quoted = _words(turn)
    other = next((it.name for it in quoted.said if not it.own), None)
    if other is not None:
        raise WordsOfOthers(other)
    typed = read_words("\n".join(it.text for it in quoted.said))
    steps = [authorship.step(Hand.HUMAN, at=turn.now)]
    piece = Piece(title=typed.title, body=typed.body, tags=typed.tags, steps=steps)
    return await workshop.put_aside(turn, piece, recipe={})


async def reported(turn: Turn, given: Given) -> Answer:
    """Nothing: what was said elsewhere is for those who look after that place.

    Raises:
        NothingOfOurs: always.
    """
    raise NothingOfOurs


def _words(turn: Turn) -> Quoted:
    if turn.quoted is None or not turn.quoted.voices:
        raise NoWords
    return turn.quoted


def _told(draft: Answer, quoted: Quoted) -> Answer:
    if not quoted.alone:
        return draft
    return Answer(
        f"{draft.text}\n{quoting_words.ALONE}",
        draft.cards,
        buttons=draft.buttons,
        facts=draft.facts,
        private=True,
    )


async def _require_free(turn: Turn, quote: Quote) -> None:
    """Hold what somebody says elsewhere to what they allow with what they make here."""
    if quote.own or not quote.account:
        return
    async with turn.store.read() as view:
        known = await members.find_account(
            view, platform=turn.place.platform, external_id=quote.account
        )
        if known is None:
            return
        allowed = await consent.defaults(view, known.member_id)
    if allowed[Purpose.REMIX] is not Permission.YES:
        raise VoiceDeclined(quote.name)
