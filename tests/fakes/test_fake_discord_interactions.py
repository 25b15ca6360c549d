"""Every answer to an interaction, given by the real discord.py at the test's own pace."""

from collections.abc import AsyncIterator

import discord
import pytest
from discord import ui

from tests.fakes.discord import FakeDiscord, Impossible, Message, Urls
from tests.fakes.discord_ear import Ear, Press
from tests.fakes.discord_redirect import redirected, running


class Question(ui.Modal, title="Why?"):
    why: ui.TextInput["Question"] = ui.TextInput(label="Because", custom_id="why", required=False)


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
async def card(fake: FakeDiscord, ear: Ear) -> Message:
    view = ui.View(timeout=None)
    view.add_item(ui.Button(label="More", custom_id="more"))
    view.add_item(ui.Button(label="Not now", custom_id="off", disabled=True))
    options = [discord.SelectOption(label=word, value=word) for word in ("rain", "snow")]
    view.add_item(ui.Select(placeholder="Pick", custom_id="pick", options=options))
    await ear.get_partial_messageable(fake.home.id).send("card", view=view)
    view.stop()
    return await fake.hears()


async def test_a_press_changes_the_message_it_stands_on(
    fake: FakeDiscord, ear: Ear, card: Message
) -> None:
    pressed = fake.press(card, "More")
    interaction: Press = (await ear.heard(1))[0]
    await interaction.response.edit_message(content="more", view=None)
    await pressed.answered()
    assert pressed.response is card
    assert (card.text, card.buttons, pressed.deferred) == ("more", [], False)


async def test_a_press_put_off_silently_changes_nothing_until_it_does(
    fake: FakeDiscord, ear: Ear, card: Message
) -> None:
    pressed = fake.press(card, "more")
    interaction: Press = (await ear.heard(1))[0]
    await interaction.response.defer()
    assert (await pressed.acknowledged()).deferred and pressed.response is None
    await interaction.followup.send("only you", ephemeral=True)
    await interaction.edit_original_response(content="changed")
    assert pressed.response is card and card.history == ["card"]
    assert [(m.text, m.ephemeral) for m in pressed.followups] == [("only you", True)]


async def test_people_choose_among_what_is_offered(
    fake: FakeDiscord, ear: Ear, card: Message
) -> None:
    for which, values in (("Pick", ["hail"]), ("Pick", [])):
        with pytest.raises(Impossible):
            fake.choose(card, which, values)
    with pytest.raises(Impossible):
        fake.press(card, "Not now")
    fake.choose(card, "Pick", ["snow"])
    interaction: Press = (await ear.heard(1))[0]
    assert interaction.data is not None and interaction.data.get("values") == ["snow"]


async def test_a_form_from_a_button_changes_its_message(
    fake: FakeDiscord, ear: Ear, card: Message
) -> None:
    asked = fake.press(card, "More")
    await (await ear.heard(1))[0].response.send_modal(Question())
    sent = fake.submit_modal(await asked.answered(), {"Because": "of rain"})
    await (await ear.heard(2))[1].response.edit_message(content="because of rain")
    assert (await sent.answered()).response is card
    assert card.text == "because of rain"


async def test_an_interaction_told_twice_is_acknowledged_once(fake: FakeDiscord, ear: Ear) -> None:
    asked = fake.slash("wait")
    fake.tell_again(asked)
    first, second = await ear.heard(2)
    await first.response.defer(thinking=True)
    with pytest.raises(discord.HTTPException) as refused:
        await second.response.defer(thinking=True)
    assert (refused.value.code, len(fake.sent)) == (40060, 1)


async def test_a_command_runs_in_private_where_it_is_allowed(fake: FakeDiscord, ear: Ear) -> None:
    private = fake.world.private(fake.person("cleo"))
    asked = fake.slash("wait", user="cleo", channel=private)
    interaction: Press = (await ear.heard(1))[0]
    await interaction.response.send_message("hi")
    assert interaction.user.name == "cleo" and interaction.guild is None
    assert (await asked.answered()).response in fake.sent
    ear.tree.clear_commands(guild=None)
    await ear.http.bulk_upsert_global_commands(
        fake.bot.id, [{"name": "here", "description": "Here.", "contexts": [0]}]
    )
    with pytest.raises(Impossible):
        fake.slash("here", channel=private)


async def test_an_answer_after_three_seconds_comes_too_late(fake: FakeDiscord, ear: Ear) -> None:
    asked = fake.slash("wait")
    interaction: Press = (await ear.heard(1))[0]
    fake.clock.advance(3.5)
    with pytest.raises(discord.NotFound) as refused:
        await interaction.response.defer()
    assert refused.value.code == 10062
    assert asked.acknowledged_after is None and asked.refused[0].code == 10062


async def test_a_token_is_dead_after_fifteen_minutes(fake: FakeDiscord, ear: Ear) -> None:
    asked = fake.slash("wait")
    interaction: Press = (await ear.heard(1))[0]
    await interaction.response.defer(thinking=True)
    fake.clock.advance(14 * 60)
    await interaction.edit_original_response(content="in time")
    assert asked.response is not None and asked.response.text == "in time"
    fake.clock.advance(2 * 60)
    with pytest.raises(discord.HTTPException) as refused:
        await interaction.followup.send("too late")
    assert (refused.value.status, refused.value.code) == (401, 50027)


async def test_an_answer_can_turn_private_after_the_defer(fake: FakeDiscord, ear: Ear) -> None:
    asked = fake.slash("wait")
    interaction: Press = (await ear.heard(1))[0]
    await interaction.response.defer(thinking=True)
    await interaction.edit_original_response(content="…")
    await interaction.followup.send("secret", ephemeral=True)
    await interaction.delete_original_response()
    assert (await asked.followed_up()).ephemeral
    assert asked.original is not None and asked.original.deleted
    with pytest.raises(discord.NotFound):
        await interaction.original_response()
