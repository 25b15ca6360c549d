"""Emoji on cards in private chats: what each message showed, and what somebody feels about it."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import timedelta

from sqlmodel import col, delete

from feed_core.models.shown_cards import ShownCard
from feed_core.services import members, once, reactions
from feed_core.services.sight import Reader
from feed_core.states import ReactionKind
from feed_core.store import View, Work

KEPT = timedelta(days=30)


@dataclass(frozen=True, slots=True)
class Spot:
    """A private chat, as its platform knows it."""

    platform: str
    place_id: str


async def note(work: Work, spot: Spot, message_ids: Sequence[str], *, creation_id: int) -> None:
    """Remember that these messages show a creation, and nothing else."""
    rows = [
        {
            "platform": spot.platform,
            "place_id": spot.place_id,
            "message_id": it,
            "creation_id": creation_id,
            "created_at": work.now,
        }
        for it in message_ids
    ]
    await once.add(work, ShownCard, rows, by=("platform", "place_id", "message_id"))


async def creation_on(view: View, spot: Spot, message_id: str) -> int | None:
    """The creation that a message shows, and nothing else."""
    shown = await view.db.get(ShownCard, (spot.platform, spot.place_id, message_id))
    return None if shown is None else shown.creation_id


async def feel(
    work: Work,
    spot: Spot,
    message_id: str,
    *,
    account: str,
    added: Collection[ReactionKind],
    removed: Collection[ReactionKind],
) -> bool:
    """Count what an account feels about a card; False when nobody knows what was shown there.

    Raises:
        CreationNotFound, CreationWithdrawn: it cannot be seen any more.
    """
    shown = await work.db.get(ShownCard, (spot.platform, spot.place_id, message_id))
    known = await members.find_account(work, platform=spot.platform, external_id=account)
    if shown is None or known is None:
        return False
    for kind in removed:
        await reactions.unreact(
            work, creation_id=shown.creation_id, member_id=known.member_id, kind=kind
        )
    for kind in added:
        await reactions.react(
            work, creation_id=shown.creation_id, reader=Reader(known.member_id), kind=kind
        )
    return True


async def forget(work: Work) -> None:
    """Let go of what was shown long ago."""
    await work.db.exec(delete(ShownCard).where(col(ShownCard.created_at) < work.now - KEPT))
