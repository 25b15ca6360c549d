"""Linking gives all of one member to another: whatever refers to a member is accounted for."""

import asyncio
import tempfile
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import Column, func
from sqlmodel import col, select

from feed_core.because import Because
from feed_core.bus import Bus
from feed_core.clock import EVERY_DAY, spread
from feed_core.events import Event, MembersMerged
from feed_core.models.caught_up import CaughtUp
from feed_core.models.consent import ConsentChange, ConsentDefault
from feed_core.models.conversation import Message, Recap
from feed_core.models.creations import Draft
from feed_core.models.curation import Bookmark, Followed, Opinion, Wanted
from feed_core.models.digests import Digest, DigestEntry, DigestSchedule
from feed_core.models.jams import Jam, JamEntry, JamPlayer
from feed_core.models.ledger import ModelCall
from feed_core.models.members import AgentSettings, Identity, LinkTry, Member
from feed_core.models.moderation import Report, Verdict
from feed_core.models.names import NameChange
from feed_core.models.orders import StandingOrder
from feed_core.models.proposals import Proposal, StoredCall
from feed_core.models.reactions import Reaction
from feed_core.services import (
    calls,
    curation,
    digest_claims,
    digest_hours,
    digests,
    drafting,
    invitations,
    link_codes,
    linking,
    members,
    proposals,
    reactions,
    seen,
)
from feed_core.services.calls import Waiting
from feed_core.services.curation import Subject
from feed_core.services.pieces import Piece
from feed_core.services.sight import Reader
from feed_core.states import DigestState, ProposalState, Purpose
from feed_core.store import Store
from tests.fakes.clock import FixedClock
from tests.fakes.community import daily, join, opened
from tests.feed_core.pieces import put, remark
from tests.feed_core.tables import all_tables

pytestmark = pytest.mark.anywhere

MOVED = {*((str(table.__tablename__), column) for table, column in linking.OWNED)} | {
    ("draft", "owner_id"),  # with new numbers
    ("standing_order", "member_id"),  # with new numbers
    ("reaction", "member_id"),  # without doubles
    ("consent_default", "member_id"),  # without doubles
    ("recap", "member_id"),  # without doubles
    ("jam_player", "member_id"),  # without doubles
    ("report", "member_id"),  # without doubles
    ("bookmark", "member_id"),  # without doubles
    ("follow", "member_id"),  # without doubles
    ("mute", "member_id"),  # without doubles
    ("opinion", "member_id"),  # of two the later one
    ("seen", "member_id"),  # both in one record
    ("caught_up", "member_id"),  # of two the earlier one, where both have one
    ("invited", "member_id"),  # where the other has none
    ("digest", "member_id"),  # without two for one hour
    ("digest_schedule", "member_id"),  # where the other has none
    ("digest_settings", "member_id"),  # where the other has none
}
GONE = {
    ("agent_settings", "member_id"),  # the one that stays has an agent
    ("link_code", "member_id"),  # it opens an account that is no more
    ("stored_call", "only_id"),  # it may name drafts and memories by numbers of theirs
}
# By the layer above, in the same transaction; and what undoes the link, which is made by it:
ELSEWHERE = {
    *{("memory", "owner_id"), ("memory_settings", "member_id")},
    *{("link", "keep_id"), ("link", "gone_id")},
}
NOW = datetime(2026, 3, 14, 12, tzinfo=UTC)


def references() -> dict[tuple[str, str], Column[int]]:
    """Every column that holds a member's id."""
    return {
        (table.name, column.name): column
        for table in all_tables().tables.values()
        for column in table.columns
        if any(key.target_fullname == "member.id" for key in column.foreign_keys)
    }


async def merge(store: Store, keep_id: int, gone_id: int) -> None:
    async with store.work() as work:
        await linking.merge(work, keep_id=keep_id, gone_id=gone_id)


async def rows(store: Store, column: Column[int], member_id: int) -> int:
    async with store.read() as view:
        counted = select(func.count()).select_from(column.table).where(column == member_id)
        return (await view.db.exec(counted)).one()


