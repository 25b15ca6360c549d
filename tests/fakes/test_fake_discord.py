"""The real discord.py in conversation with the fake: words, commands, buttons, forms, files."""

import io
import re
from collections.abc import AsyncIterator
from typing import Any, Self

import discord
import pytest
from discord import app_commands, ui

from tests.fakes.discord import FakeDiscord, Impossible
from tests.fakes.discord_redirect import redirected, running

Press = discord.Interaction[Any]


class Again(ui.DynamicItem[ui.Button[ui.LayoutView]], template=r"again:(?P<token>\w+)"):
    """A button whose meaning stands in its id alone."""

    def __init__(self, token: str) -> None:
        super().__init__(ui.Button(label="Again", custom_id=f"again:{token}"))
        self.token = token

    @classmethod
    async def from_custom_id(cls, press: Press, item: ui.Item[Any], match: re.Match[str]) -> Self:
        return cls(match["token"])

    async def callback(self, interaction: Press) -> None:
        await interaction.response.send_message(f"again {self.token}", ephemeral=True)


class Form(ui.Modal, title="Edit"):
    words: ui.Label[Self] = ui.Label(text="Words", component=ui.TextInput(custom_id="words"))

    async def on_submit(self, interaction: Press) -> None:
        field = self.words.component
        assert isinstance(field, ui.TextInput)
        await interaction.response.send_message(f"now: {field.value}")


class Bot(discord.Client):
    """A small bot that uses every way of answering."""

    def __init__(self) -> None:
        intents = discord.Intents.default()
        intents.message_content = True
        quiet = discord.AllowedMentions.none()
        super().__init__(intents=intents, allowed_mentions=quiet, guild_ready_timeout=0.05)
        self.tree = app_commands.CommandTree(self)
        self.errors: list[Exception] = []
        self.seen: list[str] = []

    async def setup_hook(self) -> None:
        self.add_dynamic_items(Again)
        add_commands(self)
        await self.tree.sync()

    async def on_message(self, message: discord.Message) -> None:
        if message.author.bot:
            return
        self.seen.append(message.content)
        if message.attachments:
            data = await message.attachments[0].read()
            picture = discord.File(io.BytesIO(data[::-1]), "back.bin", description="backwards")
            await message.channel.send("here", file=picture)
        elif message.content:
            await message.reply(f"you said {message.content}")


def add_commands(bot: Bot) -> None:
    @bot.tree.command(description="Think, then answer.")
    @app_commands.describe(sources="what to remix", times="how often")
    async def remix(interaction: Press, sources: str, times: int = 1) -> None:
        await interaction.response.defer(thinking=True, ephemeral=True)
        await interaction.followup.send(f"{sources} x {times}")
        await interaction.followup.send("and a second")

    @remix.autocomplete("sources")
    async def suggest(interaction: Press, typed: str) -> list[app_commands.Choice[str]]:
        return [app_commands.Choice(name=f"{typed} {n}", value=f"{typed}{n}") for n in (1, 2)]

    @bot.tree.command(description="A card with buttons.")
    async def card(interaction: Press) -> None:
        view = ui.LayoutView(timeout=None)
        box: ui.Container[ui.LayoutView] = ui.Container(ui.TextDisplay("# Rain"))
        box.add_item(ui.ActionRow(Again("rain1"), ui.Button(label="Web", url="https://a.example")))
        view.add_item(box)
        await interaction.response.send_message(view=view)
        view.stop()

    @bot.tree.command(description="A form.")
    async def edit(interaction: Press) -> None:
        await interaction.response.send_modal(Form())

    @bot.tree.command(description="Everything at once.")
    async def all_kinds(
        interaction: Press,
        who: discord.Member,
        where: discord.TextChannel,
        file: discord.Attachment,
        share: float,
        sure: bool,
        role: discord.Role,
    ) -> None:
        size = len(await file.read())
        words = f"{who.name} {where.name} {size} {share} {sure} {role.name}"
        await interaction.response.send_message(words)

    @bot.tree.command(description="Answer twice.")
    async def twice(interaction: Press) -> None:
        await interaction.response.send_message("once")
        other: Press = discord.Interaction(data=interaction.extras["raw"], state=bot._connection)
        await other.response.defer()

    settings = app_commands.Group(name="settings", description="Your settings.")
    digest = app_commands.Group(name="digest", description="Your digest.", parent=settings)

    @digest.command(description="When it comes.")
    async def at(interaction: Press, hour: app_commands.Range[int, 0, 23]) -> None:
        await interaction.response.send_message(f"at {hour}")

    bot.tree.add_command(settings)

    @bot.tree.context_menu(name="Remix this")
    async def remix_this(interaction: Press, message: discord.Message) -> None:
        await interaction.response.send_message(f"remix of {message.content}")


