"""Members who publish, edit, show and take back."""

from collections.abc import Sequence

from hypothesis import strategies as st
from hypothesis.stateful import initialize

from feed_core.errors import Blocked, CreationNotFound, CreationWithdrawn, NotYours
from feed_core.services import audience, consent, publishing, revising
from feed_core.services.consent import OnlyRemixAsks
from feed_core.services.gate import Decision
from feed_core.services.pieces import Changes, Piece
from feed_core.services.publishing import RoomNeeded
from feed_core.states import (
    CreationState,
    Outcome,
    Permission,
    Purpose,
    RevisionState,
    Taken,
    Visibility,
)
from tests.feed_core.histories.machine import (
    MAKERS,
    Machine,
    creations,
    deed,
    hands,
    later,
    makers,
    outcomes,
    visibilities,
)
from tests.feed_core.histories.model import Edit, Made, Refused

STOPPED = {Outcome.HOLD: "held", Outcome.BLOCK: "blocked"}


class Making(Machine):
    """What becomes of creations at their makers' hands."""

    @initialize()
    def begin(self) -> None:
        for it in (*MAKERS, *MAKERS):  # two that begin something, then remixes of the last two
            self.runner.run(self._publish(it, list(self.feed.made)[1:][-2:]))
        self.runner.run(self._say(1, Purpose.REMIX, Permission.ASK))
        self.runner.run(self._publish(1, []))

    async def _say(self, person: int, purpose: Purpose, permission: Permission) -> None:
        """A maker's answer for what they make from now on."""
        member = self.members[person]
        asks = permission is Permission.ASK and purpose is not Purpose.REMIX
        changed = await self.expect(
            OnlyRemixAsks if asks else None,
            lambda work: consent.set_default(
                work, member_id=member, purpose=purpose, permission=permission
            ),
        )
        if changed is None:
            return
        before = self.feed.default(member)[purpose]
        assert changed is (before is not permission)
        if changed:
            self.feed.defaults.setdefault(member, {})[purpose] = permission
            self.feed.changes.append((member, None, purpose, before, permission, self.now))

    @deed(
        person=makers,
        sources=st.lists(creations, max_size=3),
        visibility=visibilities,
        inside=st.booleans(),
        outcome=outcomes,
        later=later,
    )
    async def publish(
        self,
        person: int,
        sources: Sequence[int],
        visibility: Visibility,
        inside: bool,
        outcome: Outcome,
        later: bool,
    ) -> None:
        numbers = list(dict.fromkeys(self.numbered(it).number for it in sources))
        await self._publish(person, numbers, visibility, inside, outcome, later)

    async def _publish(
        self,
        person: int,
        sources: Sequence[int],
        visibility: Visibility = Visibility.EVERYONE,
        inside: bool = False,
        outcome: Outcome = Outcome.PASS,
        later: bool = False,
    ) -> None:
        reader = self.reader(person, inside=inside)
        refusals = [self.feed.remix(it, reader) for it in sources]
        refused: Refused = next((it for it in refusals if it), None)
        if visibility is Visibility.ROOM and not inside:
            refused = RoomNeeded
        made = Made(
            number=0,
            author=reader.member_id,
            theme="rain" if self.words % 2 else "fog",
            words=[self.word()],
            tags=(["haiku"], ["Night", "haiku"], [])[self.words % 3],
            visibility=visibility,
            room=reader.room_id,
            own=self.feed.default(reader.member_id),
        )
        piece = Piece(
            made.title, made.body, tags=made.tags, sources=dict.fromkeys(sources, Taken.TEXT)
        )
        creation = await self.expect(
            refused,
            lambda work: publishing.begin(
                work,
                author_id=reader.member_id,
                piece=piece,
                visibility=visibility,
                room_id=reader.room_id,
            ),
        )
        if creation is None:
            return
        made.number = creation.creation_id or 0
        self.feed.add(made, sources)
        if not later:
            await self._settle(made, outcome)

    @deed(which=creations, outcome=outcomes)
    async def settle(self, which: int, outcome: Outcome) -> None:
        await self._settle(self.numbered(which), outcome)

    async def _settle(self, made: Made, outcome: Outcome) -> None:
        """What comes back from a check, once or twice."""
        async with self.store.read() as view:
            checked = await publishing.content(view, made.number)
        async with self.store.work() as work:
            await publishing.settle(
                work, creation_id=made.number, checked=checked, decision=Decision(outcome, "word")
            )
        if made.state is CreationState.CHECKING:
            if outcome is Outcome.PASS:
                self.feed.let_out(made, self.now)
            else:
                made.state = CreationState(STOPPED[outcome])

    @deed(which=creations, by=hands, outcome=outcomes, later=later)
    async def edit(self, which: int, by: int | None, outcome: Outcome, later: bool) -> None:
        made, word = self.numbered(which), self.word()
        member = self.member(made, by)
        revision = await self.expect(
            self._not_their_own(made, member),
            lambda work: revising.begin(
                work,
                creation_id=made.number,
                member_id=member,
                changes=Changes(title=f"{made.theme} {word}"),
                steps=[],
            ),
        )
        if revision is None:
            return
        for it in made.edits:
            if it.state in (RevisionState.CHECKING, RevisionState.HELD):
                it.state = RevisionState.DROPPED
        made.edits.append(Edit(revision.id or 0, word))
        if not later:
            await self._check(made, outcome)

    @deed(which=creations, outcome=outcomes)
    async def settle_edit(self, which: int, outcome: Outcome) -> None:
        await self._check(self.numbered(which), outcome)

    async def _check(self, made: Made, outcome: Outcome) -> None:
        """What comes back from a check of the last edit, once or twice."""
        if not made.edits:
            return
        edit = made.edits[-1]
        async with self.store.read() as view:
            checked = await revising.content(view, edit.number)
        async with self.store.work() as work:
            await revising.settle(
                work, revision_id=edit.number, checked=checked, decision=Decision(outcome, "word")
            )
        if edit.state is RevisionState.CHECKING:
            if outcome is Outcome.PASS:
                self.feed.apply(made, edit)
            else:
                edit.state = RevisionState(STOPPED[outcome])

    @deed(which=creations, by=hands)
    async def withdraw(self, which: int, by: int | None) -> None:
        made = self.numbered(which)
        member = self.member(made, by)
        refused: Refused = None
        if made.state is CreationState.CHECKING:
            refused = CreationNotFound
        elif made.author != member:
            refused = NotYours
        done = await self.expect(
            refused,
            lambda work: publishing.withdraw(work, creation_id=made.number, member_id=member),
        )
        if done is not None and made.state is not CreationState.WITHDRAWN:
            self.feed.withdraw(made, self.now)

    @deed(
        which=creations,
        by=hands,
        visibility=st.sampled_from(Visibility),
        inside=st.booleans(),
        outcome=outcomes,
    )
    async def show_to(
        self, which: int, by: int | None, visibility: Visibility, inside: bool, outcome: Outcome
    ) -> None:
        made = self.numbered(which)
        member = self.member(made, by)
        room_id = (self.room if inside else None) or made.room
        wider = made.visibility is Visibility.ONLY_ME is not visibility
        refused = self._not_their_own(made, member)
        if refused is None and visibility is Visibility.ROOM and room_id is None:
            refused = RoomNeeded
        elif refused is None and wider and outcome is Outcome.BLOCK:
            refused = Blocked
        async with self.store.read() as view:
            checked = await publishing.content(view, made.number)
        done = await self.expect(
            refused,
            lambda work: audience.show_to(
                work,
                creation_id=made.number,
                member_id=member,
                visibility=visibility,
                room_id=self.room if inside else None,
                checked=checked,
                decision=Decision(outcome, "word"),
            ),
        )
        if done is None:
            return
        made.visibility, made.room = visibility, room_id
        if wider and outcome is Outcome.HOLD:
            made.state = CreationState.HELD

    def _not_their_own(self, made: Made, member: int) -> Refused:
        """What somebody is told who changes it; None where it is published and theirs."""
        if made.state is CreationState.WITHDRAWN and made.author == member:
            return CreationWithdrawn
        if made.state is not CreationState.PUBLISHED:
            return CreationNotFound
        return None if made.author == member else NotYours
