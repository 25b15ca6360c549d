"""Jams: turns, ends, and a chain that is published once, wherever it was stopped."""

from collections.abc import AsyncIterator
from datetime import timedelta

import pytest
from sqlmodel import col, select

from feed_core import worker
from feed_core.errors import EmptyText, TextTooLong
from feed_core.models.creations import Creation, Edge
from feed_core.models.deliveries import Delivery
from feed_core.models.jams import Jam, JamEntryState, JamState
from feed_core.services import (
    consent,
    jam_endings,
    jam_turns,
    jams,
    lineage,
    linking,
    members,
    publishing,
)
from feed_core.services.gate import Check, Content, Decision
from feed_core.services.jam_turns import Chain, NoJam
from feed_core.services.jams import (
    BadJamTime,
    JamRunning,
    NotInJam,
    NotYourJam,
    NotYourTurn,
)
from feed_core.services.pieces import Piece
from feed_core.states import DeliveryKind, Outcome, Permission, Purpose, Visibility
from feed_core.store import Store
from tests.fakes.clock import FixedClock
from tests.fakes.community import Pass, join

pytestmark = pytest.mark.anywhere

MINUTE = timedelta(minutes=1)


class Killed(BaseException):
    """As if the process had been killed."""


class Stops:
    """A gate that stops some titles, and is killed once at others."""

    def __init__(self, *stopped: str, killed_at: str = "") -> None:
        self.stopped, self.killed_at = stopped, killed_at

    async def decide(self, content: Content) -> Decision:
        if content.title == self.killed_at:
            self.killed_at = ""
            raise Killed
        if content.title in self.stopped:
            return Decision(Outcome.BLOCK, rule="word")
        return Decision(Outcome.PASS)


class Table:
    """A room with Ana, Ben and Cleo."""

    def __init__(self, store: Store, clock: FixedClock, room_id: int, people: list[int]) -> None:
        self.store, self.clock, self.room_id = store, clock, room_id
        self.ana, self.ben, self.cleo = people

    async def start(self, minutes: int = 10, prompt: str = "rain") -> Jam:
        async with self.store.work() as work:
            return await jams.start(
                work, room_id=self.room_id, member_id=self.ana, prompt=prompt, minutes=minutes
            )

    async def join(self, *people: int) -> None:
        for it in people:
            async with self.store.work() as work:
                await jams.join(work, room_id=self.room_id, member_id=it)

    async def add(self, member_id: int, title: str, body: str = "") -> Chain:
        async with self.store.work() as work:
            chain, _ = await jams.add(
                work, room_id=self.room_id, member_id=member_id, piece=Piece(title, body)
            )
            return chain

    async def pass_on(self, member_id: int) -> None:
        async with self.store.work() as work:
            await jams.pass_on(work, room_id=self.room_id, member_id=member_id)

    async def leave(self, member_id: int, *, entries: bool = False) -> Chain:
        async with self.store.work() as work:
            return await jams.leave(
                work, room_id=self.room_id, member_id=member_id, entries=entries
            )

    async def end(self, member_id: int) -> None:
        async with self.store.work() as work:
            await jams.end(work, room_id=self.room_id, member_id=member_id)

    async def chain(self) -> Chain:
        async with self.store.read() as view:
            return await jam_turns.latest(view, room_id=self.room_id)

    async def turn(self) -> int | None:
        player = (await self.chain()).turn
        return player.member_id if player else None

    async def tick(self, gate: Check | None = None) -> None:
        await worker.move_on(self.store, gate or Pass())

    async def published(self) -> list[Creation]:
        chain = await self.chain()
        assert chain.jam.id is not None
        async with self.store.read() as view:
            return await jam_endings.published(view, jam_id=chain.jam.id)

    async def edges(self) -> list[tuple[int, int]]:
        async with self.store.read() as view:
            found = await view.db.exec(select(Edge).order_by(col(Edge.child_id)))
            return [(it.parent_id, it.child_id) for it in found]

    async def owed(self, kind: DeliveryKind) -> list[Delivery]:
        async with self.store.read() as view:
            return list(await view.db.exec(select(Delivery).where(Delivery.kind == kind)))


@pytest.fixture
async def table(store: Store, clock: FixedClock) -> AsyncIterator[Table]:
    people = [(await join(store, name))[0] for name in ("Ana", "Ben", "Cleo")]
    async with store.work() as work:
        room = await members.room(work, platform="recording", external_id="attic", public=True)
    assert room.id is not None
    yield Table(store, clock, room.id, people)


