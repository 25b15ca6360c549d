"""Whatever is sent in, its sender reads one clear sentence, and the feed is as it was."""

import asyncio
import errno
import io
import zipfile
from dataclasses import replace
from pathlib import Path

import pytest
from sqlalchemy import text
from sqlmodel import select

from agents.answer import Call
from bridges.protocol import Part
from bridges.uploads import Upload
from feed_core.database import NoRoom
from feed_core.models.creations import Creation, Draft, Edge
from feed_core.models.moderation import Report
from feed_core.models.reactions import Comment
from feed_core.models.revisions import Revision
from feed_core.services import begun, publishing
from tests.agents.world import Shown, World
from tests.bridges.telegram_door import png
from tests.fakes.recordings import recording
from tests.feed_core.test_media import CANARY, SVG, bomb

PNG = "\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\0\x10\0\0\0\x10\ufffd\ufffd\ufffd"
SCRIPTED = SVG.replace(b"<rect", CANARY + b"<rect")
WORDS = {
    "\u200b\u200d\ufeff": "nothing in it yet",
    "\u202e\u202c": "nothing in it yet",
    PNG: "inside of a file",
    "\0" * 50: "inside of a file",
    "x" * 100_000: "100,0",
}
TURNED = "\u202eoverride \u2067isolate"


async def call(world: World, name: str, act: str, **given: object) -> Part:
    """What somebody reads who does this."""
    called = replace(world.incoming(name), call=Call(act, given))  # type: ignore[arg-type]  # as typed
    return (await world.receive(called)).parts[0]


async def everything(world: World) -> list[object]:
    """All rows of the feed."""
    async with world.store.read() as view:
        return [
            row.model_dump()
            for table in (Creation, Edge, Revision, Draft, Comment, Report)
            for row in await view.db.exec(select(table))
        ]


def files(folder: Path) -> list[Path]:
    """All that was kept."""
    return [it for it in folder.rglob("*") if it.is_file()]


def clear(part: Part) -> bool:
    """Whether it is a sentence of ours, and no incident."""
    return part.text.endswith(".") and len(part.text) < 300 and "incident" not in part.text


async def test_words_that_nobody_can_read_are_refused_wherever_they_are_written(
    world: World,
) -> None:
    await call(world, "ana", "create", words="Rain: all night")
    await call(world, "ben", "comment", creation=1, words="so wet")
    before = await everything(world)
    for words, said in WORDS.items():
        for name, act, given in (
            ("ana", "create", {}),
            ("ana", "draft", {}),
            ("ana", "edit", {"piece": 1}),
            ("ben", "comment", {"creation": 1}),
        ):
            told = await call(world, name, act, words=words, **given)
            assert said in told.text, (act, words[:9], told.text)
            assert clear(told), told.text
    assert await everything(world) == before


async def test_words_of_any_language_and_direction_stay_where_they_stand(world: World) -> None:
    sender = replace(world.incoming("ana").sender, name=f"Ana {TURNED}")
    titles = [TURNED, "שלום עולם", "مرحبا", "雨が降る", "zero\u200bwidth", "👩‍👩‍👧‍👦"]
    for it in titles:
        said = replace(world.incoming("ana", f"/create {it}"), sender=sender)
        assert "Published" in (await world.receive(said)).text
    await call(world, "ben", "comment", creation=1, words=TURNED)

    shown = [await call(world, "ben", "show", creation=n + 1) for n in range(len(titles))]
    feed = [it.cards[0] for it in shown]
    thread = await call(world, "ben", "thread", creation=1)

    assert [it.title.removesuffix("\u2069\u202c") for it in feed] == titles
    spoken = [thread.text, *(it.byline for it in feed), *(it.title for it in feed)]
    for line in "\n".join(spoken).splitlines():
        assert line.count("\u202e") == line.count("\u202c")
        assert line.count("\u2067") == line.count("\u2069")
    assert not any("\u202e" in it.byline for it in feed)  # no name turns what follows
    assert "\u202e" in thread.text


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("huge.png", bomb(10_000, 10_000), "20 million pixels"),
        ("lying.png", bomb(40, 4_000), "cannot read that file"),
        ("drawing.svg", SCRIPTED, "cannot read that file"),
        ("drawing.png", SCRIPTED, "cannot read that file"),
        ("page.png", b"GIF89a" + CANARY, "cannot read that file"),
        ("empty.png", b"", "cannot read that file"),
        ("song.mp3", recording("tone.mp3") + SCRIPTED, "stands behind its end"),
    ],
)
async def test_a_file_that_is_not_what_it_says_is_refused(
    world: World, tmp_path: Path, name: str, content: bytes, said: str
) -> None:
    for words in ("/create Look", "look at this", ""):
        sent = replace(world.incoming("ana", words), uploads=[Upload(name, content)])
        told = (await world.receive(sent)).parts[0]
        assert said in told.text
        assert clear(told)
    assert await everything(world) == []
    assert files(tmp_path / "media") == []