@pytest.fixture
async def fake() -> AsyncIterator[FakeDiscord]:
    fake = FakeDiscord()
    async with fake.serving() as urls:
        with redirected(urls):
            yield fake


@pytest.fixture
async def bot(fake: FakeDiscord) -> AsyncIterator[Bot]:
    bot = Bot()
    async with running(bot, fake):
        yield bot


async def test_a_message_reaches_the_bot_and_its_reply_the_channel(
    fake: FakeDiscord, bot: Bot
) -> None:
    said = fake.say("hello", user="ben")
    heard = await fake.hears(channel="general")
    assert heard.text == "you said hello"
    assert heard.reply_to is said
    assert heard.allowed_mentions is not None and heard.allowed_mentions["parse"] == []
    assert heard.pings == []


async def test_private_messages_and_threads_are_rooms_of_their_own(
    fake: FakeDiscord, bot: Bot
) -> None:
    fake.dm("psst", user="cleo")
    assert (await fake.hears()).channel.person is fake.person("cleo")
    thread = fake.thread("rain")
    fake.say("drip", channel=thread)
    assert (await fake.hears(channel=thread)).text == "you said drip"
    user = await bot.fetch_user(fake.person("dora").id)
    sent = await user.send("hi dora")
    assert fake.world.messages[sent.id].channel.person is fake.person("dora")


async def test_pictures_go_both_ways(fake: FakeDiscord, bot: Bot) -> None:
    fake.say("", attachments=[("a.bin", b"abc")])
    heard = await fake.hears()
    assert [(f.name, f.data, f.alt) for f in heard.files] == [("back.bin", b"cba", "backwards")]


async def test_a_deferred_command_keeps_its_privacy_in_the_first_follow_up(
    fake: FakeDiscord, bot: Bot
) -> None:
    done = await fake.slash("remix", {"sources": "1,2", "times": 3}).answered()
    assert done.deferred and done.ephemeral
    assert done.acknowledged_after is not None and done.acknowledged_after < 3
    assert done.response is not None and done.response.text == "1,2 x 3"
    assert done.response.ephemeral
    second = await done.followed_up()
    assert second.text == "and a second" and not second.ephemeral


async def test_people_cannot_run_what_was_not_synced(fake: FakeDiscord, bot: Bot) -> None:
    for name, options in (("nothing", {}), ("remix", {}), ("remix", {"sources": 1})):
        with pytest.raises(Impossible):
            fake.slash(name, options)
    with pytest.raises(Impossible):
        fake.slash("settings", {"hour": 24}, subcommand="digest at")


async def test_suggestions_come_while_typing(fake: FakeDiscord, bot: Bot) -> None:
    typing = await fake.autocomplete("remix", "sources", "ra").answered()
    assert typing.choices == [
        {"name": "ra 1", "value": "ra1"},
        {"name": "ra 2", "value": "ra2"},
    ]


async def test_subcommands_of_groups_arrive(fake: FakeDiscord, bot: Bot) -> None:
    done = await fake.slash("settings", {"hour": 7}, subcommand="digest at").answered()
    assert done.response is not None and done.response.text == "at 7"


