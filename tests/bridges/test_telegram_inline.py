"""Inline mode: cards for any chat."""

from typing import Any

from agents.answer import Card
from bridges.protocol import Sender
from bridges.telegram.adapter import TelegramBridge
from tests.bridges.telegram_door import ACTS, ScriptedDoor, running
from tests.fakes.telegram import ANA, FakeTelegram

RAIN = Card("#4", "Rain <on> tin", "all night & day", "by Ana", reason="you like rain")


async def asked(cards: list[Card] | None) -> dict[str, Any]:
    """What the bot answers to somebody who types "rain" and may take these along."""

    async def takes(sender: Sender, words: str, page: int) -> list[Card] | None:
        assert (sender.id, words, page) == ("42", "rain", 0)
        return cards

    fake = FakeTelegram()
    fake.start(ANA)
    async with (
        fake.serving() as url,
        running(TelegramBridge("1:test", ACTS, api_url=url, takes=takes), ScriptedDoor()),
    ):
        fake.type_inline("rain")
        await fake.until(lambda: not fake.open_queries)
    (answer,) = [it for it in fake.requests if it.method == "answerInlineQuery"]
    return answer.params


async def test_what_is_found_is_offered_as_cards_that_lead_back() -> None:
    answer = await asked([RAIN, Card("#5", "", "x" * 9000)])
    first, second = answer["results"]
    assert (first["type"], first["id"], first["title"]) == ("article", "4", "#4 Rain <on> tin")
    assert first["description"] == "all night & day"
    text = first["input_message_content"]["message_text"]
    assert text == "<b>#4 Rain &lt;on&gt; tin</b>\nall night &amp; day\n\n<i>by Ana</i>"
    assert first["reply_markup"]["inline_keyboard"] == [
        [{"text": "Open in Jamfeed", "url": "https://t.me/jamfeed_bot?start=show-4"}]
    ]
    assert second["input_message_content"]["message_text"].endswith("…")  # the server took it
    assert (answer["is_personal"], answer["cache_time"], answer["next_offset"]) == (
        "true",
        "10",
        "1",
    )


async def test_who_is_no_member_gets_one_button_that_leads_to_linking() -> None:
    answer = await asked(None)
    assert answer["results"] == []
    assert answer["button"] == {"text": "Link my account", "start_parameter": "link"}
    assert (answer["is_personal"], answer["cache_time"]) == ("true", "0")


async def test_nothing_found_is_said() -> None:
    answer = await asked([])
    assert answer["results"] == []
    assert answer["button"]["text"].startswith("Nothing found")
