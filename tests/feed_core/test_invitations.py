"""Invitations: for so many, for so long, and until they are called back."""

import asyncio
from datetime import timedelta

import pytest

from feed_core.models.curation import Followed
from feed_core.services import curation, invitations
from feed_core.services.curation import Subject
from feed_core.services.invitations import (
    InvitationClosed,
    InvitationNotFound,
    InvitationTooWide,
    Met,
    TooManyInvitations,
)
from feed_core.store import Store
from tests.fakes.clock import FixedClock
from tests.fakes.community import join


async def invite(store: Store, member_id: int, *, people: int = 2, days: int = 7) -> str:
    async with store.work() as work:
        made = await invitations.invite(work, member_id=member_id, people=people, days=days)
        return made.code


async def accept(store: Store, code: str, member_id: int) -> bool:
    async with store.work() as work:
        invitation = await invitations.hold_open(work, code)
        if invitation is not None:
            await invitations.accept(work, invitation, member_id=member_id)
    return invitation is not None


async def meet(store: Store, code: str, member_id: int) -> Met:
    async with store.work() as work:
        return await invitations.meet(work, code=code, member_id=member_id)


async def test_it_works_for_so_many_and_who_came_follows_who_sent_it(store: Store) -> None:
    ana, ben, eve, mio = [(await join(store, it))[0] for it in ("Ana", "Ben", "Eve", "Mio")]
    code = await invite(store, ana)

    assert await accept(store, code.lower(), ben)
    assert await accept(store, code, eve)
    assert not await accept(store, code, mio)  # it was for two

    assert await meet(store, code, ben) == await meet(store, code, ben) == Met(ana, new=True)
    with pytest.raises(InvitationClosed):
        await meet(store, code, mio)
    async with store.read() as view:
        follows = await curation.follows(view, member_id=ben)
    assert follows == [Subject(Followed.MEMBER, str(ana))]


async def test_of_several_at_once_no_more_come_than_it_is_for(store: Store) -> None:
    ana, *others = [(await join(store, f"M{it}"))[0] for it in range(6)]
    code = await invite(store, ana, people=2)
    assert sum(await asyncio.gather(*(accept(store, code, it) for it in others))) == 2


async def test_who_is_a_member_already_only_hears_whose_it_is(store: Store) -> None:
    ana, ben = [(await join(store, it))[0] for it in ("Ana", "Ben")]
    code = await invite(store, ana)
    assert await meet(store, code, ben) == Met(ana, new=False)
    with pytest.raises(InvitationClosed):
        await meet(store, code, ana)  # one's own
    async with store.read() as view:
        assert await curation.follows(view, member_id=ben) == []


async def test_it_ends_with_its_time_and_when_it_is_called_back(
    store: Store, clock: FixedClock
) -> None:
    ana, ben = [(await join(store, it))[0] for it in ("Ana", "Ben")]
    brief, long = await invite(store, ana, days=1), await invite(store, ana, days=3)
    clock.go_on(timedelta(days=2))
    assert not await accept(store, brief, ben)
    async with store.work() as work:
        (left,) = await invitations.open_ones(work, member_id=ana)
        assert left.invitation.code == long
        assert left.invitation.id is not None
        number = left.invitation.id
        with pytest.raises(InvitationNotFound):
            await invitations.revoke(work, member_id=ben, number=number)
        await invitations.revoke(work, member_id=ana, number=number)
    assert not await accept(store, long, ben)


@pytest.mark.parametrize(("people", "days"), [(0, 7), (21, 7), (5, 0), (5, 31)])
async def test_nobody_invites_too_many_or_for_too_long(
    store: Store, people: int, days: int
) -> None:
    ana, _ = await join(store, "Ana")
    with pytest.raises(InvitationTooWide):
        await invite(store, ana, people=people, days=days)


async def test_so_many_are_open_at_once(store: Store) -> None:
    ana, ben = [(await join(store, it))[0] for it in ("Ana", "Ben")]
    codes = [await invite(store, ana, people=1) for _ in range(invitations.MOST_OPEN)]
    with pytest.raises(TooManyInvitations):
        await invite(store, ana)
    await accept(store, codes[0], ben)  # which uses it up
    await invite(store, ana)
