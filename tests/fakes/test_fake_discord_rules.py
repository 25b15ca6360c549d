"""What the fake refuses, asked over plain HTTP: messages, commands and routes."""

from collections.abc import AsyncIterator
from typing import Any

import aiohttp
import pytest

from tests.fakes.discord import FakeDiscord, Urls


@pytest.fixture
async def urls(fake: FakeDiscord) -> AsyncIterator[Urls]:
    async with fake.serving() as urls:
        yield urls


@pytest.fixture
def fake() -> FakeDiscord:
    return FakeDiscord()


async def call(
    fake: FakeDiscord, urls: Urls, method: str, path: str, body: object
) -> tuple[int, Any]:
    headers = {"Authorization": f"Bot {fake.token}"}
    async with (
        aiohttp.ClientSession(headers=headers) as http,
        http.request(method, urls.api + path, json=body) as response,
    ):
        return response.status, await response.json()


BUTTON = {"type": 2, "style": 1, "label": "x", "custom_id": "x"}
LONG = {"type": 10, "content": "x" * 2500}


@pytest.mark.parametrize(
    ("body", "code", "field"),
    [
        ({"content": " "}, 50006, None),
        ({"content": "x" * 2001}, 50035, "content"),
        ({"embeds": [{"description": "x" * 4000}] * 2}, 50035, "embeds"),
        ({"content": "x", "nonce": "n" * 26}, 50035, "nonce"),
        ({"content": "x", "flags": 1 << 15, "components": [LONG]}, 50035, "content"),
        ({"flags": 1 << 15, "components": [LONG, LONG]}, 50035, "components"),
        ({"flags": 1 << 15, "components": [{"type": 14}] * 41}, 50035, "components"),
        ({"components": [LONG]}, 50035, "components"),
        ({"components": [{"type": 1, "components": [BUTTON, BUTTON]}]}, 50035, "components"),
        (
            {"components": [{"type": 1, "components": [{**BUTTON, "custom_id": "x" * 101}]}]},
            50035,
            "components",
        ),
        (
            {"flags": 1 << 15, "components": [{"type": 13, "file": {"url": "attachment://a"}}]},
            50035,
            "components",
        ),
    ],
)
async def test_a_message_beyond_the_limits_is_refused(
    fake: FakeDiscord, urls: Urls, body: dict[str, Any], code: int, field: str | None
) -> None:
    path = f"/channels/{fake.home.id}/messages"
    status, answer = await call(fake, urls, "POST", path, body)
    assert (status, answer["code"]) == (400, code)
    assert field is None or list(answer["errors"]) == [field]
    assert fake.sent == []


NAMED = {"name": "a", "description": "b"}
CHOICE = {"name": "x", "value": "x"}


@pytest.mark.parametrize(
    "commands",
    [
        [{**NAMED, "name": "Loud"}],
        [{**NAMED, "description": ""}],
        [NAMED, NAMED],
        [{**NAMED, "name": f"c{n}"} for n in range(101)],
        [{**NAMED, "options": [{**NAMED, "type": 3, "name": f"o{n}"} for n in range(26)]}],
        [
            {
                **NAMED,
                "options": [{**NAMED, "type": 3, "choices": [{"name": "x", "value": "x"}] * 26}],
            }
        ],
        [{**NAMED, "options": [{**NAMED, "type": 1}, {**NAMED, "type": 3, "name": "x"}]}],
        [{**NAMED, "type": 3}],
    ],
)
async def test_a_command_set_beyond_the_limits_is_refused(
    fake: FakeDiscord, urls: Urls, commands: list[Any]
) -> None:
    path = f"/applications/{fake.bot.id}/commands"
    status, answer = await call(fake, urls, "PUT", path, commands)
    assert status == 400 and answer["code"] in (50035, 30032)
    assert fake.commands.kept == {}


async def test_one_command_is_made_changed_and_removed(fake: FakeDiscord, urls: Urls) -> None:
    path = f"/applications/{fake.bot.id}/guilds/{fake.guild.id}/commands"
    status, made = await call(fake, urls, "POST", path, NAMED)
    assert status == 201
    _, changed = await call(fake, urls, "PATCH", f"{path}/{made['id']}", {"description": "new"})
    assert (changed["id"], changed["name"], changed["description"]) == (made["id"], "a", "new")
    assert await call(fake, urls, "GET", path, None) == (200, [changed])
    assert fake.slash("a").payload["data"]["guild_id"] == str(fake.guild.id)


async def test_an_unknown_route_is_a_404_in_json(fake: FakeDiscord, urls: Urls) -> None:
    missing = {"message": "404: Not Found", "code": 0}
    assert await call(fake, urls, "GET", "/nothing/here", None) == (404, missing)
    status, answer = await call(fake, urls, "GET", "/channels/1", None)
    assert (status, answer["code"]) == (404, 10003)
