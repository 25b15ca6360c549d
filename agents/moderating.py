"""Cases as moderators see them, and what authors are told of decisions."""

from agents import mod_words
from agents.answer import Answer, Button, Call, Card
from agents.attached import attached
from agents.turn import Parts, Turn
from feed_core.errors import Blocked
from feed_core.models.creations import Creation
from feed_core.models.moderation import Thing, Verdict
from feed_core.models.reactions import Comment
from feed_core.models.revisions import Revision
from feed_core.services import moderation, verdicts
from feed_core.services.cases import AnyCase, Case, NameCase
from feed_core.services.moderation import Ruling
from feed_core.services.sight import STOPPED, why_stopped
from feed_core.states import CommentState, CreationState, Outcome, RevisionState
from feed_core.store import View

LABELS = {Ruling.PUBLISH: "Publish", Ruling.LABEL: "Label", Ruling.BLOCK: "Block"}


def named(case: AnyCase) -> str:
    """The number by which a case is decided: an edit goes by its creation's."""
    if isinstance(case, Case) and case.comment is None:
        return mod_words.ref(case.thing, case.creation.id or 0)
    return mod_words.ref(case.thing, case.thing_id)


async def card(turn: Turn, case: AnyCase, name: str) -> Card:
    """A case, with all that others would see of it and why it is here."""
    byline = mod_words.case_byline(case, name, turn.zone)
    reason = mod_words.case_reason(case, own=case.author_id == turn.member_id)
    if isinstance(case, NameCase):
        return Card(ref=named(case), title="", body=case.change.name, byline=byline, reason=reason)
    said = case.comment or case.revision or case.creation
    return Card(
        ref=named(case),
        title="" if case.comment is not None else (case.revision or case.creation).title,
        body=said.body,
        byline=byline,
        reason=reason,
        picture=None
        if case.comment is not None
        else (await attached(turn.parts.media, case.creation)).picture,
    )


def buttons(case: AnyCase) -> list[Button]:
    """What can be decided; each asks for the reason, and is for what was shown above it."""
    return [
        Button(
            f"{label} {named(case)}",
            Call("mod decide", {"post": named(case), "ruling": ruling.value}),
            only_asker=True,
            blank="reason",
            shown_hash=moderation.fingerprint(case),
        )
        for ruling, label in LABELS.items()
        if not (ruling is Ruling.LABEL and isinstance(case, NameCase))
    ]


async def verdict_notice(parts: Parts, verdict_id: int) -> Answer | None:
    """What an author is told of a decision; None when a later one or a withdrawal overtook it."""
    async with parts.store.read() as view:
        verdict = await view.db.get_one(Verdict, verdict_id)
        last = await verdicts.latest(view, thing=verdict.thing, thing_id=verdict.thing_id)
        if last is None or last.id != verdict_id:
            return None
        if verdict.thing in mod_words.NAMES:
            return Answer(
                text=mod_words.told(verdict, mod_words.NAMES[verdict.thing]), private=True
            )
        about = await _about(view, verdict)
        if about is None:
            return None
        kept = await why_stopped(view, about) if about.state in STOPPED else None
    draft = 0
    if verdict.thing is Thing.CREATION and isinstance(kept, Blocked):
        draft = kept.draft
    name = mod_words.called(verdict.thing, verdict.thing_id, about.id or 0)
    offers = []
    if verdict.outcome in (Outcome.PASS, Outcome.LABEL):
        offers = [Button("Show", Call("show", {"creation": about.id}))]
    elif draft:
        change = Call("edit", {"draft": f"d{draft}"})
        offers = [Button("Edit", change, only_asker=True, blank="words")]
    return Answer(text=mod_words.told(verdict, name, draft=draft), buttons=offers, private=True)


async def logged(view: View, verdict: Verdict) -> str:
    """How the thing is called that a verdict is on, whatever became of it."""
    creation_id = verdict.thing_id
    if verdict.thing is Thing.REVISION:
        creation_id = (await view.db.get_one(Revision, verdict.thing_id)).creation_id
    return mod_words.called(verdict.thing, verdict.thing_id, creation_id)


async def _about(view: View, verdict: Verdict) -> Creation | None:
    """The creation that a verdict is on or about; None when what was judged is gone."""
    creation_id = verdict.thing_id
    if verdict.thing is Thing.COMMENT:
        comment = await view.db.get_one(Comment, verdict.thing_id)
        if comment.state is CommentState.WITHDRAWN:
            return None
        creation_id = comment.creation_id
    elif verdict.thing is Thing.REVISION:
        revision = await view.db.get_one(Revision, verdict.thing_id)
        if revision.state is RevisionState.DROPPED:
            return None
        creation_id = revision.creation_id
    creation = await view.db.get_one(Creation, creation_id)
    gone = creation.state is CreationState.WITHDRAWN and verdict.thing is not Thing.COMMENT
    return None if gone else creation
