from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import timedelta

import pytest

from agents.profile import Joining, Profile
from agents.turn import Place
from bridges.admission import Admission, Admitted
from bridges.protocol import Incoming, Sender
from feed_core.errors import NotAdmitted, TooFast
from feed_core.services import members, naming
from feed_core.store import Store
from tests.agents.world import PROFILE
from tests.fakes.clock import FixedClock

ANA = Incoming("u1", Sender("7", "Ana", "de"), Place("telegram", "7", private=True), text="hello")
ROOM = replace(ANA, place=Place("telegram", "-100", private=False))
Admit = Callable[[Incoming], AsyncIterator[Admitted]]


def joining(join: Joining, **more: object) -> Profile:
    return PROFILE.model_copy(update={"join": join, **more})


@asynccontextmanager
async def bound_room(store: Store, *, bound: bool) -> AsyncIterator[None]:
    async with store.work() as work:
        room = await members.room(work, platform="telegram", external_id="-100", public=True)
        room.bound = bound
    yield


async def admit(admission: Admission, store: Store, incoming: Incoming) -> Admitted:
    async with store.work() as work:
        return await admission.admit(work, incoming)


async def test_whoever_writes_becomes_a_member_where_all_may(store: Store) -> None:
    admission = Admission(joining(Joining.OPEN))
    first = await admit(admission, store, ANA)
    again = await admit(admission, store, ANA)
    assert first == replace(again, newcomer=True, name_change_id=1)
    assert first.language == "de"
    assert first.room_id is None
    async with store.read() as view:
        assert (await members.get(view, first.member_id)).name == "member 1"  # until it is checked
        assert first.name_change_id is not None
        assert (await naming.content(view, first.name_change_id)).title == "Ana"
        identity = (await members.identities(view, first.member_id))[0]
        assert (identity.name, identity.private_place, identity.reachable) == ("Ana", "7", True)


async def test_a_room_is_no_place_to_write_to_somebody_alone(store: Store) -> None:
    admission = Admission(joining(Joining.OPEN))
    admitted = await admit(admission, store, ROOM)
    assert admitted.room_id is not None
    async with store.read() as view:
        assert (await members.identities(view, admitted.member_id))[0].private_place is None


@pytest.mark.parametrize("join", [Joining.SERVERS, Joining.INVITE])
async def test_strangers_stay_outside(store: Store, join: Joining) -> None:
    admission = Admission(joining(join))
    async with bound_room(store, bound=False):
        for incoming in (ANA, ROOM):
            with pytest.raises(NotAdmitted):
                await admit(admission, store, incoming)
    async with store.read() as view:
        assert await members.find_account(view, platform="telegram", external_id="7") is None


async def test_who_shares_a_bound_room_may_come_in_and_then_write_in_private(store: Store) -> None:
    admission = Admission(joining(Joining.SERVERS))
    async with bound_room(store, bound=True):
        admitted = await admit(admission, store, ROOM)
        assert (await admit(admission, store, ANA)).member_id == admitted.member_id


async def test_an_invitation_is_needed_even_in_a_bound_room(store: Store) -> None:
    async with bound_room(store, bound=True):
        with pytest.raises(NotAdmitted):
            await admit(Admission(joining(Joining.INVITE)), store, ROOM)


async def test_whoever_sits_at_the_machine_is_let_in_and_never_too_fast(store: Store) -> None:
    admission = Admission(joining(Joining.INVITE, messages_per_minute=1))
    at_home = replace(ANA, place=Place("terminal", "ana", private=True))
    ids = {(await admit(admission, store, at_home)).member_id for _ in range(5)}
    assert len(ids) == 1


async def test_the_hasty_wait_until_a_minute_has_passed(store: Store, clock: FixedClock) -> None:
    admission = Admission(joining(Joining.OPEN, messages_per_minute=3))
    ben = replace(ANA, sender=Sender("8", "Ben"), place=Place("telegram", "8", private=True))
    for _ in range(3):
        await admit(admission, store, ANA)
        clock.go_on(timedelta(seconds=10))
    with pytest.raises(TooFast):
        await admit(admission, store, ANA)
    assert await admit(admission, store, ben)
    clock.go_on(timedelta(seconds=30))  # a minute after the first
    await admit(admission, store, ANA)
    with pytest.raises(TooFast):
        await admit(admission, store, ANA)


@pytest.mark.parametrize("name", ["", "  ", "x" * 5_000, "<b>Ana</b>", "@everyone", "雨\n雪"])
async def test_any_name_makes_a_member(store: Store, name: str) -> None:
    incoming = replace(ANA, sender=Sender("9", name))
    admitted = await admit(Admission(joining(Joining.OPEN)), store, incoming)
    async with store.read() as view:
        shown = (await members.get(view, admitted.member_id)).name
    assert 1 <= len(shown) <= 80
    assert "\n" not in shown
