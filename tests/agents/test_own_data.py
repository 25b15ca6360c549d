"""What a member gets of their own data, and that it can be gone for good."""

import asyncio
import io
import json
import zipfile
from dataclasses import replace

from agents import own_data_words as words
from agents.answer import Attachment
from agents.own_data import OwnData
from agents.wording import sentence
from feed_core.errors import NotAdmitted
from feed_core.services.erasing import FORMER
from tests.agents.test_acts import happened
from tests.agents.world import World


def opened(content: bytes) -> zipfile.ZipFile:
    return zipfile.ZipFile(io.BytesIO(content))


async def test_a_member_gets_all_that_is_theirs_and_nothing_of_others(world: World) -> None:
    await happened(world)
    ana, ben = await world.join("Ana"), await world.join("Ben")
    await world.do(ben, "comment", creation=1, words="what a song")
    await world.do(ben, "remember", words="I live in Porto")
    await world.say(ana, "good evening to you")

    answer = await world.do(ana, "data export")

    (file,) = answer.pictures
    assert isinstance(file, Attachment)
    archive = opened(file.content)
    lines = {
        it: [json.loads(line) for line in archive.read(it).splitlines()]
        for it in archive.namelist()
        if it.endswith(".jsonl")
    }
    assert [it["name"] for it in lines["member.jsonl"]] == ["Ana"]
    assert {it["member_id"] for it in lines["identity.jsonl"]} == {ana.member_id}
    assert {it["author_id"] for it in lines["creation.jsonl"]} == {ana.member_id}
    assert [it["body"] for it in lines["comment.jsonl"]] == ["my own song"]
    assert [it["text"] for it in lines["memory.jsonl"]] == ["I live in Lisbon"]
    assert "good evening to you" in [it["text"] for it in lines["message.jsonl"]]
    assert lines["draft.jsonl"][0]["title"] == "Kettle"
    shown = [it["hash"] for it in lines["media.jsonl"]]
    assert sorted(it.partition("/")[2][:64] for it in archive.namelist() if "/" in it) == sorted(
        shown
    )
    everything = b"".join(archive.read(it) for it in archive.namelist())
    assert b"Porto" not in everything
    assert b"what a song" not in everything

    own = OwnData(world.store, world.parts.media, world.parts.memories)
    some = await own.exported(ana.member_id, limit=2**16)
    none = await own.exported(ana.member_id, limit=100)
    assert (some.files, some.left_out) == (0, len(shown))
    assert json.loads(opened(some.content).read("contents.json"))["media"]["files"] == 0
    assert none.content == b""


async def test_who_is_sure_is_gone_with_all_that_was_theirs_and_begins_anew(world: World) -> None:
    ana, ben = await world.join("Ana"), await world.join("Ben")
    await world.do(ana, "create", words="Rain: all night the same song on the tin roof")
    await world.do(ana, "comment", creation=1, words="my own song")
    await world.do(ana, "draft", words="Kettle: it sings")
    await world.do(ana, "remember", words="I live in Lisbon")
    await world.do(ben, "remix", sources=[1], how="as an erasure poem")
    await world.do(ben, "publish")

    said = await world.say(ana, "delete my account, I am sure: erase")
    asked = await world.do(ana, "data erase")
    assert said.buttons[0].label == asked.buttons[0].label == words.ERASE
    assert await world.parts.memories.all(ana.member_id)
    gone = await world.press(ana, asked, words.ERASE)

    assert gone.text == words.ERASED
    assert await world.parts.memories.all(ana.member_id) == []
    shown = await world.do(ben, "show", creation=2)
    lineage = await world.do(ben, "lineage", creation=2)
    assert "Ana" not in f"{shown}{replace(lineage, pictures=())}"
    assert FORMER in f"{shown}{lineage}"
    archive = opened((await world.do(ana, "data export")).pictures[0].content)
    for word in (b"Ana", b"Lisbon", b"Rain", b"Kettle", b"song"):
        assert not any(word in archive.read(it) for it in archive.namelist()), word
    assert (await world.join("Ana")).member_id != ana.member_id


async def test_what_they_say_while_they_are_erased_is_said_by_a_stranger(world: World) -> None:
    ana = await world.join("Ana")
    token = await world.token(ana, await world.do(ana, "data erase"), words.ERASE)
    erasing = replace(world.incoming("Ana"), token=token)

    gone, posted = await asyncio.gather(
        world.receive(erasing), world.receive(world.incoming("Ana", "/create Fog: grey"))
    )

    assert gone.text == words.ERASED
    assert posted.text == sentence(NotAdmitted())  # as to anybody whom nobody invited
    assert not (await world.do(ana, "mine")).cards
