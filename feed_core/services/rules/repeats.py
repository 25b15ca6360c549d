"""What was published before, word for word or almost."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

from feed_core.models.media import Media
from feed_core.models.moderation import Thing
from feed_core.services import likeness
from feed_core.services.gate import PASSED, Content, Decision, strictest
from feed_core.services.likeness import Alike
from feed_core.services.sight import Reader
from feed_core.states import Outcome
from feed_core.store import View

OTHERS, OWN, PICTURE = "repeat", "repeat_own", "repeat_picture"
MOST_BITS = 32  # of 256 that differ between two copies of a picture; two pictures differ in 56
SENT = "sent on "  # the origin of what a person brought; two may well have the same painted


@dataclass(frozen=True, slots=True)
class Kept:
    """How repeats are judged.

    `text` and `picture` are what becomes of something like another member's, `alike` how much of a
    text has to be the same, `days` how far back it matters, and `own` how often members may repeat
    themselves before a moderator looks.
    """

    text: Outcome = Outcome.HOLD
    picture: Outcome = Outcome.HOLD
    alike: float = 0.7
    days: int = 30
    own: int = 3


class Repeats:
    """Finds copies of what the author can see."""

    def __init__(self, kept: Kept) -> None:
        self._kept = kept

    def concerns(self, content: Content) -> bool:
        """Whether it is a creation, or an edit of one."""
        return content.thing in (Thing.CREATION, Thing.REVISION)

    async def decide(self, view: View, content: Content) -> Decision:
        """Judge by what was there before."""
        text = likeness.telling_text(content.title, content.body)
        keys = likeness.text_keys(text)
        decisions = [await self._of_picture(view, content)]
        if keys:  # short words are often said twice
            found = await self._found(view, content, keys)
            said = likeness.shingles(text)
            alike = [it for it in found if likeness.shared(said, _shingles(it)) >= self._kept.alike]
            decisions.append(self._judged(alike, content, self._kept.text, OTHERS))
        return strictest(decisions)

    async def _of_picture(self, view: View, content: Content) -> Decision:
        if content.media_hash is None:
            return PASSED
        shown = await view.db.get(Media, content.media_hash)
        if shown is None or not shown.origin.startswith(SENT):
            return PASSED
        found = await self._found(view, content, likeness.picture_keys(shown.likeness))
        alike = []
        for it in found:
            other = await view.db.get(Media, it.media_hash) if it.media_hash else None
            if other and other.likeness and _looks_like(shown, other):
                alike.append(it)
        return self._judged(alike, content, self._kept.picture, PICTURE)

    async def _found(self, view: View, content: Content, keys: Sequence[int]) -> list[Alike]:
        return await likeness.candidates(
            view,
            keys,
            reader=Reader(content.author_id, content.room_id),
            since=view.now - timedelta(days=self._kept.days),
            but=content.creation_id,
        )

    def _judged(
        self, alike: list[Alike], content: Content, outcome: Outcome, rule: str
    ) -> Decision:
        others = [it for it in alike if it.author_id != content.author_id]
        if others and outcome is not Outcome.PASS:
            return Decision(outcome, rule, str(others[0].id))
        own = len(alike) - len(others)
        if own >= self._kept.own:
            return Decision(Outcome.HOLD, OWN, str(own))
        return PASSED


def _looks_like(one: Media, other: Media) -> bool:
    return likeness.differing(one.likeness, other.likeness) <= MOST_BITS


def _shingles(creation: Alike) -> frozenset[str]:
    return likeness.shingles(likeness.telling_text(creation.title, creation.body))
