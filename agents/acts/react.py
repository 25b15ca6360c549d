"""Saying what one feels and thinks about a creation."""

from collections.abc import Mapping
from enum import StrEnum
from typing import Annotated, Any

from agents import cards, rule_words, thread_words
from agents.act import Effect, act
from agents.answer import Answer, Button, Call, undoing
from agents.parameters import Doc
from agents.references import CommentRef, CreationRef
from agents.turn import Through, Turn
from feed_core import worker
from feed_core.errors import Blocked
from feed_core.services import commenting, reactions
from feed_core.services.commenting import CommentHeld
from feed_core.states import Outcome, ReactionKind


class Reacted(StrEnum):
    """Which of one's reactions is meant."""

    ALL = "all"
    LIKE = "like"
    LOVE = "love"
    LAUGH = "laugh"
    WOW = "wow"
    MOVED = "moved"
    SPARK = "spark"


@act(
    "like",
    effect=Effect.PUBLISH,
    private=True,
    redraws=True,
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
    return await _react(turn, creation, ReactionKind.LIKE)


@act(
    "react",
    effect=Effect.PUBLISH,
    private=True,
    redraws=True,
    examples=[
        "react to 4",
        "react to number 12 with a laugh",
        "react with wow to 5",
        "put a spark on number 3",
        "number 4 made me laugh",
        "number 7 moved me to tears",
        "give an emoji reaction to 2",
        "reagiere auf Nummer 3",
        "Nummer 2 hat mich zum Lachen gebracht",
        "reacciona al 5",
        "haha, 13 cracked me up, mark it so",
    ],
)
async def react(
    turn: Turn,
    creation: Annotated[CreationRef, Doc("the creation that you feel something about")],
    reaction: Annotated[ReactionKind, Doc("what you feel; spark: it gave you an idea")],
) -> Answer:
    """Say what you feel about a creation, in one of six ways."""
    return await _react(turn, creation, reaction)


@act(
    "unlike",
    effect=Effect.PUBLISH,
    private=True,
    redraws=True,
    examples=[
        "take my like of 4 back",
        "unlike 3",
        "I no longer like number 5",
        "remove the like I gave to 2",
        "undo the like on 7",
        "take my heart back from 6",
        "remove my reaction to number 8",
        "ich mag die 4 nicht mehr",
        "ya no me gusta el 2",
    ],
)
async def unlike(
    turn: Turn,
    creation: Annotated[CreationRef, Doc("the creation that you liked or reacted to")],
    reaction: Annotated[Reacted, Doc("which reaction to take back")] = Reacted.ALL,
) -> Answer:
    """Take a like back, or another reaction."""
    kind = None if reaction is Reacted.ALL else ReactionKind(reaction.value)
    async with turn.store.work() as work:
        gone = await reactions.unreact(
            work, creation_id=creation.id, member_id=turn.member_id, kind=kind
        )
        shown = await cards.redrawn(work, creation.id, reader=turn.reader)
    return Answer(
        text=thread_words.unreacted(creation.id, gone),
        facts={"creation": creation, "taken_back": len(gone)},
        redrawn=shown,
    )


async def _show_comment(turn: Turn, given: Mapping[str, Any]) -> Answer:
    return Answer(text=thread_words.would_comment(given["creation"].id, given["words"]))


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
    content = commenting.content(creation_id=creation.id, author_id=turn.member_id, body=words)
    decision = await worker.judge(turn.parts.check, content)
    async with turn.store.work() as work:
        written = await commenting.comment(
            work,
            reader=turn.reader,
            checked=content,
            decision=decision,
            tainted=turn.through is Through.AGENT,
            origin=turn.origin,
        )
    assert written.id is not None
    if decision.outcome is Outcome.BLOCK:
        raise Blocked(decision.rule, decision.passage)
    if decision.outcome is Outcome.HOLD:
        raise CommentHeld(written.id, decision.rule, decision.passage)
    ref = CommentRef(written.id)
    said = thread_words.commented(creation.id, written.id, written.body)
    return Answer(
        text="\n".join(filter(None, [said, rule_words.labelled(written.warnings, decision)])),
        buttons=[
            Button("Show", Call("show", {"creation": creation.id})),
            undoing(Call("uncomment", {"comment": str(ref)}), "Take back"),
        ],
        facts={"creation": creation, "comment": ref},
    )


@act(
    "uncomment",
    effect=Effect.PUBLISH,
    private=True,
    examples=[
        "delete my comment c4",
        "take back what I said in c12",
        "remove comment c5",
        "delete c3 from under my picture",
        "I regret my comment c7",
        "lösche meinen Kommentar c3",
        "borra mi comentario c5",
    ],
)
async def uncomment(
    turn: Turn,
    comment: Annotated[CommentRef, Doc("your comment, or one on a creation of yours")],
) -> Answer:
    """Take a comment away: your own, or one on what you made."""
    async with turn.store.work() as work:
        gone = await commenting.withdraw(work, comment_id=comment.id, reader=turn.reader)
    return Answer(
        text=thread_words.uncommented(comment.id, gone.creation_id),
        buttons=[Button("Thread", Call("thread", {"creation": gone.creation_id}))],
        facts={"comment": comment, "creation": CreationRef(gone.creation_id)},
    )


async def _react(turn: Turn, creation: CreationRef, kind: ReactionKind) -> Answer:
    async with turn.store.work() as work:
        count = await reactions.react(work, creation_id=creation.id, reader=turn.reader, kind=kind)
        shown = await cards.redrawn(work, creation.id, reader=turn.reader)
    return Answer(
        text=thread_words.reacted(creation.id, kind, count),
        buttons=[undoing(Call("unlike", {"creation": creation.id, "reaction": kind.value}))],
        facts={"creation": creation, "reaction": kind, "feel_so": count},
        redrawn=shown,
    )
