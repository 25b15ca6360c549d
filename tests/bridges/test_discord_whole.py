"""All of Jamfeed inside simcord: what members see of menus, forms and cards."""

from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import pytest
import simcord
from simcord.components import walk_components
from sqlmodel import select

from agents.acts.listing import all_acts
from bridges.discord.adapter import DiscordBridge
from bridges.discord.client import JamfeedClient
from feed_core.models.conversation import Inbox
from feed_core.models.creations import Draft
from feed_core.services import binding, members
from tests.agents.world import World
from tests.bridges.test_discord import components, png, texts
from tests.bridges.test_discord_wire import running, urls
from tests.fakes.discord import FakeDiscord

SAID = (
    "The rain came down. The roof sang all night long. Nobody slept, and the gutter was a drum "
    "for everyone who listened to it."
)


@dataclass
class House:
    """A server with two members and the bot, which has a whole Jamfeed behind it."""

    env: simcord.Env
    world: World
    ana: simcord.MemberActor
    ben: simcord.MemberActor
    channel: simcord.ChannelHandle

    async def create(self, words: str = "Rain: all night the same song", **more: Any) -> None:
        await self.ana.slash(self.channel, "create", words=words, **more)

    async def shown(self, number: int = 1) -> Any:
        return (await self.ben.slash(self.channel, "show", creation=f"#{number}")).response

    async def menu(
        self, name: str, target: Any, who: simcord.MemberActor | None = None
    ) -> simcord.InteractionResult:
        """What a menu's entry leads to; nobody else may see it."""
        result = await (who or self.ben).context_menu(self.channel, name, target)
        assert result.modal is not None or result.ephemeral
        return result


@pytest.fixture
async def house(world: World) -> AsyncIterator[House]:
    env = simcord.Env(client(world))
    await env.start()
    try:
        channel = env.create_guild().create_text_channel("general")
        ana, ben = (env.guild.add_member(env.create_user(it)) for it in ("ana", "ben"))
        yield House(env, world, ana, ben, channel)
        env.raise_errors()
    finally:
        await env.shutdown()


def client(world: World) -> JamfeedClient:
    return JamfeedClient(all_acts(), world.inbox, lambda: None)


def buttons(message: Any) -> list[str]:
    return [it["label"] for it in walk_components(components(message)) if it["type"] == 2]


def fields(result: simcord.InteractionResult) -> dict[str, dict[str, Any]]:
    """The fields of a form by their ids."""
    assert result.modal is not None
    labels = result.modal["components"]
    return {it["component"]["custom_id"]: it | it["component"] for it in labels}


async def test_a_card_is_remixed_saved_and_reported_from_its_menu_also_after_a_restart(
    house: House,
) -> None:
    await house.create()
    card = await house.shown()
    await house.env.restart_bot(client(house.world))

    asked = await house.menu("Remix this", card)
    assert list(fields(asked)) == ["how"]
    draft = await house.ben.submit_modal(asked, {"how": "as an erasure poem"})
    assert draft.ephemeral
    assert "erasure poem · from #1" in texts(draft.response)
    assert "#1 is saved" in texts((await house.menu("Save", card)).response)
    summary = await house.menu("Summarise from here", card)
    assert "#1 Rain: 0 comments" in texts(summary.response)
    reported = await house.menu("Report", card)
    assert fields(reported)["reason"]["required"]
    thanks = await house.ben.submit_modal(reported, {"reason": "it is rude"})
    assert "A moderator will look at #1" in texts(thanks.response)


async def test_a_message_with_several_cards_asks_which_is_meant(house: House) -> None:
    await house.create()
    await house.create("Gutter: a drum")
    both = (await house.ben.slash(house.channel, "search", words="by ana")).response

    asked = await house.menu("Save", both)

    assert texts(asked.response) == "Which one do you mean?"
    assert {"#1 Rain", "#2 Gutter"} < set(buttons(asked.response))