async def furnish(store: Store, member_id: int, other_id: int) -> None:
    """A row of this member in every table that refers to one."""
    creation_id = await put(store, other_id)
    await put(store, member_id)
    async with store.work() as work:
        reader = Reader(member_id)
        await reactions.react(work, creation_id=creation_id, reader=reader)
        await remark(work, creation_id=creation_id, reader=reader, body="oh")
        await curation.save(work, creation_id=creation_id, reader=reader)
        await curation.follow(work, subject=Subject(Followed.TAG, "rain"), reader=reader)
        await curation.mute(work, subject=Subject(Followed.WORD, "spider"), reader=reader)
        await curation.want(work, creation_id=creation_id, reader=reader, wanted=Wanted.MORE)
        await seen.note(work, [creation_id], member_id=member_id)
        await drafting.add(work, owner_id=member_id, piece=Piece("Rain"), recipe={})
        await proposals.propose(work, member_id=member_id, act="like", arguments={})
        await calls.store(work, [Waiting("drop", {"draft": "d1"}, only_id=member_id)])
        await link_codes.offer(work, member_id=member_id)
        await link_codes.note_wrong(work, member_id=member_id)
        await invitations.invite(work, member_id=member_id, people=1, days=1)
        sent = await invitations.invite(work, member_id=other_id, people=5, days=1)
        await invitations.accept(work, sent, member_id=member_id)
        found = await work.db.exec(select(Identity.id).where(Identity.member_id == member_id))
        identity_id = found.one()
        assert identity_id is not None
        await digest_hours.schedule(
            work,
            member_id=member_id,
            times=[time(8)],
            weekdays=EVERY_DAY,
            zone="UTC",
            identity_id=identity_id,
        )
        await digests.set_up(work, member_id, says_empty=True)
        room = await members.room(work, platform="discord", external_id=f"{member_id}", public=True)
        assert room.id is not None
        await digest_hours.schedule_room(
            work,
            room_id=room.id,
            member_id=member_id,
            times=[time(8)],
            weekdays=EVERY_DAY,
            zone="UTC",
        )
        earlier = Member(name="", merged_into_id=member_id, created_at=work.now)
        work.db.add_all(
            [
                earlier,
                ConsentDefault(member_id=member_id, purpose=Purpose.REMIX),
                ConsentChange(member_id=member_id, purpose=Purpose.REMIX, changed_at=work.now),
                Proposal(
                    member_id=other_id,
                    asker_id=member_id,
                    creation_id=creation_id,
                    act="remix",
                    created_at=work.now,
                    expires_at=work.now,
                    state=ProposalState.ACCEPTED,
                ),
                Message(member_id=member_id, place="t", text="hello", created_at=work.now),
                CaughtUp(member_id=member_id, at=work.now),
                StandingOrder(
                    member_id=member_id, number=1, act="paint", zone="UTC", created_at=work.now
                ),
                Recap(member_id=member_id, place="t", text="…", until_id=1, made_at=work.now),
                ModelCall(member_id=member_id, purpose="turn", model="m", at=work.now),
                due(member_id, "2026-03-14T08:00"),
                NameChange(member_id=member_id, name="Juno", created_at=work.now),
                Verdict(
                    thing_id=creation_id,
                    content_hash="",
                    decided_by_id=member_id,
                    decided_at=work.now,
                ),
                Report(
                    member_id=member_id,
                    thing_id=creation_id,
                    content_hash="",
                    reason="rude",
                    created_at=work.now,
                ),
            ]
        )
        room = await members.room(work, platform="discord", external_id="attic", public=True)
        assert room.id is not None
        jam = Jam(
            room_id=room.id,
            starter_id=member_id,
            prompt="rain",
            turn_seconds=60,
            started_at=work.now,
            ends_at=work.now,
        )
        work.db.add(jam)
        await work.db.flush()
        assert jam.id is not None
        work.db.add_all(
            [
                JamPlayer(jam_id=jam.id, member_id=member_id, position=1, joined_at=work.now),
                JamEntry(
                    jam_id=jam.id, number=1, author_id=member_id, title="x", created_at=work.now
                ),
            ]
        )


def due(member_id: int, slot: str, state: DigestState = DigestState.DUE) -> Digest:
    day = date(2026, 3, 14)
    return Digest(member_id=member_id, local_date=day, slot=slot, state=state, due_at=NOW)


def test_every_reference_to_a_member_is_accounted_for() -> None:
    assert set(references()) == MOVED | GONE | ELSEWHERE
    assert not MOVED & GONE