async def test_every_kind_of_option_is_resolved(fake: FakeDiscord, bot: Bot) -> None:
    given = {
        "who": "ben",
        "where": fake.home,
        "file": ("a.txt", b"four"),
        "share": 0.5,
        "sure": True,
        "role": "@everyone",
    }
    done = await fake.slash("all_kinds", given).answered()
    assert done.response is not None
    assert done.response.text == "ben general 4 0.5 True @everyone"


async def test_the_menu_of_a_message_runs_a_command(fake: FakeDiscord, bot: Bot) -> None:
    done = await fake.context("Remix this", fake.say("rain")).answered()
    assert done.response is not None and done.response.text == "remix of rain"


async def test_a_layout_shows_its_words_and_buttons(fake: FakeDiscord, bot: Bot) -> None:
    done = await fake.slash("card").answered()
    assert done.response is not None
    assert (done.response.content, done.response.text) == ("", "# Rain")
    assert done.response.buttons == [
        ("Again", "again:rain1", None),
        ("Web", None, "https://a.example"),
    ]
    with pytest.raises(Impossible):
        fake.press(done.response, "Web")


async def test_a_button_works_after_the_bot_has_started_anew(fake: FakeDiscord) -> None:
    async with running(Bot(), fake):
        card = (await fake.slash("card", user="ana").answered()).response
    assert card is not None
    async with running(Bot(), fake):
        pressed = await fake.press(card, "Again", user="ben").answered()
        assert pressed.response is not None and pressed.response.text == "again rain1"
        with pytest.raises(Impossible):  # only ben sees the answer
            fake.press(pressed.response, "Again", user="ana")


async def test_a_form_opens_and_is_sent(fake: FakeDiscord, bot: Bot) -> None:
    asked = await fake.slash("edit").answered()
    assert asked.modal is not None and asked.modal["title"] == "Edit"
    with pytest.raises(Impossible):
        fake.submit_modal(asked, {"Words": ""})
    done = await fake.submit_modal(asked, {"Words": "rain again"}).answered()
    assert done.response is not None and done.response.text == "now: rain again"


async def test_a_second_acknowledgement_is_refused(fake: FakeDiscord, bot: Bot) -> None:
    found: list[discord.HTTPException] = []

    async def on_error(interaction: Press, error: app_commands.AppCommandError) -> None:
        assert isinstance(error, app_commands.CommandInvokeError)
        assert isinstance(error.original, discord.HTTPException)
        found.append(error.original)
        fake.world.changed()

    async def keep(interaction: Press) -> bool:
        interaction.extras["raw"] = fake.interactions.all[-1].payload
        return True

    bot.tree.error(on_error)
    bot.tree.interaction_check = keep  # type: ignore[method-assign]  # as its docs allow
    done = await fake.slash("twice").answered()
    await fake.until(lambda: found)
    assert found[0].code == 40060
    assert done.refused[0].code == 40060


async def test_a_nonce_makes_one_message_of_two_requests(fake: FakeDiscord, bot: Bot) -> None:
    channel = bot.get_partial_messageable(fake.home.id)
    first = await channel.send("once", nonce="delivery-1")
    second = await channel.send("once", nonce="delivery-1")
    assert first.id == second.id
    assert [(m.text, m.nonce) for m in fake.sent] == [("once", "delivery-1")]


async def test_one_message_is_edited_and_deleted(fake: FakeDiscord, bot: Bot) -> None:
    channel = bot.get_partial_messageable(fake.home.id)
    sent = await channel.send("th")
    heard = await fake.hears()
    await sent.edit(content="thinking")
    await sent.edit(content="thinking done")
    assert (heard.text, heard.history) == ("thinking done", ["th", "thinking"])
    assert [m.content async for m in channel.history(limit=5)] == ["thinking done"]
    await sent.delete()
    assert heard.deleted
    with pytest.raises(discord.NotFound):
        await channel.fetch_message(sent.id)
