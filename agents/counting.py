"""What members like and what happened to them, as it is counted from what they did here.

Words of others stay out: a tag counts only as one plain word that several makers use, a maker only
by number. Texts and titles are never read.
"""

import re
from collections.abc import Iterator, Sequence

from agents.phrases import listing, plural
from feed_core.services import tallies
from feed_core.services.tallies import Likes, Month
from feed_core.states import CreationKind
from feed_core.store import Store
from memory.claims import Claim
from memory.remembering import Memories

TAG_LIKES, TAG_MAKERS, TAGS = 3, 3, 5
MAKER_LIKES, MAKERS = 4, 3
KIND_LIKES, KIND_SHARE, KINDS = 5, 0.4, 2
MONTHS = 12
LISTED = 10  # creations of a month
WORD = re.compile(r"[^\W\d_]{2,24}")
NAMES = {
    CreationKind.TEXT: "texts",
    CreationKind.IMAGE: "pictures",
    CreationKind.MEME: "memes",
    CreationKind.AUDIO: "sound",
    CreationKind.VIDEO: "video",
    CreationKind.LINK: "links",
}


async def recount(store: Store, memories: Memories, member_id: int) -> int:
    """Bring what is counted of a member up to date; returns how many memories changed."""
    async with store.read() as view:
        liked = await tallies.likes(view, member_id)
        months = await tallies.months(view, member_id)
    claims = [*tastes(liked), *(it for month in months[:MONTHS] for it in episodes(month))]
    return await memories.recount(member_id, claims)


def tastes(liked: Likes) -> Iterator[Claim]:
    """What somebody likes, as far as their reactions say so often enough."""
    tags = [
        (tag, count)
        for tag, count in liked.tags.items()
        if count >= TAG_LIKES
        and liked.makers_of_tag[tag] >= TAG_MAKERS
        and WORD.fullmatch(tag) is not None
    ]
    for tag, count in sorted(tags, key=lambda it: (-it[1], it[0]))[:TAGS]:
        yield _taste(f"I like what is tagged {tag}", f"tag {tag}", count, liked)
    kinds = [
        (kind, count)
        for kind, count in liked.kinds.items()
        if count >= KIND_LIKES and count >= KIND_SHARE * liked.count
    ]
    for kind, count in sorted(kinds, key=lambda it: (-it[1], it[0]))[:KINDS]:
        yield _taste(f"I like {NAMES[kind]}", f"kind {kind.value}", count, liked)
    makers = [(maker, count) for maker, count in liked.makers.items() if count >= MAKER_LIKES]
    for maker, count in sorted(makers, key=lambda it: (-it[1], it[0]))[:MAKERS]:
        yield _taste(f"I like what member {maker} makes", f"maker {maker}", count, liked)


def episodes(month: Month) -> Iterator[Claim]:
    """What somebody did in a month: at most one memory of each kind."""
    when = f"{month.first:%B %Y}"
    made = (("published", "creation", month.published), ("remixed", "remix", month.remixed))
    for verb, thing, numbers in made:
        if numbers:
            many = plural(len(numbers), thing, f"{thing}es" if thing == "remix" else "")
            shown = listing([f"#{it}" for it in numbers[-LISTED:]])
            yield _episode(f"I published {many} in {when}: {shown}", verb, month)
    if month.jams:
        yield _episode(f"I played in {plural(len(month.jams), 'jam')} in {when}", "jammed", month)


def _taste(text: str, subject: str, count: int, liked: Likes) -> Claim:
    source = f"from {plural(count, 'like')}"
    return Claim.noted("taste", text, slot=f"liked {subject}", source=source, said_at=liked.last_at)


def _episode(text: str, verb: str, month: Month) -> Claim:
    slot = f"{verb} {month.first:%Y-%m}"
    return Claim.noted(
        "episode", text, slot=slot, source="from what you did here", said_at=month.last_at
    )


def makers_among(slots: Sequence[str]) -> list[int]:
    """The members whose making is liked, by the slots of memories."""
    found = (re.fullmatch(r"liked maker (\d+)", it) for it in slots)
    return [int(it[1]) for it in found if it is not None]
