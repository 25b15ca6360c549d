"""Linking is told on both sides: to who types the code, and to who gave it."""

import asyncio
import re
from dataclasses import replace

import pytest
from sqlmodel import select

from agents.notices import notice
from bridges.protocol import Part
from bridges.showing import part_of
from feed_core.errors import Refusal
from feed_core.models.creations import Creation
from feed_core.models.deliveries import Delivery
from feed_core.models.members import Identity
from feed_core.services.link_journal import UNDONE_WITHIN
from feed_core.states import DeliveryKind
from tests.agents.world import Shown, World
from tests.fakes.clock import FixedClock

pytestmark = pytest.mark.anywhere


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


async def linked(world: World) -> Shown:
    """Ana's account on Discord gave a code, and the one on Telegram typed it."""
    await world.join("Ana", platform="discord")
    await world.join("Tela")
    offered = await world.receive(world.incoming("Ana", "/link", platform="discord"))
    code = offered.text.split("/link ")[1].split()[0]
    return await world.receive(world.incoming("Tela", f"/link {code}"))


async def press(
    world: World, shown: Shown | Part, label: str, name: str, platform: str = "telegram"
) -> Shown:
    part = shown if isinstance(shown, Part) else shown.parts[-1]
    token = next(it.token for it in part.buttons if it.label == label)
    return await world.receive(replace(world.incoming(name, platform=platform), token=token))


async def owed(world: World, kind: DeliveryKind) -> list[tuple[str, str, Part]]:
    """To which accounts this is owed, and what each of them would read."""
    async with world.store.read() as view:
        wanted = select(Delivery, Identity).join(Identity).where(Delivery.kind == kind)
        found = (await view.db.exec(wanted)).all()
    told = []
    for delivery, account in found:
        answer = await notice(world.parts, kind, delivery.subject_id)
        assert answer is not None and answer.private
        shown = await part_of(world.desk, world.store, answer, asker_id=account.member_id)
        told.append((account.platform, account.external_id, shown))
    return told


async def members_of(world: World) -> dict[str, int]:
    async with world.store.read() as view:
        return {it.platform: it.member_id for it in await view.db.exec(select(Identity))}


async def test_who_typed_the_code_takes_the_accounts_apart_again(world: World) -> None:
    shown = await linked(world)
    await world.receive(world.incoming("Tela", "/create Rain: made since"))
    assert len(set((await members_of(world)).values())) == 1
    undone = await press(world, shown, "Undo", "Tela")
    assert "Undone: Telegram" in undone.text
    assert len(set((await members_of(world)).values())) == 2
    async with world.store.read() as view:
        tela = (await view.db.exec(select(Identity).where(Identity.platform == "telegram"))).one()
    assert await notice(world.parts, DeliveryKind.LINKED, tela.id or 0) is None  # it is past
    ((platform, name, told),) = await owed(world, DeliveryKind.LEFT)
    assert (platform, name) == ("discord", "Ana")
    assert "linked with you no more" in told.text
    assert not await owed(world, DeliveryKind.UNLINKED)
    mine = await world.receive(world.incoming("Ana", "/mine", platform="discord"))
    assert [card.title for part in mine.parts for card in part.cards] == ["Rain"] or (
        "Rain" in str(mine.parts)
    )
    theirs = await world.receive(world.incoming("Tela", "/mine"))
    assert "published nothing" in theirs.text


async def test_who_gave_the_code_is_handed_undo_and_only_one_press_counts(world: World) -> None:
    shown = await linked(world)
    ((platform, _, told),) = await owed(world, DeliveryKind.LINKED)
    assert platform == "discord" and "for 60 minutes" in told.text
    undone = await press(world, told, "Undo", "Ana", "discord")
    assert "Undone: Telegram" in undone.text
    ((platform, name, told),) = await owed(world, DeliveryKind.UNLINKED)
    assert (platform, name) == ("telegram", "Tela")
    assert "here you are a new member, Tela" in told.text
    again = await press(world, shown, "Undo", "Tela")
    assert "Undone" not in again.text
    typed = await world.receive(world.incoming("Ana", "/unlink undo:2", platform="discord"))
    assert "can be undone no more" in typed.text


async def test_nobody_undoes_anothers_link_and_nobody_too_late(
    world: World, clock: FixedClock
) -> None:
    shown = await linked(world)
    await world.join("Mallory")
    stolen = await press(world, shown, "Undo", "Mallory")
    typed = await world.receive(world.incoming("Mallory", "/unlink undo:2"))
    clock.go_on(UNDONE_WITHIN)
    late = await press(world, shown, "Undo", "Tela")
    assert "somebody else" in stolen.text
    assert "can be undone no more" in typed.text
    assert "can be undone no more" in late.text
    ((_, _, told),) = await owed(world, DeliveryKind.LINKED)
    assert not told.buttons and "/unlink takes it off" in told.text
    assert len(set((await members_of(world)).values())) == 2  # Ana and Mallory


