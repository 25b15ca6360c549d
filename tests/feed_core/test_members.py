import asyncio

import pytest
from sqlmodel import select

from feed_core.events import Event, MemberJoined
from feed_core.models.rooms import Room
from feed_core.services import conversation, members
from feed_core.services.conversation import LONGEST_LINE
from feed_core.services.members import LONGEST_NAME
from feed_core.states import Role
from feed_core.store import Store
from tests.fakes.community import daily, join

pytestmark = pytest.mark.anywhere


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("Ana", "Ana"),
        ("  Ana \n Maria ", "Ana Maria"),
        ("", "member 1"),
        ("\u200b\u202e", "member 1"),
        ("\u202eanA", "\u202eanA\u202c"),
        ("a" * 500, "a" * LONGEST_NAME),
    ],
)
@pytest.mark.once
async def test_a_newcomer_gets_a_name_that_fits_on_a_line(
    store: Store, told: list[Event], name: str, shown: str
) -> None:
    async with store.work() as work:
        identity, _ = await members.join(
            work, platform="telegram", external_id="42", name=name, persona="muse"
        )

    async with store.read() as view:
        assert (await members.get(view, identity.member_id)).name == shown
        assert (await members.agent_settings(view, identity.member_id)).persona == "muse"
        found = await members.find_account(view, platform="telegram", external_id="42")
        assert found is not None
        assert found.member_id == identity.member_id
        assert await members.find_account(view, platform="discord", external_id="42") is None
    assert told == [MemberJoined(identity.member_id)]


async def test_an_account_can_be_written_to_once_it_wrote_in_private_and_until_it_is_lost(
    store: Store,
) -> None:
    ana, identity_id = await join(store, "Ana")
    async with store.work() as work:
        await members.lost(work, identity_id=identity_id)
    async with store.read() as view:
        (account,) = await members.identities(view, ana)
    assert (account.private_place, account.reachable) == ("home-Ana", False)

    async with store.work() as work:
        await members.seen_in_private(work, identity_id=identity_id, place_id="new home")
    async with store.read() as view:
        (account,) = await members.identities(view, ana)
    assert (account.private_place, account.reachable) == ("new home", True)


@pytest.mark.once
async def test_a_member_is_told_things_where_they_get_their_digest_else_where_they_joined_last(
    store: Store,
) -> None:
    member_id, telegram = await join(store, "Ana", platform="telegram")
    async with store.work() as work:
        discord, _ = await members.join(
            work, platform="discord", external_id="ana", name="Ana", persona="guide"
        )
        assert discord.id is not None
        discord.member_id = member_id

    async def account(near: str = "") -> int | None:
        async with store.read() as view:
            found = await members.private_account(view, member_id, near=near)
            return found.id if found else None

    assert await account() == telegram  # the other was never written to in private
    async with store.work() as work:
        await members.seen_in_private(work, identity_id=discord.id, place_id="dm")
    assert await account() == discord.id
    assert await account(near="telegram") == telegram
    await daily(store, member_id, telegram)
    assert await account() == telegram
    async with store.work() as work:
        for it in (telegram, discord.id):
            await members.lost(work, identity_id=it)
    assert await account() is None


async def test_a_room_is_known_once_and_follows_its_platform(store: Store) -> None:
    async def enter(*, public: bool) -> None:
        async with store.work() as work:
            await members.room(work, platform="discord", external_id="7", public=public)

    await asyncio.gather(*(enter(public=False) for _ in range(5)))
    await enter(public=True)

    async with store.read() as view:
        rooms = list(await view.db.exec(select(Room.external_id, Room.public)))
    assert [tuple(it) for it in rooms] == [("7", True)]


async def test_a_conversation_is_read_back_in_order_for_its_member_and_place_alone(
    store: Store,
) -> None:
    ana, _ = await join(store, "Ana")
    ben, _ = await join(store, "Ben")
    async with store.work() as work:
        for member_id, place, text in (
            (ana, "here", "one"),
            (ben, "here", "not hers"),
            (ana, "there", "not here"),
            (ana, "here", "two"),
            (ana, "here", "x" * 100_000),
        ):
            await conversation.say(
                work, member_id=member_id, place=place, lines=[(Role.MEMBER, text)]
            )

    async with store.read() as view:
        lines = (await conversation.recent(view, member_id=ana, place="here", limit=20)).lines
        last = (await conversation.recent(view, member_id=ana, place="here", limit=2)).lines
    assert [text[:3] for _, text in lines] == ["one", "two", "xxx"]
    assert len(lines[-1][1]) == LONGEST_LINE
    assert [text[:3] for _, text in last] == ["two", "xxx"]
