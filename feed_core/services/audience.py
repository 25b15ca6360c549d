"""Who may see a creation, chosen by its maker."""

from feed_core.errors import Blocked
from feed_core.events import VisibilityChanged
from feed_core.models.creations import Creation
from feed_core.models.moderation import Thing
from feed_core.services import gists, publishing, room_posts, verdicts
from feed_core.services.gate import Content, Decision
from feed_core.services.publishing import RoomNeeded
from feed_core.states import CreationState, Outcome, Visibility
from feed_core.store import Work

UNKNOWN = Decision(Outcome.HOLD, "no_answer")


async def show_to(
    work: Work,
    *,
    creation_id: int,
    member_id: int,
    visibility: Visibility,
    room_id: int | None = None,
    checked: Content | None = None,
    decision: Decision | None = None,
) -> Creation:
    """Change who may see a creation, from now on and everywhere.

    For one room that is `room_id`, or else the room that it was made in. What only its maker saw
    so far is held unless `decision` is on just what it says now.

    Raises:
        Blocked: the decision lets nobody else see it.
        CreationNotFound, NotYours: it is not the member's own published creation.
        RoomNeeded: it is to be for one room, and there is none.
    """
    creation = await publishing.own(work, creation_id=creation_id, member_id=member_id)
    room_id = room_id or creation.room_id
    if visibility is Visibility.ROOM and room_id is None:
        raise RoomNeeded
    if creation.visibility is Visibility.ONLY_ME and visibility is not Visibility.ONLY_ME:
        known = checked is not None and checked.content_hash == creation.content_hash
        await _judged(work, creation, decision if known and decision else UNKNOWN)
    creation.visibility, creation.room_id = visibility, room_id
    await gists.forget(work, creation_id=creation_id)
    await room_posts.follow(work, creation)
    work.record(VisibilityChanged(creation_id=creation_id))
    return creation


async def _judged(work: Work, creation: Creation, decision: Decision) -> None:
    assert creation.id is not None
    if decision.outcome is Outcome.BLOCK:
        raise Blocked(decision.rule, decision.passage)
    await verdicts.record(
        work,
        thing=Thing.CREATION,
        thing_id=creation.id,
        content_hash=creation.content_hash,
        decision=decision,
    )
    creation.warnings = list(decision.labels)
    if decision.outcome is Outcome.HOLD:
        await publishing.take_down(work, creation, to=CreationState.HELD)
