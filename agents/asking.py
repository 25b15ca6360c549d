"""Questions to makers: put to them, shown to them, and what their answers tell who asked."""

from collections.abc import Sequence

from agents import consent_words
from agents.answer import Answer, Button, Call
from agents.references import CreationRef
from agents.turn import Parts, Through, Turn
from feed_core.models.creations import Creation
from feed_core.models.curation import Followed
from feed_core.models.proposals import Proposal
from feed_core.services import asking, curation, members, remixing
from feed_core.services.curation import Subject
from feed_core.states import CreationState, Permission, ProposalState
from feed_core.store import View


async def ask_makers(turn: Turn, source_ids: Sequence[int], call: Call) -> Answer:
    """Ask whoever has to say yes before these are built on; `call` is the remix that waits for it.

    Only a member's own hand asks: it writes to others.

    Raises:
        RemixNotAllowed, RemixDeclined, TooManyQuestions: asking would not help.
    """
    if turn.through is not Through.HAND:
        async with turn.store.read() as view:
            creations = await remixing.to_ask(view, source_ids, reader=turn.reader)
            names = await members.names(view, {it.author_id for it in creations})
        return Answer(
            text=consent_words.must_ask(creations, names),
            buttons=[Button("Ask", call, only_asker=True)],
            facts={"to_be_asked": _refs(creations), "waits_for_the_member": True},
            private=True,
        )
    said = []
    async with turn.store.work() as work:
        creations = await remixing.to_ask(work, source_ids, reader=turn.reader)
        names = await members.names(work, {it.author_id for it in creations})
        for it in creations:
            question, new = await asking.ask(
                work,
                creation=it,
                reader=turn.reader,
                arguments=call.arguments,
                asked_on=turn.place.platform,
            )
            reached = await members.private_account(work, it.author_id) is not None
            said.append(
                consent_words.asked(
                    question,
                    names.get(it.author_id) or "Its maker",
                    reached=reached,
                    before=not new,
                    zone=turn.zone,
                )
            )
    return Answer(
        text="\n".join(said),
        facts={"asked": _refs(creations), "waits_for_the_maker": True},
        private=True,
    )


async def question_notice(parts: Parts, question_id: int) -> Answer | None:
    """What a maker is asked; None when it is answered, or they muted who asks."""
    async with parts.store.read() as view:
        question, creation, asker = await _about(view, question_id)
        muted = await curation.mutes(view, member_id=question.member_id)
        maker = await members.get(view, question.member_id)
    if question.state is not ProposalState.OPEN:
        return None
    if Subject(Followed.MEMBER, str(question.asker_id)) in muted:
        return None
    return Answer(
        text=consent_words.question(asker, creation, question.expires_at, maker.zone),
        buttons=[
            *answer_buttons(question_id),
            Button("Show it", Call("show", {"creation": creation.id})),
        ],
        private=True,
    )


async def answer_notice(parts: Parts, question_id: int) -> Answer | None:
    """What whoever asked is told, true at the moment of sending."""
    async with parts.store.read() as view:
        question, creation, _ = await _about(view, question_id)
        names = await members.names(view, [question.member_id])
    gone = creation.state is CreationState.WITHDRAWN
    buttons = []
    if not gone and question.state is ProposalState.ACCEPTED:
        buttons = [Button("Go on", Call(question.act, question.arguments), only_asker=True)]
    elif not gone and question.state is ProposalState.EXPIRED:
        buttons = [Button("Ask again", Call(question.act, question.arguments), only_asker=True)]
    name = names.get(question.member_id) or "Its maker"
    return Answer(
        text=consent_words.answer(question, name, creation, gone=gone),
        buttons=buttons,
        private=True,
    )


def answer_buttons(question_id: int, *, numbered: bool = False) -> list[Button]:
    """A yes and a no to a question; `numbered` where several stand together."""
    return [
        Button(
            f"{question_id}: {it.value}" if numbered else it.value.capitalize(),
            Call("answer", {"question": question_id, "reply": it.value}),
            only_asker=True,
        )
        for it in (Permission.YES, Permission.NO)
    ]


async def _about(view: View, question_id: int) -> tuple[Proposal, Creation, str]:
    """A question, what it is about, and the name of who asks."""
    question = await view.db.get_one(Proposal, question_id)
    creation = await view.db.get_one(Creation, question.creation_id)
    assert question.asker_id is not None
    names = await members.names(view, [question.asker_id])
    return question, creation, names.get(question.asker_id) or "Somebody"


def _refs(creations: Sequence[Creation]) -> list[CreationRef]:
    return [CreationRef(it.id) for it in creations if it.id is not None]
