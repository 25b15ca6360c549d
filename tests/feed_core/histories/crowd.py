"""Members who mute, react, comment and report, and a moderator."""

from hypothesis import strategies as st

from feed_core.errors import CreationNotFound
from feed_core.models.curation import Followed, Wanted
from feed_core.services import (
    cases,
    commenting,
    curation,
    moderation,
    reactions,
    reporting,
)
from feed_core.services.commenting import CommentNotFound, NotYourComment
from feed_core.services.curation import MakerNotFound, OnlyOthers, Subject
from feed_core.services.gate import Decision
from feed_core.services.moderation import AlreadyDecided, Ruling
from feed_core.services.reporting import Brigade, OwnReport
from feed_core.states import (
    CommentState,
    CreationState,
    Outcome,
    RevisionState,
)
from feed_core.store import Work
from tests.feed_core.histories.allowing import Allowing
from tests.feed_core.histories.machine import creations, deed, outcomes, people
from tests.feed_core.histories.model import Made, Refused, Reported, Said

MODERATOR = 3
BRIGADE = Brigade(hold_at=2)
COMMENTED = {Outcome.HOLD: CommentState.HELD, Outcome.BLOCK: CommentState.BLOCKED}


class Community(Allowing):
    """All that members do with what was made."""

    @deed(which=creations, person=people, kind=st.sampled_from(Followed), undo=st.booleans())
    async def mute(self, which: int, person: int, kind: Followed, undo: bool) -> None:
        made, reader = self.numbered(which), self.reader(person)
        value = {
            Followed.MEMBER: str(made.author),
            Followed.THREAD: str(made.number),
            Followed.TAG: "night",
            Followed.WORD: made.words[-1] if self.steps % 2 else made.theme,
        }[kind]
        subject = Subject(kind, value)
        muted = self.feed.mutes.setdefault(reader.member_id, set())
        if undo:
            async with self.store.work() as work:
                known = await curation.unmute(work, subject=subject, member_id=reader.member_id)
            assert known is (subject in muted)
            muted.discard(subject)
            return
        refused: Refused = None
        if kind is Followed.THREAD:
            refused = self.feed.look(made.number, reader)
        elif kind is Followed.MEMBER and made.author == reader.member_id:
            refused = OnlyOthers
        elif kind is Followed.MEMBER and not any(
            it.author == made.author and self.feed.seen(it, reader)
            for it in self.feed.made.values()
        ):
            refused = MakerNotFound
        if await self.expect(
            refused, lambda work: curation.mute(work, subject=subject, reader=reader)
        ):
            muted.add(subject)

    @deed(which=creations, person=people, inside=st.booleans(), wanted=st.sampled_from(Wanted))
    async def want(self, which: int, person: int, inside: bool, wanted: Wanted) -> None:
        reader, number = self.reader(person, inside=inside), self.numbered(which).number
        refused = self.feed.look(number, reader)
        await self.expect(
            refused,
            lambda work: curation.want(work, creation_id=number, reader=reader, wanted=wanted),
        )
        if refused is None and wanted is Wanted.HIDE:
            self.feed.hidden.add((reader.member_id, number))
        elif refused is None:
            self.feed.hidden.discard((reader.member_id, number))

    @deed(which=creations, person=people, inside=st.booleans(), undo=st.booleans())
    async def react(self, which: int, person: int, inside: bool, undo: bool) -> None:
        made, reader = self.numbered(which), self.reader(person, inside=inside)
        if undo:
            async with self.store.work() as work:
                await reactions.unreact(work, creation_id=made.number, member_id=reader.member_id)
            made.likes.discard(reader.member_id)
            return
        if await self.expect(
            self.feed.look(made.number, reader),
            lambda work: reactions.react(work, creation_id=made.number, reader=reader),
        ):
            made.likes.add(reader.member_id)

    @deed(which=creations, person=people, inside=st.booleans(), outcome=outcomes)
    async def comment(self, which: int, person: int, inside: bool, outcome: Outcome) -> None:
        reader, word = self.reader(person, inside=inside), self.word()
        number = self.numbered(which).number
        checked = commenting.content(creation_id=number, author_id=reader.member_id, body=word)
        written = await self.expect(
            self.feed.look(number, reader),
            lambda work: commenting.comment(
                work, reader=reader, checked=checked, decision=Decision(outcome, "word")
            ),
        )
        if written is not None:
            state = COMMENTED.get(outcome, CommentState.PUBLISHED)
            said = Said(written.id or 0, number, reader.member_id, word, self.now, state)
            self.feed.said[said.number] = said

    @deed(which=st.integers(0, 99), person=people)
    async def withdraw_comment(self, which: int, person: int) -> None:
        if not self.feed.said:
            return
        said, reader = list(self.feed.said.values())[which % len(self.feed.said)], None
        reader = self.reader(person)
        about = self.feed.made[said.about]
        known = said.state in (CommentState.PUBLISHED, CommentState.WITHDRAWN)
        mine = reader.member_id == said.author or (known and reader.member_id == about.author)
        refused: Refused = None
        if not mine:
            readable = said.state is CommentState.PUBLISHED and self.feed.seen(about, reader)
            refused = NotYourComment if readable else CommentNotFound
        if await self.expect(
            refused,
            lambda work: commenting.withdraw(work, comment_id=said.number, reader=reader),
        ):
            said.state = CommentState.WITHDRAWN

    @deed(which=creations, person=people)
    async def report(self, which: int, person: int) -> None:
        made, reader = self.numbered(which), self.reader(person, inside=True)
        refused = self.feed.look(made.number, reader)
        if refused is None and made.author == reader.member_id:
            refused = OwnReport
        filed = await self.expect(
            refused,
            lambda work: reporting.of_creation(
                work, creation_id=made.number, reader=reader, reason="rude", brigade=BRIGADE
            ),
        )
        word = made.words[-1]
        if filed is None or any(
            (it.member, it.word) == (reader.member_id, word) for it in made.reports
        ):
            return
        made.reports.append(Reported(reader.member_id, word, self.now))
        if self.feed.lately(made, self.now) >= BRIGADE.hold_at and word not in made.approved:
            made.state = CreationState.HELD

    @deed(which=creations, ruling=st.sampled_from([Ruling.PUBLISH, Ruling.BLOCK]))
    async def decide(self, which: int, ruling: Ruling) -> None:
        made = self.numbered(which)
        number = made.number
        edit, shown = made.held, made.state is CreationState.PUBLISHED
        refused: Refused = None
        if made.state in (CreationState.CHECKING, CreationState.WITHDRAWN):
            refused = CreationNotFound
        elif edit is None and not any(it.open for it in made.reports):
            as_it_is = CreationState.BLOCKED if ruling is Ruling.BLOCK else CreationState.PUBLISHED
            refused = AlreadyDecided if made.state is as_it_is else None

        async def rule(work: Work) -> bool:
            case = await cases.open_creation(work, number)
            await moderation.decide(
                work,
                case=case,
                ruling=ruling,
                why="seen",
                moderator_id=self.members[MODERATOR],
            )
            return True

        if not await self.expect(refused, rule):
            return
        if edit is not None and ruling is Ruling.PUBLISH:
            self.feed.apply(made, edit)
        elif edit is not None:
            edit.state = RevisionState.BLOCKED
        else:
            self._decided(made, ruling, shown=shown)

    def _decided(self, made: Made, ruling: Ruling, *, shown: bool) -> None:
        for it in made.reports:
            it.open = False
        if ruling is Ruling.BLOCK:
            made.state = CreationState.BLOCKED
            return
        made.approved.add(made.words[-1])
        if not shown:
            self.feed.let_out(made, self.now)
