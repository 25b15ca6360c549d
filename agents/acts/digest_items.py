"""What one does with the items of a digest, and with what waits in it for a yes."""

from dataclasses import replace
from typing import Annotated

from pydantic import JsonValue

from agents import asking, cards, digest_words, order_notices
from agents.act import Effect, act
from agents.answer import Answer, Button, Call
from agents.editions import EDITION, NoDigest, item_of
from agents.parameters import Doc
from agents.reason_words import because
from agents.references import CreationRef
from agents.turn import Turn
from feed_core.services import asking as questions
from feed_core.services import digests, members, proposals, timeline
from feed_core.services.sight import see

ITEM = Doc("the number of the item in the digest")
ASKED = 4  # things that wait for a yes, shown at once


@act(
    "digest open",
    effect=Effect.READ,
    private=True,
    examples=[
        "open item 3 of my digest",
        "show number 2 of the digest",
        "the fourth thing in my digest, please",
        "let me see item 5 from the digest",
        "öffne Punkt 3 aus meinem Digest",
        "abre el número 2 de mi resumen",
    ],
)
async def digest_open(
    turn: Turn, item: Annotated[int, ITEM], edition: Annotated[int, EDITION] = 0
) -> Answer:
    """Show one item of a digest whole, with what changes your next one."""
    async with turn.store.read() as view:
        digest, chosen = await item_of(turn, view, item, edition)
        found = await see(view, chosen.creation_id, reader=turn.reader)
        items = await timeline.asked_for(view, [found], reader=turn.reader)
        items = [replace(it, reason=chosen.reason) for it in items]
        shown = await cards.cards(turn.parts.media, view, items, excerpt=False)
    ref = CreationRef(chosen.creation_id)
    here: dict[str, JsonValue] = {"item": item, "edition": digest.id}
    given: dict[str, JsonValue] = {"creation": ref.id}
    own = found.author_id == turn.member_id
    tastes = [
        Button("More like this", Call("more", given), only_asker=True),
        Button("Less like this", Call("less", given), only_asker=True),
        Button("Mute this", Call("mute", {"what": f"thread {ref.id}"}), only_asker=True),
    ]
    return Answer(
        cards=shown,
        buttons=[
            Button("Remix", Call("remix", {"sources": [ref.id]})),
            Button("Open thread", Call("thread", given)),
            *([] if own else tastes),
            Button("Later", Call("digest later", here), only_asker=True),
            Button("Why?", Call("digest why", here), only_asker=True),
        ],
        facts={"creation": ref, "digest": digest.id},
    )


@act(
    "digest why",
    effect=Effect.READ,
    private=True,
    examples=[
        "why is 3 in my digest?",
        "why did I get number 2 in the digest?",
        "for what reason was item 4 in my digest?",
        "how come 1 is in my digest?",
        "explain why my digest has number 5",
        "warum ist 3 in meinem Digest?",
        "wieso habe ich Nummer 2 im Digest bekommen?",
        "¿por qué está el 3 en mi resumen?",
        "¿por qué me salió el 2 en el resumen?",
    ],
)
async def digest_why(
    turn: Turn, item: Annotated[int, ITEM], edition: Annotated[int, EDITION] = 0
) -> Answer:
    """Say why an item stands in your digest."""
    async with turn.store.read() as view:
        digest, chosen = await item_of(turn, view, item, edition)
        creation = await see(view, chosen.creation_id, reader=turn.reader)
        subject = chosen.reason.subject
        names = await members.names(view, [subject] if subject is not None else [])
    reason = because(chosen.reason, names)
    given: dict[str, JsonValue] = {"creation": chosen.creation_id}
    return Answer(
        text=digest_words.why(item, creation.title, reason, chosen.section, digest.local_date),
        buttons=[
            Button("More like this", Call("more", given), only_asker=True),
            Button("Less like this", Call("less", given), only_asker=True),
        ],
        facts={
            "creation": CreationRef(chosen.creation_id),
            "reason": chosen.reason.kind,
            "digest": digest.id,
        },
    )


@act(
    "digest later",
    effect=Effect.OWN,
    private=True,
    examples=[
        "later: 3 of my digest",
        "put number 2 of the digest off until the next one",
        "bring item 4 back in my next digest",
        "remind me of 1 in the next digest",
        "show me number 5 again in tomorrow's digest",
        "Nummer 3 später noch einmal im Digest",
        "stell Punkt 2 bis zum nächsten Digest zurück",
        "deja el 3 para el próximo resumen",
    ],
)
async def digest_later(
    turn: Turn, item: Annotated[int, ITEM], edition: Annotated[int, EDITION] = 0
) -> Answer:
    """Have an item come once more, in your next digest."""
    async with turn.store.work() as work:
        digest, chosen = await item_of(turn, work, item, edition)
        if digest.room_id is not None or digest.id is None:
            raise NoDigest
        await see(work, chosen.creation_id, reader=turn.reader)
        await digests.put_off(work, digest.id, item)
    return Answer(
        text=digest_words.later(item),
        facts={"creation": CreationRef(chosen.creation_id), "digest": digest.id},
    )


@act(
    "digest asks",
    effect=Effect.READ,
    private=True,
    examples=[
        "what waits for my yes?",
        "which proposals are open?",
        "show me what you want to do for me",
        "your open proposals, please",
        "which questions wait for my answer?",
        "was wartet auf mein Ja?",
        "welche Vorschläge sind offen?",
        "¿qué espera mi aprobación?",
    ],
)
async def digest_asks(turn: Turn) -> Answer:
    """Show what your agent would like to do, and what others ask you."""
    async with turn.store.read() as view:
        asked = await questions.waiting(view, member_id=turn.member_id, limit=ASKED)
        wished = await proposals.waiting(view, member_id=turn.member_id, limit=ASKED)
    parts: list[Answer] = []
    told = [await asking.question_notice(turn.parts, it.id) for it in asked if it.id is not None]
    parts += [it for it in told if it is not None]
    for it in wished:
        async with turn.store.read() as view:
            shown, buttons = await order_notices.asked(turn.parts, view, it)
        if buttons:
            parts.append(Answer(digest_words.proposal(it), cards=shown, buttons=buttons))
    several = len(parts) > 1
    return Answer(
        text="\n\n".join(
            f"{at}. {it.text}" if several else it.text for at, it in enumerate(parts, start=1)
        )
        or digest_words.NOTHING_WAITS,
        cards=[card for it in parts for card in it.cards],
        buttons=[
            replace(button, label=f"{at}: {button.label}") if several else button
            for at, it in enumerate(parts, start=1)
            for button in it.buttons
        ],
        facts={"questions": len(asked), "proposals": len(wished)},
    )
