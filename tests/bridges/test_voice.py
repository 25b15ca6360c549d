"""What is spoken into a microphone: its sender's own words, or data when another spoke it."""

from dataclasses import replace

import pytest
from sqlmodel import select

from agents.profile import SpeechModel
from agents.spending import Ledger
from agents.transcribing import ModelTranscriber
from bridges.admission import Admission
from bridges.inbox import Inbox
from bridges.protocol import Incoming
from bridges.uploads import Spoken, Upload
from feed_core.bus import Bus
from feed_core.models.ledger import ModelCall
from tests.agents.world import PROFILE, World
from tests.fakes.openai import FakeOpenAI
from tests.fakes.recordings import recording

FORWARDED = Spoken(90, "Ben")


@pytest.fixture
def note() -> Upload:
    return Upload("voice note.ogg", recording("tone.opus.ogg"), spoken=Spoken(90))


async def test_a_voice_note_is_what_its_sender_says_and_of_another_data(
    world: World, note: Upload
) -> None:
    fake = FakeOpenAI(api_key="none")
    fake.answers("What have I made?", "so wet", "/publish d1", " ")

    def sent(upload: Upload) -> Incoming:
        return replace(world.incoming("ana"), uploads=[upload])

    made = await world.receive(world.incoming("ana", "/create Rain: all night"))
    comment = next(it.token for it in made.parts[0].buttons if it.label == "Comment")
    async with fake.serving() as url:
        model = SpeechModel(name="whisper-1", price=0.006, base_url=f"{url}/v1")
        listener = ModelTranscriber([model], Ledger(world.store, PROFILE))
        parts = replace(world.parts, transcriber=listener)
        world.inbox = Inbox(parts, world.desk, world.talk, Admission(PROFILE), Bus())
        own = await world.receive(sent(note))
        filled = await world.receive(replace(sent(note), token=comment, filled=""))
        others = await world.receive(sent(replace(note, spoken=FORWARDED)))
        silent = await world.receive(sent(note))

    assert "Rain" in str(own.parts) and "I heard: “What have I made?”" in own.text
    assert "so wet" in filled.text
    assert others.parts[0].cards[0].title == "/publish d1"  # shown, not done
    assert "no words" in silent.text
    assert fake.requests[0].body == {
        "model": "whisper-1",
        "response_format": "json",
        "file": "voice note.ogg",
    }
    async with world.store.read() as view:
        paid = (await view.db.exec(select(ModelCall))).all()
    assert [(it.purpose, it.micros, it.settled) for it in paid] == [("listen", 9_000, True)] * 4


async def test_without_a_speech_model_a_recording_is_kept_and_it_is_said_what_to_set(
    world: World, note: Upload
) -> None:
    own = await world.receive(replace(world.incoming("ana"), uploads=[note]))
    assert own.parts[0].cards[0].recording is not None
    assert "speech model in agents.yaml" in own.text
    others = replace(world.incoming("ana"), uploads=[replace(note, spoken=FORWARDED)])
    refused = await world.receive(others)
    assert "speech model in agents.yaml" in refused.text and not refused.parts[0].cards
