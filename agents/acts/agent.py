"""The member's own agent: how it speaks, what it may do by itself, and what it has cost."""

from enum import StrEnum
from typing import Annotated

from agents import agent_words, tongues
from agents.act import Effect, act
from agents.answer import Answer, Button, Call, undoing
from agents.foreign import hidden
from agents.leash import alone
from agents.parameters import Doc
from agents.profile import Leash
from agents.spending import budgets
from agents.turn import Through, Turn
from feed_core.models.ledger import Purse
from feed_core.services import agent_settings, ledger, members
from feed_core.services.ledger import Period

DEFAULT = "default"


class Shown(StrEnum):
    """The acts that others see, by the names that commands of one word have."""

    CREATE = "create"
    SHARE = "share"
    PUBLISH = "publish"
    COMMENT = "comment"
    LIKE = "like"
    REACT = "react"
    REPORT = "report"
    ANSWER = "answer"
    UNLIKE = "unlike"
    UNCOMMENT = "uncomment"
    WITHDRAW = "withdraw"
    VISIBILITY = "visibility"
    NAME = "name"
    AGENT_RENAME = "agent_rename"
    JAM_START = "jam_start"
    JAM_JOIN = "jam_join"
    JAM_ADD = "jam_add"
    JAM_PASS = "jam_pass"  # noqa: S105  # an act, no password
    JAM_LEAVE = "jam_leave"
    JAM_END = "jam_end"


class Freedom(StrEnum):
    """Whether the agent asks before it does something."""

    ASK = "ask"
    ALONE = "alone"


LEASHES = {Freedom.ASK: Leash.ASK, Freedom.ALONE: Leash.UNDO}


@act(
    "agent show",
    effect=Effect.READ,
    private=True,
    examples=[
        "show my agent",
        "how is my agent set?",
        "what may my agent do by itself?",
        "which model do you run on?",
        "how much of my budget is spent?",
        "what did you cost this month?",
        "how many tokens are left today?",
        "which tone and language are you set to?",
        "my agent's configuration",
        "zeig mir meinen Agenten",
        "wie ist mein Agent eingestellt?",
        "was hat mein Agent gekostet?",
        "wie lang ist die Leine meines Agenten?",
        "muestra mi agente",
    ],
)
async def agent_show(turn: Turn) -> Answer:
    """Show how your agent is set, and what it has spent."""
    profile = turn.parts.profile
    async with turn.store.read() as view:
        settings = await members.agent_settings(view, turn.member_id)
        spent = await ledger.spent(view, turn.member_id)
    persona = profile.persona(settings.persona)
    switch = "agent resume" if settings.paused else "agent pause"
    return Answer(
        text=agent_words.shown(
            name=settings.name or persona.name,
            tone=settings.tone or persona.voice,
            language=settings.language,
            models=turn.parts.models,
            alone=alone(settings.leash, profile.autonomy),
            paused=settings.paused,
            spent=spent,
            budgets=budgets(profile.budget),
            currency=profile.budget.currency,
        ),
        buttons=[
            Button(agent_words.SWITCH[settings.paused], Call(switch), only_asker=True),
            Button("Name", Call("agent rename"), only_asker=True, blank="name"),
            Button("Tone", Call("agent tone"), only_asker=True, blank="tone"),
            Button("Language", Call("agent language"), only_asker=True, blank="language"),
        ],
        facts={
            "paused": settings.paused,
            "tokens_today": spent[Purse.MEMBER, Period.DAY].tokens,
            "tokens": spent[Purse.MEMBER, Period.MONTH].tokens,
        },
    )


@act(
    "agent tone",
    effect=Effect.OWN,
    private=True,
    examples=[
        "speak more formally",
        "be less chatty when you answer me",
        "your tone should be <dry and ironic>",
        "talk like <a pirate>",
        "I want you to sound <warmer>",
        "don't be so polite",
        "be a little friendlier",
        "use simpler words when you talk to me",
        "I would like you to be more serious",
        "sprich förmlicher mit mir",
        "dein Ton soll <trocken> sein",
        "sei nicht so geschwätzig",
        "sei etwas lockerer",
        "rede weniger steif",
        "habla más formal conmigo",
        "sé más directo",
    ],
)
async def agent_tone(
    turn: Turn,
    tone: Annotated[str, Doc("how it shall speak, such as dry and brief; or: default", whole=True)],
) -> Answer:
    """Change how your agent speaks."""
    said = hidden(tone, turn.foreign, numbered=False)
    wanted = "" if said.strip().casefold() == DEFAULT else said
    async with turn.store.work() as work:
        before = await agent_settings.set_tone(work, turn.member_id, wanted)
    undo = Call("agent tone", {"tone": before or DEFAULT})
    return Answer(
        text=agent_words.tone(" ".join(wanted.split()), heard=bool(turn.parts.models)),
        buttons=[undoing(undo)],
        facts={"changed": True},
    )


