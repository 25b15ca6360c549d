"""The first jam through Discord's and Telegram's real client libraries."""

from pathlib import Path

from tests.dialogs.serving import WARM, Town, jamfeed_run
from tests.fakes.discord_interactions import Interaction
from tests.fakes.telegram import ANA, BEN, Person, Sent
from tests.fakes.telegram_clients import picture


async def telegram_says(town: Town, text: str, *, user: Person = ANA) -> Sent:
    town.telegram.say(text, user=user)
    return await town.telegram.hears(user.id, timeout=WARM)


async def discord_slash(
    town: Town, name: str, options: dict[str, object] | None = None, sub: str = ""
) -> Interaction:
    return await town.discord.slash(name, options, subcommand=sub).answered(timeout=WARM)


async def test_the_first_jam_in_telegram(tmp_path: Path) -> None:
    async with jamfeed_run(tmp_path) as town:
        rain = await telegram_says(town, "/create Rain on the tin roof: all night the same song")
        gutter = await telegram_says(town, "/create The gutter: a drum for nobody")
        painted = await telegram_says(town, "/paint rain on a tin roof")
        town.telegram.press(painted, "Publish")
        published = await town.telegram.hears(timeout=WARM)
        feed = await telegram_says(town, "/feed")
        erased = await telegram_says(town, "/remix 1,2 as an erasure poem")
        town.telegram.press(erased, "Publish")
        remix = await town.telegram.hears(timeout=WARM)
        lineage = await telegram_says(town, "/lineage 4")
        mine = await telegram_says(town, "show me what I have made")
        kept = await telegram_says(town, "remember that I love haiku")
        memory = await telegram_says(town, "/memory")
        digest = await telegram_says(town, "/digest_now")

    assert "#1" in rain.plain
    assert "Rain on the tin roof" in rain.plain
    assert "#2" in gutter.plain
    assert painted.photo is not None
    assert "d1" in painted.plain
    assert "#3" in published.plain
    assert published.photo is not None
    assert all(it in feed.plain for it in ("#1", "#2", "#3"))
    assert "#1" in erased.plain
    assert "#2" in erased.plain
    assert "#4" in remix.plain
    assert lineage.photo is not None
    assert "#4" in mine.plain
    assert "m1" in kept.plain
    assert "I love haiku" in memory.plain
    assert "#4" in digest.plain


async def test_the_first_jam_in_discord(tmp_path: Path) -> None:
    async with jamfeed_run(tmp_path) as town:
        discord = town.discord
        rain = await discord_slash(town, "create", {"words": "Rain: all night the same song"})
        await discord_slash(town, "create", {"words": "The gutter: a drum for nobody"})
        painted = await discord_slash(town, "paint", {"prompt": "rain on a tin roof"})
        assert painted.response is not None
        published = await discord.press(painted.response, "Publish").answered(timeout=WARM)
        feed = await discord_slash(town, "feed")
        erased = await discord_slash(town, "remix", {"sources": "1,2", "how": "erasure poem"})
        assert erased.response is not None
        await discord.press(erased.response, "Publish").answered(timeout=WARM)
        lineage = await discord_slash(town, "lineage", {"creation": "4"})
        discord.dm("remember that I love haiku")
        kept = await discord.hears(timeout=WARM)
        memory = await discord_slash(town, "memory", sub="show")
        digest = await discord_slash(town, "digest", sub="now")

    def said(interaction: Interaction) -> str:
        assert interaction.response is not None
        return interaction.response.text

    assert "#1" in said(rain)
    assert painted.response.files[0].alt
    assert "#3" in said(published)
    assert all(it in said(feed) for it in ("#1", "#2", "#3"))
    assert "#1" in said(erased)
    assert lineage.response is not None
    assert lineage.response.files[0].data.startswith(b"\x89PNG")
    assert "m1" in kept.text
    assert "I love haiku" in said(memory)
    assert memory.ephemeral
    assert "#4" in said(digest)


async def test_a_picture_goes_into_telegram_and_comes_out_of_discord(tmp_path: Path) -> None:
    async with jamfeed_run(tmp_path) as town:
        town.telegram.say(photo=picture(), caption="/create The sea, from my window")
        published = await town.telegram.hears(timeout=WARM)
        shown = await discord_slash(town, "show", {"creation": "1"})

    assert published.photo is not None
    assert shown.response is not None
    assert "The sea, from my window" in shown.response.text
    assert shown.response.files[0].data.startswith(b"\x89PNG")


async def test_two_linked_accounts_are_one_member_with_one_feed_and_one_memory(
    tmp_path: Path,
) -> None:
    async with jamfeed_run(tmp_path) as town:
        await discord_slash(town, "create", {"words": "Rain: all night the same song"})
        await discord_slash(town, "remember", {"words": "I love haiku"})
        await telegram_says(town, "/create Umbrella: it remembers")
        await telegram_says(town, "/remember I live in Lisbon")
        offered = await discord_slash(town, "link")
        assert offered.response is not None
        code = offered.response.text.split("/link ")[1].split()[0]
        linked = await telegram_says(town, f"/link {code}")
        mine = await telegram_says(town, "/mine")
        memory = await discord_slash(town, "memory", sub="show")
        replayed = await telegram_says(town, f"/link {code}", user=BEN)

    assert "Discord" in linked.plain
    assert "Telegram" in linked.plain
    assert "#1" in mine.plain
    assert "#2" in mine.plain
    assert memory.response is not None
    assert "haiku" in memory.response.text
    assert "Lisbon" in memory.response.text
    assert "wrong" in replayed.plain


async def test_members_of_both_platforms_see_one_feed(tmp_path: Path) -> None:
    async with jamfeed_run(tmp_path) as town:
        await discord_slash(town, "create", {"words": "Rain: all night the same song"})
        await telegram_says(town, "/create The gutter: a drum for nobody")
        in_telegram = await telegram_says(town, "/feed")
        in_discord = await discord_slash(town, "feed")

    assert in_discord.response is not None
    for seen in (in_telegram.plain, in_discord.response.text):
        assert "Rain" in seen
        assert "The gutter" in seen


async def test_an_update_that_the_server_repeats_is_answered_once(tmp_path: Path) -> None:
    async with jamfeed_run(tmp_path) as town:
        update = town.telegram.say("/create Rain: once")
        await town.telegram.hears(timeout=WARM)
        town.telegram.repeat(update)
        feed = await telegram_says(town, "/feed")

    assert feed.plain.count("Rain") == 1


async def test_a_draft_is_edited_in_telegram_by_answering_a_question(tmp_path: Path) -> None:
    async with jamfeed_run(tmp_path) as town:
        drafted = await telegram_says(town, "/draft Rain: all night")
        town.telegram.press(drafted, "Edit")
        question = await town.telegram.hears(timeout=WARM)
        town.telegram.say("Rain\nall day", reply_to=question)
        edited = await town.telegram.hears(timeout=WARM)

    assert "all night" in question.plain
    assert "all day" in edited.plain
