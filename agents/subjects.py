"""What people mean when they name something to follow or to mute."""

import re
from collections.abc import Sequence

from agents.finding import PLACES, place_in
from agents.turn import Turn
from feed_core.models.curation import Followed
from feed_core.services import makers, members
from feed_core.services.curation import MakerNotFound, Subject
from feed_core.services.muting import folded
from feed_core.services.sight import see
from feed_core.store import View

THREAD = re.compile(r"(?:the |den |el )?(?:thread |creation |number |hilo |nummer |#)?(\d{1,15})")
PLACE = re.compile(
    rf"(?:the |den |das |die |el |la |lo )?(?:{'|'.join(PLACES)})"
    r"(?: (?:one|thing|item|entry|punkt|eintrag|punto))?(?: (?:in|of|im|aus|del?) .*digest)?"
)
MAKER_OF = re.compile(
    r"(?:the |whoever )?(?:maker|author|artist|made|macher|autor)(?: of| von| de)? "
    r"(?:number |thread )?#?(\d{1,15})"
)
MEMBER = re.compile(r"member (\d{1,15})")
TAG = re.compile(r"(?:the |dem |den |das |la )?(?:tag|hashtag|etiqueta):? (.+)|#(\D.*)")
WORD = re.compile(
    r"(?:the |das |la )?(?:word|words|phrase|wort|palabra):? (.+)"
    r"|(?:anything|everything|alles) (?:about|with|mentioning|mit|über) (.+)"
)
SHOWN = 40  # characters of a name that nobody has, as it is shown again
QUOTES = " .!?“”\"'„«»"


async def meant(
    turn: Turn, view: View, typed: str, *, known: Sequence[Subject] | None = None
) -> list[Subject]:
    """What was named: one thing, or several makers of one name.

    `known`: what the member follows or muted, where one of those has to be meant.

    Raises:
        MakerNotFound: no maker is called that.
        CreationNotFound, CreationWithdrawn: its maker was named by a creation that cannot be seen.
    """
    said = folded(typed).strip(QUOTES)
    if found := MAKER_OF.fullmatch(said):
        creation = await see(view, int(found[1]), reader=turn.reader)
        return [Subject(Followed.MEMBER, str(creation.author_id))]
    if found := MEMBER.fullmatch(said):
        one = Subject(Followed.MEMBER, found[1])
        if known is not None and one not in known:
            number = int(one.value)
            if not await makers.made_something(view, number, reader=turn.reader):
                raise MakerNotFound(typed.strip()[:SHOWN])
        return [one]
    if found := THREAD.fullmatch(said):
        return [Subject(Followed.THREAD, str(int(found[1])))]
    if PLACE.fullmatch(said) and (at := place_in(said)) is not None:
        shown = turn.parts.shown.last((turn.member_id, turn.place.key))
        if at < len(shown):
            return [Subject(Followed.THREAD, str(shown[at]))]
    for pattern, kind in ((TAG, Followed.TAG), (WORD, Followed.WORD)):
        if found := pattern.fullmatch(said):
            return [Subject(kind, (found[1] or found[2]).strip(QUOTES))]
    if known is None:
        others = await makers.named(view, reader=turn.reader, text=said)
        people = [it for it in others if it[0] != turn.member_id]
    else:
        ids = [int(it.value) for it in known if it.kind is Followed.MEMBER]
        people = list((await members.names(view, ids)).items())
        if bare := [it for it in known if it.kind is not Followed.MEMBER and it.value == said]:
            return bare[:1]
    return [Subject(Followed.MEMBER, str(it)) for it in _called(said, people, typed)]


def typed(subject: Subject) -> str:
    """The words that mean just this, for a button."""
    return f"{subject.kind.value} {subject.value}"


def _called(said: str, people: Sequence[tuple[int, str]], typed: str) -> list[int]:
    """Who has this name; else whose name begins with it; else whose name was said."""
    said = said.removeprefix("@")
    named = [(member_id, folded(name)) for member_id, name in people]
    for fits in (
        lambda name: name == said,
        lambda name: name.startswith(f"{said} "),
        lambda name: re.search(rf"(?<!\w){re.escape(name)}(?!\w)", said) is not None,
    ):
        if said and (found := [member_id for member_id, name in named if name and fits(name)]):
            return found
    raise MakerNotFound(typed.strip()[:SHOWN])