async def test_an_account_is_chosen_asked_for_and_taken_off_and_both_sides_know(
    world: World,
) -> None:
    await linked(world)
    before = await members_of(world)
    accounts = await world.receive(world.incoming("Ana", "/unlink", platform="discord"))
    assert accounts.text.splitlines()[1:] == ["1 · Discord · Ana", "2 · Telegram · Tela"]
    labels = [it.label for it in accounts.parts[-1].buttons]
    assert labels == ["Discord · Ana", "Telegram · Tela", "Undo the last link"]
    asked = await press(world, accounts, "Telegram · Tela", "Ana", "discord")
    assert "begins anew, as a new member" in asked.text and "speak from" not in asked.text
    assert await members_of(world) == before
    done = await press(world, asked, "Take it off", "Ana", "discord")
    assert "Telegram · Tela is taken off" in done.text
    after = await members_of(world)
    assert after["discord"] == before["discord"] and after["telegram"] not in before.values()
    ((platform, name, told),) = await owed(world, DeliveryKind.UNLINKED)
    assert (platform, name) == ("telegram", "Tela")
    assert f"member {after['telegram']}" in told.text
    twice = await press(world, asked, "Take it off", "Ana", "discord")
    assert "taken off" not in twice.text
    last = await world.receive(world.incoming("Ana", "/unlink", platform="discord"))
    assert "your only account" in last.text


async def test_the_account_one_speaks_from_can_go_too_and_the_others_are_told(
    world: World,
) -> None:
    await linked(world)
    asked = await world.receive(world.incoming("Tela", "/unlink telegram"))
    assert "the account you speak from" in asked.text
    await press(world, asked, "Take it off", "Tela")
    ((platform, _, told),) = await owed(world, DeliveryKind.LEFT)
    assert platform == "discord" and "Telegram · Tela is linked with you no more" in told.text
    hello = await world.receive(world.incoming("Tela", "/unlink"))
    assert "your only account" in hello.text


async def test_anothers_account_is_nothing_one_could_take_off(world: World) -> None:
    await linked(world)
    ben = await world.join("Ben", platform="terminal")
    other = await world.join("Ben too", platform="discord")
    code = (await world.do(ben, "link")).text.split("/link ")[1].split()[0]
    await world.do(other, "link", code=code)
    before = await members_of(world)
    for it in ("1", "2", "Ana", "telegram", "Discord · Ana"):
        line = f"/unlink account:{it} word:unlink"
        refused = await world.receive(world.incoming("Ben", line, platform="terminal"))
        assert "No account of yours" in refused.text, it
    assert await members_of(world) == before


async def test_an_agent_and_mere_words_take_nothing_apart(world: World) -> None:
    await linked(world)
    before = await members_of(world)
    ana = await world.join("Ana", platform="discord-too")
    said = await world.receive(world.incoming("Tela", "unlink my Discord account"))
    with pytest.raises(Refusal):
        await world.by_agent(ana, "unlink", account="discord", word="unlink")
    assert "taken off" not in said.text.replace("the account taken off", "")
    assert {it: before[it] for it in before} == {
        it: member for it, member in (await members_of(world)).items() if it in before
    }


async def test_what_was_said_before_an_account_was_taken_off_is_answered_as_whose_it_is(
    world: World,
) -> None:
    await linked(world)
    asked = await world.receive(world.incoming("Ana", "/unlink telegram", platform="discord"))
    async with asyncio.TaskGroup() as group:
        group.create_task(press(world, asked, "Take it off", "Ana", "discord"))
        for number in range(5):
            line = f"/create Song {number}: la la la, verse {number}"
            group.create_task(world.receive(world.incoming("Tela", line)))
    now = await members_of(world)
    async with world.store.read() as view:
        made = (await view.db.exec(select(Creation))).all()
    assert len(made) == 5  # each once
    after = await world.receive(world.incoming("Tela", "/create Later: on my own"))
    assert "#6" in str(after.parts)
    async with world.store.read() as view:
        later = await view.db.get_one(Creation, 6)
    assert later.author_id == now["telegram"] != now["discord"]


async def test_an_undo_while_the_other_side_writes_loses_and_doubles_nothing(
    world: World,
) -> None:
    shown = await linked(world)
    async with asyncio.TaskGroup() as group:
        for number in range(6):
            name, platform = [("Ana", "discord"), ("Tela", "telegram")][number % 2]
            line = f"/create Song {number}: la la la, verse {number}"
            group.create_task(world.receive(world.incoming(name, line, platform=platform)))
            if number == 2:
                group.create_task(press(world, shown, "Undo", "Tela"))
    now = await members_of(world)
    assert now["telegram"] != now["discord"]
    async with world.store.read() as view:
        made = (await view.db.exec(select(Creation))).all()
    assert sorted(it.title for it in made) == [f"Song {number}" for number in range(6)]
    assert {it.author_id for it in made} <= {*now.values()}
    assert all(it.author_id == now["discord"] for it in made if int(it.title[-1]) % 2 == 0)
