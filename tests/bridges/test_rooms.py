"""Rooms bound to the feed: the same promises on every platform, through the real libraries."""

from collections.abc import AsyncIterator, Callable, Sequence
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlmodel import col, select

from agents.router import Router
from agents.turn import Authority, Turn
from bridges.admission import Admission
from bridges.inbox import Inbox
from bridges.kept import kept
from bridges.protocol import Incoming, Reworded, Sender, Under
from feed_core.bus import Bus
from feed_core.models.conversation import Message
from feed_core.models.deliveries import Delivery
from feed_core.models.members import Identity
from feed_core.models.reactions import Comment, Reaction
from feed_core.models.room_posts import RoomPost
from feed_core.models.rooms import Room
from feed_core.services import binding, inbox, leaving, members, presence, reactions
from feed_core.states import CommentState, CreationKind, DeliveryKind, DeliveryState
from memory.embedding import Embedder
from tests.agents.world import PROFILE, World, opened_world
from tests.bridges.room_stages import GROUP, OnDiscord, OnTelegram, scene
from tests.fakes.clock import FixedClock

PLATFORMS = ("telegram", "discord", "forum")

pytestmark = pytest.mark.filterwarnings("ignore:Deprecated since version v22.2")


@pytest.fixture
async def world(
    tmp_path: Path, embedder: Embedder, router: Router, clock: FixedClock
) -> AsyncIterator[World]:
    async with opened_world(tmp_path, embedder, router, clock) as opened:
        yield opened


@pytest.fixture
async def ana(world: World) -> Turn:
    return await world.join("Ana")


async def comments(world: World) -> Sequence[Comment]:
    async with world.store.read() as view:
        return (await view.db.exec(select(Comment).order_by(col(Comment.id)))).all()


async def felt(world: World) -> set[str]:
    async with world.store.read() as view:
        return {it.kind for it in await view.db.exec(select(Reaction))}


def said(world: World, *bodies: str) -> Callable[[], Any]:
    async def there() -> bool:
        return [it.body for it in await comments(world)] == list(bodies)

    return there


@pytest.mark.parametrize("where", PLATFORMS)
async def test_a_creation_stands_in_the_room_once_and_follows_its_maker(
    world: World, ana: Turn, where: str
) -> None:
    async with scene(world, where) as here:
        await world.do(ana, "create", words="Rain: all night the same song #wet")
        (card,) = await here.posted()
        await world.do(ana, "edit", piece="#1", words="Rain: it stopped at dawn")
        (edited,) = await here.posted()
        await world.do(ana, "comment", creation=1, words="my own song")
        _, remark = await here.posted()
        await world.do(ana, "uncomment", comment="c1")
        await world.do(ana, "withdraw", creation=1)
        tombstone, unsaid = await here.posted()

    assert "all night the same song" in card.text
    assert "it stopped at dawn" in edited.text
    assert "all night" not in edited.text
    assert "my own song" in remark.text
    assert "Ana" in remark.text
    assert remark.below is not None
    assert "dawn" not in tombstone.text
    assert "#1 is not shown here any more" in tombstone.text
    assert "my own song" not in unsaid.text
    if isinstance(here.stage, OnDiscord) and where == "forum":
        (thread,) = [it for it in here.stage.fake.world.channels.values() if it.parent]
        names = {it["id"]: it["name"] for it in here.stage.channel.tags}
        assert [names[it] for it in thread.applied] == ["text", "by hand"]
        assert "Rain" not in thread.name