async def test_turns_go_round_in_the_order_of_joining(table: Table) -> None:
    await table.start()
    await table.join(table.ben, table.cleo)

    order = []
    for number in range(4):
        player = await table.turn()
        assert player is not None
        order.append(player)
        await table.add(player, f"line {number}")

    assert order == [table.ana, table.ben, table.cleo, table.ana]
    with pytest.raises(NotYourTurn):
        await table.add(table.ana, "me again")
    with pytest.raises(NotYourTurn):
        await table.pass_on(table.cleo)


@pytest.mark.once
async def test_who_does_not_play_adds_nothing(table: Table) -> None:
    with pytest.raises(NoJam):
        await table.add(table.ben, "too early")
    await table.start()

    for attempt in (table.add(table.ben, "x"), table.pass_on(table.ben), table.leave(table.ben)):
        with pytest.raises(NotInJam):
            await attempt


@pytest.mark.once
async def test_a_room_has_one_jam_at_a_time_and_others_have_theirs(table: Table) -> None:
    await table.start()
    with pytest.raises(JamRunning):
        await table.start()
    await table.end(table.ana)
    with pytest.raises(JamRunning):  # it is still being published
        await table.start()
    await table.tick()

    await table.start()

    async with table.store.work() as work:
        other = await members.room(work, platform="recording", external_id="loft", public=True)
        assert other.id is not None
        await jams.start(work, room_id=other.id, member_id=table.ben, prompt="x", minutes=1)


@pytest.mark.parametrize("minutes", [0, -5, 10_081, 10**12])
@pytest.mark.once
async def test_a_jam_lasts_a_minute_to_a_week(table: Table, minutes: int) -> None:
    with pytest.raises(BadJamTime):
        await table.start(minutes)
    with pytest.raises(NoJam):
        await table.chain()


@pytest.mark.parametrize("prompt", ["", " \n", "\u200b\u202e"])
@pytest.mark.once
async def test_a_jam_needs_a_prompt_that_can_be_read(table: Table, prompt: str) -> None:
    with pytest.raises(EmptyText):
        await table.start(prompt=prompt)
    with pytest.raises(TextTooLong):
        await table.start(prompt="x" * 100_000)


@pytest.mark.once
async def test_an_entry_that_cannot_be_shown_changes_nothing(table: Table) -> None:
    await table.start()

    with pytest.raises(EmptyText):
        await table.add(table.ana, "\u200b")
    with pytest.raises(TextTooLong):
        await table.add(table.ana, "x", "y" * 100_000)

    assert (await table.chain()).entries == []
    assert await table.turn() == table.ana


@pytest.mark.once
async def test_a_turn_that_runs_out_goes_to_the_next_and_the_room_is_told(table: Table) -> None:
    await table.start(minutes=60)
    await table.join(table.ben)
    table.clock.go_on(6 * MINUTE)

    await table.tick()
    await table.tick()

    assert await table.turn() == table.ben
    [told] = await table.owed(DeliveryKind.JAM_TURN)
    assert told.room_id == table.room_id


@pytest.mark.once
async def test_a_round_in_silence_opens_the_jam_to_all_players_and_tells_no_more(
    table: Table,
) -> None:
    await table.start(minutes=60)
    await table.join(table.ben)
    for _ in range(5):
        table.clock.go_on(6 * MINUTE)
        await table.tick()

    assert await table.turn() is None
    assert len(await table.owed(DeliveryKind.JAM_TURN)) == 2
    await table.add(table.ben, "hello")
    assert await table.turn() == table.ana


async def test_who_acts_before_the_tick_finds_what_ran_out_moved_on(table: Table) -> None:
    await table.start(minutes=60)
    await table.join(table.ben)
    table.clock.go_on(6 * MINUTE)

    with pytest.raises(NotYourTurn):
        await table.add(table.ana, "too late")
    await table.add(table.ben, "in time")
    table.clock.go_on(60 * MINUTE)
    with pytest.raises(NoJam):
        await table.add(table.ana, "over")


async def test_passing_hands_the_turn_on_and_all_passing_opens_it(table: Table) -> None:
    await table.start()
    await table.join(table.ben)
    await table.pass_on(table.ana)
    assert await table.turn() == table.ben
    await table.pass_on(table.ben)
    assert await table.turn() is None


