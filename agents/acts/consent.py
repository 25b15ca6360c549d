"""What people allow others to do with what they make, and their answers to those who ask."""

from collections.abc import Mapping
from enum import StrEnum
from typing import Annotated, Any

from pydantic import JsonValue

from agents import asking as questions
from agents import consent_words
from agents.act import Effect, act
from agents.answer import Answer, Button, Call, Fact
from agents.parameters import Doc
from agents.references import CreationRef
from agents.turn import Through, Turn
from feed_core.errors import NeedsApproval
from feed_core.models.creations import Creation
from feed_core.services import asking, consent, members
from feed_core.services.consent import Answers
from feed_core.services.sight import see
from feed_core.states import Permission, Purpose
from feed_core.store import View

ANYTHING = CreationRef(0)  # no creation was named
SHOWN = 3  # questions and changes that stand in one answer


class About(StrEnum):
    """What an answer is for."""

    ALL = "all"
    REMIX = "remix"
    RECOMMEND = "recommend"
    QUOTE = "quote"
    TRAIN = "train"


class Say(StrEnum):
    """What is answered."""

    SHOW = "show"
    YES = "yes"
    ASK = "ask"
    NO = "no"


class Reply(StrEnum):
    """What a maker says to one who asks."""

    YES = "yes"
    NO = "no"


async def _would_change(turn: Turn, given: Mapping[str, Any]) -> Answer:
    creation, purpose = given["creation"], Purpose(given["purpose"])
    async with turn.store.read() as view:
        if creation.id:
            found = await view.db.get(Creation, creation.id)
            before = consent.own(found)[purpose] if found else Permission.YES
        else:
            before = (await consent.defaults(view, turn.member_id))[purpose]
    whose = str(creation) if creation.id else consent_words.DEFAULT
    after = Permission(given["answer"])
    return Answer(text=consent_words.would_change(whose, purpose, before, after))


@act(
    "consent",
    effect=Effect.OWN,
    private=True,
    preview=_would_change,
    examples=[
        "nobody may remix 12",
        "ask me before anybody remixes my number 4",
        "what may people do with number 7?",
        "do not recommend 5 to anybody",
        "nobody may train models on what I make",
        "I allow remixes of 3",
        "may others quote my work?",
        "my consent settings",
        "who has permission to build on my things?",
        "set my default for remixes to ask",
        "niemand darf die 4 weiterverarbeiten",
        "was darf man mit Nummer 3 machen?",
        "nadie puede remezclar el 5",
        "change what others are allowed to do with my 5",
        "keep number 6 out of feeds and digests",
        "my 8 should not be shown to people unasked",
        "who may remix what I make?",
        "let nobody quote number 2 outside",
        "what do I allow?",
        "ich möchte gefragt werden, bevor jemand meine 4 remixt",
        "wofür darf man meine Werke verwenden?",
        "quiero que me pidan permiso para remezclar lo mío",
        "qué permisos tiene el 3",
    ],
)
async def consent_(
    turn: Turn,
    creation: Annotated[
        CreationRef, Doc("your creation; nothing means what you make from now on")
    ] = ANYTHING,
    default: Annotated[bool, Doc("what you make from now on")] = False,
    purpose: Annotated[About, Doc("what for; all shows everything")] = About.ALL,
    answer: Annotated[Say, Doc("what you say; only remixes can be asked for")] = Say.SHOW,
) -> Answer:
    """See and say what others may do with what you make; and who waits for your yes."""
    if default:
        creation = ANYTHING
    if answer is Say.SHOW:
        return await _shown(turn, creation)
    permission = Permission(answer)
    if purpose is About.ALL:
        return _asked_what_for(creation, permission)
    if turn.through is not Through.HAND:
        raise NeedsApproval
    async with turn.store.work() as work:
        if creation.id:
            await consent.change(
                work,
                creation_id=creation.id,
                member_id=turn.member_id,
                purpose=Purpose(purpose),
                permission=permission,
            )
        else:
            await consent.set_default(
                work, member_id=turn.member_id, purpose=Purpose(purpose), permission=permission
            )
    return await _shown(turn, creation, changed=True)


