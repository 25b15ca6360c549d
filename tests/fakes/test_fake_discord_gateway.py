"""The fake's gateway met by the real discord.py: lost sockets, refusals, intents, every event."""

import json
import zlib
from collections.abc import AsyncIterator
from typing import Any

import aiohttp
import discord
import pytest

from tests.fakes.discord import FakeDiscord, Urls
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


async def test_a_refused_token_is_a_login_failure(fake: FakeDiscord, urls: Urls) -> None:
    with pytest.raises(discord.LoginFailure):
        async with Ear(fake) as client:
            await client.start("wrong.token")
    assert fake.traffic.invalid == 1


async def test_a_token_refused_by_the_gateway_ends_the_client(
    fake: FakeDiscord, urls: Urls
) -> None:
    async with Ear(fake) as client:
        await client.login(fake.token)
        fake.token = "another"
        with pytest.raises(discord.ConnectionClosed) as closed:
            await client.connect()
    assert closed.value.code == 4004


async def test_an_intent_that_is_not_enabled_is_refused(fake: FakeDiscord, urls: Urls) -> None:
    fake.gateway.allowed_privileged = 0
    with pytest.raises(discord.PrivilegedIntentsRequired):
        async with Ear(fake) as client:
            await client.start(fake.token)
    assert fake.gateway.intents & discord.Intents.all().message_content


async def test_a_dropped_socket_is_resumed_without_a_lost_event(
    fake: FakeDiscord, ear: Ear
) -> None:
    fake.say("one")
    await ear.heard(1)
    fake.gateway.drop()
    for word in ("two", "three"):
        fake.say(word)
    assert await ear.heard(3) == ["one", "two", "three"]
    assert (fake.gateway.resumes, fake.gateway.identified) == (1, 1)


@pytest.mark.parametrize("how", ["reconnect", "close"])
async def test_a_client_asked_to_leave_comes_back_and_resumes(
    fake: FakeDiscord, ear: Ear, how: str
) -> None:
    if how == "close":
        fake.gateway.close(4000)
    else:
        fake.gateway.reconnect()
    await fake.until(lambda: fake.gateway.resumes == 1)
    fake.say("still here")
    assert await ear.heard(1) == ["still here"]


async def test_an_invalid_session_is_begun_anew(fake: FakeDiscord, ear: Ear) -> None:
    fake.gateway.invalidate()
    await fake.until(lambda: fake.gateway.identified == 2)
    fake.say("new")
    assert await ear.heard(1) == ["new"]
    assert len(fake.gateway.identified_at) == 2


async def test_events_arrive_doubled_and_in_another_order_on_command(
    fake: FakeDiscord, ear: Ear
) -> None:
    with fake.gateway.reordered():
        first = fake.say("first")
        fake.say("second")
    fake.tell(first)
    assert await ear.heard(3) == ["second", "first", "first"]


async def test_words_are_blank_without_the_intent_unless_meant_for_the_bot(
    fake: FakeDiscord, urls: Urls
) -> None:
    ear = Ear(fake, discord.Intents.default())
    async with running(ear, fake):
        fake.say("overheard")
        fake.say("hey", mention_bot=True)
        fake.dm("psst")
        assert await ear.heard(3) == ["", f"<@{fake.bot.id}> hey", "psst"]


async def test_edits_deletions_reactions_and_guilds_are_told(fake: FakeDiscord, ear: Ear) -> None:
    await ear.wait_until_ready()
    message = fake.say("a")
    assert await ear.heard(1) == ["a"]
    fake.edit(message, "b")
    fake.react(message, "❤", user="ben")
    fake.delete(message)
    assert (await ear.heard(4))[1:] == ["a -> b", "ben ❤", "b deleted"]
    other = fake.invite("Elsewhere")
    await ear.heard(5)
    fake.expel(other)
    assert (await ear.heard(6))[4:] == ["in Elsewhere", "out of Elsewhere"]


async def test_members_are_listed_when_asked_for(fake: FakeDiscord, ear: Ear) -> None:
    await ear.wait_until_ready()
    guild = ear.get_guild(fake.guild.id)
    assert guild is not None
    members = await guild.query_members(user_ids=[fake.person("ben").id])
    assert [member.name for member in members] == ["ben"]


@pytest.mark.parametrize("compress", ["", "zlib-stream"])
async def test_the_gateway_speaks_plainly_and_in_zlib(
    fake: FakeDiscord, urls: Urls, compress: str
) -> None:
    inflate = zlib.decompressobj()

    async def read(socket: aiohttp.ClientWebSocketResponse) -> Any:
        if not compress:
            return await socket.receive_json(timeout=5)
        return json.loads(inflate.decompress(await socket.receive_bytes(timeout=5)))

    query = {"v": "10", "encoding": "json", **({"compress": compress} if compress else {})}
    async with (
        aiohttp.ClientSession() as http,
        http.ws_connect(urls.gateway, params=query) as socket,
    ):
        assert (await read(socket))["op"] == 10
        await socket.send_json({"op": 1, "d": None})
        assert (await read(socket))["op"] == 11
        await socket.send_json({"op": 2, "d": {"token": fake.token, "intents": 1 << 9}})
        ready = await read(socket)
        assert (ready["t"], ready["s"], ready["d"]["user"]["username"]) == ("READY", 1, "jamfeed")


async def test_a_thread_is_started_on_a_message(fake: FakeDiscord, ear: Ear) -> None:
    channel = await ear.fetch_channel(fake.home.id)
    assert isinstance(channel, discord.TextChannel)
    thread = await (await channel.fetch_message(fake.say("root").id)).create_thread(name="rain")
    await thread.send("inside")
    heard = await fake.hears(channel="rain")
    assert (heard.text, heard.channel.parent) == ("inside", fake.home)


async def test_every_shard_hears_its_own_guilds_and_the_first_all_private_words(
    fake: FakeDiscord, urls: Urls
) -> None:
    other = fake.world.guild("Elsewhere")
    while (other.id >> 22) % 2 == (fake.guild.id >> 22) % 2:
        other.id += 1 << 22
    fake.world.guilds = {guild.id: guild for guild in (fake.guild, other)}
    told: list[tuple[str, int | None]] = []

    class Sharded(discord.AutoShardedClient):
        async def before_identify_hook(
            self, shard_id: int | None, *, initial: bool = False
        ) -> None:
            """Skip the five seconds between two identifies."""

        async def on_message(self, message: discord.Message) -> None:
            told.append((message.content, message.guild.shard_id if message.guild else None))
            fake.world.changed()

    intents = discord.Intents.all()
    async with running(Sharded(intents=intents, shard_count=2), fake):
        await fake.until(lambda: fake.gateway.identified == 2)
        fake.say("here")
        fake.say("there", channel=fake.channel("room", guild=other))
        fake.dm("psst")
        await fake.until(lambda: len(told) == 3)
    homes = [(guild.id >> 22) % 2 for guild in (fake.guild, other)]
    assert sorted(told, key=str) == [("here", homes[0]), ("psst", None), ("there", homes[1])]
