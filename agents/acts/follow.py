"""Following and muting makers, tags, threads and words."""

from collections.abc import Sequence
from typing import Annotated

from agents import keep_words, subjects
from agents.act import Effect, act
from agents.answer import Answer, Button, Call, Fact, undoing
from agents.parameters import Doc, SubjectName
from agents.references import CreationRef
from agents.turn import Turn
from feed_core.models.curation import Followed
from feed_core.services import curation, members, timeline
from feed_core.services.curation import MakerNotFound, Subject

OFFERED = 10
NOTHING = SubjectName("")
WHAT = "a maker's name, “maker of 12”, “thread 12” or “tag rain”; nothing lists them all"
OR_WORD = WHAT.replace("or “tag rain”", "“tag rain” or “word rain”")


@act(
    "follow",
    effect=Effect.OWN,
    private=True,
    examples=[
        "follow <Mio>",
        "follow <the maker of 12>",
        "follow <the tag rain>",
        "follow <thread 12>",
        "I want to see everything by <Mio>",
        "subscribe to <Mio>",
        "keep me posted on <thread 5>",
        "whom do I follow?",
        "folge <Mio>",
        "sigue a <Mio>",
    ],
)
async def follow(turn: Turn, what: Annotated[SubjectName, Doc(WHAT)] = NOTHING) -> Answer:
    """Follow a maker, tag or thread: its news comes first; or see what you follow."""
    if not what.strip():
        return await _listed(turn, muted=False)
    found, named = await _meant(turn, what)
    if found[0].kind is Followed.WORD:
        raise MakerNotFound(found[0].value)  # words are muted only
    if len(found) > 1:
        return await _which(turn, "follow", what, found)
    async with turn.store.work() as work:
        subject = await curation.follow(work, subject=found[0], reader=turn.reader)
    return Answer(
        text=keep_words.followed(named[0]),
        buttons=[undoing(_call("unfollow", subject))],
        facts=_facts(subject),
    )


@act(
    "unfollow",
    effect=Effect.OWN,
    private=True,
    examples=[
        "unfollow <Mio>",
        "stop following <Mio>",
        "I no longer want to follow <thread 12>",
        "unsubscribe from <the tag rain>",
        "unfollow <the maker of 4>",
        "folge <Mio> nicht mehr",
        "deja de seguir a <Mio>",
    ],
)
async def unfollow(turn: Turn, what: Annotated[SubjectName, Doc(WHAT)] = NOTHING) -> Answer:
    """Follow a maker, tag or thread no longer."""
    if not what.strip():
        return await _listed(turn, muted=False)
    known = await _known(turn, muted=False)
    found, named = await _meant(turn, what, known=known)
    if len(found) > 1:
        return await _which(turn, "unfollow", what, found)
    async with turn.store.work() as work:
        did = await curation.unfollow(work, subject=found[0], member_id=turn.member_id)
    return Answer(
        text=keep_words.unfollowed(named[0], did=did),
        buttons=[undoing(_call("follow", found[0]))] if did else [],
        facts={**_facts(found[0]), "did": did},
    )


@act(
    "mute",
    effect=Effect.OWN,
    private=True,
    examples=[
        "mute <Mio>",
        "mute <the word spiders>",
        "mute <the maker of 4>",
        "mute <thread 12>",
        "I never want to see anything by <Mio> again",
        "block <the tag politics>",
        "don't show me <anything about spiders>",
        "which words and makers have I muted?",
        "schalte <Mio> stumm",
        "silencia a <Mio>",
    ],
)
async def mute(turn: Turn, what: Annotated[SubjectName, Doc(OR_WORD)] = NOTHING) -> Answer:
    """Keep a maker, tag, thread or word out of your feed; or see what you muted."""
    if not what.strip():
        return await _listed(turn, muted=True)
    found, named = await _meant(turn, what)
    if len(found) > 1:
        return await _which(turn, "mute", what, found)
    async with turn.store.work() as work:
        subject = await curation.mute(work, subject=found[0], reader=turn.reader)
    return Answer(
        text=keep_words.muted(named[0]),
        buttons=[undoing(_call("unmute", subject))],
        facts=_facts(subject),
    )


