"""What comes back over the wire, whatever Discord does: once, in time, where it may be seen."""

import asyncio

import pytest

from bridges.discord.growing import Growing
from bridges.discord.pacing import Pacer, Rank
from bridges.discord.pairs import Pairs, Turn
from bridges.protocol import Incoming, Part, Reply
from feed_core.errors import Gone, Unavailable, Unknown
from tests.bridges.discord_scripted import ScriptedDoor
from tests.bridges.test_discord_wire import always, bridge_to, discord, running
from tests.fakes.discord import FakeDiscord

__all__ = ["discord"]

LONG = "\n\n".join(f"{letter * 2000}" for letter in "abc")


def again(part: Part) -> ScriptedDoor:
    """A door that shows this, and asks again as the inbox does."""

    async def script(incoming: Incoming, reply: Reply) -> None:
        while True:
            try:
                await reply.show(part)
                break
            except (Gone, Unknown):
                raise
            except Unavailable:
                await asyncio.sleep(0)

    return ScriptedDoor(script)


async def test_who_waits_sees_that_an_answer_is_on_its_way(discord: FakeDiscord) -> None:
    async def slow(incoming: Incoming, reply: Reply) -> None:
        await discord.until(lambda: bool(discord.typing), what="typing")
        await reply.show(Part("at last"))

    async with running(bridge_to(discord), ScriptedDoor(slow)):
        asked = discord.dm("hello")
        assert (await discord.hears()).text == "at last"
    assert discord.typing == [asked.channel]


async def test_all_that_one_person_asks_is_acknowledged_before_the_first_is_answered(
    discord: FakeDiscord,
) -> None:
    go_on = asyncio.Event()

    async def slow(incoming: Incoming, reply: Reply) -> None:
        await go_on.wait()
        await reply.show(Part("done"))

    door = ScriptedDoor(slow)
    async with running(bridge_to(discord), door):
        many = [discord.slash("show", {"creation": str(number)}) for number in range(8)]
        for asked in many:
            await asked.acknowledged(timeout=1.0)
        assert len(door.received) == 1
        go_on.set()
        for asked in many:
            await asked.answered()

    assert [it.call.arguments for it in door.received if it.call] == [
        {"creation": str(number)} for number in range(8)
    ]


async def test_work_that_outlasts_its_fifteen_minutes_ends_as_a_message(
    discord: FakeDiscord,
) -> None:
    async def slow(incoming: Incoming, reply: Reply) -> None:
        await asked.acknowledged()
        discord.clock.advance(15 * 60 + 1)
        await reply.show(Part("a long thread, in short"))

    async with running(bridge_to(discord), ScriptedDoor(slow)):
        asked = discord.slash("show", {"creation": "1"})
        answer = await discord.hears(discord.home)
    assert answer.text == "a long thread, in short"


@pytest.mark.parametrize("private", [False, True])
async def test_where_the_bot_may_not_write_the_asker_is_told_in_private(
    discord: FakeDiscord, private: bool
) -> None:
    discord.home.closed = True
    async with running(bridge_to(discord), ScriptedDoor(always(Part("rain", private=private)))):
        discord.say("hello", mention_bot=True)
        told = await discord.hears()

    assert told.channel is discord.world.private(discord.person("ana"))
    assert told.text.endswith("rain")
    assert ("Edit Channel, Permissions" in told.text) is not private
    assert len(discord.sent) == 1


@pytest.mark.parametrize("how", ["mention", "command", "hidden"])
async def test_what_automod_stops_is_told_to_the_asker_alone_and_not_tried_again(
    discord: FakeDiscord, how: str
) -> None:
    async with running(bridge_to(discord), ScriptedDoor(always(Part("a bad word")))):
        if how == "mention":
            stopped = discord.traffic.fail(400, "POST", "/messages", code=200000)
            discord.say("hello", mention_bot=True)
            told = await discord.hears(discord.world.private(discord.person("ana")))
        else:
            stopped = discord.traffic.fail(400, "PATCH", "@original", code=200000)
            name, given = ("show", {"creation": "1"}) if how == "command" else ("memory", {})
            asked = discord.slash(name, given)
            if how == "command":
                told = await asked.followed_up()
                assert told.ephemeral
            else:
                await asked.answered()
                assert asked.response is not None
                told = asked.response

    assert "AutoMod" in told.text
    assert stopped.met == 1
    assert all("bad word" not in it.text for it in discord.sent)


async def test_asked_again_in_the_middle_an_answer_goes_on_where_it_was(
    discord: FakeDiscord,
) -> None:
    async with running(bridge_to(discord), again(Part(LONG))):
        discord.traffic.hold("POST", "/messages").set()  # the first page goes through
        broken = discord.traffic.fail(503, "POST", "/messages")
        discord.dm("tell me")
        pages = [await discord.hears() for _ in range(3)]
    assert broken.met == 1
    assert [it.text[0] for it in pages] == ["a", "b", "c"]
    assert len(discord.sent) == 3


@pytest.mark.parametrize("accepted", [False, True])
async def test_an_answer_whose_arrival_is_in_doubt_is_shown_once(
    discord: FakeDiscord, accepted: bool
) -> None:
    async with running(bridge_to(discord), again(Part("rain"))):
        lost = discord.traffic.cut("POST", "/messages", accepted=accepted)
        discord.dm("tell me")
        await discord.until(lambda: lost.met == 1 and bool(discord.sent), what="again")
        await discord.hears()
    assert [it.text for it in discord.sent] == ["rain"]