async def test_nothing_refers_to_who_is_gone_and_nothing_is_lost(
    store: Store, told: list[Event]
) -> None:
    keep, _ = await join(store, "Ana")
    gone, _ = await join(store, "Ana on Telegram", platform="telegram")
    await furnish(store, gone, keep)
    columns = {it: column for it, column in references().items() if it not in ELSEWHERE}
    before = {it: await rows(store, column, gone) for it, column in columns.items()}
    had = {it: await rows(store, column, keep) for it, column in columns.items()}
    assert all(before.values()), "a new table wants a row in furnish()"

    await merge(store, keep, gone)

    for it, column in columns.items():
        arrived = 0 if it in GONE else before[it]
        if it == ("member", "merged_into_id"):
            arrived += 1  # who is gone
        assert await rows(store, column, gone) == 0, it
        assert await rows(store, column, keep) == had[it] + arrived, it
    assert told[-1] == MembersMerged(keep, gone)
    async with store.read() as view:
        left = await view.db.get_one(Member, gone)
        assert (left.name, left.merged_into_id) == ("", keep)


async def test_the_one_that_stays_keeps_their_own_agent_and_hours(store: Store) -> None:
    keep, keep_identity = await join(store, "Ana")
    gone, gone_identity = await join(store, "Ana on Telegram")
    await daily(store, keep, keep_identity, times=[time(7)])
    await daily(store, gone, gone_identity, times=[time(19)])
    async with store.work() as work:
        (await work.db.get_one(AgentSettings, keep)).name = "Muse"
        (await work.db.get_one(AgentSettings, gone)).name = "Other"

    await merge(store, keep, gone)

    async with store.read() as view:
        assert (await view.db.get_one(AgentSettings, keep)).name == "Muse"
        schedule = await view.db.get_one(DigestSchedule, keep)
    assert (schedule.times, schedule.identity_id) == (["07:00"], keep_identity)


async def test_hours_that_move_fire_once_a_day(store: Store, clock: FixedClock) -> None:
    """Each member's delay within the minute differs; the hour must not come a second time."""
    for _ in range(6):  # delays that are longer and that are shorter
        keep, _ = await join(store, f"Ana {clock.now()}")
        gone, identity_id = await join(store, f"Ana on Telegram {clock.now()}")
        coming = await daily(store, gone, identity_id, times=[time(7, 30)])
        await merge(store, keep, gone)
        async with store.read() as view:
            moved = await view.db.get_one(DigestSchedule, keep)
        assert moved.next_run_at == coming - spread(gone) + spread(keep)

        for _ in range(3):  # the tick comes at once, and again soon after
            clock.go_to(max(moved.next_run_at, clock.now()))
            async with store.work() as work:
                await digest_claims.claim_due(work)
            clock.go_on(timedelta(seconds=70))

        async with store.read() as view:
            found = await view.db.exec(select(Digest.slot).where(Digest.member_id == keep))
            assert [it[-5:] for it in found] == ["07:30"]


async def test_a_schedule_that_was_switched_off_stays_off(store: Store) -> None:
    keep, _ = await join(store, "Ana")
    gone, identity_id = await join(store, "Ana on Telegram")
    await daily(store, gone, identity_id)
    async with store.work() as work:
        await digest_hours.stop(work, member_id=gone)

    await merge(store, keep, gone)

    async with store.read() as view:
        assert (await view.db.get_one(DigestSchedule, keep)).next_run_at is None


@pytest.mark.parametrize(
    ("theirs", "becomes"),
    [(DigestState.DUE, DigestState.FAILED), (DigestState.COMPOSED, DigestState.COMPOSED)],
)
async def test_digests_for_the_same_hour_become_one_members(
    store: Store, theirs: DigestState, becomes: DigestState
) -> None:
    keep, _ = await join(store, "Ana")
    gone, _ = await join(store, "Ana on Telegram")
    creation_id = await put(store, keep)
    async with store.work() as work:
        both, own = due(keep, "2026-03-14T08:00"), due(gone, "2026-03-14T08:00", theirs)
        work.db.add_all([both, own])
        await work.db.flush()
        assert own.id is not None
        work.db.add(
            DigestEntry(digest_id=own.id, position=1, creation_id=creation_id, reason=Because.FRESH)
        )

    await merge(store, keep, gone)

    async with store.read() as view:
        found = await view.db.exec(
            select(Digest).where(Digest.member_id == keep).order_by(col(Digest.id))
        )
        assert [it.state for it in found] == [DigestState.DUE, becomes]
        assert len(list(await view.db.exec(select(DigestEntry)))) == 1  # shown once is shown