@pytest.mark.parametrize("where", PLATFORMS)
async def test_what_people_reply_and_feel_comes_into_the_feed_once_and_echoes_nowhere(
    world: World, ana: Turn, where: str
) -> None:
    async with scene(world, where) as here:
        await world.do(ana, "create", words="Rain: all night the same song")
        (card,) = await here.posted()
        reply = here.stage.reply(card.message, "a drum for nobody")
        await here.until(said(world, "a drum for nobody"))
        here.stage.repeat(reply)
        here.stage.react(card.message, "👍", "😂")
        await here.until(lambda: _equal(felt(world), {"like", "laugh"}))
        here.stage.react(card.message, "👎", "👍")
        await here.until(lambda: _equal(felt(world), {"like"}))
        here.stage.reword(reply, "a drum for everybody")
        await here.until(said(world, "a drum for everybody"))
        after = await here.posted()
        if isinstance(here.stage, OnDiscord):
            here.stage.fake.delete(reply)
            await here.until(said(world, ""))

    assert len(after) == 1
    (comment,) = await comments(world)
    assert comment.author_id != ana.member_id


@pytest.mark.parametrize("where", ["discord", "forum"])
async def test_what_people_felt_while_nobody_listened_counts_once_and_what_they_took_back_does_not(
    world: World, ana: Turn, clock: FixedClock, where: str
) -> None:
    async def hands() -> set[tuple[str, str]]:
        async with world.store.read() as view:
            found = await view.db.exec(
                select(Identity.external_id, Reaction.kind).join(
                    Reaction, col(Reaction.member_id) == col(Identity.member_id)
                )
            )
            return {(names[it], str(kind)) for it, kind in found}

    async with scene(world, where) as here:
        assert isinstance(here.stage, OnDiscord)
        fake = here.stage.fake
        ben, cat, dan = (fake.person(it) for it in ("ben", "cat", "dan"))
        names = {str(ben.id): "Ben", str(cat.id): "Cat", str(dan.id): "Dan", "Ana": "Ana"}
        await world.do(ana, "create", words="Rain: all night the same song")
        (card,) = await here.posted()
        here.stage.react(card.message, "👍", "😂")
        fake.react(card.message, "👍", user=cat)
        await world.do(ana, "react", creation=1, reaction="wow")
        told = {("Ben", "like"), ("Ben", "laugh"), ("Cat", "like"), ("Ana", "wow")}
        await here.until(lambda: _equal(hands(), told))
        async with world.store.work() as work:
            account = await members.find_account(work, platform="discord", external_id=str(cat.id))
            assert account is not None
            await reactions.unreact(work, creation_id=1, member_id=account.member_id)

        clock.go_on(timedelta(minutes=1))
        card.message.reactions = {"👍": [cat], "❤️": [dan, ben, fake.bot], "😂": [ben], "👎": [cat]}
        fake.gateway.invalidate()
        told = {("Ben", "laugh"), ("Ben", "love"), ("Dan", "love"), ("Ana", "wow")}
        await here.until(lambda: _equal(hands(), told))


async def _equal(found: Any, wanted: object) -> bool:
    return bool(await found == wanted)


@pytest.mark.parametrize("where", PLATFORMS)
async def test_a_room_that_listens_hears_what_is_said_below_a_post_to_nobody(
    world: World, ana: Turn, where: str
) -> None:
    async with scene(world, where, listening=True) as here:
        await world.do(ana, "create", words="Rain: all night the same song")
        (card,) = await here.posted()
        first = here.stage.reply(card.message, "a drum")
        await here.until(said(world, "a drum"))
        if isinstance(here.stage, OnDiscord):
            fake = here.stage.fake
            if where == "forum":
                fake.say("no name needed", user="ben", channel=card.message.channel)
            else:
                fake.say("no name needed", user="ben", channel=here.stage.channel, reply_to=first)
            fake.say("apart from all that", user="ben", channel=here.stage.channel)
        if isinstance(here.stage, OnTelegram):
            number = first["message"]["message_id"]
            here.stage.fake.say("no name needed", chat=GROUP, reply_to=number)
            here.stage.fake.say("apart from all that", chat=GROUP)
        await here.until(said(world, "a drum", "no name needed"))
        assert len(await here.posted()) == 1


