"""The member's account: linking, and finding one's way."""

from collections.abc import Sequence
from typing import Annotated, Any

from agents import guidance, inviting, linked, phrases
from agents.act import Act, Effect, act
from agents.answer import Answer, Button, Call
from agents.authority import may
from agents.parameters import Doc
from agents.turn import Through, Turn
from feed_core.services import link_codes, linking, members
from feed_core.services.link_codes import LinkCodeWrong

KNOWN = 3  # of what is remembered, told in a greeting


@act(
    "link",
    effect=Effect.ACCOUNT,
    private=True,
    examples=[
        "connect my Telegram account",
        "link my Discord",
        "use the same agent elsewhere",
        "I have a Telegram account too, link it",
        "join my two accounts",
        "give me a code to connect my accounts",
        "my link code is <AB12-CD34>",
        "here is the code from my other account: <AB12-CD34>",
        "how can I use this from Discord as well?",
        "verbinde meine Konten",
        "verknüpfe mein Discord",
        "conecta mi cuenta de Telegram",
    ],
)
async def link(
    turn: Turn, code: Annotated[str, Doc("the code that your other account was given")] = ""
) -> Answer:
    """Join your accounts on Discord, Telegram and elsewhere: one feed, one agent."""
    if not code.strip():
        async with turn.store.work() as work:
            offered = await link_codes.offer(work, member_id=turn.member_id)
        return Answer(text=phrases.link_code(offered, link_codes.LIFETIME), private=True)
    try:
        async with turn.store.work() as work:
            keep_id = await link_codes.redeem(work, code=code, member_id=turn.member_id)
            await linked.tell(work, turn, member_id=keep_id)
            await linking.merge(work, keep_id=keep_id, gone_id=turn.member_id)
            await turn.parts.memories.move_all(work, from_id=turn.member_id, to_id=keep_id)
    except LinkCodeWrong:
        async with turn.store.work() as work:  # the failed one was rolled back
            await link_codes.note_wrong(work, member_id=turn.member_id)
        raise
    await turn.parts.memories.settle(from_id=turn.member_id, to_id=keep_id)
    async with turn.store.read() as view:
        accounts = await members.identities(view, keep_id)
    return Answer(text=phrases.linked([it.platform for it in accounts]), private=True)


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