@pytest.mark.once
async def test_one_player_plays_alone(table: Table) -> None:
    await table.start()
    for number in range(3):
        await table.add(table.ana, f"line {number}")
    await table.end(table.ana)
    await table.tick()

    assert await table.edges() == [(1, 2), (2, 3)]


async def test_at_the_end_each_entry_is_made_from_the_one_before(table: Table) -> None:
    await table.start()
    await table.join(table.ben)
    await table.add(table.ana, "one", "first words")
    await table.add(table.ben, "two")
    await table.add(table.ana, "three")
    table.clock.go_on(10 * MINUTE)

    await table.tick()
    await table.tick()

    made = await table.published()
    assert [(it.title, it.author_id) for it in made] == [
        ("one", table.ana),
        ("two", table.ben),
        ("three", table.ana),
    ]
    assert made[0].body == "first words"
    assert await table.edges() == [(1, 2), (2, 3)]
    chain = await table.chain()
    assert chain.jam.state is JamState.ENDED
    assert [(it.title, it.body) for it in chain.entries] == [("", "")] * 3
    [told] = await table.owed(DeliveryKind.JAM_ENDED)
    assert told.room_id == table.room_id


@pytest.mark.once
async def test_a_jam_to_which_nobody_added_ends_with_nothing(table: Table) -> None:
    await table.start()
    table.clock.go_on(timedelta(days=30))
    await table.tick()

    assert await table.published() == []
    assert (await table.chain()).jam.state is JamState.ENDED
    assert len(await table.owed(DeliveryKind.JAM_ENDED)) == 1


async def test_an_entry_that_the_gate_stops_is_left_out_and_its_author_told(table: Table) -> None:
    await table.start()
    await table.join(table.ben)
    await table.add(table.ana, "one")
    await table.add(table.ben, "bad")
    await table.add(table.ana, "three")
    await table.end(table.ana)

    await table.tick(Stops("bad"))

    assert [it.title for it in await table.published()] == ["one", "three"]
    assert await table.edges() == [(1, 2), (1, 3)]  # nobody ever sees #2
    [told] = await table.owed(DeliveryKind.JAM_SKIPPED)
    states = [it.state for it in (await table.chain()).entries]
    assert states == [
        JamEntryState.PUBLISHED,
        JamEntryState.SKIPPED,
        JamEntryState.PUBLISHED,
    ]
    async with table.store.read() as view:
        assert told.identity_id is not None
        account = await members.private_account(view, table.ben)
        assert account is not None
        assert account.id == told.identity_id


@pytest.mark.parametrize("killed_at", ["one", "two", "three"])
async def test_a_stop_in_the_middle_of_publishing_loses_and_doubles_nothing(
    table: Table, killed_at: str
) -> None:
    await table.start()
    await table.join(table.ben)
    for member_id, title in ((table.ana, "one"), (table.ben, "two"), (table.ana, "three")):
        await table.add(member_id, title)
    await table.end(table.ana)
    gate = Stops(killed_at=killed_at)

    with pytest.raises(Killed):
        await table.tick(gate)
    await worker.check_stuck(table.store, Pass())  # house-keeping may come first
    await table.tick(gate)

    assert [it.title for it in await table.published()] == ["one", "two", "three"]
    assert await table.edges() == [(1, 2), (2, 3)]
    assert len(await table.owed(DeliveryKind.JAM_ENDED)) == 1
    async with table.store.read() as view:
        assert len(list(await view.db.exec(select(Creation)))) == 3


async def test_a_stop_between_two_steps_loses_and_doubles_nothing(table: Table) -> None:
    chain = await table.start()
    assert chain.id is not None
    await table.add(table.ana, "one")
    await table.add(table.ana, "two")
    await table.end(table.ana)
    async with table.store.work() as work:
        first = await jam_endings.begin_next(work, jam_id=chain.id)
    async with table.store.work() as work:
        assert await jam_endings.begin_next(work, jam_id=chain.id) == first
    assert first is not None
    await worker.check(table.store, Pass(), first)

    await table.tick()

    assert [it.title for it in await table.published()] == ["one", "two"]
    assert await table.edges() == [(1, 2)]