@pytest.mark.parametrize("where", PLATFORMS)
async def test_a_room_that_is_lost_gets_nothing_more_and_whoever_bound_it_is_told_once(
    world: World, ana: Turn, where: str
) -> None:
    async with scene(world, where) as here:
        here.stage.expel()
        for words in ("Rain: all night", "Snow: by day", "Fog: at noon"):
            await world.do(ana, "create", words=words)
            await here.posted()
        async with world.store.read() as view:
            owed = (await view.db.exec(select(Delivery).order_by(col(Delivery.id)))).all()
            room = await view.db.get_one(Room, here.room_id)

    told = [it for it in owed if it.kind == DeliveryKind.ROOM_LOST]
    assert len(told) == 1
    assert room.gone_at is not None
    assert all(it.state is not DeliveryState.PENDING for it in owed if it.room_id is not None)


async def test_a_room_shows_only_what_it_asked_for_and_may_show(world: World, ana: Turn) -> None:
    async with scene(world, "telegram", tags=["rain"], kinds=[CreationKind.TEXT]) as here:
        await world.do(ana, "create", words="Snow: white #snow")
        await world.do(ana, "create", words="Secret: mine #rain", visibility="only_me")
        await world.do(ana, "consent", purpose="recommend", answer="no")
        await world.do(ana, "create", words="Shy: not unasked #rain")
        assert await here.posted() == []
        await world.do(ana, "visibility", creation=2, visibility="everyone")
        (card,) = await here.posted()
        await world.do(ana, "consent", creation=2, purpose="recommend", answer="no")
        (hidden,) = await here.posted()

    assert "mine" in card.text
    assert "mine" not in hidden.text


async def test_what_is_shared_in_a_room_that_is_not_bound_follows_its_maker_too(
    world: World, ana: Turn
) -> None:
    async with scene(world, "telegram") as here:
        async with world.store.work() as work:
            await binding.unbind(work, room_id=here.room_id)
        there = replace(ana, place=here.stage.place, room_id=here.room_id)
        await world.do(ana, "create", words="Rain: all night")
        await world.do(ana, "consent", creation=1, purpose="recommend", answer="no")
        await world.do(there, "share", creation=1)
        (card,) = await here.posted()
        here.stage.react(card.message, "❤")
        await world.do(ana, "edit", piece="#1", words="Rain: it stopped at dawn")
        (edited,) = await here.posted()
        await world.do(ana, "withdraw", creation=1)
        (tombstone,) = await here.posted()

    assert "all night" in card.text
    assert "dawn" in edited.text
    assert "dawn" not in tombstone.text


async def test_a_stop_between_a_change_and_its_telling_loses_nothing(
    world: World, ana: Turn
) -> None:
    async with scene(world, "telegram") as here:
        await world.do(ana, "create", words="Rain: all night")
        await here.posted()
        await world.do(ana, "withdraw", creation=1)
        async with world.store.work() as work:
            found = await work.db.exec(
                select(Delivery).where(Delivery.kind == DeliveryKind.AMENDED)
            )
            found.one().state = DeliveryState.SENDING  # as a kill in between leaves it
        await here.outbox.recover()
        (tombstone,) = await here.posted()

    assert "all night" not in tombstone.text


async def test_a_group_that_becomes_a_supergroup_keeps_everything(world: World, ana: Turn) -> None:
    async with scene(world, "telegram") as here:
        assert isinstance(here.stage, OnTelegram)
        fake = here.stage.fake
        await world.do(ana, "create", words="Rain: all night")
        await here.posted()
        fake.migrate(GROUP, -100777)
        fake.say("/jam start Snow", chat=-100777)

        async def moved() -> bool:
            async with world.store.read() as view:
                rooms = (await view.db.exec(select(Room))).all()
            return [(it.id, it.external_id) for it in rooms] == [(here.room_id, "-100777")]

        await here.until(moved)
        await world.do(ana, "create", words="Snow: by day")
        await here.posted()
        assert any("by day" in it.plain for it in fake.messages(-100777))


