"""What was said in earlier chats: the lines of the member's own that answer a question."""

from typing import Annotated
from zoneinfo import ZoneInfo

from agents import recall_words
from agents.act import Effect, act
from agents.answer import Answer, Button, Call
from agents.parameters import Doc
from agents.turn import Turn
from feed_core.clock import zone_of
from feed_core.services import conversation
from feed_core.services.conversation import Spoken
from memory import asking
from memory.conversation import Utterance
from memory.words import stems

READ = 3_000  # lines, the last
LOOKED_AT = 20
SHOWN = 4


@act(
    "recall",
    effect=Effect.READ,
    private=True,
    examples=[
        "what did I tell you about the kiln last May?",
        "when did we talk about my sister?",
        "did I ever mention the harbour to you?",
        "find where I told you about the exhibition",
        "what were we saying about the novel last week?",
        "look through our earlier chats for the recipe",
        "what did I say yesterday about my garden?",
        "was habe ich dir über den Ofen erzählt?",
        "wann haben wir über meine Schwester gesprochen?",
        "¿qué te conté sobre el horno en mayo?",
        "¿cuándo hablamos de mi hermana?",
        "what was it that I said about the blue door?",
        "¿te hablé alguna vez de mi abuela?",
        "search what we said to each other about the novel",
    ],
)
async def recall(
    turn: Turn,
    question: Annotated[str, Doc("what to look for, in your own words", whole=True)],
) -> Answer:
    """Find what you and your agent said in earlier chats."""
    async with turn.store.read() as view:
        lines = await conversation.spoken(view, member_id=turn.member_id, limit=READ)
    zone = zone_of(turn.zone)
    told = {it.id: it for it in lines if not it.text.rstrip().endswith(("?", "？"))}
    turns = [Utterance(it.id, it.role, it.at.astimezone(zone), it.text) for it in told.values()]
    now = turn.now.astimezone(zone)
    best = await turn.parts.meaning.answering(turns, question, k=LOOKED_AT, asked_at=now)
    wanted = asking.read(question, speakers=(), asked_at=now.date())
    found = [told[it] for it in best if isinstance(it, int) and _answers(told[it], wanted, zone)]
    shown = list({it.text: it for it in found}.values())[:SHOWN]
    return Answer(
        text=recall_words.found(shown, turn.zone),
        buttons=[] if shown else [Button("What I remember", Call("memory show"), only_asker=True)],
        facts={"found": len(shown)},
        private=True,
    )


def _answers(line: Spoken, wanted: asking.Question, zone: ZoneInfo) -> bool:
    """Whether it has any of the words that are looked for; of empty words the day decides."""
    words = set(wanted.words) - asking.EMPTY - CHATTING
    if words:
        return not words.isdisjoint(stems(line.text))
    day = line.at.astimezone(zone).date().toordinal()
    return any(first <= day <= last for first, last in wanted.days)


# Words of such questions that say nothing about what was said.
CHATTING = frozenset(
    stems(
        "tell told say said talk mention speak chat look find ever earlier last week month year "
        "yesterday today ago remember january february march april may june july august september "
        "october november december was habe ich dir über erzählt wann haben wir gesprochen "
        "qué te conté sobre cuándo hablamos de en mi meine"
    )
)
