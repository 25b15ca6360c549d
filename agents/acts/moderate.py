"""Reporting what should not be here, and deciding on it."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Annotated, Any

from agents import elsewhere, mod_words, moderating
from agents.act import Effect, act
from agents.answer import Answer
from agents.forms import Field, Filled, Form
from agents.menus import Menu
from agents.parameters import Doc
from agents.references import CommentRef, NameRef, PostRef
from agents.turn import Authority, Turn
from feed_core.models.moderation import Thing
from feed_core.services import cases, members, moderation, reporting
from feed_core.services.cases import AnyCase
from feed_core.services.moderation import Ruling
from feed_core.services.naming import NameNotFound
from feed_core.services.reporting import Brigade
from feed_core.store import Work

PAGE = 3
LOGGED = 15


async def _of_others(turn: Turn, given: Mapping[str, Any]) -> Filled:
    try:
        post = PostRef.read(given.get("post"))
    except ValueError:  # none, or several: it is asked which
        return {}
    if post.of is not NameRef:
        thing = Thing.COMMENT if post.of is CommentRef else Thing.CREATION
        async with turn.store.read() as view:
            await reporting.require_others(
                view, thing=thing, thing_id=post.id, member_id=turn.member_id
            )
    return {}


REPORT = Form(
    "Report",
    [Field("reason", "What is wrong with it?", long=True, required=True)],
    known=_of_others,
)


@act(
    "report",
    effect=Effect.PUBLISH,
    private=True,
    form=REPORT,
    menu=Menu("Report", "post", of_words=elsewhere.reported),
    examples=[
        "report 4: <it insults somebody>",
        "report comment c7 because <it is spam>",
        "number 12 is offensive, tell the moderators",
        "flag 5 as spam",
        "this comment c3 breaks the rules",
        "12 was stolen from somebody, report it",
        "I think 8 should not be here: <it is hateful>",
        "let the moderators know about number 3: <it is racist>",
        "can somebody look into 6? <it is abuse>",
        "complain about number 7: <it bullies me>",
        "melde Nummer 4: <das ist beleidigend>",
        "ich will 6 den Moderatoren melden: <Hetze>",
        "denuncia el 3: <es un insulto>",
        "quiero denunciar la publicación 7: <es spam>",
    ],
)
async def report(
    turn: Turn,
    post: Annotated[PostRef, Doc("the creation or comment that should not be here")],
    reason: Annotated[str, Doc("what is wrong with it, for the moderators")],
) -> Answer:
    """Tell the moderators what is wrong with a creation or comment."""
    policy = turn.parts.profile.moderation.reports
    brigade = Brigade(policy.hold_at, timedelta(hours=policy.within_hours))
    async with turn.store.work() as work:
        if post.of is NameRef:
            raise NameNotFound(post.id)  # those that wait are seen by nobody yet
        if post.of is CommentRef:
            filed = await reporting.of_comment(
                work, comment_id=post.id, reader=turn.reader, reason=reason, brigade=brigade
            )
        else:
            filed = await reporting.of_creation(
                work, creation_id=post.id, reader=turn.reader, reason=reason, brigade=brigade
            )
    return Answer(
        text=mod_words.reported(str(post), filed),
        facts={"reported": post.ref},
        private=True,
    )


@act(
    "mod queue",
    effect=Effect.READ,
    authority=Authority.MODERATOR,
    private=True,
    examples=[
        "show me the moderation queue",
        "what is held and waits for a moderator?",
        "which reports are open?",
        "what do I have to moderate?",
        "what is left for me as a moderator?",
        "zeig mir die Moderationsliste",
        "was muss ich als Moderator noch ansehen?",
        "muéstrame la cola de moderación",
    ],
)
async def mod_queue(turn: Turn) -> Answer:
    """Show what is held or reported, and decide on it."""
    async with turn.store.read() as view:
        waiting = await cases.waiting(view, limit=PAGE + 1)
        shown = waiting[:PAGE]
        names = await members.names(view, {it.author_id for it in shown})
    drawn = [await moderating.card(turn, it, names.get(it.author_id, "")) for it in shown]
    return Answer(
        text=mod_words.queue(len(shown), more=len(waiting) > PAGE),
        cards=drawn,
        buttons=[
            button
            for it in shown
            if it.author_id != turn.member_id
            for button in moderating.buttons(it)
        ],
        facts={"waiting": len(shown), "more": len(waiting) > PAGE},
        private=True,
    )


@act(
    "mod decide",
    effect=Effect.PUBLISH,
    authority=Authority.MODERATOR,
    private=True,
    examples=[
        "as a moderator, let 12 through: <nothing wrong with it>",
        "moderator decision: block 4 because <it is spam>",
        "block comment c7 as a moderator: <insult>",
        "label 5 for readers: <spoilers>",
        "lass 12 als Moderator durch: <in Ordnung>",
        "Entscheidung als Moderator: blockiere 7, <Werbung>",
        "bloquea el 3 como moderador: <es un insulto>",
    ],
)
async def mod_decide(
    turn: Turn,
    post: Annotated[PostRef, Doc("the creation, comment or name to decide on")],
    ruling: Annotated[Ruling, Doc("publish it, label it for readers, or block it")],
    reason: Annotated[str, Doc("why, told to its author; of a label, the label itself")],
) -> Answer:
    """Decide on what is held or reported; its author is told."""
    async with turn.store.work() as work:
        case = await _case(work, post)
        await moderation.decide(
            work,
            case=case,
            ruling=ruling,
            why=reason,
            moderator_id=turn.member_id,
            seen=turn.shown_hash,
        )
    return Answer(
        text=mod_words.decided(
            mod_words.called(case.thing, post.id, post.id), ruling, reason.strip()
        ),
        buttons=[],
        facts={"decided": post.ref},
        private=True,
    )


@act(
    "mod log",
    effect=Effect.READ,
    authority=Authority.MODERATOR,
    private=True,
    examples=[
        "show the moderation log",
        "who decided what as a moderator?",
        "what did the moderators decide lately?",
        "which posts were blocked and why?",
        "was haben die Moderatoren entschieden?",
        "earlier decisions of the moderators",
        "zeige das Protokoll der Moderatoren",
        "el registro de moderación",
        "zeig mir das Moderationsprotokoll",
    ],
)
async def mod_log(turn: Turn) -> Answer:
    """Show what moderators decided lately, who did and why."""
    async with turn.store.read() as view:
        decided = await moderation.log(view, limit=LOGGED)
        names = await members.names(view, {it.decided_by_id for it in decided if it.decided_by_id})
        lines = [
            mod_words.logged(
                it,
                await moderating.logged(view, it),
                names.get(it.decided_by_id or 0, ""),
                turn.zone,
            )
            for it in decided
        ]
    return Answer(text=mod_words.log(lines), facts={"decisions": len(decided)}, private=True)


async def _case(work: Work, post: PostRef) -> AnyCase:
    if post.of is NameRef:
        return await cases.open_name(work, post.id)
    found = cases.open_comment if post.of is CommentRef else cases.open_creation
    return await found(work, post.id)