async def test_a_held_comment_is_told_to_its_author_alone(world: World, ana: Turn) -> None:
    async with scene(world, "telegram") as here:
        await world.do(ana, "create", words="Rain: all night")
        (card,) = await here.posted()
        here.stage.reply(card.message, "sk-" + "a1B2" * 12)

        async def stopped() -> bool:
            return [it.state for it in await comments(world)] not in ([], [CommentState.PUBLISHED])

        await here.until(stopped)
        assert all("a1B2" not in it.text for it in here.stage.seen())


async def test_what_is_said_in_one_room_shows_in_the_other_and_not_where_it_was_said(
    world: World, ana: Turn
) -> None:
    async with scene(world, "telegram") as group, scene(world, "forum") as forum:
        await world.do(ana, "create", words="Rain: all night")
        (card,) = await group.posted()
        await forum.posted()
        group.stage.reply(card.message, "a drum for nobody")
        await group.until(said(world, "a drum for nobody"))
        assert len(await group.posted()) == 1
        _, remark = await forum.posted()
        group.stage.reply(card.message, "and a bell")
        await group.until(said(world, "a drum for nobody", "and a bell"))
        assert len(await forum.posted()) == 3

    assert "a drum for nobody" in remark.text
    assert "Ben" in remark.text


@pytest.mark.parametrize("times", [1, 2])
async def test_a_stop_before_a_comment_was_said_says_it_once(
    world: World, ana: Turn, clock: FixedClock, times: int
) -> None:
    async with scene(world, "telegram") as here:
        await world.do(ana, "create", words="Rain: all night")
        (card,) = await here.posted()
        incoming = Incoming(
            "77",
            Sender("9", "Cat"),
            here.stage.place,
            text="a bell",
            under=Under(str(GROUP), [str(card.message.message_id)]),
            message_id="900",
        )
        for number in range(times):  # the second time as if the first had said it before the stop
            async with world.store.work() as work:
                await inbox.receive(
                    work, platform="telegram", update_id=f"7{number}", payload=kept(incoming)
                )
            clock.go_on(timedelta(seconds=1))
            await world.inbox.resume(here.stage.bridge, before=clock.now())

    assert [it.body for it in await comments(world)] == ["a bell"]


@pytest.mark.parametrize("before", [True, False])
async def test_a_stop_before_a_comment_was_said_whose_message_is_deleted_says_nothing(
    world: World, ana: Turn, clock: FixedClock, before: bool
) -> None:
    async with scene(world, "discord") as here:
        await world.do(ana, "create", words="Rain: all night")
        (card,) = await here.posted()
        under = Under(here.stage.place.id, [str(card.message.id)])
        incoming = Incoming(
            "77", Sender("9", "Cat"), here.stage.place, text="a bell", under=under, message_id="77"
        )
        if not before:  # as if it had been said, and the stop came before the row told so
            await world.receive(replace(incoming, update_id="76"))
        async with world.store.work() as work:
            await inbox.receive(work, platform="discord", update_id="77", payload=kept(incoming))
        gone = Reworded("discord", Under(under.place_id, ["77"]), None)
        if before:
            await world.inbox.notice(gone)
        else:
            async with world.store.work() as work:
                await inbox.deleted(
                    work, platform="discord", place_id=under.place_id, message_ids=["77"]
                )
        clock.go_on(timedelta(seconds=1))
        again = Inbox(world.parts, world.desk, world.talk, Admission(PROFILE), Bus())
        await again.resume(here.stage.bridge, before=clock.now())

    assert [it.body for it in await comments(world)] == ([] if before else [""])


async def test_a_server_that_removed_the_bot_is_forgotten_after_a_week(
    world: World, ana: Turn, clock: FixedClock
) -> None:
    async def gone() -> bool:
        async with world.store.read() as view:
            return (await view.db.get_one(Room, here.room_id)).gone_at is not None

    async with scene(world, "discord") as here:
        assert isinstance(here.stage, OnDiscord)
        await world.do(ana, "create", words="Rain: all night")
        await here.posted()
        here.stage.fake.expel()
        await here.until(gone)
    for days, kept_name in ((6, "general"), (2, "")):
        clock.go_on(timedelta(days=days))
        async with world.store.work() as work:
            await presence.forget(work)
        async with world.store.read() as view:
            room = await view.db.get_one(Room, here.room_id)
            posts = (await view.db.exec(select(RoomPost))).all()
        assert (room.name, bool(posts), room.bound) == (kept_name, bool(kept_name), bool(kept_name))