@act(
    "agent language",
    effect=Effect.OWN,
    private=True,
    examples=[
        "speak <German> with me",
        "answer me in <French>",
        "your answers should be in <Spanish>",
        "switch to <English>",
        "I want to talk to you in <Polish>",
        "let us speak <English>",
        "reply to me in <Portuguese>",
        "use <Dutch> when you answer",
        "antworte mir auf <Deutsch>",
        "sprich <Englisch> mit mir",
        "lass uns <Französisch> reden",
        "contéstame en <español>",
        "háblame en <inglés>",
    ],
)
async def agent_language(
    turn: Turn,
    language: Annotated[str, Doc("such as German; or: any, as you write", whole=True)],
) -> Answer:
    """Choose the language in which your agent answers."""
    wanted = tongues.read_language(language)
    async with turn.store.work() as work:
        before = await agent_settings.set_language(work, turn.member_id, wanted)
    return Answer(
        text=agent_words.language(wanted, heard=bool(turn.parts.models)),
        buttons=[undoing(Call("agent language", {"language": before.value}))],
        facts={"language": wanted},
    )


@act(
    "agent leash",
    effect=Effect.ACCOUNT,
    private=True,
    examples=[
        "you may publish without asking me",
        "you need not ask before you like things",
        "always ask me before you comment",
        "let my agent comment on its own",
        "you have my permission to comment for me",
        "you do not need my okay to react to things",
        "get my okay before each post",
        "shorten the leash for publish",
        "from now on ask before you publish for me",
        "frag mich immer, bevor du kommentierst",
        "du darfst ohne Rückfrage liken",
        "hol dir erst meine Erlaubnis, ehe du postest",
        "pregúntame antes de publicar por mí",
    ],
)
async def agent_leash(
    turn: Turn,
    what: Annotated[Shown, Doc("what your agent does that others see")],
    leash: Annotated[Freedom, Doc("whether it asks you first, or does it alone")],
) -> Answer:
    """Say what your agent may do without asking you first."""
    name = what.replace("_", " ")
    if leash is Freedom.ALONE and turn.through is not Through.HAND:  # words may be misunderstood
        let = agent_leash.call(what=what, leash=leash)
        return Answer(
            text=agent_words.really(name),
            buttons=[Button(agent_words.LET, let, only_asker=True, once=True)],
        )
    async with turn.store.work() as work:
        await agent_settings.set_leash(work, turn.member_id, name, LEASHES[leash].value)
        paused = (await members.agent_settings(work, turn.member_id)).paused
    other = Freedom.ASK if leash is Freedom.ALONE else Freedom.ALONE
    return Answer(
        text=agent_words.leash(name, alone=leash is Freedom.ALONE, paused=paused),
        buttons=[
            Button(
                agent_words.FREEDOM[other is Freedom.ALONE],
                agent_leash.call(what=what, leash=other),
                only_asker=True,
            )
        ],
        facts={"what": what, "leash": leash},
    )


@act(
    "agent pause",
    effect=Effect.OWN,
    private=True,
    examples=[
        "pause my agent",
        "stop acting on your own",
        "do nothing by yourself for a while",
        "I want my agent to rest",
        "hold still until further notice",
        "no more actions of your own for now",
        "have a rest, agent",
        "pausiere meinen Agenten",
        "Pause für meinen Agenten",
        "tu vorerst nichts von allein",
        "mein Agent soll ruhen",
        "pausa mi agente",
    ],
)
async def agent_pause(turn: Turn) -> Answer:
    """Let your agent do nothing by itself; it still answers you."""
    return await _paused(turn, paused=True)


@act(
    "agent resume",
    effect=Effect.ACCOUNT,
    private=True,
    examples=[
        "resume my agent",
        "you may act on your own again",
        "let my agent go on with its work",
        "the pause is over",
        "back to work, agent",
        "you may start again",
        "mein Agent darf weitermachen",
        "die Pause ist vorbei",
        "du kannst wieder arbeiten",
        "leg wieder los",
        "du darfst wieder anfangen",
        "reanuda mi agente",
        "du darfst wieder loslegen",
    ],
)
async def agent_resume(turn: Turn) -> Answer:
    """Let your agent act within its leash again."""
    return await _paused(turn, paused=False)


async def _paused(turn: Turn, *, paused: bool) -> Answer:
    async with turn.store.work() as work:
        changed = await agent_settings.pause(work, turn.member_id, paused=paused)
    other = "agent resume" if paused else "agent pause"
    return Answer(
        text=agent_words.paused(paused=paused, changed=changed),
        buttons=[Button(agent_words.SWITCH[paused], Call(other), only_asker=True)],
        facts={"paused": paused},
    )
