"""What a member gets of their own data, and that nothing of others is in it."""

import io
import json
import zipfile

from agents.answer import Attachment
from agents.own_data import OwnData
from tests.agents.test_acts import happened
from tests.agents.world import World


def opened(content: bytes) -> zipfile.ZipFile:
    return zipfile.ZipFile(io.BytesIO(content))


async def test_a_member_gets_all_that_is_theirs_and_nothing_of_others(world: World) -> None:
    await happened(world)
    ana, ben = await world.join("Ana"), await world.join("Ben")
    await world.do(ana, "paint", prompt="a lighthouse")
    await world.do(ana, "publish")
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


async def test_media_that_do_not_fit_are_counted_and_records_that_do_not_are_told(
    world: World,
) -> None:
    await happened(world)
    ana = await world.join("Ana")
    own = OwnData(world.store, world.parts.media)

    some = await own.exported(ana.member_id, limit=2**16)
    none = await own.exported(ana.member_id, limit=100)

    assert (some.files, some.left_out) == (0, 1)
    assert json.loads(opened(some.content).read("contents.json"))["media"]["left_out"] == 1
    assert none.content == b""
