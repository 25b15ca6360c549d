"""The digest: now, ahead of time, and once more."""

from dataclasses import replace
from typing import Annotated

from agents import digest_words
from agents.act import Effect, act
from agents.answer import Answer, Button, Call
from agents.digest_page import digest_answer, preview
from agents.editions import EDITION, edition_of
from agents.turn import Turn
from feed_core.services import digests
from feed_core.states import DeliveryState


@act(
    "digest now",
    effect=Effect.READ,
    private=True,
    slow=True,
    examples=[
        "give me my digest",
        "what did I miss?",
        "my digest now please",
        "catch me up on everything",
        "what happened while I was gone?",
        "show me today's digest",
        "the highlights since last time",
        "anything worth my while since yesterday?",
        "a round-up of what is new, please",
        "was habe ich verpasst?",
        "gib mir meinen Digest",
        "jetzt gleich meinen Digest bitte",
        "qué me perdí",
        "dame mi resumen ahora",
        "me pones al día, por favor",
        "was war los, während ich weg war?",
    ],
)
async def digest_now(turn: Turn) -> Answer:
    """Show what is worth your while right now, nothing twice."""
    async with turn.store.work() as work:
        digest_id = await digests.ask_now(
            work, member_id=turn.member_id, zone=turn.zone, asked_by=turn.inbox_id
        )
    await turn.parts.digester.compose(digest_id)
    return await digest_answer(turn.parts, digest_id)


@act(
    "digest preview",
    effect=Effect.READ,
    private=True,
    slow=True,
    examples=[
        "preview my next digest",
        "what would be in my next digest?",
        "let me peek at the coming digest",
        "how would my digest look now?",
        "a preview of tomorrow's digest",
        "what is going to be in the digest?",
        "zeig mir eine Vorschau auf meinen Digest",
        "was steht im nächsten Digest?",
        "vista previa de mi próximo resumen",
        "¿qué traerá mi próximo resumen?",
    ],
)
async def digest_preview(turn: Turn) -> Answer:
    """Show what your next digest would hold; nothing is used up."""
    return await preview(turn.parts, turn.member_id, zone=turn.zone)


@act(
    "digest last",
    effect=Effect.READ,
    private=True,
    examples=[
        "show my last digest again",
        "the digest from before, once more",
        "repeat the previous digest",
        "my digest did not arrive, show it again",
        "let me see the last digest again",
        "zeig den letzten Digest noch einmal",
        "mein Digest ist nicht angekommen",
        "muéstrame otra vez el último resumen",
        "no me llegó el resumen",
    ],
)
async def digest_last(turn: Turn, edition: Annotated[int, EDITION] = 0) -> Answer:
    """Show your last digest once more."""
    async with turn.store.read() as view:
        if edition or turn.digest_id:
            digest = await edition_of(turn, view, edition)
        else:
            found = await digests.last(view, turn.member_id)
            if found is None:
                return Answer(
                    text=digest_words.NO_DIGEST,
                    buttons=[Button("Make one now", Call("digest now"), only_asker=True)],
                    facts={"digest": None},
                )
            digest = found
        assert digest.id is not None
        state = await digests.arrived(view, digest.id)
    answer = await digest_answer(turn.parts, digest.id)
    if not answer.groups:
        return replace(answer, text=digest_words.NOTHING_LEFT)
    if state is DeliveryState.UNKNOWN:
        told = digest_words.not_arrived(digest.local_date)
        return replace(answer, text=f"{told}\n{answer.text}")
    return answer
