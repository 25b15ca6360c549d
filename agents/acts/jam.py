"""Jams: a timed prompt in a room, and one chain to which everybody adds in turn."""

from collections.abc import Mapping
from typing import Annotated, Any

from agents import jam_words, jamming, room_words
from agents.act import Effect, act
from agents.answer import Answer
from agents.parameters import Doc
from agents.titling import title_and_body
from agents.turn import Through, Turn
from feed_core import worker
from feed_core.errors import Blocked
from feed_core.models.jams import JamEntryState, JamState
from feed_core.services import authorship, deliveries, jam_turns, jams
from feed_core.services.gate import Content
from feed_core.services.jam_turns import NoJam
from feed_core.services.pieces import Piece
from feed_core.states import DeliveryKind, Hand, Outcome
from feed_core.store import View

MINUTES = 10
WHICH = Doc("a jam elsewhere, by its number; else this room's")


async def _would_start(turn: Turn, given: Mapping[str, Any]) -> Answer:
    return Answer(text=jam_words.would_start(given["prompt"], given["minutes"]))


@act(
    "jam start",
    effect=Effect.PUBLISH,
    preview=_would_start,
    examples=[
        "start a jam: <rain on a tin roof>",
        "start a jam about <a train at night>",
        "start a jam on <empty houses>",
        "let us have a jam about <the last bus>",
        "begin a jam session here: <a door in the sea>",
        "jam together in this room on <lost keys>",
        "open a jam for 20 minutes: <what the kettle knows>",
        "starte einen Jam: <Regen>",
        "empieza una jam: <lluvia>",
        "jam with us on <a city without clocks>",
        "set up a jam session about <the sea>",
        "who wants to jam? the theme is <snow>",
        "make a jam with the prompt <a lost letter>",
        "new jam: <the moon>",
        "lass uns einen Jam machen über <den Mond>",
    ],
)
async def jam_start(
    turn: Turn,
    prompt: Annotated[str, Doc("what the jam is about")],
    minutes: Annotated[int, Doc("how long it lasts, 10 unless you say")] = MINUTES,
) -> Answer:
    """Start a jam in this room: everybody adds to one chain, in turn, until time is up."""
    room_id = jamming.room_of(turn)
    await _pass_the_gate(turn, Piece(title="", body=prompt.strip()))
    jams.check(prompt.strip(), minutes)
    thread = await jamming.own_thread(turn, prompt)
    if thread is not None and thread.id is not None:
        room_id = thread.id
    async with turn.store.work() as work:
        jam = await jams.start(
            work,
            room_id=room_id,
            member_id=turn.member_id,
            prompt=prompt.strip(),
            minutes=minutes,
        )
        assert jam.id is not None
        chain = await jam_turns.chain_of(work, jam.id)
        names = await jamming.names_of(work, chain)
        if thread is not None:
            await deliveries.owe(work, kind=DeliveryKind.JAM_STARTED, subject_id=jam.id, to=thread)
    if thread is not None:
        return Answer(text=room_words.jam_thread(thread), facts={"jam": jam.id})
    return jamming.answer(jamming.started(turn.parts, chain, names, turn.now), chain)


@act(
    "jam join",
    effect=Effect.PUBLISH,
    examples=[
        "join the jam",
        "let me play along",
        "I want to jam too",
        "count me in for the jam",
        "ich spiele beim Jam mit",
        "me uno a la jam",
        "I join",
        "I would like to take part in this jam",
        "may I join in?",
        "add me as a player of the jam",
        "I want to be part of the jam",
        "lass mich beim Jam mitmachen",
        "quiero entrar en la jam",
    ],
)
async def jam_join(turn: Turn, jam: Annotated[int, WHICH] = 0) -> Answer:
    """Play along in this room's jam; the others may then build on what you add."""
    async with turn.store.work() as work:
        room_id, there = await jamming.meant(turn, work, jam)
        chain, new = await jams.join(work, room_id=room_id, member_id=turn.member_id)
        if jam and chain.jam.id != jam:  # that one is over, and another is played there
            raise NoJam
        names = await jamming.names_of(work, chain)
    name = names.get(turn.member_id, "")
    said = jam_words.joined(name, chain, names, turn.now, new=new)
    return jamming.answer(said, chain, there, plays=True)


async def _would_add(turn: Turn, given: Mapping[str, Any]) -> Answer:
    return Answer(text=jam_words.would_add(given["words"]))


@act(
    "jam add",
    effect=Effect.PUBLISH,
    preview=_would_add,
    examples=[
        "add to the jam: <and then the roof sang>",
        "my turn in the jam: <a key in the grass>",
        "in the jam I say: <the bus waits>",
        "continue the jam with <a wet umbrella>",
        "zum Jam: <der Kessel singt>",
        "añade a la jam: <una llave>",
        "here is my line for the jam: <the door sings>",
        "my next line in the jam is <a bell>",
        "I add <a drum> to our jam",
        "write this into the jam: <it rains upwards>",
        "mein Beitrag zum Jam: <ein Boot>",
        "sigo la jam con <una barca>",
    ],
)
async def jam_add(turn: Turn, words: Annotated[str, Doc("what you add to the chain")]) -> Answer:
    """Add something to this room's jam, when it is your turn."""
    room_id = jamming.room_of(turn)
    title, body = title_and_body(words)
    by = Hand.MODEL if turn.through is Through.AGENT else Hand.HUMAN
    piece = Piece(
        title=title,
        body=body,
        steps=[authorship.step(by, at=turn.now)],
        tainted=turn.through is Through.AGENT,
    )
    await _pass_the_gate(turn, piece)
    async with turn.store.work() as work:
        chain, entry = await jams.add(work, room_id=room_id, member_id=turn.member_id, piece=piece)
        names = await jamming.names_of(work, chain)
    return jamming.answer(jam_words.added(entry, chain, names, turn.now), chain)


