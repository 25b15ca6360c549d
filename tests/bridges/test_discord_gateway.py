"""The bridge and the gateway: shards, sessions, intents, and every way in which it hangs up."""

import asyncio
from collections.abc import Callable
from contextlib import AsyncExitStack, suppress
from itertools import pairwise
from types import SimpleNamespace
from typing import Any

import pytest
import yarl
from discord import Client, Intents
from discord.gateway import DiscordWebSocket

from agents.wording import sentence
from bridges.discord.adapter import DiscordBridge
from bridges.discord.returning import LONGEST, back_soon
from bridges.discord.shards import Shards, read
from feed_core.errors import ConfigurationError, Unavailable
from tests.bridges.discord_scripted import ACTS, ScriptedDoor
from tests.bridges.test_discord_wire import bridge_to, discord, running, urls
from tests.fakes.discord import FakeDiscord
from tests.fakes.discord_things import Guild
from tests.fakes.virtual_time import in_virtual_time

__all__ = ["discord"]

CONTENT = 1 << 15


def bridge(
    fake: FakeDiscord,
    *,
    listening: bool = False,
    shards: Shards | None = None,
    apart: float = 0.0,
) -> DiscordBridge:
    where = urls(fake)
    return DiscordBridge(
        "test.token",
        ACTS,
        api_url=where.api,
        gateway_url=where.gateway,
        listening=listening,
        shards=shards,
        apart=apart,
    )


async def ended(fake: FakeDiscord, happens: Callable[[], None]) -> None:
    """Run until the bridge ends by itself, of what happens once it is ready."""
    ready = asyncio.Event()
    task = asyncio.create_task(bridge(fake).run(ScriptedDoor(), ready.set))
    try:
        async with asyncio.timeout(10):
            await asyncio.wait(
                {task, asyncio.create_task(ready.wait())}, return_when=asyncio.FIRST_COMPLETED
            )
            happens()
            await task
    finally:
        task.cancel()


@pytest.mark.parametrize(
    ("code", "setting"),
    [
        (4004, "JAMFEED_DISCORD_TOKEN"),
        (4010, "JAMFEED_DISCORD_SHARDS"),
        (4011, "JAMFEED_DISCORD_SHARDS"),
        (4012, "Discord"),
        (4013, "Discord"),
        (4014, "JAMFEED_DISCORD_LISTENING"),
    ],
)
async def test_a_hanging_up_that_only_the_operator_can_mend_is_told_once(
    discord: FakeDiscord, code: int, setting: str
) -> None:
    with pytest.raises(ConfigurationError) as caught:
        await ended(discord, lambda: discord.gateway.close(code))

    assert caught.value.setting == setting
    assert sentence(caught.value).startswith(f"{setting}: ")
    assert discord.gateway.identified == 1


async def test_after_any_other_hanging_up_the_next_word_is_answered(discord: FakeDiscord) -> None:
    door = ScriptedDoor()
    async with running(bridge(discord), door):
        for code in (4000, 4001, 4002, 4003, 4005, 4007, 4008, 4009, 1000, 1001):
            begun = discord.gateway.identified + discord.gateway.resumes
            discord.gateway.close(code)
            await discord.until(
                lambda before=begun: discord.gateway.identified + discord.gateway.resumes > before,  # type: ignore[misc]  # bound
                what=f"back after {code}",
            )
            discord.dm(f"after {code}")
            assert (await discord.hears()).text == f"Ana said after {code}"

    assert len(door.received) == 10
    assert discord.gateway.identified == 5  # at first, and where the session was gone


async def test_a_session_called_invalid_is_begun_anew(discord: FakeDiscord) -> None:
    async with running(bridge(discord), ScriptedDoor()):
        discord.gateway.invalidate()
        await discord.until(lambda: discord.gateway.identified == 2, what="anew")
        discord.dm("new")
        assert (await discord.hears()).text == "Ana said new"


async def test_listening_asks_for_the_content_of_messages_and_nothing_else_does(
    discord: FakeDiscord,
) -> None:
    async with running(bridge(discord, listening=True), ScriptedDoor()):
        assert discord.gateway.intents & CONTENT
    async with running(bridge(discord), ScriptedDoor()):
        assert not discord.gateway.intents & CONTENT


async def test_listening_that_the_portal_does_not_allow_is_refused_before_it_connects(
    discord: FakeDiscord,
) -> None:
    discord.gateway.allowed_privileged = 0
    with pytest.raises(ConfigurationError) as caught:
        async with running(bridge(discord, listening=True), ScriptedDoor()):
            pass

    assert caught.value.setting == "JAMFEED_DISCORD_LISTENING"
    assert f"applications/{discord.bot.id}/bot" in sentence(caught.value)
    assert discord.gateway.identified_at == []


async def test_a_refused_token_is_asked_about_once(discord: FakeDiscord) -> None:
    with pytest.raises(ConfigurationError):
        async with running(bridge_to(discord, token="wrong"), ScriptedDoor()):
            pass

    assert len(discord.requests) == 1


async def test_a_bot_whose_commands_go_to_the_web_is_told_so(discord: FakeDiscord) -> None:
    discord.directory.page["interactions_endpoint_url"] = "https://example.org/hook"
    with pytest.raises(ConfigurationError, match="configuration") as caught:
        await bridge(discord).who()
    assert "Interactions Endpoint URL" in sentence(caught.value)


