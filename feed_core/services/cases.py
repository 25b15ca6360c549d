"""What moderators decide on: whatever is held, and what members reported."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func
from sqlmodel import col, select

from feed_core.errors import CreationNotFound
from feed_core.models.creations import UNSETTLED, Creation
from feed_core.models.moderation import Report, ReportState, Thing, Verdict
from feed_core.models.names import NameChange
from feed_core.models.reactions import HELD_COMMENT, Comment
from feed_core.models.revisions import Revision
from feed_core.services import commenting, naming, verdicts
from feed_core.services.commenting import CommentNotFound
from feed_core.services.naming import NameNotFound
from feed_core.states import CommentState, CreationState, RevisionState
from feed_core.store import View, Work

HELD = (CreationState.HELD, CommentState.HELD, RevisionState.HELD)
SHOWN = (CreationState.PUBLISHED, CommentState.PUBLISHED)


@dataclass(frozen=True, slots=True)
class Case:
    """One thing to decide on: a creation, a held edit of it, or a comment on it.

    `verdict` is the last one on it, `reports` are those that nobody has answered, oldest first.
    """

    creation: Creation
    revision: Revision | None = None
    comment: Comment | None = None
    verdict: Verdict | None = None
    reports: Sequence[Report] = ()

    @property
    def thing(self) -> Thing:
        """What it is."""
        if self.comment is not None:
            return Thing.COMMENT
        return Thing.CREATION if self.revision is None else Thing.REVISION

    @property
    def thing_id(self) -> int:
        """Its number among its kind."""
        return (self.comment or self.revision or self.creation).id or 0

    @property
    def author_id(self) -> int:
        """Whose it is."""
        return (self.comment or self.creation).author_id

    @property
    def state(self) -> CreationState | RevisionState | CommentState:
        """Where it stands."""
        return (self.comment or self.revision or self.creation).state

    @property
    def content_hash(self) -> str:
        """The hash of what it says and shows."""
        if self.comment is not None:
            return commenting.hash_of(self.comment.body)
        return (self.revision or self.creation).content_hash

    @property
    def held(self) -> bool:
        """Whether it waits for a decision, seen by nobody else."""
        return self.state in HELD

    @property
    def shown(self) -> bool:
        """Whether others see it."""
        return self.state in SHOWN

    @property
    def since(self) -> datetime:
        """Since when somebody should have a look."""
        if self.held and self.verdict is not None:
            return self.verdict.decided_at
        begun = (self.comment or self.revision or self.creation).created_at
        return min((it.created_at for it in self.reports), default=begun)


@dataclass(frozen=True, slots=True)
class NameCase:
    """A name to decide on, that waits; nobody reports a name that nobody sees."""

    change: NameChange
    verdict: Verdict | None = None
    reports: Sequence[Report] = ()

    held = True
    shown = False

    @property
    def thing(self) -> Thing:
        """Whose name it is to be: a member's or an agent's."""
        return self.change.thing

    @property
    def thing_id(self) -> int:
        """Its number among names."""
        return self.change.id or 0

    @property
    def author_id(self) -> int:
        """Who wants it."""
        return self.change.member_id

    @property
    def state(self) -> RevisionState:
        """Where it stands."""
        return self.change.state

    @property
    def content_hash(self) -> str:
        """The hash of the name."""
        return naming.hash_of(self.change)

    @property
    def since(self) -> datetime:
        """Since when somebody should have a look."""
        return self.verdict.decided_at if self.verdict is not None else self.change.created_at


AnyCase = Case | NameCase


async def of_creation(view: View, creation_id: int) -> Case:
    """A creation, or the edit of it that is held.

    Raises:
        CreationNotFound: there is none, or nothing of it is left.
    """
    creation = await view.db.get(Creation, creation_id)
    if creation is None or creation.state in (CreationState.CHECKING, CreationState.WITHDRAWN):
        raise CreationNotFound(creation_id)
    found = await view.db.exec(
        select(Revision)
        .where(Revision.creation_id == creation_id, Revision.state == RevisionState.HELD)
        .order_by(col(Revision.id).desc())
        .limit(1)
    )
    return await _whole(view, creation, revision=found.first())


async def of_comment(view: View, comment_id: int) -> Case:
    """A comment.

    Raises:
        CommentNotFound: there is none, or nothing of it is left.
    """
    comment = await view.db.get(Comment, comment_id)
    if comment is None or comment.state is CommentState.WITHDRAWN:
        raise CommentNotFound(comment_id)
    creation = await view.db.get_one(Creation, comment.creation_id)
    return await _whole(view, creation, comment=comment)


async def of_name(view: View, change_id: int) -> NameCase:
    """A name that waits.

    Raises:
        NameNotFound: none of this number does.
    """
    change = await view.db.get(NameChange, change_id)
    if change is None or change.state is not RevisionState.HELD:
        raise NameNotFound(change_id)
    return NameCase(change, await verdicts.latest(view, thing=change.thing, thing_id=change_id))


async def open_creation(work: Work, creation_id: int) -> Case:
    """As `of_creation`, and nobody else decides on it until the transaction ends."""
    await work.hold_if_any(Creation, creation_id)
    return await of_creation(work, creation_id)


async def open_comment(work: Work, comment_id: int) -> Case:
    """As `of_comment`, and nobody else decides on it until the transaction ends."""
    await work.hold_if_any(Comment, comment_id)
    return await of_comment(work, comment_id)


async def open_name(work: Work, change_id: int) -> NameCase:
    """As `of_name`, and nobody else decides on it until the transaction ends."""
    await work.hold_if_any(NameChange, change_id)
    return await of_name(work, change_id)


async def waiting(view: View, *, limit: int) -> list[AnyCase]:
    """What waits for a decision: first what is held, the oldest first, then what most reported."""
    creations = await view.db.exec(
        select(Creation.id)
        .where(UNSETTLED, Creation.state == CreationState.HELD)
        .order_by(col(Creation.id))
        .limit(limit)
    )
    edited = await view.db.exec(
        select(Revision.creation_id)
        .where(Revision.state == RevisionState.HELD)
        .order_by(col(Revision.id))
        .limit(limit)
    )
    comments = await view.db.exec(
        select(Comment.id).where(HELD_COMMENT).order_by(col(Comment.id)).limit(limit)
    )
    names = await view.db.exec(
        select(NameChange.id)
        .where(NameChange.state == RevisionState.HELD)
        .order_by(col(NameChange.id))
        .limit(limit)
    )
    numbers = [it for it in [*creations, *edited] if it is not None]
    made = [await of_creation(view, it) for it in dict.fromkeys(numbers)]
    said = [await of_comment(view, it) for it in comments if it is not None]
    called = [await of_name(view, it) for it in names if it is not None]
    held: list[AnyCase] = [*made, *said, *called]
    held.sort(key=lambda it: it.since)
    if len(held) >= limit:
        return held[:limit]
    known = {(it.thing, it.thing_id) for it in held} | {
        (Thing.CREATION, it.creation.id) for it in made if it.revision is not None
    }
    reported = [it for it in await _reported(view, limit=limit) if it not in known]
    cases = [
        await (of_comment if thing is Thing.COMMENT else of_creation)(view, number)
        for thing, number in reported
    ]
    return [*held, *cases][:limit]


async def _reported(view: View, *, limit: int) -> list[tuple[Thing, int]]:
    """What has reports that nobody answered, most first."""
    found = await view.db.exec(
        select(Report.thing, Report.thing_id)
        .where(Report.state == ReportState.OPEN)
        .group_by(col(Report.thing), col(Report.thing_id))
        .order_by(func.count().desc(), func.min(Report.id))
        .limit(limit)
    )
    return [(Thing(thing), number) for thing, number in found]


async def _whole(
    view: View,
    creation: Creation,
    *,
    revision: Revision | None = None,
    comment: Comment | None = None,
) -> Case:
    bare = Case(creation, revision, comment)
    verdict = await verdicts.latest(view, thing=bare.thing, thing_id=bare.thing_id)
    reported = Thing.COMMENT if comment is not None else Thing.CREATION
    number = (comment or creation).id
    reports = await view.db.exec(
        select(Report)
        .where(
            Report.thing == reported, Report.thing_id == number, Report.state == ReportState.OPEN
        )
        .order_by(col(Report.id))
    )
    return Case(creation, revision, comment, verdict, list(reports))
