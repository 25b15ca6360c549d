"""Composes digests, and shows them."""

from agents import cards, phrases
from agents.answer import Answer, Button, Call
from agents.references import CreationRef
from agents.turn import Parts
from feed_core.services import digests, members, timeline
from feed_core.services.live import Live
from feed_core.services.sight import Reader
from feed_core.store import Store

OWN = 3


async def compose(store: Store, live: Live, digest_id: int) -> None:
    """Choose what stands in a digest and write it down; a second time changes nothing.

    One that was asked for shows what its member made themselves when nobody else made anything.
    """
    window = await live.window()
    async with store.read() as view:
        digest = await digests.get(view, digest_id)
        items = await digests.choose(view, digest_id, window=window)
        if not items and digest.identity_id is None:
            items = await timeline.made_by(
                view,
                author_id=digest.member_id,
                reader=Reader(digest.member_id),
                limit=OWN,
            )
    chosen = [(it.creation.id, it.reason) for it in items if it.creation.id is not None]
    async with store.work() as work:
        await digests.compose(work, digest_id, chosen)


async def digest_answer(parts: Parts, digest_id: int) -> Answer:
    """A composed digest as its member sees it; what was withdrawn meanwhile is left out."""
    async with parts.store.read() as view:
        digest, items = await digests.contents(view, digest_id)
        member = await members.get(view, digest.member_id)
        shown = await cards.cards(parts.media, view, items)
    refs = [CreationRef(it.creation.id) for it in items if it.creation.id is not None]
    return Answer(
        text=phrases.digest(member.name, digest.local_date, [it.reason.kind for it in items]),
        cards=shown,
        buttons=[Button(str(it), Call("show", {"creation": it.id})) for it in refs],
        facts={"creations": refs},
        private=True,
    )