async def test_what_others_said_is_read_as_data_and_kept_in_the_draft_alone(house: House) -> None:
    said = await house.ana.send(house.channel, SAID)

    summary = await house.menu("Summarise from here", said)
    assert "The roof sang all night long. (ana, 1)" in texts(summary.response)
    assert "I read this one message only" in texts(summary.response)
    assert "I do not keep it" in texts((await house.menu("Save", said)).response)
    assert "own menu reports it" in texts((await house.menu("Report", said)).response)
    asked = await house.menu("Remix this", said)
    assert fields(asked)["quoted"]["value"] == SAID
    made = await house.ben.submit_modal(asked, {"how": "as a haiku", "quoted": SAID})
    assert "haiku of what ana said" in texts(made.response)
    assert "I read this one message only" in texts(made.response)

    async with house.world.store.read() as view:
        rows = list(await view.db.exec(select(Inbox)))
        (draft,) = list(await view.db.exec(select(Draft)))
    assert draft.tainted and not draft.sources
    assert not any("gutter" in str(it.payload) for it in rows)
    own = await house.menu("Save", said, house.ana)
    assert "The roof sang all night long" in texts(own.response)


async def test_the_words_of_a_text_file_are_data_and_shown_before_they_are_published(
    house: House,
) -> None:
    file = ("night.txt", SAID.encode())
    posted = await house.ana.slash(house.channel, "create", words="Night", file=file)
    assert "draft" in texts(posted.response) and "gutter was a drum" in texts(posted.response)
    assert posted.response is not None
    published = await house.ana.click(posted.response, label="Publish")
    assert "Published as #1" in texts(published.response)

    async def told(words: str, *files: tuple[str, bytes]) -> str:
        assert house.env.bot.user is not None
        named = f"{house.env.bot.user.mention} {words}"
        await house.ana.send(house.channel, named, attachments=[*files])
        return texts([it for it in house.ana.user.dm_channel.history() if it.author.bot][-1])

    assert "by night.txt" in await told("give me a summary of this", file)
    assert "haiku of what night.txt said" in await told("make a haiku out of this", file)
    assert "gutter was a drum" in await told("", file)
    assert "text: TXT, MD" in await told("", ("night.txt", b"\x00\x01\x80"))
    squares = [(f"{number}.png", png()) for number in range(3)]
    assert "I took the first of 3" in await told("squares", *squares)


async def test_who_wants_no_remixes_is_not_remixed_elsewhere_either(house: House) -> None:
    await house.ana.slash(house.channel, "consent", default=True, purpose="remix", answer="no")
    said = await house.ana.send(house.channel, SAID)

    asked = await house.menu("Remix this", said)
    refused = await house.ben.submit_modal(asked, {"quoted": SAID})

    assert texts(refused.response) == "ana does not want others to build on their words."


async def test_what_follows_is_read_in_ones_own_chat_and_in_a_room_that_listens(
    world: World,
) -> None:
    fake = FakeDiscord()
    async with fake.serving():
        where = urls(fake)
        bridge = DiscordBridge(
            "test.token", all_acts(), api_url=where.api, gateway_url=where.gateway, listening=True
        )
        async with running(bridge, world.inbox):
            first = fake.dm("/create The roof sang all night long")
            await fake.hears()
            own = await fake.context("Summarise from here", first).answered()
            said = fake.say("The rain came down all night")
            fake.say("The gutter was a drum for everyone", user="ben")
            alone = await fake.context("Summarise from here", said).answered()
            async with world.store.work() as work:
                room = await members.find_room(
                    work, platform="discord", external_id=str(said.channel.id)
                )
                assert room is not None and room.id is not None
                await binding.listen(work, room_id=room.id, on=True)
            whole = await fake.context("Summarise from here", said).answered()

    shown = [it.response.text for it in (own, alone, whole) if it.response]
    assert "2 messages by Ana and Jamfeed" in shown[0]
    assert "I read this one message only" in shown[1] and "gutter" not in shown[1]
    assert "2 messages by Ana and Ben" in shown[2] and "gutter" in shown[2]
    assert "one message only" not in shown[2]


