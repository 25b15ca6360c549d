"""The names that a member and their agent are shown under."""

from typing import Annotated

from agents import name_words, naming
from agents.act import Effect, act
from agents.answer import Answer, Call, undoing
from agents.parameters import Doc
from agents.turn import Turn
from feed_core.models.moderation import Thing
from feed_core.services import members


@act(
    "name",
    effect=Effect.PUBLISH,
    private=True,
    examples=[
        "change my name to <Ana Maria>",
        "I want to be called <Ana>",
        "rename me to <Mio>",
        "I would like another display name: <Juno>",
        "I go by <Kestrel> here",
        "set my display name: <Ivy>",
        "the others should know me as <Ivy>",
        "everybody here may know me as <Wanda>",
        "nenne mich <Anna>",
        "ändere meinen Anzeigenamen zu <Luna>",
        "ich möchte hier <Regenfrau> heißen",
        "quiero llamarme <Lucía>",
        "cambia mi nombre a <Luz>",
    ],
)
async def name(
    turn: Turn, name: Annotated[str, Doc("the name that others shall see", whole=True)]
) -> Answer:
    """Change the name that you are shown under."""
    async with turn.store.read() as view:
        before = (await members.get(view, turn.member_id)).name
    return await _renamed(turn, Thing.MEMBER_NAME, "name", name, before=before)


@act(
    "agent rename",
    effect=Effect.PUBLISH,
    private=True,
    examples=[
        "call yourself <Echo>",
        "rename my agent to <Juno>",
        "I want to call you <Fern>",
        "give my agent the name <Otto>",
        "let my agent be called <Moth>",
        "change your name to <Sage>",
        "from now on you go by <Fern>",
        "let's call you <Otis>",
        "du heißt ab jetzt <Funke>",
        "mein Agent heißt künftig <Otto>",
        "nenne meinen Agenten <Otto>",
        "tu nombre es <Chispa> desde ahora",
        "llama a mi agente <Eco>",
    ],
)
async def agent_rename(
    turn: Turn, name: Annotated[str, Doc("what your agent shall be called", whole=True)]
) -> Answer:
    """Change what your agent is called."""
    async with turn.store.read() as view:
        settings = await members.agent_settings(view, turn.member_id)
    before = settings.name or turn.parts.profile.persona(settings.persona).name
    return await _renamed(turn, Thing.AGENT_NAME, "agent rename", name, before=before)


async def _renamed(turn: Turn, thing: Thing, act_name: str, name: str, *, before: str) -> Answer:
    did = await naming.rename(turn.parts, member_id=turn.member_id, thing=thing, name=name)
    undo = undoing(Call(act_name, {"name": before}))
    return Answer(
        text=name_words.renamed(thing, " ".join(name.split()), did=did),
        buttons=[undo] if did else [],
        facts={"renamed": did},
    )