async def test_what_is_published_in_a_bound_room_stands_there_with_one_card(
    world: World, ana: Turn
) -> None:
    async with scene(world, "telegram") as here:
        there = replace(ana, place=here.stage.place, room_id=here.room_id)
        answer = await world.do(there, "create", words="Rain: all night")
        (card,) = await here.posted()

    assert not answer.cards
    assert "It is posted in this room." in answer.text
    assert "all night" in card.text


async def test_a_jam_in_a_channel_gets_a_thread_and_goes_on_there(world: World, ana: Turn) -> None:
    async with scene(world, "discord") as here:
        assert isinstance(here.stage, OnDiscord)
        fake = here.stage.fake
        world.parts.threads.platforms = {"discord": here.stage.bridge}
        there = replace(ana, place=here.stage.place, room_id=here.room_id)
        answer = await world.do(there, "jam start", prompt="Rain on the roof")
        (begun,) = await here.posted()
        thread = begun.message.channel
        assert await fake.hears(thread) is begun.message
        fake.say("/jam join", user="ben", channel=thread, mention_bot=True)
        joined = await fake.hears(thread)

    assert "“Jam: Rain on the roof”" in answer.text
    assert (thread.name, thread.parent) == ("Jam: Rain on the roof", here.stage.channel)
    assert "A jam: “Rain on the roof”" in begun.text
    assert "Ben plays along" in joined.text


@pytest.mark.parametrize("where", PLATFORMS)
async def test_a_room_that_is_left_keeps_nothing_and_nothing_of_it_is_kept(
    world: World, ana: Turn, where: str
) -> None:
    async def words_in(room_id: int) -> int:
        async with world.store.read() as view:
            room = await view.db.get_one(Room, room_id)
            place = f"{room.platform}:{room.external_id}"
            posts = (await view.db.exec(select(RoomPost))).all()
            said = (await view.db.exec(select(Message).where(Message.place == place))).all()
            return len(posts) + len(said) + len(room.name + room.server)

    async with scene(world, where, listening=True) as here:
        there = replace(
            ana,
            place=here.stage.place,
            room_id=here.room_id,
            granted=frozenset({Authority.MODERATOR}),
        )
        await world.do(ana, "create", words="Rain: all night")
        await world.do(ana, "comment", creation=1, words="my own song")
        assert len(await here.posted()) == 2
        asked = Incoming("71", Sender("9", "Cat"), here.stage.place, text="/feed")
        assert (await world.receive(asked)).parts
        assert await words_in(here.room_id)

        told = await world.do(there, "room leave")
        assert "The 2 messages that I posted there go away" in told.text and told.private
        await world.do(ana, "create", words="Snow: by day")
        assert await here.posted() == []
        assert not (await world.receive(replace(asked, update_id="72"))).parts
        async with world.store.work() as work:
            await leaving.forget(work)
        assert await words_in(here.room_id) == 0
        await world.do(there, "room bind")
        await world.do(ana, "create", words="Hail: at noon")
        (back,) = await here.posted()
    assert "at noon" in back.text


async def test_what_telegram_lets_nobody_delete_any_more_says_nothing(
    world: World, ana: Turn
) -> None:
    async with scene(world, "telegram") as here:
        assert isinstance(here.stage, OnTelegram)
        await world.do(ana, "create", words="Rain: all night")
        (card,) = await here.posted()
        message_id = str(card.message.message_id)
        here.stage.fake.fail_next(
            "deleteMessage", status=400, description="Bad Request: message can't be deleted"
        )
        await here.stage.bridge.edit(str(GROUP), message_id, None)
        (left,) = here.stage.seen()
    assert left.text == "…"
