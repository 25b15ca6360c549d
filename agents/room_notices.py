"""What rooms that are bound to the feed show of it, as it is when it is sent."""

from agents import cards, room_words, rule_words, thread_words
from agents.answer import Answer, Card
from agents.turn import Parts
from feed_core.models.reactions import Comment
from feed_core.models.rooms import Room
from feed_core.services import members, room_posts, timeline
from feed_core.services.room_posts import Sight
from feed_core.services.sight import Reader
from feed_core.states import Authorship
from feed_core.store import View

NOBODY = 0  # no member: sees what everybody in a room sees
# How a place that sorts what is sent to it calls who made something.
LABELS = {
    Authorship.HUMAN: "by hand",
    Authorship.HUMAN_EDITED_AI: "AI and hand",
    Authorship.AI_EDITED_HUMAN: "hand and AI",
    Authorship.AI: "AI",
    Authorship.AGENT: "posted by AI",
}


async def posted_notice(parts: Parts, post_id: int) -> Answer | None:
    """A creation's card; None when the room may not show it any more."""
    async with parts.store.read() as view:
        seen = await room_posts.sight(view, post_id)
        return None if seen.creation is None else await _card(parts, view, seen)


async def commented_notice(parts: Parts, post_id: int) -> Answer | None:
    """A comment that was made elsewhere; None when it is not read any more."""
    async with parts.store.read() as view:
        seen = await room_posts.sight(view, post_id)
        if seen.creation is None or seen.comment is None:
            return None
        return await _comment(view, seen.comment)


async def amended_notice(parts: Parts, post_id: int) -> Answer | None:
    """What a message that stands in a room shows from now on."""
    async with parts.store.read() as view:
        seen = await room_posts.sight(view, post_id)
        if seen.post.comment_id is not None:
            if seen.creation is None or seen.comment is None:
                return Answer(text=room_words.COMMENT_GONE)
            return await _comment(view, seen.comment)
        if seen.creation is None:
            return Answer(text=room_words.gone(f"#{seen.post.creation_id}"))
        return await _card(parts, view, seen)


async def removed_notice(parts: Parts, delivery_id: int) -> Answer | None:
    """Nothing: what stood there goes away."""
    return None


async def lost_notice(parts: Parts, room_id: int) -> Answer | None:
    """That a bound room is lost; None when it is found again."""
    async with parts.store.read() as view:
        room = await view.db.get_one(Room, room_id)
    if room.gone_at is None:
        return None
    return Answer(text=room_words.lost(room), private=True)


async def _card(parts: Parts, view: View, seen: Sight) -> Answer:
    creation = seen.creation
    assert creation is not None
    assert creation.id is not None
    items = await timeline.asked_for(view, [creation], reader=Reader(NOBODY, seen.room.id))
    return Answer(
        cards=await cards.cards(parts.media, view, items),
        buttons=cards.creation_buttons(creation.id),
        labels=[creation.kind.value, LABELS[creation.authorship]],
    )


async def _comment(view: View, said: Comment) -> Answer:
    names = await members.names(view, [said.author_id])
    name = names.get(said.author_id, "")
    card = Card(
        ref=f"c{said.id}",
        title="",
        body=said.body,
        byline=f"{thread_words.said_by(name)} · #{said.creation_id}",
        notice=rule_words.notice(said.warnings),
    )
    return Answer(cards=[card])