async def test_without_a_session_left_today_none_is_begun(discord: FakeDiscord) -> None:
    discord.gateway.starts = 0
    with pytest.raises(Unavailable):
        async with running(bridge(discord), ScriptedDoor()):
            pass
    assert discord.gateway.identified_at == []


async def test_after_the_last_session_of_a_day_discord_is_asked_before_another_is_begun(
    discord: FakeDiscord,
) -> None:
    discord.gateway.starts = 1
    with pytest.raises(Unavailable):
        await ended(discord, discord.gateway.invalidate)
    assert (discord.gateway.identified, discord.gateway.starts) == (1, 0)


def test_after_hours_without_discord_the_next_attempt_is_never_far() -> None:
    tried: list[float] = []

    async def away(*_: object, **__: object) -> None:
        tried.append(asyncio.get_running_loop().time())
        if tried[-1] > 2 * 3600:
            raise asyncio.CancelledError
        raise ConnectionRefusedError

    lost: Any = SimpleNamespace(sequence=None, gateway=None, session_id=None, open=False)

    async def run(patch: pytest.MonkeyPatch) -> None:
        patch.setattr(DiscordWebSocket, "from_client", away)
        async with Client(intents=Intents.none()) as client:
            client.ws = lost
            with back_soon(), suppress(asyncio.CancelledError):
                await client.connect()

    with pytest.MonkeyPatch.context() as patch:
        in_virtual_time(run(patch))
    assert max(after - before for before, after in pairwise(tried)) <= LONGEST


def elsewhere(fake: FakeDiscord) -> Guild:
    """A guild of the other one of two shards."""
    other = fake.world.guild("Elsewhere")
    while (other.id >> 22) % 2 == (fake.guild.id >> 22) % 2:
        other.id += 1 << 22
    fake.world.guilds = {guild.id: guild for guild in (fake.guild, other)}
    return other


async def test_as_many_shards_as_discord_advises_hear_all_there_is(discord: FakeDiscord) -> None:
    other = elsewhere(discord)
    discord.gateway.shards = discord.gateway.max_concurrency = 2
    discord.gateway.apart = 5.0  # two keys: neither has to wait
    async with running(bridge(discord, apart=5.0), ScriptedDoor()):
        await discord.until(lambda: discord.gateway.identified == 2, what="both")
        room = discord.channel("room", guild=other)
        discord.say("here", mention_bot=True)
        discord.say("there", channel=room, mention_bot=True)
        discord.dm("psst")
        told = {(await discord.hears()).text for _ in range(3)}

    assert told == {"Ana said here", "Ana said there", "Ana said psst"}
    assert discord.gateway.refused_starts == 0


async def test_a_process_hears_its_own_shards_alone(discord: FakeDiscord) -> None:
    other = elsewhere(discord)
    mine = (discord.guild.id >> 22) % 2
    door = ScriptedDoor()
    async with running(bridge(discord, shards=read(f"{mine}/2")), door):
        discord.say("theirs", channel=discord.channel("room", guild=other), mention_bot=True)
        discord.say("mine", mention_bot=True)
        assert (await discord.hears()).text == "Ana said mine"
    assert discord.gateway.identified == len(door.received) == 1


async def test_a_shard_takes_its_session_up_again_and_loses_nothing(discord: FakeDiscord) -> None:
    discord.gateway.shards = 2
    async with running(bridge(discord), ScriptedDoor()):
        await discord.until(lambda: discord.gateway.identified == 2, what="both")
        discord.gateway.drop()
        discord.say("while you were away", mention_bot=True)
        assert (await discord.hears()).text == "Ana said while you were away"
    assert discord.gateway.identified == 2


async def test_sessions_of_one_key_are_begun_apart(discord: FakeDiscord) -> None:
    discord.gateway.shards, discord.gateway.apart = 2, 0.2
    async with running(bridge(discord, apart=0.25), ScriptedDoor()):
        await discord.until(lambda: discord.gateway.identified == 2, what="both")
    assert discord.gateway.refused_starts == 0


@pytest.mark.parametrize("written", ["", "4", "3-1/8", "8/8", "0-8/8", "a/b", "-1/8", "0/0"])
def test_shards_that_cannot_be_are_told_with_an_example(written: str) -> None:
    with pytest.raises(ConfigurationError) as caught:
        read(written)
    assert "0-3/8" in sentence(caught.value)


def test_shards_are_read_as_they_are_written() -> None:
    assert read(None) is None
    assert read("0-3/8") == Shards(0, 3, 8)
    assert read("5/8") == Shards(5, 5, 8)


async def test_an_outage_that_refuses_connections_brings_no_storm_and_loses_nothing() -> None:
    fake, door = FakeDiscord(), ScriptedDoor()
    refused: list[int] = []
    some = asyncio.Event()

    async def refuse(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.close()
        refused.append(1)
        some.set()

    async with AsyncExitStack() as up:
        where = await up.enter_async_context(fake.serving())
        port = yarl.URL(where.api).port
        assert port is not None
        async with running(bridge(fake), door):
            await up.aclose()
            async with await asyncio.start_server(refuse, "127.0.0.1", port), asyncio.timeout(10):
                await some.wait()
            said = fake.dm("is anybody there?")
            await up.enter_async_context(fake.serving(port))
            answer = await fake.hears(timeout=10)

    assert answer.text == "Ana said is anybody there?"
    assert len(refused) <= 2
    assert [it.update_id for it in door.received] == [str(said.id)]
    assert (fake.gateway.identified, fake.gateway.resumes) == (1, 1)