async def test_a_form_that_is_sent_twice_is_answered_once_also_after_a_restart(
    world: World,
) -> None:
    fake = FakeDiscord()
    async with fake.serving():
        where = urls(fake)

        def bridge() -> DiscordBridge:
            return DiscordBridge(
                "test.token", all_acts(), api_url=where.api, gateway_url=where.gateway
            )

        async with running(bridge(), world.inbox):
            asked = await fake.slash("create").answered()
        async with running(bridge(), world.inbox):
            form = {"body": "Rain, all night", "file": ("square.png", png())}
            first = await fake.submit_modal(asked, form).answered()
            second = await fake.submit_modal(asked, form).followed_up()

    assert first.response is not None
    assert "Published as #1" in first.response.text and first.response.files
    assert second.text == "That was done already." and second.ephemeral


async def test_a_person_shows_what_they_make(house: House) -> None:
    await house.create()

    assert "`#1`" in texts((await house.menu("What they make", house.ana)).response)
    nothing = await house.menu("What they make", house.ben, house.ana)
    assert texts(nothing.response) == "ben has made nothing here yet that you can see."


async def test_a_like_shows_at_once_on_the_card_and_its_picture_stays(house: House) -> None:
    await house.create("A square", file=("square.png", png()))
    card = await house.shown()

    liked = await house.ben.click(card, label="Like")

    assert [(it.ephemeral, texts(it)) for it in liked.followups] == [(True, "👍 You like #1.")]
    (now,) = [it for it in house.channel.history() if it.id == card.id]
    assert texts(now).endswith("-# 👍 1")
    assert buttons(now) == buttons(card)
    assert [it.filename for it in now.attachments] == [it.filename for it in card.attachments]
    (gallery,) = [it for it in walk_components(components(now)) if it["type"] == 12]
    assert now.attachments[0].filename in gallery["items"][0]["media"]["url"]


async def test_what_one_feels_shows_on_the_card_and_goes_again_with_undo(world: World) -> None:
    fake = FakeDiscord()
    async with fake.serving():
        where = urls(fake)

        def bridge() -> DiscordBridge:
            return DiscordBridge(
                "test.token", all_acts(), api_url=where.api, gateway_url=where.gateway
            )

        async with running(bridge(), world.inbox):
            await fake.slash("create", {"words": "Rain: all night"}).answered()
            room = (await fake.slash("show", {"creation": "#1"}).answered()).response
            assert room is not None
            asked = await fake.press(room, "React").followed_up()
            felt = await fake.press(asked, "laugh").answered()
            assert felt.response is asked and "laugh" in asked.text  # in the place of the question
            await fake.until(lambda: "😂 1" in room.text, what="the card drawn anew")
            undone = await fake.press(asked, "Undo").answered()
            assert undone.response is asked
            await fake.until(lambda: "😂" not in room.text, what="the card as it was")
            asked_for = [it for it in fake.traffic.requests if it.path.startswith("/channels/")]
            assert asked_for == []  # as it is where the bot is no member
            liked = await fake.press(room, "Like").followed_up()
            await fake.until(lambda: "👍 1" in room.text, what="the card drawn anew")
        async with running(bridge(), world.inbox):  # nothing of the press is remembered
            fake.press(liked, "Undo")
            await fake.until(lambda: "👍" not in room.text, what="the card as it was")


async def test_what_is_ones_own_is_not_reported(house: House) -> None:
    await house.create()
    card = await house.shown()

    own = await house.ana.click(card, label="Report")
    assert own.modal is None and texts(own.response).startswith("That is yours")
    named = await house.menu("Report", card, house.ana)
    assert named.modal is None and texts(named.response).startswith("That is yours")
    await house.ana.send_dm("/show 1")
    private = house.ana.user.dm_channel.history()[-1]
    assert "Report" in buttons(card) and "Report" not in buttons(private)