@act(
    "jam pass",
    effect=Effect.PUBLISH,
    examples=[
        "I pass in the jam",
        "skip my turn",
        "the next one may go on with the jam",
        "ich passe beim Jam",
        "paso mi turno",
        "pass",
        "I have nothing to add, next player please",
        "skip me this round",
        "not me, let somebody else go on in the jam",
        "I give my turn away",
        "ich setze im Jam aus",
        "salta mi turno en la jam",
        "überspring mich im Jam",
    ],
)
async def jam_pass(turn: Turn) -> Answer:
    """Let the next player of this room's jam go on."""
    async with turn.store.work() as work:
        chain = await jams.pass_on(work, room_id=jamming.room_of(turn), member_id=turn.member_id)
        names = await jamming.names_of(work, chain)
    name = names.get(turn.member_id, "")
    return jamming.answer(jam_words.passed(name, chain, names, turn.now), chain)


@act(
    "jam leave",
    effect=Effect.PUBLISH,
    examples=[
        "leave the jam",
        "I am out of the jam",
        "take my entries out of the jam and go",
        "ich steige aus dem Jam aus",
        "dejo la jam",
        "I do not want to play in the jam any more",
        "remove me from the jam",
        "I quit playing",
        "stop playing along in the jam",
        "I have to go, the jam goes on without me",
        "nimm mich aus dem Jam",
        "me voy de la jam",
    ],
)
async def jam_leave(
    turn: Turn,
    entries: Annotated[bool, Doc("take back what you added, too")] = False,
) -> Answer:
    """Leave this room's jam; what you added stays unless you take it back."""
    async with turn.store.work() as work:
        before = await _taken_back(work, turn)
        chain = await jams.leave(
            work, room_id=jamming.room_of(turn), member_id=turn.member_id, entries=entries
        )
        names = await jamming.names_of(work, chain)
        taken_back = await _taken_back(work, turn) - before
    name = names.get(turn.member_id, "")
    said = jam_words.left(name, chain, names, turn.now, taken_back=taken_back)
    return jamming.answer(said, chain)


@act(
    "jam show",
    effect=Effect.READ,
    examples=[
        "show the jam",
        "whose turn is it in the jam?",
        "how far has the jam come?",
        "what came of the last jam?",
        "zeig den Jam",
        "muéstrame la jam",
        "let me see how the jam stands",
        "show me the chain of the jam",
        "what has been written in the jam so far?",
        "who is playing in the jam?",
        "how long does the jam still last?",
        "is it my turn in the jam?",
        "wer ist im Jam dran?",
        "cómo va la jam",
    ],
)
async def jam_show(turn: Turn, jam: Annotated[int, WHICH] = 0) -> Answer:
    """Show this room's jam: its chain, whose turn it is, or what came of it."""
    async with turn.store.read() as view:
        room_id, there = await jamming.meant(turn, view, jam)
        if jam:
            chain = await jam_turns.chain_of(view, jam)
        else:
            chain = await jam_turns.latest(view, room_id=room_id)
        names = await jamming.names_of(view, chain)
    if chain.jam.id is not None and chain.jam.state is JamState.ENDED:
        return await jamming.what_came_of_it(turn.parts, chain.jam.id)
    plays = any(it.member_id == turn.member_id for it in chain.playing)
    said = jam_words.shown(chain, names, turn.now)
    if there is None and chain.jam.state is JamState.PLAYING:
        said = f"{said}\n{jamming.from_elsewhere(turn.parts, chain)}"
    return jamming.answer(said, chain, there, plays=plays)


@act(
    "jam end",
    effect=Effect.PUBLISH,
    examples=[
        "end the jam now",
        "stop the jam and publish it",
        "finish the jam early",
        "beende den Jam",
        "termina la jam",
        "the jam is over, publish the chain",
        "wrap the jam up",
        "close the jam",
        "that is enough, finish our jam session",
        "we are done with the jam, post it",
        "mach Schluss mit dem Jam",
        "acaba la jam y publícala",
    ],
)
async def jam_end(turn: Turn) -> Answer:
    """End a jam that you started, and publish its chain as one lineage."""
    async with turn.store.work() as work:
        chain = await jams.end(work, room_id=jamming.room_of(turn), member_id=turn.member_id)
        names = await jamming.names_of(work, chain)
    return jamming.answer(jam_words.turn(chain, names, turn.now), chain)


async def _pass_the_gate(turn: Turn, piece: Piece) -> None:
    """Refuse what could not be published later: the room reads it now."""
    content = Content(turn.member_id, piece.title, piece.body, None, piece.content_hash)
    decision = await worker.judge(turn.parts.check, content)
    if decision.outcome in (Outcome.HOLD, Outcome.BLOCK):
        raise Blocked(decision.rule, decision.passage)


async def _taken_back(view: View, turn: Turn) -> int:
    chain = await jam_turns.latest(view, room_id=jamming.room_of(turn))
    return sum(
        it.author_id == turn.member_id and it.state is JamEntryState.TAKEN_BACK
        for it in chain.entries
    )