async def test_a_reason_that_names_who_is_gone_names_who_stays(store: Store) -> None:
    keep, _ = await join(store, "Ana")
    gone, _ = await join(store, "Ana on Telegram")
    ben, _ = await join(store, "Ben")
    creation_id = await put(store, gone)
    other = await put(store, ben)
    async with store.work() as work:
        digest = due(ben, "2026-03-14T08:00")
        work.db.add(digest)
        await work.db.flush()
        assert digest.id is not None
        for position, (reason, subject) in enumerate(
            [(Because.MAKER_YOU_LIKE, gone), (Because.REMIX_OF_YOURS, gone)]
        ):
            work.db.add(
                DigestEntry(
                    digest_id=digest.id,
                    position=position,
                    creation_id=creation_id if position else other,
                    reason=reason,
                    reason_subject=subject,
                )
            )

    await merge(store, keep, gone)

    async with store.read() as view:
        entries = list(await view.db.exec(select(DigestEntry).order_by(col(DigestEntry.position))))
    assert [it.reason_subject for it in entries] == [
        keep,
        gone,
    ]  # the second is a creation's number


async def test_what_both_kept_followed_and_muted_is_there_once(
    store: Store, clock: FixedClock
) -> None:
    keep, _ = await join(store, "Ana")
    gone, _ = await join(store, "Ana on Telegram")
    ben, _ = await join(store, "Ben")
    first, second = await put(store, ben), await put(store, ben)
    await put(store, gone)
    await put(store, keep)
    rain, rest = Subject(Followed.TAG, "rain"), Subject(Followed.WORD, "rest")
    for it in (keep, gone):
        async with store.work() as work:
            reader = Reader(it)
            await curation.save(work, creation_id=first, reader=reader, collection="both")
            await curation.follow(work, subject=rain, reader=reader)
            await curation.mute(work, subject=rest, reader=reader)
    async with store.work() as work:
        for it, creation_id, wanted in (
            (keep, first, Wanted.MORE),
            (gone, second, Wanted.LESS),
        ):
            await curation.want(work, creation_id=creation_id, reader=Reader(it), wanted=wanted)
        await curation.save(work, creation_id=first, reader=Reader(gone), collection="theirs")
    clock.go_on(timedelta(minutes=1))
    async with store.work() as work:  # the last word on each
        for it, creation_id in ((gone, first), (keep, second)):
            await curation.want(
                work, creation_id=creation_id, reader=Reader(it), wanted=Wanted.HIDE
            )

    await merge(store, keep, gone)

    async with store.read() as view:
        kept = await view.db.exec(select(Bookmark.member_id, Bookmark.collection))
        assert sorted(map(tuple, kept)) == [(keep, "both"), (keep, "theirs")]
        assert await curation.follows(view, member_id=keep) == [rain]
        assert await curation.mutes(view, member_id=keep) == [rest]
        said = await view.db.exec(select(Opinion.member_id, Opinion.creation_id, Opinion.wanted))
        assert sorted(map(tuple, said)) == [
            (keep, first, Wanted.HIDE),
            (keep, second, Wanted.HIDE),
        ]


async def test_who_followed_the_one_who_is_gone_follows_the_one_who_stays(store: Store) -> None:
    keep, _ = await join(store, "Ana")
    gone, _ = await join(store, "Ana on Telegram")
    ben, _ = await join(store, "Ben")
    cem, _ = await join(store, "Cem")
    for it in (keep, gone):
        await put(store, it)
    new, old = Subject(Followed.MEMBER, str(keep)), Subject(Followed.MEMBER, str(gone))
    async with store.work() as work:
        await curation.follow(work, subject=old, reader=Reader(ben))
        await curation.mute(work, subject=old, reader=Reader(cem))
        await curation.mute(work, subject=new, reader=Reader(cem))
        await curation.follow(work, subject=old, reader=Reader(keep))
        await curation.follow(work, subject=new, reader=Reader(gone))

    await merge(store, keep, gone)

    async with store.read() as view:
        assert await curation.follows(view, member_id=ben) == [new]
        assert await curation.mutes(view, member_id=cem) == [new]
        assert await curation.follows(view, member_id=keep) == []  # nobody follows themselves