async def test_who_leaves_is_passed_over_and_what_they_added_stays(table: Table) -> None:
    await table.start()
    await table.join(table.ben, table.cleo)
    await table.add(table.ana, "one")
    await table.add(table.ben, "two")
    await table.leave(table.cleo)
    assert await table.turn() == table.ana
    await table.leave(table.ben)
    await table.add(table.ana, "three")
    assert await table.turn() == table.ana
    await table.join(table.ben)
    await table.add(table.ana, "four")
    assert await table.turn() == table.ben

    await table.end(table.ana)
    await table.tick()

    assert [it.title for it in await table.published()] == ["one", "two", "three", "four"]


async def test_who_takes_their_entries_back_leaves_a_chain_without_them(table: Table) -> None:
    await table.start()
    await table.join(table.ben)
    await table.add(table.ana, "one")
    await table.add(table.ben, "two")
    await table.add(table.ana, "three")

    chain = await table.leave(table.ben, entries=True)

    assert [it.title for it in chain.standing] == ["one", "three"]
    assert [it.title for it in chain.entries] == ["one", "", "three"]
    await table.end(table.ana)
    await table.tick()
    assert await table.edges() == [(1, 2)]
    assert await table.owed(DeliveryKind.JAM_SKIPPED) == []


@pytest.mark.once
async def test_a_jam_ends_when_its_last_player_leaves(table: Table) -> None:
    await table.start()
    await table.add(table.ana, "one")
    await table.leave(table.ana)
    with pytest.raises(NoJam):
        await table.join(table.ben)

    await table.tick()

    assert [it.title for it in await table.published()] == ["one"]


@pytest.mark.once
async def test_only_the_starter_ends_a_jam_early_unless_they_left(table: Table) -> None:
    await table.start()
    await table.join(table.ben)
    for it in (table.ben, table.cleo):
        with pytest.raises(NotYourJam):
            await table.end(it)
    await table.leave(table.ana)
    with pytest.raises(NotYourJam):
        await table.end(table.cleo)

    await table.end(table.ben)

    assert (await table.chain()).jam.state is JamState.PUBLISHING


@pytest.mark.once
async def test_a_chain_ends_at_what_a_picture_holds(
    table: Table, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert jams.MOST_ENTRIES == lineage.MOST
    monkeypatch.setattr(jams, "MOST_ENTRIES", 3)
    await table.start(minutes=10_000)
    for number in range(3):
        chain = await table.add(table.ana, str(number))

    assert chain.jam.state is JamState.PUBLISHING


@pytest.mark.once
async def test_players_build_on_each_other_whatever_their_consent_and_the_strictest_holds_after(
    table: Table,
) -> None:
    async with table.store.work() as work:
        await consent.set_default(
            work, member_id=table.ben, purpose=Purpose.REMIX, permission=Permission.NO
        )
    await table.start()
    await table.join(table.ben)
    for member_id, title in ((table.ana, "one"), (table.ben, "two"), (table.ana, "three")):
        await table.add(member_id, title)
    await table.end(table.ana)
    await table.tick()

    made = await table.published()
    assert [it.consent_remix for it in made] == [Permission.YES, Permission.NO, Permission.NO]


async def test_a_jam_in_a_closed_room_stays_there(table: Table) -> None:
    async with table.store.work() as work:
        await members.room(work, platform="recording", external_id="attic", public=False)
    await table.start()
    await table.add(table.ana, "one")
    await table.end(table.ana)
    await table.tick()

    [made] = await table.published()
    assert (made.visibility, made.room_id) == (Visibility.ROOM, table.room_id)


async def test_a_creation_taken_back_while_the_rest_is_published_keeps_its_place(
    table: Table,
) -> None:
    await table.start()
    await table.add(table.ana, "one")
    await table.add(table.ana, "two")
    await table.end(table.ana)
    gate = Stops(killed_at="two")
    with pytest.raises(Killed):
        await table.tick(gate)
    async with table.store.work() as work:
        await publishing.withdraw(work, creation_id=1, member_id=table.ana)

    await table.tick(gate)

    assert await table.edges() == [(1, 2)]


@pytest.mark.once
async def test_two_accounts_that_become_one_play_once(table: Table) -> None:
    await table.start()
    await table.join(table.ben)
    await table.add(table.ana, "one")
    async with table.store.work() as work:
        await linking.merge(work, keep_id=table.ana, gone_id=table.ben)

    await table.add(table.ana, "two")  # it was Ben's turn, and Ben is Ana

    chain = await table.chain()
    assert [it.member_id for it in chain.players] == [table.ana]
    assert await table.turn() == table.ana
