"""How an operator learns where to click: links, permissions, and what a bot lacks."""

import stat
from collections.abc import AsyncIterator
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest
from pydantic import SecretStr

from agents.wording import sentence
from bridges.beginning import guide, keep
from bridges.settings import Settings
from tests.bridges.discord_scripted import ScriptedDoor
from tests.bridges.test_discord_wire import bridge_to, discord, running, urls
from tests.fakes.discord import FakeDiscord

__all__ = ["discord"]


@pytest.fixture
async def settings(discord: FakeDiscord, tmp_path: Path) -> AsyncIterator[Settings]:
    where = urls(discord)
    yield Settings(
        home=tmp_path,
        discord_token=SecretStr("test.token"),
        discord_api_url=where.api,
        discord_gateway_url=where.gateway,
    )


async def test_the_links_ask_for_what_is_needed_and_nothing_else(discord: FakeDiscord) -> None:
    bot = await bridge_to(discord).looked_up()
    server, user = (parse_qs(urlsplit(it).query) for it in bot.links.values())

    assert bot.lacks == []
    assert server == {
        "client_id": [str(discord.bot.id)],
        "integration_type": ["0"],
        "scope": ["bot applications.commands"],
        # view, send, embed links, attach, read history; public threads, send in threads
        "permissions": [str(sum(1 << bit for bit in (10, 11, 14, 15, 16, 35, 38)))],
    }
    assert user == {
        "client_id": [str(discord.bot.id)],
        "integration_type": ["1"],
        "scope": ["applications.commands"],
    }


async def test_each_thing_that_is_missing_is_named_with_where_to_click(
    discord: FakeDiscord,
    settings: Settings,
    capsys: pytest.CaptureFixture[str],
) -> None:
    discord.guild.permissions = str(1 << 10 | 1 << 11 | 1 << 14 | 1 << 16 | 1 << 35 | 1 << 38)
    discord.world.guild("Admins").permissions = str(1 << 3)
    discord.directory.page |= {
        "bot_require_code_grant": True,
        "integration_types_config": {"0": {}},
    }
    lacks = [sentence(it) for it in (await bridge_to(discord).looked_up()).lacks]

    page = f"https://discord.com/developers/applications/{discord.bot.id}"
    assert lacks == [
        "Discord: people cannot install the bot for themselves. "
        f"choose User Install at {page}/installation",
        "Discord: the bot's invite link leads nowhere. "
        f"switch off Requires OAuth2 Code Grant at {page}/bot",
        "The server “The Jam House” on Discord: Jamfeed's role lacks Attach Files. "
        "switch it on in Server Settings, Roles, jamfeed",
    ]
    assert await guide(settings) == 2
    told = capsys.readouterr().out
    assert all(it in told for it in lacks)
    assert "The bot is @jamfeed." in told


async def test_servers_that_do_not_fit_into_one_list_are_looked_at_as_well(
    discord: FakeDiscord,
) -> None:
    for number in range(450):
        discord.world.guild(f"guild {number}").permissions = "0"
    assert len((await bridge_to(discord).looked_up()).lacks) == 450


async def test_init_says_why_a_token_is_of_no_use_and_how_to_get_one(
    discord: FakeDiscord, settings: Settings, capsys: pytest.CaptureFixture[str]
) -> None:
    refused = settings.model_copy(update={"discord_token": SecretStr("wrong")})
    assert await guide(refused) == 2
    assert "JAMFEED_DISCORD_TOKEN: Discord refused it" in capsys.readouterr().out
    assert await guide(settings.model_copy(update={"discord_token": None})) == 0
    told = capsys.readouterr().out
    assert "discord.com/developers/applications" in told
    assert "t.me/BotFather" in told


def test_a_token_is_kept_where_only_its_owner_reads_it(tmp_path: Path) -> None:
    file = tmp_path / ".env"
    file.write_text("OTHER=1\n")
    keep(file, "JAMFEED_DISCORD_TOKEN", "a.b-c")
    assert "JAMFEED_DISCORD_TOKEN='a.b-c'" in file.read_text()
    assert "OTHER=1" in file.read_text()
    assert stat.S_IMODE(file.stat().st_mode) == 0o600


async def test_what_a_server_withholds_does_not_keep_the_bot_from_running(
    discord: FakeDiscord,
) -> None:
    discord.guild.permissions = "0"
    async with running(bridge_to(discord), ScriptedDoor()):
        discord.dm("hello")
        assert (await discord.hears()).text == "Ana said hello"
