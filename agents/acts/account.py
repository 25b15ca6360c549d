"""Finding one's way."""

from collections.abc import Sequence
from typing import Annotated, Any

from agents import guidance, inviting
from agents.act import Act, Effect, act
from agents.answer import Answer, Button, Call
from agents.authority import may
from agents.parameters import Doc
from agents.turn import Through, Turn
from feed_core.services import members

KNOWN = 3  # of what is remembered, told in a greeting


@act(
    "start",
    effect=Effect.READ,
    private=True,
    examples=[
        "hello",
        "hi there",
        "how do I begin?",
        "hi",
        "hey",
        "good evening",
        "I am new here, what now?",
        "let us start",
        "hallo",
        "guten Tag",
        "hola",
        "buenos días",
    ],
)
async def start(
    turn: Turn, invitation: Annotated[str, Doc("the code of an invitation")] = ""
) -> Answer:
    """Say hello, and learn what to try first."""
    # Whoever only says hello says no code: a command or a link does.
    follows = invitation.strip() and turn.through is not Through.WORDS
    invited, undo = await inviting.followed(turn, invitation) if follows else ("", ())
    await turn.parts.learner.catch_up(turn.member_id)
    kept = await turn.parts.memories.all(turn.member_id, limit=KNOWN + 1)
    async with turn.store.read() as view:
        known = await members.with_agent(view, turn.member_id)
    persona = turn.parts.profile.persona(known.persona)
    greeting = guidance.greeting(
        known.member,
        known.name or persona.name,
        [it.text for it in kept[:KNOWN]],
        more=len(kept) > KNOWN,
    )
    return Answer(
        text=f"{invited}\n\n{greeting}".strip(),
        buttons=[Button("Begin: see what others made", Call("feed")), *undo],
    )


def guide(acts: Sequence[Act[Any]]) -> Act[Any]:
    """The act that explains all the others, and itself."""

    @act(
        "help",
        effect=Effect.READ,
        private=True,
        examples=[
            "what can you do?",
            "help me",
            "how does this work?",
            "help",
            "which commands are there?",
            "explain the commands",
            "show me all the things you can do",
            "how do I use you?",
            "Hilfe",
            "was kannst du alles?",
            "ayuda",
            "qué puedes hacer",
        ],
    )
    async def help_(
        turn: Turn, about: Annotated[str, Doc("one command to explain; else all")] = ""
    ) -> Answer:
        """Explain what you can do here."""
        everything = [it for it in (*acts, help_) if await may(turn, it)]
        wanted = about.strip().lstrip("/").lower().replace("_", " ")
        if found := next((it for it in everything if it.name == wanted), None):
            return Answer(text=guidance.explained(found))
        first = wanted.partition(" ")[0]
        if family := [it for it in everything if it.name.startswith(f"{first} ")]:
            return Answer(text=guidance.family(family, wanted))
        return Answer(text=guidance.overview(everything))

    return help_
