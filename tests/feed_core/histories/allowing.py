"""Makers who say what they allow, and members who ask them."""

from datetime import timedelta

from hypothesis import strategies as st

from feed_core.errors import CreationNotFound, NotYours
from feed_core.services import asking, consent, sight
from feed_core.services.asking import LIFETIME, MOST_OPEN, RemixDeclined, TooManyQuestions
from feed_core.services.consent import OnlyRemixAsks
from feed_core.services.remixing import AskFirst
from feed_core.states import CreationState, Permission, ProposalState, Purpose
from feed_core.store import Work
from tests.feed_core.histories.machine import creations, deed, hands, makers, people
from tests.feed_core.histories.making import Making
from tests.feed_core.histories.model import Question, Refused

UNSEEN = (CreationState.CHECKING, CreationState.BLOCKED)
purposes = st.sampled_from([Purpose.REMIX, Purpose.REMIX, Purpose.RECOMMEND, *Purpose])


class Allowing(Making):
    """What makers allow, are asked, and answer."""

    @deed(which=creations, by=hands, purpose=purposes, permission=st.sampled_from(Permission))
    async def answer_for_one(
        self, which: int, by: int | None, purpose: Purpose, permission: Permission
    ) -> None:
        made = self.numbered(which)
        member = self.member(made, by)
        refused: Refused = None
        if permission is Permission.ASK and purpose is not Purpose.REMIX:
            refused = OnlyRemixAsks
        elif made.state in UNSEEN:
            refused = CreationNotFound
        elif made.author != member:
            refused = NotYours
        done = await self.expect(
            refused,
            lambda work: consent.change(
                work,
                creation_id=made.number,
                member_id=member,
                purpose=purpose,
                permission=permission,
            ),
        )
        if done is not None and made.own[purpose] is not permission:
            self.feed.change(made, purpose, permission, self.now)

    @deed(person=makers, purpose=purposes, permission=st.sampled_from(Permission))
    async def answer_for_all(self, person: int, purpose: Purpose, permission: Permission) -> None:
        await self._say(person, purpose, permission)

    @deed(which=creations, person=people)
    async def ask(self, which: int, person: int) -> None:
        """Puts a question where building on something needs one."""
        reader, feed = self.reader(person), self.feed
        asking_first = [it for it in feed.made if feed.remix(it, reader) is AskFirst]
        if not asking_first:
            return
        number = asking_first[which % len(asking_first)]
        known = feed.latest(number, reader.member_id)
        if known and known.state is ProposalState.OPEN and known.expires > self.now:
            again: Question | None = known
        else:
            again = None
        waiting = [
            it
            for it in feed.questions
            if it.asker == reader.member_id
            and it.state is ProposalState.OPEN
            and it.expires > self.now
        ]
        refused: Refused = None
        if known and known.stands(self.now):
            refused = RemixDeclined
        elif not again and len(waiting) >= MOST_OPEN:
            refused = TooManyQuestions

        async def put(work: Work) -> tuple[int, bool]:
            creation = await sight.see(work, number, reader=reader)
            question, new = await asking.ask(work, creation=creation, reader=reader, arguments={})
            return question.id or 0, new

        asked = await self.expect(refused, put)
        if asked is None:
            return
        question_id, new = asked
        assert new is (again is None)
        if again is not None:
            assert question_id == again.number
            return
        if known and known.state is ProposalState.OPEN:
            feed.answer(known, ProposalState.EXPIRED, self.now)
        maker = feed.made[number].author
        expires = self.now + LIFETIME
        feed.questions.append(Question(question_id, number, reader.member_id, maker, expires))

    @deed(which=st.integers(0, 99), yes=st.booleans())
    async def answer_a_question(self, which: int, yes: bool) -> None:
        if not self.feed.questions:
            return
        question = self.feed.questions[which % len(self.feed.questions)]
        async with self.store.work() as work:
            _, counted = await asking.answer(
                work, question_id=question.number, member_id=question.maker, yes=yes
            )
        waits = question.state is ProposalState.OPEN
        late = question.expires <= self.now
        assert counted is (waits and not late)
        if waits:
            said = ProposalState.ACCEPTED if yes else ProposalState.DECLINED
            self.feed.answer(question, ProposalState.EXPIRED if late else said, self.now)

    @deed(by=st.sampled_from([timedelta(days=3), LIFETIME, timedelta(days=31)]))
    async def wait(self, by: timedelta) -> None:
        self.clock.go_on(by)
        async with self.store.work() as work:
            await asking.expire(work)
        for it in self.feed.questions:
            if it.state is ProposalState.OPEN and it.expires <= self.now:
                self.feed.answer(it, ProposalState.EXPIRED, self.now)