@act(
    "unmute",
    effect=Effect.OWN,
    private=True,
    examples=[
        "unmute <Mio>",
        "show me things by <Mio> again",
        "unmute <the word spiders>",
        "stop muting <the tag politics>",
        "I want to hear from <Mio> again",
        "hebe die Stummschaltung von <Mio> auf",
        "deja de silenciar a <Mio>",
    ],
)
async def unmute(turn: Turn, what: Annotated[SubjectName, Doc(OR_WORD)] = NOTHING) -> Answer:
    """See a maker, tag, thread or word again that you muted."""
    if not what.strip():
        return await _listed(turn, muted=True)
    known = await _known(turn, muted=True)
    found, named = await _meant(turn, what, known=known)
    if len(found) > 1:
        return await _which(turn, "unmute", what, found)
    async with turn.store.work() as work:
        did = await curation.unmute(work, subject=found[0], member_id=turn.member_id)
    return Answer(
        text=keep_words.unmuted(named[0], did=did),
        buttons=[undoing(_call("mute", found[0]))] if did else [],
        facts={**_facts(found[0]), "did": did},
    )


async def _meant(
    turn: Turn, what: str, *, known: Sequence[Subject] | None = None
) -> tuple[list[Subject], list[str]]:
    """What is meant, and how each is called; names are looked up before anything is written."""
    async with turn.store.read() as view:
        found = await subjects.meant(turn, view, what, known=known)
    return found, await _named(turn, found)


async def _known(turn: Turn, *, muted: bool) -> list[Subject]:
    async with turn.store.read() as view:
        if muted:
            return await curation.mutes(view, member_id=turn.member_id)
        return await curation.follows(view, member_id=turn.member_id)


async def _named(turn: Turn, found: Sequence[Subject]) -> list[str]:
    ids = [int(it.value) for it in found if it.kind is Followed.MEMBER]
    async with turn.store.read() as view:
        names = await members.names(view, ids)
    return [keep_words.subject(it, names) for it in found]


async def _listed(turn: Turn, *, muted: bool) -> Answer:
    """All that is followed or muted, with buttons that end it."""
    known = await _known(turn, muted=muted)
    named = await _named(turn, known)
    end = "unmute" if muted else "unfollow"
    return Answer(
        text=keep_words.mutes(named) if muted else keep_words.follows(named),
        buttons=[
            _button(f"{end.capitalize()} {name}"[:80], end, it)
            for it, name in zip(known[:OFFERED], named, strict=False)
        ],
        facts={"count": len(known)},
    )


async def _which(turn: Turn, name: str, what: str, found: Sequence[Subject]) -> Answer:
    """Several makers of one name: a button for each, told apart by what they made last."""
    buttons = []
    async with turn.store.read() as view:
        for it in found[:OFFERED]:
            newest = await timeline.made_by(
                view, author_id=int(it.value), reader=turn.reader, limit=1
            )
            made = [f"#{item.creation.id} {item.creation.title}"[:80] for item in newest]
            buttons.append(_button(made[0] if made else subjects.typed(it), name, it))
    return Answer(
        text=keep_words.which(what.strip()), buttons=buttons, facts={"makers": len(found)}
    )


def _button(label: str, name: str, subject: Subject) -> Button:
    return Button(label, _call(name, subject), only_asker=True)


def _call(name: str, subject: Subject) -> Call:
    return Call(name, {"what": subjects.typed(subject)})


def _facts(subject: Subject) -> dict[str, Fact]:
    thread = CreationRef(int(subject.value)) if subject.kind is Followed.THREAD else None
    return {"kind": subject.kind, "thread": thread}
