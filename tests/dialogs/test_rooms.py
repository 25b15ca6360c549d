"""Questions that cross platforms, and jams in rooms, through the real client libraries."""

from pathlib import Path

from tests.dialogs.serving import WARM, Town, jamfeed_run
from tests.dialogs.test_terminal import jamfeed
from tests.fakes.discord_interactions import Interaction
from tests.fakes.discord_things import Channel, Message
from tests.fakes.telegram import ANA, BEN, Sent

JAMS = -1005


async def slash(
    town: Town,
    name: str,
    sub: str = "",
    *,
    user: str = "ana",
    channel: str | Channel = "attic",
    **options: object,
) -> Message:
    asked: Interaction = town.discord.slash(
        name, options, subcommand=sub, user=user, channel=channel
    )
    done = await asked.answered(timeout=WARM)
    assert done.response is not None
    return done.response


async def press(town: Town, message: Message, label: str, *, user: str = "ana") -> Message:
    done = await town.discord.press(message, label, user=user).answered(timeout=WARM)
    assert done.response is not None
    return done.response


async def typed(town: Town, text: str, *, who: str) -> Sent:
    person = ANA if who == "ana" else BEN
    town.telegram.say(text, user=person, chat=JAMS)
    return await town.telegram.hears(JAMS, timeout=WARM)


async def test_a_maker_on_discord_answers_one_who_asks_on_telegram(tmp_path: Path) -> None:
    async with jamfeed_run(tmp_path) as town:
        telegram, discord = town.telegram, town.discord
        discord.dm("/create Rain on the tin roof: all night the same song", user="mio")
        created = await discord.hears(timeout=WARM)
        discord.dm("/consent 1 remix ask", user="mio")
        await discord.hears(timeout=WARM)
        telegram.say("/remix 1 as an erasure poem", user=BEN)
        asked = await telegram.hears(BEN.id, timeout=WARM)
        question = await discord.hears(created.channel, timeout=WARM)
        done = await press(town, question, "Yes", user="mio")
        answer = await telegram.hears(BEN.id, timeout=WARM)
        telegram.press(answer, "Go on", user=BEN)
        draft = await telegram.hears(BEN.id, timeout=WARM)

    assert "I asked" in asked.plain
    assert "would like to build on your #1" in question.text
    assert "may build on #1 now" in done.text
    assert "says yes" in answer.plain
    assert "d1" in draft.plain
    assert "#1" in draft.plain


async def test_a_jam_in_a_telegram_group(tmp_path: Path) -> None:
    async with jamfeed_run(tmp_path) as town:
        telegram = town.telegram
        telegram.group(JAMS, "Jams")
        started = await typed(town, "/jam_start Rain on the roof 5", who="ana")
        telegram.press(started, "Join", user=BEN)
        joined = await telegram.hears(JAMS, timeout=WARM)
        added = await typed(town, "/jam_add A drum for nobody", who="ana")
        telegram.press(added, "Add", user=BEN)
        asked = await telegram.hears(JAMS, timeout=WARM)
        telegram.say("Nobody dances", user=BEN, chat=JAMS, reply_to=asked)
        second = await telegram.hears(JAMS, timeout=WARM)
        await typed(town, "/jam_end", who="ana")
        over = await telegram.hears(JAMS, timeout=WARM)

    assert "“Rain on the roof”" in started.plain
    assert "plays along" in joined.plain
    assert "1. " in added.plain
    assert "2. " in second.plain
    assert "2 entries" in over.plain
    assert over.photo is not None


async def test_a_jam_in_a_discord_channel(tmp_path: Path) -> None:
    async with jamfeed_run(tmp_path) as town:
        town.discord.channel("attic")
        await slash(town, "jam", "start", prompt="Rain on the roof", minutes=5)
        (thread,) = [it for it in town.discord.world.channels.values() if it.parent]
        started = await town.discord.hears(thread, timeout=WARM)
        joined = await press(town, started, "Join", user="ben")
        added = await slash(town, "jam", "add", channel=thread, words="A drum for nobody")
        second = await slash(town, "jam", "add", user="ben", channel=thread, words="Nobody dances")
        await slash(town, "jam", "end", channel=thread)
        over = await town.discord.hears(thread, timeout=WARM)

    assert "Rain on the roof" in started.text
    assert "plays along" in joined.text
    assert "1. " in added.text
    assert "2. " in second.text
    assert "2 entries" in over.text
    assert over.files[0].data.startswith(b"\x89PNG")


def test_a_jam_and_a_question_at_the_terminal(tmp_path: Path) -> None:
    def sits(name: str, *lines: str) -> str:
        done = jamfeed("chat", "--as", name, home=tmp_path, lines="\n".join(lines))
        assert (done.returncode, done.stderr) == (0, "")
        return done.stdout

    sits("ana", "/create Rain: all night", "/consent 1 remix ask", "/jam start Tuesday 5")
    ben = sits("ben", "/remix 1 as an erasure poem", "/jam join")
    ana = sits("ana", "/answer 1 yes", "/jam add Tuesday is green")
    ben_again = sits("ben", "/jam add Only on one side")
    end = sits("ana", "/jam end")

    assert "I asked ana" in ben
    assert "ben would like to build on your #1 “Rain”" in ana
    assert "ana says yes" in ben_again
    assert "2. ben: Only on one side" in ben_again
    assert "2 entries by ana and ben, published as one lineage" in end
    assert "lineage-3.png" in end