@act(
    "answer",
    effect=Effect.PUBLISH,
    private=True,
    examples=[
        "say yes to question 3",
        "answer question 12 with no",
        "yes, they may build on it",
        "no, I would rather not let them remix it",
        "tell who asked that it is fine with me",
        "ich sage ja zu Frage 4",
        "di que no a la pregunta 2",
        "I allow it, yes to question 5",
        "no to question 2, sorry",
        "Ben may build on it, tell him yes",
        "refuse the question about my poem",
        "accept the request to remix mine",
        "Antwort auf die Frage 3: ja",
        "contesta que sí a la pregunta 5",
    ],
)
async def answer(
    turn: Turn,
    question: Annotated[int, Doc("the number of the question; /consent lists them")],
    reply: Annotated[Reply, Doc("whether they may build on it")],
) -> Answer:
    """Say yes or no to somebody who asks whether they may build on something of yours."""
    async with turn.store.work() as work:
        asked, counted = await asking.answer(
            work, question_id=question, member_id=turn.member_id, yes=reply is Reply.YES
        )
        assert asked.asker_id is not None
        names = await members.names(work, [asked.asker_id])
    name = names.get(asked.asker_id) or "Whoever asked"
    assert asked.creation_id is not None
    ref = CreationRef(asked.creation_id)
    return Answer(
        text=consent_words.answered(asked, name, turn.zone, counted=counted),
        buttons=[Button(f"Consent of {ref}", consent_.call(ref), only_asker=True)],
        facts={"creation": ref, "state": asked.state, "counted": counted},
    )


def _asked_what_for(creation: CreationRef, permission: Permission) -> Answer:
    purposes = [Purpose.REMIX] if permission is Permission.ASK else list(Purpose)
    return Answer(
        text=consent_words.what_for(permission),
        buttons=[_button(creation, it, permission) for it in purposes],
        facts={"needs_a_purpose": True},
    )


async def _shown(turn: Turn, ref: CreationRef, *, changed: bool = False) -> Answer:
    if not ref.id:
        return await _defaults_shown(turn)
    async with turn.store.read() as view:
        creation = await view.db.get(Creation, ref.id)
        mine = creation is not None and creation.author_id == turn.member_id
        if creation is None or not mine:
            creation = await see(view, ref.id, reader=turn.reader)
        bound = await consent.bound_by(view, ref.id)
        changes = await consent.history(view, creation_id=ref.id) if mine else []
    told = [
        consent_words.of_creation(creation, mine=mine, bound=bound),
        consent_words.history(changes[-SHOWN:], turn.zone),
        consent_words.APPLIES if changed else "",
    ]
    return Answer(
        text="\n\n".join(filter(None, told)),
        buttons=_alternatives(ref, consent.own(creation)) if mine else [],
        facts={"creation": ref, **_facts(consent.holding(creation))},
    )


async def _defaults_shown(turn: Turn) -> Answer:
    async with turn.store.read() as view:
        answers = await consent.defaults(view, turn.member_id)
        waiting = await _waiting(view, turn.member_id)
    told = [consent_words.defaults(answers)]
    if waiting:
        told.insert(0, consent_words.waiting(waiting))
    return Answer(
        text="\n\n".join(told),
        buttons=[
            *(
                button
                for number, *_ in waiting
                for button in questions.answer_buttons(number, numbered=True)
            ),
            *_alternatives(ANYTHING, answers),
        ],
        facts={"questions_waiting": len(waiting), **_facts(answers)},
    )


async def _waiting(view: View, member_id: int) -> list[tuple[int, str, Creation]]:
    found = await asking.waiting(view, member_id=member_id, limit=SHOWN)
    names = await members.names(view, [it.asker_id for it in found if it.asker_id])
    return [
        (
            it.id,
            names.get(it.asker_id or 0) or "Somebody",
            await view.db.get_one(Creation, it.creation_id),
        )
        for it in found
        if it.id is not None
    ]


def _alternatives(ref: CreationRef, answers: Answers) -> list[Button]:
    return [
        _button(ref, purpose, it)
        for purpose, now in answers.items()
        for it in Permission
        if it is not now and (it is not Permission.ASK or purpose is Purpose.REMIX)
    ]


def _button(ref: CreationRef, purpose: Purpose, permission: Permission) -> Button:
    given: dict[str, JsonValue] = {"creation": ref.id} if ref.id else {"default": True}
    call = Call("consent", {**given, "purpose": purpose.value, "answer": permission.value})
    return Button(consent_words.label(purpose, permission), call, only_asker=True)


def _facts(answers: Answers) -> dict[str, Fact]:
    return {purpose.value: permission for purpose, permission in answers.items()}