async def test_of_a_picture_that_is_something_else_too_only_the_picture_is_kept(
    world: World,
) -> None:
    archive = io.BytesIO()
    with zipfile.ZipFile(archive, "w") as zipped:
        zipped.writestr("canary.html", CANARY)
    for words, content in (("Look", png() + archive.getvalue()), ("See", png() + SCRIPTED)):
        sent = replace(
            world.incoming("ana", f"/create {words}"), uploads=[Upload("a.png", content)]
        )
        card = (await world.receive(sent)).parts[0].cards[0]
        assert card.picture is not None
        assert b"canary" not in card.picture.content
        assert not zipfile.is_zipfile(io.BytesIO(card.picture.content))


async def test_what_cannot_be_built_on_is_said_and_nothing_is_made(world: World) -> None:
    for words in ("Withdrawn", "Private", "Refused", "Open"):
        seen = {"visibility": "only_me"} if words == "Private" else {}
        await call(world, "ana", "create", words=f"{words}: all about a river and its song", **seen)
    await call(world, "ana", "withdraw", creation=1)
    await call(world, "ana", "consent", creation=3, purpose="remix", answer="no")
    before = await everything(world)
    for sources, said in (
        ([1], "#1 was taken back"),
        ([2], "no creation #2 here"),
        ([3], "does not want it remixed"),
        ([4, 3], "does not want it remixed"),
        ([4, 1], "#1 was taken back"),
        ([99], "no creation #99 here"),
    ):
        told = await call(world, "ben", "remix", sources=sources)
        assert said in told.text, told.text
        assert told.text.count(".") <= 2
        assert "incident" not in told.text
    assert await everything(world) == before


async def test_publish_tapped_twice_at_once_publishes_once(world: World) -> None:
    made = await call(world, "ana", "draft", words="Rain: all night")
    publish = next(it for it in made.buttons if it.label == "Publish")
    shown = [Shown(), Shown(), Shown()]
    taps = [replace(world.incoming("ana"), token=publish.token) for _ in shown]
    typed = world.incoming("ana", "/publish d1")
    await asyncio.gather(
        *(world.receive(tap, it) for tap, it in zip(taps, shown, strict=True)),
        world.receive(typed, late := Shown()),
    )
    told = [it.text for it in (*shown, late)]
    assert len([it for it in told if "Published as #1." in it]) == 1
    assert all("done already" in it or "before" in it for it in told if "Published" not in it)
    async with world.store.read() as view:
        assert len(list(await view.db.exec(select(Creation)))) == 1


async def test_a_full_disk_of_the_database_is_said_and_changes_nothing(world: World) -> None:
    await call(world, "ana", "create", words="Rain: all night")
    before = await everything(world)
    async with world.store.work() as work:
        connection = await work.db.connection()
        used = (await connection.execute(text("PRAGMA page_count"))).scalar_one()
        await connection.execute(text(f"PRAGMA max_page_count = {used + 2}"))
    for act, given in (
        ("create", {"words": "Flood: " + "much water " * 1_500}),
        ("draft", {"words": "Flood: " + "much water " * 1_500}),
        ("edit", {"piece": 1, "words": "Flood: " + "much water " * 1_500}),
    ):
        told = await call(world, "ana", act, **given)
        assert "no room left" in told.text
    assert await everything(world) == before
    async with world.store.work() as work:
        await (await work.db.connection()).execute(text("PRAGMA max_page_count = 1000000"))
    assert "Published" in (await call(world, "ana", "create", words="Sun: at last")).text


async def test_a_disk_that_fills_up_while_publishing_changes_nothing(world: World) -> None:
    async def most(pages: int) -> int:
        async with world.store.work() as work:
            connection = await work.db.connection()
            used = (await connection.execute(text("PRAGMA page_count"))).scalar_one()
            await connection.execute(text(f"PRAGMA max_page_count = {used + pages}"))
        return pages

    await call(world, "ana", "create", words="Rain: all night")
    flood = "Flood: " + "much water and mud " * 400
    refused = 0
    for pages in range(60):  # it fails at each step once: at storing it, at showing it, at the end
        before = await everything(world)
        await most(pages)
        told = await call(world, "ana", "create", words=flood)
        await most(1_000_000)
        if "no room left" not in told.text:
            break
        refused += 1
        assert await everything(world) == before
    assert "Published as #2." in told.text
    assert refused > 3
    assert "already: #2" in (await call(world, "ana", "create", words=flood)).text


async def test_a_draft_whose_publishing_could_not_be_written_down_is_published_when_asked_again(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def full(*_: object, **__: object) -> None:
        raise NoRoom("The database")

    await call(world, "ana", "draft", words="Rain: all night")
    with monkeypatch.context() as patch:
        patch.setattr(publishing, "settle", full)
        patch.setattr(begun, "take_away", full)
        assert "no room left" in (await call(world, "ana", "publish", draft=1)).text
    assert "Published as #1." in (await call(world, "ana", "publish", draft=1)).text
    assert "d1 was published before" in (await call(world, "ana", "publish", draft=1)).text


async def test_a_full_disk_of_the_files_is_said_and_changes_nothing(
    world: World, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(path: Path, content: bytes) -> None:
        path.write_bytes(content[: len(content) // 2])
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(world.parts.media, "_write_bytes", full)
    for content in (png(), recording("tone.mp3")):
        sent = replace(world.incoming("ana", "/create Look"), uploads=[Upload("a.png", content)])
        assert "no room left" in (await world.receive(sent)).text
    assert await everything(world) == []
    assert files(tmp_path / "media") == []
