"""The webhook: the real server of the library, and a Telegram that posts to it."""

import socket

import aiohttp
import pytest

from bridges.telegram.adapter import TelegramBridge
from bridges.telegram.webhook import Webhook
from feed_core.errors import ConfigurationError
from tests.bridges.telegram_door import ACTS, ScriptedDoor, running
from tests.fakes.telegram import ANA, FakeTelegram

TOKEN = "1:test"


@pytest.fixture
def port() -> int:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        found: int = free.getsockname()[1]
        return found


async def test_updates_are_posted_answered_and_kept_while_it_is_off(port: int) -> None:
    fake, door = FakeTelegram(TOKEN), ScriptedDoor()
    fake.start(ANA)
    hook = Webhook.of(TOKEN, f"http://127.0.0.1:{port}/", listen="127.0.0.1", port=port)
    async with fake.serving() as url:
        bridge = TelegramBridge(TOKEN, ACTS, api_url=url, webhook=hook)
        async with running(bridge, door):
            fake.say("by post")
            assert (await fake.hears()).plain == "heard: by post"
        fake.say("while it was off")
        async with running(bridge, door):
            assert (await fake.hears()).plain == "heard: while it was off"
        methods = {it.method for it in fake.requests}
        async with running(TelegramBridge(TOKEN, ACTS, api_url=url), door):
            fake.say("by poll again")
            assert (await fake.hears()).plain == "heard: by poll again"
    assert "getUpdates" not in methods


async def test_who_does_not_know_path_and_secret_is_not_heard(port: int) -> None:
    fake, door = FakeTelegram(TOKEN), ScriptedDoor()
    hook = Webhook.of(TOKEN, f"http://127.0.0.1:{port}", listen="127.0.0.1", port=port)
    update = {"update_id": 1, "message": {}}
    async with (
        fake.serving() as url,
        running(TelegramBridge(TOKEN, ACTS, api_url=url, webhook=hook), door),
        aiohttp.ClientSession() as session,
    ):
        said = []
        for path, headers in (
            (hook.url, {}),
            (hook.url, {"X-Telegram-Bot-Api-Secret-Token": "guessed"}),
            (f"http://127.0.0.1:{port}/telegram", {}),
        ):
            async with session.post(path, json=update, headers=headers) as answer:
                said.append(answer.status)
    assert said == [403, 403, 404]
    assert door.incoming.empty()
    assert TOKEN not in hook.url
    assert hook.secret not in hook.url


async def test_an_address_that_telegram_does_not_take_is_a_setting_to_mend(port: int) -> None:
    fake = FakeTelegram(TOKEN)
    hook = Webhook.of(TOKEN, "http://example.org", listen="127.0.0.1", port=port)
    async with fake.serving() as url:
        bridge = TelegramBridge(TOKEN, ACTS, api_url=url, webhook=hook)
        with pytest.raises(ConfigurationError) as caught:
            await bridge.run(ScriptedDoor(), lambda: None)
    assert caught.value.setting == "JAMFEED_TELEGRAM_WEBHOOK_URL"


@pytest.mark.parametrize(
    ("posted", "logged"),
    [
        ('{"update_id": 1, "message": {"text": "CANARY"}}', "telegram_update_unreadable"),
        ('{"update_id": "1", "message": "CANARY"}', "telegram_update_unreadable"),
        ('{"message": {"text": "CANARY"}}', "telegram_post_unreadable"),
        ('["CANARY"]', "telegram_post_unreadable"),
        ("CANARY", "telegram_post_unreadable"),
    ],
)
async def test_what_cannot_be_read_is_taken_once_and_leaves_no_words_in_the_log(
    port: int, capfd: pytest.CaptureFixture[str], posted: str, logged: str
) -> None:
    fake, door = FakeTelegram(TOKEN), ScriptedDoor()
    fake.start(ANA)
    hook = Webhook.of(TOKEN, f"http://127.0.0.1:{port}", listen="127.0.0.1", port=port)
    headers = {
        "X-Telegram-Bot-Api-Secret-Token": hook.secret,
        "Content-Type": "application/json",
    }
    async with (
        fake.serving() as url,
        running(TelegramBridge(TOKEN, ACTS, api_url=url, webhook=hook), door),
        aiohttp.ClientSession() as session,
    ):
        async with session.post(hook.url, data=posted, headers=headers) as answer:
            assert answer.status == 200  # for any other Telegram posts it again, and nothing else
        fake.say("behind it")
        assert (await fake.hears()).plain == "heard: behind it"
    said = capfd.readouterr()
    assert logged in said.out + said.err
    assert "CANARY" not in said.out + said.err
    assert hook.path not in said.out + said.err
