from datetime import timedelta

import pytest
from sqlmodel import col, select

from feed_core.because import Because
from feed_core.models.creations import Creation
from feed_core.models.curation import Followed, Wanted
from feed_core.models.digests import Digest, Section
from feed_core.models.reactions import Comment
from feed_core.services import curation, digest_showing, digests, proposals
from feed_core.services.curation import Subject
from feed_core.services.digest_choice import Chosen
from feed_core.services.digest_showing import Showing
from feed_core.services.reasons import Reason
from feed_core.services.sight import Reader
from feed_core.states import CreationState, DigestState, Permission, Visibility
from feed_core.store import Store
from tests.fakes.clock import FixedClock
from tests.fakes.community import join, publish

pytestmark = pytest.mark.anywhere

HOUR = timedelta(hours=1)


def told(it: Showing) -> tuple[object, ...]:
    """All that is shown, in values that can be compared."""
    entries = [
        (one.number, one.creation.title, one.reason, one.news, one.comment and one.comment.body)
        for one in it.entries
    ]
    asks = [one.id for one in (*it.agents.proposals, *it.agents.questions)]
    names = {one.creation.author_id: it.names[one.creation.author_id] for one in it.entries}
    about = it.digest.id, it.name, it.zone, it.hours_in, it.cover
    return (*about, it.lost and it.lost.id, entries, asks, it.agents.waiting, names)


async def test_of_many_digests_together_each_shows_what_it_shows_alone(
    store: Store, clock: FixedClock
) -> None:
    """Each reader keeps something else away, and one is asked something."""
    ben, _ = await join(store, "Ben")
    readers = [await join(store, f"Reader {it}") for it in range(6)]
    titles = ("Rain", "Moth", "Spider", "Kettle", "Lamp", "Otter", "Heron")
    made = [await publish(store, ben, title) for title in titles]
    own = [await publish(store, member_id, "Own") for member_id, _ in readers]
    since = clock.now()
    clock.go_on(HOUR)
    (first, _), (second, _), (third, _), (fourth, _), *_ = readers
    muted = [(first, Followed.WORD, "spider"), (second, Followed.MEMBER, ben)]
    muted += [(third, Followed.THREAD, made[0]), (fourth, Followed.WORD, "loud")]
    async with store.work() as work:
        for member_id, kind, value in muted:
            await curation.mute(work, subject=Subject(kind, str(value)), reader=Reader(member_id))
        reader = Reader(third)
        await curation.want(work, creation_id=made[1], reader=reader, wanted=Wanted.HIDE)
        said = Comment(creation_id=own[3], author_id=ben, body="too loud", created_at=work.now)
        work.db.add(said)
        await proposals.propose(work, member_id=first, act="publish", arguments={})
        await digests.set_up(work, second, cover=True)
        gone = await work.db.get_one(Creation, made[4])
        gone.state = CreationState.WITHDRAWN
        (await work.db.get_one(Creation, made[5])).consent_recommend = Permission.NO
        (await work.db.get_one(Creation, made[6])).visibility = Visibility.ROOM
    numbers = []
    async with store.work() as work:
        for (member_id, account), mine in zip(readers, own, strict=True):
            digest = Digest(
                member_id=member_id,
                local_date=work.now.date(),
                slot="2026-11-22T07:30",
                identity_id=account,
                due_at=work.now,
                state=DigestState.DUE,
            )
            work.db.add(digest)
            await work.db.flush()
            assert digest.id is not None and said.id is not None
            chosen = [Chosen(Section.FOR_YOU, it, Reason(Because.FRESH)) for it in made]
            chosen += [Chosen(Section.THREADS, made[0], Reason(Because.TALKED_ABOUT))]
            chosen += [Chosen(Section.ANSWERS, mine, Reason(Because.TALKED_ABOUT), said.id)]
            await digests.compose(work, digest.id, chosen)
            numbers.append(digest.id)
    async with store.work() as work:
        for row in await work.db.exec(select(Digest).where(col(Digest.id).in_(numbers))):
            row.since = since
        later = work.now + HOUR
        work.db.add(Comment(creation_id=made[0], author_id=ben, body="late", created_at=later))

    async with store.read() as view:
        together = await digest_showing.many(view, numbers)
        alone = [
            await digest_showing.one(
                view, await digests.get(view, it), await digests.entries(view, it)
            )
            for it in numbers
        ]

    assert [told(together[it]) for it in numbers] == [told(it) for it in alone]
    assert len({str(told(it)[6]) for it in alone}) > 3  # they do differ
    assert alone[0].agents.proposals and alone[1].cover
