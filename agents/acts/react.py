"""Saying what one feels and thinks about a creation."""

from collections.abc import Mapping
from typing import Annotated, Any

from agents import phrases
from agents.act import Effect, act
from agents.answer import Answer, Button, Call
from agents.parameters import Doc
from agents.references import CreationRef
from agents.turn import Through, Turn
from feed_core.errors import Blocked
from feed_core.services import publishing, reactions
from feed_core.services.gate import Content
from feed_core.states import Outcome


@act(
    "like",
    effect=Effect.PUBLISH,
    private=True,
    examples=[
        "like 4",
        "I love number 12",
        "give 5 a like",
        "a heart for number 2",
        "thumbs up for 3",
        "I like the sea one",
        "number 7 is great",
        "mir gefällt die 3",
        "ich mag Nummer 2",
        "me gusta el 5",
    ],
)
async def like(
    turn: Turn, creation: Annotated[CreationRef, Doc("the creation that you like")]
) -> Answer:
    """Like a creation."""
    async with turn.store.work() as work:
        count = await reactions.like(work, creation_id=creation.id, reader=turn.reader)
    return Answer(
        text=phrases.liked(creation.id, count),
        buttons=[Button("Undo", Call("unlike", {"creation": creation.id}), only_asker=True)],
        facts={"creation": creation, "likes": count},
    )


@act(
    "unlike",
    effect=Effect.PUBLISH,
    private=True,
    examples=[
        "take my like of 4 back",
        "unlike 3",
        "I no longer like number 5",
        "remove the like I gave to 2",
        "undo the like on 7",
        "take my heart back from 6",
        "ich mag die 4 nicht mehr",
        "ya no me gusta el 2",
    ],
)
async def unlike(
    turn: Turn, creation: Annotated[CreationRef, Doc("the creation that you liked")]
) -> Answer:
    """Take a like back."""
    async with turn.store.work() as work:
        count = await reactions.unlike(work, creation_id=creation.id, reader=turn.reader)
    return Answer(text=phrases.unliked(creation.id), facts={"creation": creation, "likes": count})


async def _show_comment(turn: Turn, given: Mapping[str, Any]) -> Answer:
    return Answer(text=phrases.would_comment(given["creation"].id, given["words"]))


@act(
    "comment",
    effect=Effect.PUBLISH,
    private=True,
    preview=_show_comment,
    examples=[
        "comment on 4: <what a lovely line>",
        "tell the maker of 12 that <it made me laugh>",
        "write a comment under 3: <so good>",
        "reply to number 5: <thank you for this>",
        "say on 7 that <I cried>",
        "leave a note on 2 saying <well made>",
        "let the author of 6 know that <I like it>",
        "kommentiere 3: <wunderbar>",
        "schreib unter 2: <toll>",
        "comenta el 3: <me encanta>",
    ],
)
async def comment(
    turn: Turn,
    creation: Annotated[CreationRef, Doc("the creation to talk about")],
    words: Annotated[str, Doc("what to say")],
) -> Answer:
    """Say something about a creation, for everybody to read."""
    piece = publishing.Piece(title="", body=words)
    decision = await turn.parts.check.decide(
        Content(turn.member_id, "", words, None, piece.content_hash)
    )
    if decision.outcome in (Outcome.HOLD, Outcome.BLOCK):
        raise Blocked(decision.rule)
    async with turn.store.work() as work:
        written = await reactions.comment(
            work,
            creation_id=creation.id,
            reader=turn.reader,
            body=words,
            tainted=turn.through is Through.AGENT,
        )
    return Answer(
        text=phrases.commented(creation.id, written.body),
        buttons=[Button("Show", Call("show", {"creation": creation.id}))],
        facts={"creation": creation},
    )