async def test_a_creation_is_made_in_a_form_with_its_picture(house: House) -> None:
    asked = await house.ben.slash(house.channel, "create", visibility="only_me")
    assert list(fields(asked)) == ["title", "body", "tags", "file"]
    form = {"title": "A square", "body": "of orange", "tags": "colour, small square"}
    made = await house.ben.submit_modal(asked, {**form, "file": ("square.png", png())})

    said = texts(made.response)
    for expected in ("**A square**", "of orange", "#colour", "for you alone"):
        assert expected in said
    assert made.response is not None and made.response.attachments


async def test_the_digests_form_shows_what_is_set(house: House) -> None:
    await house.ben.send_dm("hello")
    await house.ben.slash(house.channel, "digest set", when="7:30 on weekdays Europe/Berlin")

    asked = await house.ben.slash(house.channel, "digest set")
    assert fields(asked)["when"]["value"] == "07:30 on weekdays Europe/Berlin"
    told = await house.ben.submit_modal(asked, {"when": "21:00 Europe/Berlin", "where": ["here"]})

    assert told.ephemeral
    assert "on weekdays at 21:00 (Europe/Berlin)" in texts(told.response)


async def test_what_is_gone_or_too_old_is_told_to_the_presser_alone(house: House) -> None:
    await house.create()
    card = await house.shown()
    await house.ana.slash(house.channel, "withdraw", creation="#1")

    pressed = await house.ben.click(card, label="Save")
    typed = await house.ben.slash(house.channel, "remix", sources="#1")
    for result in (pressed, typed):
        shown = result.response or result.followups[0]
        assert shown.ephemeral
        assert texts(shown) == "#1 was taken back by its maker."

    house.world.clock.go_on(timedelta(days=92))
    old = await house.ben.click(card, label="Like")
    assert [(it.ephemeral, texts(it)) for it in old.followups] == [
        (True, "This button has expired. /show 1 brings fresh ones.")
    ]


async def test_what_is_typed_is_completed_within_what_discord_takes(house: House) -> None:
    long = "Rain " + "and rain again " * 5
    await house.create(f"{long}: all night #rain")
    await house.ana.slash(house.channel, "remember", words="I love " + "very " * 40 + "long haiku")

    async def offered(command: str, option: str, typed: str) -> tuple[str, str]:
        (first, *_) = await house.ana.autocomplete(house.channel, command, option, typed)
        assert len(first["name"]) <= 100 and len(first["value"]) <= 100
        return first["name"], first["value"]

    assert (await offered("like", "creation", "ra"))[1] == "#1"
    assert (await offered("remix", "sources", "#7, ra"))[1] == "#7, #1"
    assert (await offered("forget", "memory", ""))[1] == "m1"
    assert (await offered("search", "by", "an"))[0] == "ana"
    assert await offered("search", "tag", "ra") == ("#rain", "rain")


async def test_a_name_of_mentions_and_markup_is_shown_letter_by_letter(house: House) -> None:
    await house.create()
    name = "@everyone **[x](https://a.example)** <@1>"
    odd = house.env.guild.add_member(house.env.create_user("odd", global_name=name))
    said = await odd.send(house.channel, SAID)

    asked = await house.menu("Remix this", said)
    made = await house.ben.submit_modal(asked, {"how": "as a haiku", "quoted": SAID})
    summary = await house.menu("Summarise from here", said)
    nothing = await house.menu("What they make", odd)

    for shown in (made, summary, nothing):
        words = texts(shown.response)
        assert "everyone" in words
        for markup in ("@everyone", "**[x]", "[x](", "x](", " <@1>"):
            assert markup not in words