async def test_no_button_or_proposal_acts_on_a_draft_that_has_another_number_now(
    store: Store,
) -> None:
    keep, _ = await join(store, "Ana")
    gone, _ = await join(store, "Ana on Telegram")
    async with store.work() as work:
        for owner, title in ((keep, "Keep me"), (gone, "Moved")):
            await drafting.add(work, owner_id=owner, piece=Piece(title), recipe={})
        await calls.store(
            work,
            [
                Waiting("drop", {"draft": "d1"}, only_id=keep),
                Waiting("drop", {"draft": "d1"}, only_id=gone),
                Waiting("feed", {}),
            ],
        )
        await proposals.propose(work, member_id=gone, act="publish", arguments={"draft": "d1"})
        await proposals.propose(work, member_id=keep, act="publish", arguments={"draft": "d1"})

    await merge(store, keep, gone)

    async with store.read() as view:
        buttons = list(await view.db.exec(select(StoredCall.act, StoredCall.only_id)))
        waiting = await view.db.exec(select(Proposal.state).order_by(col(Proposal.id)))
        assert sorted(map(tuple, buttons), key=str) == [("drop", keep), ("feed", None)]
        assert list(waiting) == [ProposalState.EXPIRED, ProposalState.OPEN]


async def test_a_chain_of_links_ends_at_who_stayed(store: Store) -> None:
    first, second, third = [(await join(store, it))[0] for it in ("A", "B", "C")]

    await merge(store, second, third)
    await merge(store, first, second)

    async with store.read() as view:
        into = [(await view.db.get_one(Member, it)).merged_into_id for it in (first, second, third)]
        theirs = list(await view.db.exec(select(Identity.member_id)))
    assert into == [None, first, first]
    assert theirs == [first] * 3


async def test_nobody_is_merged_into_themselves(store: Store) -> None:
    ana, _ = await join(store, "Ana")

    with pytest.raises(ValueError, match="cannot be merged"):
        await merge(store, ana, ana)


async def test_wrong_codes_typed_before_still_count(store: Store) -> None:
    keep, _ = await join(store, "Ana")
    gone, _ = await join(store, "Ana on Telegram")
    async with store.work() as work:
        work.db.add_all(
            LinkTry(member_id=it, tried_at=work.now) for it in (keep, keep, gone, gone, gone)
        )

    await merge(store, keep, gone)

    async with store.read() as view:
        assert await link_codes.locked_minutes(view, member_id=keep) == 15


likes = st.frozensets(st.integers(1, 5))
slots = st.frozensets(st.sampled_from(["T07:30", "T08:00", "now:1", "now:2"]))


@settings(max_examples=10, deadline=None)
@given(
    liked=st.tuples(likes, likes),
    drafted=st.tuples(*[st.integers(0, 3)] * 2),
    had=st.tuples(slots, slots),
)
def test_whatever_both_had_the_one_has_all_of_it_once(
    liked: tuple[frozenset[int], frozenset[int]],
    drafted: tuple[int, ...],
    had: tuple[frozenset[str], frozenset[str]],
) -> None:
    async def check() -> None:
        with tempfile.TemporaryDirectory() as folder:
            store = opened(Path(folder), FixedClock(NOW), Bus())
            try:
                await merged(store, liked, drafted, had)
            finally:
                await store.close()

    asyncio.run(check())


async def merged(
    store: Store,
    liked: tuple[frozenset[int], frozenset[int]],
    drafted: tuple[int, ...],
    had: tuple[frozenset[str], frozenset[str]],
) -> None:
    people = [(await join(store, name))[0] for name in ("Ana", "Ana on Telegram")]
    keep, gone = people
    for _ in range(5):
        await put(store, keep)
    async with store.work() as work:
        for member_id, creations, count, hours in zip(people, liked, drafted, had, strict=True):
            for it in creations:
                await reactions.react(work, creation_id=it, reader=Reader(member_id))
            for number in range(count):
                title = f"{member_id}:{number}"
                await drafting.add(work, owner_id=member_id, piece=Piece(title), recipe={})
            work.db.add_all(due(member_id, it, DigestState.COMPOSED) for it in hours)

    await merge(store, keep, gone)

    async with store.read() as view:
        reacted = await view.db.exec(select(Reaction.creation_id, Reaction.member_id))
        assert sorted(map(tuple, reacted)) == [(it, keep) for it in sorted(liked[0] | liked[1])]
        drafts = list(await view.db.exec(select(Draft).order_by(col(Draft.number))))
        assert [(it.owner_id, it.number, it.title) for it in drafts] == [
            (keep, number, title)
            for number, title in enumerate(
                [
                    f"{member_id}:{n}"
                    for member_id, it in zip(people, drafted, strict=True)
                    for n in range(it)
                ],
                start=1,
            )
        ]
        digest_owners = list(await view.db.exec(select(Digest.member_id)))
        assert digest_owners == [keep] * (len(had[0]) + len(had[1]))