async def test_a_growing_answer_whose_beginning_is_in_doubt_is_shown_once_and_whole(
    discord: FakeDiscord,
) -> None:
    async def grow(incoming: Incoming, reply: Reply) -> None:
        while not lost.met:
            await reply.stream("Rain on")
            await asyncio.sleep(0.01)
        await reply.show(Part("Rain on the tin roof"))

    async with running(bridge_to(discord), ScriptedDoor(grow)):
        lost = discord.traffic.cut("POST", "/messages", accepted=True)
        discord.dm("write")
        await discord.until(
            lambda: any(it.text.endswith("roof") for it in discord.sent), what="whole"
        )
    assert [it.text for it in discord.sent] == ["Rain on the tin roof"]


async def test_a_talk_between_machines_ends(discord: FakeDiscord) -> None:
    async with running(bridge_to(discord), ScriptedDoor()) as _:
        for number in range(25):
            discord.say(f"you said {number}", mention_bot=True)
        discord.say("hello", mention_bot=True, user="ben")
        answers = [(await discord.hears()).text for _ in range(22)]

    assert len(discord.sent) == 22
    assert sum("very often" in it for it in answers) == 1
    assert "Ben said hello" in answers


async def test_a_pair_that_was_quiet_for_a_minute_may_talk_again() -> None:
    pairs = Pairs(most=2, within=0.05)
    turns = [pairs.turn("ana", "general") for _ in range(4)]
    assert turns == [Turn.ANSWERED, Turn.ANSWERED, Turn.LAST, Turn.IGNORED]
    assert pairs.turn("ben", "general") is pairs.turn("ana", "garden") is Turn.ANSWERED
    await asyncio.sleep(0.06)
    assert pairs.turn("ana", "general") is Turn.ANSWERED


async def test_answers_go_before_deliveries_and_signs_take_what_is_left() -> None:
    pacer = Pacer(per_second=100, burst=2)
    went: list[str] = []

    async def go(name: str, rank: Rank) -> None:
        await pacer.turn(rank)
        went.append(name)

    async with asyncio.TaskGroup() as tasks:
        for name, rank in (
            ("first", Rank.DELIVERY),
            ("second", Rank.DELIVERY),
            ("third", Rank.DELIVERY),
            ("fourth", Rank.DELIVERY),
            ("answer", Rank.ANSWER),
        ):
            tasks.create_task(go(name, rank))
        await asyncio.sleep(0)
        assert not pacer.spare
    assert went == ["first", "second", "answer", "third", "fourth"]
    assert not pacer.spare
    await asyncio.sleep(0.03)
    assert pacer.spare


async def test_a_drawing_that_has_not_left_yet_is_given_up_at_the_end() -> None:
    drawn: list[str] = []

    async def draw(text: str) -> None:
        await asyncio.Event().wait()  # its route's bucket is empty
        drawn.append(text)

    growing = Growing(draw, Pacer(), first=0.0)
    growing.grow("Rain")
    await asyncio.sleep(0.01)
    await growing.end()
    assert (drawn, growing.unsure) == ([], False)


async def test_what_grows_is_not_drawn_under_load() -> None:
    drawn: list[str] = []

    async def draw(text: str) -> None:
        drawn.append(text)

    pacer = Pacer(per_second=100, burst=2)
    growing = Growing(draw, pacer, first=0.0)
    busy = [asyncio.create_task(pacer.turn(Rank.DELIVERY)) for _ in range(4)]
    await asyncio.sleep(0)
    growing.grow("Rain")
    await asyncio.sleep(0.01)
    assert drawn == []
    await asyncio.wait(busy)
    await asyncio.sleep(0.03)
    growing.grow("Rain on")
    await asyncio.sleep(0.01)
    await growing.end()
    assert drawn == ["Rain on"]


async def test_an_answer_that_is_there_within_a_second_is_one_send(discord: FakeDiscord) -> None:
    async def grow(incoming: Incoming, reply: Reply) -> None:
        await reply.stream("Rain on")
        await asyncio.sleep(0.01)
        await reply.show(Part("Rain on the tin roof"))

    async with running(bridge_to(discord), ScriptedDoor(grow)):
        discord.dm("write")
        assert (await discord.hears()).text == "Rain on the tin roof"
    said = [it for it in discord.requests if "/channels/" in it.path]
    assert [it.method for it in said] == ["POST"]


async def test_no_request_is_made_while_its_bucket_is_known_to_be_empty(
    discord: FakeDiscord,
) -> None:
    discord.traffic.limit("POST", r"^/channels/\d+/messages$", 2, 0.3)
    async with running(bridge_to(discord), ScriptedDoor()):
        for number in range(5):
            discord.dm(str(number))
        assert [(await discord.hears()).text[-1] for _ in range(5)] == list("01234")
    assert discord.traffic.too_many == 0


async def test_many_edits_at_once_in_one_room_ask_for_nothing_in_vain(
    discord: FakeDiscord,
) -> None:
    bridge = bridge_to(discord)
    discord.traffic.limit("PATCH", r"^/channels/\d+/messages", 3, 0.2)
    place = str(discord.home.id)
    async with running(bridge, ScriptedDoor()):
        first, second = [await bridge.send(place, Part("Rain"), key=key) for key in ("a", "b")]
        async with asyncio.TaskGroup() as group:
            for number in range(6):
                for message in (first, second):
                    group.create_task(bridge.edit(place, message, Part(f"Rain {number}")))
    edits = [it.status for it in discord.requests if it.method == "PATCH"]
    assert (edits, discord.traffic.too_many) == ([200] * 12, 0)
