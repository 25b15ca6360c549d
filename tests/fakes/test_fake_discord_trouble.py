"""The fake on its bad days, met by the real discord.py: limits, outages, closed doors."""

import asyncio
from collections.abc import AsyncIterator

import aiohttp
import discord
import pytest

from tests.fakes.discord import FakeDiscord, Impossible, Urls
from tests.fakes.discord_ear import Ear
from tests.fakes.discord_redirect import redirected, running


@pytest.fixture
async def urls(fake: FakeDiscord) -> AsyncIterator[Urls]:
    async with fake.serving() as urls:
        with redirected(urls):
            yield urls


@pytest.fixture
def fake() -> FakeDiscord:
    return FakeDiscord()


@pytest.fixture
async def ear(fake: FakeDiscord, urls: Urls) -> AsyncIterator[Ear]:
    ear = Ear(fake)
    async with running(ear, fake):
        yield ear


@pytest.fixture
def room(fake: FakeDiscord, ear: Ear) -> discord.PartialMessageable:
    return ear.get_partial_messageable(fake.home.id)


async def test_a_global_limit_is_waited_out(
    fake: FakeDiscord, ear: Ear, room: discord.PartialMessageable
) -> None:
    fake.traffic.refuse("POST", "/messages", times=2, retry_after=0.05, globally=True)
    await room.send("patient")
    assert [m.text for m in fake.sent] == ["patient"]
    assert (fake.traffic.too_many, fake.traffic.invalid) == (2, 2)


async def test_a_routes_limit_is_announced_and_kept(
    fake: FakeDiscord, ear: Ear, room: discord.PartialMessageable
) -> None:
    fake.traffic.limit("POST", r"^/channels/\d+/messages$", 2, per=0.3)
    await asyncio.gather(*(room.send(str(n)) for n in range(5)))
    assert sorted(m.text for m in fake.sent) == ["0", "1", "2", "3", "4"]
    times = sorted(m.sent_at for m in fake.sent)
    assert times[2] - times[0] > 0.25  # the headers told it to wait
    assert fake.traffic.too_many <= 2


async def test_more_than_fifty_requests_in_a_second_are_refused(
    fake: FakeDiscord, urls: Urls
) -> None:
    async with aiohttp.ClientSession(headers={"Authorization": f"Bot {fake.token}"}) as http:
        codes = []
        for _ in range(55):
            async with http.get(urls.api + "/users/@me") as response:
                codes.append(response.status)
        assert response.headers["Content-Type"] == "application/json"
        assert response.headers["Via"] and response.headers["X-RateLimit-Global"] == "true"
    assert codes == [200] * 50 + [429] * 5
    assert fake.traffic.busiest_second == 50


async def test_an_outage_is_an_error_and_then_over(
    fake: FakeDiscord, ear: Ear, room: discord.PartialMessageable
) -> None:
    fake.traffic.fail(503, "POST", "/messages")
    with pytest.raises(discord.DiscordServerError):
        await room.send("lost")
    await room.send("kept")
    assert [m.text for m in fake.sent] == ["kept"]


@pytest.mark.parametrize("accepted", [False, True])
async def test_a_cut_connection_is_repaired_under_the_same_nonce(
    fake: FakeDiscord, ear: Ear, room: discord.PartialMessageable, accepted: bool
) -> None:
    fake.traffic.cut("POST", "/messages", accepted=accepted)
    with pytest.raises(aiohttp.ClientError):
        await room.send("once", nonce="n1")
    assert len(fake.sent) == accepted
    await room.send("once", nonce="n1")
    assert [m.text for m in fake.sent] == ["once"]


async def test_a_held_request_waits_for_the_test(
    fake: FakeDiscord, ear: Ear, room: discord.PartialMessageable
) -> None:
    release = fake.traffic.hold("POST", "/typing")
    async with asyncio.TaskGroup() as tasks:
        waiting = tasks.create_task(ear.http.send_typing(fake.home.id))
        await fake.until(lambda: fake.requests[-1].path.endswith("/typing"))
        assert not fake.typing and not waiting.done()
        release.set()
    assert fake.typing == [fake.home]


async def test_rooms_and_people_may_be_closed_to_the_bot(
    fake: FakeDiscord, ear: Ear, room: discord.PartialMessageable
) -> None:
    fake.home.closed = fake.person("ben").closed = True
    with pytest.raises(discord.Forbidden) as refused:
        await room.send("let me in")
    assert refused.value.code == 50013
    with pytest.raises(discord.Forbidden) as refused:
        await (await ear.fetch_user(fake.person("ben").id)).send("hi")
    assert refused.value.code == 50007
    fake.remove(fake.home)
    with pytest.raises(discord.NotFound) as gone:
        await room.send("anybody?")
    assert gone.value.code == 10003


async def test_a_command_once_removed_is_gone_from_the_menu(fake: FakeDiscord, ear: Ear) -> None:
    await ear.tree.sync()
    ear.tree.clear_commands(guild=None)
    assert await ear.tree.sync() == []
    with pytest.raises(Impossible):
        fake.slash("wait")
