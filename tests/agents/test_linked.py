"""Linking is told on both sides: to who types the code, and to who gave it."""

import re

from sqlmodel import select

from agents.notices import notice
from feed_core.models.deliveries import Delivery
from feed_core.models.members import Identity
from feed_core.states import DeliveryKind
from tests.agents.world import World


async def test_the_account_that_gave_a_code_is_told_which_one_was_linked_by_it(
    world: World,
) -> None:
    await world.join("Ana", platform="discord")
    await world.join("Mallory")
    offered = await world.receive(world.incoming("Ana", "/link", platform="discord"))
    found = re.search("/link (\\w+)", offered.text)
    assert found is not None
    linked = await world.receive(world.incoming("Mallory", f"/link {found[1]}"))

    assert "Linked" in linked.text
    async with world.store.read() as view:
        wanted = select(Delivery, Identity).join(Identity)
        owed = await view.db.exec(wanted.where(Delivery.kind == DeliveryKind.LINKED))
        ((delivery, account),) = owed.all()
    assert (account.platform, account.external_id) == ("discord", "Ana")
    told = await notice(world.parts, DeliveryKind.LINKED, delivery.subject_id)
    assert told is not None
    assert told.private
    assert "A Telegram account was linked by your code" in told.text


async def test_a_wrong_code_tells_nobody(world: World) -> None:
    await world.join("Ana", platform="discord")
    await world.join("Mallory")
    await world.receive(world.incoming("Ana", "/link", platform="discord"))
    await world.receive(world.incoming("Mallory", "/link ABCDEFGH"))
    async with world.store.read() as view:
        owed = await view.db.exec(select(Delivery).where(Delivery.kind == DeliveryKind.LINKED))
        assert not owed.all()
